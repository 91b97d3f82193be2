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
var Run = class {
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
var LINE_FEED = 10;
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
  return text[end] === LINE_FEED ? { code: -1, end: end + 1 } : null;
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
      return code === void 0 ? readOctal(text, at) : { code, end: at + 1 };
    }
  }
}
var SINGLE_ESCAPES = /* @__PURE__ */ new Map([
  [34, 34],
  [39, 39],
  [47, 47],
  [BACKSLASH, BACKSLASH],
  [110, LINE_FEED],
  [114, CARRIAGE_RETURN],
  [116, 9]
]);
function readBraced(text, at) {
  if (text[at] !== 123) return null;
  const escape = readHex(text, at + 1, 1, 8);
  return escape !== null && text[escape.end] === 125 ? { code: escape.code, end: escape.end + 1 } : null;
}
function readOctal(text, at) {
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
  ["NewLine;", LINE_FEED]
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
var LINE_FEED2 = 10;
var CARRIAGE_RETURN2 = 13;
var BACKSLASH2 = 92;
var UNDERSCORE = 95;
var HASH = 35;
var DASH = 45;
var SLASH = 47;
var STAR = 42;
var isQuote = tableOf("\"'`");
var isBlank = tableOf(" 	\r\n\f\v");
var isOperator = tableOf("+.,&|<>~^()[]{};$=:-@!#/");
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
      if (byte === LINE_FEED2 || byte === CARRIAGE_RETURN2 && text[end + 1] !== LINE_FEED2) lines += 1;
      end += 1;
      isComplete = quotes === 0 && (lines > 0 || isContinued);
      if (byte === LINE_FEED2) end = endOfLineMark(text, end);
    } else if (isContinuation[byte] === 1 && isLineEnd(text, end + 1)) {
      isContinued = true;
      by ??= "concatenation";
      end += 1;
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
function isLineEnd(text, at) {
  return text[at] === LINE_FEED2 || text[at] === CARRIAGE_RETURN2 && text[at + 1] === LINE_FEED2;
}
function isOpening(text, at) {
  const brace = text[at] === 36 || text[at] === HASH ? at + 1 : at;
  return text[brace] === 123 && isQuote[text[brace + 1] ?? 0] === 1;
}
function endOfLineMark(text, at) {
  let end = skipLineBlanks(text, at);
  const mark = text[end] ?? 0;
  if (isLineMark[mark] === 0) return at;
  end += 1;
  if (text[end] === mark) end += 1;
  else if (mark === SLASH) return at;
  return beginsAlike(text, lineBefore(text, at), at, end) || beginsAlike(text, lineBehind(text, end), at, end) ? end : at;
}
function skipLineBlanks(text, at) {
  let end = at;
  while (end < at + MAX_GAP_BYTES && (text[end] === 32 || text[end] === 9)) end += 1;
  return end;
}
function lineBefore(text, at) {
  let before = at - 2;
  while (before > at - MAX_GAP_BYTES && before >= 0 && text[before] !== LINE_FEED2) before -= 1;
  return before + 1;
}
function lineBehind(text, at) {
  let end = at;
  while (end < at + MAX_GAP_BYTES && end < text.length && text[end] !== LINE_FEED2) end += 1;
  return end + 1;
}
function beginsAlike(text, other, start, end) {
  for (let index = start; index < end; index++) if (text[other + index - start] !== text[index]) return false;
  return true;
}
function skipComment(text, at, limit) {
  const [first, second] = [text[at], text[at + 1]];
  if (first === SLASH && second === STAR) {
    for (let end = at + 2; end + 1 < limit; end++) if (text[end] === STAR && text[end + 1] === SLASH) return end + 2;
    return -1;
  }
  const isToLineEnd = first === SLASH && second === SLASH && !isJoiningSlashes(text, at) || first === DASH && second === DASH || first === HASH && second !== 123;
  if (!isToLineEnd) return -1;
  for (let end = at + 1; end < limit; end++) {
    if (text[end] === LINE_FEED2) return end;
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
  if (end - at === 1 && text[at] === UNDERSCORE) return isBlank[next] === 1 ? end : -1;
  if (text[at - 1] === 46 && next === 40) return end;
  const call = endOfAddingCall(text, at, Math.min(limit, at + 2 * MAX_WORD));
  if (call !== -1) return call;
  let operator = end;
  while (operator < limit && (text[operator] === 32 || text[operator] === 9)) operator += 1;
  const isAdding = ADDING.some(
    (form) => [...form].every((letter, index) => text[operator + index] === letter.charCodeAt(0))
  );
  return isAdding ? operator : -1;
}
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
function readBase64Run(text, at, reach) {
  const limit = Math.min(text.length, at + 2 * reach);
  const run = new Run();
  let index = runStart(text, at, reach);
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
var LINE_FEED3 = 10;
function readHexRun(text, at, reach) {
  return readDump(text, at, reach) ?? readDigits(text, at, reach);
}
function readDigits(text, at, reach) {
  let index = at;
  const lowest = Math.max(0, at - reach);
  while (index > lowest && MAY_STAND_IN_A_RUN2[text[index - 1]] === 1) index -= 1;
  const limit = Math.min(text.length, at + 2 * reach);
  const run = new Run();
  while (index < limit) {
    const end = endOfDigits(text, index, limit);
    if (end > index) {
      run.add(text, index, end);
      index = end;
      continue;
    }
    const byte = text[index];
    const next = skipSeparators(text, index);
    const gap = next === -1 && canStartGap(byte) ? readGap(text, index, isDigit) : null;
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
  const run = new Run();
  const limit = Math.min(text.length, at + SAMPLE_REACH);
  let index = isMark(text, at) ? at + 2 : at;
  while (index !== -1 && index < limit && run.length <= 2 * SAMPLE_BYTES) {
    const end = endOfDigits(text, index, limit);
    if (end > index) run.add(text, index, end);
    index = end > index ? end : skipSeparators(text, index);
  }
  return run;
}
function isDigit(byte) {
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
  }
  if (isMark(text, end)) end += 2;
  return end > at && digitValue(text[end] ?? 0) !== -1 ? end : -1;
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
  const run = new Run();
  for (const { digits } of lines) {
    for (const position of digits) run.add(text, position, position + 1);
    run.end = digits.at(-1) + 1;
  }
  return run;
}
function follows(first, second) {
  return second.offset - first.offset === first.digits.length / 2;
}
function lineStart(text, at) {
  let start = at;
  while (start > 0 && text[start - 1] !== LINE_FEED3 && at - start < MAX_DUMP_LINE) start -= 1;
  return start;
}
function dumpLine(text, start) {
  let end = start;
  while (end < text.length && text[end] !== LINE_FEED3 && end - start < MAX_DUMP_LINE) end += 1;
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
  return { start, end, offset: Number.parseInt(offset, 16), digits };
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
var HASH2 = 35;
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
  const isIntroduction = code === HASH2 || escapeKindOf(code) !== null;
  if (isIntroduction) {
    if (nesting === MAX_NESTING) return false;
    const first = code === HASH2 ? at - 1 : at;
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
var QUOTES = "\"'`";
var BLANKS = " 	\r\n";
var CUTS = `${QUOTES}${BLANKS}%\\&=$#{`;
var DIGITS = "0123456789";
var HEX_DIGITS = `${DIGITS}abcdefABCDEF`;
var HEX_SEPARATORS = ` :,-;\r
	"'`;
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
  return { halves: buckets.halves(), kinds, base64Grams };
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
  return (kinds & STARTS) !== 0 && rules.some((rule) => isStart(text, at, rule)) || (kinds & SECOND) !== 0 && rules.some((rule) => isBehindCut(text, at, 1, rule)) || (kinds & BEHIND_A_CUT) !== 0 && rules.some((rule) => isBehindCut(text, at + 1, 2, rule)) || (kinds & ESCAPE) !== 0 && isEscape(text, at, rules) || (kinds & BASE64) !== 0 && tables.base64Grams.has(gramKey(text, at)) || (kinds & HEX) !== 0 && isPromisingHex(text, at, rules);
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

// src/detect/forms/concatenation.ts
var MAX_GAPS = 256;
function readConcatenated(text, start, rule, maxBytes) {
  let at = start;
  let raw = "";
  let gaps = 0;
  const read = (accepts) => {
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
  for (const expected of rule.prefix) if (!read((byte) => byte === expected)) return null;
  for (const [index, part] of rule.parts.entries()) {
    if (part.kind === "literal") {
      for (const expected of part.bytes) if (!read((byte) => byte === expected)) return null;
      continue;
    }
    let length = 0;
    while (length < part.max) {
      if (length >= part.min && part.table[text[at] ?? -1] !== 1) break;
      if (!read((byte) => part.table[byte] === 1)) break;
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
var MAX_TEXT_BYTES = 192 * 1024;
var MIN_TEXT_COST = 512;
var LOOK_BACK_BYTES = 512;
var SEMICOLON3 = 59;
var AMPERSAND3 = 38;
var HASH3 = 35;
var BACKSLASH5 = 92;
var LINE_FEED4 = 10;
var EQUALS2 = 61;
var Place = class {
  #waiting = [];
  #known = /* @__PURE__ */ new Set();
  #bytes = MAX_TEXT_BYTES;
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
  /** Null in the text that all others are made of, until one is. */
  #place;
  #doneEscapes = /* @__PURE__ */ new Map();
  #doneWide = [{ until: 0 }, { until: 0 }];
  #lastTexture = -1;
  #base64Run = null;
  #hexRun = null;
  constructor(tools, text, mayEnd, base, depth, place, outermost, report) {
    this.#tools = tools;
    this.#text = text;
    this.#mayEnd = mayEnd;
    this.#base = base;
    this.#depth = depth;
    this.#place = place;
    this.#outermost = outermost;
    this.#report = report;
  }
  /** @param base where the bytes begin in their unit; units of two bytes are aligned to that */
  static search(tools, text, base) {
    const hits = [];
    new _TextSearch(
      tools,
      text,
      void 0,
      base,
      0,
      null,
      (index) => index,
      (hit) => hits.push(hit)
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
    const read = readConcatenated(this.#text, start, rule, this.#tools.reach);
    if (read === null) return false;
    const token = this.#tools.judge(read.raw, rule);
    if (token !== null) this.#report({ token, start, end: read.end, encoding: ["concatenation"] });
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
    if (this.#text[at - 1] !== LINE_FEED4) return false;
    const equals = escapeByteBefore(this.#text, EQUALS2, at);
    return equals !== -1 && readEscape(this.#text, equals, "quoted-printable")?.end === at;
  }
  #lookAtEscape(at) {
    const text = this.#text;
    if (text[at] === SEMICOLON3 && text[at + 1] === HASH3) {
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
    const read = readBase64Run(this.#text, at, reach);
    const limit = Math.min(this.#text.length, at + 2 * reach);
    return this.#base64Run = { read, until: read.end < limit ? read.end : at + reach, phases: 0 };
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
      const { read } = run;
      this.#peel(decodeBase64(this.#text, read, phase), (start, end) => [
        ...cutsBetween(read.cuts, start, end),
        ...this.#paddingOf(read),
        this.#text.subarray(start, end).some(isUrlSafeOnly) ? "base64url" : "base64"
      ]);
    }
  }
  /** How the padding behind a run is written, where it is escaped. */
  #paddingOf(run) {
    const end = run.positionOf(run.length - 1) + 1;
    const kind = escapeKindOf(this.#text[end] ?? 0);
    return kind !== null && readEscape(this.#text, end, kind)?.code === EQUALS2 ? [kind] : [];
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
      const read2 = readHexRun(this.#text, at, reach);
      run = { read: read2, until: read2.end < Math.min(this.#text.length, at + 2 * reach) ? read2.end : at + reach, phases: 0 };
      this.#hexRun = run;
      index = read2.indexOf(at);
      if (index === -1) return;
    }
    const phase = index % 2;
    if ((run.phases & 1 << phase) !== 0) return;
    run.phases |= 1 << phase;
    const { read } = run;
    this.#peel(decodeHex(this.#text, read, phase), (start, end) => [...cutsBetween(read.cuts, start, end), "hex"]);
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
    place.add(new _TextSearch(this.#tools, decoded.bytes, mayEnd, 0, this.#depth + 1, place, outermost, report));
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
   */
  find(bytes, from = 0, limit = bytes.length, base = 0) {
    if (bytes.length < this.#minBytes) return NO_HITS;
    if (this.#judged.size > 0) this.#judged = /* @__PURE__ */ new Map();
    const hits = TextSearch.search(this.#tools, bytes, base);
    if (hits.length === 0) return NO_HITS;
    return withoutTwins(hits).filter(({ start }) => start >= from && start < limit);
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
    const token = this.#judge(readText(text, start, end, encoding), rule);
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
  const raw = readText(bytes, start, end, encoding);
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
function readText(bytes, start, end, encoding) {
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
  Detector
};
