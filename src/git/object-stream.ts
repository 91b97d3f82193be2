/** Reads objects through `git cat-file --batch`, in whatever number, with a bounded amount of memory. */
import { createHash, type Hash, randomBytes } from "node:crypto";
import { type GitContext, type GitResult, streamGit } from "./process.ts";

export type ObjectType = "blob" | "tree" | "commit" | "tag";

export interface ObjectReceiver {
  /** A whole object. The bytes are valid during the call only. */
  object(objectId: string, type: ObjectType, bytes: Buffer): void;
  /** An object too large to be held whole, in pieces; `close` follows, or the read ends in an error. */
  largeObject(objectId: string, type: ObjectType): { write(bytes: Buffer): void; close(): void };
  /** git has no readable object of this name. */
  missing(objectId: string): void;
  /** What git printed for the object was not as long as it said; the bytes came as those of a large object. */
  misshapen?(objectId: string): void;
  /** Whether the object's name is to be compared with its content: git does not, and a pack has checksums of its own. */
  isChecked?(objectId: string): boolean;
  /** The content is another than the name says. It has been handed over all the same. */
  misnamed?(objectId: string): void;
}

export interface ObjectStreamResult extends GitResult {
  /** Objects that arrived whole or were reported missing. */
  readonly completed: number;
  /** The object that git was printing or about to print when it stopped, where it said so. */
  readonly interrupted: string | null;
}

/** Blobs up to this size are handed over whole. */
export const MAX_WHOLE_BLOB_BYTES = 4 * 1024 * 1024;
/** Trees, commits and tags are told apart by their fields, for which they have to be whole; no sane one is larger. */
const MAX_WHOLE_OTHER_BYTES = 64 * 1024 * 1024;

const LINE_FEED = 0x0a;
/** Longer than any token. */
const REMEMBERED_BYTES = 1024;
const MAX_HEADER_BYTES = 4096;

/**
 * The objects of a list, in its order. An object that makes git give up is named in the result;
 * those behind it have not been read.
 */
export async function readListedObjects(
  git: GitContext,
  objectIds: readonly string[],
  receiver: ObjectReceiver,
): Promise<ObjectStreamResult> {
  const parser = new BatchParser(receiver, objectIds);
  const format = `--batch=${parser.mark} %(objectname) %(objecttype) %(objectsize)`;
  const result = await streamGit(git, ["cat-file", format, "--buffer"], {
    input: lines(objectIds),
    onData: (bytes) => parser.push(bytes),
  });
  parser.end();
  return { ...result, completed: parser.completed, interrupted: parser.currentObjectId };
}

function* lines(items: Iterable<string>): Generator<string> {
  for (const item of items) yield `${item}\n`;
}

/**
 * The output of `cat-file --batch`: `<mark> <id> <type> <size>`, a line feed, the bytes, a line feed. git copies a loose
 * blob as it is, however long its own header says that it is, so its bytes could pass for headers. The mark is
 * random: no object can know it, and behind one that lied it shows where the next begins.
 */
class BatchParser {
  readonly mark: string = randomBytes(16).toString("hex");
  readonly #receiver: ObjectReceiver;
  readonly #expected: readonly string[];
  readonly #pattern: RegExp;
  #lastObjectId = "";
  /** The end of the object that came last. */
  readonly #lastBytes: Buffer = Buffer.allocUnsafe(REMEMBERED_BYTES);
  #lastLength = 0;
  /** Takes what cannot be told apart, up to the next mark. */
  #stray: { write(bytes: Buffer): void; close(): void } | null = null;
  #strayTail: Buffer = Buffer.alloc(0);
  completed = 0;
  currentObjectId: string | null = null;
  #type: ObjectType = "blob";
  #header = Buffer.alloc(0);
  /** Bytes of the current object, its line feed not counted, that have not arrived yet; -1 between objects. */
  #remaining = -1;
  #whole: Buffer | null = null;
  #wholeLength = 0;
  #writer: { write(bytes: Buffer): void; close(): void } | null = null;
  #hash: Hash | null = null;
  #scratch = Buffer.allocUnsafe(256 * 1024);

  /** @param expected the objects that were asked for, in order */
  constructor(receiver: ObjectReceiver, expected: readonly string[]) {
    this.#receiver = receiver;
    this.#expected = expected;
    this.#pattern = new RegExp(`^${this.mark} ([0-9a-f]{40}|[0-9a-f]{64}) (blob|tree|commit|tag) (\\d{1,15})$`);
  }

  push(bytes: Buffer): void {
    let position = 0;
    while (position < bytes.length) {
      if (this.#stray !== null) position = this.#readStray(bytes, position);
      else position = this.#remaining === -1 ? this.#readHeader(bytes, position) : this.#readBody(bytes, position);
    }
  }

  end(): void {
    if (this.#stray === null && this.#header.length > 0) this.#lose(this.#header.toString("latin1"));
    this.#stray?.write(this.#strayTail);
    this.#stray?.close();
    this.#stray = null;
  }

  /** What was printed last was longer or shorter than git said: its bytes go on to where the mark stands again. */
  #lose(taken: string): void {
    this.#receiver.misshapen?.(this.#lastObjectId);
    this.#stray = this.#receiver.largeObject(this.#lastObjectId, "blob");
    // What is searched for can stand across the false end.
    this.#stray.write(this.#lastBytes.subarray(0, this.#lastLength));
    this.#strayTail = Buffer.from(taken, "latin1");
  }

  #readStray(bytes: Buffer, position: number): number {
    const all = Buffer.concat([this.#strayTail, bytes.subarray(position)]);
    const at = all.indexOf(`\n${this.mark} `, 0, "latin1");
    if (at !== -1) {
      this.#stray?.write(all.subarray(0, at));
      this.#stray?.close();
      this.#stray = null;
      this.#strayTail = Buffer.alloc(0);
      // The part that stood in the tail was taken from an earlier piece: the header is read from what is at hand.
      this.push(all.subarray(at + 1));
      return bytes.length;
    }
    const keep = Math.min(all.length, this.mark.length + 2);
    this.#stray?.write(all.subarray(0, all.length - keep));
    this.#strayTail = Buffer.from(all.subarray(all.length - keep));
    return bytes.length;
  }

  #readHeader(bytes: Buffer, position: number): number {
    const end = bytes.indexOf(LINE_FEED, position);
    if (end === -1 || this.#header.length > 0) {
      const piece = bytes.subarray(position, end === -1 ? bytes.length : end);
      this.#header = Buffer.concat([this.#header, piece]);
      if (end === -1 && this.#header.length <= MAX_HEADER_BYTES) return bytes.length;
      const header = this.#header.toString("latin1");
      this.#header = Buffer.alloc(0);
      this.#begin(header);
      return end === -1 ? bytes.length : end + 1;
    }
    this.#begin(bytes.toString("latin1", position, end));
    return end + 1;
  }

  #begin(header: string): void {
    const [, objectId = "", type = "", size = ""] = this.#pattern.exec(header) ?? [];
    if (objectId === "") {
      if (!this.#isMissing(header)) this.#lose(`${header}\n`);
      return;
    }
    this.#skipTo(objectId);
    this.currentObjectId = objectId;
    this.#lastObjectId = objectId;
    this.#type = type as ObjectType;
    const length = Number(size);
    this.#remaining = length;
    this.#hash = null;
    if (this.#receiver.isChecked?.(objectId) === true) {
      this.#hash = createHash(objectId.length === 64 ? "sha256" : "sha1").update(`${type} ${length}\0`);
    }
    if (length > (type === "blob" ? MAX_WHOLE_BLOB_BYTES : MAX_WHOLE_OTHER_BYTES)) {
      this.#writer = this.#receiver.largeObject(objectId, this.#type);
      return;
    }
    this.#whole = null;
    this.#wholeLength = 0;
  }

  /** `<name> missing`: without a mark, so it counts only for an object that was asked for. */
  #isMissing(header: string): boolean {
    const [, objectId = ""] = /^([0-9a-f]{40}|[0-9a-f]{64}) missing$/.exec(header) ?? [];
    if (objectId === "") return false;
    if (this.#expected[this.completed] !== objectId) return false;
    this.completed += 1;
    this.#receiver.missing(objectId);
    return true;
  }

  /** Objects that an earlier one, by its wrong length, has swallowed. */
  #skipTo(objectId: string): void {
    if (this.#expected[this.completed] === objectId) return;
    const position = Math.max(this.completed, this.#expected.indexOf(objectId, this.completed));
    for (const swallowed of this.#expected.slice(this.completed, position)) this.#receiver.missing(swallowed);
    this.completed = position;
  }

  #readBody(bytes: Buffer, position: number): number {
    if (this.#remaining === 0) {
      // The line feed behind the object. An empty object has come to its end here as well.
      this.#finish();
      if (bytes[position] === LINE_FEED) return position + 1;
      this.#lose("");
      return position;
    }
    const take = Math.min(this.#remaining, bytes.length - position);
    const piece = bytes.subarray(position, position + take);
    this.#remaining -= take;
    this.#hash?.update(piece);
    this.#lastLength = piece.copy(this.#lastBytes, 0, Math.max(0, take - REMEMBERED_BYTES));
    if (this.#writer !== null) this.#writer.write(piece);
    else if (this.#remaining === 0 && this.#wholeLength === 0) this.#whole = piece;
    else this.#append(piece);
    if (this.#remaining === 0) this.#deliver();
    return position + take;
  }

  #append(piece: Buffer): void {
    const needed = this.#wholeLength + piece.length + this.#remaining;
    if (this.#scratch.length < needed) {
      const larger = Buffer.allocUnsafe(needed);
      this.#scratch.copy(larger, 0, 0, this.#wholeLength);
      this.#scratch = larger;
    }
    piece.copy(this.#scratch, this.#wholeLength);
    this.#wholeLength += piece.length;
    this.#whole = this.#scratch.subarray(0, this.#wholeLength);
  }

  /** The bytes are only valid in the piece that they arrived in, so they go out before its line feed is read. */
  #deliver(): void {
    if (this.#writer !== null || this.#whole === null) return;
    this.#receiver.object(this.currentObjectId ?? "", this.#type, this.#whole);
    this.#whole = null;
    this.#wholeLength = -1;
  }

  #finish(): void {
    if (this.#writer !== null) this.#writer.close();
    else if (this.#wholeLength === 0) this.#receiver.object(this.currentObjectId ?? "", this.#type, EMPTY);
    if (this.#hash !== null && this.#hash.digest("hex") !== this.#lastObjectId) {
      this.#receiver.misnamed?.(this.#lastObjectId);
    }
    this.#hash = null;
    this.#writer = null;
    this.#remaining = -1;
    this.currentObjectId = null;
    this.completed += 1;
  }
}

const EMPTY = Buffer.alloc(0);
