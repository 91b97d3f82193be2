/**
 * Archives in archives: hands over what is in them, each with the way to it. One run is over one thing that a source hands
 * over, with limits on depth, size, ratio and number, because what unpacks to petabytes fits into 42 KB.
 */
import { decodeByteText } from "../../core/byte-text.ts";
import { LineCounter, type Position } from "../position.ts";
import type { ArchiveVisitor, EntryWriter } from "./archive.ts";
import { ByteInput, Decoding, type Steps, wholeInput } from "./byte-input.ts";
import { readBzip2 } from "./bzip2.ts";
import { readGzip } from "./gzip.ts";
import {
  BEGINNING_BYTES,
  type ContainerFormat,
  formatByBeginning,
  formatsOf,
  endsAsContainer,
  unopenedFormat,
} from "./recognise.ts";
import { Tail } from "./tail.ts";
import { readTar } from "./tar.ts";
import { readZip } from "./zip.ts";

/** Where something stands within the outermost bytes. */
export interface InnerPlace {
  /** From the outside to the inside: `gzip`, `zip:deploy/.env`. */
  readonly steps: readonly string[];
  /** Where the outermost entry that it is in begins, in the outermost bytes. */
  readonly outer: Position;
}

/** Takes what archives hold. Bytes are its own during the call only. */
export interface Contents {
  /** The whole content of an entry. */
  whole(place: InnerPlace, bytes: Buffer): void;
  /** The content of a large entry, in pieces. */
  stream(place: InnerPlace): EntryWriter;
  /** A name, a comment or the like. */
  text(place: InnerPlace, bytes: Buffer): void;
  /** What should have been read and could not; by a limit, or because it is damaged or of no known form. */
  unread(steps: readonly string[], why: string, isLimit: boolean): void;
  /** What is not read in any scan. */
  leftOut(steps: readonly string[], why: string): void;
}

export interface UnpackLimits {
  /** Archives in one another. */
  readonly depth: number;
  readonly entries: number;
  /** Unpacked bytes of all depths together. */
  readonly bytes: number;
  /** Unpacked bytes for each byte of the outermost archive, beyond {@link freeBytes}. */
  readonly ratio: number;
  readonly freeBytes: number;
  /** Up to this size content is held, to be searched at once, and an archive to be read in any order. */
  readonly wholeBytes: number;
}

export const UNPACK_LIMITS: UnpackLimits = {
  depth: 8,
  entries: 500_000,
  bytes: 32 * 1024 ** 3,
  ratio: 250,
  freeBytes: 256 * 1024 ** 2,
  wholeBytes: 4 * 1024 ** 2,
};

const PIECE_BYTES = 32 * 1024;
const BEGINNING: Position = { line: 1, column: 1 };

/** Whether {@link unpackWhole} has anything to do. Cheap, for it is asked of everything. */
export function isContainer(bytes: Buffer): boolean {
  return formatsOf(bytes).length > 0 || unopenedFormat(bytes) !== null;
}

/** Hands over what is in the bytes, if they are an archive. */
export function unpackWhole(bytes: Buffer, contents: Contents, limits: UnpackLimits = UNPACK_LIMITS): void {
  const run = new Run(contents, limits);
  run.outerBytes = bytes.length;
  const unit = new Unit(run, null);
  run.guard(() => unit.readWhole(bytes));
}

/** As {@link unpackWhole}, for bytes that come in pieces. */
export class Unpacking implements EntryWriter {
  readonly #run: Run;
  readonly #outermost: Unit;

  constructor(contents: Contents, limits: UnpackLimits = UNPACK_LIMITS) {
    this.#run = new Run(contents, limits);
    this.#outermost = new Unit(this.#run, null);
  }

  write(bytes: Buffer): void {
    this.#run.outerBytes += bytes.length;
    this.#run.guard(() => this.#outermost.write(bytes));
  }

  close(): void {
    this.#run.guard(() => this.#outermost.close());
  }
}

class LimitReached extends Error {
  readonly steps: readonly string[];

  constructor(steps: readonly string[], why: string) {
    super(why);
    this.steps = steps;
  }
}

/** Names are of any length, and a report lists no more. */
const MAX_NAMED = 1000;

/** What all units of one run have in common. */
class Run {
  readonly contents: Contents;
  readonly limits: UnpackLimits;
  outerBytes = 0;
  #unpackedBytes = 0;
  #entries = 0;
  #unread = 0;
  #leftOut = 0;
  #isStopped = false;
  /** Those that have begun and not ended. */
  readonly open = new Set<Unit>();

  constructor(contents: Contents, limits: UnpackLimits) {
    this.contents = contents;
    this.limits = limits;
  }

  unread(steps: readonly string[], why: string, isLimit: boolean = false): void {
    this.#unread += 1;
    if (this.#unread <= MAX_NAMED) this.contents.unread(steps, why, isLimit);
    else if (this.#unread === MAX_NAMED + 1)
      this.contents.unread([], "more of it could not be read than is named here", true);
  }

  leftOut(steps: readonly string[], why: string): void {
    this.#leftOut += 1;
    if (this.#leftOut <= MAX_NAMED) this.contents.leftOut(steps, why);
  }

  countEntry(steps: readonly string[]): void {
    this.#entries += 1;
    if (this.#entries > this.limits.entries) {
      throw new LimitReached(steps, `comes behind ${this.limits.entries} entries or parts: no more are unpacked`);
    }
  }

  countBytes(steps: readonly string[], count: number): void {
    this.#unpackedBytes += count;
    const { bytes, freeBytes, ratio } = this.limits;
    if (this.#unpackedBytes <= freeBytes) return;
    if (this.#unpackedBytes > this.outerBytes * ratio) {
      throw new LimitReached(steps, `unpacks to more than ${ratio} times its archive: the rest was not unpacked`);
    }
    if (this.#unpackedBytes > bytes) {
      throw new LimitReached(steps, `unpacks to more than ${bytes / 1024 ** 3} GiB: the rest was not unpacked`);
    }
  }

  /** A limit ends the run: what has come until then is searched. */
  guard(action: () => void): void {
    if (this.#isStopped) return;
    try {
      action();
    } catch (error) {
      if (!(error instanceof LimitReached)) throw error;
      this.#isStopped = true;
      this.unread(error.steps, error.message, true);
      for (const unit of this.open) unit.abandon();
      this.open.clear();
    }
  }
}

const EMPTY: Buffer = Buffer.alloc(0);

/** Content that can be an archive itself: the outermost bytes, or those of an entry. */
class Unit implements EntryWriter {
  readonly #run: Run;
  /** Null for the outermost, which others search. */
  readonly #place: InnerPlace | null;
  #held: Buffer = Buffer.alloc(0);
  #heldBytes = 0;
  #isStreaming = false;
  #piece: Buffer = EMPTY;
  #pieceBytes = 0;
  #search: EntryWriter | null = null;
  #decoding: Decoding | null = null;
  /** Where only the end tells whether it is an archive behind something else. */
  #perhapsContainer: { readonly visitor: Visitor; readonly tail: Tail } | null = null;

  constructor(run: Run, place: InnerPlace | null) {
    this.#run = run;
    this.#place = place;
    if (place !== null) run.open.add(this);
  }

  get steps(): readonly string[] {
    return this.#place?.steps ?? [];
  }

  write(bytes: Buffer): void {
    if (this.#place !== null) this.#run.countBytes(this.steps, bytes.length);
    if (
      !this.#isStreaming &&
      this.#heldBytes + bytes.length <= Math.max(this.#run.limits.wholeBytes, BEGINNING_BYTES)
    ) {
      this.#hold(bytes);
      return;
    }
    if (!this.#isStreaming) this.#beginStream(bytes);
    this.#pass(bytes);
  }

  /** Small pieces are passed on together: each is searched with thousands of bytes around it. */
  #pass(bytes: Buffer): void {
    if (bytes.length >= PIECE_BYTES) {
      this.#flush();
      this.#passOn(bytes);
      return;
    }
    if (this.#piece.length === 0) this.#piece = Buffer.allocUnsafeSlow(2 * PIECE_BYTES);
    bytes.copy(this.#piece, this.#pieceBytes);
    this.#pieceBytes += bytes.length;
    if (this.#pieceBytes >= PIECE_BYTES) this.#flush();
  }

  #flush(): void {
    const bytes = this.#piece.subarray(0, this.#pieceBytes);
    this.#pieceBytes = 0;
    if (bytes.length > 0) this.#passOn(bytes);
  }

  #passOn(bytes: Buffer): void {
    this.#search?.write(bytes);
    this.#decoding?.write(bytes);
    this.#perhapsContainer?.tail.write(bytes);
  }

  close(): void {
    const held = this.#held.subarray(0, this.#heldBytes);
    this.#held = EMPTY;
    this.#heldBytes = 0;
    this.#run.open.delete(this);
    if (this.#isStreaming) {
      this.#flush();
      this.#search?.close();
      this.#search = null;
      const perhaps = this.#perhapsContainer;
      if (perhaps !== null && endsAsContainer(perhaps.tail.bytes)) perhaps.visitor.confirm();
      this.#decoding?.close();
    } else {
      if (this.#place !== null) this.#run.contents.whole(this.#place, held);
      this.readWhole(held);
    }
  }

  /** Nothing more comes of what is not to be unpacked any further. */
  abandon(): void {
    if (this.#isStreaming) {
      this.#search?.write(this.#piece.subarray(0, this.#pieceBytes));
      this.#search?.close();
    } else if (this.#place !== null) this.#run.contents.whole(this.#place, this.#held.subarray(0, this.#heldBytes));
  }

  readWhole(bytes: Buffer): void {
    for (const format of this.#allowed(formatsOf(bytes))) {
      const input = wholeInput(bytes, { countsLines: this.#place === null });
      read(format, input, new Visitor(this.#run, this.#place, format, input, bytes), bytes).next();
    }
    this.#noteUnopened(bytes);
  }

  #hold(bytes: Buffer): void {
    const needed = this.#heldBytes + bytes.length;
    if (needed > this.#held.length) {
      // Most entries come in one piece.
      const length =
        this.#heldBytes === 0 ? needed : Math.max(needed, Math.min(this.#run.limits.wholeBytes, 2 * needed));
      const larger = Buffer.allocUnsafe(length);
      this.#held.copy(larger, 0, 0, this.#heldBytes);
      this.#held = larger;
    }
    bytes.copy(this.#held, this.#heldBytes);
    this.#heldBytes = needed;
  }

  /** @param next what comes behind the held bytes */
  #beginStream(next: Buffer): void {
    const held = this.#held.subarray(0, this.#heldBytes);
    const beginning = Buffer.concat([held.subarray(0, BEGINNING_BYTES), next.subarray(0, BEGINNING_BYTES)]);
    this.#isStreaming = true;
    this.#held = EMPTY;
    this.#heldBytes = 0;
    if (this.#place !== null) this.#search = this.#run.contents.stream(this.#place);
    // Any large content may have a zip archive behind its beginning; that shows where the archive ends.
    const format = formatByBeginning(beginning);
    for (const reader of format === null ? this.#perhaps("zip") : this.#allowed([format])) {
      const input = new ByteInput({ countsLines: this.#place === null });
      const visitor = new Visitor(this.#run, this.#place, reader, input);
      this.#decoding = new Decoding(input, read(reader, input, visitor, null));
      if (format === null) this.#perhapsContainer = { visitor, tail: new Tail() };
    }
    this.#noteUnopened(beginning);
    this.#pass(held);
  }

  #allowed(formats: readonly ContainerFormat[]): readonly ContainerFormat[] {
    const { depth } = this.#run.limits;
    if (formats.length === 0 || this.steps.length < depth) return formats;
    this.#run.unread(this.steps, `is an archive within ${depth} others: it was searched, and not unpacked`, true);
    return [];
  }

  #perhaps(format: ContainerFormat): readonly ContainerFormat[] {
    return this.steps.length < this.#run.limits.depth ? [format] : [];
  }

  #noteUnopened(beginning: Buffer): void {
    const format = unopenedFormat(beginning);
    if (format !== null) {
      this.#run.leftOut(this.steps, `is packed with ${format}, which is not read: unpack it and scan that`);
    }
  }
}

function read(format: ContainerFormat, input: ByteInput, visitor: Visitor, whole: Buffer | null): Steps<void> {
  switch (format) {
    case "gzip":
      return readGzip(input, visitor);
    case "bzip2":
      return readBzip2(input, visitor);
    case "tar":
      return readTar(input, visitor);
    case "zip":
      return readZip(input, visitor, whole);
  }
}

/** Things that look like archives and are none can have so many faults before that shows. */
const MAX_PENDING = 100;

/** Turns what a reader tells of one archive into units and places. */
class Visitor implements ArchiveVisitor {
  readonly #run: Run;
  readonly #parent: InnerPlace | null;
  readonly #format: ContainerFormat;
  readonly #input: ByteInput;
  readonly #whole: Buffer | null;
  #pending: { steps: readonly string[]; why: string }[] | null = [];
  /** Counts up to what is read out of its order. */
  #lines = new LineCounter("plain", 0);
  #counted = 0;

  constructor(
    run: Run,
    parent: InnerPlace | null,
    format: ContainerFormat,
    input: ByteInput,
    whole: Buffer | null = null,
  ) {
    this.#run = run;
    this.#parent = parent;
    this.#format = format;
    this.#input = input;
    this.#whole = whole;
  }

  open(name: Buffer | null, at?: number): EntryWriter {
    return new Unit(this.#run, { steps: this.#steps(name), outer: this.#place(at) });
  }

  begin(name: Buffer | null): void {
    this.#run.countEntry(this.#steps(name));
    if (name !== null) this.text(name, name);
  }

  text(name: Buffer | null, bytes: Buffer): void {
    if (bytes.length > 0) this.#run.contents.text({ steps: this.#steps(name), outer: this.#place() }, bytes);
  }

  confirm(): void {
    for (const { steps, why } of this.#pending ?? []) this.#run.unread(steps, why);
    this.#pending = null;
  }

  unread(name: Buffer | null, why: string): void {
    const steps = this.#steps(name);
    if (this.#pending === null) this.#run.unread(steps, why);
    else if (this.#pending.length < MAX_PENDING) this.#pending.push({ steps, why });
  }

  #steps(name: Buffer | null): readonly string[] {
    const step = name === null ? this.#format : `${this.#format}:${decodeByteText(name)}`;
    return [...(this.#parent?.steps ?? []), step];
  }

  #place(at?: number): Position {
    if (this.#parent !== null) return this.#parent.outer;
    if (at === undefined || this.#whole === null) return this.#input.place ?? BEGINNING;
    if (at < this.#counted) {
      this.#lines = new LineCounter("plain", 0);
      this.#counted = 0;
    }
    this.#lines.advance(this.#whole.subarray(this.#counted, at));
    this.#counted = at;
    return this.#lines.positionOf(at);
  }
}
