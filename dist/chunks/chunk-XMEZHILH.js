import {
  KeyrecallError,
  messageOf
} from "./chunk-U52VU3KD.js";

// src/cli/output.ts
import { closeSync, openSync, writeSync } from "node:fs";
var WRITE_CHARACTERS = 65536;
function writeOutput(pieces, file) {
  if (file === void 0) {
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
function writeWhole(descriptor, bytes) {
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
}
function* inBlocks(pieces) {
  let block = "";
  for (const piece of pieces) {
    block += piece;
    if (block.length < WRITE_CHARACTERS) continue;
    yield block;
    block = "";
  }
  if (block !== "") yield block;
}

export {
  writeOutput
};
