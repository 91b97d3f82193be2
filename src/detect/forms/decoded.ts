/** A text that was decoded, and where each of its bytes stood. */
import type { Encoding } from "../encoding.ts";

export interface Decoded {
  readonly bytes: Buffer;
  /** Where what a byte was made of begins and ends in the outer text. */
  readonly startOf: (index: number) => number;
  readonly endOf: (index: number) => number;
  /** Whether the text can be at its end before a byte, because what it is made of stands in another line or literal. */
  readonly mayEnd?: (index: number) => boolean;
}

/** Collects a decoded text byte by byte. */
export class DecodedText implements Decoded {
  readonly #bytes: Buffer;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity);
    this.#starts = new Int32Array(capacity);
    this.#ends = new Int32Array(capacity);
  }

  push(byte: number, start: number, end: number): void {
    const at = this.#length++;
    this.#bytes[at] = byte;
    this.#starts[at] = start;
    this.#ends[at] = end;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  startOf(index: number): number {
    return this.#starts[index]!;
  }

  endOf(index: number): number {
    return this.#ends[index]!;
  }
}

/** Characters of encoded text that belong together, without what stands between them. */
export class Run {
  /** Where each piece stands in the text, and the number of its first character. */
  readonly #starts: number[] = [];
  readonly #firsts: number[] = [];
  readonly #pieces: Uint8Array[] = [];
  readonly cuts: Cut[] = [];
  #characters: Buffer | null = null;
  length = 0;
  end = 0;

  /** The characters of a text between two offsets. */
  add(text: Uint8Array, start: number, end: number): void {
    this.#starts.push(start);
    this.#firsts.push(this.length);
    this.#pieces.push(text.subarray(start, end));
    this.length += end - start;
  }

  cut(at: number, by: Encoding | null): void {
    if (by !== null) this.cuts.push({ at, by });
  }

  /** What came so far belongs to something else. */
  restart(): void {
    this.#starts.length = this.#firsts.length = this.#pieces.length = this.cuts.length = this.length = 0;
  }

  get characters(): Buffer {
    return (this.#characters ??= Buffer.concat(this.#pieces));
  }

  /** Where a character stands. */
  positionOf(index: number): number {
    const piece = lastUpTo(this.#firsts, index);
    return this.#starts[piece]! + index - this.#firsts[piece]!;
  }

  /** The number of the character at a position, or -1. */
  indexOf(position: number): number {
    const piece = lastUpTo(this.#starts, position);
    if (piece === -1) return -1;
    const offset = position - this.#starts[piece]!;
    return offset < this.#pieces[piece]!.length ? this.#firsts[piece]! + offset : -1;
  }
}

/** The number of the last of rising numbers that is not above another one, or -1. */
function lastUpTo(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! <= limit) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}

/** Whether a line or a literal ends behind a character of a run. */
export function endsPiece(text: Uint8Array, run: Run, index: number): boolean {
  if (index + 1 >= run.length) return true;
  const next = run.positionOf(index + 1);
  for (let at = run.positionOf(index) + 1; at < next; at++) if (ENDS_PIECE.has(text[at]!)) return true;
  return false;
}

/** Ends of lines, quotes and backslashes. */
const ENDS_PIECE: ReadonlySet<number> = new Set(Buffer.from("\n\r\"'`\\"));

/** How a piece of encoded text is cut in two, and where. */
export interface Cut {
  readonly at: number;
  readonly by: Encoding;
}

/** What cuts a text between two offsets, each once, outermost first. */
export function cutsBetween(cuts: readonly Cut[], start: number, end: number): Encoding[] {
  return [...new Set(cuts.filter(({ at }) => at > start && at < end).map(({ by }) => by))];
}

/** Whether a byte is printable ASCII or a blank, which encoded text is made of once it is decoded. */
export function isTextByte(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Whether bytes are text, in one byte a character or in UTF-16. */
export function isText(bytes: Uint8Array, length: number = bytes.length): boolean {
  const first = isTextByte(bytes[0] ?? 0) ? 0 : 1;
  const isWide = bytes[1 - first] === 0;
  for (let index = 0; index < length; index++) {
    const isZero = isWide && (index & 1) !== first;
    if (isZero ? bytes[index] !== 0 : !isTextByte(bytes[index]!)) return false;
  }
  return true;
}
