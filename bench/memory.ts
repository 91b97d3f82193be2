// How much memory a scan of one very large file takes: in a tree, on standard input, as a blob in history.
//
//   node bench/memory.ts [--rounds 1]
//
// It writes up to 2 GB at a time into the directory for temporary files (TMPDIR) and removes them again. Linux only: the
// peak of a process is `VmHWM` in /proc, which the kernel keeps.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readArguments } from "./support/arguments.ts";
import { LargeFileRepository } from "./support/large-file-repository.ts";
import { ordinaryText, oneLine, writeText } from "./support/large-text.ts";
import { peakMemory, type ProcessPeak } from "./support/memory.ts";
import { printHeader, printLoad } from "./support/print.ts";
import { keyrecall, requireTool } from "./support/tools.ts";

const GIGABYTE = 1e9;
const LIMIT_MB = 300;

const { rounds } = readArguments({ rounds: 1 });
const directory = mkdtempSync(path.join(tmpdir(), "keyrecall-bench-"));
try {
  printHeader("Memory", [
    { name: "node", file: process.execPath, version: process.version },
    requireTool("git", ["--version"]),
  ]);
  console.log("\n| | process | peak | wanted |");
  console.log("| --- | --- | --: | --- |");
  await measureFile("tree, one file of 2 GB", ordinaryText);
  await measureFile("tree, one line of 2 GB", oneLine);
  await measureInput("standard input, 2 GB", ordinaryText);
  await measureInput("standard input, one line of 2 GB", oneLine);
  await measureHistory("history, one blob of 1 GB", GIGABYTE, (repository) => repository.removeFile());
  await measureHistory("history, 300 MB in two versions, one a delta", 0.3 * GIGABYTE, (repository) => {
    repository.changeFile();
    repository.repack();
  });
  console.log("");
  printLoad("after");
} finally {
  rmSync(directory, { recursive: true });
}

async function measureFile(what: string, text: () => Iterable<Buffer>): Promise<void> {
  const tree = mkdtempSync(path.join(directory, "tree-"));
  writeText(path.join(tree, "large.txt"), text(), 2 * GIGABYTE);
  await measure(what, () => peakMemory([process.execPath, keyrecall, "scan", tree], { directory: tree }));
  rmSync(tree, { recursive: true });
}

async function measureInput(what: string, text: () => Iterable<Buffer>): Promise<void> {
  const command = [process.execPath, keyrecall, "scan", "--stdin"] as const;
  await measure(what, () => peakMemory(command, { directory, input: { text: text(), bytes: 2 * GIGABYTE } }));
}

async function measureHistory(
  what: string,
  bytes: number,
  prepare: (repository: LargeFileRepository) => void,
): Promise<void> {
  const folder = mkdtempSync(path.join(directory, "history-"));
  prepare(new LargeFileRepository(folder, bytes));
  await measure(what, () => peakMemory([process.execPath, keyrecall, "scan", "--history"], { directory: folder }));
  rmSync(folder, { recursive: true });
}

/** The largest peak of all rounds, for each program that took part. */
async function measure(what: string, run: () => Promise<ProcessPeak[]>): Promise<void> {
  const peaks = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    for (const { program, megabytes } of await run()) {
      peaks.set(program, Math.max(peaks.get(program) ?? 0, megabytes));
    }
  }
  for (const [program, megabytes] of peaks) {
    const verdict = `${megabytes < LIMIT_MB ? "met" : "MISSED"}: below ${LIMIT_MB} MB`;
    console.log(`| ${what} | ${program} | ${megabytes.toFixed(0)} MB | ${verdict} |`);
  }
}
