/** Whether what stands at an anchor can be a part of a token, so that what stands around it is worth decoding. */
import type { CompiledRule } from "../rules/ruleset.ts";
import { decodeEscapes, digitValue, escapeKindOf, type EscapeKind, readEscape } from "./forms/escapes.ts";
import { canStartGap } from "./forms/gaps.ts";
import { decodeHex, hexByteAt, sampleHex } from "./forms/hex.ts";
import { canFollow } from "./match.ts";

/** So many letters in a row that are escaped and need not be: all of the text is. */
const ROW_LENGTH = 4;
/** As far as an escape that is written in escapes is looked at. */
const NESTED_BYTES = 256;
const MAX_NESTING = 4;

const HASH = 0x23;
const BACKSLASH = 0x5c;

export function isPromisingEscape(
  text: Buffer,
  at: number,
  kind: EscapeKind,
  rules: readonly CompiledRule[],
  nesting: number = 0,
): boolean {
  const escape = readEscape(text, at, kind);
  if (escape === null || escape.code < 0x20 || escape.code > 0x7e) return false;
  const { code, end } = escape;
  for (const rule of rules) if (isPartOfPrefix(text, at, end, code, rule)) return true;
  if (kind === "unicode-escape" && text[at + 1] === BACKSLASH) {
    // The first of a row speaks for all.
    if (text[at - 1] === BACKSLASH) return false;
    let last = at + 1;
    while (last < at + NESTED_BYTES && text[last + 1] === BACKSLASH) last += 1;
    const inner = readEscape(text, last, kind);
    if (inner === null || inner.code < 0x20 || inner.code > 0x7e) return false;
    const single = withSingleBackslashes(text, at);
    return isPromisingEscape(single, single[0] === BACKSLASH ? 0 : 1, kind, rules, nesting);
  }
  const isIntroduction = code === HASH || escapeKindOf(code) !== null;
  if (isIntroduction) {
    if (nesting === MAX_NESTING) return false;
    const first = code === HASH ? at - 1 : at;
    // With what stands before it, which shows whether it is a part of a prefix.
    const decoded = decodeEscapes(text, Math.max(0, first - 1), Math.min(text.length, at + NESTED_BYTES), kind);
    const { bytes } = decoded;
    const inside = decoded.startOf(0) === first ? 0 : 1;
    const inner = escapeKindOf(bytes[inside] ?? 0);
    return inner !== null && isPromisingEscape(bytes, inside, inner, rules, nesting + 1);
  }
  return isInRow(text, at, kind);
}

/** What stands around `at`, each row of backslashes as one: however many there are, the last one makes the escape. */
function withSingleBackslashes(text: Buffer, at: number): Buffer {
  const from = at === 0 || text[at - 1] === BACKSLASH ? at : at - 1;
  const bytes = text.subarray(from, at + NESTED_BYTES);
  return bytes.filter((byte, index) => byte !== BACKSLASH || bytes[index + 1] !== BACKSLASH) as Buffer;
}

function isPartOfPrefix(text: Buffer, at: number, end: number, code: number, rule: CompiledRule): boolean {
  const { prefix } = rule;
  const next = text[end] ?? 0;
  const before = text[at - 1] ?? 0;
  for (let index = prefix.indexOf(code); index !== -1; index = prefix.indexOf(code, index + 1)) {
    const goesOn = canStartGap(next) || canFollow(rule, index, next);
    if (goesOn && (index === 0 || before === prefix[index - 1] || canEndBefore(before))) return true;
  }
  return false;
}

/** The end of another escape, or of a gap. */
function canEndBefore(byte: number): boolean {
  return byte === 0x3b || byte === 0x7d || digitValue(byte) !== -1 || canStartGap(byte);
}

function isInRow(text: Buffer, at: number, kind: EscapeKind): boolean {
  let next = at;
  for (let count = 0; count < ROW_LENGTH; count++) {
    const escape = readEscape(text, next, kind);
    if (escape === null || !isAlphanumeric(escape.code)) return false;
    next = escape.end;
  }
  return true;
}

function isAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

/** Whether the digits at `at` are two neighbours of a prefix, behind its first character. */
export function isPromisingHex(text: Buffer, at: number, rules: readonly CompiledRule[]): boolean {
  const byte = hexByteAt(text, at);
  if (!rules.some(({ prefix }) => prefix[1] === byte || prefix[2] === byte)) return false;
  const [first, second] = decodeHex(text, sampleHex(text, at), 0).bytes;
  return rules.some(({ prefix }) =>
    [1, 2].some((index) => prefix[index] === first && (prefix[index + 1] ?? second) === second),
  );
}
