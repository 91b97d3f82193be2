import {
  KeyrecallError,
  messageOf
} from "./chunk-U52VU3KD.js";

// src/cli/output.ts
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
  statSync,
  writeFileSync
} from "node:fs";
import path from "node:path";
var WRITE_CHARACTERS = 65536;
function writeOutput(pieces, file) {
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
      cause: error
    });
  }
}
function requireWritable(file) {
  if (file.endsWith("/") || factsOf(file)?.isDirectory()) {
    throw new KeyrecallError("usage", `cannot write ${file}: it is a directory`, { hint: "name a file" });
  }
  if (isDevice(file)) return;
  const directory = path.dirname(path.resolve(file));
  if (!existsSync(directory)) {
    throw new KeyrecallError("usage", `cannot write ${file}: there is no directory ${directory}`, {
      hint: "make it first"
    });
  }
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new KeyrecallError("usage", `cannot write ${file}: nothing can be made in the directory ${directory}`, {
      hint: "name a file in a directory that can be written to, or - for standard output",
      cause: error
    });
  }
}
function isDevice(file) {
  const facts = factsOf(file);
  return facts !== null && !facts.isFile() && !facts.isDirectory();
}
function factsOf(file) {
  try {
    return statSync(file);
  } catch {
    return null;
  }
}
function replaceFile(file, pieces) {
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
function keepMode(file, before) {
  if (before?.isFile()) chmodSync(file, before.mode & 4095);
}
function writePieces(file, flags, pieces) {
  const descriptor = openSync(file, flags);
  try {
    for (const block of inBlocks(pieces)) writeFileSync(descriptor, block);
  } finally {
    closeSync(descriptor);
  }
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
  writeOutput,
  requireWritable,
  factsOf
};
