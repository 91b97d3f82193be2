/**
 * One index over several packs. It has one place for each object, however many packs hold it, so it does not replace
 * the indexes of the packs; where one of those is lost it still leads to the objects.
 * Source: gitformat-pack, "multi-pack-index (MIDX) files have the following format".
 */
import { Damage } from "./damage.ts";
import { hashOf, type IdBytes } from "./pack-index.ts";

const HEADER_BYTES = 12;
const CHUNK_ROW_BYTES = 12;
const FAN_OUT_BYTES = 256 * 4;
const SIGNATURE = "MIDX";
const IS_LARGE_OFFSET = 0x80000000;

export interface IndexedPlace {
  readonly name: Buffer;
  readonly pack: number;
  readonly offset: number;
}

export class MultiPackIndex {
  readonly count: number;
  /** Names of the packs' indexes, `pack-….idx`. */
  readonly packs: readonly string[];
  readonly #bytes: Buffer;
  readonly #idBytes: IdBytes;
  readonly #names: Buffer;
  readonly #places: Buffer;
  readonly #largeOffsets: Buffer;

  /**
   * @param bytes the whole file, kept
   * @throws {Damage}
   */
  constructor(bytes: Buffer, idBytes: IdBytes) {
    this.#bytes = bytes;
    this.#idBytes = idBytes;
    if (bytes.length < HEADER_BYTES + CHUNK_ROW_BYTES + idBytes) throw new Damage("is too short");
    if (bytes.toString("latin1", 0, 4) !== SIGNATURE) throw new Damage("does not begin as one");
    if (bytes[4] !== 1) throw new Damage(`has version ${bytes[4]}`);
    if (bytes[5] !== (idBytes === 20 ? 1 : 2)) throw new Damage("is for another kind of object names");
    if (bytes[7] !== 0) throw new Damage("is based on another one");
    const end = bytes.length - idBytes;
    if (!hashOf(bytes.subarray(0, end), idBytes).equals(bytes.subarray(end))) throw new Damage("has a wrong checksum");
    const chunks = this.#readChunks(bytes[6]!, end);
    const fanOut = requireChunk(chunks, "OIDF", FAN_OUT_BYTES);
    for (let byte = 1; byte < 256; byte++) {
      if (fanOut.readUInt32BE(byte * 4) < fanOut.readUInt32BE(byte * 4 - 4)) {
        throw new Damage("has a fan-out table that does not rise");
      }
    }
    this.count = fanOut.readUInt32BE(FAN_OUT_BYTES - 4);
    this.#names = requireChunk(chunks, "OIDL", this.count * idBytes);
    this.#places = requireChunk(chunks, "OOFF", this.count * 8);
    this.#largeOffsets = chunks.get("LOFF") ?? Buffer.alloc(0);
    const packCount = bytes.readUInt32BE(8);
    const names = (chunks.get("PNAM") ?? Buffer.alloc(0)).toString("latin1").split("\0");
    if (names.length < packCount) throw new Damage(`does not name its ${packCount} packs`);
    this.packs = names.slice(0, packCount);
  }

  /** @throws {Damage} */
  at(position: number): IndexedPlace {
    const pack = this.#places.readUInt32BE(position * 8);
    if (pack >= this.packs.length) throw new Damage(`names pack ${pack} of ${this.packs.length}`);
    const name = this.#names.subarray(position * this.#idBytes, (position + 1) * this.#idBytes);
    return { name, pack, offset: this.#offsetOf(this.#places.readUInt32BE(position * 8 + 4)) };
  }

  #offsetOf(written: number): number {
    // Only where there are offsets that need it does the first bit say that one stands in the other table.
    if (written < IS_LARGE_OFFSET || this.#largeOffsets.length === 0) return written;
    const at = (written - IS_LARGE_OFFSET) * 8;
    if (at + 8 > this.#largeOffsets.length) throw new Damage("has an offset outside of its table");
    const high = this.#largeOffsets.readUInt32BE(at);
    if (high >= 2 ** 21) throw new Damage("has an impossible offset");
    return high * 2 ** 32 + this.#largeOffsets.readUInt32BE(at + 4);
  }

  #readChunks(count: number, end: number): Map<string, Buffer> {
    const chunks = new Map<string, Buffer>();
    if (HEADER_BYTES + (count + 1) * CHUNK_ROW_BYTES > end) throw new Damage("is too short for its table of contents");
    for (let chunk = 0; chunk < count; chunk++) {
      const row = HEADER_BYTES + chunk * CHUNK_ROW_BYTES;
      const from = this.#chunkOffset(row);
      const to = this.#chunkOffset(row + CHUNK_ROW_BYTES);
      if (from > to || to > end) throw new Damage("has a table of contents that leads out of it");
      chunks.set(this.#bytes.toString("latin1", row, row + 4), this.#bytes.subarray(from, to));
    }
    return chunks;
  }

  #chunkOffset(row: number): number {
    return this.#bytes.readUInt32BE(row + 4) * 2 ** 32 + this.#bytes.readUInt32BE(row + 8);
  }
}

function requireChunk(chunks: ReadonlyMap<string, Buffer>, id: string, length: number): Buffer {
  const chunk = chunks.get(id);
  if (chunk === undefined || chunk.length < length) throw new Damage(`lacks part of its table ${id}`);
  return chunk.subarray(0, length);
}
