/** A text that was decoded, and where each of its bytes stood. */
import type { Encoding } from "../encoding.ts";

export interface Decoded {
  readonly bytes: Buffer;
  /** For each byte, where what it was made of begins and ends in the outer text. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Collects a decoded text byte by byte. */
export class DecodedText implements Decoded {
  #bytes: Buffer;
  #starts: Int32Array;
  #ends: Int32Array;
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

  get starts(): Int32Array {
    return this.#starts;
  }

  get ends(): Int32Array {
    return this.#ends;
  }
}

/** Characters of encoded text that belong together, without what stands between them. */
export interface Run {
  /** Where each character stands. */
  readonly positions: Int32Array;
  readonly length: number;
  readonly cuts: readonly Cut[];
  readonly end: number;
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

/**
 * Whether a byte can follow another one in text: printable ASCII, blanks, and in UTF-16 one zero at a time. It is what encoded
 * text is made of once it is decoded.
 */
export function isTextByte(byte: number, before: number): boolean {
  if (byte === 0) return before !== 0;
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
