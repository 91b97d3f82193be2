// What tier 2 could not run, handed from the test processes to scripts/test.ts through a file.

import { appendFile, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface NotRun {
  readonly what: string;
  readonly needs: string;
  /** What it needs is no package that could be fetched: said, and no failure. */
  readonly isOptional?: boolean;
}

/** Where tier 2 keeps what it fetched; `npm ci` empties it together with node_modules. */
export const cacheFolder = join(import.meta.dirname, "../../node_modules/.cache/keyrecall-tier2");

const recordFile = join(cacheFolder, "not-run.jsonl");

export async function clearNotRun(): Promise<void> {
  await rm(recordFile, { force: true });
}

export async function recordNotRun(entry: NotRun): Promise<void> {
  await mkdir(dirname(recordFile), { recursive: true });
  await appendFile(recordFile, `${JSON.stringify(entry)}\n`);
}

/** Every entry once, in the order of the first record. */
export async function readNotRun(): Promise<NotRun[]> {
  const text = await readFile(recordFile, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const lines = new Set(text.split("\n").filter((line) => line !== ""));
  return [...lines].map((line) => JSON.parse(line) as NotRun);
}
