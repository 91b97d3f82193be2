import {
  messageOf,
  systemCodeOf
} from "./chunk-U52VU3KD.js";

// src/git/storage/damage.ts
var Damage = class extends Error {
  name = "Damage";
};
var NotForUs = class extends Error {
  name = "NotForUs";
};

// src/git/storage/inflate.ts
import { inflateSync } from "node:zlib";
var MIN_CHUNK_BYTES = 64;
function inflateExactly(input, size) {
  const { buffer, consumed } = inflateAll(input, size);
  if (buffer.length !== size) throw new Damage(`is ${buffer.length} bytes long and says ${size}`);
  if (consumed !== input.length)
    throw new Damage(`is followed by ${input.length - consumed} bytes that are no part of it`);
  return buffer;
}
function inflateAll(input, size) {
  try {
    return inflate(input, size);
  } catch (error) {
    throw error instanceof NotForUs ? new Damage(`is longer than the ${size} bytes that it says`) : error;
  }
}
function inflate(input, limit, chunkSize = limit + 1) {
  try {
    const options = { chunkSize: Math.max(MIN_CHUNK_BYTES, chunkSize), maxOutputLength: limit + 1, info: true };
    const result = inflateSync(input, options);
    return { buffer: result.buffer, consumed: result.engine.bytesWritten };
  } catch (error) {
    if (systemCodeOf(error) === "ERR_BUFFER_TOO_LARGE") throw new NotForUs(`is longer than ${limit} bytes`);
    throw new Damage(`cannot be inflated: ${messageOf(error)}`, { cause: error });
  }
}

// src/git/storage/pack-entry.ts
var OFFSET_DELTA = 6;
var REF_DELTA = 7;
var OBJECT_TYPES = [void 0, "commit", "tree", "blob", "tag"];
var MAX_ENTRY_HEADER_BYTES = 10 + 32;
var EntryHeader = class {
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
  read(bytes, start, idBytes) {
    let position = start;
    let byte = byteAt(bytes, position++);
    this.type = byte >> 4 & 7;
    this.size = byte & 15;
    for (let factor = 16; byte >= 128; factor *= 128) {
      byte = byteAt(bytes, position++);
      this.size += (byte & 127) * factor;
      if (this.size > Number.MAX_SAFE_INTEGER) throw new Damage("has an impossible size");
    }
    if (this.type === OFFSET_DELTA) {
      byte = byteAt(bytes, position++);
      let distance = byte & 127;
      while (byte >= 128) {
        byte = byteAt(bytes, position++);
        distance = (distance + 1) * 128 + (byte & 127);
        if (distance > Number.MAX_SAFE_INTEGER) throw new Damage("has a base at an impossible distance");
      }
      this.baseDistance = distance;
    } else if (this.type === REF_DELTA) {
      this.baseName = position;
      position += idBytes;
      if (position > bytes.length) throw new Damage("ends in its header");
    } else if (OBJECT_TYPES[this.type] === void 0) {
      throw new Damage(`has the unknown type ${this.type}`);
    }
    this.length = position - start;
  }
};
function byteAt(bytes, position) {
  const byte = bytes[position];
  if (byte === void 0) throw new Damage("ends in its header");
  return byte;
}

// src/git/storage/pack-index.ts
import { createHash } from "node:crypto";
var FAN_OUT_BYTES = 256 * 4;
var V2_SIGNATURE = 4285812579;
var V2_HEADER_BYTES = 8;
var IS_LARGE_OFFSET = 2147483648;
var PackIndex = class {
  count;
  idBytes;
  /** The checksum at the end of the pack that this index was made for. */
  packChecksum;
  /** Whether a name stands here more than once. */
  hasDoubles;
  #bytes;
  #fanOut;
  #names;
  #nameStep;
  #offsets;
  #offsetStep;
  #largeOffsets;
  #largeCount;
  /**
   * @param bytes the whole file, kept
   * @throws {Damage}
   */
  constructor(bytes, idBytes) {
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
  nameAt(position) {
    const start = this.#names + position * this.#nameStep;
    return this.#bytes.subarray(start, start + this.idBytes);
  }
  /** @throws {Damage} where it stands in a table that does not reach so far */
  offsetAt(position) {
    const offset = this.#bytes.readUInt32BE(this.#offsets + position * this.#offsetStep);
    if (offset < IS_LARGE_OFFSET || this.#fanOut === 0) return offset;
    const row = offset - IS_LARGE_OFFSET;
    if (row >= this.#largeCount) throw new Damage(`has no offset for object ${this.nameAt(position).toString("hex")}`);
    const at = this.#largeOffsets + row * 8;
    const high = this.#bytes.readUInt32BE(at);
    if (high >= 2 ** 21) throw new Damage(`has an impossible offset for ${this.nameAt(position).toString("hex")}`);
    return high * 2 ** 32 + this.#bytes.readUInt32BE(at + 4);
  }
  /** @returns the position of a name, or -1 */
  find(name) {
    const first = name[0];
    let low = first === 0 ? 0 : this.#fanOutAt(first - 1);
    let high = this.#fanOutAt(first);
    while (low < high) {
      const middle = low + high >>> 1;
      const start = this.#names + middle * this.#nameStep;
      const order = this.#bytes.compare(name, 0, this.idBytes, start, start + this.idBytes);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return -1;
  }
  #fanOutAt(byte) {
    return this.#bytes.readUInt32BE(this.#fanOut + byte * 4);
  }
  /** @returns whether a name stands twice */
  #checkOrder() {
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
        const order = head === before ? this.#compare(start - this.#nameStep, start) : before - head;
        if (order > 0) throw new Damage("has names that are not in order");
        hasDoubles ||= order === 0;
        before = head;
      }
    }
    return hasDoubles;
  }
  #compare(one, other) {
    return this.#bytes.compare(this.#bytes, other, other + this.idBytes, one, one + this.idBytes);
  }
};
function hashOf(bytes, idBytes) {
  return createHash(hashName(idBytes)).update(bytes).digest();
}
function hashName(idBytes) {
  return idBytes === 20 ? "sha1" : "sha256";
}

export {
  Damage,
  NotForUs,
  inflateExactly,
  inflate,
  OFFSET_DELTA,
  REF_DELTA,
  OBJECT_TYPES,
  MAX_ENTRY_HEADER_BYTES,
  EntryHeader,
  PackIndex,
  hashOf,
  hashName
};
