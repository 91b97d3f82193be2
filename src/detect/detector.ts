/** Bytes in, hits out: finds every place where a token of the rules stands. Pure, and it keeps nothing. */
import { Token, type Confidence } from "../core/token.ts";
import type { CompiledRule, Ruleset } from "../rules/ruleset.ts";
import { ANCHOR_CONTEXT_BYTES, hasAnchor } from "./anchors/anchor-look.ts";
import { type AnchorScanner, createScanner } from "./anchors/anchor-scanner.ts";
import { makeTables } from "./anchors/anchor-tables.ts";
import type { CharacterEncoding, Encoding } from "./encoding.ts";
import { LOOKAHEAD_LENGTH, matchCertain, matchSuspect, type MayEnd } from "./match.ts";
import { isPatternedHex, looksRandom } from "./placeholder.ts";
import { type Hit, type SearchTools, TextSearch, type UnreadListener } from "./text-search.ts";

export type { Hit, UnreadListener } from "./text-search.ts";

/** What is longer than this, from the first byte of a token's form to its last, is not put together. */
const MIN_REACH_BYTES = 4096;
/** Bytes for a character that is escaped and stands in a literal of its own. */
const REACH_PER_CHARACTER = 16;

export interface DetectorOptions {
  readonly minConfidence?: Confidence;
}

export class Detector {
  readonly #tools: SearchTools;
  readonly #withSuspects: boolean;
  readonly #minBytes: number;
  /** By raw value and rule, null for a placeholder: one token can stand in a unit a hundred thousand times. */
  #judged = new Map<string, Token | null>();
  /** A hit's bytes and all that decides on it lie within this many bytes from its start, to either side. */
  readonly windowBytes: number;
  /** What decides on an anchor ({@link mayHold}) lies within so many bytes of it, to either side. */
  readonly anchorContextBytes: number = ANCHOR_CONTEXT_BYTES;

  constructor(ruleset: Ruleset, options: DetectorOptions = {}) {
    this.#withSuspects = options.minConfidence === "suspect";
    const reach = Math.max(MIN_REACH_BYTES, REACH_PER_CHARACTER * ruleset.maxLength);
    this.windowBytes = reach + 2 * (ruleset.maxLength + 1 + LOOKAHEAD_LENGTH);
    this.#minBytes = Math.min(...ruleset.rules.map((rule) => shortest(rule, this.#withSuspects)));
    const tables = makeTables(ruleset);
    let scanner: AnchorScanner | null = null;
    this.#tools = {
      ruleset,
      tables,
      reach,
      minBytes: this.#minBytes,
      // Most detectors of a process mask a few words and never see a text that could hold a token.
      get scanner() {
        return (scanner ??= createScanner(tables));
      },
      matchAt: (text, start, rule, encoding, base, mayEnd) => this.#matchAt(text, start, rule, encoding, base, mayEnd),
      judge: (raw, rule) => this.#judge(raw, rule),
    };
  }

  /**
   * All hits that start from `from` on and before `limit`, in no order.
   *
   * @param bytes owned by the caller and not kept
   * @param base where the bytes begin in their unit; units of two bytes are aligned to that
   * @param listener is told what starts from `from` on and before `limit` and was not read
   */
  find(
    bytes: Buffer,
    from: number = 0,
    limit: number = bytes.length,
    base: number = 0,
    listener?: UnreadListener,
  ): Hit[] {
    if (bytes.length < this.#minBytes) return NO_HITS;
    if (this.#judged.size > 0) this.#judged = new Map();
    const hits = TextSearch.search(
      this.#tools,
      bytes,
      base,
      listener && {
        isCut: listener.isCut,
        unread(start, why) {
          if (start >= from && start < limit) listener.unread(start, why);
        },
      },
    );
    if (hits.length === 0) return NO_HITS;
    return withoutTwins(hits).filter(({ start }) => start >= from && start < limit);
  }

  /**
   * Whether {@link find} finds anything, or leaves something unread.
   *
   * @param isCut whether more of the unit may follow
   */
  needsALook(bytes: Buffer, base: number = 0, isCut: boolean = false): boolean {
    let isUnread = false;
    const listener = { isCut, unread: () => (isUnread = true) };
    return this.find(bytes, 0, bytes.length, base, listener).length > 0 || isUnread;
  }

  /**
   * Whether an anchor stands somewhere in the bytes. Every hit of {@link find} has one in it, with all that decides on it
   * within {@link anchorContextBytes}: bytes without any hold no token, and do not become part of one unless an anchor
   * is put together or added. A form that `find` learns to read needs its anchor in `anchors/anchor-look.ts`.
   */
  mayHold(bytes: Buffer): boolean {
    return hasAnchor(this.#tools, bytes);
  }

  #matchAt(
    text: Buffer,
    start: number,
    rule: CompiledRule,
    encoding: CharacterEncoding,
    base: number,
    mayEnd: MayEnd | undefined,
  ): Hit | null {
    const end = matchCertain(text, start, rule, encoding, mayEnd);
    if (end === -1) return this.#withSuspects ? trySuspect(text, start, rule, encoding) : null;
    if (hasAlignedTwin(text, start, rule, encoding, base)) return null;
    const token = this.#judge(readText(text, start, end, encoding), rule);
    return token && { token, start, end, encoding: listOf(encoding) };
  }

  #judge(raw: string, rule: CompiledRule): Token | null {
    const key = `${rule.rule.id} ${raw}`;
    let token = this.#judged.get(key);
    if (token === undefined) {
      token = certainToken(raw, rule);
      this.#judged.set(key, token);
    }
    return token;
  }
}

/** Characters of the shortest token; no form of it has fewer bytes. */
function shortest({ prefix, parts, suspect }: CompiledRule, withSuspects: boolean): number {
  const certain = parts.reduce((sum, part) => sum + (part.kind === "literal" ? part.bytes.length : part.min), 0);
  return prefix.length + (withSuspects && suspect !== null ? Math.min(certain, suspect.min) : certain);
}

function listOf(encoding: CharacterEncoding): readonly Encoding[] {
  return encoding === "plain" ? [] : [encoding];
}

/** Each token once where its places overlap, in the form that has the fewest layers. */
function withoutTwins(hits: readonly Hit[]): Hit[] {
  const kept: Hit[] = [];
  const lastOf = new Map<string, number>();
  for (const hit of hits.toSorted((a, b) => a.start - b.start || a.encoding.length - b.encoding.length)) {
    const last = lastOf.get(hit.token.fingerprint);
    const before = last === undefined ? undefined : kept[last]!;
    if (before === undefined || before.end <= hit.start) {
      lastOf.set(hit.token.fingerprint, kept.length);
      kept.push(hit);
    } else if (hit.encoding.length < before.encoding.length) {
      kept[last!] = hit;
    }
  }
  return kept;
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
  return { token, start, end, encoding: listOf(encoding) };
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
