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
export interface Run {
  readonly characters: Buffer;
  /** Where each character stands. */
  readonly positions: Int32Array;
  readonly length: number;
  readonly cuts: readonly Cut[];
  readonly end: number;
}

/** Collects a run. */
export class RunBuilder {
  #characters = Buffer.allocUnsafe(INITIAL_CHARACTERS);
  #positions = new Int32Array(INITIAL_CHARACTERS);
  #cuts: Cut[] = [];
  #length = 0;

  push(character: number, position: number): void {
    if (this.#length === this.#positions.length) this.#grow();
    this.#characters[this.#length] = character;
    this.#positions[this.#length++] = position;
  }

  cut(at: number, by: Encoding | null): void {
    if (by !== null) this.#cuts.push({ at, by });
  }

  /** What came so far belongs to something else. */
  restart(): void {
    this.#length = 0;
    this.#cuts = [];
  }

  run(end: number): Run {
    return {
      characters: this.#characters.subarray(0, this.#length),
      positions: this.#positions,
      length: this.#length,
      cuts: this.#cuts,
      end,
    };
  }

  #grow(): void {
    const positions = new Int32Array(4 * this.#length);
    positions.set(this.#positions);
    this.#positions = positions;
    const characters = Buffer.allocUnsafe(4 * this.#length);
    characters.set(this.#characters);
    this.#characters = characters;
  }
}

const INITIAL_CHARACTERS = 256;

/** Whether a line or a literal ends behind a character of a run. */
export function endsPiece(text: Uint8Array, { positions, length }: Run, index: number): boolean {
  if (index + 1 >= length) return true;
  for (let at = positions[index]! + 1; at < positions[index + 1]!; at++) if (ENDS_PIECE.has(text[at]!)) return true;
  return false;
}

/** Ends of lines, quotes and backslashes. */
const ENDS_PIECE: ReadonlySet<number> = new Set(Buffer.from("\n\r\"'`\\"));

/** The number of the character of a run at a position, or -1. */
export function indexInRun({ positions, length }: Run, position: number): number {
  let [low, high] = [0, length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = positions[middle]!;
    if (found === position) return middle;
    if (found < position) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

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
export function isText(bytes: Uint8Array): boolean {
  const first = isTextByte(bytes[0] ?? 0) ? 0 : 1;
  const isWide = bytes[1 - first] === 0;
  for (let index = 0; index < bytes.length; index++) {
    const isZero = isWide && (index & 1) !== first;
    if (isZero ? bytes[index] !== 0 : !isTextByte(bytes[index]!)) return false;
  }
  return true;
}
