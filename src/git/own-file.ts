/** Small files that a run leaves for the next one of the same user. */
import { randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * @param forbidden bits of the mode that nobody else may have
 * @throws for a file of somebody else, one that others may use so, and one that is larger than `maxBytes`
 */
export function readOwnFile(file: string, maxBytes: number, forbidden: number = 0o022): Buffer {
  // O_NONBLOCK: opening a named pipe must not wait for its writer.
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = fstatSync(descriptor);
    const isOwn = process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & forbidden) === 0);
    if (!stat.isFile() || !isOwn || stat.size > maxBytes) throw new Error("cannot be used");
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Whoever reads it meanwhile gets the old one or the new one. It is for its owner alone. */
export function replaceOwnFile(file: string, content: string): void {
  const temporary = `${file}.${randomBytes(8).toString("hex")}`;
  try {
    writeFileSync(temporary, content, { mode: 0o600, flag: "wx" });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
