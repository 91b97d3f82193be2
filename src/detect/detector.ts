/** Bytes in, hits out: finds every place where a token of the rules stands. Pure, and it keeps nothing. */
import { Token, type Confidence } from "../core/token.ts";
import type { CompiledRule, Ruleset } from "../rules/ruleset.ts";
import { type CharacterEncoding, unitBytes } from "./encoding.ts";
import { LOOKAHEAD_LENGTH, matchCertain, matchLiteral, matchSuspect } from "./match.ts";
import { chooseNeedles, type Needle } from "./needles.ts";
import { isPatternedHex, looksRandom } from "./placeholder.ts";

/** From so many needles on, one in so many bytes, an attempt at each costs more than another pass. */
const DENSE_FROM = 8;
const DENSE_BYTES = 4096;

export interface Hit {
  readonly token: Token;
  /** Byte offsets in the bytes that were searched. */
  readonly start: number;
  readonly end: number;
  readonly encoding: CharacterEncoding;
}

export interface DetectorOptions {
  readonly minConfidence?: Confidence;
}

interface Search {
  readonly from: number;
  readonly limit: number;
  readonly base: number;
  /** By raw value and rule, null for a placeholder: one token can stand in a unit a hundred thousand times. */
  readonly judged: Map<string, Token | null>;
}

export class Detector {
  readonly #needles: readonly Needle[];
  readonly #withSuspects: boolean;
  /** A hit's bytes and all that decides on it lie within this many bytes from its start. */
  readonly windowBytes: number;
  /** The most bytes that an anchor takes: what {@link mayHold} looks for, and what every hit begins with. */
  readonly anchorBytes: number;

  constructor(ruleset: Ruleset, options: DetectorOptions = {}) {
    this.#needles = chooseNeedles(ruleset);
    this.#withSuspects = options.minConfidence === "suspect";
    this.windowBytes = 2 * (ruleset.maxLength + 1 + LOOKAHEAD_LENGTH);
    this.anchorBytes = 2 * Math.max(...ruleset.rules.map((rule) => rule.prefix.length));
  }

  /**
   * All hits that start from `from` on and before `limit`, in no order.
   *
   * @param bytes owned by the caller and not kept
   * @param base where the bytes begin in their unit; units of two bytes are aligned to that
   */
  find(bytes: Buffer, from: number = 0, limit: number = bytes.length, base: number = 0): Hit[] {
    let hits: Hit[] | undefined;
    const search: Search = { from, limit, base, judged: new Map() };
    // UTF-16 needs a zero byte, and text has none: looking for one costs a tenth of a needle.
    const firstZero = bytes.indexOf(0);
    for (const needle of this.#needles) {
      let seen = 0;
      for (let at = bytes.indexOf(needle.plain); at !== -1; at = bytes.indexOf(needle.plain, at + 1)) {
        hits = this.#tryTargets(bytes, at, needle, "plain", search, hits);
        seen += 1;
        if (seen >= DENSE_FROM && seen * DENSE_BYTES > at) {
          hits = this.#findEach(bytes, at + 1, needle, search, hits);
          break;
        }
      }
      if (firstZero === -1) continue;
      const zeroFrom = Math.max(0, firstZero - needle.utf16.length);
      for (let at = bytes.indexOf(needle.utf16, zeroFrom); at !== -1; at = bytes.indexOf(needle.utf16, at + 1)) {
        hits = this.#tryTargets(bytes, at, needle, "utf-16le", search, hits);
        hits = this.#tryTargets(bytes, at - 1, needle, "utf-16be", search, hits);
      }
    }
    return hits ?? NO_HITS;
  }

  /**
   * Whether an anchor stands somewhere in the bytes. Every hit of {@link find} has one in it, whole and in one piece,
   * whatever stands around it: bytes without any hold no token, and do not become part of one unless an anchor
   * is put together or added. A form that `find` learns to read needs its anchor here.
   */
  mayHold(bytes: Buffer): boolean {
    const firstZero = bytes.indexOf(0);
    for (const needle of this.#needles) {
      for (let at = bytes.indexOf(needle.plain); at !== -1; at = bytes.indexOf(needle.plain, at + 1)) {
        if (isAnchor(bytes, at, needle, "plain")) return true;
      }
      if (firstZero === -1) continue;
      const zeroFrom = Math.max(0, firstZero - needle.utf16.length);
      for (let at = bytes.indexOf(needle.utf16, zeroFrom); at !== -1; at = bytes.indexOf(needle.utf16, at + 1)) {
        if (isAnchor(bytes, at, needle, "utf-16le") || isAnchor(bytes, at - 1, needle, "utf-16be")) return true;
      }
    }
    return false;
  }

  /** Where a needle turns up all the time, a pass for each rule costs less than all the attempts. */
  #findEach(bytes: Buffer, after: number, needle: Needle, search: Search, hits: Hit[] | undefined): Hit[] | undefined {
    for (const { rule, offset, rest } of needle.targets) {
      for (let at = bytes.indexOf(rest, after); at !== -1; at = bytes.indexOf(rest, at + 1)) {
        const start = at - offset;
        if (start < search.from || start >= search.limit) continue;
        const hit = this.#tryRule(bytes, start, rule, "plain", search);
        if (hit !== null) (hits ??= []).push(hit);
      }
    }
    return hits;
  }

  #tryTargets(
    bytes: Buffer,
    at: number,
    needle: Needle,
    encoding: CharacterEncoding,
    search: Search,
    hits: Hit[] | undefined,
  ): Hit[] | undefined {
    for (const target of needle.targets) {
      const start = at - target.offset * unitBytes(encoding);
      if (start < search.from || start >= search.limit) continue;
      const hit = this.#tryRule(bytes, start, target.rule, encoding, search);
      if (hit !== null) (hits ??= []).push(hit);
    }
    return hits;
  }

  #tryRule(
    bytes: Buffer,
    start: number,
    rule: CompiledRule,
    encoding: CharacterEncoding,
    { base, judged }: Search,
  ): Hit | null {
    const end = matchCertain(bytes, start, rule, encoding);
    if (end === -1) return this.#withSuspects ? trySuspect(bytes, start, rule, encoding) : null;
    if (hasAlignedTwin(bytes, start, rule, encoding, base)) return null;
    const raw = readText(bytes, start, end, encoding);
    const key = `${rule.rule.id} ${raw}`;
    let token = judged.get(key);
    if (token === undefined) {
      token = certainToken(raw, rule);
      judged.set(key, token);
    }
    return token && { token, start, end, encoding };
  }
}

function isAnchor(bytes: Buffer, at: number, needle: Needle, encoding: CharacterEncoding): boolean {
  return needle.targets.some(
    ({ rule, offset }) => matchLiteral(bytes, at - offset * unitBytes(encoding), rule.prefix, encoding) !== -1,
  );
}

function certainToken(raw: string, rule: CompiledRule): Token | null {
  const parts = splitParts(raw, rule);
  if (rule.placeholders.has(raw) || isPatternedHex(parts.secret)) return null;
  return new Token(raw, {
    rule: rule.rule.id,
    plane: rule.rule.plane ?? null,
    confidence: "certain",
    prefix: rule.rule.grammar.prefix,
    publicId: parts.publicId,
    isGuessable: rule.isGuessable,
  });
}

const NO_HITS: Hit[] = [];

/**
 * Between other letters of UTF-16 a token reads the same in either byte order, one byte apart.
 * The reading that is aligned with the start of the text is the one that was meant.
 */
function hasAlignedTwin(
  bytes: Buffer,
  start: number,
  rule: CompiledRule,
  encoding: CharacterEncoding,
  base: number,
): boolean {
  if (encoding === "plain" || (base + start) % 2 === 0) return false;
  return encoding === "utf-16le"
    ? matchCertain(bytes, start - 1, rule, "utf-16be") !== -1
    : matchCertain(bytes, start + 1, rule, "utf-16le") !== -1;
}

function trySuspect(bytes: Buffer, start: number, rule: CompiledRule, encoding: CharacterEncoding): Hit | null {
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
    isGuessable: true,
  });
  return { token, start, end, encoding };
}

function readText(bytes: Buffer, start: number, end: number, encoding: CharacterEncoding): string {
  if (encoding === "plain") return bytes.toString("latin1", start, end);
  const first = encoding === "utf-16le" ? start : start + 1;
  let text = "";
  for (let at = first; at < end; at += 2) text += String.fromCharCode(bytes[at]!);
  return text;
}

/** The named parts of a raw token that has matched the grammar. */
export function splitParts(raw: string, rule: CompiledRule): { publicId: string | null; secret: string } {
  let position = rule.prefix.length;
  let publicId: string | null = null;
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
