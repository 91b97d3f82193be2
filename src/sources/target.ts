/** What is named on the command line. */
import { lstatSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { KeyrecallError, messageOf, systemCodeOf } from "../core/errors.ts";

/** What a path on the command line names. */
export interface Target {
  /** Links in the way resolved; a link that is named itself and leads to a file is read as a link. */
  readonly path: string;
  readonly isDirectory: boolean;
  /** A link that leads to a file: whoever names it means the file as well. */
  readonly isLinkToFile: boolean;
  /** The directory itself, or the one that the file is in. */
  readonly directory: string;
}

/** @throws {KeyrecallError} `path-not-found`, or `usage` where it is neither file nor directory */
export function resolveTarget(target: string): Target {
  try {
    const isLink = lstatSync(target).isSymbolicLink();
    const stat = statSync(target, { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      const real = realpathSync(target);
      return { path: real, isDirectory: true, isLinkToFile: false, directory: real };
    }
    if (stat !== undefined && !stat.isFile()) throw notAFile(target);
    const directory = realpathSync(path.dirname(target));
    const isLinkToFile = isLink && stat !== undefined;
    return { path: path.join(directory, path.basename(target)), isDirectory: false, isLinkToFile, directory };
  } catch (error) {
    if (error instanceof KeyrecallError) throw error;
    const why = systemCodeOf(error) === "ENOENT" ? "no such file or directory" : messageOf(error);
    throw new KeyrecallError("path-not-found", `cannot scan ${target}: ${why}`, {
      hint: "give a path that exists, or none for the current repository",
      cause: error,
    });
  }
}

/** In the middle of a tree such a thing is passed over; named by itself, that would be a clean result for nothing. */
function notAFile(target: string): KeyrecallError {
  return new KeyrecallError("usage", `cannot scan ${target}: it is a pipe, a socket or a device`, {
    hint: `hand over what comes out of it: keyrecall scan --stdin < ${target}`,
  });
}
