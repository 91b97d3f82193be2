/**
 * Whether a text can hold a token or make one together with others, told by its anchors and what stands right around them. It
 * is asked of pieces of versions too, so it rules out nothing that more bytes could change.
 */
import type { CompiledRule, Ruleset } from "../../rules/ruleset.ts";
import { isBase64, textPlaces, textPlacesInLines } from "../forms/base64.ts";
import { escapeByteBefore, escapeKindOf } from "../forms/escapes.ts";
import { canEndGap, canStartGap, MAX_GAP_BYTES, readGap } from "../forms/gaps.ts";
import { isTextInHex, sampleHex } from "../forms/hex.ts";
import { readWide } from "../forms/wide.ts";
import { canFollow, matchLiteral, reachOfCertain } from "../match.ts";
import { isPromisingEscape, isPromisingHex } from "../promise.ts";
import {
  ANCHOR_LENGTH,
  type AnchorScanner,
  BASE64_TEXTURE,
  HEX_TEXTURE,
  LINES_TEXTURE,
  TEXTURE_BYTES,
  WIDE_TEXTURE,
} from "./anchor-scanner.ts";
import {
  type AnchorTables,
  ARCHIVE,
  BASE64,
  BEHIND_A_CUT,
  ESCAPE,
  gramKey,
  HEX,
  SECOND,
  STARTS,
} from "./anchor-tables.ts";

/** So many bytes before an anchor and behind it together decide on it: a gap before it, or what is written in escapes behind. */
export const ANCHOR_CONTEXT_BYTES: number = MAX_GAP_BYTES + 64;

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
    ((kinds & HEX) !== 0 && isPromisingHex(text, at, rules)) ||
    ((kinds & ARCHIVE) !== 0 && tables.archiveGrams.has(gramKey(text, at)))
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

/** A gap right before it, that the character before in the prefix stands in front of. */
function isBehindCut(text: Buffer, at: number, index: number, rule: CompiledRule): boolean {
  const { prefix } = rule;
  if (text[at] !== prefix[index] || !canEndGap(text, at)) return false;
  const next = text[at + 1];
  if (next !== undefined && !canFollow(rule, index, next) && !canStartGap(next)) return false;
  const isHere = (byte: number): boolean => byte === prefix[index];
  let tries = 0;
  for (let before = at - 2; before >= Math.max(0, at - MAX_GAP_BYTES); before--) {
    if (text[before] !== prefix[index - 1] || !canStartGap(text[before + 1]!)) continue;
    tries += 1;
    // Nobody writes so many; whoever does is given a closer look.
    if (tries > MAX_TRIES || readGap(text, before + 1, isHere)?.end === at) return true;
  }
  return false;
}

const MAX_TRIES = 8;

function isEscape(text: Buffer, at: number, rules: readonly CompiledRule[]): boolean {
  // `&amp;#`: it is the ampersand's escape that matters.
  const from = text[at] === SEMICOLON ? escapeByteBefore(text, AMPERSAND, at) : at;
  if (from === -1) return false;
  const kind = escapeKindOf(text[from]!);
  return kind !== null && isPromisingEscape(text, from, kind, rules);
}

const SEMICOLON = 0x3b;
const AMPERSAND = 0x26;

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
