/**
 * What git keeps of commits so that it need not read them: their trees and parents. It repeats what stands in the commits, so it is
 * believed no further than that it was written as it is. Source: gitformat-commit-graph.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { readRegularFile } from "../regular-file.ts";
import { Damage, NotForUs } from "./damage.ts";
import { hashOf, type IdBytes } from "./pack-index.ts";

const HEADER_BYTES = 8;
const ROW_BYTES = 12;
const FAN_OUT_BYTES = 256 * 4;
const NO_PARENT = 0x70000000;
const IS_FURTHER = 0x80000000;

export interface KnownCommit {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  /** One more than that of its highest parent, 0 where it was not worked out. */
  readonly generation: number;
  /** Seconds since 1970 of its committer. */
  readonly date: number;
}

/** One file; all but the first of a chain stand on others. */
class CommitGraphLayer {
  readonly count: number;
  /** How many commits there are in the layers below. */
  readonly first: number;
  readonly checksum: string;
  readonly #idBytes: IdBytes;
  readonly #names: Buffer;
  readonly #commits: Buffer;
  readonly #further: Buffer;

  constructor(bytes: Buffer, idBytes: IdBytes, below: readonly CommitGraphLayer[]) {
    this.#idBytes = idBytes;
    this.first = below.reduce((sum, { count }) => sum + count, 0);
    if (bytes.length < HEADER_BYTES + ROW_BYTES + idBytes) throw new Damage("is too short");
    if (bytes.toString("latin1", 0, 4) !== "CGPH") throw new Damage("does not begin as a commit-graph");
    if (bytes[4] !== 1) throw new NotForUs(`has version ${bytes[4]}`);
    if (bytes[5] !== (idBytes === 20 ? 1 : 2)) throw new Damage("is for another kind of object names");
    const end = bytes.length - idBytes;
    if (!hashOf(bytes.subarray(0, end), idBytes).equals(bytes.subarray(end))) throw new Damage("has a wrong checksum");
    this.checksum = bytes.toString("hex", end);
    const chunks = readChunks(bytes, bytes[6]!, end);
    const bases = chunks.get("BASE") ?? Buffer.alloc(0);
    if (bytes[7] !== below.length || bases.length !== below.length * idBytes) {
      throw new Damage("stands on other layers than its chain says");
    }
    for (const [number, { checksum }] of below.entries()) {
      if (bases.toString("hex", number * idBytes, (number + 1) * idBytes) !== checksum) {
        throw new Damage("stands on other layers than its chain says");
      }
    }
    const fanOut = chunkOf(chunks, "OIDF", FAN_OUT_BYTES);
    this.count = fanOut.readUInt32BE(FAN_OUT_BYTES - 4);
    this.#names = chunkOf(chunks, "OIDL", this.count * idBytes);
    this.#commits = chunkOf(chunks, "CDAT", this.count * (idBytes + 16));
    this.#further = chunks.get("EDGE") ?? Buffer.alloc(0);
    this.#checkOrder(fanOut);
  }

  nameAt(position: number): string {
    return this.#names.toString("hex", position * this.#idBytes, (position + 1) * this.#idBytes);
  }

  find(name: Buffer): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const start = middle * this.#idBytes;
      const order = this.#names.compare(name, 0, this.#idBytes, start, start + this.#idBytes);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return -1;
  }

  /** @param nameOf the name of a commit by its number in the whole chain */
  at(position: number, nameOf: (number: number) => string): KnownCommit {
    const row = position * (this.#idBytes + 16);
    const fields = row + this.#idBytes;
    const first = this.#commits.readUInt32BE(fields);
    const second = this.#commits.readUInt32BE(fields + 4);
    const numbers = first === NO_PARENT ? [] : [first];
    if (second !== NO_PARENT && first === NO_PARENT) throw new Damage("has a second parent and no first");
    if (second >= IS_FURTHER) numbers.push(...this.#furtherParents(second - IS_FURTHER));
    else if (second !== NO_PARENT) numbers.push(second);
    const high = this.#commits.readUInt32BE(fields + 8);
    return {
      id: this.nameAt(position),
      tree: this.#commits.toString("hex", row, fields),
      parents: numbers.map(nameOf),
      generation: high >>> 2,
      date: (high & 3) * 2 ** 32 + this.#commits.readUInt32BE(fields + 12),
    };
  }

  #furtherParents(first: number): number[] {
    const numbers: number[] = [];
    for (let at = first * 4; ; at += 4) {
      if (at + 4 > this.#further.length) throw new Damage("has parents outside of its table");
      const number = this.#further.readUInt32BE(at);
      numbers.push(number % IS_FURTHER);
      if (number >= IS_FURTHER) return numbers;
    }
  }

  #checkOrder(fanOut: Buffer): void {
    let position = 0;
    for (let byte = 0; byte < 256; byte++) {
      const end = fanOut.readUInt32BE(byte * 4);
      if (end < position || end > this.count) throw new Damage("has a fan-out table that does not rise");
      for (; position < end; position++) {
        const start = position * this.#idBytes;
        if (this.#names[start] !== byte) throw new Damage("has names that its fan-out table does not lead to");
        const order =
          position === 0
            ? 1
            : this.#names.compare(this.#names, start - this.#idBytes, start, start, start + this.#idBytes);
        if (order <= 0) throw new Damage("has names that are not in order");
      }
    }
  }
}

export class CommitGraphFile {
  readonly count: number;
  readonly #layers: readonly CommitGraphLayer[];

  /**
   * @param files the layers from the lowest on, whole
   * @throws {Damage | NotForUs}
   */
  constructor(files: readonly Buffer[], idBytes: IdBytes) {
    const layers: CommitGraphLayer[] = [];
    for (const bytes of files) layers.push(new CommitGraphLayer(bytes, idBytes, layers));
    this.#layers = layers;
    this.count = layers.reduce((sum, { count }) => sum + count, 0);
  }

  /**
   * @param objectDirectory where git looks for it: one file, or else a chain of them
   * @returns null where there is none
   * @throws {Damage | NotForUs} or what the system says
   */
  static open(objectDirectory: string, idBytes: IdBytes): CommitGraphFile | null {
    const single = path.join(objectDirectory, "info", "commit-graph");
    if (existsSync(single)) return new CommitGraphFile([readRegularFile(single)], idBytes);
    const directory = path.join(objectDirectory, "info", "commit-graphs");
    const chain = path.join(directory, "commit-graph-chain");
    if (!existsSync(chain)) return null;
    const lines = readRegularFile(chain).toString("latin1").split("\n");
    const names = lines.filter((line) => line !== "");
    for (const name of names) {
      if (name.length !== idBytes * 2 || !/^[0-9a-f]+$/.test(name))
        throw new Damage("has a chain of what are no names");
    }
    const graph = new CommitGraphFile(
      names.map((name) => readRegularFile(path.join(directory, `graph-${name}.graph`))),
      idBytes,
    );
    for (const [number, { checksum }] of graph.#layers.entries()) {
      if (checksum !== names[number]) throw new Damage("has a layer that is another than its name says");
    }
    return graph;
  }

  /** @throws {Damage} */
  get(objectId: string): KnownCommit | null {
    const name = Buffer.from(objectId, "hex");
    for (const layer of this.#layers) {
      const position = layer.find(name);
      if (position !== -1) return layer.at(position, (number) => this.#nameOf(number));
    }
    return null;
  }

  /** @throws {Damage} */
  *[Symbol.iterator](): Generator<KnownCommit> {
    for (const layer of this.#layers) {
      for (let position = 0; position < layer.count; position++)
        yield layer.at(position, (number) => this.#nameOf(number));
    }
  }

  #nameOf(number: number): string {
    for (const layer of this.#layers) {
      if (number >= layer.first && number < layer.first + layer.count) return layer.nameAt(number - layer.first);
    }
    throw new Damage(`names parent ${number} of ${this.count}`);
  }
}

function chunkOf(chunks: ReadonlyMap<string, Buffer>, id: string, length: number): Buffer {
  const chunk = chunks.get(id);
  if (chunk?.length !== length) throw new Damage(`has another table ${id} than its commits take`);
  return chunk;
}

function readChunks(bytes: Buffer, count: number, end: number): Map<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  if (HEADER_BYTES + (count + 1) * ROW_BYTES > end) throw new Damage("is too short for its table of contents");
  for (let chunk = 0; chunk < count; chunk++) {
    const row = HEADER_BYTES + chunk * ROW_BYTES;
    const from = offsetAt(bytes, row);
    const to = offsetAt(bytes, row + ROW_BYTES);
    if (from > to || to > end) throw new Damage("has a table of contents that leads out of it");
    chunks.set(bytes.toString("latin1", row, row + 4), bytes.subarray(from, to));
  }
  return chunks;
}

function offsetAt(bytes: Buffer, row: number): number {
  return bytes.readUInt32BE(row + 4) * 2 ** 32 + bytes.readUInt32BE(row + 8);
}
