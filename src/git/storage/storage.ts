/** All objects of a repository's object directories, by number and by name, without git's help. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { messageOf, systemCodeOf } from "../../core/errors.ts";
import type { Gap } from "../../core/gap.ts";
import { readRegularFile } from "../regular-file.ts";
import { BytesCache } from "./bytes-cache.ts";
import { Damage, NotForUs } from "./damage.ts";
import { Delta } from "./delta.ts";
import { inflateEntry, MAX_OBJECT_BYTES } from "./family-walk.ts";
import { indexFromMulti } from "./index-from-multi.ts";
import { Inflater } from "./inflater.ts";
import { readLooseObject, type WholeObject } from "./loose-object.ts";
import { MultiPackIndex } from "./multi-pack-index.ts";
import { NameTable } from "./name-table.ts";
import { EntryHeader, OBJECT_TYPES } from "./pack-entry.ts";
import { type IdBytes, PackIndex } from "./pack-index.ts";
import { entryAt, type MappedPack, mapPack, NO_ENTRY } from "./pack-map.ts";
import { RandomAccessFile } from "./random-access-file.ts";

/** Each keeps some MiB of its file. */
const MAX_OPEN_FILES = 4;
const MAX_CACHED_BYTES = 32 * 1024 * 1024;

export class StoredPack {
  /** `pack-….pack` */
  readonly name: string;
  readonly path: string;
  readonly index: PackIndex;
  readonly mapped: MappedPack;
  /** Entries whose object another pack, or another entry, stands for. */
  readonly doubles: Uint8Array;
  #positions: Uint32Array | null = null;

  constructor(file: string, index: PackIndex, mapped: MappedPack) {
    this.name = path.basename(file);
    this.path = file;
    this.index = index;
    this.mapped = mapped;
    this.doubles = new Uint8Array(new SharedArrayBuffer(index.count));
  }

  nameOf(entry: number): string {
    return this.index.nameAt(this.positions[entry]!).toString("hex");
  }

  /** Of each entry its place in the index. */
  get positions(): Uint32Array {
    this.#positions ??= positionsOf(this.index);
    return this.#positions;
  }

  entryOf(position: number): number {
    return entryAt(this.mapped.map, this.index.offsetAt(position));
  }
}

/** Of entries, in the order in which they stand in the pack. */
function positionsOf(index: PackIndex): Uint32Array {
  const { count } = index;
  const offsets = Float64Array.from({ length: count }, (_, position) => index.offsetAt(position));
  const places = Math.max(1, count);
  // One number for both, so that they are put in order together: below 2^53 for packs of terabytes.
  const byOffset = offsets.map((offset, position) => offset * places + position).toSorted();
  if (Number.isSafeInteger(byOffset.at(-1) ?? 0)) return Uint32Array.from(byOffset, (key) => key % places);
  return Uint32Array.from(offsets.keys()).toSorted((a, b) => offsets[a]! - offsets[b]!);
}

export interface LooseFile {
  readonly objectId: string;
  readonly path: string;
}

export interface OpenedStorage {
  readonly storage: Storage;
  /** What of packs and indexes is not as git's formats want it; the storage is without those packs. */
  readonly damaged: readonly Gap[];
}

export class Storage {
  readonly packs: readonly StoredPack[];
  /** One for each name, and none that a pack has as well. */
  readonly loose: readonly LooseFile[];
  readonly idBytes: IdBytes;
  readonly #looseByName: ReadonlyMap<string, LooseFile>;
  readonly #passedOver: readonly PackIndex[];
  readonly #files = new Map<StoredPack, RandomAccessFile>();
  readonly #cache = new BytesCache(MAX_CACHED_BYTES);
  readonly #header = new EntryHeader();
  readonly #delta = new Delta();
  readonly #inflater = new Inflater();

  private constructor(
    packs: readonly StoredPack[],
    passedOver: readonly PackIndex[],
    loose: ReadonlyMap<string, LooseFile>,
    idBytes: IdBytes,
  ) {
    this.packs = packs;
    this.#passedOver = passedOver;
    this.loose = [...loose.values()];
    this.#looseByName = loose;
    this.idBytes = idBytes;
  }

  /**
   * @param directories a repository's own object directory and those that it borrows from
   * @param passOver paths of packs that are not opened; their objects stand for those of all others
   * @throws the signal's reason when it is aborted
   */
  static async open(
    directories: readonly string[],
    idBytes: IdBytes,
    signal?: AbortSignal,
    passOver: readonly string[] = [],
  ): Promise<OpenedStorage> {
    const damaged: Gap[] = [];
    const packs: StoredPack[] = [];
    for (const directory of directories) {
      packs.push(...(await openPacks(path.join(directory, "pack"), idBytes, damaged, passOver, signal)));
    }
    packs.sort((a, b) => b.index.count - a.index.count);
    const looseFiles = directories.flatMap((directory) => listLoose(directory, idBytes));
    const isIndexNeeded = packs.length > 0 || looseFiles.length > 0;
    const passedOver = isIndexNeeded ? openIndexes(passOver, idBytes, damaged) : [];
    markDoubles(packs);
    for (const pack of passedOver.length === 0 ? [] : packs) markDoublesOf(passedOver, pack);
    const loose = new Map<string, LooseFile>();
    const indexes = [...packs.map(({ index }) => index), ...passedOver];
    for (const file of looseFiles) {
      const name = Buffer.from(file.objectId, "hex");
      if (!loose.has(file.objectId) && !indexes.some((index) => index.find(name) !== -1)) {
        loose.set(file.objectId, file);
      }
    }
    return { storage: new Storage(packs, passedOver, loose, idBytes), damaged };
  }

  /** Whether the object is here, or in a pack that is not opened. */
  has(objectId: string): boolean {
    const name = Buffer.from(objectId, "hex");
    return (
      this.#looseByName.has(objectId) ||
      this.packs.some(({ index }) => index.find(name) !== -1) ||
      this.isPassedOver(objectId)
    );
  }

  get hasPassedOver(): boolean {
    return this.#passedOver.length > 0;
  }

  /** Whether the object is in a pack that is not opened. */
  isPassedOver(objectId: string): boolean {
    const name = Buffer.from(objectId, "hex");
    return this.#passedOver.some((index) => index.find(name) !== -1);
  }

  /**
   * @returns the object; its bytes are the caller's to read and not to change
   * @throws {Damage | NotForUs} where it cannot be read here
   */
  read(objectId: string): WholeObject | null {
    const place = this.#find(objectId);
    if (place === null) return null;
    return place.pack === null ? readLooseObject(place.file.path, objectId) : this.readEntry(place.pack, place.entry);
  }

  /** As {@link read}, for an object of a pack. */
  readEntry(pack: StoredPack, entry: number): WholeObject {
    const chain: { pack: StoredPack; entry: number }[] = [];
    const seen = new Set<string>();
    let at = { pack, entry };
    let object: WholeObject | undefined;
    for (;;) {
      const key = keyOf(at);
      if (seen.has(key)) throw new Damage("is a delta of itself, by way of others");
      seen.add(key);
      object = this.#cache.get(key);
      if (object !== undefined) break;
      const { mapped } = at.pack;
      const why = mapped.damage.get(at.entry);
      if (why !== undefined) throw new Damage(why);
      const elsewhere = mapped.basesElsewhere.get(at.entry);
      const base = mapped.map.bases[at.entry]!;
      if (base === NO_ENTRY && elsewhere === undefined) {
        object = this.#readRoot(at.pack, at.entry);
        this.#cache.set(key, object);
        break;
      }
      chain.push(at);
      if (elsewhere === undefined) {
        at = { pack: at.pack, entry: base };
        continue;
      }
      const place = this.#find(elsewhere);
      if (place === null) throw new Damage(`is a delta of ${elsewhere}, which is missing`);
      if (place.pack === null) {
        object = readLooseObject(place.file.path, elsewhere);
        break;
      }
      at = { pack: place.pack, entry: place.entry };
    }
    for (const link of chain.toReversed()) {
      object = this.#readDelta(link.pack, link.entry, object);
      this.#cache.set(keyOf(link), object);
    }
    return object;
  }

  close(): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
  }

  #find(objectId: string): { pack: StoredPack; entry: number } | { pack: null; file: LooseFile } | null {
    const name = Buffer.from(objectId, "hex");
    for (const pack of this.packs) {
      const position = pack.index.find(name);
      if (position !== -1) return { pack, entry: pack.entryOf(position) };
    }
    const file = this.#looseByName.get(objectId);
    if (file !== undefined) return { pack: null, file };
    if (this.#passedOver.some((index) => index.find(name) !== -1))
      throw new NotForUs("is in a pack that is not opened");
    return null;
  }

  #readRoot(pack: StoredPack, entry: number): WholeObject {
    const bytes = Buffer.from(this.#inflate(pack, entry));
    return { type: OBJECT_TYPES[this.#header.type]!, bytes };
  }

  #readDelta(pack: StoredPack, entry: number, base: WholeObject): WholeObject {
    this.#delta.open(this.#inflate(pack, entry));
    if (this.#delta.resultSize > MAX_OBJECT_BYTES) throw new Damage(`is ${this.#delta.resultSize} bytes long`);
    const bytes = Buffer.allocUnsafe(this.#delta.resultSize);
    this.#delta.apply(base.bytes, bytes);
    return { type: base.type, bytes };
  }

  #inflate(pack: StoredPack, entry: number): Buffer {
    return inflateEntry(this.#file(pack), pack.mapped.map, entry, this.idBytes, this.#header, this.#inflater);
  }

  #file(pack: StoredPack): RandomAccessFile {
    let file = this.#files.get(pack);
    this.#files.delete(pack);
    if (file === undefined) {
      if (this.#files.size >= MAX_OPEN_FILES) {
        const [oldest, oldestFile] = this.#files.entries().next().value!;
        oldestFile.close();
        this.#files.delete(oldest);
      }
      file = new RandomAccessFile(pack.path);
    }
    this.#files.set(pack, file);
    return file;
  }
}

function keyOf({ pack, entry }: { pack: StoredPack; entry: number }): string {
  return `${pack.path}:${entry}`;
}

async function openPacks(
  directory: string,
  idBytes: IdBytes,
  damaged: Gap[],
  passOver: readonly string[],
  signal: AbortSignal | undefined,
): Promise<StoredPack[]> {
  const names = new Set(listDirectory(directory));
  const packs: StoredPack[] = [];
  for (const name of names) {
    if (!name.endsWith(".pack")) continue;
    const file = path.join(directory, name);
    if (passOver.includes(file)) continue;
    const indexName = name.replace(/\.pack$/, ".idx");
    let what = `pack index ${indexName}`;
    try {
      const index = names.has(indexName)
        ? new PackIndex(readRegularFile(path.join(directory, indexName)), idBytes)
        : indexBesides(directory, names, indexName, file, idBytes);
      if (index === null) continue;
      what = `pack ${name}`;
      packs.push(await openPack(file, index, signal));
    } catch (error) {
      if (!(error instanceof Damage) && systemCodeOf(error) === undefined) throw error;
      damaged.push({ what, why: `${messageOf(error)}; run git fsck` });
    }
  }
  return packs;
}

/** Of packs that are not opened themselves. */
function openIndexes(packs: readonly string[], idBytes: IdBytes, damaged: Gap[]): PackIndex[] {
  return packs.flatMap((pack) => {
    const file = pack.replace(/\.pack$/, ".idx");
    try {
      return [new PackIndex(readRegularFile(file), idBytes)];
    } catch (error) {
      if (!(error instanceof Damage) && systemCodeOf(error) === undefined) throw error;
      damaged.push({ what: `pack index ${path.basename(file)}`, why: `${messageOf(error)}; run git fsck` });
      return [];
    }
  });
}

async function openPack(packPath: string, index: PackIndex, signal: AbortSignal | undefined): Promise<StoredPack> {
  const file = new RandomAccessFile(packPath);
  try {
    return new StoredPack(packPath, index, await mapPack(file, index, signal));
  } finally {
    file.close();
  }
}

/** Of a pack without an index of its own. */
function indexBesides(
  directory: string,
  names: ReadonlySet<string>,
  indexName: string,
  pack: string,
  idBytes: IdBytes,
): PackIndex | null {
  if (!names.has("multi-pack-index")) return null;
  const multi = new MultiPackIndex(readRegularFile(path.join(directory, "multi-pack-index")), idBytes);
  return indexFromMulti(multi, indexName, pack, idBytes);
}

/** The pack with the most objects comes first, and its objects stand for those of the others. */
function markDoubles(packs: readonly StoredPack[]): void {
  const [largest, ...others] = packs;
  if (largest === undefined) return;
  if (largest.index.hasDoubles) markDoublesWithin(largest);
  if (others.length === 0) return;
  const table = new NameTable(others.reduce((sum, { index }) => sum + index.count, 0));
  for (const pack of others) {
    const { index } = pack;
    for (let position = 0; position < index.count; position++) {
      const name = index.nameAt(position);
      if (largest.index.find(name) !== -1 || !table.add(index, position)) pack.doubles[pack.entryOf(position)] = 1;
    }
  }
}

function markDoublesOf(indexes: readonly PackIndex[], pack: StoredPack): void {
  for (let position = 0; position < pack.index.count; position++) {
    const name = pack.index.nameAt(position);
    if (indexes.some((index) => index.find(name) !== -1)) pack.doubles[pack.entryOf(position)] = 1;
  }
}

function markDoublesWithin(pack: StoredPack): void {
  for (let position = 1; position < pack.index.count; position++) {
    if (pack.index.nameAt(position).equals(pack.index.nameAt(position - 1))) pack.doubles[pack.entryOf(position)] = 1;
  }
}

function listLoose(directory: string, idBytes: IdBytes): LooseFile[] {
  const files: LooseFile[] = [];
  for (const fan of listDirectory(directory)) {
    if (!/^[0-9a-f]{2}$/.test(fan)) continue;
    for (const name of listDirectory(path.join(directory, fan))) {
      const objectId = fan + name;
      if (/^[0-9a-f]+$/.test(name) && objectId.length === idBytes * 2) {
        files.push({ objectId, path: path.join(directory, fan, name) });
      }
    }
  }
  return files;
}

/** What cannot be listed is named by the survey of the store. */
function listDirectory(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
