import {
  decodeByteText
} from "./chunk-QQ2TBE5L.js";
import {
  formatsOf
} from "./chunk-YV5PFDMU.js";

// src/core/token.ts
import { createHash } from "node:crypto";
import { inspect } from "node:util";
var Token = class {
  #raw;
  rule;
  plane;
  confidence;
  prefix;
  publicId;
  /** Prefix, public id and `…`: the only form that is ever printed, logged or stored in clear. */
  masked;
  /** `sha256:` and the hex SHA-256 of the raw value: the identity of a leak everywhere. */
  fingerprint;
  /** The fingerprint of a guessable token must not leave the machine. */
  isGuessable;
  constructor(raw, facts) {
    this.#raw = raw;
    this.rule = facts.rule;
    this.plane = facts.plane;
    this.confidence = facts.confidence;
    this.prefix = facts.prefix;
    this.publicId = facts.isGuessable ? null : facts.publicId;
    this.masked = `${facts.prefix}${this.publicId ?? ""}…`;
    this.fingerprint = `sha256:${createHash("sha256").update(raw).digest("hex")}`;
    this.isGuessable = facts.isGuessable;
  }
  /** The raw value, for the two places that it may go to: the vendor's API and the revocation provider. */
  reveal() {
    return this.#raw;
  }
  toString() {
    return this.masked;
  }
  toJSON() {
    return this.masked;
  }
  [inspect.custom]() {
    return this.masked;
  }
};

// src/detect/position.ts
var LINE_FEED = 10;
var LineCounter = class {
  #encoding;
  /** Where the two-byte units of the text begin: 0 or 1. */
  #parity;
  #lines = 0;
  #lineStart = 0;
  #position = 0;
  #previousByte = -1;
  /** The last byte is the first half of what may be a line feed in UTF-16LE. */
  #isHalfFeed = false;
  constructor(encoding, parity) {
    this.#encoding = encoding;
    this.#parity = parity;
  }
  /** Counts on over the next bytes of the text. */
  advance(bytes) {
    this.begin(bytes);
    eachLineFeed(bytes, (at) => this.lineFeed(bytes, at));
    this.end(bytes);
  }
  /** For several counters over one search: {@link advance} in its parts. */
  begin(bytes) {
    if (bytes.length === 0) return;
    if (this.#isHalfFeed && bytes[0] === 0) this.#startLine(this.#position + 1);
    this.#isHalfFeed = false;
  }
  lineFeed(bytes, at) {
    if (!this.#canEndLine(bytes, at)) return;
    if (this.#encoding !== "utf-16le") this.#startLine(this.#position + at + 1);
    else if (at + 1 === bytes.length) this.#isHalfFeed = true;
    else if (bytes[at + 1] === 0) this.#startLine(this.#position + at + 2);
  }
  end(bytes) {
    if (bytes.length === 0) return;
    this.#position += bytes.length;
    this.#previousByte = bytes[bytes.length - 1];
  }
  /** The position of an offset that stands at or behind all that was counted, on the same line. */
  positionOf(offset) {
    return { line: this.#lines + 1, column: offset - this.#lineStart + 1 };
  }
  #startLine(offset) {
    this.#lines += 1;
    this.#lineStart = offset;
  }
  #canEndLine(bytes, at) {
    if (this.#encoding === "plain") return true;
    const unitOffset = (this.#position + at + this.#parity) % 2;
    if (this.#encoding === "utf-16le") return unitOffset === 0;
    return unitOffset === 1 && (at === 0 ? this.#previousByte : bytes[at - 1]) === 0;
  }
};
function positionBehind(bytes, { line, column }, encoding) {
  const counter = new LineCounter(encoding, 0);
  counter.advance(bytes);
  const behind = counter.positionOf(bytes.length);
  return behind.line === 1 ? { line, column: column + bytes.length } : { line: line + behind.line - 1, column: behind.column };
}
function eachLineFeed(bytes, at) {
  for (let found = bytes.indexOf(LINE_FEED); found !== -1; found = bytes.indexOf(LINE_FEED, found + 1)) at(found);
}

// src/detect/containers/byte-input.ts
var ByteInput = class {
  /** Counts lines over what has been taken; only for the outermost bytes, whose places are told. */
  #lines;
  #bytes = Buffer.alloc(0);
  #position = 0;
  /** Where `#bytes` begins in all that came. */
  #base = 0;
  /** Holds what is kept from one write to the next. */
  #kept = Buffer.alloc(0);
  isEnded = false;
  /** @param base what `offset` begins at */
  constructor({ countsLines = false, base = 0 } = {}) {
    this.#base = base;
    this.#lines = countsLines ? new LineCounter("plain", 0) : null;
  }
  /** Where the next byte stands in all that came. */
  get offset() {
    return this.#base + this.#position;
  }
  /** The place of the next byte, where lines are counted. */
  get place() {
    return this.#lines?.positionOf(this.offset) ?? null;
  }
  /** What is there and has not been taken. */
  get rest() {
    return this.#bytes.subarray(this.#position);
  }
  get length() {
    return this.#bytes.length - this.#position;
  }
  take(count) {
    const bytes = this.#bytes.subarray(this.#position, this.#position + count);
    this.#lines?.advance(bytes);
    this.#position += bytes.length;
    return bytes;
  }
  /** @param bytes the caller's: they are not looked at after {@link keep} */
  add(bytes) {
    const { rest } = this;
    this.#base += this.#position;
    this.#position = 0;
    if (rest.length === 0) {
      this.#bytes = bytes;
      return;
    }
    const needed = rest.length + bytes.length;
    const target = this.#kept.length >= needed ? this.#kept : Buffer.allocUnsafe(2 * needed);
    rest.copy(target);
    bytes.copy(target, rest.length);
    this.#kept = target;
    this.#bytes = target.subarray(0, needed);
  }
  /** Copies what has not been taken. */
  keep() {
    const { rest } = this;
    if (this.#kept.length < rest.length) this.#kept = Buffer.allocUnsafe(2 * rest.length);
    rest.copy(this.#kept);
    this.#base += this.#position;
    this.#position = 0;
    this.#bytes = this.#kept.subarray(0, rest.length);
  }
};
function wholeInput(bytes, options = {}) {
  const input = new ByteInput(options);
  input.add(bytes);
  input.isEnded = true;
  return input;
}
function* need(input, count) {
  while (input.length < count && !input.isEnded) yield;
  return input.length >= count;
}
function* pass(input, count, onPiece) {
  for (let remaining = count; remaining > 0; ) {
    if (!(yield* need(input, 1))) return false;
    const piece = input.take(remaining);
    remaining -= piece.length;
    onPiece(piece);
  }
  return true;
}
function skipPiece() {
}
var Decoding = class {
  #input;
  #steps;
  #isDone = false;
  constructor(input, steps) {
    this.#input = input;
    this.#steps = steps;
  }
  write(bytes) {
    if (this.#isDone || bytes.length === 0) return;
    this.#input.add(bytes);
    this.#run();
    if (!this.#isDone) this.#input.keep();
  }
  close() {
    if (this.#isDone) return;
    this.#input.isEnded = true;
    this.#run();
  }
  #run() {
    this.#isDone = this.#steps.next().done === true;
  }
};

// src/detect/containers/archive.ts
var CUT_OFF = "is cut off: what comes before that was searched";
var WRONG_CHECKSUM = "is damaged: its content is not what its checksum says; what was unpacked was searched";
var DAMAGED = "is damaged: only what comes before that was searched";

// src/detect/containers/bit-reader.ts
var OutOfBits = class extends Error {
};
var BitReader = class {
  #bytes;
  #next;
  #held = 0;
  #heldBits = 0;
  /** @param skippedBits bits of the first byte that belong to what came before, at most 7 */
  constructor(bytes, skippedBits) {
    this.#bytes = bytes;
    this.#next = 0;
    if (skippedBits > 0) this.read(skippedBits);
  }
  /** How many bits have been read, the skipped ones among them. */
  get position() {
    return this.#next * 8 - this.#heldBits;
  }
  /**
   * @param count at most 24
   * @throws {OutOfBits}
   */
  read(count) {
    while (this.#heldBits < count) this.#fetch();
    this.#heldBits -= count;
    return this.#held >>> this.#heldBits & (1 << count) - 1;
  }
  read32() {
    return this.read(16) * 65536 + this.read(16);
  }
  read48() {
    return this.read(24) * 16777216 + this.read(24);
  }
  /** The next bits without taking them; zeros where there are not so many. */
  peek(count) {
    while (this.#heldBits < count && this.#next < this.#bytes.length) this.#fetch();
    const missing = count - this.#heldBits;
    const mask = (1 << count) - 1;
    return missing <= 0 ? this.#held >>> -missing & mask : this.#held << missing & mask;
  }
  #fetch() {
    if (this.#next >= this.#bytes.length) throw new OutOfBits();
    this.#held = this.#held << 8 | this.#bytes[this.#next];
    this.#next += 1;
    this.#heldBits += 8;
  }
};

// src/detect/containers/bzip2-block.ts
var BLOCK_BYTES_PER_LEVEL = 1e5;
var GROUP_SYMBOLS = 50;
var MIN_CODES = 2;
var MAX_CODES = 6;
var MAX_CODE_BITS = 20;
var QUICK_BITS = 10;
var RUN_BEFORE_COUNT = 4;
var OUTPUT_BYTES = 64 * 1024;
var BrokenBlock = class extends Error {
};
var BlockDecoder = class {
  #maxLength = 0;
  /** The lower 8 bits are the byte, the others where the one behind it stands. */
  #sorted = new Uint32Array(0);
  #output = Buffer.allocUnsafeSlow(OUTPUT_BYTES);
  #length = 0;
  #origin = 0;
  /**
   * Reads the block behind its checksum.
   *
   * @param level 1 to 9
   * @throws {BrokenBlock} or OutOfBits, with nothing handed on
   */
  read(bits, level) {
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
  #readSymbols(bits, alphabet, selectors, codes) {
    const sorted = this.#sorted;
    const counts = new Uint32Array(256);
    const endSymbol = alphabet.length + 1;
    let group = -1;
    let left = 0;
    let code = codes[0];
    let length = 0;
    let run = 0;
    let weight = 1;
    for (; ; ) {
      if (left === 0) {
        group += 1;
        if (group >= selectors.length) throw new BrokenBlock();
        code = codes[selectors[group]];
        left = GROUP_SYMBOLS;
      }
      left -= 1;
      const symbol = readSymbol(bits, code);
      if (symbol <= 1) {
        run += weight << symbol;
        weight *= 2;
        if (length + run > this.#maxLength) throw new BrokenBlock();
        continue;
      }
      if (run > 0) {
        const byte2 = alphabet[0];
        sorted.fill(byte2, length, length + run);
        counts[byte2] += run;
        length += run;
        run = 0;
        weight = 1;
      }
      if (symbol === endSymbol) break;
      if (length >= this.#maxLength) throw new BrokenBlock();
      const index = symbol - 1;
      const byte = alphabet[index];
      alphabet.copyWithin(1, 0, index);
      alphabet[0] = byte;
      sorted[length] = byte;
      counts[byte] += 1;
      length += 1;
    }
    this.#length = length;
    return counts;
  }
  /** Undoes the sorting: links every byte to the one that follows it in the text. */
  #link(counts) {
    const sorted = this.#sorted;
    const places = new Uint32Array(256);
    for (let byte = 1; byte < 256; byte++) places[byte] = places[byte - 1] + counts[byte - 1];
    for (let position = 0; position < this.#length; position++) {
      const byte = sorted[position] & 255;
      sorted[places[byte]] |= position << 8;
      places[byte] += 1;
    }
  }
  /**
   * Hands on the text of the block.
   *
   * @returns its checksum
   */
  write(onPiece) {
    const sorted = this.#sorted;
    const output = this.#output;
    let filled = 0;
    let checksum = 4294967295;
    const flush = () => {
      const piece = output.subarray(0, filled);
      checksum = addToChecksum(checksum, piece);
      onPiece(piece);
      filled = 0;
    };
    let entry = sorted[this.#origin];
    let previous = -1;
    let same = 0;
    for (let count = 0; count < this.#length; count++) {
      entry = sorted[entry >>> 8];
      const byte = entry & 255;
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
};
function readAlphabet(bits) {
  const rows = bits.read(16);
  const bytes = [];
  for (let row = 0; row < 16; row++) {
    if ((rows >>> 15 - row & 1) === 0) continue;
    const columns = bits.read(16);
    for (let column = 0; column < 16; column++) {
      if ((columns >>> 15 - column & 1) === 1) bytes.push(row * 16 + column);
    }
  }
  return Uint8Array.from(bytes);
}
function readSelectors(bits, codeCount) {
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
    order.unshift(chosen);
    selectors[position] = chosen;
  }
  return selectors;
}
function readCode(bits, symbolCount) {
  const lengths = new Uint8Array(symbolCount);
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbolCount; symbol++) {
    for (; ; ) {
      if (length < 1 || length > MAX_CODE_BITS) throw new BrokenBlock();
      if (bits.read(1) === 0) break;
      length += bits.read(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return makeCode(lengths);
}
function makeCode(lengths) {
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
        const first = word << QUICK_BITS - length;
        quick.fill(symbol * 32 + length, first, first + (1 << QUICK_BITS - length));
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
function readSymbol(bits, { quick, ends, shifts, symbols }) {
  const entry = quick[bits.peek(QUICK_BITS)];
  if (entry !== 0) {
    bits.read(entry & 31);
    return entry >>> 5;
  }
  let word = bits.read(QUICK_BITS);
  for (let length = QUICK_BITS + 1; length <= MAX_CODE_BITS; length++) {
    word = word * 2 + bits.read(1);
    if (word < ends[length]) {
      const symbol = symbols[word + shifts[length]];
      if (symbol === void 0) break;
      return symbol;
    }
  }
  throw new BrokenBlock();
}
var CHECKSUM_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? value << 1 ^ 79764919 : value << 1;
  return value >>> 0;
});
function addToChecksum(start, bytes) {
  let checksum = start;
  for (const byte of bytes) checksum = checksum << 8 ^ CHECKSUM_TABLE[checksum >>> 24 ^ byte];
  return checksum;
}

// src/detect/containers/bzip2.ts
var HEADER_BYTES = 4;
var BLOCK_MAGIC = 54156738319193;
var END_MAGIC = 25779555029136;
var usualBlockBytes = (level) => level * 1e5 + 32 * 1024;
var MAX_BLOCK_BYTES = 4 * 1024 * 1024;
function beginsLikeBzip2(bytes) {
  if (!hasHeader(bytes) || bytes.length < HEADER_BYTES + 6) return false;
  const magic = bytes.readUIntBE(HEADER_BYTES, 6);
  return magic === BLOCK_MAGIC || magic === END_MAGIC;
}
function hasHeader(bytes) {
  return bytes[0] === 66 && bytes[1] === 90 && bytes[2] === 104 && bytes[3] >= 49 && bytes[3] <= 57;
}
function* readBzip2(input, visitor) {
  visitor.confirm();
  const entry = visitor.open(null);
  const decoder = new BlockDecoder();
  do {
    visitor.begin(null);
    const level = input.take(HEADER_BYTES)[3] - 48;
    const problem = yield* readBlocks(input, visitor, decoder, level, (bytes) => entry.write(bytes));
    if (problem !== null) visitor.unread(null, problem);
    if (problem !== null && problem !== WRONG_CHECKSUM) break;
    yield* need(input, HEADER_BYTES + 6);
  } while (beginsLikeBzip2(input.rest));
  entry.close();
}
function* readBlocks(input, visitor, decoder, level, onPiece) {
  let problem = null;
  let skippedBits = 0;
  let total = 0;
  for (let wanted = usualBlockBytes(level); ; ) {
    yield* need(input, wanted);
    const bits = new BitReader(input.rest, skippedBits);
    let checksum;
    let isEnd2;
    try {
      const magic = bits.read48();
      isEnd2 = magic === END_MAGIC;
      if (!isEnd2 && magic !== BLOCK_MAGIC) return DAMAGED;
      checksum = bits.read32();
      if (!isEnd2) decoder.read(bits, level);
    } catch (error) {
      if (error instanceof BrokenBlock) return error.message === "" ? DAMAGED : error.message;
      if (!(error instanceof OutOfBits)) throw error;
      if (input.isEnded) return CUT_OFF;
      if (wanted >= MAX_BLOCK_BYTES) return DAMAGED;
      wanted = Math.min(MAX_BLOCK_BYTES, 2 * wanted);
      continue;
    }
    const position = bits.position;
    if (isEnd2) {
      input.take(Math.ceil(position / 8));
      return checksum === total ? problem : WRONG_CHECKSUM;
    }
    visitor.begin(null);
    if (decoder.write(onPiece) !== checksum) problem = WRONG_CHECKSUM;
    total = ((total << 1 | total >>> 31) ^ checksum) >>> 0;
    input.take(Math.floor(position / 8));
    skippedBits = position % 8;
    wanted = usualBlockBytes(level);
  }
}

// src/detect/containers/gzip.ts
import { crc32 as crc322 } from "node:zlib";

// src/detect/containers/inflate.ts
import { inflateRawSync } from "node:zlib";

// node_modules/pako/dist/pako.mjs
var Z_FIXED$1 = 4;
var Z_BINARY = 0;
var Z_TEXT = 1;
var Z_UNKNOWN = 2;
function zero$1(buf) {
  let len = buf.length;
  while (--len >= 0) buf[len] = 0;
}
var STORED_BLOCK = 0;
var STATIC_TREES = 1;
var DYN_TREES = 2;
var LENGTH_CODES = 29;
var LITERALS = 256;
var L_CODES = 286;
var D_CODES = 30;
var BL_CODES = 19;
var HEAP_SIZE$1 = 573;
var MAX_BITS = 15;
var Buf_size = 16;
var END_BLOCK = 256;
var REP_3_6 = 16;
var REPZ_3_10 = 17;
var REPZ_11_138 = 18;
var extra_lbits = new Uint8Array([
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  1,
  1,
  1,
  1,
  2,
  2,
  2,
  2,
  3,
  3,
  3,
  3,
  4,
  4,
  4,
  4,
  5,
  5,
  5,
  5,
  0
]);
var extra_dbits = new Uint8Array([
  0,
  0,
  0,
  0,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  4,
  5,
  5,
  6,
  6,
  7,
  7,
  8,
  8,
  9,
  9,
  10,
  10,
  11,
  11,
  12,
  12,
  13,
  13
]);
var extra_blbits = new Uint8Array([
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  2,
  3,
  7
]);
var bl_order = new Uint8Array([
  16,
  17,
  18,
  0,
  8,
  7,
  9,
  6,
  10,
  5,
  11,
  4,
  12,
  3,
  13,
  2,
  14,
  1,
  15
]);
var DIST_CODE_LEN = 512;
var static_ltree = new Array(288 * 2);
zero$1(static_ltree);
var static_dtree = new Array(D_CODES * 2);
zero$1(static_dtree);
var _dist_code = new Array(DIST_CODE_LEN);
zero$1(_dist_code);
var _length_code = new Array(256);
zero$1(_length_code);
var base_length = new Array(LENGTH_CODES);
zero$1(base_length);
var base_dist = new Array(D_CODES);
zero$1(base_dist);
var d_code = (dist) => {
  return dist < 256 ? _dist_code[dist] : _dist_code[256 + (dist >>> 7)];
};
var put_short = (s, w) => {
  s.pending_buf[s.pending++] = w & 255;
  s.pending_buf[s.pending++] = w >>> 8 & 255;
};
var send_bits = (s, value, length) => {
  if (s.bi_valid > Buf_size - length) {
    s.bi_buf |= value << s.bi_valid & 65535;
    put_short(s, s.bi_buf);
    s.bi_buf = value >> Buf_size - s.bi_valid;
    s.bi_valid += length - Buf_size;
  } else {
    s.bi_buf |= value << s.bi_valid & 65535;
    s.bi_valid += length;
  }
};
var send_code = (s, c, tree) => {
  send_bits(s, tree[c * 2], tree[c * 2 + 1]);
};
var bi_reverse = (code, len) => {
  let res = 0;
  do {
    res |= code & 1;
    code >>>= 1;
    res <<= 1;
  } while (--len > 0);
  return res >>> 1;
};
var gen_bitlen = (s, desc) => {
  const tree = desc.dyn_tree;
  const max_code = desc.max_code;
  const stree = desc.stat_desc.static_tree;
  const has_stree = desc.stat_desc.has_stree;
  const extra = desc.stat_desc.extra_bits;
  const base = desc.stat_desc.extra_base;
  const max_length = desc.stat_desc.max_length;
  let h;
  let n, m;
  let bits;
  let xbits;
  let f;
  let overflow = 0;
  for (bits = 0; bits <= MAX_BITS; bits++) s.bl_count[bits] = 0;
  tree[s.heap[s.heap_max] * 2 + 1] = 0;
  for (h = s.heap_max + 1; h < HEAP_SIZE$1; h++) {
    n = s.heap[h];
    bits = tree[tree[n * 2 + 1] * 2 + 1] + 1;
    if (bits > max_length) {
      bits = max_length;
      overflow++;
    }
    tree[n * 2 + 1] = bits;
    if (n > max_code) continue;
    s.bl_count[bits]++;
    xbits = 0;
    if (n >= base) xbits = extra[n - base];
    f = tree[n * 2];
    s.opt_len += f * (bits + xbits);
    if (has_stree) s.static_len += f * (stree[n * 2 + 1] + xbits);
  }
  if (overflow === 0) return;
  do {
    bits = max_length - 1;
    while (s.bl_count[bits] === 0) bits--;
    s.bl_count[bits]--;
    s.bl_count[bits + 1] += 2;
    s.bl_count[max_length]--;
    overflow -= 2;
  } while (overflow > 0);
  for (bits = max_length; bits !== 0; bits--) {
    n = s.bl_count[bits];
    while (n !== 0) {
      m = s.heap[--h];
      if (m > max_code) continue;
      if (tree[m * 2 + 1] !== bits) {
        s.opt_len += (bits - tree[m * 2 + 1]) * tree[m * 2];
        tree[m * 2 + 1] = bits;
      }
      n--;
    }
  }
};
var gen_codes = (tree, max_code, bl_count) => {
  const next_code = new Array(16);
  let code = 0;
  let bits;
  let n;
  for (bits = 1; bits <= MAX_BITS; bits++) {
    code = code + bl_count[bits - 1] << 1;
    next_code[bits] = code;
  }
  for (n = 0; n <= max_code; n++) {
    let len = tree[n * 2 + 1];
    if (len === 0) continue;
    tree[n * 2] = bi_reverse(next_code[len]++, len);
  }
};
var init_block = (s) => {
  let n;
  for (n = 0; n < L_CODES; n++) s.dyn_ltree[n * 2] = 0;
  for (n = 0; n < D_CODES; n++) s.dyn_dtree[n * 2] = 0;
  for (n = 0; n < BL_CODES; n++) s.bl_tree[n * 2] = 0;
  s.dyn_ltree[END_BLOCK * 2] = 1;
  s.opt_len = s.static_len = 0;
  s.sym_next = s.matches = 0;
};
var bi_windup = (s) => {
  if (s.bi_valid > 8) put_short(s, s.bi_buf);
  else if (s.bi_valid > 0) s.pending_buf[s.pending++] = s.bi_buf;
  s.bi_buf = 0;
  s.bi_valid = 0;
};
var smaller = (tree, n, m, depth) => {
  const _n2 = n * 2;
  const _m2 = m * 2;
  return tree[_n2] < tree[_m2] || tree[_n2] === tree[_m2] && depth[n] <= depth[m];
};
var pqdownheap = (s, tree, k) => {
  const v = s.heap[k];
  let j = k << 1;
  while (j <= s.heap_len) {
    if (j < s.heap_len && smaller(tree, s.heap[j + 1], s.heap[j], s.depth)) j++;
    if (smaller(tree, v, s.heap[j], s.depth)) break;
    s.heap[k] = s.heap[j];
    k = j;
    j <<= 1;
  }
  s.heap[k] = v;
};
var compress_block = (s, ltree, dtree) => {
  let dist;
  let lc;
  let sx = 0;
  let code;
  let extra;
  if (s.sym_next !== 0) do {
    dist = s.pending_buf[s.sym_buf + sx++] & 255;
    dist += (s.pending_buf[s.sym_buf + sx++] & 255) << 8;
    lc = s.pending_buf[s.sym_buf + sx++];
    if (dist === 0) send_code(s, lc, ltree);
    else {
      code = _length_code[lc];
      send_code(s, code + LITERALS + 1, ltree);
      extra = extra_lbits[code];
      if (extra !== 0) {
        lc -= base_length[code];
        send_bits(s, lc, extra);
      }
      dist--;
      code = d_code(dist);
      send_code(s, code, dtree);
      extra = extra_dbits[code];
      if (extra !== 0) {
        dist -= base_dist[code];
        send_bits(s, dist, extra);
      }
    }
  } while (sx < s.sym_next);
  send_code(s, END_BLOCK, ltree);
};
var build_tree = (s, desc) => {
  const tree = desc.dyn_tree;
  const stree = desc.stat_desc.static_tree;
  const has_stree = desc.stat_desc.has_stree;
  const elems = desc.stat_desc.elems;
  let n, m;
  let max_code = -1;
  let node;
  s.heap_len = 0;
  s.heap_max = HEAP_SIZE$1;
  for (n = 0; n < elems; n++) if (tree[n * 2] !== 0) {
    s.heap[++s.heap_len] = max_code = n;
    s.depth[n] = 0;
  } else tree[n * 2 + 1] = 0;
  while (s.heap_len < 2) {
    node = s.heap[++s.heap_len] = max_code < 2 ? ++max_code : 0;
    tree[node * 2] = 1;
    s.depth[node] = 0;
    s.opt_len--;
    if (has_stree) s.static_len -= stree[node * 2 + 1];
  }
  desc.max_code = max_code;
  for (n = s.heap_len >> 1; n >= 1; n--) pqdownheap(s, tree, n);
  node = elems;
  do {
    n = s.heap[1];
    s.heap[1] = s.heap[s.heap_len--];
    pqdownheap(s, tree, 1);
    m = s.heap[1];
    s.heap[--s.heap_max] = n;
    s.heap[--s.heap_max] = m;
    tree[node * 2] = tree[n * 2] + tree[m * 2];
    s.depth[node] = (s.depth[n] >= s.depth[m] ? s.depth[n] : s.depth[m]) + 1;
    tree[n * 2 + 1] = tree[m * 2 + 1] = node;
    s.heap[1] = node++;
    pqdownheap(s, tree, 1);
  } while (s.heap_len >= 2);
  s.heap[--s.heap_max] = s.heap[1];
  gen_bitlen(s, desc);
  gen_codes(tree, max_code, s.bl_count);
};
var scan_tree = (s, tree, max_code) => {
  let n;
  let prevlen = -1;
  let curlen;
  let nextlen = tree[1];
  let count = 0;
  let max_count = 7;
  let min_count = 4;
  if (nextlen === 0) {
    max_count = 138;
    min_count = 3;
  }
  tree[(max_code + 1) * 2 + 1] = 65535;
  for (n = 0; n <= max_code; n++) {
    curlen = nextlen;
    nextlen = tree[(n + 1) * 2 + 1];
    if (++count < max_count && curlen === nextlen) continue;
    else if (count < min_count) s.bl_tree[curlen * 2] += count;
    else if (curlen !== 0) {
      if (curlen !== prevlen) s.bl_tree[curlen * 2]++;
      s.bl_tree[REP_3_6 * 2]++;
    } else if (count <= 10) s.bl_tree[REPZ_3_10 * 2]++;
    else s.bl_tree[REPZ_11_138 * 2]++;
    count = 0;
    prevlen = curlen;
    if (nextlen === 0) {
      max_count = 138;
      min_count = 3;
    } else if (curlen === nextlen) {
      max_count = 6;
      min_count = 3;
    } else {
      max_count = 7;
      min_count = 4;
    }
  }
};
var send_tree = (s, tree, max_code) => {
  let n;
  let prevlen = -1;
  let curlen;
  let nextlen = tree[1];
  let count = 0;
  let max_count = 7;
  let min_count = 4;
  if (nextlen === 0) {
    max_count = 138;
    min_count = 3;
  }
  for (n = 0; n <= max_code; n++) {
    curlen = nextlen;
    nextlen = tree[(n + 1) * 2 + 1];
    if (++count < max_count && curlen === nextlen) continue;
    else if (count < min_count) do
      send_code(s, curlen, s.bl_tree);
    while (--count !== 0);
    else if (curlen !== 0) {
      if (curlen !== prevlen) {
        send_code(s, curlen, s.bl_tree);
        count--;
      }
      send_code(s, REP_3_6, s.bl_tree);
      send_bits(s, count - 3, 2);
    } else if (count <= 10) {
      send_code(s, REPZ_3_10, s.bl_tree);
      send_bits(s, count - 3, 3);
    } else {
      send_code(s, REPZ_11_138, s.bl_tree);
      send_bits(s, count - 11, 7);
    }
    count = 0;
    prevlen = curlen;
    if (nextlen === 0) {
      max_count = 138;
      min_count = 3;
    } else if (curlen === nextlen) {
      max_count = 6;
      min_count = 3;
    } else {
      max_count = 7;
      min_count = 4;
    }
  }
};
var build_bl_tree = (s) => {
  let max_blindex;
  scan_tree(s, s.dyn_ltree, s.l_desc.max_code);
  scan_tree(s, s.dyn_dtree, s.d_desc.max_code);
  build_tree(s, s.bl_desc);
  for (max_blindex = BL_CODES - 1; max_blindex >= 3; max_blindex--) if (s.bl_tree[bl_order[max_blindex] * 2 + 1] !== 0) break;
  s.opt_len += 3 * (max_blindex + 1) + 5 + 5 + 4;
  return max_blindex;
};
var send_all_trees = (s, lcodes, dcodes, blcodes) => {
  let rank;
  send_bits(s, lcodes - 257, 5);
  send_bits(s, dcodes - 1, 5);
  send_bits(s, blcodes - 4, 4);
  for (rank = 0; rank < blcodes; rank++) send_bits(s, s.bl_tree[bl_order[rank] * 2 + 1], 3);
  send_tree(s, s.dyn_ltree, lcodes - 1);
  send_tree(s, s.dyn_dtree, dcodes - 1);
};
var detect_data_type = (s) => {
  let block_mask = 4093624447;
  let n;
  for (n = 0; n <= 31; n++, block_mask >>>= 1) if (block_mask & 1 && s.dyn_ltree[n * 2] !== 0) return Z_BINARY;
  if (s.dyn_ltree[18] !== 0 || s.dyn_ltree[20] !== 0 || s.dyn_ltree[26] !== 0) return Z_TEXT;
  for (n = 32; n < LITERALS; n++) if (s.dyn_ltree[n * 2] !== 0) return Z_TEXT;
  return Z_BINARY;
};
var _tr_stored_block = (s, buf, stored_len, last) => {
  send_bits(s, (STORED_BLOCK << 1) + (last ? 1 : 0), 3);
  bi_windup(s);
  put_short(s, stored_len);
  put_short(s, ~stored_len);
  if (stored_len) s.pending_buf.set(s.window.subarray(buf, buf + stored_len), s.pending);
  s.pending += stored_len;
};
var _tr_flush_block = (s, buf, stored_len, last) => {
  let opt_lenb, static_lenb;
  let max_blindex = 0;
  if (s.level > 0) {
    if (s.strm.data_type === Z_UNKNOWN) s.strm.data_type = detect_data_type(s);
    build_tree(s, s.l_desc);
    build_tree(s, s.d_desc);
    max_blindex = build_bl_tree(s);
    opt_lenb = s.opt_len + 3 + 7 >>> 3;
    static_lenb = s.static_len + 3 + 7 >>> 3;
    if (static_lenb <= opt_lenb || s.strategy === Z_FIXED$1) opt_lenb = static_lenb;
  } else opt_lenb = static_lenb = stored_len + 5;
  if (stored_len + 4 <= opt_lenb && buf !== -1) _tr_stored_block(s, buf, stored_len, last);
  else if (s.strategy === Z_FIXED$1 || static_lenb === opt_lenb) {
    send_bits(s, (STATIC_TREES << 1) + (last ? 1 : 0), 3);
    compress_block(s, static_ltree, static_dtree);
  } else {
    send_bits(s, (DYN_TREES << 1) + (last ? 1 : 0), 3);
    send_all_trees(s, s.l_desc.max_code + 1, s.d_desc.max_code + 1, max_blindex + 1);
    compress_block(s, s.dyn_ltree, s.dyn_dtree);
  }
  init_block(s);
  if (last) bi_windup(s);
};
var _tr_tally = (s, dist, lc) => {
  s.pending_buf[s.sym_buf + s.sym_next++] = dist;
  s.pending_buf[s.sym_buf + s.sym_next++] = dist >> 8;
  s.pending_buf[s.sym_buf + s.sym_next++] = lc;
  if (dist === 0) s.dyn_ltree[lc * 2]++;
  else {
    s.matches++;
    dist--;
    s.dyn_ltree[(_length_code[lc] + LITERALS + 1) * 2]++;
    s.dyn_dtree[d_code(dist) * 2]++;
  }
  return s.sym_next === s.sym_end;
};
var adler32 = (adler, buf, len, pos) => {
  let s1 = adler & 65535 | 0, s2 = adler >>> 16 & 65535 | 0, n = 0;
  while (len !== 0) {
    n = len > 2e3 ? 2e3 : len;
    len -= n;
    do {
      s1 = s1 + buf[pos++] | 0;
      s2 = s2 + s1 | 0;
    } while (--n);
    s1 %= 65521;
    s2 %= 65521;
  }
  return s1 | s2 << 16 | 0;
};
var makeTable = () => {
  const table = new Uint32Array(256 * 8);
  let c;
  for (let n = 0; n < 256; n++) {
    c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 3988292384 ^ c >>> 1 : c >>> 1;
    table[n] = c;
  }
  for (let n = 0; n < 256; n++) {
    c = table[n];
    for (let k = 256; k < 256 * 8; k += 256) {
      c = table[c & 255] ^ c >>> 8;
      table[k + n] = c;
    }
  }
  return table;
};
var crcTable = makeTable();
var crc32 = (crc, buf, len, pos) => {
  const t = crcTable;
  const end = pos + len;
  let i = pos;
  crc ^= -1;
  for (const end8 = end - 7; i < end8; i += 8) {
    crc ^= buf[i] | buf[i + 1] << 8 | buf[i + 2] << 16 | buf[i + 3] << 24;
    crc = t[1792 + (crc & 255)] ^ t[1536 + (crc >>> 8 & 255)] ^ t[1280 + (crc >>> 16 & 255)] ^ t[1024 + (crc >>> 24)] ^ t[768 + buf[i + 4]] ^ t[512 + buf[i + 5]] ^ t[256 + buf[i + 6]] ^ t[buf[i + 7]];
  }
  for (; i < end; i++) crc = crc >>> 8 ^ t[(crc ^ buf[i]) & 255];
  return crc ^ -1;
};
var Z_NO_FLUSH = 0;
var Z_OK = 0;
var Z_STREAM_END = 1;
var MIN_MATCH = 3;
var MAX_MATCH = 258;
var MIN_LOOKAHEAD = 262;
var BS_NEED_MORE = 1;
var BS_BLOCK_DONE = 2;
var BS_FINISH_STARTED = 3;
var BS_FINISH_DONE = 4;
var slide_hash = (s) => {
  let n, m;
  let p;
  let wsize = s.w_size;
  n = s.hash_size;
  p = n;
  do {
    m = s.head[--p];
    s.head[p] = m >= wsize ? m - wsize : 0;
  } while (--n);
  n = wsize;
  p = n;
  do {
    m = s.prev[--p];
    s.prev[p] = m >= wsize ? m - wsize : 0;
  } while (--n);
};
var HASH = (s, prev, data) => (prev << s.hash_shift ^ data) & s.hash_mask;
var INSERT_STRING = (s, str) => {
  let h;
  if (s.legacy_hash) h = s.ins_h = HASH(s, s.ins_h, s.window[str + MIN_MATCH - 1]);
  else {
    const w = s.window;
    const value = w[str] | w[str + 1] << 8 | w[str + 2] << 16 | w[str + 3] << 24;
    h = s.ins_h = Math.imul(value, 66521) + 66521 >>> 16 & s.hash_mask;
  }
  const hash_head = s.prev[str & s.w_mask] = s.head[h];
  s.head[h] = str;
  return hash_head;
};
var flush_pending = (strm) => {
  const s = strm.state;
  let len = s.pending;
  if (len > strm.avail_out) len = strm.avail_out;
  if (len === 0) return;
  strm.output.set(s.pending_buf.subarray(s.pending_out, s.pending_out + len), strm.next_out);
  strm.next_out += len;
  s.pending_out += len;
  strm.total_out += len;
  strm.avail_out -= len;
  s.pending -= len;
  if (s.pending === 0) s.pending_out = 0;
};
var flush_block_only = (s, last) => {
  _tr_flush_block(s, s.block_start >= 0 ? s.block_start : -1, s.strstart - s.block_start, last);
  s.block_start = s.strstart;
  flush_pending(s.strm);
};
var read_buf = (strm, buf, start, size) => {
  let len = strm.avail_in;
  if (len > size) len = size;
  if (len === 0) return 0;
  strm.avail_in -= len;
  buf.set(strm.input.subarray(strm.next_in, strm.next_in + len), start);
  if (strm.state.wrap === 1) strm.adler = adler32(strm.adler, buf, len, start);
  else if (strm.state.wrap === 2) strm.adler = crc32(strm.adler, buf, len, start);
  strm.next_in += len;
  strm.total_in += len;
  return len;
};
var longest_match = (s, cur_match) => {
  let chain_length = s.max_chain_length;
  let scan = s.strstart;
  let match;
  let len;
  let best_len = s.prev_length;
  let nice_match = s.nice_match;
  const limit = s.strstart > s.w_size - MIN_LOOKAHEAD ? s.strstart - (s.w_size - MIN_LOOKAHEAD) : 0;
  const _win = s.window;
  const wmask = s.w_mask;
  const prev = s.prev;
  const strend = s.strstart + MAX_MATCH;
  let scan_end1 = _win[scan + best_len - 1];
  let scan_end = _win[scan + best_len];
  if (s.prev_length >= s.good_match) chain_length >>= 2;
  if (nice_match > s.lookahead) nice_match = s.lookahead;
  do {
    match = cur_match;
    if (_win[match + best_len] !== scan_end || _win[match + best_len - 1] !== scan_end1 || _win[match] !== _win[scan] || _win[++match] !== _win[scan + 1]) continue;
    scan += 2;
    match++;
    do
      ;
    while (_win[++scan] === _win[++match] && _win[++scan] === _win[++match] && _win[++scan] === _win[++match] && _win[++scan] === _win[++match] && _win[++scan] === _win[++match] && _win[++scan] === _win[++match] && _win[++scan] === _win[++match] && _win[++scan] === _win[++match] && scan < strend);
    len = MAX_MATCH - (strend - scan);
    scan = strend - MAX_MATCH;
    if (len > best_len) {
      s.match_start = cur_match;
      best_len = len;
      if (len >= nice_match) break;
      scan_end1 = _win[scan + best_len - 1];
      scan_end = _win[scan + best_len];
    }
  } while ((cur_match = prev[cur_match & wmask]) > limit && --chain_length !== 0);
  if (best_len <= s.lookahead) return best_len;
  return s.lookahead;
};
var fill_window = (s) => {
  const _w_size = s.w_size;
  let n, more, str;
  do {
    more = s.window_size - s.lookahead - s.strstart;
    if (s.strstart >= _w_size + (_w_size - MIN_LOOKAHEAD)) {
      s.window.set(s.window.subarray(_w_size, _w_size + _w_size - more), 0);
      s.match_start -= _w_size;
      s.strstart -= _w_size;
      s.block_start -= _w_size;
      if (s.insert > s.strstart) s.insert = s.strstart;
      slide_hash(s);
      more += _w_size;
    }
    if (s.strm.avail_in === 0) break;
    n = read_buf(s.strm, s.window, s.strstart + s.lookahead, more);
    s.lookahead += n;
    if (!s.legacy_hash) {
      if (s.lookahead + s.insert > MIN_MATCH) {
        str = s.strstart - s.insert;
        while (s.insert) {
          INSERT_STRING(s, str);
          str++;
          s.insert--;
          if (s.lookahead + s.insert <= MIN_MATCH) break;
        }
      }
    } else if (s.lookahead + s.insert >= MIN_MATCH) {
      str = s.strstart - s.insert;
      s.ins_h = s.window[str];
      s.ins_h = HASH(s, s.ins_h, s.window[str + 1]);
      while (s.insert) {
        INSERT_STRING(s, str);
        str++;
        s.insert--;
        if (s.lookahead + s.insert < MIN_MATCH) break;
      }
    }
  } while (s.lookahead < MIN_LOOKAHEAD && s.strm.avail_in !== 0);
};
var deflate_stored = (s, flush) => {
  let min_block = s.pending_buf_size - 5 > s.w_size ? s.w_size : s.pending_buf_size - 5;
  let len, left, have, last = 0;
  let used = s.strm.avail_in;
  do {
    len = 65535;
    have = s.bi_valid + 42 >> 3;
    if (s.strm.avail_out < have) break;
    have = s.strm.avail_out - have;
    left = s.strstart - s.block_start;
    if (len > left + s.strm.avail_in) len = left + s.strm.avail_in;
    if (len > have) len = have;
    if (len < min_block && (len === 0 && flush !== 4 || flush === 0 || len !== left + s.strm.avail_in)) break;
    last = flush === 4 && len === left + s.strm.avail_in ? 1 : 0;
    _tr_stored_block(s, 0, 0, last);
    s.pending_buf[s.pending - 4] = len;
    s.pending_buf[s.pending - 3] = len >> 8;
    s.pending_buf[s.pending - 2] = ~len;
    s.pending_buf[s.pending - 1] = ~len >> 8;
    flush_pending(s.strm);
    if (left) {
      if (left > len) left = len;
      s.strm.output.set(s.window.subarray(s.block_start, s.block_start + left), s.strm.next_out);
      s.strm.next_out += left;
      s.strm.avail_out -= left;
      s.strm.total_out += left;
      s.block_start += left;
      len -= left;
    }
    if (len) {
      read_buf(s.strm, s.strm.output, s.strm.next_out, len);
      s.strm.next_out += len;
      s.strm.avail_out -= len;
      s.strm.total_out += len;
    }
  } while (last === 0);
  used -= s.strm.avail_in;
  if (used) {
    if (used >= s.w_size) {
      s.matches = 2;
      s.window.set(s.strm.input.subarray(s.strm.next_in - s.w_size, s.strm.next_in), 0);
      s.strstart = s.w_size;
      s.insert = s.strstart;
    } else {
      if (s.window_size - s.strstart <= used) {
        s.strstart -= s.w_size;
        s.window.set(s.window.subarray(s.w_size, s.w_size + s.strstart), 0);
        if (s.matches < 2) s.matches++;
        if (s.insert > s.strstart) s.insert = s.strstart;
      }
      s.window.set(s.strm.input.subarray(s.strm.next_in - used, s.strm.next_in), s.strstart);
      s.strstart += used;
      s.insert += used > s.w_size - s.insert ? s.w_size - s.insert : used;
    }
    s.block_start = s.strstart;
  }
  if (s.high_water < s.strstart) s.high_water = s.strstart;
  if (last) return BS_FINISH_DONE;
  if (flush !== 0 && flush !== 4 && s.strm.avail_in === 0 && s.strstart === s.block_start) return BS_BLOCK_DONE;
  have = s.window_size - s.strstart;
  if (s.strm.avail_in > have && s.block_start >= s.w_size) {
    s.block_start -= s.w_size;
    s.strstart -= s.w_size;
    s.window.set(s.window.subarray(s.w_size, s.w_size + s.strstart), 0);
    if (s.matches < 2) s.matches++;
    have += s.w_size;
    if (s.insert > s.strstart) s.insert = s.strstart;
  }
  if (have > s.strm.avail_in) have = s.strm.avail_in;
  if (have) {
    read_buf(s.strm, s.window, s.strstart, have);
    s.strstart += have;
    s.insert += have > s.w_size - s.insert ? s.w_size - s.insert : have;
  }
  if (s.high_water < s.strstart) s.high_water = s.strstart;
  have = s.bi_valid + 42 >> 3;
  have = s.pending_buf_size - have > 65535 ? 65535 : s.pending_buf_size - have;
  min_block = have > s.w_size ? s.w_size : have;
  left = s.strstart - s.block_start;
  if (left >= min_block || (left || flush === 4) && flush !== 0 && s.strm.avail_in === 0 && left <= have) {
    len = left > have ? have : left;
    last = flush === 4 && s.strm.avail_in === 0 && len === left ? 1 : 0;
    _tr_stored_block(s, s.block_start, len, last);
    s.block_start += len;
    flush_pending(s.strm);
  }
  return last ? BS_FINISH_STARTED : BS_NEED_MORE;
};
var deflate_fast = (s, flush) => {
  let hash_head;
  let bflush;
  for (; ; ) {
    if (s.lookahead < MIN_LOOKAHEAD) {
      fill_window(s);
      if (s.lookahead < MIN_LOOKAHEAD && flush === 0) return BS_NEED_MORE;
      if (s.lookahead === 0) break;
    }
    hash_head = 0;
    if (s.lookahead >= MIN_MATCH) hash_head = INSERT_STRING(s, s.strstart);
    if (hash_head !== 0 && s.strstart - hash_head <= s.w_size - MIN_LOOKAHEAD) s.match_length = longest_match(s, hash_head);
    if (s.match_length >= MIN_MATCH) {
      bflush = _tr_tally(s, s.strstart - s.match_start, s.match_length - MIN_MATCH);
      s.lookahead -= s.match_length;
      if (s.match_length <= s.max_lazy_match && s.lookahead >= MIN_MATCH) {
        s.match_length--;
        do {
          s.strstart++;
          hash_head = INSERT_STRING(s, s.strstart);
        } while (--s.match_length !== 0);
        s.strstart++;
      } else {
        s.strstart += s.match_length;
        s.match_length = 0;
        if (s.legacy_hash) {
          s.ins_h = s.window[s.strstart];
          s.ins_h = HASH(s, s.ins_h, s.window[s.strstart + 1]);
        }
      }
    } else {
      bflush = _tr_tally(s, 0, s.window[s.strstart]);
      s.lookahead--;
      s.strstart++;
    }
    if (bflush) {
      flush_block_only(s, false);
      if (s.strm.avail_out === 0) return BS_NEED_MORE;
    }
  }
  s.insert = s.strstart < MIN_MATCH - 1 ? s.strstart : MIN_MATCH - 1;
  if (flush === 4) {
    flush_block_only(s, true);
    if (s.strm.avail_out === 0) return BS_FINISH_STARTED;
    return BS_FINISH_DONE;
  }
  if (s.sym_next) {
    flush_block_only(s, false);
    if (s.strm.avail_out === 0) return BS_NEED_MORE;
  }
  return BS_BLOCK_DONE;
};
var deflate_slow = (s, flush) => {
  let hash_head;
  let bflush;
  let max_insert;
  for (; ; ) {
    if (s.lookahead < MIN_LOOKAHEAD) {
      fill_window(s);
      if (s.lookahead < MIN_LOOKAHEAD && flush === 0) return BS_NEED_MORE;
      if (s.lookahead === 0) break;
    }
    hash_head = 0;
    if (s.lookahead >= MIN_MATCH) hash_head = INSERT_STRING(s, s.strstart);
    s.prev_length = s.match_length;
    s.prev_match = s.match_start;
    s.match_length = MIN_MATCH - 1;
    if (hash_head !== 0 && s.prev_length < s.max_lazy_match && s.strstart - hash_head <= s.w_size - MIN_LOOKAHEAD) {
      s.match_length = longest_match(s, hash_head);
      if (s.match_length <= 5 && (s.strategy === 1 || s.match_length === MIN_MATCH && s.strstart - s.match_start > 4096)) s.match_length = MIN_MATCH - 1;
    }
    if (s.prev_length >= MIN_MATCH && s.match_length <= s.prev_length) {
      max_insert = s.strstart + s.lookahead - MIN_MATCH;
      bflush = _tr_tally(s, s.strstart - 1 - s.prev_match, s.prev_length - MIN_MATCH);
      s.lookahead -= s.prev_length - 1;
      s.prev_length -= 2;
      do
        if (++s.strstart <= max_insert) hash_head = INSERT_STRING(s, s.strstart);
      while (--s.prev_length !== 0);
      s.match_available = 0;
      s.match_length = MIN_MATCH - 1;
      s.strstart++;
      if (bflush) {
        flush_block_only(s, false);
        if (s.strm.avail_out === 0) return BS_NEED_MORE;
      }
    } else if (s.match_available) {
      bflush = _tr_tally(s, 0, s.window[s.strstart - 1]);
      if (bflush)
        flush_block_only(s, false);
      s.strstart++;
      s.lookahead--;
      if (s.strm.avail_out === 0) return BS_NEED_MORE;
    } else {
      s.match_available = 1;
      s.strstart++;
      s.lookahead--;
    }
  }
  if (s.match_available) {
    bflush = _tr_tally(s, 0, s.window[s.strstart - 1]);
    s.match_available = 0;
  }
  s.insert = s.strstart < MIN_MATCH - 1 ? s.strstart : MIN_MATCH - 1;
  if (flush === 4) {
    flush_block_only(s, true);
    if (s.strm.avail_out === 0) return BS_FINISH_STARTED;
    return BS_FINISH_DONE;
  }
  if (s.sym_next) {
    flush_block_only(s, false);
    if (s.strm.avail_out === 0) return BS_NEED_MORE;
  }
  return BS_BLOCK_DONE;
};
var Config = class {
  constructor(good_length, max_lazy, nice_length, max_chain, func) {
    this.good_length = good_length;
    this.max_lazy = max_lazy;
    this.nice_length = nice_length;
    this.max_chain = max_chain;
    this.func = func;
  }
};
var configuration_table = [
  new Config(0, 0, 0, 0, deflate_stored),
  new Config(4, 4, 8, 4, deflate_fast),
  new Config(4, 5, 16, 8, deflate_fast),
  new Config(4, 6, 32, 32, deflate_fast),
  new Config(4, 4, 16, 16, deflate_slow),
  new Config(8, 16, 32, 32, deflate_slow),
  new Config(8, 16, 128, 128, deflate_slow),
  new Config(8, 32, 128, 256, deflate_slow),
  new Config(32, 128, 258, 1024, deflate_slow),
  new Config(32, 258, 258, 4096, deflate_slow)
];
var BAD$1 = 16209;
var TYPE$1 = 16191;
function inflate_fast(strm, start) {
  let _in;
  let last;
  let _out;
  let beg;
  let end;
  let dmax;
  let wsize;
  let whave;
  let wnext;
  let s_window;
  let hold;
  let bits;
  let lcode;
  let dcode;
  let lmask;
  let dmask;
  let here;
  let op;
  let len;
  let dist;
  let from;
  let from_source;
  let input, output;
  const state = strm.state;
  _in = strm.next_in;
  input = strm.input;
  last = _in + (strm.avail_in - 5);
  _out = strm.next_out;
  output = strm.output;
  beg = _out - (start - strm.avail_out);
  end = _out + (strm.avail_out - 257);
  dmax = state.dmax;
  wsize = state.wsize;
  whave = state.whave;
  wnext = state.wnext;
  s_window = state.window;
  hold = state.hold;
  bits = state.bits;
  lcode = state.lencode;
  dcode = state.distcode;
  lmask = (1 << state.lenbits) - 1;
  dmask = (1 << state.distbits) - 1;
  top: do {
    if (bits < 15) {
      hold += input[_in++] << bits;
      bits += 8;
      hold += input[_in++] << bits;
      bits += 8;
    }
    here = lcode[hold & lmask];
    dolen: for (; ; ) {
      op = here >>> 24;
      hold >>>= op;
      bits -= op;
      op = here >>> 16 & 255;
      if (op === 0) output[_out++] = here & 65535;
      else if (op & 16) {
        len = here & 65535;
        op &= 15;
        if (op) {
          if (bits < op) {
            hold += input[_in++] << bits;
            bits += 8;
          }
          len += hold & (1 << op) - 1;
          hold >>>= op;
          bits -= op;
        }
        if (bits < 15) {
          hold += input[_in++] << bits;
          bits += 8;
          hold += input[_in++] << bits;
          bits += 8;
        }
        here = dcode[hold & dmask];
        dodist: for (; ; ) {
          op = here >>> 24;
          hold >>>= op;
          bits -= op;
          op = here >>> 16 & 255;
          if (op & 16) {
            dist = here & 65535;
            op &= 15;
            if (bits < op) {
              hold += input[_in++] << bits;
              bits += 8;
              if (bits < op) {
                hold += input[_in++] << bits;
                bits += 8;
              }
            }
            dist += hold & (1 << op) - 1;
            if (dist > dmax) {
              strm.msg = "invalid distance too far back";
              state.mode = BAD$1;
              break top;
            }
            hold >>>= op;
            bits -= op;
            op = _out - beg;
            if (dist > op) {
              op = dist - op;
              if (op > whave) {
                if (state.sane) {
                  strm.msg = "invalid distance too far back";
                  state.mode = BAD$1;
                  break top;
                }
              }
              from = 0;
              from_source = s_window;
              if (wnext === 0) {
                from += wsize - op;
                if (op < len) {
                  len -= op;
                  do
                    output[_out++] = s_window[from++];
                  while (--op);
                  from = _out - dist;
                  from_source = output;
                }
              } else if (wnext < op) {
                from += wsize + wnext - op;
                op -= wnext;
                if (op < len) {
                  len -= op;
                  do
                    output[_out++] = s_window[from++];
                  while (--op);
                  from = 0;
                  if (wnext < len) {
                    op = wnext;
                    len -= op;
                    do
                      output[_out++] = s_window[from++];
                    while (--op);
                    from = _out - dist;
                    from_source = output;
                  }
                }
              } else {
                from += wnext - op;
                if (op < len) {
                  len -= op;
                  do
                    output[_out++] = s_window[from++];
                  while (--op);
                  from = _out - dist;
                  from_source = output;
                }
              }
              while (len > 2) {
                output[_out++] = from_source[from++];
                output[_out++] = from_source[from++];
                output[_out++] = from_source[from++];
                len -= 3;
              }
              if (len) {
                output[_out++] = from_source[from++];
                if (len > 1) output[_out++] = from_source[from++];
              }
            } else {
              from = _out - dist;
              do {
                output[_out++] = output[from++];
                output[_out++] = output[from++];
                output[_out++] = output[from++];
                len -= 3;
              } while (len > 2);
              if (len) {
                output[_out++] = output[from++];
                if (len > 1) output[_out++] = output[from++];
              }
            }
          } else if ((op & 64) === 0) {
            here = dcode[(here & 65535) + (hold & (1 << op) - 1)];
            continue dodist;
          } else {
            strm.msg = "invalid distance code";
            state.mode = BAD$1;
            break top;
          }
          break;
        }
      } else if ((op & 64) === 0) {
        here = lcode[(here & 65535) + (hold & (1 << op) - 1)];
        continue dolen;
      } else if (op & 32) {
        state.mode = TYPE$1;
        break top;
      } else {
        strm.msg = "invalid literal/length code";
        state.mode = BAD$1;
        break top;
      }
      break;
    }
  } while (_in < last && _out < end);
  len = bits >> 3;
  _in -= len;
  bits -= len << 3;
  hold &= (1 << bits) - 1;
  strm.next_in = _in;
  strm.next_out = _out;
  strm.avail_in = _in < last ? 5 + (last - _in) : 5 - (_in - last);
  strm.avail_out = _out < end ? 257 + (end - _out) : 257 - (_out - end);
  state.hold = hold;
  state.bits = bits;
}
var MAXBITS = 15;
var ENOUGH_LENS$1 = 852;
var ENOUGH_DISTS$1 = 592;
var CODES$1 = 0;
var LENS$1 = 1;
var DISTS$1 = 2;
var lbase = new Uint16Array([
  3,
  4,
  5,
  6,
  7,
  8,
  9,
  10,
  11,
  13,
  15,
  17,
  19,
  23,
  27,
  31,
  35,
  43,
  51,
  59,
  67,
  83,
  99,
  115,
  131,
  163,
  195,
  227,
  258,
  0,
  0
]);
var lext = new Uint8Array([
  16,
  16,
  16,
  16,
  16,
  16,
  16,
  16,
  17,
  17,
  17,
  17,
  18,
  18,
  18,
  18,
  19,
  19,
  19,
  19,
  20,
  20,
  20,
  20,
  21,
  21,
  21,
  21,
  16,
  199,
  75
]);
var dbase = new Uint16Array([
  1,
  2,
  3,
  4,
  5,
  7,
  9,
  13,
  17,
  25,
  33,
  49,
  65,
  97,
  129,
  193,
  257,
  385,
  513,
  769,
  1025,
  1537,
  2049,
  3073,
  4097,
  6145,
  8193,
  12289,
  16385,
  24577,
  0,
  0
]);
var dext = new Uint8Array([
  16,
  16,
  16,
  16,
  17,
  17,
  18,
  18,
  19,
  19,
  20,
  20,
  21,
  21,
  22,
  22,
  23,
  23,
  24,
  24,
  25,
  25,
  26,
  26,
  27,
  27,
  28,
  28,
  29,
  29,
  64,
  64
]);
var inflate_table = (type, lens, lens_index, codes, table, table_index, work, opts) => {
  const bits = opts.bits;
  let len = 0;
  let sym = 0;
  let min = 0, max = 0;
  let root = 0;
  let curr = 0;
  let drop = 0;
  let left = 0;
  let used = 0;
  let huff = 0;
  let incr;
  let fill;
  let low;
  let mask;
  let next;
  let base = null;
  let match;
  const count = /* @__PURE__ */ new Uint16Array(16);
  const offs = /* @__PURE__ */ new Uint16Array(16);
  let extra = null;
  let here_bits, here_op, here_val;
  for (len = 0; len <= MAXBITS; len++) count[len] = 0;
  for (sym = 0; sym < codes; sym++) count[lens[lens_index + sym]]++;
  root = bits;
  for (max = MAXBITS; max >= 1; max--) if (count[max] !== 0) break;
  if (root > max) root = max;
  if (max === 0) {
    table[table_index++] = 20971520;
    table[table_index++] = 20971520;
    opts.bits = 1;
    return 0;
  }
  for (min = 1; min < max; min++) if (count[min] !== 0) break;
  if (root < min) root = min;
  left = 1;
  for (len = 1; len <= MAXBITS; len++) {
    left <<= 1;
    left -= count[len];
    if (left < 0) return -1;
  }
  if (left > 0 && (type === CODES$1 || max !== 1)) return -1;
  offs[1] = 0;
  for (len = 1; len < MAXBITS; len++) offs[len + 1] = offs[len] + count[len];
  for (sym = 0; sym < codes; sym++) if (lens[lens_index + sym] !== 0) work[offs[lens[lens_index + sym]]++] = sym;
  if (type === CODES$1) {
    base = extra = work;
    match = 20;
  } else if (type === LENS$1) {
    base = lbase;
    extra = lext;
    match = 257;
  } else {
    base = dbase;
    extra = dext;
    match = 0;
  }
  huff = 0;
  sym = 0;
  len = min;
  next = table_index;
  curr = root;
  drop = 0;
  low = -1;
  used = 1 << root;
  mask = used - 1;
  if (type === LENS$1 && used > ENOUGH_LENS$1 || type === DISTS$1 && used > ENOUGH_DISTS$1) return 1;
  for (; ; ) {
    here_bits = len - drop;
    if (work[sym] + 1 < match) {
      here_op = 0;
      here_val = work[sym];
    } else if (work[sym] >= match) {
      here_op = extra[work[sym] - match];
      here_val = base[work[sym] - match];
    } else {
      here_op = 96;
      here_val = 0;
    }
    incr = 1 << len - drop;
    fill = 1 << curr;
    min = fill;
    do {
      fill -= incr;
      table[next + (huff >> drop) + fill] = here_bits << 24 | here_op << 16 | here_val | 0;
    } while (fill !== 0);
    incr = 1 << len - 1;
    while (huff & incr) incr >>= 1;
    if (incr !== 0) {
      huff &= incr - 1;
      huff += incr;
    } else huff = 0;
    sym++;
    if (--count[len] === 0) {
      if (len === max) break;
      len = lens[lens_index + work[sym]];
    }
    if (len > root && (huff & mask) !== low) {
      if (drop === 0) drop = root;
      next += min;
      curr = len - drop;
      left = 1 << curr;
      while (curr + drop < max) {
        left -= count[curr + drop];
        if (left <= 0) break;
        curr++;
        left <<= 1;
      }
      used += 1 << curr;
      if (type === LENS$1 && used > ENOUGH_LENS$1 || type === DISTS$1 && used > ENOUGH_DISTS$1) return 1;
      low = huff & mask;
      table[low] = root << 24 | curr << 16 | next - table_index | 0;
    }
  }
  if (huff !== 0) table[next + huff] = len - drop << 24 | 4194304;
  opts.bits = root;
  return 0;
};
var CODES = 0;
var LENS = 1;
var DISTS = 2;
var HEAD = 16180;
var FLAGS = 16181;
var TIME = 16182;
var OS = 16183;
var EXLEN = 16184;
var EXTRA = 16185;
var NAME = 16186;
var COMMENT = 16187;
var HCRC = 16188;
var DICTID = 16189;
var DICT = 16190;
var TYPE = 16191;
var TYPEDO = 16192;
var STORED = 16193;
var COPY_ = 16194;
var COPY = 16195;
var TABLE = 16196;
var LENLENS = 16197;
var CODELENS = 16198;
var LEN_ = 16199;
var LEN = 16200;
var LENEXT = 16201;
var DIST = 16202;
var DISTEXT = 16203;
var MATCH = 16204;
var LIT = 16205;
var CHECK = 16206;
var LENGTH = 16207;
var DONE = 16208;
var BAD = 16209;
var MEM = 16210;
var SYNC = 16211;
var ENOUGH_LENS = 852;
var ENOUGH_DISTS = 592;
var zswap32 = (q) => {
  return (q >>> 24 & 255) + (q >>> 8 & 65280) + ((q & 65280) << 8) + ((q & 255) << 24);
};
var InflateState = class {
  constructor() {
    this.strm = null;
    this.mode = 0;
    this.last = false;
    this.wrap = 0;
    this.havedict = false;
    this.flags = 0;
    this.dmax = 0;
    this.check = 0;
    this.total = 0;
    this.head = null;
    this.wbits = 0;
    this.wsize = 0;
    this.whave = 0;
    this.wnext = 0;
    this.window = null;
    this.hold = 0;
    this.bits = 0;
    this.length = 0;
    this.offset = 0;
    this.extra = 0;
    this.lencode = null;
    this.distcode = null;
    this.lenbits = 0;
    this.distbits = 0;
    this.ncode = 0;
    this.nlen = 0;
    this.ndist = 0;
    this.have = 0;
    this.next = null;
    this.lens = /* @__PURE__ */ new Uint16Array(320);
    this.work = /* @__PURE__ */ new Uint16Array(288);
    this.lendyn = null;
    this.distdyn = null;
    this.sane = 0;
    this.back = 0;
    this.was = 0;
  }
};
var inflateStateCheck = (strm) => {
  if (!strm) return 1;
  const state = strm.state;
  if (!state || state.strm !== strm || state.mode < HEAD || state.mode > SYNC) return 1;
  return 0;
};
var inflateResetKeep = (strm) => {
  if (inflateStateCheck(strm)) return -2;
  const state = strm.state;
  strm.total_in = strm.total_out = state.total = 0;
  strm.msg = "";
  if (state.wrap) strm.adler = state.wrap & 1;
  state.mode = HEAD;
  state.last = 0;
  state.havedict = 0;
  state.flags = -1;
  state.dmax = 32768;
  state.head = null;
  state.hold = 0;
  state.bits = 0;
  state.lencode = state.lendyn = new Int32Array(ENOUGH_LENS);
  state.distcode = state.distdyn = new Int32Array(ENOUGH_DISTS);
  state.sane = 1;
  state.back = -1;
  return 0;
};
var inflateReset = (strm) => {
  if (inflateStateCheck(strm)) return -2;
  const state = strm.state;
  state.wsize = 0;
  state.whave = 0;
  state.wnext = 0;
  return inflateResetKeep(strm);
};
var inflateReset2 = (strm, windowBits) => {
  let wrap;
  if (inflateStateCheck(strm)) return -2;
  const state = strm.state;
  if (windowBits < 0) {
    wrap = 0;
    windowBits = -windowBits;
  } else {
    wrap = (windowBits >> 4) + 5;
    if (windowBits < 48) windowBits &= 15;
  }
  if (windowBits && (windowBits < 8 || windowBits > 15)) return -2;
  if (state.window !== null && state.wbits !== windowBits) state.window = null;
  state.wrap = wrap;
  state.wbits = windowBits;
  return inflateReset(strm);
};
var inflateInit2 = (strm, windowBits) => {
  if (!strm) return -2;
  const state = new InflateState();
  strm.state = state;
  state.strm = strm;
  state.window = null;
  state.mode = HEAD;
  const ret = inflateReset2(strm, windowBits);
  if (ret !== 0) strm.state = null;
  return ret;
};
var virgin = true;
var lenfix;
var distfix;
var fixedtables = (state) => {
  if (virgin) {
    lenfix = /* @__PURE__ */ new Int32Array(512);
    distfix = /* @__PURE__ */ new Int32Array(32);
    let sym = 0;
    while (sym < 144) state.lens[sym++] = 8;
    while (sym < 256) state.lens[sym++] = 9;
    while (sym < 280) state.lens[sym++] = 7;
    while (sym < 288) state.lens[sym++] = 8;
    inflate_table(LENS, state.lens, 0, 288, lenfix, 0, state.work, { bits: 9 });
    sym = 0;
    while (sym < 32) state.lens[sym++] = 5;
    inflate_table(DISTS, state.lens, 0, 32, distfix, 0, state.work, { bits: 5 });
    virgin = false;
  }
  state.lencode = lenfix;
  state.lenbits = 9;
  state.distcode = distfix;
  state.distbits = 5;
};
var updatewindow = (strm, src, end, copy) => {
  let dist;
  const state = strm.state;
  if (state.window === null) state.window = new Uint8Array(1 << state.wbits);
  if (state.wsize === 0) {
    state.wsize = 1 << state.wbits;
    state.wnext = 0;
    state.whave = 0;
  }
  if (copy >= state.wsize) {
    state.window.set(src.subarray(end - state.wsize, end), 0);
    state.wnext = 0;
    state.whave = state.wsize;
  } else {
    dist = state.wsize - state.wnext;
    if (dist > copy) dist = copy;
    state.window.set(src.subarray(end - copy, end - copy + dist), state.wnext);
    copy -= dist;
    if (copy) {
      state.window.set(src.subarray(end - copy, end), 0);
      state.wnext = copy;
      state.whave = state.wsize;
    } else {
      state.wnext += dist;
      if (state.wnext === state.wsize) state.wnext = 0;
      if (state.whave < state.wsize) state.whave += dist;
    }
  }
  return 0;
};
var inflate$1 = (strm, flush) => {
  let state;
  let input, output;
  let next;
  let put;
  let have, left;
  let hold;
  let bits;
  let _in, _out;
  let copy;
  let from;
  let from_source;
  let here = 0;
  let here_bits, here_op, here_val;
  let last_bits, last_op, last_val;
  let len;
  let ret;
  const hbuf = /* @__PURE__ */ new Uint8Array(4);
  let opts;
  let n;
  const order = new Uint8Array([
    16,
    17,
    18,
    0,
    8,
    7,
    9,
    6,
    10,
    5,
    11,
    4,
    12,
    3,
    13,
    2,
    14,
    1,
    15
  ]);
  if (inflateStateCheck(strm) || !strm.output || !strm.input && strm.avail_in !== 0) return -2;
  state = strm.state;
  if (state.mode === TYPE) state.mode = TYPEDO;
  put = strm.next_out;
  output = strm.output;
  left = strm.avail_out;
  next = strm.next_in;
  input = strm.input;
  have = strm.avail_in;
  hold = state.hold;
  bits = state.bits;
  _in = have;
  _out = left;
  ret = 0;
  inf_leave: for (; ; ) switch (state.mode) {
    case HEAD:
      if (state.wrap === 0) {
        state.mode = TYPEDO;
        break;
      }
      while (bits < 16) {
        if (have === 0) break inf_leave;
        have--;
        hold += input[next++] << bits;
        bits += 8;
      }
      if (state.wrap & 2 && hold === 35615) {
        if (state.wbits === 0) state.wbits = 15;
        state.check = 0;
        hbuf[0] = hold & 255;
        hbuf[1] = hold >>> 8 & 255;
        state.check = crc32(state.check, hbuf, 2, 0);
        hold = 0;
        bits = 0;
        state.mode = FLAGS;
        break;
      }
      if (state.head) state.head.done = false;
      if (!(state.wrap & 1) || (((hold & 255) << 8) + (hold >> 8)) % 31) {
        strm.msg = "incorrect header check";
        state.mode = BAD;
        break;
      }
      if ((hold & 15) !== 8) {
        strm.msg = "unknown compression method";
        state.mode = BAD;
        break;
      }
      hold >>>= 4;
      bits -= 4;
      len = (hold & 15) + 8;
      if (state.wbits === 0) state.wbits = len;
      if (len > 15 || len > state.wbits) {
        strm.msg = "invalid window size";
        state.mode = BAD;
        break;
      }
      state.dmax = 1 << state.wbits;
      state.flags = 0;
      strm.adler = state.check = 1;
      state.mode = hold & 512 ? DICTID : TYPE;
      hold = 0;
      bits = 0;
      break;
    case FLAGS:
      while (bits < 16) {
        if (have === 0) break inf_leave;
        have--;
        hold += input[next++] << bits;
        bits += 8;
      }
      state.flags = hold;
      if ((state.flags & 255) !== 8) {
        strm.msg = "unknown compression method";
        state.mode = BAD;
        break;
      }
      if (state.flags & 57344) {
        strm.msg = "unknown header flags set";
        state.mode = BAD;
        break;
      }
      if (state.head) state.head.text = hold >> 8 & 1;
      if (state.flags & 512 && state.wrap & 4) {
        hbuf[0] = hold & 255;
        hbuf[1] = hold >>> 8 & 255;
        state.check = crc32(state.check, hbuf, 2, 0);
      }
      hold = 0;
      bits = 0;
      state.mode = TIME;
    case TIME:
      while (bits < 32) {
        if (have === 0) break inf_leave;
        have--;
        hold += input[next++] << bits;
        bits += 8;
      }
      if (state.head) state.head.time = hold >>> 0;
      if (state.flags & 512 && state.wrap & 4) {
        hbuf[0] = hold & 255;
        hbuf[1] = hold >>> 8 & 255;
        hbuf[2] = hold >>> 16 & 255;
        hbuf[3] = hold >>> 24 & 255;
        state.check = crc32(state.check, hbuf, 4, 0);
      }
      hold = 0;
      bits = 0;
      state.mode = OS;
    case OS:
      while (bits < 16) {
        if (have === 0) break inf_leave;
        have--;
        hold += input[next++] << bits;
        bits += 8;
      }
      if (state.head) {
        state.head.xflags = hold & 255;
        state.head.os = hold >> 8;
      }
      if (state.flags & 512 && state.wrap & 4) {
        hbuf[0] = hold & 255;
        hbuf[1] = hold >>> 8 & 255;
        state.check = crc32(state.check, hbuf, 2, 0);
      }
      hold = 0;
      bits = 0;
      state.mode = EXLEN;
    case EXLEN:
      if (state.flags & 1024) {
        while (bits < 16) {
          if (have === 0) break inf_leave;
          have--;
          hold += input[next++] << bits;
          bits += 8;
        }
        state.length = hold;
        if (state.head) state.head.extra_len = hold;
        if (state.flags & 512 && state.wrap & 4) {
          hbuf[0] = hold & 255;
          hbuf[1] = hold >>> 8 & 255;
          state.check = crc32(state.check, hbuf, 2, 0);
        }
        hold = 0;
        bits = 0;
      } else if (state.head) state.head.extra = null;
      state.mode = EXTRA;
    case EXTRA:
      if (state.flags & 1024) {
        copy = state.length;
        if (copy > have) copy = have;
        if (copy) {
          if (state.head) {
            len = state.head.extra_len - state.length;
            if (!state.head.extra) state.head.extra = new Uint8Array(state.head.extra_len);
            state.head.extra.set(input.subarray(next, next + copy), len);
          }
          if (state.flags & 512 && state.wrap & 4) state.check = crc32(state.check, input, copy, next);
          have -= copy;
          next += copy;
          state.length -= copy;
        }
        if (state.length) break inf_leave;
      }
      state.length = 0;
      state.mode = NAME;
    case NAME:
      if (state.flags & 2048) {
        if (have === 0) break inf_leave;
        copy = 0;
        do {
          len = input[next + copy++];
          if (state.head && len && state.length < 65536) {
            state.head.name += String.fromCharCode(len);
            state.length++;
          }
        } while (len && copy < have);
        if (state.flags & 512 && state.wrap & 4) state.check = crc32(state.check, input, copy, next);
        have -= copy;
        next += copy;
        if (len) break inf_leave;
      } else if (state.head) state.head.name = null;
      state.length = 0;
      state.mode = COMMENT;
    case COMMENT:
      if (state.flags & 4096) {
        if (have === 0) break inf_leave;
        copy = 0;
        do {
          len = input[next + copy++];
          if (state.head && len && state.length < 65536) {
            state.head.comment += String.fromCharCode(len);
            state.length++;
          }
        } while (len && copy < have);
        if (state.flags & 512 && state.wrap & 4) state.check = crc32(state.check, input, copy, next);
        have -= copy;
        next += copy;
        if (len) break inf_leave;
      } else if (state.head) state.head.comment = null;
      state.mode = HCRC;
    case HCRC:
      if (state.flags & 512) {
        while (bits < 16) {
          if (have === 0) break inf_leave;
          have--;
          hold += input[next++] << bits;
          bits += 8;
        }
        if (state.wrap & 4 && hold !== (state.check & 65535)) {
          strm.msg = "header crc mismatch";
          state.mode = BAD;
          break;
        }
        hold = 0;
        bits = 0;
      }
      if (state.head) {
        state.head.hcrc = state.flags >> 9 & 1;
        state.head.done = true;
      }
      strm.adler = state.check = 0;
      state.mode = TYPE;
      break;
    case DICTID:
      while (bits < 32) {
        if (have === 0) break inf_leave;
        have--;
        hold += input[next++] << bits;
        bits += 8;
      }
      strm.adler = state.check = zswap32(hold);
      hold = 0;
      bits = 0;
      state.mode = DICT;
    case DICT:
      if (state.havedict === 0) {
        strm.next_out = put;
        strm.avail_out = left;
        strm.next_in = next;
        strm.avail_in = have;
        state.hold = hold;
        state.bits = bits;
        return 2;
      }
      strm.adler = state.check = 1;
      state.mode = TYPE;
    case TYPE:
      if (flush === 5 || flush === 6) break inf_leave;
    case TYPEDO:
      if (state.last) {
        hold >>>= bits & 7;
        bits -= bits & 7;
        state.mode = CHECK;
        break;
      }
      while (bits < 3) {
        if (have === 0) break inf_leave;
        have--;
        hold += input[next++] << bits;
        bits += 8;
      }
      state.last = hold & 1;
      hold >>>= 1;
      bits -= 1;
      switch (hold & 3) {
        case 0:
          state.mode = STORED;
          break;
        case 1:
          fixedtables(state);
          state.mode = LEN_;
          if (flush === 6) {
            hold >>>= 2;
            bits -= 2;
            break inf_leave;
          }
          break;
        case 2:
          state.mode = TABLE;
          break;
        case 3:
          strm.msg = "invalid block type";
          state.mode = BAD;
      }
      hold >>>= 2;
      bits -= 2;
      break;
    case STORED:
      hold >>>= bits & 7;
      bits -= bits & 7;
      while (bits < 32) {
        if (have === 0) break inf_leave;
        have--;
        hold += input[next++] << bits;
        bits += 8;
      }
      if ((hold & 65535) !== (hold >>> 16 ^ 65535)) {
        strm.msg = "invalid stored block lengths";
        state.mode = BAD;
        break;
      }
      state.length = hold & 65535;
      hold = 0;
      bits = 0;
      state.mode = COPY_;
      if (flush === 6) break inf_leave;
    case COPY_:
      state.mode = COPY;
    case COPY:
      copy = state.length;
      if (copy) {
        if (copy > have) copy = have;
        if (copy > left) copy = left;
        if (copy === 0) break inf_leave;
        output.set(input.subarray(next, next + copy), put);
        have -= copy;
        next += copy;
        left -= copy;
        put += copy;
        state.length -= copy;
        break;
      }
      state.mode = TYPE;
      break;
    case TABLE:
      while (bits < 14) {
        if (have === 0) break inf_leave;
        have--;
        hold += input[next++] << bits;
        bits += 8;
      }
      state.nlen = (hold & 31) + 257;
      hold >>>= 5;
      bits -= 5;
      state.ndist = (hold & 31) + 1;
      hold >>>= 5;
      bits -= 5;
      state.ncode = (hold & 15) + 4;
      hold >>>= 4;
      bits -= 4;
      if (state.nlen > 286 || state.ndist > 30) {
        strm.msg = "too many length or distance symbols";
        state.mode = BAD;
        break;
      }
      state.have = 0;
      state.mode = LENLENS;
    case LENLENS:
      while (state.have < state.ncode) {
        while (bits < 3) {
          if (have === 0) break inf_leave;
          have--;
          hold += input[next++] << bits;
          bits += 8;
        }
        state.lens[order[state.have++]] = hold & 7;
        hold >>>= 3;
        bits -= 3;
      }
      while (state.have < 19) state.lens[order[state.have++]] = 0;
      state.lencode = state.lendyn;
      state.lenbits = 7;
      opts = { bits: state.lenbits };
      ret = inflate_table(CODES, state.lens, 0, 19, state.lencode, 0, state.work, opts);
      state.lenbits = opts.bits;
      if (ret) {
        strm.msg = "invalid code lengths set";
        state.mode = BAD;
        break;
      }
      state.have = 0;
      state.mode = CODELENS;
    case CODELENS:
      while (state.have < state.nlen + state.ndist) {
        for (; ; ) {
          here = state.lencode[hold & (1 << state.lenbits) - 1];
          here_bits = here >>> 24;
          here_op = here >>> 16 & 255;
          here_val = here & 65535;
          if (here_bits <= bits) break;
          if (have === 0) break inf_leave;
          have--;
          hold += input[next++] << bits;
          bits += 8;
        }
        if (here_val < 16) {
          hold >>>= here_bits;
          bits -= here_bits;
          state.lens[state.have++] = here_val;
        } else {
          if (here_val === 16) {
            n = here_bits + 2;
            while (bits < n) {
              if (have === 0) break inf_leave;
              have--;
              hold += input[next++] << bits;
              bits += 8;
            }
            hold >>>= here_bits;
            bits -= here_bits;
            if (state.have === 0) {
              strm.msg = "invalid bit length repeat";
              state.mode = BAD;
              break;
            }
            len = state.lens[state.have - 1];
            copy = 3 + (hold & 3);
            hold >>>= 2;
            bits -= 2;
          } else if (here_val === 17) {
            n = here_bits + 3;
            while (bits < n) {
              if (have === 0) break inf_leave;
              have--;
              hold += input[next++] << bits;
              bits += 8;
            }
            hold >>>= here_bits;
            bits -= here_bits;
            len = 0;
            copy = 3 + (hold & 7);
            hold >>>= 3;
            bits -= 3;
          } else {
            n = here_bits + 7;
            while (bits < n) {
              if (have === 0) break inf_leave;
              have--;
              hold += input[next++] << bits;
              bits += 8;
            }
            hold >>>= here_bits;
            bits -= here_bits;
            len = 0;
            copy = 11 + (hold & 127);
            hold >>>= 7;
            bits -= 7;
          }
          if (state.have + copy > state.nlen + state.ndist) {
            strm.msg = "invalid bit length repeat";
            state.mode = BAD;
            break;
          }
          while (copy--) state.lens[state.have++] = len;
        }
      }
      if (state.mode === BAD) break;
      if (state.lens[256] === 0) {
        strm.msg = "invalid code -- missing end-of-block";
        state.mode = BAD;
        break;
      }
      state.lenbits = 9;
      opts = { bits: state.lenbits };
      ret = inflate_table(LENS, state.lens, 0, state.nlen, state.lencode, 0, state.work, opts);
      state.lenbits = opts.bits;
      if (ret) {
        strm.msg = "invalid literal/lengths set";
        state.mode = BAD;
        break;
      }
      state.distbits = 6;
      state.distcode = state.distdyn;
      opts = { bits: state.distbits };
      ret = inflate_table(DISTS, state.lens, state.nlen, state.ndist, state.distcode, 0, state.work, opts);
      state.distbits = opts.bits;
      if (ret) {
        strm.msg = "invalid distances set";
        state.mode = BAD;
        break;
      }
      state.mode = LEN_;
      if (flush === 6) break inf_leave;
    case LEN_:
      state.mode = LEN;
    case LEN:
      if (have >= 6 && left >= 258) {
        strm.next_out = put;
        strm.avail_out = left;
        strm.next_in = next;
        strm.avail_in = have;
        state.hold = hold;
        state.bits = bits;
        inflate_fast(strm, _out);
        put = strm.next_out;
        output = strm.output;
        left = strm.avail_out;
        next = strm.next_in;
        input = strm.input;
        have = strm.avail_in;
        hold = state.hold;
        bits = state.bits;
        if (state.mode === TYPE) state.back = -1;
        break;
      }
      state.back = 0;
      for (; ; ) {
        here = state.lencode[hold & (1 << state.lenbits) - 1];
        here_bits = here >>> 24;
        here_op = here >>> 16 & 255;
        here_val = here & 65535;
        if (here_bits <= bits) break;
        if (have === 0) break inf_leave;
        have--;
        hold += input[next++] << bits;
        bits += 8;
      }
      if (here_op && (here_op & 240) === 0) {
        last_bits = here_bits;
        last_op = here_op;
        last_val = here_val;
        for (; ; ) {
          here = state.lencode[last_val + ((hold & (1 << last_bits + last_op) - 1) >> last_bits)];
          here_bits = here >>> 24;
          here_op = here >>> 16 & 255;
          here_val = here & 65535;
          if (last_bits + here_bits <= bits) break;
          if (have === 0) break inf_leave;
          have--;
          hold += input[next++] << bits;
          bits += 8;
        }
        hold >>>= last_bits;
        bits -= last_bits;
        state.back += last_bits;
      }
      hold >>>= here_bits;
      bits -= here_bits;
      state.back += here_bits;
      state.length = here_val;
      if (here_op === 0) {
        state.mode = LIT;
        break;
      }
      if (here_op & 32) {
        state.back = -1;
        state.mode = TYPE;
        break;
      }
      if (here_op & 64) {
        strm.msg = "invalid literal/length code";
        state.mode = BAD;
        break;
      }
      state.extra = here_op & 15;
      state.mode = LENEXT;
    case LENEXT:
      if (state.extra) {
        n = state.extra;
        while (bits < n) {
          if (have === 0) break inf_leave;
          have--;
          hold += input[next++] << bits;
          bits += 8;
        }
        state.length += hold & (1 << state.extra) - 1;
        hold >>>= state.extra;
        bits -= state.extra;
        state.back += state.extra;
      }
      state.was = state.length;
      state.mode = DIST;
    case DIST:
      for (; ; ) {
        here = state.distcode[hold & (1 << state.distbits) - 1];
        here_bits = here >>> 24;
        here_op = here >>> 16 & 255;
        here_val = here & 65535;
        if (here_bits <= bits) break;
        if (have === 0) break inf_leave;
        have--;
        hold += input[next++] << bits;
        bits += 8;
      }
      if ((here_op & 240) === 0) {
        last_bits = here_bits;
        last_op = here_op;
        last_val = here_val;
        for (; ; ) {
          here = state.distcode[last_val + ((hold & (1 << last_bits + last_op) - 1) >> last_bits)];
          here_bits = here >>> 24;
          here_op = here >>> 16 & 255;
          here_val = here & 65535;
          if (last_bits + here_bits <= bits) break;
          if (have === 0) break inf_leave;
          have--;
          hold += input[next++] << bits;
          bits += 8;
        }
        hold >>>= last_bits;
        bits -= last_bits;
        state.back += last_bits;
      }
      hold >>>= here_bits;
      bits -= here_bits;
      state.back += here_bits;
      if (here_op & 64) {
        strm.msg = "invalid distance code";
        state.mode = BAD;
        break;
      }
      state.offset = here_val;
      state.extra = here_op & 15;
      state.mode = DISTEXT;
    case DISTEXT:
      if (state.extra) {
        n = state.extra;
        while (bits < n) {
          if (have === 0) break inf_leave;
          have--;
          hold += input[next++] << bits;
          bits += 8;
        }
        state.offset += hold & (1 << state.extra) - 1;
        hold >>>= state.extra;
        bits -= state.extra;
        state.back += state.extra;
      }
      if (state.offset > state.dmax) {
        strm.msg = "invalid distance too far back";
        state.mode = BAD;
        break;
      }
      state.mode = MATCH;
    case MATCH:
      if (left === 0) break inf_leave;
      copy = _out - left;
      if (state.offset > copy) {
        copy = state.offset - copy;
        if (copy > state.whave) {
          if (state.sane) {
            strm.msg = "invalid distance too far back";
            state.mode = BAD;
            break;
          }
        }
        if (copy > state.wnext) {
          copy -= state.wnext;
          from = state.wsize - copy;
        } else from = state.wnext - copy;
        if (copy > state.length) copy = state.length;
        from_source = state.window;
      } else {
        from_source = output;
        from = put - state.offset;
        copy = state.length;
      }
      if (copy > left) copy = left;
      left -= copy;
      state.length -= copy;
      do
        output[put++] = from_source[from++];
      while (--copy);
      if (state.length === 0) state.mode = LEN;
      break;
    case LIT:
      if (left === 0) break inf_leave;
      output[put++] = state.length;
      left--;
      state.mode = LEN;
      break;
    case CHECK:
      if (state.wrap) {
        while (bits < 32) {
          if (have === 0) break inf_leave;
          have--;
          hold |= input[next++] << bits;
          bits += 8;
        }
        _out -= left;
        strm.total_out += _out;
        state.total += _out;
        if (state.wrap & 4 && _out) strm.adler = state.check = state.flags ? crc32(state.check, output, _out, put - _out) : adler32(state.check, output, _out, put - _out);
        _out = left;
        if (state.wrap & 4 && (state.flags ? hold : zswap32(hold)) !== state.check) {
          strm.msg = "incorrect data check";
          state.mode = BAD;
          break;
        }
        hold = 0;
        bits = 0;
      }
      state.mode = LENGTH;
    case LENGTH:
      if (state.wrap && state.flags) {
        while (bits < 32) {
          if (have === 0) break inf_leave;
          have--;
          hold += input[next++] << bits;
          bits += 8;
        }
        if (state.wrap & 4 && hold !== (state.total & 4294967295)) {
          strm.msg = "incorrect length check";
          state.mode = BAD;
          break;
        }
        hold = 0;
        bits = 0;
      }
      state.mode = DONE;
    case DONE:
      ret = 1;
      break inf_leave;
    case BAD:
      ret = -3;
      break inf_leave;
    case MEM:
      return -4;
    case SYNC:
    default:
      return -2;
  }
  strm.next_out = put;
  strm.avail_out = left;
  strm.next_in = next;
  strm.avail_in = have;
  state.hold = hold;
  state.bits = bits;
  if (state.wsize || _out !== strm.avail_out && state.mode < BAD && (state.mode < CHECK || flush !== 4)) {
    if (updatewindow(strm, strm.output, strm.next_out, _out - strm.avail_out)) {
      state.mode = MEM;
      return -4;
    }
  }
  _in -= strm.avail_in;
  _out -= strm.avail_out;
  strm.total_in += _in;
  strm.total_out += _out;
  state.total += _out;
  if (state.wrap & 4 && _out) strm.adler = state.check = state.flags ? crc32(state.check, output, _out, strm.next_out - _out) : adler32(state.check, output, _out, strm.next_out - _out);
  strm.data_type = state.bits + (state.last ? 64 : 0) + (state.mode === TYPE ? 128 : 0) + (state.mode === LEN_ || state.mode === COPY_ ? 256 : 0);
  if ((_in === 0 && _out === 0 || flush === 4) && ret === 0) ret = -5;
  return ret;
};
var ZStream = class {
  constructor() {
    this.input = null;
    this.next_in = 0;
    this.avail_in = 0;
    this.total_in = 0;
    this.output = null;
    this.next_out = 0;
    this.avail_out = 0;
    this.total_out = 0;
    this.msg = "";
    this.state = null;
    this.data_type = 2;
    this.adler = 0;
  }
};
var defaultOptions = {
  chunkSize: 1024 * 64,
  windowBits: 15,
  raw: false,
  dictionary: /* @__PURE__ */ new Uint8Array(0)
};

// src/detect/containers/inflate.ts
var RAW_WINDOW_BITS = -15;
var OUTPUT_BYTES2 = 64 * 1024;
var MAX_AT_ONCE_BYTES = 8 * 1024 * 1024;
var MAX_ATTEMPT_BYTES = 256 * 1024;
var MIN_CHUNK_BYTES = 64;
var Inflater = class {
  #stream = null;
  #output = Buffer.alloc(0);
  /**
   * @param limit the data takes at most so many bytes of the input
   * @param size how long it is said to be when it is unpacked, or -1
   * @param onPiece gets bytes that are its own during the call only
   */
  *inflate(input, limit, size, onPiece) {
    const atOnce = inflateAtOnce(input, limit, size);
    if (atOnce !== null) {
      input.take(atOnce.used);
      onPiece(atOnce.bytes);
      return { outcome: "whole", used: atOnce.used };
    }
    const stream = this.#begin();
    let used = 0;
    while (used < limit) {
      if (!(yield* need(input, 1))) return { outcome: "cut", used };
      stream.input = input.rest.subarray(0, limit - used);
      stream.next_in = 0;
      stream.avail_in = stream.input.length;
      let status = Z_OK;
      do {
        stream.next_out = 0;
        stream.avail_out = OUTPUT_BYTES2;
        status = inflate$1(stream, Z_NO_FLUSH);
        if (stream.next_out > 0) onPiece(this.#output.subarray(0, stream.next_out));
      } while (status === Z_OK && stream.avail_out === 0);
      used += stream.next_in;
      input.take(stream.next_in);
      if (status === Z_STREAM_END) return { outcome: "whole", used };
      if (stream.avail_in > 0) return { outcome: "broken", used };
      if (status !== Z_OK && stream.msg !== "") return { outcome: "broken", used };
    }
    return { outcome: "cut", used };
  }
  #begin() {
    if (this.#stream === null) {
      this.#stream = new ZStream();
      inflateInit2(this.#stream, RAW_WINDOW_BITS);
      this.#output = Buffer.allocUnsafeSlow(OUTPUT_BYTES2);
      this.#stream.output = this.#output;
    } else {
      inflateReset(this.#stream);
      this.#stream.msg = "";
    }
    return this.#stream;
  }
};
function inflateAtOnce(input, limit, size) {
  if (size > MAX_AT_ONCE_BYTES) return null;
  const isAllThere = input.isEnded || input.length >= limit;
  if (!isAllThere && (limit !== Infinity || input.length < MAX_ATTEMPT_BYTES)) return null;
  const bytes = input.rest.subarray(0, isAllThere ? limit : MAX_ATTEMPT_BYTES);
  if (bytes.length > MAX_AT_ONCE_BYTES) return null;
  const room = size === -1 ? OUTPUT_BYTES2 : Math.max(size + 1, MIN_CHUNK_BYTES);
  try {
    const result = inflateRawSync(bytes, {
      info: true,
      maxOutputLength: MAX_AT_ONCE_BYTES,
      chunkSize: room
    });
    return { bytes: result.buffer, used: result.engine.bytesWritten };
  } catch {
    return null;
  }
}

// src/detect/containers/gzip.ts
var HEADER_BYTES2 = 10;
var TRAILER_BYTES = 8;
var DEFLATE = 8;
var HAS_HEADER_CHECKSUM = 2;
var HAS_EXTRA = 4;
var HAS_NAME = 8;
var HAS_COMMENT = 16;
var RESERVED_FLAGS = 224;
var MAX_KNOWN_SYSTEM = 13;
var UNKNOWN_SYSTEM = 255;
var MAX_TEXT_BYTES = 64 * 1024;
var CONVINCING_BYTES = 64;
var MAX_DEFLATE_RATIO = 1032;
function beginsLikeGzip(bytes) {
  return bytes[0] === 31 && bytes[1] === 139 && bytes[2] === DEFLATE && (bytes[3] & RESERVED_FLAGS) === 0;
}
function isUsualHeader(header) {
  const [flags, system] = [header[8], header[9]];
  return (flags === 0 || flags === 2 || flags === 4) && (system <= MAX_KNOWN_SYSTEM || system === UNKNOWN_SYSTEM);
}
function* readGzip(input, visitor) {
  const entry = visitor.open(null);
  const inflater = new Inflater();
  for (let isFirst = true; ; isFirst = false) {
    yield* need(input, HEADER_BYTES2);
    if (!beginsLikeGzip(input.rest) || input.length < HEADER_BYTES2) {
      if (isFirst || beginsLikeGzip(input.rest)) visitor.unread(null, CUT_OFF);
      break;
    }
    if (isUsualHeader(input.rest)) visitor.confirm();
    visitor.begin(null);
    const isIntact = yield* readMember(input, visitor, inflater, (bytes) => entry.write(bytes));
    if (!isIntact) break;
  }
  entry.close();
}
function* readMember(input, visitor, inflater, onPiece) {
  if (!(yield* readHeader(input, visitor))) {
    visitor.unread(null, CUT_OFF);
    return false;
  }
  let checksum = 0;
  let length = 0;
  const { outcome, used } = yield* inflater.inflate(input, Infinity, saidLength(input), (bytes) => {
    checksum = crc322(bytes, checksum);
    length += bytes.length;
    onPiece(bytes);
  });
  if (used >= CONVINCING_BYTES) visitor.confirm();
  if (outcome !== "whole") {
    visitor.unread(null, outcome === "cut" ? CUT_OFF : DAMAGED);
    return false;
  }
  if (!(yield* need(input, TRAILER_BYTES))) {
    visitor.unread(null, CUT_OFF);
    return false;
  }
  const trailer = input.take(TRAILER_BYTES);
  if (trailer.readUInt32LE(0) === checksum && trailer.readUInt32LE(4) === length % 2 ** 32) visitor.confirm();
  else visitor.unread(null, WRONG_CHECKSUM);
  return true;
}
function saidLength(input) {
  if (!input.isEnded || input.length < TRAILER_BYTES) return -1;
  const length = input.rest.readUInt32LE(input.length - 4);
  return length <= MAX_DEFLATE_RATIO * input.length ? length : -1;
}
function* readHeader(input, visitor) {
  const flags = input.take(HEADER_BYTES2)[3];
  if ((flags & HAS_EXTRA) !== 0) {
    if (!(yield* need(input, 2))) return false;
    const length = input.take(2).readUInt16LE();
    if (!(yield* need(input, length))) return false;
    visitor.text(null, input.take(length));
  }
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if ((flags & flag) !== 0 && !(yield* readText(input, visitor))) return false;
  }
  if ((flags & HAS_HEADER_CHECKSUM) === 0) return true;
  if (!(yield* need(input, 2))) return false;
  input.take(2);
  return true;
}
function* readText(input, visitor) {
  for (let searched = 0; ; searched = input.length) {
    if (!(yield* need(input, searched + 1))) return false;
    const end = input.rest.indexOf(0, searched);
    if (end !== -1) {
      visitor.text(null, input.take(end + 1).subarray(0, end));
      return true;
    }
    if (input.length > MAX_TEXT_BYTES) input.take(input.length - 1);
  }
}

// src/detect/containers/tar.ts
var BLOCK_BYTES = 512;
var NAME_BYTES = 100;
var SIZE_AT = 124;
var CHECKSUM_AT = 148;
var CHECKSUM_BYTES = 8;
var TYPE_AT = 156;
var LINK_AT = 157;
var MAGIC_AT = 257;
var OWNER_AT = 265;
var GROUP_AT = 297;
var OWNER_BYTES = 32;
var PREFIX_AT = 345;
var PREFIX_BYTES = 155;
var SPARSE_MORE_AT = 482;
var SPARSE_BLOCK_MORE_AT = 504;
var MAX_DESCRIPTION_BYTES = 1024 * 1024;
var DAMAGED_HEADER = "has a damaged header: what stands behind it up to the next header was not told apart";
var DESCRIPTIONS = {
  x: "pax",
  X: "pax",
  g: "pax",
  L: "name",
  K: "link",
  N: "name"
};
var WITHOUT_CONTENT = "123456V";
function beginsLikeTar(bytes) {
  if (bytes.length < BLOCK_BYTES || bytes[0] === 0) return false;
  return hasMagic(bytes) || looksChecked(bytes) && hasRightChecksum(bytes);
}
function hasMagic(bytes) {
  if (bytes[MAGIC_AT] !== 117) return false;
  const magic = bytes.toString("latin1", MAGIC_AT, MAGIC_AT + 8);
  return magic === "ustar\x0000" || magic === "ustar  \0";
}
function looksChecked(bytes) {
  const end = bytes[CHECKSUM_AT + 7];
  if (end !== 0 && end !== 32 || !isDigit(bytes[CHECKSUM_AT + 5])) return false;
  const last = bytes[CHECKSUM_AT + 6];
  if (last !== 0 && last !== 32 && !isDigit(last)) return false;
  return readSize(bytes) !== null && (bytes[TYPE_AT] === 0 || isDigit(bytes[TYPE_AT]));
}
function isDigit(byte) {
  return byte >= 48 && byte <= 55;
}
function hasRightChecksum(block) {
  const expected = readOctal(block.subarray(CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_BYTES));
  if (expected === null || expected === 0) return false;
  let unsigned = 0;
  let signed = 0;
  for (let index = 0; index < BLOCK_BYTES; index++) {
    const isChecksum = index >= CHECKSUM_AT && index < CHECKSUM_AT + CHECKSUM_BYTES;
    const byte = isChecksum ? 32 : block[index];
    unsigned += byte;
    signed += byte < 128 ? byte : byte - 256;
  }
  return expected === unsigned || expected === signed;
}
function readOctal(field) {
  const [digits] = /^ *([0-7]*)/.exec(field.toString("latin1")) ?? [];
  const rest = field.toString("latin1", digits?.length ?? 0);
  if (!/^[ \0]*/.test(rest) || rest !== "" && rest[0] !== " " && rest[0] !== "\0") return null;
  const text = digits?.trim() ?? "";
  return text === "" ? 0 : Number.parseInt(text, 8);
}
function readSize(header) {
  const field = header.subarray(SIZE_AT, SIZE_AT + 12);
  if ((field[0] & 128) === 0) return readOctal(field);
  if (field[0] !== 128) return null;
  const size = field.readUIntBE(6, 6);
  return field.subarray(1, 6).every((byte) => byte === 0) ? size : null;
}
function readField(header, start, length) {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return Buffer.from(end === -1 ? field : field.subarray(0, end));
}
function* readTar(input, visitor) {
  visitor.confirm();
  let described = { name: null, link: null, size: null };
  let hasEnded = false;
  let isLost = false;
  for (; ; ) {
    if (!(yield* need(input, BLOCK_BYTES))) {
      const isPadding = input.rest.every((byte) => byte === 0);
      if (!isPadding && !hasEnded && !isLost) visitor.unread(null, CUT_OFF);
      return;
    }
    const block = input.rest.subarray(0, BLOCK_BYTES);
    if (block[0] === 0 && block.every((byte) => byte === 0)) {
      hasEnded = true;
      isLost = false;
      input.take(BLOCK_BYTES);
      continue;
    }
    const size = hasRightChecksum(block) ? readSize(block) : null;
    if (size === null) {
      if (!hasEnded && !isLost) visitor.unread(described.name ?? readName(block), DAMAGED_HEADER);
      isLost = true;
      input.take(BLOCK_BYTES);
      continue;
    }
    hasEnded = false;
    isLost = false;
    const type = String.fromCharCode(block[TYPE_AT]);
    const description = DESCRIPTIONS[type];
    if (description !== void 0 && size <= MAX_DESCRIPTION_BYTES) {
      input.take(BLOCK_BYTES);
      if (!(yield* need(input, size))) {
        visitor.text(null, input.take(size));
        visitor.unread(null, CUT_OFF);
        return;
      }
      describe(described, description, input.take(size), visitor);
      yield* skipPadding(input, size);
      continue;
    }
    const isWhole = yield* readEntry(input, visitor, described, size);
    described = { name: null, link: null, size: null };
    if (!isWhole) return;
  }
}
function readName(header) {
  const name = readField(header, 0, NAME_BYTES);
  const prefix = header[MAGIC_AT + 5] === 0 ? readField(header, PREFIX_AT, PREFIX_BYTES) : Buffer.alloc(0);
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from("/"), name]);
}
function* readEntry(input, visitor, described, headerSize) {
  const header = Buffer.from(input.rest.subarray(0, BLOCK_BYTES));
  const type = String.fromCharCode(header[TYPE_AT]);
  const name = described.name ?? readName(header);
  const size = described.size ?? headerSize;
  visitor.begin(name);
  visitor.text(name, described.link ?? readField(header, LINK_AT, NAME_BYTES));
  if (header[MAGIC_AT] === 117) {
    visitor.text(name, readField(header, OWNER_AT, OWNER_BYTES));
    visitor.text(name, readField(header, GROUP_AT, OWNER_BYTES));
  }
  input.take(BLOCK_BYTES);
  let more = type === "S" ? header[SPARSE_MORE_AT] : 0;
  while (more !== 0) {
    if (!(yield* need(input, BLOCK_BYTES))) break;
    more = input.take(BLOCK_BYTES)[SPARSE_BLOCK_MORE_AT];
  }
  if (size === 0) return true;
  if (WITHOUT_CONTENT.includes(type) && (yield* isAtHeader(input))) return true;
  const entry = visitor.open(name);
  const isWhole = yield* pass(input, size, (bytes) => entry.write(bytes));
  entry.close();
  if (isWhole) yield* skipPadding(input, size);
  else visitor.unread(name, CUT_OFF);
  return isWhole;
}
function* isAtHeader(input) {
  if (!(yield* need(input, BLOCK_BYTES))) return true;
  const block = input.rest.subarray(0, BLOCK_BYTES);
  return block.every((byte) => byte === 0) || hasRightChecksum(block);
}
function* skipPadding(input, size) {
  yield* pass(input, (BLOCK_BYTES - size % BLOCK_BYTES) % BLOCK_BYTES, skipPiece);
}
function describe(described, kind, bytes, visitor) {
  if (kind === "pax") {
    readPaxRecords(described, bytes, visitor);
    return;
  }
  const end = bytes.indexOf(0);
  described[kind] = Buffer.from(end === -1 ? bytes : bytes.subarray(0, end));
  if (end !== -1) visitor.text(described.name, bytes.subarray(end));
}
function readPaxRecords(described, bytes, visitor) {
  let position = 0;
  while (position < bytes.length) {
    const [head = "", digits = ""] = /^(\d{1,10}) /.exec(bytes.toString("latin1", position, position + 11)) ?? [];
    const end = position + Number(digits);
    const equals = bytes.indexOf(61, position);
    if (head === "" || end > bytes.length || equals === -1 || equals >= end) {
      visitor.text(described.name, bytes.subarray(position));
      return;
    }
    const key = bytes.toString("latin1", position + head.length, equals);
    const value = bytes.subarray(equals + 1, end - 1);
    if (key === "path" || key === "GNU.sparse.name") described.name = Buffer.from(value);
    else if (key === "linkpath") described.link = Buffer.from(value);
    else if (key === "size") described.size = /^\d{1,15}$/.test(value.toString("latin1")) ? Number(value) : null;
    else visitor.text(described.name, bytes.subarray(position + head.length, end));
    position = end;
  }
}

// src/detect/containers/zip.ts
import { crc32 as crc323 } from "node:zlib";
var LOCAL = 67324752;
var CENTRAL = 33639248;
var END = 101010256;
var LOCATOR_64 = 117853008;
var DESCRIPTOR = 134695760;
var LOCAL_BYTES = 30;
var CENTRAL_BYTES = 46;
var END_BYTES = 22;
var LOCATOR_64_BYTES = 20;
var MAX_BEHIND_DIRECTORY = 1024;
var SIGNATURE_BYTES = 4;
var MAX_COMMENT_BYTES = 65535;
var ZIP_TAIL_BYTES = END_BYTES + MAX_COMMENT_BYTES;
var UNKNOWN_32 = 4294967295;
var ZIP64_EXTRA = 1;
var SLASH = 47;
var IS_ENCRYPTED = 1;
var HAS_DESCRIPTOR = 8;
var STORED2 = 0;
var DEFLATED = 8;
var BZIP2 = 12;
var METHODS = /* @__PURE__ */ new Map([
  [1, "shrink"],
  [2, "reduce"],
  [3, "reduce"],
  [4, "reduce"],
  [5, "reduce"],
  [6, "implode"],
  [7, "tokenize"],
  [9, "Deflate64"],
  [10, "implode"],
  [14, "LZMA"],
  [16, "CMPSC"],
  [18, "TERSE"],
  [19, "LZ77"],
  [20, "Zstandard"],
  [93, "Zstandard"],
  [94, "MP3"],
  [95, "XZ"],
  [96, "JPEG"],
  [97, "WavPack"],
  [98, "PPMd"],
  [99, "AES"]
]);
var MAX_UNMET = 1e4;
var MAX_UNMET_NAME_BYTES = 4 * 1024 * 1024;
var NOT_IN_ENTRIES = "stands in the archive's directory only, and a large archive is read from its beginning: unpack it and scan that";
function beginsLikeZip(bytes) {
  if (bytes[0] !== 80 || bytes[1] !== 75) return false;
  const first = signatureAt(bytes, 0);
  if (first === DESCRIPTOR || first === 808471376) return isLocalHeader(bytes.subarray(SIGNATURE_BYTES));
  return isLocalHeader(bytes);
}
function findZipEnd(bytes) {
  const from = Math.max(0, bytes.length - ZIP_TAIL_BYTES);
  const zero = bytes.indexOf(0, from);
  if (zero === -1) return -1;
  const start = Math.max(from, zero - END_BYTES);
  let found = -1;
  for (let at = bytes.indexOf(END_TEXT, start); at !== -1; at = bytes.indexOf(END_TEXT, at + 1)) {
    if (isEnd(bytes, at)) found = at;
  }
  return found;
}
var END_TEXT = Buffer.from("PK", "latin1");
var HEADER_TEXT = Buffer.from("PK", "latin1");
function isEnd(bytes, at) {
  if (!isEndShaped(bytes, at) || bytes.readUInt16LE(at + 10) === 0) return false;
  const size = bytes.readUInt32LE(at + 12);
  return signatureAt(bytes, at - LOCATOR_64_BYTES) === LOCATOR_64 || signatureAt(bytes, at - size) === CENTRAL;
}
function isEndShaped(bytes, at) {
  return at + END_BYTES <= bytes.length && at + END_BYTES + bytes.readUInt16LE(at + 20) <= bytes.length;
}
function mayEndZip(tail) {
  const at = tail.lastIndexOf(END_TEXT);
  return at !== -1 && isEndShaped(tail, at);
}
function hasZipEndMark(bytes) {
  return bytes.includes(END_TEXT);
}
function endsAsZip(tail) {
  const at = tail.lastIndexOf(END_TEXT);
  return at !== -1 && isEndShaped(tail, at) && at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length;
}
function findRecord(bytes) {
  for (let at = bytes.indexOf(HEADER_TEXT); at !== -1; at = bytes.indexOf(HEADER_TEXT, at + 1)) {
    if (at + SIGNATURE_BYTES > bytes.length || RECORDS.has(bytes.readUInt32LE(at))) return at;
  }
  return -1;
}
var RECORDS = /* @__PURE__ */ new Set([LOCAL, CENTRAL, END, DESCRIPTOR]);
function signatureAt(bytes, at) {
  return at >= 0 && at + SIGNATURE_BYTES <= bytes.length ? bytes.readUInt32LE(at) : 0;
}
function isLocalHeader(bytes) {
  if (signatureAt(bytes, 0) !== LOCAL) return false;
  if (bytes.length < LOCAL_BYTES) return false;
  const method = bytes.readUInt16LE(8);
  const isKnown = method === STORED2 || method === DEFLATED || method === BZIP2 || METHODS.has(method);
  return isKnown && bytes[4] < 100 && bytes.readUInt16LE(26) > 0;
}
function* readZip(input, visitor, whole) {
  yield* new ZipReader(input, visitor, whole).read();
}
var ZipReader = class {
  #input;
  #visitor;
  #whole;
  #inflater = new Inflater();
  /** By where the header stands, the {@link contentKey} of what was read behind it. */
  #met = /* @__PURE__ */ new Map();
  #unmet = [];
  #unmetNameBytes = 0;
  #hasMoreUnmet = false;
  #hasDirectory = false;
  /** Where the directory begins that is being read, or -1. */
  #directoryAt = -1;
  #start = -1;
  constructor(input, visitor, whole) {
    this.#input = input;
    this.#visitor = visitor;
    this.#whole = whole;
  }
  /**
   * Certain is what begins or ends as an archive. One in the middle of something else, as of a picture or in an old Office
   * file, which is cut into sectors, need not be whole to be rightly there.
   */
  *read() {
    if (this.#whole !== null && endsAsZip(this.#whole)) this.#visitor.confirm();
    const isCut = !(yield* this.#readRecords());
    if (!this.#hasDirectory) yield* this.#readSwallowed();
    if (isCut) this.#visitor.unread(null, CUT_OFF);
    else if (this.#met.size > 0 && !this.#hasDirectory) {
      this.#visitor.unread(null, "has no directory at its end: it is cut off, or more is missing");
    }
  }
  /** False where the archive ends within one. */
  *#readRecords() {
    const input = this.#input;
    while (yield* need(input, SIGNATURE_BYTES)) {
      const signature = signatureAt(input.rest, 0);
      if (signature === LOCAL && (yield* need(input, LOCAL_BYTES)) && isLocalHeader(input.rest)) {
        if (input.offset <= SIGNATURE_BYTES) this.#visitor.confirm();
        if (!(yield* this.#readLocal())) return false;
      } else if (signature === CENTRAL && (yield* need(input, CENTRAL_BYTES))) {
        if (!(yield* this.#readCentral())) return false;
      } else if (signature === END && (yield* need(input, END_BYTES))) {
        yield* this.#readEnd();
      } else {
        yield* this.#search();
      }
    }
    return true;
  }
  /** A length that is not true can hide the directory in an entry. */
  *#readSwallowed() {
    const whole = this.#whole;
    const end = whole === null ? -1 : findZipEnd(whole);
    if (whole === null || end === -1) return;
    const start = end - whole.readUInt32LE(end + 12);
    if (start < 0) return;
    this.#input = wholeInput(whole.subarray(start), { base: start });
    this.#directoryAt = -1;
    yield* this.#readRecords();
  }
  /** To the next bytes that may begin a record. What is between stands there as it is. */
  *#search() {
    const input = this.#input;
    input.take(1);
    for (; ; ) {
      const at = findRecord(input.rest);
      if (at !== -1) {
        input.take(at);
        return;
      }
      input.take(Math.max(0, input.length - 1));
      if (!(yield* need(input, input.length + 1))) {
        input.take(input.length);
        return;
      }
    }
  }
  /** False where the archive ends within it. */
  *#readLocal() {
    const input = this.#input;
    const at = input.offset;
    if (this.#start === -1) this.#start = at;
    const fixed = Buffer.from(input.rest.subarray(0, LOCAL_BYTES));
    const nameLength = fixed.readUInt16LE(26);
    const extraLength = fixed.readUInt16LE(28);
    if (!(yield* need(input, LOCAL_BYTES + nameLength + extraLength))) {
      input.take(input.length);
      return false;
    }
    input.take(LOCAL_BYTES);
    const name = Buffer.from(input.rest.subarray(0, nameLength));
    this.#visitor.begin(name);
    input.take(nameLength);
    const extra = Buffer.from(input.rest.subarray(0, extraLength));
    this.#visitor.text(name, extra);
    input.take(extraLength);
    const content = new Content(input, this.#visitor, this.#inflater, name, localHeader(fixed, name, extra));
    const isWhole = yield* content.read();
    const isNamed = content.isNamed && this.#whole === null;
    this.#met.set(at, isNamed ? NAMED : content.isRefused ? REFUSED : contentKey(content));
    return isWhole;
  }
  *#readCentral() {
    const input = this.#input;
    const fixed = Buffer.from(input.rest.subarray(0, CENTRAL_BYTES));
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((at) => fixed.readUInt16LE(at));
    const length = CENTRAL_BYTES + nameLength + extraLength + commentLength;
    if (!(yield* need(input, length))) {
      input.take(input.length);
      return false;
    }
    if (this.#directoryAt === -1) this.#directoryAt = input.offset;
    const record = input.rest.subarray(0, length);
    const name = Buffer.from(record.subarray(CENTRAL_BYTES, CENTRAL_BYTES + nameLength));
    const extra = record.subarray(CENTRAL_BYTES + nameLength, CENTRAL_BYTES + nameLength + extraLength);
    const entry = directoryEntry(fixed, name, extra);
    this.#visitor.text(name, name);
    this.#visitor.text(name, extra);
    this.#visitor.text(name, record.subarray(length - commentLength));
    input.take(length);
    if (this.#isMet(entry, 0) || this.#start > 0 && this.#isMet(entry, this.#start)) return true;
    this.#unmetNameBytes += nameLength;
    if (this.#unmet.length < MAX_UNMET && this.#unmetNameBytes <= MAX_UNMET_NAME_BYTES) this.#unmet.push(entry);
    else this.#hasMoreUnmet = true;
    return true;
  }
  /** Whether its content was read as the directory has it. */
  #isMet(entry, shift) {
    const met = this.#met.get(entry.localOffset + shift);
    if (met === REFUSED) return refusal(entry) !== null;
    return met === NAMED || met === contentKey({ checksum: entry.checksum, length: entry.size });
  }
  *#readEnd() {
    const input = this.#input;
    const fixed = Buffer.from(input.rest.subarray(0, END_BYTES));
    const end = input.offset;
    input.take(END_BYTES);
    const commentLength = fixed.readUInt16LE(20);
    yield* need(input, commentLength);
    this.#visitor.text(null, input.rest.subarray(0, commentLength));
    input.take(commentLength);
    const size = fixed.readUInt32LE(12);
    const directoryAt = this.#directoryAt;
    this.#directoryAt = -1;
    const isEmpty = size === 0 && this.#met.size === 0;
    const fits = size === UNKNOWN_32 || directoryAt + size <= end && directoryAt + size + MAX_BEHIND_DIRECTORY > end;
    if (isEmpty || directoryAt === -1 || !fits) return;
    this.#hasDirectory = true;
    if (!(yield* need(input, 1))) this.#visitor.confirm();
    const part = fixed.readUInt16LE(4);
    if (part !== 0 && part !== 65535) {
      this.#visitor.unread(null, "is one part of an archive that was split: put the parts together and scan that");
    }
    const directoryOffset = fixed.readUInt32LE(16);
    const shift = directoryOffset === UNKNOWN_32 ? 0 : directoryAt - directoryOffset;
    const unmet = this.#unmet.splice(0).filter((entry) => !(shift > 0 && this.#isMet(entry, shift)));
    if (this.#hasMoreUnmet)
      this.#visitor.unread(null, "has a directory that tells of too many entries otherwise than they do");
    this.#hasMoreUnmet = false;
    this.#unmetNameBytes = 0;
    for (const entry of unmet.toSorted((a, b) => a.localOffset - b.localOffset)) yield* this.#readUnmet(entry, shift);
  }
  /** An entry that the directory has, and the headers have not or otherwise. */
  *#readUnmet(entry, shift) {
    const whole = this.#whole;
    if (isDirectoryName(entry)) return;
    this.#visitor.begin(entry.name);
    const why = refusal(entry) ?? (whole === null ? NOT_IN_ENTRIES : null);
    if (whole === null || why !== null) {
      this.#visitor.unread(entry.name, why ?? NOT_IN_ENTRIES);
      return;
    }
    const at = [entry.localOffset + shift, entry.localOffset].find((offset) => signatureAt(whole, offset) === LOCAL);
    const headerAt = at ?? entry.localOffset + shift;
    if (headerAt < 0 || headerAt + LOCAL_BYTES > whole.length) {
      this.#visitor.unread(entry.name, "does not stand where the archive's directory says");
      return;
    }
    const contentAt = headerAt + LOCAL_BYTES + whole.readUInt16LE(headerAt + 26) + whole.readUInt16LE(headerAt + 28);
    const input = wholeInput(whole.subarray(contentAt), { base: contentAt });
    const content = new Content(input, this.#visitor, this.#inflater, entry.name, entry, contentAt);
    if (!(yield* content.read())) this.#visitor.unread(entry.name, CUT_OFF);
  }
};
function isDirectoryName({ name, packedSize, size }) {
  return packedSize === 0 && size === 0 && name.length > 0;
}
var NAMED = -1;
var REFUSED = -2;
function contentKey({ checksum, length }) {
  return checksum + length % 2 ** 20 * 2 ** 32;
}
function localHeader(fixed, name, extra) {
  const flags = fixed.readUInt16LE(6);
  const [packedSize, size] = [fixed.readUInt32LE(18), fixed.readUInt32LE(22)];
  const [size64, packedSize64] = sizes64(extra, [size, packedSize]);
  const isDirectory = name.at(-1) === SLASH;
  const followsContent = (flags & HAS_DESCRIPTOR) !== 0 && packedSize64 === 0 && !isDirectory;
  return {
    flags,
    method: fixed.readUInt16LE(8),
    checksum: fixed.readUInt32LE(14),
    packedSize: followsContent ? -1 : packedSize64,
    size: followsContent ? -1 : size64
  };
}
function directoryEntry(fixed, name, extra) {
  const [packedSize, size, offset] = [fixed.readUInt32LE(20), fixed.readUInt32LE(24), fixed.readUInt32LE(42)];
  const [size64, packedSize64, offset64] = sizes64(extra, [size, packedSize, offset]);
  return {
    // Its sizes are those of the content, whatever follows that.
    flags: fixed.readUInt16LE(8) & ~HAS_DESCRIPTOR,
    method: fixed.readUInt16LE(10),
    checksum: fixed.readUInt32LE(16),
    packedSize: packedSize64,
    size: size64,
    name,
    localOffset: offset64
  };
}
function sizes64(extra, values) {
  if (!values.includes(UNKNOWN_32)) return [...values];
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== ZIP64_EXTRA) continue;
    let next = at + 4;
    return values.map((value) => {
      if (value !== UNKNOWN_32 || next + 8 > extra.length) return value;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    });
  }
  return [...values];
}
function refusal({ flags, method }) {
  if ((flags & IS_ENCRYPTED) !== 0) return "is encrypted";
  if (method === STORED2 || method === DEFLATED || method === BZIP2) return null;
  return `is packed with ${METHODS.get(method) ?? `method ${method}`}, which is not read`;
}
var Content = class {
  #input;
  #visitor;
  #name;
  #header;
  /** As the header says, or as a descriptor behind the content says. */
  checksum;
  /** What was unpacked. */
  length = 0;
  /** Something of it was told as unread. */
  isNamed = false;
  /** It is packed in a way that is not read. */
  isRefused = false;
  #inflater;
  #at;
  #entry = null;
  #actual = 0;
  /** @param at where the content begins, if that is not where the archive is being read */
  constructor(input, visitor, inflater, name, header, at) {
    this.#inflater = inflater;
    this.#at = at;
    this.#input = input;
    this.#visitor = visitor;
    this.#name = name;
    this.#header = header;
    this.checksum = header.checksum;
  }
  /** False where the archive ends within it. */
  *read() {
    const { method } = this.#header;
    const why = refusal(this.#header);
    if (why !== null) {
      this.isRefused = true;
      return yield* this.#skip(why);
    }
    if (this.#header.packedSize === 0) {
      this.#check(this.checksum, this.#header.size);
      return true;
    }
    this.#entry = this.#visitor.open(this.#name, this.#at);
    const isWhole = yield* method === DEFLATED ? this.#inflate() : method === BZIP2 ? this.#bunzip() : this.#copy();
    this.#entry.close();
    return isWhole;
  }
  #unread(why) {
    this.isNamed = true;
    this.#visitor.unread(this.#name, why);
  }
  #onPiece = (bytes) => {
    this.#actual = crc323(bytes, this.#actual);
    this.length += bytes.length;
    this.#entry?.write(bytes);
  };
  *#skip(why) {
    this.#unread(why);
    const { packedSize } = this.#header;
    if (packedSize === -1) return (yield* this.#toDescriptor(skipPiece)) !== null;
    return yield* pass(this.#input, packedSize, skipPiece);
  }
  *#copy() {
    const { packedSize } = this.#header;
    if (packedSize === -1) {
      const checksum = yield* this.#toDescriptor(this.#onPiece);
      if (checksum === null) return false;
      this.#check(checksum, this.length);
      return true;
    }
    const isWhole = yield* pass(this.#input, packedSize, this.#onPiece);
    if (!isWhole) return false;
    yield* this.#readDescriptor(packedSize);
    this.#check(this.checksum, this.#header.size);
    return true;
  }
  /** It may say what the header leaves out. */
  *#readDescriptor(packedSize) {
    if ((this.#header.flags & HAS_DESCRIPTOR) !== 0)
      this.checksum = (yield* this.#descriptor(packedSize)) ?? this.checksum;
  }
  *#bunzip() {
    const { packedSize } = this.#header;
    if (packedSize === -1) return yield* this.#skip("is packed in one go, with no size: unpack it and scan that");
    const inner = new ByteInput();
    let decoding = null;
    let hasProblem = false;
    const visitor = {
      open: () => ({ write: this.#onPiece, close: () => {
      } }),
      begin: () => this.#visitor.begin(null),
      text: () => {
      },
      confirm: () => {
      },
      unread: (_name, why) => {
        hasProblem = true;
        this.#unread(why);
      }
    };
    const isThere = yield* need(this.#input, Math.min(packedSize, 10));
    if (isThere && !beginsLikeBzip2(this.#input.rest)) hasProblem = true;
    else decoding = new Decoding(inner, readBzip2(inner, visitor));
    const isWhole = yield* pass(this.#input, packedSize, (bytes) => decoding?.write(bytes));
    decoding?.close();
    if (decoding === null) this.#unread(DAMAGED);
    else if (isWhole && !hasProblem) this.#check(this.checksum, this.#header.size);
    return isWhole;
  }
  *#inflate() {
    const { packedSize, size } = this.#header;
    const limit = packedSize === -1 ? Infinity : packedSize;
    const { outcome, used } = yield* this.#inflater.inflate(this.#input, limit, size, this.#onPiece);
    if (outcome === "cut" && used < limit) return false;
    if (outcome !== "whole") {
      this.#unread(DAMAGED);
      return true;
    }
    yield* this.#readDescriptor(used);
    if (packedSize === -1) {
      this.#check(this.checksum, this.length);
      return true;
    }
    if (used < packedSize) this.#unread("ends before its header says; what is behind was not unpacked");
    this.#check(this.checksum, size);
    return true;
  }
  #check(checksum, size) {
    this.checksum = checksum;
    if (checksum !== this.#actual) this.#unread(WRONG_CHECKSUM);
    else if (size !== this.length) this.#unread("is not as long as its header says");
  }
  /** The checksum that follows a content of so many bytes, or null where none does that fits. */
  *#descriptor(packedSize) {
    yield* need(this.#input, 24);
    const { rest } = this.#input;
    const start = signatureAt(rest, 0) === DESCRIPTOR ? SIGNATURE_BYTES : 0;
    for (const width of [4, 8]) {
      if (start + 4 + 2 * width > rest.length || readSize2(rest, start + 4, width) !== packedSize) continue;
      const checksum = rest.readUInt32LE(start);
      this.#input.take(start + 4 + 2 * width);
      return checksum;
    }
    return null;
  }
  /**
   * Passes on a content of unknown length: up to a descriptor that tells the length it has.
   *
   * @returns its checksum; null where the archive ends first
   */
  *#toDescriptor(onPiece) {
    const input = this.#input;
    let passed = 0;
    const hand = (count) => {
      passed += count;
      onPiece(input.take(count));
    };
    for (; ; ) {
      const isMore = yield* need(input, 24);
      if (!isMore && input.length < 12) {
        hand(input.length);
        return null;
      }
      const at = findRecord(input.rest);
      const safe = at === -1 ? input.length - 24 : at - 20;
      if (safe > 0) {
        hand(safe);
        continue;
      }
      if (at === -1) {
        if (!(yield* need(input, input.length + 1))) {
          hand(input.length);
          return null;
        }
        continue;
      }
      yield* need(input, at + 24);
      const end = descriptorAt(input.rest, at, passed);
      if (end === null) {
        hand(at + 1);
        continue;
      }
      hand(end.start);
      input.take(end.length);
      return end.checksum;
    }
  }
};
function readSize2(bytes, at, width) {
  return width === 4 ? bytes.readUInt32LE(at) : Number(bytes.readBigUInt64LE(at));
}
function descriptorAt(bytes, at, passed) {
  const signature = signatureAt(bytes, at);
  const isMarked = signature === DESCRIPTOR;
  if (!isMarked && signature !== LOCAL && signature !== CENTRAL) return null;
  for (const width of [4, 8]) {
    const length = 4 + 2 * width;
    const fields = isMarked ? at + SIGNATURE_BYTES : at - length;
    if (fields < 0 || fields + length > bytes.length) continue;
    const start = isMarked ? at : fields;
    if (readSize2(bytes, fields + 4, width) !== passed + start) continue;
    return { start, length: isMarked ? SIGNATURE_BYTES + length : length, checksum: bytes.readUInt32LE(fields) };
  }
  return null;
}

// src/detect/containers/recognise.ts
var BEGINNING_BYTES = BLOCK_BYTES;
function formatByBeginning(bytes) {
  if (beginsLikeGzip(bytes)) return "gzip";
  if (beginsLikeBzip2(bytes)) return "bzip2";
  if (beginsLikeZip(bytes)) return "zip";
  return beginsLikeTar(bytes) ? "tar" : null;
}
function formatsOf2(bytes) {
  const first = formatByBeginning(bytes);
  if (first === "zip") return [first];
  if (findZipEnd(bytes) === -1) return first === null ? [] : [first];
  if (first === null) return ["zip"];
  return first !== "tar" && endsAsZip(bytes) ? [first, "zip"] : [first];
}
var TAIL_BYTES = ZIP_TAIL_BYTES;
function mayEndAsContainer(tail) {
  return mayEndZip(tail);
}
function endsAsContainer(tail) {
  return endsAsZip(tail);
}
var UNOPENED = [
  { name: "xz", magic: Buffer.from("fd377a585a00", "hex") },
  { name: "7z", magic: Buffer.from("377abcaf271c", "hex") },
  { name: "RAR", magic: Buffer.from("526172211a07", "hex") },
  { name: "Zstandard", magic: Buffer.from("28b52ffd", "hex") }
];
function unopenedFormat(bytes) {
  for (const { name, magic } of UNOPENED) {
    if (bytes[0] === magic[0] && bytes[1] === magic[1] && bytes.subarray(0, magic.length).equals(magic)) return name;
  }
  return null;
}
function mayBecomeContainer(bytes) {
  return formatByBeginning(bytes) !== null || unopenedFormat(bytes) !== null || hasZipEndMark(bytes);
}

// src/detect/containers/tail.ts
var Tail = class {
  #bytes = Buffer.alloc(0);
  get bytes() {
    return this.#bytes;
  }
  write(bytes) {
    const end = bytes.length < TAIL_BYTES ? Buffer.concat([this.#bytes, bytes]) : bytes;
    this.#bytes = Buffer.from(end.subarray(Math.max(0, end.length - TAIL_BYTES)));
  }
};

// src/detect/containers/unpack.ts
var UNPACK_LIMITS = {
  depth: 8,
  entries: 5e5,
  bytes: 32 * 1024 ** 3,
  ratio: 250,
  freeBytes: 256 * 1024 ** 2,
  wholeBytes: 4 * 1024 ** 2
};
var PIECE_BYTES = 32 * 1024;
var BEGINNING = { line: 1, column: 1 };
function isContainer(bytes) {
  return formatsOf2(bytes).length > 0 || unopenedFormat(bytes) !== null;
}
function unpackWhole(bytes, contents, limits = UNPACK_LIMITS) {
  const run = new Run(contents, limits);
  run.outerBytes = bytes.length;
  const unit = new Unit(run, null);
  run.guard(() => unit.readWhole(bytes));
}
var Unpacking = class {
  #run;
  #outermost;
  constructor(contents, limits = UNPACK_LIMITS) {
    this.#run = new Run(contents, limits);
    this.#outermost = new Unit(this.#run, null);
  }
  write(bytes) {
    this.#run.outerBytes += bytes.length;
    this.#run.guard(() => this.#outermost.write(bytes));
  }
  close() {
    this.#run.guard(() => this.#outermost.close());
  }
};
var LimitReached = class extends Error {
  steps;
  constructor(steps, why) {
    super(why);
    this.steps = steps;
  }
};
var MAX_NAMED = 1e3;
var Run = class {
  contents;
  limits;
  outerBytes = 0;
  #unpackedBytes = 0;
  #entries = 0;
  #unread = 0;
  #leftOut = 0;
  #isStopped = false;
  /** Those that have begun and not ended. */
  open = /* @__PURE__ */ new Set();
  constructor(contents, limits) {
    this.contents = contents;
    this.limits = limits;
  }
  unread(steps, why, isLimit = false) {
    this.#unread += 1;
    if (this.#unread <= MAX_NAMED) this.contents.unread(steps, why, isLimit);
    else if (this.#unread === MAX_NAMED + 1)
      this.contents.unread([], "more of it could not be read than is named here", true);
  }
  leftOut(steps, why) {
    this.#leftOut += 1;
    if (this.#leftOut <= MAX_NAMED) this.contents.leftOut(steps, why);
  }
  countEntry(steps) {
    this.#entries += 1;
    if (this.#entries > this.limits.entries) {
      throw new LimitReached(steps, `comes behind ${this.limits.entries} entries or parts: no more are unpacked`);
    }
  }
  countBytes(steps, count) {
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
  guard(action) {
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
};
var EMPTY = Buffer.alloc(0);
var Unit = class {
  #run;
  /** Null for the outermost, which others search. */
  #place;
  #held = Buffer.alloc(0);
  #heldBytes = 0;
  #isStreaming = false;
  #piece = EMPTY;
  #pieceBytes = 0;
  #search = null;
  #decoding = null;
  /** Where only the end tells whether it is an archive behind something else. */
  #perhapsContainer = null;
  constructor(run, place) {
    this.#run = run;
    this.#place = place;
    if (place !== null) run.open.add(this);
  }
  get steps() {
    return this.#place?.steps ?? [];
  }
  write(bytes) {
    if (this.#place !== null) this.#run.countBytes(this.steps, bytes.length);
    if (!this.#isStreaming && this.#heldBytes + bytes.length <= Math.max(this.#run.limits.wholeBytes, BEGINNING_BYTES)) {
      this.#hold(bytes);
      return;
    }
    if (!this.#isStreaming) this.#beginStream(bytes);
    this.#pass(bytes);
  }
  /** Small pieces are passed on together: each is searched with thousands of bytes around it. */
  #pass(bytes) {
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
  #flush() {
    const bytes = this.#piece.subarray(0, this.#pieceBytes);
    this.#pieceBytes = 0;
    if (bytes.length > 0) this.#passOn(bytes);
  }
  #passOn(bytes) {
    this.#search?.write(bytes);
    this.#decoding?.write(bytes);
    this.#perhapsContainer?.tail.write(bytes);
  }
  close() {
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
  abandon() {
    if (this.#isStreaming) {
      this.#search?.write(this.#piece.subarray(0, this.#pieceBytes));
      this.#search?.close();
    } else if (this.#place !== null) this.#run.contents.whole(this.#place, this.#held.subarray(0, this.#heldBytes));
  }
  readWhole(bytes) {
    for (const format of this.#allowed(formatsOf2(bytes))) {
      const input = wholeInput(bytes, { countsLines: this.#place === null });
      read(format, input, new Visitor(this.#run, this.#place, format, input, bytes), bytes).next();
    }
    this.#noteUnopened(bytes);
  }
  #hold(bytes) {
    const needed = this.#heldBytes + bytes.length;
    if (needed > this.#held.length) {
      const length = this.#heldBytes === 0 ? needed : Math.max(needed, Math.min(this.#run.limits.wholeBytes, 2 * needed));
      const larger = Buffer.allocUnsafe(length);
      this.#held.copy(larger, 0, 0, this.#heldBytes);
      this.#held = larger;
    }
    bytes.copy(this.#held, this.#heldBytes);
    this.#heldBytes = needed;
  }
  /** @param next what comes behind the held bytes */
  #beginStream(next) {
    const held = this.#held.subarray(0, this.#heldBytes);
    const beginning = Buffer.concat([held.subarray(0, BEGINNING_BYTES), next.subarray(0, BEGINNING_BYTES)]);
    this.#isStreaming = true;
    this.#held = EMPTY;
    this.#heldBytes = 0;
    if (this.#place !== null) this.#search = this.#run.contents.stream(this.#place);
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
  #allowed(formats) {
    const { depth } = this.#run.limits;
    if (formats.length === 0 || this.steps.length < depth) return formats;
    this.#run.unread(this.steps, `is an archive within ${depth} others: it was searched, and not unpacked`, true);
    return [];
  }
  #perhaps(format) {
    return this.steps.length < this.#run.limits.depth ? [format] : [];
  }
  #noteUnopened(beginning) {
    const format = unopenedFormat(beginning);
    if (format !== null) {
      this.#run.leftOut(this.steps, `is packed with ${format}, which is not read: unpack it and scan that`);
    }
  }
};
function read(format, input, visitor, whole) {
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
var MAX_PENDING = 100;
var Visitor = class {
  #run;
  #parent;
  #format;
  #input;
  #whole;
  #pending = [];
  /** Counts up to what is read out of its order. */
  #lines = new LineCounter("plain", 0);
  #counted = 0;
  constructor(run, parent, format, input, whole = null) {
    this.#run = run;
    this.#parent = parent;
    this.#format = format;
    this.#input = input;
    this.#whole = whole;
  }
  open(name, at) {
    return new Unit(this.#run, { steps: this.#steps(name), outer: this.#place(at) });
  }
  begin(name) {
    this.#run.countEntry(this.#steps(name));
    if (name !== null) this.text(name, name);
  }
  text(name, bytes) {
    if (bytes.length > 0) this.#run.contents.text({ steps: this.#steps(name), outer: this.#place() }, bytes);
  }
  confirm() {
    for (const { steps, why } of this.#pending ?? []) this.#run.unread(steps, why);
    this.#pending = null;
  }
  unread(name, why) {
    const steps = this.#steps(name);
    if (this.#pending === null) this.#run.unread(steps, why);
    else if (this.#pending.length < MAX_PENDING) this.#pending.push({ steps, why });
  }
  #steps(name) {
    const step = name === null ? this.#format : `${this.#format}:${decodeByteText(name)}`;
    return [...this.#parent?.steps ?? [], step];
  }
  #place(at) {
    if (this.#parent !== null) return this.#parent.outer;
    if (at === void 0 || this.#whole === null) return this.#input.place ?? BEGINNING;
    if (at < this.#counted) {
      this.#lines = new LineCounter("plain", 0);
      this.#counted = 0;
    }
    this.#lines.advance(this.#whole.subarray(this.#counted, at));
    this.#counted = at;
    return this.#lines.positionOf(at);
  }
};

// src/detect/forms/decoded.ts
var DecodedText = class {
  #bytes;
  #starts;
  #ends;
  #length = 0;
  constructor(capacity) {
    this.#bytes = Buffer.allocUnsafe(capacity);
    this.#starts = new Int32Array(capacity);
    this.#ends = new Int32Array(capacity);
  }
  push(byte, start, end) {
    const at = this.#length++;
    this.#bytes[at] = byte;
    this.#starts[at] = start;
    this.#ends[at] = end;
  }
  get bytes() {
    return this.#bytes.subarray(0, this.#length);
  }
  startOf(index) {
    return this.#starts[index];
  }
  endOf(index) {
    return this.#ends[index];
  }
};
var Run2 = class {
  /** Where each piece stands in the text, and the number of its first character. */
  #starts = [];
  #firsts = [];
  #pieces = [];
  cuts = [];
  #characters = null;
  length = 0;
  end = 0;
  /** The characters of a text between two offsets. */
  add(text, start, end) {
    this.#starts.push(start);
    this.#firsts.push(this.length);
    this.#pieces.push(text.subarray(start, end));
    this.length += end - start;
  }
  cut(at, by) {
    if (by !== null) this.cuts.push({ at, by });
  }
  /** What came so far belongs to something else. */
  restart() {
    this.#starts.length = this.#firsts.length = this.#pieces.length = this.cuts.length = this.length = 0;
  }
  get characters() {
    return this.#characters ??= Buffer.concat(this.#pieces);
  }
  /** Where a character stands. */
  positionOf(index) {
    const piece = lastUpTo(this.#firsts, index);
    return this.#starts[piece] + index - this.#firsts[piece];
  }
  /** The number of the character at a position, or -1. */
  indexOf(position) {
    const piece = lastUpTo(this.#starts, position);
    if (piece === -1) return -1;
    const offset = position - this.#starts[piece];
    return offset < this.#pieces[piece].length ? this.#firsts[piece] + offset : -1;
  }
};
function lastUpTo(numbers, limit) {
  let [low, high] = [0, numbers.length - 1];
  while (low <= high) {
    const middle = low + high >> 1;
    if (numbers[middle] <= limit) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}
function endsPiece(text, run, index) {
  if (index + 1 >= run.length) return true;
  const next = run.positionOf(index + 1);
  for (let at = run.positionOf(index) + 1; at < next; at++) if (ENDS_PIECE.has(text[at])) return true;
  return false;
}
var ENDS_PIECE = new Set(Buffer.from("\n\r\"'`\\"));
function cutsBetween(cuts, start, end) {
  return [...new Set(cuts.filter(({ at }) => at > start && at < end).map(({ by }) => by))];
}
function isTextByte(byte) {
  return byte >= 32 && byte < 127 || byte === 10 || byte === 13 || byte === 9;
}
function isText(bytes, length = bytes.length) {
  const first = isTextByte(bytes[0] ?? 0) ? 0 : 1;
  const isWide = bytes[1 - first] === 0;
  for (let index = 0; index < length; index++) {
    const isZero = isWide && (index & 1) !== first;
    if (isZero ? bytes[index] !== 0 : !isTextByte(bytes[index])) return false;
  }
  return true;
}

// src/detect/forms/escapes.ts
var PERCENT = 37;
var BACKSLASH = 92;
var AMPERSAND = 38;
var EQUALS = 61;
var LINE_FEED2 = 10;
var CARRIAGE_RETURN = 13;
function escapeKindOf(byte) {
  switch (byte) {
    case PERCENT:
      return "percent";
    case BACKSLASH:
      return "unicode-escape";
    case AMPERSAND:
      return "html-entity";
    case EQUALS:
      return "quoted-printable";
    default:
      return null;
  }
}
function readEscape(text, at, kind) {
  switch (kind) {
    case "percent":
      return text[at] === PERCENT ? readHex(text, at + 1, 2, 2) ?? readPercentUnicode(text, at + 1) : null;
    case "quoted-printable":
      return text[at] === EQUALS ? readHex(text, at + 1, 2, 2) ?? readSoftBreak(text, at + 1) : null;
    case "unicode-escape":
      return text[at] === BACKSLASH ? readBackslash(text, at + 1) : null;
    case "html-entity":
      return text[at] === AMPERSAND ? readEntity(text, at + 1) : null;
  }
}
var MAX_ESCAPE_BYTES = 16;
function escapeByteBefore(text, byte, at) {
  for (let index = at - 1; index >= 0 && at - index <= MAX_ESCAPE_BYTES; index--)
    if (text[index] === byte) return index;
  return -1;
}
function decodeEscapes(text, from, to, kind) {
  const decoded = new DecodedText(to - from);
  let at = from;
  while (at < to) {
    const byte = text[at];
    const escape = escapeKindOf(byte) === kind ? readEscape(text, at, kind) : null;
    if (escape === null || escape.end > to) {
      decoded.push(byte, at, at + 1);
      at += 1;
      continue;
    }
    if (escape.code > 127 && kind !== "percent" && kind !== "quoted-printable") {
      for (const part of Buffer.from(String.fromCodePoint(escape.code))) decoded.push(part, at, escape.end);
    } else if (escape.code >= 0) {
      decoded.push(escape.code, at, escape.end);
    }
    at = escape.end;
  }
  return decoded;
}
function readPercentUnicode(text, at) {
  const isUnicode = (text[at] === 117 || text[at] === 85) && text[at + 1] === 48 && text[at + 2] === 48;
  return isUnicode ? readHex(text, at + 1, 4, 4) : null;
}
function readSoftBreak(text, at) {
  let end = at;
  while (end < at + MAX_TRAILING_BLANKS && (text[end] === 32 || text[end] === 9)) end += 1;
  if (text[end] === CARRIAGE_RETURN) end += 1;
  return text[end] === LINE_FEED2 ? { code: -1, end: end + 1 } : null;
}
var MAX_TRAILING_BLANKS = 8;
function readBackslash(text, at) {
  const letter = text[at];
  switch (letter) {
    case 117:
      return readHex(text, at + 1, 4, 4) ?? readBraced(text, at + 1);
    case 85:
      return readHex(text, at + 1, 8, 8);
    case 120:
      return readHex(text, at + 1, 2, 2) ?? readBraced(text, at + 1);
    case void 0:
      return null;
    default: {
      const code = SINGLE_ESCAPES.get(letter);
      return code === void 0 ? readOctal2(text, at) : { code, end: at + 1 };
    }
  }
}
var SINGLE_ESCAPES = /* @__PURE__ */ new Map([
  [34, 34],
  [39, 39],
  [47, 47],
  [BACKSLASH, BACKSLASH],
  [110, LINE_FEED2],
  [114, CARRIAGE_RETURN],
  [116, 9]
]);
function readBraced(text, at) {
  if (text[at] !== 123) return null;
  const escape = readHex(text, at + 1, 1, 8);
  return escape !== null && text[escape.end] === 125 ? { code: escape.code, end: escape.end + 1 } : null;
}
function readOctal2(text, at) {
  let code = 0;
  let end = at;
  while (end < at + 3) {
    const digit = (text[end] ?? 0) - 48;
    if (digit < 0 || digit > 7 || code * 8 + digit > 255) break;
    code = code * 8 + digit;
    end += 1;
  }
  return end - at < 2 ? null : { code, end };
}
var MAX_ENTITY_DIGITS = 32;
var SEMICOLON = 59;
var MAX_ASCII = 127;
function readEntity(text, at) {
  if (text[at] === 35) {
    const isHex = text[at + 1] === 120 || text[at + 1] === 88;
    const [digits, base] = isHex ? [at + 2, 16] : [at + 1, 10];
    const escape = readNumber(text, digits, 1, MAX_ENTITY_DIGITS, base);
    if (escape !== null && text[escape.end] === SEMICOLON) return { code: escape.code, end: escape.end + 1 };
    return readNumber(text, digits, 1, MAX_ENTITY_DIGITS, base, MAX_ASCII);
  }
  for (const [name, code] of NAMED_ENTITIES) {
    if (startsWith(text, at, name)) return { code, end: at + name.length };
  }
  return null;
}
var NAMED_ENTITIES = [
  ["amp;", AMPERSAND],
  ["lowbar;", 95],
  ["UnderBar;", 95],
  ["equals;", EQUALS],
  ["plus;", 43],
  ["sol;", 47],
  ["bsol;", BACKSLASH],
  ["percnt;", PERCENT],
  ["num;", 35],
  ["semi;", 59],
  ["quot;", 34],
  ["apos;", 39],
  ["NewLine;", LINE_FEED2]
];
function startsWith(text, at, name) {
  for (let index = 0; index < name.length; index++) if (text[at + index] !== name.charCodeAt(index)) return false;
  return true;
}
function readHex(text, at, min, max) {
  return readNumber(text, at, min, max, 16);
}
var MAX_CODE = 1114111;
function readNumber(text, at, min, max, base, last = Infinity) {
  let code = 0;
  let end = at;
  while (end < at + max) {
    const digit = digitValue(text[end] ?? 0);
    if (digit === -1 || digit >= base || code * base + digit > last) break;
    code = Math.min(code * base + digit, MAX_CODE + 1);
    end += 1;
  }
  return end - at < min || code > MAX_CODE ? null : { code, end };
}
function digitValue(byte) {
  if (byte >= 48 && byte <= 57) return byte - 48;
  if (byte >= 97 && byte <= 102) return byte - 87;
  if (byte >= 65 && byte <= 70) return byte - 55;
  return -1;
}

// src/detect/forms/gaps.ts
var MAX_GAP_BYTES = 512;
var LINE_FEED3 = 10;
var CARRIAGE_RETURN2 = 13;
var BACKSLASH2 = 92;
var UNDERSCORE = 95;
var HASH2 = 35;
var DASH = 45;
var SLASH2 = 47;
var STAR = 42;
var isQuote = tableOf("\"'`");
var isBlank = tableOf(" 	\r\n\f\v");
var isOperator = tableOf("+.,&|<>~^()[]{};$=:-@!#/*");
var isWord = tableOf("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$");
var isContinuation = tableOf("\\^`");
var isLineMark = tableOf("+->|#*/;%");
function tableOf(characters) {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters, "latin1")) table[byte] = 1;
  return table;
}
function joinsEncoded({ quotes, lines }) {
  return quotes === 0 ? lines <= 1 : quotes % 2 === 0;
}
function canStartGap(byte) {
  return isQuote[byte] === 1 || isBlank[byte] === 1 || STARTS_GAP[byte] === 1;
}
function canEndGap(text, at) {
  const last = text[at - 1] ?? 0;
  if (isQuote[last] === 1 || last === CLOSING_BRACE) return true;
  let before = last === BACKSLASH2 ? at - 2 : at - 1;
  while (before >= 0 && at - before < MAX_GAP_BYTES && (isBlank[text[before]] === 1 || isLineMark[text[before]] === 1)) {
    before -= 1;
  }
  return before < at - 1 && before >= 0 && ENDS_CONTINUED_LINE[text[before]] === 1;
}
var CLOSING_BRACE = 125;
var ENDS_CONTINUED_LINE = tableOf("\\^`=");
var STARTS_GAP = tableOf("\\^%=&${#");
function readGap(text, at, accepts) {
  const limit = Math.min(text.length, at + MAX_GAP_BYTES);
  let by = null;
  let quotes = 0;
  let lines = 0;
  let isContinued = false;
  let end = at;
  let isComplete = false;
  while (end < limit) {
    const byte = text[end];
    if (isComplete && accepts(byte)) return { end, by, quotes, lines };
    if (isQuote[byte] === 1 && !(byte === 96 && isLineEnd(text, end + 1))) {
      quotes += 1;
      end += 1;
      by = "concatenation";
      isComplete = true;
    } else if (isBlank[byte] === 1) {
      if (byte === LINE_FEED3 || byte === CARRIAGE_RETURN2 && text[end + 1] !== LINE_FEED3) lines += 1;
      end += 1;
      isComplete = quotes === 0 && (lines > 0 || isContinued);
      if (byte === LINE_FEED3) end = endOfLineMark(text, end);
    } else if (isContinuation[byte] === 1 && isLineEnd(text, end + (isLuaSkip(text, end) ? 2 : 1))) {
      isContinued = true;
      by ??= "concatenation";
      end += isLuaSkip(text, end) ? 2 : 1;
    } else if (byte === BACKSLASH2) {
      const next = text[end + 1];
      if (isContinued && isComplete && accepts(next ?? 0)) {
        end += 1;
        continue;
      }
      if (next === BACKSLASH2) {
        end += 1;
        continue;
      }
      const escape = readEscape(text, end, "unicode-escape");
      if (escape === null || !(isBlank[escape.code] === 1 || isQuote[escape.code] === 1)) break;
      if (isQuote[escape.code] === 1) {
        quotes += 1;
        by = "concatenation";
      } else if (next !== 110 && next !== 114 && next !== 116) {
        by ??= "unicode-escape";
      }
      if (escape.code !== CARRIAGE_RETURN2) lines += 1;
      end = escape.end;
      isComplete = true;
    } else if (quotes === 0) {
      if (isOpening(text, end)) {
        end += byte === 123 ? 1 : 2;
        continue;
      }
      const kind = escapeKindOf(byte);
      const escape = kind && readEscape(text, end, kind);
      if (!escape || !(escape.code === -1 || isBlank[escape.code] === 1)) break;
      by ??= kind;
      if (escape.code !== CARRIAGE_RETURN2) lines += 1;
      end = escape.end;
      isComplete = true;
    } else {
      const comment = skipComment(text, end, limit);
      if (comment !== -1) {
        end = comment;
        isComplete = false;
      } else if (isOperator[byte] === 1) {
        isComplete = byte === CLOSING_BRACE && isQuote[text[end - 1] ?? 0] === 1;
        end += 1;
      } else if (isWord[byte] === 1) {
        const word = skipWord(text, end, limit);
        if (word === -1) break;
        end = word;
        isComplete = false;
      } else {
        break;
      }
    }
  }
  return null;
}
function isLuaSkip(text, at) {
  return text[at] === BACKSLASH2 && text[at + 1] === 122;
}
function isLineEnd(text, at) {
  return text[at] === LINE_FEED3 || text[at] === CARRIAGE_RETURN2 && text[at + 1] === LINE_FEED3;
}
function isOpening(text, at) {
  const brace = text[at] === 36 || text[at] === HASH2 ? at + 1 : at;
  return text[brace] === 123 && isQuote[text[brace + 1] ?? 0] === 1;
}
function endOfLineMark(text, at) {
  let end = skipLineBlanks(text, at);
  const mark = text[end] ?? 0;
  if (isLineMark[mark] === 0) return at;
  end += 1;
  if (text[end] === mark) end += 1;
  else if (mark === SLASH2) return at;
  return beginsAlike(text, lineBefore(text, at), at, end) || beginsAlike(text, lineBehind(text, end), at, end) ? end : at;
}
function skipLineBlanks(text, at) {
  let end = at;
  while (end < at + MAX_GAP_BYTES && (text[end] === 32 || text[end] === 9)) end += 1;
  return end;
}
function lineBefore(text, at) {
  let before = at - 2;
  while (before > at - MAX_GAP_BYTES && before >= 0 && text[before] !== LINE_FEED3) before -= 1;
  return before + 1;
}
function lineBehind(text, at) {
  let end = at;
  while (end < at + MAX_GAP_BYTES && end < text.length && text[end] !== LINE_FEED3) end += 1;
  return end + 1;
}
function beginsAlike(text, other, start, end) {
  for (let index = start; index < end; index++) if (text[other + index - start] !== text[index]) return false;
  return true;
}
function skipComment(text, at, limit) {
  const [first, second] = [text[at], text[at + 1]];
  if (first === SLASH2 && second === STAR) {
    for (let end = at + 2; end + 1 < limit; end++) if (text[end] === STAR && text[end + 1] === SLASH2) return end + 2;
    return -1;
  }
  const isToLineEnd = first === SLASH2 && second === SLASH2 && !isJoiningSlashes(text, at) || first === DASH && second === DASH || first === HASH2 && second !== 123;
  if (!isToLineEnd) return -1;
  for (let end = at + 1; end < limit; end++) {
    if (text[end] === LINE_FEED3) return end;
    if (text[end] === BACKSLASH2 && text[end + 1] === 110) return end;
  }
  return -1;
}
function isJoiningSlashes(text, at) {
  return isQuote[text[at + 2] ?? 0] === 1 || text[at + 2] === 32 && isQuote[text[at + 3] ?? 0] === 1;
}
var MAX_WORD = 48;
function skipWord(text, at, limit) {
  let end = at;
  while (end < limit && end < at + MAX_WORD && isWord[text[end]] === 1) end += 1;
  if (isWord[text[end] ?? 0] === 1) return -1;
  const next = text[end] ?? 0;
  if (isQuote[next] === 1) return end - at <= 2 ? end : -1;
  if (isQuote[text[at - 1] ?? 0] === 1 && end - at <= 2) return end;
  if (end - at === 1 && text[at] === UNDERSCORE) return isBlank[next] === 1 ? end : -1;
  if (text[at - 1] === 46 && next === 40) return end;
  const call = endOfAddingCall(text, at, Math.min(limit, at + 2 * MAX_WORD));
  if (call !== -1) return call;
  let operator = end;
  while (operator < limit && (text[operator] === 32 || text[operator] === 9)) operator += 1;
  const isAdding = ADDING.some(
    (form) => [...form].every((letter, index) => text[operator + index] === letter.charCodeAt(0))
  );
  return isAdding ? operator : endOfOwnSum(text, at, end, limit);
}
function endOfOwnSum(text, at, end, limit) {
  let own = skipLineBlanks(text, end);
  if (text[own] !== EQUALS2) return -1;
  own = skipLineBlanks(text, own + 1);
  for (let index = at; index < end; index++, own++) if (own >= limit || text[own] !== text[index]) return -1;
  return isWord[text[own] ?? 0] === 1 ? -1 : own;
}
var EQUALS2 = 61;
var ADDING_CALL = /^(?:[\w$]+(?:\.|->|::)(?:[aA]ppend|push_str|push|[cC]oncat|[wW]rite|[wW]riteString|write_str|add|insert)|(?:std::)?strn?cat(?=\([\w$]+,))\((?:[\w$]+,)?/;
function endOfAddingCall(text, at, limit) {
  const statement = Buffer.from(text.buffer, text.byteOffset + at, limit - at).toString("latin1");
  const match = ADDING_CALL.exec(statement);
  return match === null ? -1 : at + match[0].length;
}
var ADDING = ["+=", ".=", "..=", "<<", "&=", "~=", "||="];

// src/detect/forms/base64.ts
var NONE = 255;
var VALUES = new Uint8Array(256).fill(NONE);
for (const [value, byte] of Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/").entries()) {
  VALUES[byte] = value;
}
VALUES[45] = 62;
VALUES[95] = 63;
function readBase64Run(text, at, toTheLeft, toTheRight) {
  const limit = Math.min(text.length, at + toTheRight);
  const run = new Run2();
  let index = runStart(text, at, toTheLeft);
  while (index < limit) {
    let end = index;
    while (end < limit && VALUES[text[end]] !== NONE) end += 1;
    if (end > index) {
      run.add(text, index, end);
      index = end;
      continue;
    }
    const byte = text[index];
    const gap = canStartGap(byte) ? readGap(text, index, isBase64) : null;
    if (gap !== null && joinsEncoded(gap)) {
      run.cut(index, gap.by);
      index = gap.end;
      continue;
    }
    if (index > at) break;
    run.restart();
    index += 1;
  }
  run.end = index;
  return run;
}
function runStart(text, at, reach) {
  let from = at;
  const limit = Math.max(0, at - reach);
  while (from > limit && (MAY_STAND_IN_A_RUN[text[from - 1]] === 1 || isSoftBreak(text, from - 1))) from -= 1;
  return from;
}
function isSoftBreak(text, at) {
  return text[at] === 61 && (text[at + 1] === 10 || text[at + 1] === 13);
}
var MAY_STAND_IN_A_RUN = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  if (VALUES[byte] !== NONE || canStartGap(byte) || ".,&|<>~^()[]".includes(String.fromCharCode(byte))) {
    MAY_STAND_IN_A_RUN[byte] = 1;
  }
}
MAY_STAND_IN_A_RUN[61] = 0;
function decodeBase64(text, run, first) {
  const lastOf = (index) => first + Math.floor((8 * index + 7) / 6);
  return {
    bytes: Buffer.from(run.characters.toString("latin1", first), "base64"),
    startOf: (index) => run.positionOf(first + Math.floor(8 * index / 6)),
    endOf: (index) => run.positionOf(lastOf(index)) + 1,
    mayEnd: (index) => endsPiece(text, run, lastOf(index - 1))
  };
}
var SAMPLE_GROUPS = 10;
var MIN_SAMPLE_GROUPS = 7;
var sample = new Uint8Array(3 * SAMPLE_GROUPS);
var IN_ASCII = VALUES.map(
  (value) => value === NONE ? 0 : (value < 32 ? 1 : 0) | ((value & 8) === 0 ? 2 : 0) | ((value & 2) === 0 ? 4 : 0)
);
function textPlaces(text, at) {
  let places = 0;
  for (let place = 0; place < 4; place++) if (isTextAt(text, at + place)) places |= 1 << place;
  return places;
}
function isTextAt(text, at) {
  let length = 0;
  for (let index = at; length < sample.length; index += 4, length += 3) {
    const first = text[index];
    const second = text[index + 1];
    const third = text[index + 2];
    const d = VALUES[text[index + 3]];
    if ((IN_ASCII[first] & IN_ASCII[second] >> 1 & IN_ASCII[third] >> 2) === 0 || d === NONE || d === void 0) {
      const isAtEnd = !isBase64(first) || !isBase64(second) || !isBase64(third) || d === NONE || d === void 0;
      if (!isAtEnd || length < 3 * MIN_SAMPLE_GROUPS) return false;
      break;
    }
    const b = VALUES[second];
    const c = VALUES[third];
    sample[length] = VALUES[first] << 2 | b >> 4;
    sample[length + 1] = b << 4 | c >> 2;
    sample[length + 2] = c << 6 | d;
  }
  return isText(sample, length);
}
var LINES_CHARACTERS = 4 * SAMPLE_GROUPS + 3;
var MAX_LINES_BYTES = 256;
var inLines = Buffer.alloc(LINES_CHARACTERS);
function textPlacesInLines(text, at) {
  let length = 0;
  for (let index = at; length < LINES_CHARACTERS && index < at + MAX_LINES_BYTES; index++) {
    const byte = text[index] ?? 0;
    if (byte === BACKSLASH3 && (text[index + 1] === 110 || text[index + 1] === 114)) index += 1;
    else if (isBase64(byte)) inLines[length++] = byte;
    else if (byte !== 10 && byte !== 13) break;
  }
  return textPlaces(inLines.subarray(0, length), 0);
}
var BACKSLASH3 = 92;
function isBase64(byte) {
  return VALUES[byte] !== NONE;
}
function isUrlSafeOnly(byte) {
  return byte === 45 || byte === 95;
}

// src/detect/forms/hex.ts
var MAX_SEPARATORS = 8;
var LINE_FEED4 = 10;
function readHexRun(text, at, reach) {
  return readDump(text, at, reach) ?? readDigits(text, at, reach);
}
function readDigits(text, at, reach) {
  let index = at;
  const lowest = Math.max(0, at - reach);
  while (index > lowest && MAY_STAND_IN_A_RUN2[text[index - 1]] === 1) index -= 1;
  const limit = Math.min(text.length, at + 2 * reach);
  const run = new Run2();
  while (index < limit) {
    const end = endOfDigits(text, index, limit);
    if (end > index) {
      run.add(text, index, end);
      index = end;
      continue;
    }
    const byte = text[index];
    const next = skipSeparators(text, index);
    const gap = next === -1 && canStartGap(byte) ? readGap(text, index, isDigit2) : null;
    if (next !== -1) {
      index = next;
    } else if (gap !== null && joinsEncoded(gap)) {
      run.cut(index, gap.by);
      index = gap.end;
    } else {
      if (index > at) break;
      run.restart();
      index += 1;
    }
  }
  run.end = index;
  return run;
}
function endOfDigits(text, at, limit) {
  let end = at;
  while (end < limit && digitValue(text[end]) !== -1 && !isMark(text, end)) end += 1;
  return end;
}
function isMark(text, at) {
  return text[at] === 48 && (text[at + 1] === 120 || text[at + 1] === 88);
}
var SAMPLE_REACH = 96;
var SAMPLE_BYTES = 10;
var MIN_SAMPLE_BYTES = 6;
function sampleHex(text, at) {
  const run = new Run2();
  const limit = Math.min(text.length, at + SAMPLE_REACH);
  let index = isMark(text, at) ? at + 2 : at;
  while (index !== -1 && index < limit && run.length <= 2 * SAMPLE_BYTES) {
    const end = endOfDigits(text, index, limit);
    if (end > index) run.add(text, index, end);
    index = end > index ? end : skipSeparators(text, index);
  }
  return run;
}
function isDigit2(byte) {
  return digitValue(byte) !== -1;
}
var IS_SEPARATOR = new Uint8Array(256);
for (const byte of Buffer.from(" 	\r\n:,;-")) IS_SEPARATOR[byte] = 1;
var MAY_STAND_IN_A_RUN2 = new Uint8Array(256);
for (const byte of Buffer.from("0123456789abcdefABCDEFxX 	\r\n:,;-\"'`+.&\\")) MAY_STAND_IN_A_RUN2[byte] = 1;
function skipSeparators(text, at) {
  let end = at;
  let blanks = 0;
  while (end < text.length && IS_SEPARATOR[text[end]] === 1) {
    if (text[end] !== 32 && text[end] !== 9) blanks += 1;
    if (blanks > MAX_SEPARATORS || end - at > 128) return -1;
    end += 1;
    if (text[end] === 92 && text[end - 1] === 44 && isLineBreak(text, end + 1)) end += 1;
  }
  if (isMark(text, end)) end += 2;
  return end > at && digitValue(text[end] ?? 0) !== -1 ? end : -1;
}
function isLineBreak(text, at) {
  return text[at] === LINE_FEED4 || text[at] === 13 && text[at + 1] === LINE_FEED4;
}
function decodeHex(text, run, first) {
  return {
    bytes: Buffer.from(run.characters.toString("latin1", first), "hex"),
    startOf: (index) => run.positionOf(first + 2 * index),
    endOf: (index) => run.positionOf(first + 2 * index + 1) + 1,
    mayEnd: (index) => endsPiece(text, run, first + 2 * index - 1)
  };
}
function hexByteAt(text, at) {
  const first = isMark(text, at) ? at + 2 : at;
  const [high, low] = [digitValue(text[first] ?? 0), digitValue(text[first + 1] ?? 0)];
  return high === -1 || low === -1 ? -1 : high * 16 + low;
}
function isTextInHex({ characters }, first) {
  const bytes = Buffer.from(characters.toString("latin1", first, first + 2 * SAMPLE_BYTES), "hex");
  return bytes.length >= MIN_SAMPLE_BYTES && isText(bytes);
}
var DUMP_LINE = /^[^\r\n0-9a-fA-F]{0,40}?(?:([0-9a-fA-F]{4,16}): ((?:[0-9a-fA-F]{2}){1,8}(?: (?:[0-9a-fA-F]{2}){1,8}){0,31})(?= {2}| ?$)|([0-9a-fA-F]{4,16})[ \t]{1,4}([0-9a-fA-F]{2}(?:[ \t]{1,3}[0-9a-fA-F]{2}){0,31})(?=[ \t]{1,80}[|>]|[ \t]{0,4}$))/;
var MAX_DUMP_LINE = 256;
var MAX_DUMP_LINES = 64;
function readDump(text, at, reach) {
  const own = dumpLine(text, lineStart(text, at));
  if (own === null) return null;
  const lines = [own];
  const lowest = Math.max(0, at - reach);
  for (let count = 0; count < MAX_DUMP_LINES && lines[0].start > lowest; count++) {
    const line = dumpLine(text, lineStart(text, lines[0].start - 1));
    if (line === null || !follows(line, lines[0])) break;
    lines.unshift(line);
  }
  const limit = Math.min(text.length, at + 2 * reach);
  for (let last = own; last.end + 1 < limit; ) {
    const line = dumpLine(text, last.end + 1);
    if (line === null || !follows(last, line)) break;
    lines.push(line);
    last = line;
  }
  if (lines.length === 1) return null;
  const run = new Run2();
  for (const { digits } of lines) {
    for (const position of digits) run.add(text, position, position + 1);
    run.end = digits.at(-1) + 1;
  }
  return run;
}
function follows(first, second) {
  return [16, 8, 10].some(
    (base) => Number.parseInt(second.offset, base) - Number.parseInt(first.offset, base) === first.digits.length / 2
  );
}
function lineStart(text, at) {
  let start = at;
  while (start > 0 && text[start - 1] !== LINE_FEED4 && at - start < MAX_DUMP_LINE) start -= 1;
  return start;
}
function dumpLine(text, start) {
  let end = start;
  while (end < text.length && text[end] !== LINE_FEED4 && end - start < MAX_DUMP_LINE) end += 1;
  if (end - start === MAX_DUMP_LINE) return null;
  const line = Buffer.from(text.buffer, text.byteOffset + start, end - start).toString("latin1").replace(/\r$/, "");
  const match = DUMP_LINE.exec(line);
  if (match === null) return null;
  const whole = match[0];
  const [offset, body] = match[1] === void 0 ? [match[3], match[4]] : [match[1], match[2]];
  const bodyStart = start + whole.length - body.length;
  const digits = [...body].flatMap(
    (character, index) => digitValue(character.charCodeAt(0)) === -1 ? [] : [bodyStart + index]
  );
  return { start, end, offset, digits };
}

// src/detect/forms/wide.ts
var SAMPLE_UNITS = 7;
function readWide(text, at, zeroBefore, reach) {
  const zero = zeroBefore ? -1 : 1;
  const isUnit = (index) => text[index] !== void 0 && text[index] !== 0 && text[index + zero] === 0;
  for (let unit = 0; unit < SAMPLE_UNITS; unit++) {
    const index = at + 2 * unit;
    if (!isUnit(index) || !isTextByte(text[index])) return null;
  }
  let from = at;
  while (from - 2 >= at - reach && isUnit(from - 2)) from -= 2;
  const limit = Math.min(text.length, at + 2 * reach);
  const decoded = new DecodedText(limit - from + 2 >> 1);
  for (let index = from; index < limit && isUnit(index); index += 2) {
    const start = zeroBefore ? index - 1 : index;
    decoded.push(text[index], start, start + 2);
  }
  return decoded;
}

// src/detect/match.ts
import { isUtf8 } from "node:buffer";

// src/detect/encoding.ts
function characterEncodingOf(encodings) {
  const [outermost] = encodings;
  return outermost === "utf-16le" || outermost === "utf-16be" ? outermost : "plain";
}
function unitBytes(encoding) {
  return encoding === "plain" ? 1 : 2;
}
function unitAt(bytes, position, encoding) {
  if (position < 0) return -1;
  if (encoding === "plain") return bytes[position] ?? -1;
  const first = bytes[position];
  const second = bytes[position + 1];
  if (first === void 0 || second === void 0) return -1;
  if (encoding === "utf-16le") return second === 0 ? first : -1;
  return first === 0 ? second : -1;
}

// src/detect/match.ts
var BINARY_SAMPLE_BYTES = 16;
var MAX_OTHER_SHAPE_EXCESS = 192;
var FILLER_LENGTH = 8;
var LOOKAHEAD_LENGTH = MAX_OTHER_SHAPE_EXCESS + BINARY_SAMPLE_BYTES;
function matchCertain(bytes, start, rule, encoding, mayEnd) {
  let position = matchLiteral(bytes, start, rule.prefix, encoding);
  for (const [index, part] of rule.parts.entries()) {
    if (position === -1) return -1;
    position = part.kind === "literal" ? matchLiteral(bytes, position, part.bytes, encoding) : matchRun(bytes, position, part, encoding, index === rule.parts.length - 1, mayEnd);
  }
  return position;
}
function canFollow({ prefix, parts: [part] }, index, byte) {
  if (index + 1 < prefix.length) return byte === prefix[index + 1];
  return part?.kind === "literal" ? byte === part.bytes[0] : part?.table[byte] === 1;
}
function reachOfCertain(bytes, start, rule) {
  let position = start;
  const literal = (expected) => expected.every((byte) => {
    if (bytes[position] !== byte) return false;
    position += 1;
    return true;
  });
  if (!literal(rule.prefix)) return position;
  for (const part of rule.parts) {
    if (part.kind === "literal") {
      if (!literal(part.bytes)) return position;
      continue;
    }
    const length = runLength(bytes, position, part.table, part.max, "plain");
    position += length;
    if (length < part.min) return position;
  }
  return position;
}
function matchSuspect(bytes, start, rule, encoding) {
  if (rule.suspect === null) return -1;
  const step = unitBytes(encoding);
  if (isWordCharacter(unitAt(bytes, start - step, encoding))) return -1;
  const bodyStart = matchLiteral(bytes, start, rule.prefix, encoding);
  if (bodyStart === -1) return -1;
  const length = runLength(bytes, bodyStart, rule.suspect.table, rule.suspect.max + 1, encoding);
  if (length < rule.suspect.min || length > rule.suspect.max) return -1;
  return bodyStart + length * step;
}
function matchLiteral(bytes, start, literal, encoding) {
  const step = unitBytes(encoding);
  for (let index = 0; index < literal.length; index++) {
    if (unitAt(bytes, start + index * step, encoding) !== literal[index]) return -1;
  }
  return start + literal.length * step;
}
function matchRun(bytes, start, part, encoding, isLast, mayEnd) {
  const length = runLength(bytes, start, part.table, part.max, encoding);
  if (length < part.min) return -1;
  const end = start + length * unitBytes(encoding);
  if (!isLast || length < part.max || mayEnd?.(end) === true) return end;
  return isPartOfLongerShape(bytes, end, part.table, encoding) ? -1 : end;
}
function isPartOfLongerShape(bytes, end, table, encoding) {
  const excess = runLength(bytes, end, table, MAX_OTHER_SHAPE_EXCESS + 1, encoding);
  if (excess === 0 || excess > MAX_OTHER_SHAPE_EXCESS) return false;
  const step = unitBytes(encoding);
  const next = unitAt(bytes, end + excess * step, encoding);
  if (isWordCharacter(next) && next !== UNDERSCORE2) return false;
  if (excess >= FILLER_LENGTH && isRepeated(bytes, end, excess, encoding)) return false;
  return encoding !== "plain" || !isBinary(bytes.subarray(end, end + BINARY_SAMPLE_BYTES));
}
function isRepeated(bytes, start, length, encoding) {
  const first = unitAt(bytes, start, encoding);
  for (let index = 1; index < length; index++) {
    if (unitAt(bytes, start + index * unitBytes(encoding), encoding) !== first) return false;
  }
  return true;
}
function runLength(bytes, start, table, max, encoding) {
  const step = unitBytes(encoding);
  let length = 0;
  while (length < max) {
    const code = unitAt(bytes, start + length * step, encoding);
    if (code === -1 || table[code] !== 1) break;
    length += 1;
  }
  return length;
}
var UNDERSCORE2 = 95;
function isWordCharacter(code) {
  return code >= 48 && code <= 57 || code >= 65 && code <= 90 || code >= 97 && code <= 122 || code === 95;
}
function isBinary(bytes) {
  if (bytes.some((byte) => byte < 9 || byte > 13 && byte < 32 && byte !== 27)) return true;
  return ![0, 1, 2, 3].some((cut) => isUtf8(bytes.subarray(0, Math.max(0, bytes.length - cut))));
}

// src/detect/promise.ts
var ROW_LENGTH = 4;
var NESTED_BYTES = 256;
var MAX_NESTING = 4;
var HASH3 = 35;
var BACKSLASH4 = 92;
function isPromisingEscape(text, at, kind, rules, nesting = 0) {
  const escape = readEscape(text, at, kind);
  if (escape === null || escape.code < 32 || escape.code > 126) return false;
  const { code, end } = escape;
  for (const rule of rules) if (isPartOfPrefix(text, at, end, code, rule)) return true;
  if (kind === "unicode-escape" && text[at + 1] === BACKSLASH4) {
    if (text[at - 1] === BACKSLASH4) return false;
    let last = at + 1;
    while (last < at + NESTED_BYTES && text[last + 1] === BACKSLASH4) last += 1;
    const inner = readEscape(text, last, kind);
    if (inner === null || inner.code < 32 || inner.code > 126) return false;
    const single = withSingleBackslashes(text, at);
    return isPromisingEscape(single, single[0] === BACKSLASH4 ? 0 : 1, kind, rules, nesting);
  }
  const isIntroduction = code === HASH3 || escapeKindOf(code) !== null;
  if (isIntroduction) {
    if (nesting === MAX_NESTING) return false;
    const first = code === HASH3 ? at - 1 : at;
    const decoded = decodeEscapes(text, Math.max(0, first - 1), Math.min(text.length, at + NESTED_BYTES), kind);
    const { bytes } = decoded;
    const inside = decoded.startOf(0) === first ? 0 : 1;
    const inner = escapeKindOf(bytes[inside] ?? 0);
    return inner !== null && isPromisingEscape(bytes, inside, inner, rules, nesting + 1);
  }
  return isInRow(text, at, kind);
}
function withSingleBackslashes(text, at) {
  const from = at === 0 || text[at - 1] === BACKSLASH4 ? at : at - 1;
  const bytes = text.subarray(from, at + NESTED_BYTES);
  return bytes.filter((byte, index) => byte !== BACKSLASH4 || bytes[index + 1] !== BACKSLASH4);
}
function isPartOfPrefix(text, at, end, code, rule) {
  const { prefix } = rule;
  const next = text[end] ?? 0;
  const before = text[at - 1] ?? 0;
  for (let index = prefix.indexOf(code); index !== -1; index = prefix.indexOf(code, index + 1)) {
    const goesOn = canStartGap(next) || canFollow(rule, index, next);
    if (goesOn && (index === 0 || before === prefix[index - 1] || canEndBefore(before))) return true;
  }
  return false;
}
function canEndBefore(byte) {
  return byte === 59 || byte === 125 || digitValue(byte) !== -1 || canStartGap(byte);
}
function isInRow(text, at, kind) {
  let next = at;
  for (let count = 0; count < ROW_LENGTH; count++) {
    const escape = readEscape(text, next, kind);
    if (escape === null || !isAlphanumeric(escape.code)) return false;
    next = escape.end;
  }
  return true;
}
function isAlphanumeric(code) {
  return code >= 48 && code <= 57 || code >= 65 && code <= 90 || code >= 97 && code <= 122;
}
function isPromisingHex(text, at, rules) {
  const byte = hexByteAt(text, at);
  if (!rules.some(({ prefix }) => prefix[1] === byte || prefix[2] === byte)) return false;
  const [first, second] = decodeHex(text, sampleHex(text, at), 0).bytes;
  return rules.some(
    ({ prefix }) => [1, 2].some((index) => prefix[index] === first && (prefix[index + 1] ?? second) === second)
  );
}

// src/core/web-assembly.ts
var host = globalThis.WebAssembly;
function instantiatorOf(module) {
  let compiled;
  return () => {
    if (compiled === void 0) compiled = compile(module);
    return compiled === null ? null : new host.Instance(compiled).exports;
  };
}
function compile(module) {
  try {
    return host === void 0 ? null : new host.Module(Buffer.from(module, "base64"));
  } catch {
    return null;
  }
}

// src/detect/anchors/anchor-scan.generated.ts
var ANCHOR_SCAN_MODULE = "AGFzbQEAAAABGQRgAnt/AXtgAnt7AX9gAXsBf2ADf39/AX8DBQQAAQIDBQMBAAQHEQIGbWVtb3J5AgAEc2NhbgADCpMIBCkAIAH9AAQAIABBD/0P/U79DiAB/QAEECAAQQT9jQFBD/0P/U79Dv1OC6wBAgJ7AX8gAEGAARAAIQIgAUGAARAAIQMgAv1jIAP9Y3EEQEGAgCRBgIAEIAIgA/1QQeAA/Q/9Tv1TGw8LIABBoAEQACECIAFBoAEQACEDIAL9YyAD/WNxRQRAQQAPCyACQQP9D/1O/QwAAAAAAAAAAAAAAAAAAAAA/ST9ZGkgA0ED/Q/9Tv0MAAAAAAAAAAAAAAAAAAAAAP0k/WRpaiEEQYCACEEAIARBDk8bCzQBAX8gAP0MAAAAAAAAAAAAAAAAAAAAAP0j/WQhAUGAgBBBACABQdWqAUYgAUGq1QJGchsLgwYCA38ZeyACIQMgAf0MAAAAAAAAAAAAAAAAAAAAAP0LBAAgAf0MAAAAAAAAAAAAAAAAAAAAAP0LBBAgAf0MAAAAAAAAAAAAAAAAAAAAAP0LBCAgAUEDaiEFQQ/9DyEGQQ79DyEHQRz9DyEIQecA/Q8hCUEQ/Q8hCkEA/QAEACEXQRD9AAQAIRhBIP0ABAAhGUEw/QAEACEaQcAA/QAEACEbQdAA/QAEACEcQeAA/QAEACEdQfAA/QAEACEeIABBEGv9AAQAIQsgC0EAEAAhDyALQSAQACEQIAtBwAAQACERA0AgAP0ABAAhCyALIAb9TiENIAtBBP2NASAG/U4hDiAXIA39DiAYIA79Dv1OIRIgGSAN/Q4gGiAO/Q79TiETIBsgDf0OIBwgDv0O/U4hFCAdIA39DiAeIA79Dv1OIBEgFP0NDxAREhMUFRYXGBkaGxwdHv1OIBAgE/0NDg8QERITFBUWFxgZGhscHSAPIBL9DQ0ODxAREhMUFRYXGBkaGxz9Tv1OIRUgAP0ABBAhDCAMIAb9TiENIAxBBP2NASAG/U4hDiAXIA39DiAYIA79Dv1OIQ8gGSAN/Q4gGiAO/Q79TiEQIBsgDf0OIBwgDv0O/U4hESAdIA39DiAeIA79Dv1OIBQgEf0NDxAREhMUFRYXGBkaGxwdHv1OIBMgEP0NDg8QERITFBUWFxgZGhscHSASIA/9DQ0ODxAREhMUFRYXGBkaGxz9Tv1OIRYgFSAW/VD9UyALIAz9d/1jRXIgCyAH/XEgCP0oIAwgB/1xIAj9KP1O/WMgCyAJ/XEgCv0oIAwgCf1xIAr9KP1O/WNycgRAIBX9DAAAAAAAAAAAAAAAAAAAAAD9JP1kIAsQAnIgCyAMEAFyIQQgBARAIAIgADYCACACIAQ2AgQgAkEIaiECCyAW/QwAAAAAAAAAAAAAAAAAAAAA/ST9ZCAMEAJyIQQgBARAIAIgAEEQajYCACACIAQ2AgQgAkEIaiECCwsgAEEgaiEAIAAgBUkNAAsgAiADaws=";

// src/detect/anchors/anchor-scanner.ts
var BASE64_TEXTURE = 65536;
var HEX_TEXTURE = 131072;
var WIDE_TEXTURE = 262144;
var LINES_TEXTURE = 524288;
var ANCHOR_LENGTH = 4;
var CHUNK_BYTES = 32768;
var TEXT = 65536;
var OUT = 2 * TEXT;
var OUT_BYTES = CHUNK_BYTES / 2 + 64;
var MAX_LEVELS = 7;
var LEAD_BYTES = 16;
var TEXTURE_BYTES = 32;
function createScanner(tables) {
  return SimdScanner.create(tables) ?? new BytewiseScanner(tables);
}
var instantiate = instantiatorOf(ANCHOR_SCAN_MODULE);
var SimdScanner = class _SimdScanner {
  #memory;
  #numbers;
  #scan;
  #level = 0;
  #hasLead = false;
  constructor({ memory, scan }, tables) {
    this.#memory = new Uint8Array(memory.buffer);
    this.#numbers = new Int32Array(memory.buffer);
    this.#memory.set(tables.halves);
    this.#scan = scan;
  }
  static create(tables) {
    const module = instantiate();
    return module && new _SimdScanner(module, tables);
  }
  scan(text, found) {
    const memory = this.#memory;
    const numbers = this.#numbers;
    if (this.#level === MAX_LEVELS) throw new Error("searches stand too deep in each other");
    const out = OUT + this.#level * OUT_BYTES;
    this.#level += 1;
    let isEnough = false;
    for (let at = 0; at < text.length && !isEnough; at += CHUNK_BYTES) {
      const end = Math.min(text.length, at + CHUNK_BYTES);
      if (at === 0) {
        if (this.#hasLead) memory.fill(0, TEXT - LEAD_BYTES, TEXT);
        this.#hasLead = false;
        memory.set(end === text.length ? text : text.subarray(0, end), TEXT);
      } else {
        memory.set(text.subarray(at - LEAD_BYTES, end), TEXT - LEAD_BYTES);
        this.#hasLead = true;
      }
      let last = out + this.#scan(TEXT, TEXT + end - at, out) >> 2;
      if (end < text.length) while (last > out >> 2 && numbers[last - 2] >= TEXT + end - at) last -= 2;
      for (let index = out >> 2; index < last && !isEnough; index += 2) {
        isEnough = found(numbers[index] - TEXT + at, numbers[index + 1]) === true;
      }
    }
    this.#level -= 1;
  }
};
var BytewiseScanner = class {
  #masks;
  #base64;
  #hex;
  constructor({ halves }) {
    const bytewise = (table) => Uint8Array.from({ length: 256 }, (_, byte) => halves[table + (byte & 15)] & halves[table + 16 + (byte >> 4)]);
    this.#masks = [0, 32, 64, 96].map(bytewise);
    this.#base64 = bytewise(128);
    this.#hex = bytewise(160);
  }
  scan(text, found) {
    const [m0, m1, m2, m3] = this.#masks;
    const byteAt = (at) => text[at] ?? 0;
    for (let at = 0; at < text.length + ANCHOR_LENGTH - 1; at += 16) {
      let bits = 0;
      for (let lane = 0; lane < 16; lane++) {
        const last = at + lane;
        const mask = m3[byteAt(last)] & m2[byteAt(last - 1)] & m1[byteAt(last - 2)] & m0[byteAt(last - 3)];
        if (mask !== 0) bits |= 1 << lane;
      }
      if (at % TEXTURE_BYTES === 0) bits |= this.#texture(byteAt, at);
      bits |= wideTexture(byteAt, at);
      if (bits !== 0 && found(at, bits) === true) return;
    }
  }
  #texture(byteAt, at) {
    let isBase642 = true;
    let hasLines = false;
    let isHex = true;
    let digits = 0;
    for (let index = at; index < at + TEXTURE_BYTES && (isBase642 || isHex); index++) {
      const byte = byteAt(index);
      isBase642 &&= this.#base64[byte] !== 0;
      hasLines ||= (this.#base64[byte] & 96) !== 0;
      isHex &&= this.#hex[byte] !== 0;
      if ((this.#hex[byte] & 3) !== 0) digits += 1;
    }
    if (isBase642) return hasLines ? BASE64_TEXTURE | LINES_TEXTURE : BASE64_TEXTURE;
    return isHex && digits >= 14 ? HEX_TEXTURE : 0;
  }
};
function wideTexture(byteAt, at) {
  let zeros = 0;
  for (let lane = 0; lane < 16; lane++) if (byteAt(at + lane) === 0) zeros |= 1 << lane;
  return zeros === 21845 || zeros === 43690 ? WIDE_TEXTURE : 0;
}

// src/detect/anchors/anchor-tables.ts
var STARTS = 1;
var SECOND = 2;
var BEHIND_A_CUT = 4;
var BASE64 = 8;
var HEX = 16;
var ESCAPE = 32;
var ARCHIVE = 64;
var QUOTES = "\"'`";
var BLANKS = " 	\r\n";
var CUTS = `${QUOTES}${BLANKS}%\\&=$#{`;
var DIGITS = "0123456789";
var HEX_DIGITS = `${DIGITS}abcdefABCDEF`;
var HEX_SEPARATORS = ` :,-;\r
	"'`;
var ARCHIVE_GRAMS = [
  ["H4sI", 5],
  ["UEsD", 2],
  ["SDRz", 7]
];
function makeTables(ruleset) {
  const buckets = new Buckets();
  const kinds = new Uint8Array(256);
  const base64Grams = /* @__PURE__ */ new Map();
  const add = (bucket, kind, pattern) => {
    if (bucket === ANY_BUCKET) buckets.addToBest(pattern);
    else buckets.add(bucket, pattern);
    for (const byte of bytesOf(pattern[0])) kinds[byte] |= kind;
  };
  for (const rule of ruleset.rules) addPieces(rule, add);
  for (const { rule } of ruleset.rules) addBase64(rule.grammar.prefix, add, base64Grams);
  for (const [gram, bucket] of ARCHIVE_GRAMS) add(bucket, ARCHIVE, [...gram]);
  add(3, ESCAPE, ["%", "234567", HEX_DIGITS]);
  add(3, ESCAPE, ["%", "uU", "0", "0"]);
  add(5, ESCAPE, ["=", "234567", HEX_DIGITS]);
  add(4, ESCAPE, ["\\", "uUx", "0{234567"]);
  add(4, ESCAPE, ["\\", "\\", "\\uUx1"]);
  add(4, ESCAPE, ["\\", "1", "34567"]);
  add(4, ESCAPE, ["&", "#", `${DIGITS}xX`]);
  add(5, ESCAPE, [";", "#", `${DIGITS}xX`]);
  add(3, ESCAPE, ["&", "l", "o", "w"]);
  add(3, ESCAPE, ["&", "U", "n", "d"]);
  const archiveGrams = new Set(ARCHIVE_GRAMS.map(([gram]) => gramKey(Buffer.from(gram, "latin1"), 0)));
  return { halves: buckets.halves(), kinds, base64Grams, archiveGrams };
}
function addPieces(rule, add) {
  const [first, second, third, fourth] = Array.from({ length: 4 }, (_, index) => charactersAt(rule, index));
  add(0, STARTS, [first, second, third]);
  add(0, STARTS, [first, "\0", second, "\0"]);
  add(0, SECOND, [second, third, fourth + CUTS]);
  add(1, BEHIND_A_CUT, [`${QUOTES}${BLANKS}`, third, fourth + CUTS]);
  for (const index of [1, 2]) {
    const [high, low] = hexForms(charactersAt(rule, index));
    const [nextHigh, nextLow] = hexForms(charactersAt(rule, index + 1));
    add(2, HEX, [high, low, nextHigh, nextLow]);
    add(2, HEX, [high, low, HEX_SEPARATORS, nextHigh]);
    add(2, HEX, ["0", "xX", high, low]);
  }
}
function addBase64(prefix, add, grams) {
  for (let offset = 0; offset < 3; offset++) {
    const bytes = Buffer.from("\0".repeat(offset) + prefix, "latin1");
    const [start, end] = [Math.ceil(8 * offset / 6), Math.floor(8 * bytes.length / 6)];
    const text = bytes.toString("base64");
    for (const at of [start, Math.min(start + ANCHOR_LENGTH, end - ANCHOR_LENGTH)]) {
      if (at < start || at + ANCHOR_LENGTH > end) continue;
      const gram = text.slice(at, at + ANCHOR_LENGTH);
      for (const form of /* @__PURE__ */ new Set([gram, gram.replaceAll("+", "-").replaceAll("/", "_")])) {
        const key = gramKey(Buffer.from(form, "latin1"), 0);
        const places = grams.get(key) ?? 0;
        if (places === 0) add(ANY_BUCKET, BASE64, [...form]);
        grams.set(key, places | 1 << at % 4);
      }
    }
  }
}
var BUCKETS = 8;
var FIRST_SHARED_BUCKET = 6;
var ANY_BUCKET = -1;
var FREQUENT_FIRST = ' etaonirsldcu\nmpfhg.,y()b_=-vw"/*;kx:TSE0A1CIR2PLDN{}';
var Buckets = class {
  #tables = Array.from({ length: BUCKETS }, () => new Uint8Array(ANCHOR_LENGTH * 32));
  add(bucket, pattern) {
    this.#tables[bucket] = withPattern(this.#tables[bucket], pattern);
  }
  /** Into the one of the buckets for single anchors where it adds least to what matches. */
  addToBest(pattern) {
    let best = FIRST_SHARED_BUCKET;
    let least = Infinity;
    for (let bucket = FIRST_SHARED_BUCKET; bucket < BUCKETS; bucket++) {
      const table = this.#tables[bucket];
      const more = frequency(withPattern(table, pattern)) - frequency(table);
      if (more < least) [best, least] = [bucket, more];
    }
    this.add(best, pattern);
  }
  halves() {
    const halves = new Uint8Array(6 * 32);
    for (const [bucket, table] of this.#tables.entries()) {
      for (const [index, isSet] of table.entries()) if (isSet === 1) halves[index] |= 1 << bucket;
    }
    addTextures(halves);
    return halves;
  }
};
function withPattern(table, pattern) {
  const changed = Uint8Array.from(table);
  for (let index = 0; index < ANCHOR_LENGTH; index++) {
    for (const byte of bytesOf(pattern[index] ?? null)) addByte(changed, index * 32, byte, 1);
  }
  return changed;
}
function frequency(table) {
  let product = 1;
  for (let index = 0; index < ANCHOR_LENGTH; index++) {
    let sum = 0;
    for (let byte = 0; byte < 128; byte++) {
      if (table[index * 32 + (byte & 15)] === 0 || table[index * 32 + 16 + (byte >> 4)] === 0) continue;
      const rank = FREQUENT_FIRST.indexOf(String.fromCharCode(byte));
      sum += 1 / ((rank === -1 ? FREQUENT_FIRST.length : rank) + 2);
    }
    product *= sum;
  }
  return product;
}
function gramKey(text, at) {
  return text[at] ^ text[at + 1] << 7 ^ text[at + 2] << 14 ^ text[at + 3] << 21;
}
function charactersAt({ rule: { grammar }, parts }, index) {
  if (index < grammar.prefix.length) return grammar.prefix.charAt(index);
  const [part] = parts;
  const behind = index - grammar.prefix.length;
  if (part?.kind === "literal" && behind < part.bytes.length) return String.fromCharCode(part.bytes[behind]);
  if (part?.kind === "run" && behind < part.min) return tableText(part.table);
  return tableText(new Uint8Array(256).fill(1));
}
function tableText(table) {
  return Buffer.from(Array.from(table.keys()).filter((byte) => table[byte] === 1)).toString("latin1");
}
function hexForms(characters) {
  const hex = Buffer.from(characters, "latin1").toString("hex");
  const each = (from) => [...hex].flatMap((digit, index) => index % 2 === from ? [digit, digit.toUpperCase()] : []).join("");
  return [each(0), each(1)];
}
function bytesOf(characters) {
  return characters === null ? new Uint8Array(256).keys() : Buffer.from(characters, "latin1").values();
}
function addByte(halves, table, byte, mask) {
  halves[table + (byte & 15)] |= mask;
  halves[table + 16 + (byte >> 4)] |= mask;
}
function addTextures(halves) {
  const add = (table, bit, characters) => {
    for (const byte of Buffer.from(characters, "latin1")) addByte(halves, table, byte, 1 << bit);
  };
  add(128, 0, "+-/");
  add(128, 5, "\r\n");
  add(128, 6, "\\");
  add(128, 1, DIGITS);
  add(128, 2, "ABCDEFGHIJKLMNOabcdefghijklmno");
  add(128, 3, "PQRSTUVWXYZ_");
  add(128, 4, "pqrstuvwxyz");
  add(160, 0, DIGITS);
  add(160, 1, "ABCDEFabcdef");
  add(160, 2, ` ,-%"'`);
  add(160, 3, ":;=");
  add(160, 4, "X\\");
  add(160, 5, "x");
  add(160, 6, "	\n\r");
}

// src/detect/anchors/anchor-look.ts
var ANCHOR_CONTEXT_BYTES = MAX_GAP_BYTES + 64;
function hasAnchor(tools, text) {
  let isFound = false;
  tools.scanner.scan(text, (at, bits) => {
    isFound = bits >= BASE64_TEXTURE && isTexture(text, at, bits);
    for (let lanes = bits & 65535; lanes !== 0 && !isFound; lanes &= lanes - 1) {
      isFound = isAnchor(tools, text, at + 31 - Math.clz32(lanes & -lanes) - ANCHOR_LENGTH + 1);
    }
    return isFound;
  });
  return isFound;
}
function isAnchor({ ruleset: { rules }, tables }, text, at) {
  if (at < 0) return false;
  const kinds = tables.kinds[text[at]];
  return (kinds & STARTS) !== 0 && rules.some((rule) => isStart(text, at, rule)) || (kinds & SECOND) !== 0 && rules.some((rule) => isBehindCut(text, at, 1, rule)) || (kinds & BEHIND_A_CUT) !== 0 && rules.some((rule) => isBehindCut(text, at + 1, 2, rule)) || (kinds & ESCAPE) !== 0 && isEscape(text, at, rules) || (kinds & BASE64) !== 0 && tables.base64Grams.has(gramKey(text, at)) || (kinds & HEX) !== 0 && isPromisingHex(text, at, rules) || (kinds & ARCHIVE) !== 0 && tables.archiveGrams.has(gramKey(text, at));
}
function isStart(text, at, rule) {
  const { prefix } = rule;
  if (text[at] !== prefix[0]) return false;
  if (text[at + 1] === 0) {
    return matchLiteral(text, at, prefix, "utf-16le") !== -1 || at > 0 && matchLiteral(text, at - 1, prefix, "utf-16be") !== -1;
  }
  if (text[at + 1] !== prefix[1] || text[at + 2] !== prefix[2]) return false;
  const end = reachOfCertain(text, at, rule);
  const byte = text[end];
  return end - at >= prefix.length || byte === void 0 || canStartGap(byte) || escapeKindOf(byte) !== null;
}
function isBehindCut(text, at, index, rule) {
  const { prefix } = rule;
  if (text[at] !== prefix[index] || !canEndGap(text, at)) return false;
  const next = text[at + 1];
  if (next !== void 0 && !canFollow(rule, index, next) && !canStartGap(next)) return false;
  const isHere = (byte) => byte === prefix[index];
  let tries = 0;
  for (let before = at - 2; before >= Math.max(0, at - MAX_GAP_BYTES); before--) {
    if (text[before] !== prefix[index - 1] || !canStartGap(text[before + 1])) continue;
    tries += 1;
    if (tries > MAX_TRIES || readGap(text, before + 1, isHere)?.end === at) return true;
  }
  return false;
}
var MAX_TRIES = 8;
function isEscape(text, at, rules) {
  const from = text[at] === SEMICOLON2 ? escapeByteBefore(text, AMPERSAND2, at) : at;
  if (from === -1) return false;
  const kind = escapeKindOf(text[from]);
  return kind !== null && isPromisingEscape(text, from, kind, rules);
}
var SEMICOLON2 = 59;
var AMPERSAND2 = 38;
function isTexture(text, at, bits) {
  return (bits & BASE64_TEXTURE) !== 0 && isBase64Text(text, at, (bits & LINES_TEXTURE) !== 0) || (bits & (BASE64_TEXTURE | HEX_TEXTURE)) !== 0 && isHexText(text, at) || (bits & WIDE_TEXTURE) !== 0 && isWideText(text, at);
}
function isBase64Text(text, at, hasLines) {
  if (!hasLines) return textPlaces(text, at) !== 0;
  for (let from = at; from < at + TEXTURE_BYTES; from++) {
    const isLineStart = from === at || !isBase64(text[from - 1]);
    if (isLineStart && isBase64(text[from]) && textPlacesInLines(text, from) !== 0) return true;
  }
  return false;
}
function isHexText(text, at) {
  const sample2 = sampleHex(text, at);
  return isTextInHex(sample2, 0) || isTextInHex(sample2, 1);
}
function isWideText(text, at) {
  const zeroBefore = text[at] === 0;
  return readWide(text, zeroBefore ? at + 1 : at, zeroBefore, 0) !== null;
}

// src/detect/placeholder.ts
var THRESHOLD_BITS = -64;
var MAX_LAG = 32;
var TEST_COUNT_BITS = 10;
function isPatternedHex(secret) {
  const digits = Array.from(secret, (character) => Number.parseInt(character, 16));
  if (digits.length === 0 || digits.some(Number.isNaN)) return false;
  return hasFewDistinctValues(digits) || hasSteadySteps(digits, 16) || digits.length % 2 === 0 && hasSteadySteps(pairs(digits), 256);
}
function hasFewDistinctValues(digits) {
  const distinct = new Set(digits).size;
  const bits = logChoose(16, distinct) + digits.length * Math.log2(distinct / 16);
  return bits + TEST_COUNT_BITS < THRESHOLD_BITS;
}
function hasSteadySteps(values, base) {
  const counts = new Uint16Array(base);
  for (let lag = 1; lag <= Math.min(MAX_LAG, values.length - 1); lag++) {
    const enough = suspiciousCount(values.length - lag, base);
    counts.fill(0);
    for (let index = lag; index < values.length; index++) {
      const step = (values[index] - values[index - lag] + base) % base;
      if ((counts[step] += 1) >= enough) return true;
    }
  }
  return false;
}
var suspiciousCounts = /* @__PURE__ */ new Map();
function suspiciousCount(trials, base) {
  const key = trials * 2 + (base === 16 ? 0 : 1);
  let count = suspiciousCounts.get(key);
  if (count === void 0) {
    const allowance = Math.log2(base) + Math.log2(MAX_LAG) + TEST_COUNT_BITS;
    count = 1;
    while (count <= trials && logTail(trials, count, 1 / base) + allowance >= THRESHOLD_BITS) count += 1;
    suspiciousCounts.set(key, count);
  }
  return count;
}
function pairs(digits) {
  return Array.from({ length: digits.length / 2 }, (_, index) => digits[2 * index] * 16 + digits[2 * index + 1]);
}
function logTail(n, k, p) {
  return logChoose(n, k) + k * Math.log2(p);
}
function logChoose(n, k) {
  let bits = 0;
  for (let index = 1; index <= k; index++) bits += Math.log2((n - k + index) / index);
  return bits;
}
var MIN_RANDOM_LENGTH = 16;
var MIN_BITS_PER_CHARACTER = 3;
var MIN_DIGITS = 2;
function looksRandom(body) {
  return body.split(/[_-]/).some((piece) => {
    if (piece.length < MIN_RANDOM_LENGTH) return false;
    const digits = piece.replace(/\D/g, "").length;
    return digits >= MIN_DIGITS && digits < piece.length && entropyPerCharacter(piece) >= MIN_BITS_PER_CHARACTER && !isPatternedHex(piece) && !isMostlyCounting(piece);
  });
}
function isMostlyCounting(text) {
  const steps = Array.from(text.slice(1), (_, index) => text.charCodeAt(index + 1) - text.charCodeAt(index));
  return [1, -1].some((step) => steps.filter((one) => one === step).length > steps.length / 2);
}
function entropyPerCharacter(text) {
  const counts = /* @__PURE__ */ new Map();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count / text.length * Math.log2(count / text.length);
  return bits;
}

// src/detect/text-search.ts
import { createHash as createHash2 } from "node:crypto";

// src/detect/forms/archive.ts
var MAX_ENCODED_BYTES = 2 * 1024 ** 2;
var BEGINNING_CHARACTERS = 1024;
var MAX_LAYERS = 2;
var MIN_ARCHIVE_BYTES = 20;
var LIMITS = {
  depth: 3,
  entries: 1e3,
  bytes: 16 * 1024 ** 2,
  ratio: 100,
  // As much as one piece of a stream can be.
  freeBytes: 8 * 1024 ** 2,
  wholeBytes: 16 * 1024 ** 2
};
function readEncodedArchive(text, at, grams) {
  const layers = [];
  let end = -1;
  let isWhole = true;
  let bytes = text;
  for (let from = at; layers.length < MAX_LAYERS; from = 0) {
    const beginning = decodeBase64(bytes, readBase64Run(bytes, from, 0, BEGINNING_CHARACTERS), 0).bytes;
    if (!grams.has(gramKey(beginning, 0)) && formatByBeginning(beginning) === null) return null;
    const one = endOfOne(bytes, from, grams);
    isWhole &&= one.isWhole;
    const run = readBase64Run(bytes, from, 0, one.end - from);
    const last = run.positionOf(run.length - 1) + 1;
    const alphabet = bytes.subarray(from, last).some(isUrlSafeOnly) ? "base64url" : "base64";
    layers.push(...cutsBetween(run.cuts, from, last), alphabet);
    if (end === -1) end = last;
    bytes = decodeBase64(bytes, run, 0).bytes;
    if (formatByBeginning(bytes) !== null)
      return bytes.length < MIN_ARCHIVE_BYTES ? null : { bytes, end, isWhole, layers };
  }
  return null;
}
function endOfOne(text, at, grams) {
  let next = at + 1;
  for (let length = BEGINNING_CHARACTERS; ; length *= 4) {
    const { end } = readBase64Run(text, at, 0, length);
    for (; next < end; next++) {
      if (grams.has(gramKey(text, next)) && !isBase64(text[next - 1])) return { end: next, isWhole: true };
    }
    if (end < at + length) return { end, isWhole: true };
    if (length >= MAX_ENCODED_BYTES) return { end, isWhole: end === text.length };
  }
}
function eachInArchive(bytes, found) {
  let isWhole = true;
  const contents = {
    whole: ({ steps }, content) => found(formatsOf(steps), content),
    text: ({ steps }, content) => found(formatsOf(steps), content),
    stream: () => {
      isWhole = false;
      return { write() {
      }, close() {
      } };
    },
    unread: (_steps, _why, isLimit) => {
      if (isLimit) isWhole = false;
    },
    leftOut() {
    }
  };
  unpackWhole(bytes, contents, LIMITS);
  return isWhole;
}

// src/detect/forms/concatenation.ts
var MAX_GAPS = 256;
function readConcatenated(text, start, rule, maxBytes) {
  let at = start;
  let raw = "";
  let gaps = 0;
  const read2 = (accepts) => {
    let byte = text[at] ?? -1;
    if (!accepts(byte)) {
      if (raw === "" || byte === -1 || !canStartGap(byte) || gaps === MAX_GAPS || at - start > maxBytes) return false;
      const gap = readGap(text, at, accepts);
      if (gap === null || gap.by !== "concatenation") return false;
      byte = text[gap.end];
      gaps += 1;
      at = gap.end;
    }
    raw += String.fromCharCode(byte);
    at += 1;
    return true;
  };
  for (const expected of rule.prefix) if (!read2((byte) => byte === expected)) return null;
  for (const [index, part] of rule.parts.entries()) {
    if (part.kind === "literal") {
      for (const expected of part.bytes) if (!read2((byte) => byte === expected)) return null;
      continue;
    }
    let length = 0;
    while (length < part.max) {
      if (length >= part.min && part.table[text[at] ?? -1] !== 1) break;
      if (!read2((byte) => part.table[byte] === 1)) break;
      length += 1;
    }
    if (length < part.min) return null;
    const isLast = index === rule.parts.length - 1;
    if (isLast && length === part.max && isPartOfLongerShape(text, at, part.table, "plain")) return null;
  }
  return gaps === 0 || at - start > maxBytes ? null : { raw, end: at };
}

// src/detect/text-search.ts
var MAX_DEPTH = 5;
var MAX_TEXT_BYTES2 = 192 * 1024;
var MAX_ARCHIVES = 3;
var MIN_TEXT_COST = 512;
var SHOWN_ARCHIVE_BYTES = 512;
var FREE_ARCHIVES = 32;
var TEXT_BYTES_PER_ARCHIVE = 512;
var FREE_UNPACKED_BYTES = 4 * 1024 ** 2;
var UNPACKED_BYTES_PER_BYTE = 2;
var UNREAD_ARCHIVE = "holds an archive in base64 that is too large, or one of too many, to be unpacked there: decode it and scan that";
var LOOK_BACK_BYTES = 512;
var SEMICOLON3 = 59;
var AMPERSAND3 = 38;
var HASH4 = 35;
var BACKSLASH5 = 92;
var LINE_FEED5 = 10;
var EQUALS3 = 61;
var Place = class {
  #waiting = [];
  #known = /* @__PURE__ */ new Set();
  #bytes = MAX_TEXT_BYTES2;
  #archives = MAX_ARCHIVES;
  /**
   * Whether a text has not been there yet: escapes of two kinds give the same one in either order.
   *
   * @param start where it begins in the text that all others are made of
   */
  takes(text, start) {
    if (this.#bytes <= 0) return false;
    const key = `${start} ${text.toString("latin1")}`;
    if (this.#known.has(key)) return false;
    this.#known.add(key);
    this.#bytes -= Math.max(text.length, MIN_TEXT_COST);
    return true;
  }
  /** Whether an archive was there already: each text that is made around it shows it again. */
  hasArchive(bytes) {
    const key = `archive ${createHash2("sha256").update(bytes).digest("hex")}`;
    if (this.#known.has(key)) return true;
    this.#known.add(key);
    return false;
  }
  /** An archive is a place of its own, with texts of its own. */
  takesArchive() {
    if (this.#archives === 0) return false;
    this.#archives -= 1;
    this.#bytes = MAX_TEXT_BYTES2;
    return true;
  }
  add(search) {
    this.#waiting.push(search);
  }
  next() {
    return this.#waiting.shift();
  }
};
var TextSearch = class _TextSearch {
  #tools;
  #text;
  #mayEnd;
  #base;
  #depth;
  /** Where what a byte is made of begins in the text that all others are made of. */
  #outermost;
  #report;
  #budget;
  /** Null in the text that all others are made of, until one is. */
  #place;
  #doneEscapes = /* @__PURE__ */ new Map();
  #doneWide = [{ until: 0 }, { until: 0 }];
  #lastTexture = -1;
  #base64Run = null;
  #hexRun = null;
  #unpackedUntil = 0;
  constructor(tools, text, mayEnd, base, depth, place, outermost, report, budget) {
    this.#tools = tools;
    this.#text = text;
    this.#mayEnd = mayEnd;
    this.#base = base;
    this.#depth = depth;
    this.#place = place;
    this.#outermost = outermost;
    this.#report = report;
    this.#budget = budget;
  }
  /** @param base where the bytes begin in their unit; units of two bytes are aligned to that */
  static search(tools, text, base, listener) {
    const hits = [];
    new _TextSearch(
      tools,
      text,
      void 0,
      base,
      0,
      null,
      (index) => index,
      (hit) => hits.push(hit),
      {
        archives: FREE_ARCHIVES + text.length / TEXT_BYTES_PER_ARCHIVE,
        bytes: FREE_UNPACKED_BYTES + text.length * UNPACKED_BYTES_PER_BYTE,
        listener
      }
    ).#search();
    return hits;
  }
  #search() {
    this.#tools.scanner.scan(this.#text, (at, bits) => {
      if (bits >= BASE64_TEXTURE) {
        this.#lookAtTexture(at, bits);
        if (this.#depth === 0) this.#searchMadeTexts();
      }
      for (let lanes = bits & 65535; lanes !== 0; lanes &= lanes - 1) {
        this.#lookAtAnchor(at + 31 - Math.clz32(lanes & -lanes) - ANCHOR_LENGTH + 1);
        if (this.#depth === 0) this.#searchMadeTexts();
      }
    });
  }
  #searchMadeTexts() {
    const place = this.#place;
    if (place === null) return;
    this.#place = null;
    for (let made = place.next(); made !== void 0; made = place.next()) made.#search();
  }
  #lookAtAnchor(at) {
    if (at < 0) return;
    const kinds = this.#tools.tables.kinds[this.#text[at]];
    if ((kinds & STARTS) !== 0) this.#lookAtStart(at);
    if ((kinds & SECOND) !== 0) this.#lookBehindCut(at, 1);
    if ((kinds & BEHIND_A_CUT) !== 0) this.#lookBehindCut(at + 1, 2);
    if ((kinds & ESCAPE) !== 0) this.#lookAtEscape(at);
    if ((kinds & BASE64) !== 0) {
      const places = this.#tools.tables.base64Grams.get(gramKey(this.#text, at));
      if (places !== void 0) this.#decodeBase64(at, places);
    }
    if ((kinds & HEX) !== 0) this.#lookAtHex(at);
    if ((kinds & ARCHIVE) !== 0 && this.#tools.tables.archiveGrams.has(gramKey(this.#text, at))) this.#unpackBase64(at);
  }
  /** The first three characters of a prefix. */
  #lookAtStart(at) {
    for (const rule of this.#tools.ruleset.rules) {
      const { prefix } = rule;
      if (this.#text[at] !== prefix[0]) continue;
      if (this.#text[at + 1] === 0) {
        this.#matchAt(at, rule, "utf-16le");
        this.#matchAt(at - 1, rule, "utf-16be");
        continue;
      }
      if (this.#text[at + 1] !== prefix[1] || this.#text[at + 2] !== prefix[2]) continue;
      if (this.#matchAt(at, rule, "plain")) continue;
      this.#lookAtBreak(reachOfCertain(this.#text, at, rule), at, rule);
    }
  }
  #matchAt(start, rule, encoding) {
    const hit = this.#tools.matchAt(this.#text, start, rule, encoding, this.#base, this.#mayEnd);
    if (hit !== null) this.#report(hit);
    return hit !== null;
  }
  /** Where a token that began does not go on in plain text. */
  #lookAtBreak(at, start, rule) {
    const byte = this.#text[at];
    if (byte === void 0) return;
    if (canStartGap(byte) && this.#matchConcatenated(start, rule)) return;
    const kind = escapeKindOf(byte);
    if (kind !== null && readEscape(this.#text, at, kind) !== null) this.#decodeEscapes(at, kind);
  }
  #matchConcatenated(start, rule) {
    const read2 = readConcatenated(this.#text, start, rule, this.#tools.reach);
    if (read2 === null) return false;
    const token = this.#tools.judge(read2.raw, rule);
    if (token !== null) this.#report({ token, start, end: read2.end, encoding: ["concatenation"] });
    return true;
  }
  /** The prefix from its character number `index` on, with a cut right before it. */
  #lookBehindCut(at, index) {
    const text = this.#text;
    const before = text[at - 1] ?? -1;
    if (before === -1 || !canEndGap(text, at)) return;
    for (const rule of this.#tools.ruleset.rules) {
      if (text[at] !== rule.prefix[index]) continue;
      const next = text[at + 1] ?? 0;
      if (!canFollow(rule, index, next) && !canStartGap(next)) continue;
      if (this.#isSoftBreak(at)) {
        this.#decodeEscapes(at, "quoted-printable");
        return;
      }
      const lowest = Math.max(0, at - LOOK_BACK_BYTES);
      for (let start = at - index; start >= lowest; start--) {
        if (text[start] !== rule.prefix[0]) continue;
        const follower = text[start + 1] ?? 0;
        if (follower !== rule.prefix[1] && !canStartGap(follower)) continue;
        if (this.#matchConcatenated(start, rule)) return;
      }
    }
  }
  #isSoftBreak(at) {
    if (this.#text[at - 1] !== LINE_FEED5) return false;
    const equals = escapeByteBefore(this.#text, EQUALS3, at);
    return equals !== -1 && readEscape(this.#text, equals, "quoted-printable")?.end === at;
  }
  #lookAtEscape(at) {
    const text = this.#text;
    if (text[at] === SEMICOLON3 && text[at + 1] === HASH4) {
      const ampersand = escapeByteBefore(text, AMPERSAND3, at);
      if (ampersand !== -1) this.#lookAtEscape(ampersand);
      return;
    }
    const kind = escapeKindOf(text[at]);
    if (kind === null || at < (this.#doneEscapes.get(kind)?.until ?? 0)) return;
    if (isPromisingEscape(text, at, kind, this.#tools.ruleset.rules)) this.#decodeEscapes(at, kind);
  }
  #decodeEscapes(at, kind) {
    const { length } = this.#text;
    const { reach } = this.#tools;
    const done = this.#doneEscapes.get(kind);
    if (done !== void 0 && at < done.until) return;
    let from = Math.max(0, at - LOOK_BACK_BYTES);
    while (from > 0 && escapeKindOf(this.#text[from - 1]) === kind) from -= 1;
    const to = Math.min(length, at + 2 * reach);
    this.#doneEscapes.set(kind, { until: to === length ? Infinity : to - reach });
    this.#peel(
      decodeEscapes(this.#text, from, to, kind),
      (start, end, length_) => (
        // What no escape stands in is found without this.
        end - start === length_ ? null : [kind]
      )
    );
  }
  #lookAtTexture(at, bits) {
    if ((bits & BASE64_TEXTURE) !== 0) this.#lookAtBase64Texture(at, (bits & LINES_TEXTURE) !== 0);
    if ((bits & (BASE64_TEXTURE | HEX_TEXTURE)) !== 0) this.#lookAtHexTexture(at, (bits & BASE64_TEXTURE) !== 0);
    if ((bits & WIDE_TEXTURE) !== 0) this.#decodeWide(at);
  }
  #lookAtBase64Texture(at, hasLines) {
    const text = this.#text;
    const isNext = at === this.#lastTexture + TEXTURE_BYTES;
    this.#lastTexture = at;
    if (isNext && at % (2 * TEXTURE_BYTES) !== 0) return;
    let from = at;
    if (hasLines) {
      while (from < at + TEXTURE_BYTES && isBase64(text[from])) from += 1;
      while (from < at + TEXTURE_BYTES && !isBase64(text[from])) from += text[from] === BACKSLASH5 ? 2 : 1;
      if (from >= at + TEXTURE_BYTES) return;
    }
    const places = hasLines ? textPlacesInLines(text, from) : textPlaces(text, from);
    if (places === 0) return;
    const run = hasLines ? this.#base64RunAt(from) : null;
    for (let place = 0; place < 4; place++) {
      if ((places & 1 << place) === 0) continue;
      const index = run === null ? -1 : run.read.indexOf(from);
      this.#decodeBase64(run === null || index === -1 ? from + place : run.read.positionOf(index + place), 1);
    }
  }
  #base64RunAt(at) {
    const known = this.#base64Run;
    if (known !== null && at < known.until && known.read.indexOf(at) !== -1) return known;
    const { reach } = this.#tools;
    const read2 = readBase64Run(this.#text, at, reach, 2 * reach);
    const limit = Math.min(this.#text.length, at + 2 * reach);
    return this.#base64Run = { read: read2, until: read2.end < limit ? read2.end : at + reach, phases: 0 };
  }
  /** @param places a bit for each place of a group of four that the character at `at` can have */
  #decodeBase64(at, places) {
    const run = this.#base64RunAt(at);
    const index = run.read.indexOf(at);
    if (index === -1) return;
    for (let place = 0; place < 4; place++) {
      const phase = (index + 4 - place) % 4;
      if ((places & 1 << place) === 0 || (run.phases & 1 << phase) !== 0) continue;
      run.phases |= 1 << phase;
      const { read: read2 } = run;
      this.#peel(decodeBase64(this.#text, read2, phase), (start, end) => [
        ...cutsBetween(read2.cuts, start, end),
        ...this.#paddingOf(read2),
        this.#text.subarray(start, end).some(isUrlSafeOnly) ? "base64url" : "base64"
      ]);
    }
  }
  /** An archive begins here, in base64. What it holds stands where it begins. */
  #unpackBase64(at) {
    if (at < this.#unpackedUntil) return;
    const archive = readEncodedArchive(this.#text, at, this.#tools.tables.archiveGrams);
    if (archive === null) return;
    this.#unpackedUntil = archive.end;
    const place = this.#place ??= new Place();
    if (place.hasArchive(archive.bytes)) return;
    if (this.#depth + archive.layers.length >= MAX_DEPTH) return this.#tellUnread(at);
    const budget = this.#budget;
    if (budget.archives < 1 || budget.bytes <= 0 || !place.takesArchive()) return this.#tellUnread(at);
    budget.archives -= 1;
    const end = Math.min(archive.end, at + SHOWN_ARCHIVE_BYTES);
    const isCut = this.#depth === 0 && archive.end === this.#text.length && budget.listener?.isCut === true;
    const isRead = eachInArchive(archive.bytes, (steps, bytes) => {
      budget.bytes -= bytes.length;
      if (bytes.length < this.#tools.minBytes) return;
      const report = ({ token, encoding }) => this.#report({ token, start: at, end, encoding: [...archive.layers, ...steps, ...encoding] });
      const depth = this.#depth + archive.layers.length + 1;
      const outermost = () => this.#outermost(at);
      place.add(new _TextSearch(this.#tools, Buffer.from(bytes), void 0, 0, depth, place, outermost, report, budget));
    });
    if (!isRead || !archive.isWhole || isCut) this.#tellUnread(at);
  }
  #tellUnread(at) {
    this.#budget.listener?.unread(this.#outermost(at), UNREAD_ARCHIVE);
  }
  /** How the padding behind a run is written, where it is escaped. */
  #paddingOf(run) {
    const end = run.positionOf(run.length - 1) + 1;
    const kind = escapeKindOf(this.#text[end] ?? 0);
    return kind !== null && readEscape(this.#text, end, kind)?.code === EQUALS3 ? [kind] : [];
  }
  #lookAtHexTexture(at, isDense) {
    if (isDense && this.#hasOtherLetters(at)) return;
    const sample2 = sampleHex(this.#text, at);
    const [first, second] = [sample2.positionOf(0), sample2.positionOf(1)];
    if (isTextInHex(sample2, 0)) this.#decodeHex(first);
    if (isTextInHex(sample2, 1)) this.#decodeHex(second);
  }
  /** Whether a piece of base64 is no number: a name has other letters soon. */
  #hasOtherLetters(at) {
    for (let index = at; index < at + TEXTURE_BYTES; index++) {
      const byte = this.#text[index];
      if (digitValue(byte) === -1 && isBase64(byte) && this.#text[index - 1] !== BACKSLASH5) return true;
    }
    return false;
  }
  #lookAtHex(at) {
    if (!isPromisingHex(this.#text, at, this.#tools.ruleset.rules)) return;
    this.#decodeHex(sampleHex(this.#text, at).positionOf(0));
  }
  /** @param at the first digit of a pair */
  #decodeHex(at) {
    const { reach } = this.#tools;
    let run = this.#hexRun;
    let index = run === null || at >= run.until ? -1 : run.read.indexOf(at);
    if (run === null || index === -1) {
      const read3 = readHexRun(this.#text, at, reach);
      run = { read: read3, until: read3.end < Math.min(this.#text.length, at + 2 * reach) ? read3.end : at + reach, phases: 0 };
      this.#hexRun = run;
      index = read3.indexOf(at);
      if (index === -1) return;
    }
    const phase = index % 2;
    if ((run.phases & 1 << phase) !== 0) return;
    run.phases |= 1 << phase;
    const { read: read2 } = run;
    this.#peel(decodeHex(this.#text, read2, phase), (start, end) => [...cutsBetween(read2.cuts, start, end), "hex"]);
  }
  #decodeWide(at) {
    const zeroBefore = this.#text[at] === 0;
    const unit = zeroBefore ? at + 1 : at;
    const done = this.#doneWide[zeroBefore ? 1 : 0];
    if (at < done.until) return;
    const decoded = readWide(this.#text, unit, zeroBefore, this.#tools.reach);
    if (decoded === null) return;
    const last = decoded.endOf(decoded.bytes.length - 1);
    done.until = last < at + 2 * this.#tools.reach - 2 ? last : at + this.#tools.reach;
    this.#peel(
      decoded,
      (_start, _end, _length, encoding) => (
        // A token in UTF-16 alone has an anchor of its own.
        encoding.length === 0 ? null : [zeroBefore ? "utf-16be" : "utf-16le"]
      )
    );
  }
  /** Searches what was decoded. @param encodingOf what was peeled off there, or null for what is found without that */
  #peel(decoded, encodingOf) {
    if (this.#depth === MAX_DEPTH) return;
    const place = this.#place ??= new Place();
    if (decoded.bytes.length < this.#tools.minBytes) return;
    const outermost = (index) => this.#outermost(decoded.startOf(index));
    if (!place.takes(decoded.bytes, outermost(0))) return;
    const mayEnd = (end) => decoded.mayEnd?.(end) === true || this.#mayEnd?.(decoded.endOf(end - 1)) === true;
    const report = (hit) => {
      const [start, end] = [decoded.startOf(hit.start), decoded.endOf(hit.end - 1)];
      const encoding = encodingOf(start, end, hit.end - hit.start, hit.encoding);
      if (encoding === null || end - start > this.#tools.reach) return;
      this.#report({ token: hit.token, start, end, encoding: [...encoding, ...hit.encoding] });
    };
    place.add(
      new _TextSearch(this.#tools, decoded.bytes, mayEnd, 0, this.#depth + 1, place, outermost, report, this.#budget)
    );
  }
};

// src/detect/detector.ts
var MIN_REACH_BYTES = 4096;
var REACH_PER_CHARACTER = 16;
var Detector = class {
  #tools;
  #withSuspects;
  #minBytes;
  /** By raw value and rule, null for a placeholder: one token can stand in a unit a hundred thousand times. */
  #judged = /* @__PURE__ */ new Map();
  /** A hit's bytes and all that decides on it lie within this many bytes from its start, to either side. */
  windowBytes;
  /** What decides on an anchor ({@link mayHold}) lies within so many bytes of it, to either side. */
  anchorContextBytes = ANCHOR_CONTEXT_BYTES;
  constructor(ruleset, options = {}) {
    this.#withSuspects = options.minConfidence === "suspect";
    const reach = Math.max(MIN_REACH_BYTES, REACH_PER_CHARACTER * ruleset.maxLength);
    this.windowBytes = reach + 2 * (ruleset.maxLength + 1 + LOOKAHEAD_LENGTH);
    this.#minBytes = Math.min(...ruleset.rules.map((rule) => shortest(rule, this.#withSuspects)));
    const tables = makeTables(ruleset);
    let scanner = null;
    this.#tools = {
      ruleset,
      tables,
      reach,
      minBytes: this.#minBytes,
      // Most detectors of a process mask a few words and never see a text that could hold a token.
      get scanner() {
        return scanner ??= createScanner(tables);
      },
      matchAt: (text, start, rule, encoding, base, mayEnd) => this.#matchAt(text, start, rule, encoding, base, mayEnd),
      judge: (raw, rule) => this.#judge(raw, rule)
    };
  }
  /**
   * All hits that start from `from` on and before `limit`, in no order.
   *
   * @param bytes owned by the caller and not kept
   * @param base where the bytes begin in their unit; units of two bytes are aligned to that
   * @param listener is told what starts from `from` on and before `limit` and was not read
   */
  find(bytes, from = 0, limit = bytes.length, base = 0, listener) {
    if (bytes.length < this.#minBytes) return NO_HITS;
    if (this.#judged.size > 0) this.#judged = /* @__PURE__ */ new Map();
    const hits = TextSearch.search(
      this.#tools,
      bytes,
      base,
      listener && {
        isCut: listener.isCut,
        unread(start, why) {
          if (start >= from && start < limit) listener.unread(start, why);
        }
      }
    );
    if (hits.length === 0) return NO_HITS;
    return withoutTwins(hits).filter(({ start }) => start >= from && start < limit);
  }
  /**
   * Whether {@link find} finds anything, or leaves something unread.
   *
   * @param isCut whether more of the unit may follow
   */
  needsALook(bytes, base = 0, isCut = false) {
    let isUnread = false;
    const listener = { isCut, unread: () => isUnread = true };
    return this.find(bytes, 0, bytes.length, base, listener).length > 0 || isUnread;
  }
  /**
   * Whether an anchor stands somewhere in the bytes. Every hit of {@link find} has one in it, with all that decides on it
   * within {@link anchorContextBytes}: bytes without any hold no token, and do not become part of one unless an anchor
   * is put together or added. A form that `find` learns to read needs its anchor in `anchors/anchor-look.ts`.
   */
  mayHold(bytes) {
    return hasAnchor(this.#tools, bytes);
  }
  #matchAt(text, start, rule, encoding, base, mayEnd) {
    const end = matchCertain(text, start, rule, encoding, mayEnd);
    if (end === -1) return this.#withSuspects ? trySuspect(text, start, rule, encoding) : null;
    if (hasAlignedTwin(text, start, rule, encoding, base)) return null;
    const token = this.#judge(readText2(text, start, end, encoding), rule);
    return token && { token, start, end, encoding: listOf(encoding) };
  }
  #judge(raw, rule) {
    const key = `${rule.rule.id} ${raw}`;
    let token = this.#judged.get(key);
    if (token === void 0) {
      token = certainToken(raw, rule);
      this.#judged.set(key, token);
    }
    return token;
  }
};
function shortest({ prefix, parts, suspect }, withSuspects) {
  const certain = parts.reduce((sum, part) => sum + (part.kind === "literal" ? part.bytes.length : part.min), 0);
  return prefix.length + (withSuspects && suspect !== null ? Math.min(certain, suspect.min) : certain);
}
function listOf(encoding) {
  return encoding === "plain" ? [] : [encoding];
}
function withoutTwins(hits) {
  const kept = [];
  const lastOf = /* @__PURE__ */ new Map();
  for (const hit of hits.toSorted((a, b) => a.start - b.start || a.encoding.length - b.encoding.length)) {
    const last = lastOf.get(hit.token.fingerprint);
    const before = last === void 0 ? void 0 : kept[last];
    if (before === void 0 || before.end <= hit.start) {
      lastOf.set(hit.token.fingerprint, kept.length);
      kept.push(hit);
    } else if (hit.encoding.length < before.encoding.length) {
      kept[last] = hit;
    }
  }
  return kept;
}
function certainToken(raw, rule) {
  const parts = splitParts(raw, rule);
  if (rule.placeholders.has(raw) || isPatternedHex(parts.secret)) return null;
  return new Token(raw, {
    rule: rule.rule.id,
    plane: rule.rule.plane ?? null,
    confidence: "certain",
    prefix: rule.rule.grammar.prefix,
    publicId: parts.publicId,
    isGuessable: rule.isGuessable
  });
}
var NO_HITS = [];
function hasAlignedTwin(bytes, start, rule, encoding, base) {
  if (encoding === "plain" || (base + start) % 2 === 0) return false;
  return encoding === "utf-16le" ? matchCertain(bytes, start - 1, rule, "utf-16be") !== -1 : matchCertain(bytes, start + 1, rule, "utf-16le") !== -1;
}
function trySuspect(bytes, start, rule, encoding) {
  const end = matchSuspect(bytes, start, rule, encoding);
  if (end === -1) return null;
  const raw = readText2(bytes, start, end, encoding);
  if (rule.placeholders.has(raw) || !looksRandom(raw.slice(rule.prefix.length))) return null;
  const token = new Token(raw, {
    rule: rule.rule.id,
    plane: rule.rule.plane ?? null,
    confidence: "suspect",
    prefix: rule.rule.grammar.prefix,
    publicId: null,
    isGuessable: true
  });
  return { token, start, end, encoding: listOf(encoding) };
}
function readText2(bytes, start, end, encoding) {
  if (encoding === "plain") return bytes.toString("latin1", start, end);
  const first = encoding === "utf-16le" ? start : start + 1;
  let text = "";
  for (let at = first; at < end; at += 2) text += String.fromCharCode(bytes[at]);
  return text;
}
function splitParts(raw, rule) {
  let position = rule.prefix.length;
  let publicId = null;
  let secret = "";
  for (const part of rule.parts) {
    let length = part.kind === "literal" ? part.bytes.length : 0;
    if (part.kind === "run") {
      while (length < part.max && part.table[raw.charCodeAt(position + length)] === 1) length += 1;
      const text = raw.slice(position, position + length);
      if (part.name === rule.rule.grammar.publicId) publicId = text;
      if (part.name === rule.rule.grammar.secret) secret = text;
    }
    position += length;
  }
  return { publicId, secret };
}

export {
  Token,
  characterEncodingOf,
  instantiatorOf,
  LineCounter,
  positionBehind,
  eachLineFeed,
  BEGINNING_BYTES,
  formatByBeginning,
  mayEndAsContainer,
  unopenedFormat,
  mayBecomeContainer,
  Tail,
  UNPACK_LIMITS,
  isContainer,
  unpackWhole,
  Unpacking,
  Detector
};
