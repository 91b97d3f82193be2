/**
 * What is staged. Source: gitformat-index. Of an entry only name, mode, object and stage are told; what says whether a
 * file has been touched is passed over, as are extensions that only repeat what stands in entries.
 */
import { ByteCursor } from "./byte-cursor.ts";
import { Damage, NotForUs } from "./damage.ts";
import { readEwah } from "./ewah.ts";
import { hashOf, type IdBytes } from "./pack-index.ts";

const SIGNATURE = 0x44495243;
/** Times, device, inode, owner and size, with the mode among them. */
const STAT_BYTES = 40;
const MODE_AT = 24;
const NAME_LENGTH_MASK = 0xfff;
const IS_EXTENDED = 0x4000;
/** Of the further flags: those that git gives a meaning to. */
const KNOWN_EXTENDED = 0x6000;
/** Of an entry that stands for all that is in a directory. */
export const DIRECTORY_MODE = 0o040000;
export const SUBMODULE_MODE = 0o160000;
/** Shortened names can become many times as long as the file. */
const MAX_NAME_BYTES = 256 * 1024 * 1024;

export interface StagedEntry {
  /** Bytes of the path; a sparse directory's ends in a slash. */
  readonly path: Buffer;
  readonly mode: number;
  readonly objectId: string;
  /** 0, or 1 to 3 for the sides of a conflict. */
  readonly stage: number;
}

export interface StagedFiles {
  readonly entries: readonly StagedEntry[];
  /** Trees that stand for entries which have not changed since. */
  readonly cachedTrees: readonly string[];
  /** What stood in place of conflicts that have been resolved. */
  readonly resolved: readonly string[];
}

/** A file of an index, and what of it stands in another. */
interface IndexPart extends StagedFiles {
  readonly shared: SharedPart | null;
}

interface SharedPart {
  /** The checksum of the other file, which is in its name. */
  readonly checksum: string;
  readonly cursor: ByteCursor;
}

/**
 * @param bytes the whole file
 * @param readShared gives the file of this name beside it, where the index is split
 * @throws {Damage | NotForUs}
 */
export function readIndexFile(bytes: Buffer, idBytes: IdBytes, readShared: (name: string) => Buffer): StagedFiles {
  const { shared, ...own } = readPart(bytes, idBytes);
  if (shared === null) {
    for (const { path } of own.entries) if (path.length === 0) throw new Damage("has an entry without a name");
    return own;
  }
  // Zeros stand where a split index shares nothing.
  if (/^0+$/.test(shared.checksum)) return merge([], own, shared.cursor);
  const sharedBytes = readShared(`sharedindex.${shared.checksum}`);
  const checksum = sharedBytes.subarray(Math.max(0, sharedBytes.length - idBytes)).toString("hex");
  if (checksum !== shared.checksum) throw new Damage("shares entries with another file than it says");
  const base = readPart(sharedBytes, idBytes);
  if (base.shared !== null) throw new Damage("shares entries with a file that shares them in turn");
  return merge(base.entries, own, shared.cursor);
}

function readPart(bytes: Buffer, idBytes: IdBytes): IndexPart {
  const end = bytes.length - idBytes;
  const cursor = new ByteCursor(bytes, 0, Math.max(0, end));
  if (cursor.uint32() !== SIGNATURE) throw new Damage("does not begin as an index");
  const version = cursor.uint32();
  if (version < 2 || version > 4) throw new NotForUs(`has version ${version}`);
  const checksum = bytes.subarray(end);
  // git leaves zeros with `index.skipHash`.
  if (!checksum.every((byte) => byte === 0) && !checksum.equals(hashOf(bytes.subarray(0, end), idBytes))) {
    throw new Damage("has a wrong checksum");
  }
  const count = cursor.uint32();
  const entries: StagedEntry[] = [];
  let before: Buffer = Buffer.alloc(0);
  let nameBytes = 0;
  for (let number = 0; number < count; number++) {
    const entry = readEntry(cursor, version, idBytes, before);
    before = entry.path;
    nameBytes += before.length;
    if (nameBytes > MAX_NAME_BYTES) throw new NotForUs("has too many long names");
    entries.push(entry);
  }
  return { entries, ...readExtensions(cursor, idBytes) };
}

function readEntry(cursor: ByteCursor, version: number, idBytes: IdBytes, before: Buffer): StagedEntry {
  const start = cursor.position;
  const mode = cursor.take(STAT_BYTES).readUInt32BE(MODE_AT);
  const objectId = cursor.id(idBytes);
  const flags = cursor.uint16();
  if ((flags & IS_EXTENDED) !== 0) {
    if (version < 3) throw new Damage("has flags that its version does not have");
    if ((cursor.uint16() & ~KNOWN_EXTENDED) !== 0) throw new NotForUs("has flags that are not known");
  }
  const path = version === 4 ? readShortenedName(cursor, before) : readPaddedName(cursor, start);
  const said = flags & NAME_LENGTH_MASK;
  if (said === NAME_LENGTH_MASK ? path.length < said : path.length !== said) {
    throw new Damage(`has a name of ${path.length} bytes that says ${said}`);
  }
  return { path, mode, objectId, stage: (flags >> 12) & 3 };
}

function readPaddedName(cursor: ByteCursor, start: number): Buffer {
  const path = cursor.until(0);
  const padding = (8 - ((cursor.position - start) % 8)) % 8;
  if (cursor.take(padding).some((byte) => byte !== 0)) throw new Damage("has bytes between entries");
  return path;
}

/** What it has in common with the one before is left out. */
function readShortenedName(cursor: ByteCursor, before: Buffer): Buffer {
  const dropped = cursor.varint();
  if (dropped > before.length) throw new Damage("shortens a name by more than there is");
  const rest = cursor.until(0);
  return Buffer.concat([before.subarray(0, before.length - dropped), rest]);
}

function readExtensions(cursor: ByteCursor, idBytes: IdBytes): Omit<IndexPart, "entries"> {
  let shared: SharedPart | null = null;
  let cachedTrees: string[] = [];
  let resolved: string[] = [];
  while (!cursor.isAtEnd) {
    const name = cursor.take(4).toString("latin1");
    const body = new ByteCursor(cursor.take(cursor.uint32()));
    if (name === "link") shared = { checksum: body.id(idBytes), cursor: body };
    else if (name === "TREE") cachedTrees = readCachedTrees(body, idBytes);
    else if (name === "REUC") resolved = readResolved(body, idBytes);
    // The others of git repeat what is known, or say what the working tree was like; a small letter says that one must not be passed over.
    else if (name !== "sdir" && !/^[A-Z]/.test(name)) throw new NotForUs(`has an extension ${JSON.stringify(name)}`);
  }
  return { shared, cachedTrees, resolved };
}

function readCachedTrees(cursor: ByteCursor, idBytes: IdBytes): string[] {
  const trees: string[] = [];
  while (!cursor.isAtEnd) {
    cursor.until(0);
    const entries = readDecimal(cursor.until(0x20));
    readDecimal(cursor.until(0x0a));
    if (entries >= 0) trees.push(cursor.id(idBytes));
  }
  return trees;
}

function readDecimal(digits: Buffer): number {
  const text = digits.toString("latin1");
  if (!/^(-1|\d{1,10})$/.test(text)) throw new Damage("has a number that is none");
  return Number(text);
}

function readResolved(cursor: ByteCursor, idBytes: IdBytes): string[] {
  const objects: string[] = [];
  while (!cursor.isAtEnd) {
    cursor.until(0);
    const modes = [cursor.until(0), cursor.until(0), cursor.until(0)].map((mode) => mode.toString("latin1"));
    for (const mode of modes) if (!/^[0-7]{1,7}$/.test(mode)) throw new Damage("has a mode that is none");
    for (const mode of modes) if (!/^0+$/.test(mode)) objects.push(cursor.id(idBytes));
  }
  return objects;
}

/** What is left of the shared entries, with those that took the place of others, and the new ones. */
function merge(base: readonly StagedEntry[], own: StagedFiles, cursor: ByteCursor): StagedFiles {
  // Without sets the whole of the other file holds.
  const deleted = cursor.isAtEnd ? [] : readEwah(cursor, base.length);
  const replaced = cursor.isAtEnd ? [] : readEwah(cursor, base.length);
  if (!cursor.isAtEnd) throw new Damage("has bytes behind what it shares");
  const kept: (StagedEntry | null)[] = [...base];
  for (const [number, place] of replaced.entries()) {
    const entry = own.entries[number];
    if (entry === undefined || entry.path.length > 0) throw new Damage("replaces an entry by none");
    kept[place] = { ...entry, path: base[place]!.path };
  }
  for (const place of deleted) kept[place] = null;
  const added = own.entries.slice(replaced.length);
  if (added.some(({ path }) => path.length === 0)) throw new Damage("has an entry without a name");
  const isNew = new Set(added.map(sideOf));
  // What is new takes the place of what has its name, and where it is no side of a conflict that of all sides.
  const isReplaced = (entry: StagedEntry): boolean =>
    isNew.has(sideOf(entry)) || isNew.has(sideOf({ ...entry, stage: 0 }));
  const remaining = kept.filter((entry): entry is StagedEntry => entry !== null && !isReplaced(entry));
  const entries = [...remaining, ...added].toSorted((a, b) => a.path.compare(b.path) || a.stage - b.stage);
  return { ...own, entries };
}

function sideOf({ path, stage }: StagedEntry): string {
  return `${stage} ${path.toString("latin1")}`;
}
