/**
 * What stands in a pack in front of each object's compressed bytes.
 * Source: gitformat-pack, "pack-*.pack files have the following format".
 */
import type { ObjectType } from "../object-stream.ts";
import { Damage } from "./damage.ts";
import type { IdBytes } from "./pack-index.ts";

export const OFFSET_DELTA = 6;
export const REF_DELTA = 7;
/** By the number that a pack has for it. */
export const OBJECT_TYPES: readonly (ObjectType | undefined)[] = [undefined, "commit", "tree", "blob", "tag"];

/** The longest header: a size, and the name of a base or its distance. */
export const MAX_ENTRY_HEADER_BYTES = 10 + 32;

/** Used again for every entry: there are millions of them. */
export class EntryHeader {
  /** One of {@link OBJECT_TYPES}, {@link OFFSET_DELTA} or {@link REF_DELTA}. */
  type = 0;
  /** Bytes of the object, or of the delta, once inflated. */
  size = 0;
  /** Of an offset delta, how far before its own beginning its base begins. */
  baseDistance = 0;
  /** Of a ref delta, where in the bytes that were read its base's name begins. */
  baseName = 0;
  /** Length of the header itself. */
  length = 0;

  /** @throws {Damage} */
  read(bytes: Uint8Array, start: number, idBytes: IdBytes): void {
    let position = start;
    let byte = byteAt(bytes, position++);
    this.type = (byte >> 4) & 7;
    this.size = byte & 0x0f;
    for (let factor = 16; byte >= 0x80; factor *= 128) {
      byte = byteAt(bytes, position++);
      this.size += (byte & 0x7f) * factor;
      if (this.size > Number.MAX_SAFE_INTEGER) throw new Damage("has an impossible size");
    }
    if (this.type === OFFSET_DELTA) {
      byte = byteAt(bytes, position++);
      let distance = byte & 0x7f;
      while (byte >= 0x80) {
        byte = byteAt(bytes, position++);
        distance = (distance + 1) * 128 + (byte & 0x7f);
        if (distance > Number.MAX_SAFE_INTEGER) throw new Damage("has a base at an impossible distance");
      }
      this.baseDistance = distance;
    } else if (this.type === REF_DELTA) {
      this.baseName = position;
      position += idBytes;
      if (position > bytes.length) throw new Damage("ends in its header");
    } else if (OBJECT_TYPES[this.type] === undefined) {
      throw new Damage(`has the unknown type ${this.type}`);
    }
    this.length = position - start;
  }
}

function byteAt(bytes: Uint8Array, position: number): number {
  const byte = bytes[position];
  if (byte === undefined) throw new Damage("ends in its header");
  return byte;
}
