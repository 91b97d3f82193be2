/** Files of a git directory: one that is unpacked from somewhere can have pipes, devices and links to them in it. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

/**
 * @param file a name of bytes or text
 * @throws where there is no such file, or it is none with an end
 */
export function readRegularFile(file: string | Buffer): Buffer {
  // O_NONBLOCK: opening a named pipe must not wait for its writer.
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error("is not a regular file");
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
