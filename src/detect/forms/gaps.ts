/**
 * What can stand between two pieces of one text: the end of a line, and the end of a string literal, an operator and the
 * beginning of the next one, in whatever language.
 */
import type { Encoding } from "../encoding.ts";
import { escapeKindOf, readEscape } from "./escapes.ts";

export interface Gap {
  readonly end: number;
  /** What was written to cut the text here, or null for the mere end of a line. */
  readonly by: Encoding | null;
  /** How many quotes it has. */
  readonly quotes: number;
  /** How many ends of lines it has. */
  readonly lines: number;
}

/** With comments and indentation. */
export const MAX_GAP_BYTES = 512;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BACKSLASH = 0x5c;
const UNDERSCORE = 0x5f;
const HASH = 0x23;
const DASH = 0x2d;
const SLASH = 0x2f;
const STAR = 0x2a;

const isQuote = tableOf("\"'`");
const isBlank = tableOf(" \t\r\n\f\v");
/** Operators that join, brackets and commas of lists that are joined, and what ends a statement that adds on. */
const isOperator = tableOf("+.,&|<>~^()[]{};$=:-@!#/*");
const isWord = tableOf("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$");
/** What ends a line that goes on in the next one, in shells, C and Python; of cmd; of PowerShell. */
const isContinuation = tableOf("\\^`");
/** In front of each line of a difference, a quotation, a comment. */
const isLineMark = tableOf("+->|#*/;%");

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters, "latin1")) table[byte] = 1;
  return table;
}

/** Whether encoded text goes on behind a gap: in the next line or literal, and not behind an empty line. */
export function joinsEncoded({ quotes, lines }: Gap): boolean {
  return quotes === 0 ? lines <= 1 : quotes % 2 === 0;
}

/** Whether a gap can begin with this byte. */
export function canStartGap(byte: number): boolean {
  return isQuote[byte] === 1 || isBlank[byte] === 1 || STARTS_GAP[byte] === 1;
}

/** Whether a gap can end right before `at`: behind a quote, or behind blanks with the end of a line that goes on. */
export function canEndGap(text: Uint8Array, at: number): boolean {
  const last = text[at - 1] ?? 0;
  if (isQuote[last] === 1 || last === CLOSING_BRACE) return true;
  let before = last === BACKSLASH ? at - 2 : at - 1;
  while (
    before >= 0 &&
    at - before < MAX_GAP_BYTES &&
    (isBlank[text[before]!] === 1 || isLineMark[text[before]!] === 1)
  ) {
    before -= 1;
  }
  return before < at - 1 && before >= 0 && ENDS_CONTINUED_LINE[text[before]!] === 1;
}

const CLOSING_BRACE = 0x7d;
const ENDS_CONTINUED_LINE = tableOf("\\^`=");

const STARTS_GAP = tableOf("\\^%=&${#");

/**
 * The shortest gap that begins at `at` and has an accepted byte behind it, or null. Within quotes it holds operators,
 * comments, the names of what joins (`").append("`), and the prefixes of literals.
 */
export function readGap(text: Uint8Array, at: number, accepts: (byte: number) => boolean): Gap | null {
  const limit = Math.min(text.length, at + MAX_GAP_BYTES);
  let by: Encoding | null = null;
  let quotes = 0;
  let lines = 0;
  let isContinued = false;
  let end = at;
  /** A gap ends behind a quote, or behind the blanks of a new line. */
  let isComplete = false;
  while (end < limit) {
    const byte = text[end]!;
    if (isComplete && accepts(byte)) return { end, by, quotes, lines };
    if (isQuote[byte] === 1 && !(byte === 0x60 && isLineEnd(text, end + 1))) {
      quotes += 1;
      end += 1;
      by = "concatenation";
      isComplete = true;
    } else if (isBlank[byte] === 1) {
      if (byte === LINE_FEED || (byte === CARRIAGE_RETURN && text[end + 1] !== LINE_FEED)) lines += 1;
      end += 1;
      isComplete = quotes === 0 && (lines > 0 || isContinued);
      // A mark in front of a line; base64 has two of these characters too, and then the other lines tell.
      if (byte === LINE_FEED) end = endOfLineMark(text, end);
    } else if (isContinuation[byte] === 1 && isLineEnd(text, end + (isLuaSkip(text, end) ? 2 : 1))) {
      isContinued = true;
      by ??= "concatenation";
      end += isLuaSkip(text, end) ? 2 : 1;
    } else if (byte === BACKSLASH) {
      const next = text[end + 1];
      if (isContinued && isComplete && accepts(next ?? 0)) {
        // Haskell's lines go on behind a second one.
        end += 1;
        continue;
      }
      if (next === BACKSLASH) {
        end += 1;
        continue;
      }
      const escape = readEscape(text, end, "unicode-escape");
      if (escape === null || !(isBlank[escape.code] === 1 || isQuote[escape.code] === 1)) break;
      if (isQuote[escape.code] === 1) {
        quotes += 1;
        by = "concatenation";
      } else if (next !== 0x6e && next !== 0x72 && next !== 0x74) {
        by ??= "unicode-escape";
      }
      if (escape.code !== CARRIAGE_RETURN) lines += 1;
      end = escape.end;
      isComplete = true;
    } else if (quotes === 0) {
      if (isOpening(text, end)) {
        end += byte === 0x7b ? 1 : 2;
        continue;
      }
      const kind = escapeKindOf(byte);
      const escape = kind && readEscape(text, end, kind);
      if (!escape || !(escape.code === -1 || isBlank[escape.code] === 1)) break;
      by ??= kind;
      if (escape.code !== CARRIAGE_RETURN) lines += 1;
      end = escape.end;
      isComplete = true;
    } else {
      const comment = skipComment(text, end, limit);
      if (comment !== -1) {
        end = comment;
        isComplete = false;
      } else if (isOperator[byte] === 1) {
        // The end of a template's expression is as good as a quote.
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

/** `\\z`, behind which Lua passes over blanks. */
function isLuaSkip(text: Uint8Array, at: number): boolean {
  return text[at] === BACKSLASH && text[at + 1] === 0x7a;
}

function isLineEnd(text: Uint8Array, at: number): boolean {
  return text[at] === LINE_FEED || (text[at] === CARRIAGE_RETURN && text[at + 1] === LINE_FEED);
}

/** `${"`, `#{"` and `{"`: a literal within a template. */
function isOpening(text: Uint8Array, at: number): boolean {
  const brace = text[at] === 0x24 || text[at] === HASH ? at + 1 : at;
  return text[brace] === 0x7b && isQuote[text[brace + 1] ?? 0] === 1;
}

/** The end of what a line begins with where its neighbour begins with the same: blanks and a mark. Else its own beginning. */
function endOfLineMark(text: Uint8Array, at: number): number {
  let end = skipLineBlanks(text, at);
  const mark = text[end] ?? 0;
  if (isLineMark[mark] === 0) return at;
  end += 1;
  if (text[end] === mark) end += 1;
  // One slash alone is base64.
  else if (mark === SLASH) return at;
  return beginsAlike(text, lineBefore(text, at), at, end) || beginsAlike(text, lineBehind(text, end), at, end)
    ? end
    : at;
}

function skipLineBlanks(text: Uint8Array, at: number): number {
  let end = at;
  while (end < at + MAX_GAP_BYTES && (text[end] === 0x20 || text[end] === 0x09)) end += 1;
  return end;
}

/** Where the line before the one that begins at `at` begins. */
function lineBefore(text: Uint8Array, at: number): number {
  let before = at - 2;
  while (before > at - MAX_GAP_BYTES && before >= 0 && text[before] !== LINE_FEED) before -= 1;
  return before + 1;
}

function lineBehind(text: Uint8Array, at: number): number {
  let end = at;
  while (end < at + MAX_GAP_BYTES && end < text.length && text[end] !== LINE_FEED) end += 1;
  return end + 1;
}

function beginsAlike(text: Uint8Array, other: number, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (text[other + index - start] !== text[index]) return false;
  return true;
}

/** The end of a comment that begins here, or -1. */
function skipComment(text: Uint8Array, at: number, limit: number): number {
  const [first, second] = [text[at], text[at + 1]];
  if (first === SLASH && second === STAR) {
    for (let end = at + 2; end + 1 < limit; end++) if (text[end] === STAR && text[end + 1] === SLASH) return end + 2;
    return -1;
  }
  const isToLineEnd =
    (first === SLASH && second === SLASH && !isJoiningSlashes(text, at)) ||
    (first === DASH && second === DASH) ||
    (first === HASH && second !== 0x7b);
  if (!isToLineEnd) return -1;
  for (let end = at + 1; end < limit; end++) {
    if (text[end] === LINE_FEED) return end;
    // In a notebook lines end with an escape.
    if (text[end] === BACKSLASH && text[end + 1] === 0x6e) return end;
  }
  return -1;
}

/** Fortran joins with two slashes, where others begin a comment. */
function isJoiningSlashes(text: Uint8Array, at: number): boolean {
  return isQuote[text[at + 2] ?? 0] === 1 || (text[at + 2] === 0x20 && isQuote[text[at + 3] ?? 0] === 1);
}

const MAX_WORD = 48;

/**
 * The end of a word that can stand in a gap: the prefix of a literal (`f"`), a method (`.append(`), the variable that is added to
 * (`s += "`), `_` at the end of a line. Else -1.
 */
function skipWord(text: Uint8Array, at: number, limit: number): number {
  let end = at;
  while (end < limit && end < at + MAX_WORD && isWord[text[end]!] === 1) end += 1;
  if (isWord[text[end] ?? 0] === 1) return -1;
  const next = text[end] ?? 0;
  if (isQuote[next] === 1) return end - at <= 2 ? end : -1;
  // The suffix of a literal.
  if (isQuote[text[at - 1] ?? 0] === 1 && end - at <= 2) return end;
  if (end - at === 1 && text[at] === UNDERSCORE) return isBlank[next] === 1 ? end : -1;
  if (text[at - 1] === 0x2e && next === 0x28) return end;
  const call = endOfAddingCall(text, at, Math.min(limit, at + 2 * MAX_WORD));
  if (call !== -1) return call;
  let operator = end;
  while (operator < limit && (text[operator] === 0x20 || text[operator] === 0x09)) operator += 1;
  const isAdding = ADDING.some((form) =>
    [...form].every((letter, index) => text[operator + index] === letter.charCodeAt(0)),
  );
  return isAdding ? operator : endOfOwnSum(text, at, end, limit);
}

/** `s = s + "`, and a shell's `s="$s`: the variable is given itself and more. */
function endOfOwnSum(text: Uint8Array, at: number, end: number, limit: number): number {
  let own = skipLineBlanks(text, end);
  if (text[own] !== EQUALS) return -1;
  own = skipLineBlanks(text, own + 1);
  for (let index = at; index < end; index++, own++) if (own >= limit || text[own] !== text[index]) return -1;
  return isWord[text[own] ?? 0] === 1 ? -1 : own;
}

const EQUALS = 0x3d;

/** `s.append(`, `s->append(`, `strcat(s,` in a statement of its own. */
const ADDING_CALL =
  /^(?:[\w$]+(?:\.|->|::)(?:[aA]ppend|push_str|push|[cC]oncat|[wW]rite|[wW]riteString|write_str|add|insert)|(?:std::)?strn?cat(?=\([\w$]+,))\((?:[\w$]+,)?/;

function endOfAddingCall(text: Uint8Array, at: number, limit: number): number {
  const statement = Buffer.from(text.buffer, text.byteOffset + at, limit - at).toString("latin1");
  const match = ADDING_CALL.exec(statement);
  return match === null ? -1 : at + match[0].length;
}

const ADDING = ["+=", ".=", "..=", "<<", "&=", "~=", "||="];
