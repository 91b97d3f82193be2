/** What the records of packs are sealed with: only the user that has read a repository can say that it was read. */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { homeDirectory } from "../config/load.ts";
import { readOwnFile } from "../git/own-file.ts";

const KEY_BYTES = 32;
const FOR_NOBODY_ELSE = 0o077;

/** @returns null where the user has no directory for it: then every scan reads everything */
export function memoryKey(): Buffer | null {
  const home = homeDirectory();
  if (home === null) return null;
  const file = path.join(home, ".cache", "keyrecall", "record-key");
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, randomBytes(KEY_BYTES), { mode: 0o600, flag: "wx" });
  } catch {
    // Most often it is there already.
  }
  try {
    const key = readOwnFile(file, KEY_BYTES, FOR_NOBODY_ELSE);
    return key.length === KEY_BYTES ? key : null;
  } catch {
    return null;
  }
}
