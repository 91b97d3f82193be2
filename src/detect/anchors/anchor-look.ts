/**
 * Whether a text can hold a token or make one together with others, told by its anchors and what stands right around them. It
 * is asked of pieces of versions too, so it rules out nothing that more bytes could change.
 */
import type { CompiledRule, Ruleset } from "../../rules/ruleset.ts";
import { isBase64, textPlaces, textPlacesInLines } from "../forms/base64.ts";
import { escapeKindOf, readEscape } from "../forms/escapes.ts";
import { canStartGap, mayEndGap } from "../forms/gaps.ts";
import { hexByteAt, isTextInHex, sampleHex } from "../forms/hex.ts";
import { readWide } from "../forms/wide.ts";
import { matchLiteral, reachOfCertain } from "../match.ts";
import { isPromisingEscape } from "../promise.ts";
import {
  ANCHOR_LENGTH,
  type AnchorScanner,
  BASE64_TEXTURE,
  HEX_TEXTURE,
  LINES_TEXTURE,
  TEXTURE_BYTES,
  WIDE_TEXTURE,
} from "./anchor-scanner.ts";
import { type AnchorTables, BASE64, BEHIND_A_CUT, ESCAPE, gramKey, HEX, SECOND, STARTS } from "./anchor-tables.ts";

/**
 * What decides on an anchor lies within so many bytes of it, to either side: lines of base64 with one character each,
 * and an escape that is written in escapes.
 */
export const ANCHOR_CONTEXT_BYTES = 512;
/** Blanks between the end of a line and a token that goes on in the next one. */
const INDENTATION_BYTES = 256;

export interface AnchorTools {
  readonly ruleset: Ruleset;
  readonly scanner: AnchorScanner;
  readonly tables: AnchorTables;
}

export function hasAnchor(tools: AnchorTools, text: Buffer): boolean {
  let isFound = false;
  tools.scanner.scan(text, (at, bits) => {
    isFound = bits >= BASE64_TEXTURE && isTexture(text, at, bits);
    for (let lanes = bits & 0xffff; lanes !== 0 && !isFound; lanes &= lanes - 1) {
      isFound = isAnchor(tools, text, at + 31 - Math.clz32(lanes & -lanes) - ANCHOR_LENGTH + 1);
    }
    return isFound;
  });
  return isFound;
}

function isAnchor({ ruleset: { rules }, tables }: AnchorTools, text: Buffer, at: number): boolean {
  if (at < 0) return false;
  const kinds = tables.kinds[text[at]!]!;
  return (
    ((kinds & STARTS) !== 0 && rules.some((rule) => isStart(text, at, rule))) ||
    ((kinds & SECOND) !== 0 && rules.some((rule) => isBehindCut(text, at, 1, rule))) ||
    ((kinds & BEHIND_A_CUT) !== 0 && rules.some((rule) => isBehindCut(text, at + 1, 2, rule))) ||
    ((kinds & ESCAPE) !== 0 && isEscape(text, at, rules)) ||
    ((kinds & BASE64) !== 0 && tables.base64Grams.has(gramKey(text, at))) ||
    ((kinds & HEX) !== 0 && isPartInHex(text, at, rules))
  );
}

/** The whole prefix, or as much of it as stands before an escape or a cut. */
function isStart(text: Buffer, at: number, rule: CompiledRule): boolean {
  const { prefix } = rule;
  if (text[at] !== prefix[0]) return false;
  if (text[at + 1] === 0) {
    return (
      matchLiteral(text, at, prefix, "utf-16le") !== -1 ||
      (at > 0 && matchLiteral(text, at - 1, prefix, "utf-16be") !== -1)
    );
  }
  if (text[at + 1] !== prefix[1] || text[at + 2] !== prefix[2]) return false;
  const end = reachOfCertain(text, at, rule);
  const byte = text[end];
  return end - at >= prefix.length || byte === undefined || canStartGap(byte) || escapeKindOf(byte) !== null;
}

function isBehindCut(text: Buffer, at: number, index: number, { prefix }: CompiledRule): boolean {
  if (text[at] !== prefix[index] || !mayEndGap(text, at, INDENTATION_BYTES)) return false;
  const next = text[at + 1];
  return next === undefined || next === prefix[index + 1] || canStartGap(next);
}

function isEscape(text: Buffer, at: number, rules: readonly CompiledRule[]): boolean {
  // `&amp;#`: it is the ampersand's escape that matters, and that says no more.
  if (text[at] === SEMICOLON) return true;
  const kind = escapeKindOf(text[at]!);
  if (kind === null) return false;
  const escape = readEscape(text, at, kind);
  if (escape === null) return false;
  return escapeKindOf(escape.code) !== null || escape.code === HASH || isPromisingEscape(text, at, kind, rules);
}

const SEMICOLON = 0x3b;
const HASH = 0x23;

/** Two digits of a prefix's second or third character, and two more. */
function isPartInHex(text: Buffer, at: number, rules: readonly CompiledRule[]): boolean {
  const byte = hexByteAt(text, at);
  return rules.some(({ prefix }) => prefix[1] === byte || prefix[2] === byte);
}

function isTexture(text: Buffer, at: number, bits: number): boolean {
  return (
    ((bits & BASE64_TEXTURE) !== 0 && isBase64Text(text, at, (bits & LINES_TEXTURE) !== 0)) ||
    ((bits & (BASE64_TEXTURE | HEX_TEXTURE)) !== 0 && isHexText(text, at)) ||
    ((bits & WIDE_TEXTURE) !== 0 && isWideText(text, at))
  );
}

function isBase64Text(text: Buffer, at: number, hasLines: boolean): boolean {
  if (!hasLines) return textPlaces(text, at) !== 0;
  for (let from = at; from < at + TEXTURE_BYTES; from++) {
    const isLineStart = from === at || !isBase64(text[from - 1]!);
    if (isLineStart && isBase64(text[from]!) && textPlacesInLines(text, from) !== 0) return true;
  }
  return false;
}

function isHexText(text: Buffer, at: number): boolean {
  const sample = sampleHex(text, at);
  return isTextInHex(sample, 0) || isTextInHex(sample, 1);
}

function isWideText(text: Buffer, at: number): boolean {
  const zeroBefore = text[at] === 0;
  return readWide(text, zeroBefore ? at + 1 : at, zeroBefore, 0) !== null;
}
