/**
 * Where each object of a pack begins, what kind it is and which one it is a delta of, told from the headers alone. All of it is
 * in typed arrays over shared memory: packs hold millions of objects, and threads read them together.
 * Objects are numbered in the order in which they stand in the pack.
 */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { Damage } from "./damage.ts";
import { EntryHeader, MAX_ENTRY_HEADER_BYTES, OFFSET_DELTA, REF_DELTA } from "./pack-entry.ts";
import { hashName, type PackIndex } from "./pack-index.ts";
import type { RandomAccessFile } from "./random-access-file.ts";

const PACK_HEADER_BYTES = 12;
const PACK_SIGNATURE = 0x5041434b;
const READ_BYTES = 1 << 20;
/** Others have their turn every so many bytes. */
const PAUSE_BYTES = 16 * READ_BYTES;

export const NO_ENTRY = -1;

export interface PackMap {
  readonly count: number;
  /** Of each entry, and behind the last one where the checksum begins. */
  readonly offsets: Float64Array;
  /** The kind of object, numbered as in the pack; 0 where its family has no whole object in this pack. */
  readonly types: Uint8Array;
  readonly bases: Int32Array;
  /** The children of an entry are `firstChild[entry]`, `nextSibling` of that and so on, and last `heaviestChild[entry]`. */
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  /** The one with the most descendants: whoever visits it last has few families open at a time. */
  readonly heaviestChild: Int32Array;
  /** Whole objects, from which families begin. */
  readonly roots: Int32Array;
}

export interface MappedPack {
  readonly map: PackMap;
  /** Entries that cannot be read from this pack alone, with their descendants: a base that is elsewhere, a damaged header. */
  readonly apart: readonly number[];
  /** What is wrong with some of them. */
  readonly damage: ReadonlyMap<number, string>;
  /** Bases by name that this pack does not have, by entry. */
  readonly basesElsewhere: ReadonlyMap<number, string>;
  /** Whether the checksum at the end of the pack is that of its bytes. */
  readonly hasRightChecksum: boolean;
}

/**
 * Reads the pack once from start to end.
 *
 * @throws {Damage} where pack and index do not belong together
 * @throws the signal's reason when it is aborted
 */
export async function mapPack(file: RandomAccessFile, index: PackIndex, signal?: AbortSignal): Promise<MappedPack> {
  checkEnds(file, index);
  const offsets = sortedOffsets(file, index);
  const reader = new HeaderReader(file, index, offsets);
  const hasRightChecksum = await reader.readAll(signal);
  const { map, unreached } = linkFamilies(offsets, reader.bases, reader.types);
  const damage = reader.damage;
  const explained = descendantsOf(map, [...damage.keys(), ...reader.basesElsewhere.keys()]);
  const known = new Set(explained);
  for (const entry of unreached) if (!known.has(entry)) damage.set(entry, "is a delta of itself, by way of others");
  return { map, apart: unreached, damage, basesElsewhere: reader.basesElsewhere, hasRightChecksum };
}

/** Which entry begins there, or {@link NO_ENTRY}. */
export function entryAt({ offsets, count }: PackMap, offset: number): number {
  return searchOffset(offsets, count, offset);
}

/** The entries and all that is made from them, each once. */
export function descendantsOf(map: PackMap, entries: Iterable<number>): number[] {
  const found: number[] = [];
  const seen = new Set<number>();
  const open = [...entries];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    if (seen.has(entry)) continue;
    seen.add(entry);
    found.push(entry);
    for (let child = map.firstChild[entry]!; child !== NO_ENTRY; child = map.nextSibling[child]!) open.push(child);
    if (map.heaviestChild[entry] !== NO_ENTRY) open.push(map.heaviestChild[entry]!);
  }
  return found;
}

function checkEnds(file: RandomAccessFile, index: PackIndex): void {
  const header = file.read(0, PACK_HEADER_BYTES);
  if (header.length < PACK_HEADER_BYTES || file.size < PACK_HEADER_BYTES + index.idBytes)
    throw new Damage("is too short");
  if (header.readUInt32BE(0) !== PACK_SIGNATURE) throw new Damage("does not begin as a pack");
  const version = header.readUInt32BE(4);
  if (version !== 2 && version !== 3) throw new Damage(`has version ${version}`);
  const count = header.readUInt32BE(8);
  if (count !== index.count) throw new Damage(`has ${count} objects and its index ${index.count}`);
  const checksum = file.read(file.size - index.idBytes, index.idBytes);
  if (!checksum.equals(index.packChecksum)) throw new Damage("is another one than its index is for");
}

function sortedOffsets(file: RandomAccessFile, index: PackIndex): Float64Array {
  const { count } = index;
  const offsets = new Float64Array(new SharedArrayBuffer((count + 1) * 8));
  for (let position = 0; position < count; position++) offsets[position] = index.offsetAt(position);
  offsets[count] = file.size - index.idBytes;
  const end = offsets[count];
  offsets.subarray(0, count).sort();
  for (let entry = 0; entry < count; entry++) {
    if (offsets[entry]! < PACK_HEADER_BYTES || offsets[entry]! >= end) {
      throw new Damage(`has no room for an object at ${offsets[entry]}, where its index has one`);
    }
    if (offsets[entry] === offsets[entry + 1]) throw new Damage(`has two objects at ${offsets[entry]} by its index`);
  }
  if (count > 0 && offsets[0] !== PACK_HEADER_BYTES) throw new Damage("has bytes in front of its first object");
  return offsets;
}

function searchOffset(offsets: Float64Array, count: number, offset: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (offsets[middle]! < offset) low = middle + 1;
    else high = middle;
  }
  return low < count && offsets[low] === offset ? low : NO_ENTRY;
}

/** Goes through the pack in large steps, so it also works out the checksum. */
class HeaderReader {
  readonly bases: Int32Array;
  readonly types: Uint8Array;
  readonly damage = new Map<number, string>();
  readonly basesElsewhere = new Map<number, string>();
  readonly #file: RandomAccessFile;
  readonly #index: PackIndex;
  readonly #offsets: Float64Array;
  readonly #header = new EntryHeader();

  constructor(file: RandomAccessFile, index: PackIndex, offsets: Float64Array) {
    this.#file = file;
    this.#index = index;
    this.#offsets = offsets;
    this.bases = new Int32Array(new SharedArrayBuffer(index.count * 4)).fill(NO_ENTRY);
    this.types = new Uint8Array(new SharedArrayBuffer(index.count));
  }

  /** @returns whether the checksum is right */
  async readAll(signal: AbortSignal | undefined): Promise<boolean> {
    const { count, idBytes } = this.#index;
    const end = this.#offsets[count]!;
    const hash = createHash(hashName(idBytes));
    let entry = 0;
    for (let start = 0; start < end; start += READ_BYTES) {
      const stop = Math.min(start + READ_BYTES, end);
      if (start % PAUSE_BYTES === 0) {
        await setImmediate();
        signal?.throwIfAborted();
      }
      const bytes = this.#file.read(start, Math.min(READ_BYTES + MAX_ENTRY_HEADER_BYTES, end - start));
      hash.update(bytes.subarray(0, stop - start));
      for (; entry < count && this.#offsets[entry]! < stop; entry++) {
        const offset = this.#offsets[entry]!;
        const room = Math.min(this.#offsets[entry + 1]!, start + bytes.length) - start;
        this.#read(entry, room === bytes.length ? bytes : bytes.subarray(0, room), offset - start);
      }
    }
    return hash.digest().equals(this.#index.packChecksum);
  }

  #read(entry: number, bytes: Buffer, at: number): void {
    const header = this.#header;
    try {
      header.read(bytes, at, this.#index.idBytes);
      this.types[entry] = header.type;
      if (header.type === OFFSET_DELTA) this.bases[entry] = this.#baseByOffset(entry);
      else if (header.type === REF_DELTA) this.#baseByName(entry, bytes);
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      this.types[entry] = REF_DELTA;
      this.damage.set(entry, error.message);
    }
  }

  #baseByOffset(entry: number): number {
    const offset = this.#offsets[entry]! - this.#header.baseDistance;
    const base = searchOffset(this.#offsets, entry, offset);
    if (base === NO_ENTRY) throw new Damage(`is a delta of what begins at ${offset}, where nothing does`);
    return base;
  }

  #baseByName(entry: number, bytes: Buffer): void {
    const { baseName } = this.#header;
    const name = bytes.subarray(baseName, baseName + this.#index.idBytes);
    const position = this.#index.find(name);
    if (position === -1) this.basesElsewhere.set(entry, name.toString("hex"));
    else this.bases[entry] = searchOffset(this.#offsets, this.#index.count, this.#index.offsetAt(position));
  }
}

/** Turns links to bases around. What no whole object leads to is left over: a circle, or a base that is not here. */
function linkFamilies(
  offsets: Float64Array,
  bases: Int32Array,
  types: Uint8Array,
): { map: PackMap; unreached: number[] } {
  const count = types.length;
  const makeLinks = (): Int32Array => new Int32Array(new SharedArrayBuffer(count * 4)).fill(NO_ENTRY);
  const firstChild = makeLinks();
  const nextSibling = makeLinks();
  const heaviestChild = makeLinks();
  for (let entry = count - 1; entry >= 0; entry--) {
    const base = bases[entry]!;
    if (base === NO_ENTRY) continue;
    nextSibling[entry] = firstChild[base]!;
    firstChild[base] = entry;
  }
  // Parents before children. What was put in line is also what has been reached.
  const line = new Int32Array(count);
  let filled = 0;
  for (let entry = 0; entry < count; entry++) if (types[entry]! < OFFSET_DELTA) line[filled++] = entry;
  const roots = new Int32Array(new SharedArrayBuffer(filled * 4));
  roots.set(line.subarray(0, filled));
  for (let next = 0; next < filled; next++) {
    const entry = line[next]!;
    for (let child = firstChild[entry]!; child !== NO_ENTRY; child = nextSibling[child]!) {
      types[child] = types[entry]!;
      line[filled++] = child;
    }
  }
  const unreached: number[] = [];
  for (let entry = 0; entry < count; entry++) {
    if (types[entry]! < OFFSET_DELTA) continue;
    unreached.push(entry);
    types[entry] = 0;
  }
  const weights = new Int32Array(count).fill(1);
  for (let next = filled - 1; next >= 0; next--) {
    const base = bases[line[next]!]!;
    if (base !== NO_ENTRY) weights[base]! += weights[line[next]!]!;
  }
  for (let entry = 0; entry < count; entry++) if (types[entry] !== 0) setHeaviestApart(entry);
  return { map: { count, offsets, types, bases, firstChild, nextSibling, heaviestChild, roots }, unreached };

  function setHeaviestApart(entry: number): void {
    let heaviest = NO_ENTRY;
    let before = NO_ENTRY;
    let last = NO_ENTRY;
    for (let child = firstChild[entry]!; child !== NO_ENTRY; child = nextSibling[child]!) {
      if (heaviest === NO_ENTRY || weights[child]! > weights[heaviest]!) {
        heaviest = child;
        before = last;
      }
      last = child;
    }
    if (heaviest === NO_ENTRY) return;
    heaviestChild[entry] = heaviest;
    if (before === NO_ENTRY) firstChild[entry] = nextSibling[heaviest]!;
    else nextSibling[before] = nextSibling[heaviest]!;
    nextSibling[heaviest] = NO_ENTRY;
  }
}
