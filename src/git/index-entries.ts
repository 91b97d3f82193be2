/** What indexes hold, by their files, or as `git ls-files --stage` tells it. */
import { existsSync } from "node:fs";
import path from "node:path";
import { decodeByteText } from "../core/byte-text.ts";
import { systemCodeOf } from "../core/errors.ts";
import { IndexUnreadableError } from "./changes.ts";
import { errorLines, type GitContext, runGit } from "./process.ts";
import { linkedWorkTrees } from "./refs.ts";
import { readRegularFile } from "./regular-file.ts";
import { idBytesOf, type Repository } from "./repository.ts";
import { Damage, NotForUs } from "./storage/damage.ts";
import { DIRECTORY_MODE, readIndexFile, type StagedFiles } from "./storage/index-file.ts";

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
  const entries: IndexEntry[] = [];
  for (const file of indexFiles(repository)) {
    const environment = { ...repository.git.environment, GIT_INDEX_FILE: file };
    const found =
      storedEntries(readStoredIndex(file, repository)) ?? (await readIndex({ ...repository.git, environment }));
    for (const entry of found) entries.push(entry);
  }
  return entries;
}

/** @returns null also where a directory stands for its files: git tells which those are */
function storedEntries(staged: StagedFiles | null): IndexEntry[] | null {
  if (staged === null || staged.entries.some(({ mode }) => mode === DIRECTORY_MODE)) return null;
  return staged.entries.map(({ objectId, stage, path: name }) => ({ objectId, stage, path: decodeByteText(name) }));
}

/** Of every working tree, and the one that the environment names. */
export function indexFiles(repository: Repository): string[] {
  const named = repository.git.environment?.["GIT_INDEX_FILE"];
  return [
    ...(named === undefined ? [] : [named]),
    path.join(repository.commonDirectory, "index"),
    ...linkedWorkTrees(repository).map((name) => path.join(repository.commonDirectory, "worktrees", name, "index")),
  ].filter((file) => existsSync(file));
}

/** @returns null where git has to read it, because something is not as the reader of storage knows it */
export function readStoredIndex(file: string, repository: Repository): StagedFiles | null {
  try {
    return readIndexFile(readRegularFile(file), idBytesOf(repository), (name) =>
      readRegularFile(path.join(path.dirname(file), name)),
    );
  } catch (error) {
    if (error instanceof Damage || error instanceof NotForUs || systemCodeOf(error) !== undefined) return null;
    throw error;
  }
}
