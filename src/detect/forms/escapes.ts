/** Single characters that are written as escapes, in the ways of URLs, programs, HTML and mails. */
import { DecodedText, type Decoded } from "./decoded.ts";

export type EscapeKind = "percent" | "unicode-escape" | "html-entity" | "quoted-printable";

const PERCENT = 0x25;
const BACKSLASH = 0x5c;
const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The escapes that begin with a byte. */
export function escapeKindOf(byte: number): EscapeKind | null {
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

export interface Escape {
  /** The character, or -1 where a line goes on in the next one and nothing is meant. */
  readonly code: number;
  readonly end: number;
}

/** The escape at `at`, or null where none stands there. */
export function readEscape(text: Uint8Array, at: number, kind: EscapeKind): Escape | null {
  switch (kind) {
    case "percent":
      return text[at] === PERCENT ? (readHex(text, at + 1, 2, 2) ?? readPercentUnicode(text, at + 1)) : null;
    case "quoted-printable":
      return text[at] === EQUALS ? (readHex(text, at + 1, 2, 2) ?? readSoftBreak(text, at + 1)) : null;
    case "unicode-escape":
      return text[at] === BACKSLASH ? readBackslash(text, at + 1) : null;
    case "html-entity":
      return text[at] === AMPERSAND ? readEntity(text, at + 1) : null;
  }
}

/** `&amp;` with zeros in front of a number; the end of a line in a mail with blanks. */
const MAX_ESCAPE_BYTES = 16;

/** Where the last escape can begin that is written with `byte` and ends at `at` or behind it, or -1. */
export function escapeByteBefore(text: Uint8Array, byte: number, at: number): number {
  for (let index = at - 1; index >= 0 && at - index <= MAX_ESCAPE_BYTES; index--)
    if (text[index] === byte) return index;
  return -1;
}

/** Decodes all escapes of a kind between two offsets. */
export function decodeEscapes(text: Uint8Array, from: number, to: number, kind: EscapeKind): Decoded {
  const decoded = new DecodedText(to - from);
  let at = from;
  while (at < to) {
    const byte = text[at]!;
    const escape = escapeKindOf(byte) === kind ? readEscape(text, at, kind) : null;
    if (escape === null || escape.end > to) {
      decoded.push(byte, at, at + 1);
      at += 1;
      continue;
    }
    if (escape.code > 0x7f && kind !== "percent" && kind !== "quoted-printable") {
      // No escape is shorter than its character in UTF-8.
      for (const part of Buffer.from(String.fromCodePoint(escape.code))) decoded.push(part, at, escape.end);
    } else if (escape.code >= 0) {
      decoded.push(escape.code, at, escape.end);
    }
    at = escape.end;
  }
  return decoded;
}

/** `%u005f`, as the old `escape` of JavaScript writes it. */
function readPercentUnicode(text: Uint8Array, at: number): Escape | null {
  const isUnicode = (text[at] === 0x75 || text[at] === 0x55) && text[at + 1] === 0x30 && text[at + 2] === 0x30;
  return isUnicode ? readHex(text, at + 1, 4, 4) : null;
}

function readSoftBreak(text: Uint8Array, at: number): Escape | null {
  let end = at;
  // Blanks at the end of a line are added on the way and mean nothing.
  while (end < at + MAX_TRAILING_BLANKS && (text[end] === 0x20 || text[end] === 0x09)) end += 1;
  if (text[end] === CARRIAGE_RETURN) end += 1;
  return text[end] === LINE_FEED ? { code: -1, end: end + 1 } : null;
}

const MAX_TRAILING_BLANKS = 8;

function readBackslash(text: Uint8Array, at: number): Escape | null {
  const letter = text[at];
  switch (letter) {
    case 0x75: // u
      return readHex(text, at + 1, 4, 4) ?? readBraced(text, at + 1);
    case 0x55: // U
      return readHex(text, at + 1, 8, 8);
    case 0x78: // x
      return readHex(text, at + 1, 2, 2) ?? readBraced(text, at + 1);
    case undefined:
      return null;
    default: {
      const code = SINGLE_ESCAPES.get(letter);
      return code === undefined ? readOctal(text, at) : { code, end: at + 1 };
    }
  }
}

/** Of JSON, which the other languages have too. */
const SINGLE_ESCAPES: ReadonlyMap<number, number> = new Map([
  [0x22, 0x22],
  [0x27, 0x27],
  [0x2f, 0x2f],
  [BACKSLASH, BACKSLASH],
  [0x6e, LINE_FEED],
  [0x72, CARRIAGE_RETURN],
  [0x74, 0x09],
]);

function readBraced(text: Uint8Array, at: number): Escape | null {
  if (text[at] !== 0x7b) return null;
  const escape = readHex(text, at + 1, 1, 8);
  return escape !== null && text[escape.end] === 0x7d ? { code: escape.code, end: escape.end + 1 } : null;
}

function readOctal(text: Uint8Array, at: number): Escape | null {
  let code = 0;
  let end = at;
  while (end < at + 3) {
    const digit = (text[end] ?? 0) - 0x30;
    if (digit < 0 || digit > 7 || code * 8 + digit > 0xff) break;
    code = code * 8 + digit;
    end += 1;
  }
  // No character of text has a single digit.
  return end - at < 2 ? null : { code, end };
}

const MAX_ENTITY_DIGITS = 32;
const SEMICOLON = 0x3b;
const MAX_ASCII = 0x7f;

function readEntity(text: Uint8Array, at: number): Escape | null {
  if (text[at] === 0x23) {
    const isHex = text[at + 1] === 0x78 || text[at + 1] === 0x58;
    const [digits, base] = isHex ? [at + 2, 16 as const] : [at + 1, 10 as const];
    const escape = readNumber(text, digits, 1, MAX_ENTITY_DIGITS, base);
    if (escape !== null && text[escape.end] === SEMICOLON) return { code: escape.code, end: escape.end + 1 };
    // Where nothing ends it, a digit of the text can follow: a letter of ASCII is meant.
    return readNumber(text, digits, 1, MAX_ENTITY_DIGITS, base, MAX_ASCII);
  }
  for (const [name, code] of NAMED_ENTITIES) {
    if (startsWith(text, at, name)) return { code, end: at + name.length };
  }
  return null;
}

/** Those of what tokens, and the forms around them, are made of. */
const NAMED_ENTITIES: readonly (readonly [name: string, code: number])[] = [
  ["amp;", AMPERSAND],
  ["lowbar;", 0x5f],
  ["UnderBar;", 0x5f],
  ["equals;", EQUALS],
  ["plus;", 0x2b],
  ["sol;", 0x2f],
  ["bsol;", BACKSLASH],
  ["percnt;", PERCENT],
  ["num;", 0x23],
  ["semi;", 0x3b],
  ["quot;", 0x22],
  ["apos;", 0x27],
  ["NewLine;", LINE_FEED],
];

function startsWith(text: Uint8Array, at: number, name: string): boolean {
  for (let index = 0; index < name.length; index++) if (text[at + index] !== name.charCodeAt(index)) return false;
  return true;
}

function readHex(text: Uint8Array, at: number, min: number, max: number): Escape | null {
  return readNumber(text, at, min, max, 16);
}

const MAX_CODE = 0x10_ffff;

/** @param last no more digits are read than make a code up to this */
function readNumber(
  text: Uint8Array,
  at: number,
  min: number,
  max: number,
  base: 10 | 16,
  last: number = Infinity,
): Escape | null {
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

/** The value of a hex digit, or -1. */
export function digitValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x61 && byte <= 0x66) return byte - 0x57;
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x37;
  return -1;
}
