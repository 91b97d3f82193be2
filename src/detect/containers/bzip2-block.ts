/**
 * One block of bzip2. There is no streaming decoder for it that is kept, calls back at once and ends on every input:
 * those on npm add up the length of a run in 32 bits, and go on for ever where that turns negative.
 *
 * A block is a text, shortened by a run-length code, sorted by Burrows and Wheeler's transform, moved to the front, its zeros
 * counted, and put into two to six Huffman codes that take turns every 50 symbols.
 */
import type { BitReader } from "./bit-reader.ts";

const BLOCK_BYTES_PER_LEVEL = 100_000;
const GROUP_SYMBOLS = 50;
const MIN_CODES = 2;
const MAX_CODES = 6;
const MAX_CODE_BITS = 20;
/** Codes up to this length are looked up at once. */
const QUICK_BITS = 10;
const RUN_BEFORE_COUNT = 4;
const OUTPUT_BYTES = 64 * 1024;

/** The block contradicts the format. */
export class BrokenBlock extends Error {}

/** A Huffman code whose words of one length count up. */
interface Code {
  /** By the next {@link QUICK_BITS} bits: symbol × 32 + length, or 0 for a longer word. */
  readonly quick: Uint16Array;
  /** By length: the first word behind those of this length, and what to add to a word to find its symbol. */
  readonly ends: Int32Array;
  readonly shifts: Int32Array;
  readonly symbols: Uint16Array;
}

export class BlockDecoder {
  #maxLength = 0;
  /** The lower 8 bits are the byte, the others where the one behind it stands. */
  #sorted = new Uint32Array(0);
  readonly #output = Buffer.allocUnsafeSlow(OUTPUT_BYTES);
  #length = 0;
  #origin = 0;

  /**
   * Reads the block behind its checksum.
   *
   * @param level 1 to 9
   * @throws {BrokenBlock} or OutOfBits, with nothing handed on
   */
  read(bits: BitReader, level: number): void {
    this.#length = 0;
    this.#maxLength = level * BLOCK_BYTES_PER_LEVEL;
    if (this.#sorted.length < this.#maxLength) this.#sorted = new Uint32Array(this.#maxLength);
    if (bits.read(1) === 1) throw new BrokenBlock("is shuffled as bzip2 did before 1997");
    this.#origin = bits.read(24);
    const alphabet = readAlphabet(bits);
    const codeCount = bits.read(3);
    if (codeCount < MIN_CODES || codeCount > MAX_CODES || alphabet.length === 0) throw new BrokenBlock();
    const selectors = readSelectors(bits, codeCount);
    const codes = Array.from({ length: codeCount }, () => readCode(bits, alphabet.length + 2));
    const counts = this.#readSymbols(bits, alphabet, selectors, codes);
    if (this.#origin >= this.#length) throw new BrokenBlock();
    this.#link(counts);
  }

  #readSymbols(bits: BitReader, alphabet: Uint8Array, selectors: Uint8Array, codes: readonly Code[]): Uint32Array {
    const sorted = this.#sorted;
    const counts = new Uint32Array(256);
    const endSymbol = alphabet.length + 1;
    let group = -1;
    let left = 0;
    let code = codes[0]!;
    let length = 0;
    let run = 0;
    let weight = 1;
    for (;;) {
      if (left === 0) {
        group += 1;
        if (group >= selectors.length) throw new BrokenBlock();
        code = codes[selectors[group]!]!;
        left = GROUP_SYMBOLS;
      }
      left -= 1;
      const symbol = readSymbol(bits, code);
      if (symbol <= 1) {
        // A run's length stands in digits of 1 and 2, the lowest first.
        run += weight << symbol;
        weight *= 2;
        if (length + run > this.#maxLength) throw new BrokenBlock();
        continue;
      }
      if (run > 0) {
        const byte = alphabet[0]!;
        sorted.fill(byte, length, length + run);
        counts[byte]! += run;
        length += run;
        run = 0;
        weight = 1;
      }
      if (symbol === endSymbol) break;
      if (length >= this.#maxLength) throw new BrokenBlock();
      const index = symbol - 1;
      const byte = alphabet[index]!;
      alphabet.copyWithin(1, 0, index);
      alphabet[0] = byte;
      sorted[length] = byte;
      counts[byte]! += 1;
      length += 1;
    }
    this.#length = length;
    return counts;
  }

  /** Undoes the sorting: links every byte to the one that follows it in the text. */
  #link(counts: Uint32Array): void {
    const sorted = this.#sorted;
    const places = new Uint32Array(256);
    for (let byte = 1; byte < 256; byte++) places[byte] = places[byte - 1]! + counts[byte - 1]!;
    for (let position = 0; position < this.#length; position++) {
      const byte = sorted[position]! & 0xff;
      sorted[places[byte]!]! |= position << 8;
      places[byte]! += 1;
    }
  }

  /**
   * Hands on the text of the block.
   *
   * @returns its checksum
   */
  write(onPiece: (bytes: Buffer) => void): number {
    const sorted = this.#sorted;
    const output = this.#output;
    let filled = 0;
    let checksum = 0xffff_ffff;
    const flush = (): void => {
      const piece = output.subarray(0, filled);
      checksum = addToChecksum(checksum, piece);
      onPiece(piece);
      filled = 0;
    };
    let entry = sorted[this.#origin]!;
    let previous = -1;
    let same = 0;
    for (let count = 0; count < this.#length; count++) {
      entry = sorted[entry >>> 8]!;
      const byte = entry & 0xff;
      if (same === RUN_BEFORE_COUNT) {
        if (filled + byte > OUTPUT_BYTES) flush();
        output.fill(previous, filled, filled + byte);
        filled += byte;
        same = 0;
        previous = -1;
        continue;
      }
      if (filled === OUTPUT_BYTES) flush();
      output[filled] = byte;
      filled += 1;
      same = byte === previous ? same + 1 : 1;
      previous = byte;
    }
    if (filled > 0) flush();
    return ~checksum >>> 0;
  }
}

/** The bytes that occur in the block, in their order. */
function readAlphabet(bits: BitReader): Uint8Array {
  const rows = bits.read(16);
  const bytes: number[] = [];
  for (let row = 0; row < 16; row++) {
    if (((rows >>> (15 - row)) & 1) === 0) continue;
    const columns = bits.read(16);
    for (let column = 0; column < 16; column++) {
      if (((columns >>> (15 - column)) & 1) === 1) bytes.push(row * 16 + column);
    }
  }
  return Uint8Array.from(bytes);
}

/** Which code each group of symbols is in. */
function readSelectors(bits: BitReader, codeCount: number): Uint8Array {
  const selectors = new Uint8Array(bits.read(15));
  if (selectors.length === 0) throw new BrokenBlock();
  const order = Array.from({ length: codeCount }, (_, index) => index);
  for (let position = 0; position < selectors.length; position++) {
    let index = 0;
    while (bits.read(1) === 1) {
      index += 1;
      if (index >= codeCount) throw new BrokenBlock();
    }
    const [chosen] = order.splice(index, 1);
    order.unshift(chosen!);
    selectors[position] = chosen!;
  }
  return selectors;
}

function readCode(bits: BitReader, symbolCount: number): Code {
  const lengths = new Uint8Array(symbolCount);
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbolCount; symbol++) {
    for (;;) {
      if (length < 1 || length > MAX_CODE_BITS) throw new BrokenBlock();
      if (bits.read(1) === 0) break;
      length += bits.read(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return makeCode(lengths);
}

function makeCode(lengths: Uint8Array): Code {
  const quick = new Uint16Array(1 << QUICK_BITS);
  const ends = new Int32Array(MAX_CODE_BITS + 1);
  const shifts = new Int32Array(MAX_CODE_BITS + 1);
  const symbols = new Uint16Array(lengths.length);
  let word = 0;
  let known = 0;
  for (let length = 1; length <= MAX_CODE_BITS; length++) {
    shifts[length] = known - word;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      if (length <= QUICK_BITS) {
        const first = word << (QUICK_BITS - length);
        quick.fill(symbol * 32 + length, first, first + (1 << (QUICK_BITS - length)));
      }
      symbols[known] = symbol;
      known += 1;
      word += 1;
    }
    ends[length] = word;
    word *= 2;
  }
  return { quick, ends, shifts, symbols };
}

function readSymbol(bits: BitReader, { quick, ends, shifts, symbols }: Code): number {
  const entry = quick[bits.peek(QUICK_BITS)]!;
  if (entry !== 0) {
    bits.read(entry & 31);
    return entry >>> 5;
  }
  let word = bits.read(QUICK_BITS);
  for (let length = QUICK_BITS + 1; length <= MAX_CODE_BITS; length++) {
    word = word * 2 + bits.read(1);
    if (word < ends[length]!) {
      const symbol = symbols[word + shifts[length]!];
      if (symbol === undefined) break;
      return symbol;
    }
  }
  throw new BrokenBlock();
}

const CHECKSUM_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ 0x04c1_1db7 : value << 1;
  return value >>> 0;
});

function addToChecksum(start: number, bytes: Buffer): number {
  let checksum = start;
  for (const byte of bytes) checksum = (checksum << 8) ^ CHECKSUM_TABLE[(checksum >>> 24) ^ byte]!;
  return checksum;
}
