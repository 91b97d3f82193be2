/** Where a report goes: standard output, or a file. */
import { closeSync, openSync, writeSync } from "node:fs";
import { KeyrecallError, messageOf } from "../core/errors.ts";

const WRITE_CHARACTERS = 65_536;

/** Writes the pieces one after the other: a report can be longer than any one string. */
export function writeOutput(pieces: Iterable<string>, file: string | undefined): void {
  if (file === undefined) {
    for (const block of inBlocks(pieces)) process.stdout.write(block);
    return;
  }
  try {
    const descriptor = openSync(file, "w");
    try {
      for (const block of inBlocks(pieces)) writeWhole(descriptor, Buffer.from(block));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw new KeyrecallError("output", `cannot write ${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** A disk that is about to be full takes a part without a word; the next write says so. */
function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
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
