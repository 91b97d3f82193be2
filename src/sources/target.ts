/** What is named on the command line. */
import { lstatSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { KeyrecallError, messageOf, systemCodeOf } from "../core/errors.ts";

/** What a path on the command line names. */
export interface Target {
  /** Links in the way resolved; a link that is named itself and leads to a file is read as a link. */
  readonly path: string;
  readonly isDirectory: boolean;
  /** The directory itself, or the one that the file is in. */
  readonly directory: string;
}

/** @throws {KeyrecallError} `path-not-found` */
export function resolveTarget(target: string): Target {
  try {
    lstatSync(target);
    const isDirectory = statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? false;
    if (isDirectory) {
      const real = realpathSync(target);
      return { path: real, isDirectory, directory: real };
    }
    const directory = realpathSync(path.dirname(target));
    return { path: path.join(directory, path.basename(target)), isDirectory, directory };
  } catch (error) {
    const why = systemCodeOf(error) === "ENOENT" ? "no such file or directory" : messageOf(error);
    throw new KeyrecallError("path-not-found", `cannot scan ${target}: ${why}`, {
      hint: "give a path that exists, or none for the current repository",
      cause: error,
    });
  }
}
