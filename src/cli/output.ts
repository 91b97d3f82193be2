/** Where a report goes: standard output, or a file. */
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { KeyrecallError, messageOf } from "../core/errors.ts";

const WRITE_CHARACTERS = 65_536;

/**
 * Writes the pieces one after the other: a report can be longer than any one string. A file is there whole or not at all: it
 * is written beside its place and moved there. A link is replaced and not followed, because what is scanned can hold one.
 */
export function writeOutput(pieces: Iterable<string>, file: string | null): void {
  if (file === null) {
    for (const block of inBlocks(pieces)) process.stdout.write(block);
    return;
  }
  try {
    if (isDevice(file)) writePieces(file, "w", pieces);
    else replaceFile(file, pieces);
  } catch (error) {
    throw new KeyrecallError("output", `cannot write ${file}: ${messageOf(error)}`, {
      hint: "name a file in a directory that can be written to and has room, or - for standard output",
      cause: error,
    });
  }
}

/** A report that has nowhere to go is a mistake to point out before the scan. */
export function requireWritable(file: string): void {
  if (file.endsWith("/") || factsOf(file)?.isDirectory()) {
    throw new KeyrecallError("usage", `cannot write ${file}: it is a directory`, { hint: "name a file" });
  }
  if (isDevice(file)) return;
  const directory = path.dirname(path.resolve(file));
  if (!existsSync(directory)) {
    throw new KeyrecallError("usage", `cannot write ${file}: there is no directory ${directory}`, {
      hint: "make it first",
    });
  }
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new KeyrecallError("usage", `cannot write ${file}: nothing can be made in the directory ${directory}`, {
      hint: "name a file in a directory that can be written to, or - for standard output",
      cause: error,
    });
  }
}

/** What has no content of its own to replace: a pipe, a terminal, `/dev/stdout`. */
function isDevice(file: string): boolean {
  const facts = factsOf(file);
  return facts !== null && !facts.isFile() && !facts.isDirectory();
}

/** Of what the name leads to; null where it leads nowhere. */
export function factsOf(file: string): Stats | null {
  try {
    return statSync(file);
  } catch {
    return null;
  }
}

function replaceFile(file: string, pieces: Iterable<string>): void {
  const before = lstatSync(file, { throwIfNoEntry: false });
  const beside = mkdtempSync(path.join(path.dirname(path.resolve(file)), ".keyrecall-"));
  try {
    const unfinished = path.join(beside, "report");
    writePieces(unfinished, "wx", pieces);
    keepMode(unfinished, before);
    renameSync(unfinished, file);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

/** Who could read the report before can read it now, and nobody else. */
function keepMode(file: string, before: Stats | undefined): void {
  if (before?.isFile()) chmodSync(file, before.mode & 0o7777);
}

function writePieces(file: string, flags: "w" | "wx", pieces: Iterable<string>): void {
  const descriptor = openSync(file, flags);
  try {
    // Whole: a disk that is about to be full takes a part of a single write without a word.
    for (const block of inBlocks(pieces)) writeFileSync(descriptor, block);
  } finally {
    closeSync(descriptor);
  }
}

function* inBlocks(pieces: Iterable<string>): Generator<string> {
  let block = "";
  for (const piece of pieces) {
    block += piece;
    if (block.length < WRITE_CHARACTERS) continue;
    yield block;
    block = "";
  }
  if (block !== "") yield block;
}
