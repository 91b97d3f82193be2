/**
 * Goes through families of deltas from their whole objects on. A version is put together only where others are made from
 * it, or where somebody wants to see it; of others only the pieces are shown that are not plainly their base's.
 */
import { Damage, NotForUs } from "./damage.ts";
import { Delta } from "./delta.ts";
import { Inflater } from "./inflater.ts";
import { EntryHeader } from "./pack-entry.ts";
import type { IdBytes } from "./pack-index.ts";
import { NO_ENTRY, type PackMap } from "./pack-map.ts";
import type { RandomAccessFile } from "./random-access-file.ts";
import { BLOB, type ReferenceReader, TREE } from "./references.ts";

/** What is larger is left to whoever can read it piece by piece. */
export const MAX_OBJECT_BYTES = 16 * 1024 * 1024;
/** Versions that are kept because more is made from them: a few dozen of a family at most, and large ones are rare. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

export interface FamilyVisitor {
  /** How many bytes on both sides of a seam it has to see, and how many at the beginning. */
  readonly contextBytes: number;
  readonly headBytes: number;
  /** @returns whether all that is made from this object has to be seen whole as well */
  whole(entry: number, bytes: Buffer): boolean;
  /**
   * @param pieces what {@link Delta.condense} gives
   * @param size the length of the whole object
   * @returns whether it has to be seen whole
   */
  pieces(entry: number, pieces: Buffer, size: number): boolean;
  /** Neither this nor what is made from it was shown. */
  left(entry: number, why: Damage | NotForUs): void;
}

/** An object that more is made from. */
interface OpenObject {
  readonly entry: number;
  readonly bytes: Buffer;
  readonly isWatched: boolean;
  /** Of a tree, where its entries begin. */
  readonly starts: Int32Array | null;
  nextChild: number;
}

export class FamilyWalk {
  readonly #file: RandomAccessFile;
  readonly #map: PackMap;
  readonly #idBytes: IdBytes;
  readonly #visitor: FamilyVisitor;
  readonly #references: ReferenceReader | null;
  readonly #header = new EntryHeader();
  readonly #delta = new Delta();
  readonly #inflater = new Inflater();
  #pieces = Buffer.allocUnsafeSlow(1 << 16);
  #scratch = Buffer.allocUnsafeSlow(1 << 16);
  #keptBytes = 0;

  /** @param references looks at all that objects name */
  constructor(
    file: RandomAccessFile,
    map: PackMap,
    idBytes: IdBytes,
    visitor: FamilyVisitor,
    references: ReferenceReader | null,
  ) {
    this.#file = file;
    this.#map = map;
    this.#idBytes = idBytes;
    this.#visitor = visitor;
    this.#references = references;
  }

  /** @param root a whole object; from there on everything that is made from it is visited */
  walk(root: number): void {
    const { firstChild, nextSibling, heaviestChild } = this.#map;
    // No recursion: a chain can have thousands of links.
    const open: OpenObject[] = [];
    const first = this.#enterWhole(root);
    if (first !== null) open.push(first);
    for (let parent = open.at(-1); parent !== undefined; parent = open.at(-1)) {
      let child = parent.nextChild;
      if (child === NO_ENTRY) {
        child = heaviestChild[parent.entry]!;
        // Nothing else is made from it: it need not be kept while its heaviest child's family is visited.
        open.pop();
        this.#keptBytes -= parent.bytes.length;
      } else {
        parent.nextChild = nextSibling[child]!;
      }
      const entered = this.#enterDelta(child, parent);
      if (entered !== null) {
        entered.nextChild = firstChild[child]!;
        open.push(entered);
      }
    }
  }

  #enterWhole(entry: number): OpenObject | null {
    try {
      const inflated = this.#inflate(entry);
      const isWatched = this.#visitor.whole(entry, inflated);
      const starts = this.#references?.read(this.#map.types[entry]!, entry, inflated) ?? null;
      return this.#map.heaviestChild[entry] === NO_ENTRY
        ? null
        : this.#keep(entry, copyOf(inflated), isWatched, starts);
    } catch (error) {
      return this.#leave(entry, error);
    }
  }

  #enterDelta(entry: number, parent: OpenObject): OpenObject | null {
    const delta = this.#delta;
    const hasChildren = this.#map.heaviestChild[entry] !== NO_ENTRY;
    try {
      delta.open(this.#inflate(entry));
      const size = delta.resultSize;
      if (size > MAX_OBJECT_BYTES) throw new NotForUs(`is ${size} bytes long`);
      let isWatched = parent.isWatched;
      if (!isWatched) {
        if (this.#pieces.length < size) this.#pieces = Buffer.allocUnsafeSlow(2 * size);
        const { contextBytes, headBytes } = this.#visitor;
        const length = delta.condense(parent.bytes, this.#pieces, contextBytes, headBytes);
        isWatched = this.#visitor.pieces(entry, this.#pieces.subarray(0, length), size);
        const namesOthers = this.#references !== null && this.#map.types[entry] !== BLOB;
        if (!isWatched && !hasChildren && !namesOthers) return null;
      }
      const bytes = hasChildren ? Buffer.allocUnsafe(size) : this.#scratchOf(size);
      delta.apply(parent.bytes, bytes);
      const starts = this.#readReferences(entry, bytes, parent);
      return this.#keep(entry, bytes, isWatched && this.#visitor.whole(entry, bytes), starts);
    } catch (error) {
      return this.#leave(entry, error);
    }
  }

  #readReferences(entry: number, bytes: Buffer, { bytes: base, starts }: OpenObject): Int32Array | null {
    if (this.#references === null) return null;
    const type = this.#map.types[entry]!;
    if (type === TREE && starts !== null)
      return this.#references.readTreeDelta(this.#delta, base, starts, entry, bytes);
    return this.#references.read(type, entry, bytes);
  }

  #keep(entry: number, bytes: Buffer, isWatched: boolean, starts: Int32Array | null): OpenObject | null {
    if (this.#map.heaviestChild[entry] === NO_ENTRY) return null;
    if (this.#keptBytes + bytes.length > MAX_KEPT_BYTES) {
      this.#leaveChildren(entry);
      return null;
    }
    this.#keptBytes += bytes.length;
    return { entry, bytes, isWatched, starts, nextChild: this.#map.firstChild[entry]! };
  }

  #leave(entry: number, error: unknown): null {
    if (!(error instanceof Damage || error instanceof NotForUs)) throw error;
    this.#visitor.left(entry, error);
    return null;
  }

  #leaveChildren(entry: number): void {
    const why = new NotForUs("has too many large versions");
    for (let child = this.#map.firstChild[entry]!; child !== NO_ENTRY; child = this.#map.nextSibling[child]!) {
      this.#visitor.left(child, why);
    }
    this.#visitor.left(this.#map.heaviestChild[entry]!, why);
  }

  #inflate(entry: number): Buffer {
    return inflateEntry(this.#file, this.#map, entry, this.#idBytes, this.#header, this.#inflater);
  }

  #scratchOf(size: number): Buffer {
    if (this.#scratch.length < size) this.#scratch = Buffer.allocUnsafeSlow(2 * size);
    return this.#scratch.subarray(0, size);
  }
}

/**
 * @param header takes what stands in front of the bytes
 * @returns the object, or the delta; valid until the next call
 * @throws {Damage | NotForUs}
 */
export function inflateEntry(
  file: RandomAccessFile,
  { offsets }: PackMap,
  entry: number,
  idBytes: IdBytes,
  header: EntryHeader,
  inflater: Pick<Inflater, "inflate">,
): Buffer {
  const start = offsets[entry]!;
  const length = offsets[entry + 1]! - start;
  if (length > MAX_OBJECT_BYTES) throw new NotForUs(`takes ${length} bytes in its pack`);
  const bytes = file.read(start, length);
  header.read(bytes, 0, idBytes);
  if (header.size > MAX_OBJECT_BYTES) throw new NotForUs(`is ${header.size} bytes long`);
  return inflater.inflate(bytes.subarray(header.length), header.size);
}

function copyOf(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafe(bytes.length);
  bytes.copy(copy);
  return copy;
}
