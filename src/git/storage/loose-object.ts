/** An object with a file of its own. Source: git, `object-file.c`: `<type> <size>`, a zero, the bytes, all of it deflated. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import type { ObjectType } from "../object-stream.ts";
import { Damage, NotForUs } from "./damage.ts";
import { inflate } from "./inflate.ts";
import { OBJECT_TYPES } from "./pack-entry.ts";
import { hashOf, type IdBytes } from "./pack-index.ts";

const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_OBJECT_BYTES = 16 * 1024 * 1024;
/** Most objects fit into one. */
const CHUNK_BYTES = 16 * 1024;
/** The longest: a type of six letters, a blank, a size of twenty digits, a zero. */
const MAX_HEADER_BYTES = 32;

export interface WholeObject {
  readonly type: ObjectType;
  readonly bytes: Buffer;
}

/**
 * @throws {Damage} where it is not exactly what its header and its name say
 * @throws {NotForUs} where it is large
 */
export function readLooseObject(file: string, objectId: string): WholeObject {
  const { buffer, consumed, inputBytes } = inflateFile(file);
  const end = buffer.indexOf(0);
  const head = buffer.toString("latin1", 0, Math.min(end, MAX_HEADER_BYTES));
  const [, type = "", digits = ""] = /^([a-z]+) (0|[1-9][0-9]{0,14})$/.exec(head) ?? [];
  if (end === -1 || !OBJECT_TYPES.includes(type as ObjectType)) throw new Damage("has no header that says what it is");
  const bytes = buffer.subarray(end + 1);
  if (bytes.length !== Number(digits)) throw new Damage(`is ${bytes.length} bytes long and says ${digits}`);
  if (consumed !== inputBytes) throw new Damage("is followed by bytes that are no part of it");
  const idBytes: IdBytes = objectId.length === 64 ? 32 : 20;
  if (hashOf(buffer, idBytes).toString("hex") !== objectId) throw new Damage("is another object than its name says");
  return { type: type as ObjectType, bytes };
}

function inflateFile(file: string): { buffer: Buffer; consumed: number; inputBytes: number } {
  const packed = readFile(file);
  const { buffer, consumed } = inflate(packed, MAX_OBJECT_BYTES, CHUNK_BYTES);
  return { buffer, consumed, inputBytes: packed.length };
}

function readFile(file: string): Buffer {
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Damage("is not a regular file");
    if (stat.size > MAX_FILE_BYTES) throw new NotForUs(`takes ${stat.size} bytes`);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
