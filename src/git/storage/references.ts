/**
 * What commits, trees and tags name, and whether it is there. Every object that is read is asked, reachable or not: where
 * nothing is lacking then, nothing that is reachable is lacking either.
 */
import type { Delta } from "./delta.ts";
import { findName, type SharedNames, typeAt } from "./name-lookup.ts";
import type { IdBytes } from "./pack-index.ts";

/** For what may be any of them. */
export const ANY = 0;
export const COMMIT = 1;
export const TREE = 2;
export const BLOB = 3;
export const TAG = 4;
const TYPE_NAMES = ["", "commit", "tree", "blob", "tag"];

const FILE_TYPE_MASK = 0o170000;
const DIRECTORY = 0o040000;
const FILE = 0o100000;
const LINK = 0o120000;
const SUBMODULE = 0o160000;
/** With more of them it is left to git to walk. */
const MAX_ABSENT = 50_000;

/** git has it without storing it. */
const EMPTY_TREES: ReadonlySet<string> = new Set([
  "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
  "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
]);

export interface Reference {
  readonly objectId: string;
  readonly type: number;
  /** The object that names it: an entry of its pack, the name of one that was read by itself, or null for what is no object. */
  readonly holder: number | string | null;
}

/** What has come of the references of some objects. */
export interface References {
  /** What has been named and was not among the objects that are known. */
  readonly absent: readonly Reference[];
  /**
   * In pairs, where there is one pack: the entry that names another object, or -1 for what is no entry, and the place of that object's
   * name. Blobs are left out, and of a delta what its base names as well.
   */
  readonly links: Int32Array;
  /** Whether something was not as git's formats want it, so that more may be named. */
  readonly isDoubtful: boolean;
}

export const NO_REFERENCES: References = { absent: [], links: new Int32Array(), isDoubtful: false };

export class ReferenceReader {
  readonly #known: readonly SharedNames[];
  readonly #idBytes: IdBytes;
  readonly #id: Buffer;
  #absent = new Map<string, Reference>();
  #isDoubtful = false;
  readonly #layout = new Layout();
  #links = new Int32Array(1024);
  #linkCount = 0;

  /** @param known the first is asked first */
  constructor(known: readonly SharedNames[], idBytes: IdBytes) {
    this.#known = known;
    this.#idBytes = idBytes;
    this.#id = Buffer.alloc(idBytes);
  }

  /** What has come together since the last call. */
  take(): References {
    const links = this.#links.slice(0, this.#linkCount);
    const taken = { absent: [...this.#absent.values()], links, isDoubtful: this.#isDoubtful };
    this.#linkCount = 0;
    this.#absent = new Map();
    this.#isDoubtful = false;
    return taken;
  }

  /**
   * @param self how the object is told as the holder of what it names
   * @returns where entries of a tree begin, and where the last one ends; null of what is no tree
   */
  read(type: number, self: number | string, bytes: Buffer): Int32Array | null {
    if (type === TREE) return this.#readTree(bytes, self);
    if (type === COMMIT) this.#readCommit(bytes, self);
    else if (type === TAG) this.#readTag(bytes, self);
    return null;
  }

  /**
   * Of a tree that is made from another only those entries are looked at that are not the other's.
   *
   * @param starts what {@link read} or this gave for the base
   */
  readTreeDelta(delta: Delta, base: Buffer, starts: Int32Array, self: number, bytes: Buffer): Int32Array | null {
    const operations = delta.listOperations(base);
    const layout = this.#layout;
    layout.begin(starts);
    let at = 0;
    let operation = 0;
    let operationAt = 0;
    while (at < bytes.length) {
      while (operationAt + operations[operation + 2]! <= at) {
        operationAt += operations[operation + 2]!;
        operation += 3;
      }
      const from = operations[operation + 1]!;
      const inBase = from + at - operationAt;
      const first = operations[operation] === 1 ? lastStartUpTo(starts, inBase) : -1;
      if (first >= 0 && starts[first] === inBase) {
        // All entries that lie in the copied piece, and from whose beginnings on the base was read too.
        const last = lastStartUpTo(starts, from + operations[operation + 2]!);
        if (last > first) {
          layout.copy(first, last, at - inBase);
          at += starts[last]! - inBase;
          continue;
        }
      }
      const end = this.#readEntry(bytes, at, self);
      if (end === -1) return null;
      layout.add(at);
      at = end;
    }
    return layout.end(at);
  }

  /** Whether the object is known and has the type; else it is among the absent. */
  refer(objectId: string, type: number): void {
    this.#id.write(objectId, "hex");
    this.#refer(this.#id, 0, type, null);
  }

  #readTree(bytes: Buffer, self: number | string): Int32Array | null {
    this.#layout.begin(NO_STARTS);
    let at = 0;
    while (at < bytes.length) {
      const end = this.#readEntry(bytes, at, self);
      if (end === -1) return null;
      this.#layout.add(at);
      at = end;
    }
    return this.#layout.end(at);
  }

  /** @returns where it ends, or -1 where it is none */
  #readEntry(bytes: Buffer, start: number, self: number | string): number {
    let mode = 0;
    let at = start;
    for (; bytes[at] !== 0x20; at++) {
      const digit = bytes[at]! - 0x30;
      if (!(digit >= 0 && digit <= 7) || at - start > 7) return this.#fail();
      mode = mode * 8 + digit;
    }
    const name = at + 1;
    let nameEnd = name;
    while (nameEnd < bytes.length && bytes[nameEnd] !== 0) nameEnd++;
    const end = nameEnd + 1 + this.#idBytes;
    if (at === start || nameEnd <= name || end > bytes.length) return this.#fail();
    const kind = mode & FILE_TYPE_MASK;
    if (kind === DIRECTORY) this.#refer(bytes, nameEnd + 1, TREE, self);
    else if (kind === FILE || kind === LINK) this.#refer(bytes, nameEnd + 1, BLOB, self);
    else if (kind !== SUBMODULE) this.#isDoubtful = true;
    return end;
  }

  #link(holder: number, position: number): void {
    if (this.#linkCount + 2 > this.#links.length) {
      const longer = new Int32Array(2 * this.#links.length);
      longer.set(this.#links);
      this.#links = longer;
    }
    this.#links[this.#linkCount++] = holder;
    this.#links[this.#linkCount++] = position;
  }

  #fail(): -1 {
    this.#isDoubtful = true;
    return -1;
  }

  #readCommit(bytes: Buffer, self: number | string): void {
    let at = this.#readLine(bytes, 0, "tree ", TREE, self);
    while (at > 0 && bytes.toString("latin1", at, at + 7) === "parent ") {
      at = this.#readLine(bytes, at, "parent ", COMMIT, self);
    }
  }

  #readTag(bytes: Buffer, self: number | string): void {
    const head = bytes.toString("latin1", 0, 256);
    const type = TYPE_NAMES.indexOf(/^object [0-9a-f]+\ntype ([a-z]+)\ntag [^\n]*\n/.exec(head)?.[1] ?? "?");
    if (type < COMMIT) this.#isDoubtful = true;
    else this.#readLine(bytes, 0, "object ", type, self);
  }

  /** @returns where it ends, or -1 */
  #readLine(bytes: Buffer, start: number, word: string, type: number, self: number | string): number {
    const hex = start + word.length;
    const end = hex + 2 * this.#idBytes;
    if (bytes[end] !== 0x0a || bytes.toString("latin1", start, hex) !== word) return this.#fail();
    if (this.#id.write(bytes.toString("latin1", hex, end), "hex") !== this.#idBytes) return this.#fail();
    this.#refer(this.#id, 0, type, self);
    return end + 1;
  }

  #refer(bytes: Buffer, at: number, type: number, holder: number | string | null): void {
    const known = this.#known;
    for (let pack = 0; pack < known.length; pack++) {
      const position = findName(known[pack]!, bytes, at);
      if (position === -1) continue;
      const found = typeAt(known[pack]!, position);
      if (found === type || type === ANY) {
        if (found !== BLOB && known.length === 1) this.#link(typeof holder === "number" ? holder : -1, position);
        return;
      }
      if (found > 0) break;
    }
    const objectId = bytes.toString("hex", at, at + this.#idBytes);
    if (type === TREE && EMPTY_TREES.has(objectId)) return;
    if (this.#absent.size >= MAX_ABSENT) this.#isDoubtful = true;
    else this.#absent.set(`${objectId} ${type} ${holder}`, { objectId, type, holder });
  }
}

const NO_STARTS = new Int32Array();

/** Where the entries of a tree begin. Most versions of a tree have them where the one before has them, and share its list. */
class Layout {
  #base: Int32Array = NO_STARTS;
  #isSame = true;
  #starts = new Int32Array(1024);
  #count = 0;

  begin(base: Int32Array): void {
    this.#base = base;
    this.#isSame = base.length > 0;
    this.#count = 0;
  }

  add(start: number): void {
    if (this.#isSame && this.#base[this.#count] === start) {
      this.#count += 1;
      return;
    }
    this.#reserve(1);
    this.#starts[this.#count++] = start;
  }

  /** Those of the base from `first` up to `last`, moved by so many bytes. */
  copy(first: number, last: number, shift: number): void {
    if (this.#isSame && shift === 0 && first === this.#count) {
      this.#count = last;
      return;
    }
    this.#reserve(last - first);
    const starts = this.#starts;
    const base = this.#base;
    let count = this.#count;
    for (let entry = first; entry < last; entry++) starts[count++] = base[entry]! + shift;
    this.#count = count;
  }

  end(end: number): Int32Array {
    if (this.#isSame && this.#count === this.#base.length - 1 && this.#base[this.#count] === end) return this.#base;
    this.#reserve(1);
    this.#starts[this.#count] = end;
    return this.#starts.slice(0, this.#count + 1);
  }

  /** What is the same up to here is written down, now that something else follows. */
  #reserve(more: number): void {
    if (this.#count + more > this.#starts.length) {
      const larger = new Int32Array(2 * (this.#count + more));
      larger.set(this.#starts);
      this.#starts = larger;
    }
    if (this.#isSame) this.#starts.set(this.#base.subarray(0, this.#count));
    this.#isSame = false;
  }
}

function lastStartUpTo(starts: Int32Array, place: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= place) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
