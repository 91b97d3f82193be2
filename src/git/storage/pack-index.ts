/**
 * The index of a pack: names in rising order, and where in the pack each object begins. It is held whole, because it
 * grows with the number of objects only.
 * Source: gitformat-pack, "Original (version 1) pack-*.idx files" and "Version 2 pack-*.idx files".
 */
import { createHash } from "node:crypto";
import { Damage } from "./damage.ts";

/** Bytes of an object's name: SHA-1 or SHA-256. */
export type IdBytes = 20 | 32;

const FAN_OUT_BYTES = 256 * 4;
const V2_SIGNATURE = 0xff744f63;
const V2_HEADER_BYTES = 8;
const IS_LARGE_OFFSET = 0x80000000;

export class PackIndex {
  readonly count: number;
  readonly idBytes: IdBytes;
  /** The checksum at the end of the pack that this index was made for. */
  readonly packChecksum: Buffer;
  /** Whether a name stands here more than once. */
  readonly hasDoubles: boolean;
  readonly #bytes: Buffer;
  readonly #fanOut: number;
  readonly #names: number;
  readonly #nameStep: number;
  readonly #offsets: number;
  readonly #offsetStep: number;
  readonly #largeOffsets: number;
  readonly #largeCount: number;

  /**
   * @param bytes the whole file, kept
   * @throws {Damage}
   */
  constructor(bytes: Buffer, idBytes: IdBytes) {
    const isV1 = bytes.length < 4 || bytes.readUInt32BE(0) !== V2_SIGNATURE;
    this.#bytes = bytes;
    this.idBytes = idBytes;
    this.#fanOut = isV1 ? 0 : V2_HEADER_BYTES;
    const trailer = bytes.length - 2 * idBytes;
    const table = this.#fanOut + FAN_OUT_BYTES;
    if (trailer < table) throw new Damage("is too short");
    if (!isV1 && bytes.readUInt32BE(4) !== 2) throw new Damage(`has version ${bytes.readUInt32BE(4)}`);
    this.count = bytes.readUInt32BE(table - 4);
    if (isV1) {
      this.#names = table + 4;
      this.#nameStep = idBytes + 4;
      this.#offsets = table;
      this.#offsetStep = this.#nameStep;
      this.#largeOffsets = trailer;
    } else {
      this.#names = table;
      this.#nameStep = idBytes;
      // Between names and offsets stands a checksum of each packed object.
      this.#offsets = table + this.count * (idBytes + 4);
      this.#offsetStep = 4;
      this.#largeOffsets = this.#offsets + this.count * 4;
    }
    const expected = isV1 ? table + this.count * this.#nameStep : this.#largeOffsets;
    this.#largeCount = (trailer - expected) / 8;
    if (expected > trailer || this.#largeCount > this.count || this.#largeCount % 1 !== 0) {
      throw new Damage(`is not as long as ${this.count} objects take`);
    }
    if (isV1 && this.#largeCount > 0) throw new Damage(`is not as long as ${this.count} objects take`);
    this.packChecksum = bytes.subarray(trailer, trailer + idBytes);
    const checksum = hashOf(bytes.subarray(0, trailer + idBytes), idBytes);
    if (!checksum.equals(bytes.subarray(trailer + idBytes))) throw new Damage("has a wrong checksum");
    this.hasDoubles = this.#checkOrder();
  }

  /** Valid as long as the index. */
  nameAt(position: number): Buffer {
    const start = this.#names + position * this.#nameStep;
    return this.#bytes.subarray(start, start + this.idBytes);
  }

  /** @throws {Damage} where it stands in a table that does not reach so far */
  offsetAt(position: number): number {
    const offset = this.#bytes.readUInt32BE(this.#offsets + position * this.#offsetStep);
    // Version 1 has 32 bits for it, all of them.
    if (offset < IS_LARGE_OFFSET || this.#fanOut === 0) return offset;
    const row = offset - IS_LARGE_OFFSET;
    if (row >= this.#largeCount) throw new Damage(`has no offset for object ${this.nameAt(position).toString("hex")}`);
    const at = this.#largeOffsets + row * 8;
    const high = this.#bytes.readUInt32BE(at);
    if (high >= 2 ** 21) throw new Damage(`has an impossible offset for ${this.nameAt(position).toString("hex")}`);
    return high * 2 ** 32 + this.#bytes.readUInt32BE(at + 4);
  }

  /** @returns the position of a name, or -1 */
  find(name: Uint8Array): number {
    const first = name[0]!;
    let low = first === 0 ? 0 : this.#fanOutAt(first - 1);
    let high = this.#fanOutAt(first);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const start = this.#names + middle * this.#nameStep;
      const order = this.#bytes.compare(name, 0, this.idBytes, start, start + this.idBytes);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return -1;
  }

  #fanOutAt(byte: number): number {
    return this.#bytes.readUInt32BE(this.#fanOut + byte * 4);
  }

  /** @returns whether a name stands twice */
  #checkOrder(): boolean {
    let position = 0;
    let before = -1;
    let hasDoubles = false;
    for (let byte = 0; byte < 256; byte++) {
      const end = this.#fanOutAt(byte);
      if (end < position || end > this.count) throw new Damage("has a fan-out table that does not rise");
      for (; position < end; position++) {
        const start = this.#names + position * this.#nameStep;
        const head = this.#bytes.readUInt32BE(start);
        if (head >>> 24 !== byte) throw new Damage("has names that its fan-out table does not lead to");
        // Most names differ in their first bytes already.
        const order = head === before ? this.#compare(start - this.#nameStep, start) : before - head;
        if (order > 0) throw new Damage("has names that are not in order");
        hasDoubles ||= order === 0;
        before = head;
      }
    }
    return hasDoubles;
  }

  #compare(one: number, other: number): number {
    return this.#bytes.compare(this.#bytes, other, other + this.idBytes, one, one + this.idBytes);
  }
}

export function hashOf(bytes: Uint8Array, idBytes: IdBytes): Buffer {
  return createHash(hashName(idBytes)).update(bytes).digest();
}

export function hashName(idBytes: IdBytes): "sha1" | "sha256" {
  return idBytes === 20 ? "sha1" : "sha256";
}
