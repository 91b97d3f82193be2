/** The peak memory of a program and of those that it starts, read from /proc while they run. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { takeBytes } from "./large-text.ts";

export interface ProcessPeak {
  /** Such as `node`, `git cat-file`. */
  readonly program: string;
  readonly megabytes: number;
}

export interface MemoryOptions {
  readonly directory: string;
  /** Exit codes that mean that the work was done. */
  readonly exitCodes?: readonly number[];
  /** Written to standard input as fast as it is taken. */
  readonly input?: { readonly text: Iterable<Buffer>; readonly bytes: number };
}

/** The kernel keeps the peak itself, so only what happens in the last moments of a process can be missed. */
const POLL_MS = 20;

/** @throws where the program ends with an exit code that it should not */
export async function peakMemory(
  [file, ...args]: readonly [string, ...string[]],
  { directory, input, exitCodes = [0] }: MemoryOptions,
): Promise<ProcessPeak[]> {
  const stdin = input === undefined ? "ignore" : "pipe";
  const child = spawn(file, args, { cwd: directory, stdio: [stdin, "ignore", "inherit"] });
  const end = endOf(child, exitCodes);
  const watched = { isRunning: true };
  void end.finally(() => (watched.isRunning = false)).catch(() => {});
  const peaks = new Map<string, number>();
  const feeding = input === undefined ? Promise.resolve() : feed(child, takeBytes(input.text, input.bytes));
  while (watched.isRunning) {
    readPeaks(child.pid!, peaks);
    await wait(POLL_MS);
  }
  await feeding;
  await end;
  return [...peaks].map(([program, kilobytes]) => ({ program, megabytes: (kilobytes * 1024) / 1e6 }));
}

function endOf(child: ChildProcess, exitCodes: readonly number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status, signal) => {
      if (status !== null && exitCodes.includes(status)) resolve();
      else reject(new Error(`${child.spawnargs.join(" ")} ended with ${status ?? signal}`));
    });
  });
}

async function feed(child: ChildProcess, text: Iterable<Buffer>): Promise<void> {
  const stdin = child.stdin!;
  stdin.on("error", () => {});
  for (const piece of text) {
    // The generator fills the same buffer again, so each piece has to be gone before the next one is made.
    const isWritten = await new Promise<boolean>((resolve) => stdin.write(piece, (error) => resolve(error == null)));
    if (!isWritten) return;
  }
  stdin.end();
}

function readPeaks(rootId: number, peaks: Map<string, number>): void {
  try {
    for (const id of descendants(rootId)) {
      const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/status`, "latin1"))?.[1];
      const program = programOf(id);
      // A process that has ended and was not waited for yet has neither memory nor a command line.
      if (peak === undefined || peak === "0" || program === "") continue;
      peaks.set(program, Math.max(peaks.get(program) ?? 0, Number(peak)));
    }
  } catch {
    // One of them has ended in the meantime; the next look comes soon.
  }
}

/** The process and all below it. */
function descendants(id: number): number[] {
  const threads = readdirSync(`/proc/${id}/task`);
  const children = threads.flatMap((thread) =>
    readFileSync(`/proc/${id}/task/${thread}/children`, "latin1").split(" ").filter(Boolean).map(Number),
  );
  return [id, ...children.flatMap(descendants)];
}

/** git by its command, with the configuration in front of it left out. */
function programOf(id: number): string {
  const words = readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0");
  const program = path.basename(words[0] ?? "");
  if (program !== "git") return program;
  let at = 1;
  while (words[at] === "-c") at += 2;
  return `git ${words[at] ?? ""}`;
}
