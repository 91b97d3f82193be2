// src/git/regular-file.ts
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
function readRegularFile(file) {
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error("is not a regular file");
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export {
  readRegularFile
};
