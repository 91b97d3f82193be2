// src/git/own-file.ts
import { randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
function readOwnFile(file, maxBytes, forbidden = 18) {
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = fstatSync(descriptor);
    const isOwn = process.getuid === void 0 || stat.uid === process.getuid() && (stat.mode & forbidden) === 0;
    if (!stat.isFile() || !isOwn || stat.size > maxBytes) throw new Error("cannot be used");
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
function replaceOwnFile(file, content) {
  const temporary = `${file}.${randomBytes(8).toString("hex")}`;
  try {
    writeFileSync(temporary, content, { mode: 384, flag: "wx" });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

export {
  readOwnFile,
  replaceOwnFile
};
