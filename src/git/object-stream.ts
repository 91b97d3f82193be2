/** Reads objects through `git cat-file --batch`, in whatever number, with a bounded amount of memory. */
import { type GitContext, type GitResult, streamGit } from "./process.ts";

export type ObjectType = "blob" | "tree" | "commit" | "tag";

export interface ObjectReceiver {
  /** A whole object. The bytes are valid during the call only. */
  object(objectId: string, type: ObjectType, bytes: Buffer): void;
  /** An object too large to be held whole, in pieces; `close` follows, or the read ends in an error. */
  largeObject(objectId: string, type: ObjectType): { write(bytes: Buffer): void; close(): void };
  /** git has no readable object of this name. */
  missing(objectId: string): void;
}

export interface ObjectStreamResult extends GitResult {
  /** Objects that arrived whole or were reported missing. */
  readonly completed: number;
  /** The object that git was printing or about to print when it stopped, where it said so. */
  readonly interrupted: string | null;
}

/** Blobs up to this size are handed over whole. */
const MAX_WHOLE_BLOB_BYTES = 4 * 1024 * 1024;
/** Trees, commits and tags are told apart by their fields, for which they have to be whole; no sane one is larger. */
const MAX_WHOLE_OTHER_BYTES = 64 * 1024 * 1024;

const LINE_FEED = 0x0a;
const MAX_HEADER_BYTES = 4096;

/** Every object of the store, in the order of the packs, which is the cheapest for git to rebuild. */
export function readAllObjects(git: GitContext, receiver: ObjectReceiver): Promise<ObjectStreamResult> {
  return readBatch(git, ["--batch-all-objects", "--unordered"], undefined, receiver);
}

/**
 * The objects of a list, in its order. An object that makes git give up is named in the result;
 * those behind it have not been read.
 */
export function readListedObjects(
  git: GitContext,
  objectIds: Iterable<string>,
  receiver: ObjectReceiver,
): Promise<ObjectStreamResult> {
  return readBatch(git, [], lines(objectIds), receiver);
}

function* lines(items: Iterable<string>): Generator<string> {
  for (const item of items) yield `${item}\n`;
}

async function readBatch(
  git: GitContext,
  options: readonly string[],
  input: Iterable<string> | undefined,
  receiver: ObjectReceiver,
): Promise<ObjectStreamResult> {
  const parser = new BatchParser(receiver);
  const result = await streamGit(git, ["cat-file", "--batch", "--buffer", ...options], {
    input,
    onData: (bytes) => parser.push(bytes),
  });
  return { ...result, completed: parser.completed, interrupted: parser.currentObjectId };
}

/** The output of `cat-file --batch`: `<id> <type> <size>`, a line feed, the bytes, a line feed. */
class BatchParser {
  readonly #receiver: ObjectReceiver;
  completed = 0;
  currentObjectId: string | null = null;
  #type: ObjectType = "blob";
  #header = Buffer.alloc(0);
  /** Bytes of the current object, its line feed not counted, that have not arrived yet; -1 between objects. */
  #remaining = -1;
  #whole: Buffer | null = null;
  #wholeLength = 0;
  #writer: { write(bytes: Buffer): void; close(): void } | null = null;
  #scratch = Buffer.allocUnsafe(256 * 1024);

  constructor(receiver: ObjectReceiver) {
    this.#receiver = receiver;
  }

  push(bytes: Buffer): void {
    let position = 0;
    while (position < bytes.length) {
      position = this.#remaining === -1 ? this.#readHeader(bytes, position) : this.#readBody(bytes, position);
    }
  }

  #readHeader(bytes: Buffer, position: number): number {
    const end = bytes.indexOf(LINE_FEED, position);
    if (end === -1 || this.#header.length > 0) {
      const piece = bytes.subarray(position, end === -1 ? bytes.length : end);
      this.#header = Buffer.concat([this.#header, piece]);
      if (this.#header.length > MAX_HEADER_BYTES) throw new Error("git cat-file printed an unknown header");
      if (end === -1) return bytes.length;
      const header = this.#header.toString("latin1");
      this.#header = Buffer.alloc(0);
      this.#begin(header);
      return end + 1;
    }
    this.#begin(bytes.toString("latin1", position, end));
    return end + 1;
  }

  #begin(header: string): void {
    const [objectId = "", type = "", size] = header.split(" ");
    if (type === "missing" || size === undefined) {
      this.completed += 1;
      this.#receiver.missing(objectId);
      return;
    }
    this.currentObjectId = objectId;
    this.#type = type as ObjectType;
    const length = Number(size);
    this.#remaining = length;
    if (length > (type === "blob" ? MAX_WHOLE_BLOB_BYTES : MAX_WHOLE_OTHER_BYTES)) {
      this.#writer = this.#receiver.largeObject(objectId, this.#type);
      return;
    }
    this.#whole = null;
    this.#wholeLength = 0;
  }

  #readBody(bytes: Buffer, position: number): number {
    if (this.#remaining === 0) {
      // The line feed behind the object. An empty object has come to its end here as well.
      this.#finish();
      return position + 1;
    }
    const take = Math.min(this.#remaining, bytes.length - position);
    const piece = bytes.subarray(position, position + take);
    this.#remaining -= take;
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
    this.#writer = null;
    this.#remaining = -1;
    this.currentObjectId = null;
    this.completed += 1;
  }
}

const EMPTY = Buffer.alloc(0);
