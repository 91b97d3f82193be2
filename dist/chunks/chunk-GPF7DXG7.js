import {
  KeyrecallError,
  messageOf,
  systemCodeOf
} from "./chunk-U52VU3KD.js";

// src/sources/target.ts
import { lstatSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
function resolveTarget(target) {
  try {
    const isLink = lstatSync(target).isSymbolicLink();
    const stat = statSync(target, { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      const real = realpathSync(target);
      return { path: real, isDirectory: true, isLinkToFile: false, directory: real };
    }
    if (stat !== void 0 && !stat.isFile()) throw notAFile(target);
    const directory = realpathSync(path.dirname(target));
    const isLinkToFile = isLink && stat !== void 0;
    return { path: path.join(directory, path.basename(target)), isDirectory: false, isLinkToFile, directory };
  } catch (error) {
    if (error instanceof KeyrecallError) throw error;
    const why = systemCodeOf(error) === "ENOENT" ? "no such file or directory" : messageOf(error);
    throw new KeyrecallError("path-not-found", `cannot scan ${target}: ${why}`, {
      hint: "give a path that exists, or none for the current repository",
      cause: error
    });
  }
}
function notAFile(target) {
  return new KeyrecallError("usage", `cannot scan ${target}: it is a pipe, a socket or a device`, {
    hint: `hand over what comes out of it: keyrecall scan --stdin < ${target}`
  });
}

export {
  resolveTarget
};
