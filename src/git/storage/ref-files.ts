/** Refs that have files of their own, and those that share one. Source: gitrepository-layout and git-pack-refs. */
import { type Dirent, readdirSync } from "node:fs";
import { encodeByteText } from "../../core/byte-text.ts";
import { messageOf, systemCodeOf } from "../../core/errors.ts";
import { readRegularFile } from "../regular-file.ts";
import { Damage, NotForUs } from "./damage.ts";
import type { IdBytes } from "./pack-index.ts";
import type { LogEntry, RefValue, StoredRef } from "./ref-names.ts";

const MAX_REF_FILE_BYTES = 64 * 1024;

/**
 * @param bytes a ref's own file
 * @throws {Damage | NotForUs}
 */
export function parseRefFile(bytes: Buffer, idBytes: IdBytes): RefValue {
  if (bytes.length > MAX_REF_FILE_BYTES) throw new NotForUs(`takes ${bytes.length} bytes`);
  const text = bytes.toString("latin1");
  if (text.startsWith("ref:")) {
    const target = /^ref:\s*([^\s](?:.*[^\s])?)\s*$/s.exec(text)?.[1];
    if (target === undefined) throw new Damage("leads to a ref without a name");
    return { target: Buffer.from(target, "latin1") };
  }
  const objectId = text.slice(0, idBytes * 2);
  if (!isObjectId(objectId, idBytes) || !/^(\s|$)/.test(text.slice(idBytes * 2))) throw new Damage("names no object");
  return { objectId: objectId.toLowerCase(), peeled: null };
}

function isObjectId(text: string, idBytes: IdBytes): boolean {
  return text.length === idBytes * 2 && /^[0-9a-f]+$/i.test(text);
}

/**
 * @param bytes the whole file `packed-refs`
 * @throws {Damage}
 */
export function parsePackedRefs(bytes: Buffer, idBytes: IdBytes): StoredRef[] {
  const refs: StoredRef[] = [];
  let isSaidToBeSorted = false;
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1) throw new Damage("ends in a line");
    const line = bytes.subarray(start, end);
    const isFirst = start === 0;
    start = end + 1;
    const head = line.toString("latin1", 0, idBytes * 2 + 1);
    if (head.startsWith("#")) {
      if (isFirst) isSaidToBeSorted = / sorted( |$)/.test(line.toString("latin1"));
      continue;
    }
    if (head.startsWith("^")) {
      const last = refs.at(-1);
      const peeled = line.toString("latin1", 1);
      if (last === undefined || !("objectId" in last.value) || !isObjectId(peeled, idBytes)) {
        throw new Damage("says what a tag leads to, and of which");
      }
      refs[refs.length - 1] = { name: last.name, value: { objectId: last.value.objectId, peeled } };
      continue;
    }
    const name = line.subarray(idBytes * 2 + 1);
    if (!isObjectId(head.slice(0, -1), idBytes) || !/\s$/.test(head) || name.length === 0) {
      throw new Damage("has a line that is no ref");
    }
    const before = refs.at(-1);
    if (isSaidToBeSorted && before !== undefined && before.name.compare(name) >= 0) {
      throw new Damage("has refs that are not in the order that it says");
    }
    refs.push({ name, value: { objectId: head.slice(0, -1), peeled: null } });
  }
  return refs;
}

/** The lines of a log, the first that was written first. What is no line of one is passed over, as git does. */
export function parseLog(bytes: Buffer, idBytes: IdBytes): LogEntry[] {
  const entries: LogEntry[] = [];
  const hex = idBytes * 2;
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(0x0a, start);
    const end = found === -1 ? bytes.length : found;
    const line = bytes.subarray(start, end);
    start = end + 1;
    const ids = line.toString("latin1", 0, 2 * hex + 2);
    const [oldId, newId] = [ids.slice(0, hex), ids.slice(hex + 1, 2 * hex + 1)];
    const areIds = isObjectId(oldId, idBytes) && isObjectId(newId, idBytes) && ids[hex] === " ";
    if (!areIds || !/^ ?$/.test(ids.slice(2 * hex + 1))) continue;
    const rest = line.subarray(2 * hex + 2);
    const tab = rest.indexOf(0x09);
    entries.push({
      oldId,
      newId,
      who: tab === -1 ? rest : rest.subarray(0, tab),
      message: tab === -1 ? rest.subarray(rest.length) : rest.subarray(tab + 1),
    });
  }
  return entries;
}

export interface LooseRefs {
  readonly refs: readonly StoredRef[];
  /** Files that say nothing that can be understood, by the name that their refs have. */
  readonly unread: ReadonlyMap<string, string>;
}

/**
 * @param directory a git directory
 * @param below `refs`, or a part of it
 * @throws what the system says where a directory cannot be listed
 */
export function readLooseRefs(directory: string, below: string, idBytes: IdBytes): LooseRefs {
  const refs: StoredRef[] = [];
  const unread = new Map<string, string>();
  const open = [Buffer.from(below)];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const entry of listEntries(directory, name)) {
      const full = Buffer.concat([name, SLASH, entry.name]);
      if (entry.isDirectory()) {
        open.push(full);
        continue;
      }
      // Source: git, `loose_fill_ref_dir`: what is being written has such a name.
      if (entry.name.toString("latin1").endsWith(".lock")) continue;
      try {
        refs.push({ name: full, value: parseRefFile(readRegularFile(pathOf(directory, full)), idBytes) });
      } catch (error) {
        // Deleted meanwhile.
        if (systemCodeOf(error) === "ENOENT" && !entry.isSymbolicLink()) continue;
        unread.set(full.toString("latin1"), messageOf(error));
      }
    }
  }
  return { refs: refs.toSorted((a, b) => a.name.compare(b.name)), unread };
}

const SLASH = Buffer.from("/");

function pathOf(directory: string, name: Buffer): Buffer {
  return Buffer.concat([encodeByteText(directory), SLASH, name]);
}

function listEntries(directory: string, name: Buffer): Dirent<Buffer>[] {
  try {
    return readdirSync(pathOf(directory, name), { withFileTypes: true, encoding: "buffer" });
  } catch (error) {
    // Its last ref was deleted meanwhile, or there never was one.
    if (systemCodeOf(error) === "ENOENT") return [];
    throw error;
  }
}
