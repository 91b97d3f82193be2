/** Files that the Action writes for later steps. */
import { closeSync, mkdirSync, mkdtempSync, openSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { KeyrecallError, messageOf } from "../core/errors.ts";

export function writePieces(file: string, pieces: Iterable<string>): void {
  const descriptor = openSync(file, "wx", 0o600);
  try {
    // Whole: a disk that is about to be full takes a part of a single write without a word.
    for (const piece of pieces) writeFileSync(descriptor, piece);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Writes where the workflow says. What is checked out can be a stranger's, so no link in it is followed, and what lies
 * there is replaced and not written into.
 *
 * @param input what names the file
 * @throws {KeyrecallError} `output`
 */
export function writeInWorkspace(workspace: string, named: string, pieces: Iterable<string>, input: string): string {
  const file = path.resolve(workspace, named);
  const directory = path.dirname(file);
  try {
    mkdirSync(directory, { recursive: true });
    const inside = path.relative(workspace, directory);
    const isInside = !inside.startsWith("..") && !path.isAbsolute(inside);
    if (isInside && realpathSync(directory) !== path.join(realpathSync(workspace), inside)) {
      throw new Error("a directory on the way to it is a link");
    }
    const beside = mkdtempSync(path.join(directory, ".keyrecall-"));
    try {
      writePieces(path.join(beside, "file"), pieces);
      renameSync(path.join(beside, "file"), file);
    } finally {
      rmSync(beside, { recursive: true, force: true });
    }
  } catch (error) {
    throw new KeyrecallError("output", `cannot write ${named} (input ${input}): ${messageOf(error)}`, {
      hint: "name a file in a directory of the workspace that can be written to",
      cause: error,
    });
  }
  return file;
}
