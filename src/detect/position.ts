/** Lines and columns of byte offsets, in plain text and in UTF-16. */
import type { CharacterEncoding } from "./encoding.ts";

export interface Position {
  /** From 1. */
  readonly line: number;
  /** Bytes from the start of the line, from 1. */
  readonly column: number;
}

const LINE_FEED = 0x0a;

/**
 * Counts the lines of a text that comes in pieces, up to offsets that are asked for in rising order.
 * The same byte ends a line in one encoding and is half of a letter in another (U+4E0A is `0A 4E`), so a
 * count is kept for one encoding at a time; a unit has hits in one as good as always.
 */
export class LineCounter {
  readonly #encoding: CharacterEncoding;
  /** Where the two-byte units of the text begin: 0 or 1. */
  readonly #parity: number;
  #lines = 0;
  #lineStart = 0;
  #position = 0;
  #previousByte = -1;
  /** The last byte is the first half of what may be a line feed in UTF-16LE. */
  #isHalfFeed = false;

  constructor(encoding: CharacterEncoding, parity: number) {
    this.#encoding = encoding;
    this.#parity = parity;
  }

  /** Counts on over the next bytes of the text. */
  advance(bytes: Buffer): void {
    this.begin(bytes);
    eachLineFeed(bytes, (at) => this.lineFeed(bytes, at));
    this.end(bytes);
  }

  /** For several counters over one search: {@link advance} in its parts. */
  begin(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.#isHalfFeed && bytes[0] === 0) this.#startLine(this.#position + 1);
    this.#isHalfFeed = false;
  }

  lineFeed(bytes: Buffer, at: number): void {
    if (!this.#canEndLine(bytes, at)) return;
    if (this.#encoding !== "utf-16le") this.#startLine(this.#position + at + 1);
    else if (at + 1 === bytes.length) this.#isHalfFeed = true;
    else if (bytes[at + 1] === 0) this.#startLine(this.#position + at + 2);
  }

  end(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#position += bytes.length;
    this.#previousByte = bytes[bytes.length - 1]!;
  }

  /** The position of an offset that stands at or behind all that was counted, on the same line. */
  positionOf(offset: number): Position {
    return { line: this.#lines + 1, column: offset - this.#lineStart + 1 };
  }

  #startLine(offset: number): void {
    this.#lines += 1;
    this.#lineStart = offset;
  }

  #canEndLine(bytes: Buffer, at: number): boolean {
    if (this.#encoding === "plain") return true;
    const unitOffset = (this.#position + at + this.#parity) % 2;
    if (this.#encoding === "utf-16le") return unitOffset === 0;
    return unitOffset === 1 && (at === 0 ? this.#previousByte : bytes[at - 1]) === 0;
  }
}

/** The position behind bytes that begin at another one. */
export function positionBehind(bytes: Buffer, { line, column }: Position, encoding: CharacterEncoding): Position {
  const counter = new LineCounter(encoding, 0);
  counter.advance(bytes);
  const behind = counter.positionOf(bytes.length);
  return behind.line === 1
    ? { line, column: column + bytes.length }
    : { line: line + behind.line - 1, column: behind.column };
}

/** Calls back with each place of a line feed. */
export function eachLineFeed(bytes: Buffer, at: (position: number) => void): void {
  for (let found = bytes.indexOf(LINE_FEED); found !== -1; found = bytes.indexOf(LINE_FEED, found + 1)) at(found);
}
