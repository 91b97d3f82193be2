// What finding out where tokens came from costs: the same history with no token, one, a hundred and three hundred.
//
//   node bench/attribution.ts [--rounds 3]

import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readArguments } from "./support/arguments.ts";
import { printHeader, printLoad, printTargets, printTimes } from "./support/print.ts";
import { type Contestant, runInTurns } from "./support/run.ts";
import { keyrecall, requireTool } from "./support/tools.ts";

const COMMITS = 20_000;
const FILES = 400;
const MERGE_EVERY = 50;
const COUNTS = [0, 1, 100, 300];

const { rounds, limitMs } = readArguments({ rounds: 3, limitSeconds: 900 });
const git = requireTool("git", ["--version"]);
const directory = mkdtempSync(path.join(tmpdir(), "keyrecall-bench-"));

/** Each token is put into a file of its own, and taken out some commits later; there is a merge now and then. */
function historyWith(tokens: number): string {
  const lines: string[] = [];
  const step = tokens === 0 ? Infinity : Math.floor(COMMITS / tokens);
  for (let commit = 1; commit <= COMMITS; commit++) {
    const token = Math.floor((commit - 1) / step);
    const phase = (commit - 1) % step;
    let file = `d${commit % 40}/f${commit % FILES}.txt`;
    let text = `clean ${commit}\n`;
    if (token < tokens && phase < 20 && phase % 10 === 0) {
      file = `deploy/${token}.env`;
      text =
        phase === 0 ? `KEY=ik_sdk_${randomBytes(4).toString("hex")}_${randomBytes(32).toString("hex")}\n` : "KEY=\n";
    }
    lines.push(`commit refs/heads/main`, `mark :${commit}`);
    lines.push(`committer Ada Example <ada@example.org> ${1_700_000_000 + commit} +0000`, "data 1", "m");
    if (commit > MERGE_EVERY && commit % MERGE_EVERY === 0) lines.push(`merge :${commit - 10}`);
    lines.push(`M 100644 inline ${file}`, `data ${text.length}`, text);
  }
  return `${lines.join("\n")}\n`;
}

function makeRepository(tokens: number): string {
  const repository = path.join(directory, `${tokens}.git`);
  for (const [args, input] of [
    [["init", "-q", "--bare", repository], ""],
    [["-C", repository, "fast-import", "--quiet"], historyWith(tokens)],
  ] as const) {
    const { status, stderr } = spawnSync(git.file, args, { input });
    if (status !== 0) throw new Error(stderr.toString());
  }
  return repository;
}

const nameOf = (tokens: number): string => `${tokens} tokens`;

try {
  const contestants = COUNTS.map((tokens): Contestant => ({
    name: nameOf(tokens),
    command: [process.execPath, keyrecall, "scan", "--history", "--no-cache", makeRepository(tokens)],
    exitCodes: [0, 1],
  }));
  printHeader("Attribution", [git]);
  const results = runInTurns(contestants, { rounds, limitMs, directory });
  printTimes(results, nameOf(1));
  printTargets(results, [{ subject: nameOf(100), reference: nameOf(1), is: "at most", limit: 2 }]);
  printLoad("after");
} finally {
  rmSync(directory, { recursive: true, force: true });
}
