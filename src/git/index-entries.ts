/** What the index holds, as `git ls-files --stage` tells it. */
import { existsSync } from "node:fs";
import path from "node:path";
import { decodeByteText } from "../core/byte-text.ts";
import { IndexUnreadableError } from "./changes.ts";
import { errorLines, type GitContext, runGit } from "./process.ts";
import { linkedWorkTrees } from "./refs.ts";
import type { Repository } from "./repository.ts";

export interface IndexEntry {
  readonly objectId: string;
  /** 0, or 1 to 3 for the sides of a conflict. */
  readonly stage: number;
  readonly path: string;
}

/** @throws {IndexUnreadableError} */
async function readIndex(git: GitContext, options: readonly string[] = []): Promise<IndexEntry[]> {
  const { status, output, errorText } = await runGit(git, ["ls-files", "--stage", "-z", "--full-name", ...options]);
  if (status !== 0) throw new IndexUnreadableError(errorLines(errorText).join("; "));
  return output
    .toString("latin1")
    .split("\0")
    .filter((record) => record !== "")
    .map((record) => {
      const tab = record.indexOf("\t");
      const [, objectId = "", stage = "0"] = record.slice(0, tab).split(" ");
      return { objectId, stage: Number(stage), path: decodeByteText(Buffer.from(record.slice(tab + 1), "latin1")) };
    });
}

/** The entries of every working tree's index. @throws {IndexUnreadableError} */
export async function readAllIndexes(repository: Repository): Promise<IndexEntry[]> {
  if (repository.refusal !== null) return [];
  const files = [
    path.join(repository.commonDirectory, "index"),
    ...linkedWorkTrees(repository).map((name) => path.join(repository.commonDirectory, "worktrees", name, "index")),
  ].filter((file) => existsSync(file));
  const entries: IndexEntry[] = [];
  for (const file of files) {
    const environment = { ...repository.git.environment, GIT_INDEX_FILE: file };
    for (const entry of await readIndex({ ...repository.git, environment })) entries.push(entry);
  }
  return entries;
}
