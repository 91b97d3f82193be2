/** One text, and what is decoded of it: an anchor says where to look closer, and what stands there is decoded in place. */
import { createHash } from "node:crypto";
import type { Token } from "../core/token.ts";
import type { CompiledRule, Ruleset } from "../rules/ruleset.ts";
import {
  ANCHOR_LENGTH,
  type AnchorScanner,
  BASE64_TEXTURE,
  TEXTURE_BYTES,
  HEX_TEXTURE,
  LINES_TEXTURE,
  WIDE_TEXTURE,
} from "./anchors/anchor-scanner.ts";
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
} from "./anchors/anchor-tables.ts";
import type { CharacterEncoding, Encoding } from "./encoding.ts";
import { eachInArchive, readEncodedArchive } from "./forms/archive.ts";
import { decodeBase64, isBase64, isUrlSafeOnly, readBase64Run, textPlaces, textPlacesInLines } from "./forms/base64.ts";
import { readConcatenated } from "./forms/concatenation.ts";
import { cutsBetween, type Decoded, type Run } from "./forms/decoded.ts";
import {
  decodeEscapes,
  digitValue,
  escapeByteBefore,
  escapeKindOf,
  type EscapeKind,
  readEscape,
} from "./forms/escapes.ts";
import { canEndGap, canStartGap } from "./forms/gaps.ts";
import { decodeHex, isTextInHex, readHexRun, sampleHex } from "./forms/hex.ts";
import { readWide } from "./forms/wide.ts";
import { canFollow, type MayEnd, reachOfCertain } from "./match.ts";
import { isPromisingEscape, isPromisingHex } from "./promise.ts";

/** Encodings in each other; each is one text that is made and searched. */
const MAX_DEPTH = 5;
/** What is made of one place, so that decoys cannot multiply. */
const MAX_TEXT_BYTES = 192 * 1024;
/** Archives that stand in encoded text, in one another. */
const MAX_ARCHIVES = 3;
/** What a text costs, however short it is. */
const MIN_TEXT_COST = 512;
/** As much of an archive is shown as the place of what it holds. */
const SHOWN_ARCHIVE_BYTES = 512;
/** What the archives of one search may be and hold, so that decoys cannot hold it up: as many for its size, and as large. */
const FREE_ARCHIVES = 32;
const TEXT_BYTES_PER_ARCHIVE = 512;
const FREE_UNPACKED_BYTES = 4 * 1024 ** 2;
const UNPACKED_BYTES_PER_BYTE = 2;
const UNREAD_ARCHIVE =
  "holds an archive in base64 that is too large, or one of too many, to be unpacked there: decode it and scan that";
/** How far before an anchor within its prefix a token can begin, with escapes and gaps between. */
const LOOK_BACK_BYTES = 512;

const SEMICOLON = 0x3b;
const AMPERSAND = 0x26;
const HASH = 0x23;
const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const EQUALS = 0x3d;

export interface Hit {
  readonly token: Token;
  /** Byte offsets in the bytes that were searched. */
  readonly start: number;
  readonly end: number;
  /** What was peeled off, outermost first; empty where the token stands as it is. */
  readonly encoding: readonly Encoding[];
}

export interface SearchTools {
  readonly ruleset: Ruleset;
  readonly scanner: AnchorScanner;
  readonly tables: AnchorTables;
  /** How long a form of a token is at most. */
  readonly reach: number;
  /** How long it is at least. */
  readonly minBytes: number;
  /** A token that stands in the text as it is, in one byte a character or two. */
  readonly matchAt: (
    text: Buffer,
    start: number,
    rule: CompiledRule,
    encoding: CharacterEncoding,
    base: number,
    mayEnd: MayEnd | undefined,
  ) => Hit | null;
  /** A token by its characters, or null for a placeholder. */
  readonly judge: (raw: string, rule: CompiledRule) => Token | null;
}

/** The texts that are made of one place: those with fewer layers come first, so that no decoy keeps them from their turn. */
class Place {
  readonly #waiting: TextSearch[] = [];
  readonly #known = new Set<string>();
  #bytes = MAX_TEXT_BYTES;
  #archives = MAX_ARCHIVES;

  /**
   * Whether a text has not been there yet: escapes of two kinds give the same one in either order.
   *
   * @param start where it begins in the text that all others are made of
   */
  takes(text: Buffer, start: number): boolean {
    if (this.#bytes <= 0) return false;
    const key = `${start} ${text.toString("latin1")}`;
    if (this.#known.has(key)) return false;
    this.#known.add(key);
    this.#bytes -= Math.max(text.length, MIN_TEXT_COST);
    return true;
  }

  /** Whether an archive was there already: each text that is made around it shows it again. */
  hasArchive(bytes: Buffer): boolean {
    const key = `archive ${createHash("sha256").update(bytes).digest("hex")}`;
    if (this.#known.has(key)) return true;
    this.#known.add(key);
    return false;
  }

  /** An archive is a place of its own, with texts of its own. */
  takesArchive(): boolean {
    if (this.#archives === 0) return false;
    this.#archives -= 1;
    this.#bytes = MAX_TEXT_BYTES;
    return true;
  }

  add(search: TextSearch): void {
    this.#waiting.push(search);
  }

  next(): TextSearch | undefined {
    return this.#waiting.shift();
  }
}

/** The last run that was decoded. */
interface DecodedRun {
  readonly read: Run;
  /** Up to there it has been searched whole. */
  readonly until: number;
  /** A bit for each place that the first whole group can begin at. */
  phases: number;
}

/** Is told what of a text should have been read and was not. */
export interface UnreadListener {
  /** Whether more follows behind the text, so that what reaches its end is not all of it. */
  readonly isCut: boolean;
  unread(start: number, why: string): void;
}

/** What is left for archives in encoded text. */
interface ArchiveBudget {
  archives: number;
  bytes: number;
  readonly listener: UnreadListener | undefined;
}

/** What of a text was decoded already in one way. */
interface Done {
  until: number;
}

export class TextSearch {
  readonly #tools: SearchTools;
  readonly #text: Buffer;
  readonly #mayEnd: MayEnd | undefined;
  readonly #base: number;
  readonly #depth: number;
  /** Where what a byte is made of begins in the text that all others are made of. */
  readonly #outermost: (index: number) => number;
  readonly #report: (hit: Hit) => void;
  readonly #budget: ArchiveBudget;
  /** Null in the text that all others are made of, until one is. */
  #place: Place | null;
  readonly #doneEscapes = new Map<EscapeKind, Done>();
  readonly #doneWide: [Done, Done] = [{ until: 0 }, { until: 0 }];
  #lastTexture = -1;
  #base64Run: DecodedRun | null = null;
  #hexRun: DecodedRun | null = null;
  #unpackedUntil = 0;

  private constructor(
    tools: SearchTools,
    text: Buffer,
    mayEnd: MayEnd | undefined,
    base: number,
    depth: number,
    place: Place | null,
    outermost: (index: number) => number,
    report: (hit: Hit) => void,
    budget: ArchiveBudget,
  ) {
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
  static search(tools: SearchTools, text: Buffer, base: number, listener?: UnreadListener): Hit[] {
    const hits: Hit[] = [];
    new TextSearch(
      tools,
      text,
      undefined,
      base,
      0,
      null,
      (index) => index,
      (hit) => hits.push(hit),
      {
        archives: FREE_ARCHIVES + text.length / TEXT_BYTES_PER_ARCHIVE,
        bytes: FREE_UNPACKED_BYTES + text.length * UNPACKED_BYTES_PER_BYTE,
        listener,
      },
    ).#search();
    return hits;
  }

  #search(): void {
    this.#tools.scanner.scan(this.#text, (at, bits) => {
      if (bits >= BASE64_TEXTURE) {
        this.#lookAtTexture(at, bits);
        if (this.#depth === 0) this.#searchMadeTexts();
      }
      for (let lanes = bits & 0xffff; lanes !== 0; lanes &= lanes - 1) {
        this.#lookAtAnchor(at + 31 - Math.clz32(lanes & -lanes) - ANCHOR_LENGTH + 1);
        if (this.#depth === 0) this.#searchMadeTexts();
      }
    });
  }

  #searchMadeTexts(): void {
    const place = this.#place;
    if (place === null) return;
    this.#place = null;
    for (let made = place.next(); made !== undefined; made = place.next()) made.#search();
  }

  #lookAtAnchor(at: number): void {
    if (at < 0) return;
    const kinds = this.#tools.tables.kinds[this.#text[at]!]!;
    if ((kinds & STARTS) !== 0) this.#lookAtStart(at);
    if ((kinds & SECOND) !== 0) this.#lookBehindCut(at, 1);
    if ((kinds & BEHIND_A_CUT) !== 0) this.#lookBehindCut(at + 1, 2);
    if ((kinds & ESCAPE) !== 0) this.#lookAtEscape(at);
    if ((kinds & BASE64) !== 0) {
      const places = this.#tools.tables.base64Grams.get(gramKey(this.#text, at));
      if (places !== undefined) this.#decodeBase64(at, places);
    }
    if ((kinds & HEX) !== 0) this.#lookAtHex(at);
    if ((kinds & ARCHIVE) !== 0 && this.#tools.tables.archiveGrams.has(gramKey(this.#text, at))) this.#unpackBase64(at);
  }

  /** The first three characters of a prefix. */
  #lookAtStart(at: number): void {
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

  #matchAt(start: number, rule: CompiledRule, encoding: CharacterEncoding): boolean {
    const hit = this.#tools.matchAt(this.#text, start, rule, encoding, this.#base, this.#mayEnd);
    if (hit !== null) this.#report(hit);
    return hit !== null;
  }

  /** Where a token that began does not go on in plain text. */
  #lookAtBreak(at: number, start: number, rule: CompiledRule): void {
    const byte = this.#text[at];
    if (byte === undefined) return;
    if (canStartGap(byte) && this.#matchConcatenated(start, rule)) return;
    const kind = escapeKindOf(byte);
    if (kind !== null && readEscape(this.#text, at, kind) !== null) this.#decodeEscapes(at, kind);
  }

  #matchConcatenated(start: number, rule: CompiledRule): boolean {
    const read = readConcatenated(this.#text, start, rule, this.#tools.reach);
    if (read === null) return false;
    const token = this.#tools.judge(read.raw, rule);
    if (token !== null) this.#report({ token, start, end: read.end, encoding: ["concatenation"] });
    return true;
  }

  /** The prefix from its character number `index` on, with a cut right before it. */
  #lookBehindCut(at: number, index: number): void {
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

  #isSoftBreak(at: number): boolean {
    if (this.#text[at - 1] !== LINE_FEED) return false;
    const equals = escapeByteBefore(this.#text, EQUALS, at);
    return equals !== -1 && readEscape(this.#text, equals, "quoted-printable")?.end === at;
  }

  #lookAtEscape(at: number): void {
    const text = this.#text;
    if (text[at] === SEMICOLON && text[at + 1] === HASH) {
      // `&amp;#…`: it is the ampersand's escape that matters.
      const ampersand = escapeByteBefore(text, AMPERSAND, at);
      if (ampersand !== -1) this.#lookAtEscape(ampersand);
      return;
    }
    const kind = escapeKindOf(text[at]!);
    if (kind === null || at < (this.#doneEscapes.get(kind)?.until ?? 0)) return;
    if (isPromisingEscape(text, at, kind, this.#tools.ruleset.rules)) this.#decodeEscapes(at, kind);
  }

  #decodeEscapes(at: number, kind: EscapeKind): void {
    const { length } = this.#text;
    const { reach } = this.#tools;
    const done = this.#doneEscapes.get(kind);
    if (done !== undefined && at < done.until) return;
    let from = Math.max(0, at - LOOK_BACK_BYTES);
    // A row of backslashes pairs up from its beginning.
    while (from > 0 && escapeKindOf(this.#text[from - 1]!) === kind) from -= 1;
    const to = Math.min(length, at + 2 * reach);
    this.#doneEscapes.set(kind, { until: to === length ? Infinity : to - reach });
    this.#peel(decodeEscapes(this.#text, from, to, kind), (start, end, length_) =>
      // What no escape stands in is found without this.
      end - start === length_ ? null : [kind],
    );
  }

  #lookAtTexture(at: number, bits: number): void {
    if ((bits & BASE64_TEXTURE) !== 0) this.#lookAtBase64Texture(at, (bits & LINES_TEXTURE) !== 0);
    if ((bits & (BASE64_TEXTURE | HEX_TEXTURE)) !== 0) this.#lookAtHexTexture(at, (bits & BASE64_TEXTURE) !== 0);
    if ((bits & WIDE_TEXTURE) !== 0) this.#decodeWide(at);
  }

  #lookAtBase64Texture(at: number, hasLines: boolean): void {
    const text = this.#text;
    // A token's base64 is longer than three textures: every second one will do.
    const isNext = at === this.#lastTexture + TEXTURE_BYTES;
    this.#lastTexture = at;
    if (isNext && at % (2 * TEXTURE_BYTES) !== 0) return;
    let from = at;
    if (hasLines) {
      // What the first character belongs to can be the escape of an end of line.
      while (from < at + TEXTURE_BYTES && isBase64(text[from]!)) from += 1;
      while (from < at + TEXTURE_BYTES && !isBase64(text[from]!)) from += text[from] === BACKSLASH ? 2 : 1;
      if (from >= at + TEXTURE_BYTES) return;
    }
    const places = hasLines ? textPlacesInLines(text, from) : textPlaces(text, from);
    if (places === 0) return;
    const run = hasLines ? this.#base64RunAt(from) : null;
    for (let place = 0; place < 4; place++) {
      if ((places & (1 << place)) === 0) continue;
      const index = run === null ? -1 : run.read.indexOf(from);
      this.#decodeBase64(run === null || index === -1 ? from + place : run.read.positionOf(index + place), 1);
    }
  }

  #base64RunAt(at: number): DecodedRun {
    const known = this.#base64Run;
    if (known !== null && at < known.until && known.read.indexOf(at) !== -1) return known;
    const { reach } = this.#tools;
    const read = readBase64Run(this.#text, at, reach, 2 * reach);
    const limit = Math.min(this.#text.length, at + 2 * reach);
    return (this.#base64Run = { read, until: read.end < limit ? read.end : at + reach, phases: 0 });
  }

  /** @param places a bit for each place of a group of four that the character at `at` can have */
  #decodeBase64(at: number, places: number): void {
    const run = this.#base64RunAt(at);
    const index = run.read.indexOf(at);
    if (index === -1) return;
    for (let place = 0; place < 4; place++) {
      const phase = (index + 4 - place) % 4;
      if ((places & (1 << place)) === 0 || (run.phases & (1 << phase)) !== 0) continue;
      run.phases |= 1 << phase;
      const { read } = run;
      this.#peel(decodeBase64(this.#text, read, phase), (start, end) => [
        ...cutsBetween(read.cuts, start, end),
        ...this.#paddingOf(read),
        this.#text.subarray(start, end).some(isUrlSafeOnly) ? "base64url" : "base64",
      ]);
    }
  }

  /** An archive begins here, in base64. What it holds stands where it begins. */
  #unpackBase64(at: number): void {
    if (at < this.#unpackedUntil) return;
    const archive = readEncodedArchive(this.#text, at, this.#tools.tables.archiveGrams);
    if (archive === null) return;
    this.#unpackedUntil = archive.end;
    const place = (this.#place ??= new Place());
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
      const report = ({ token, encoding }: Hit): void =>
        this.#report({ token, start: at, end, encoding: [...archive.layers, ...steps, ...encoding] });
      const depth = this.#depth + archive.layers.length + 1;
      const outermost = (): number => this.#outermost(at);
      place.add(new TextSearch(this.#tools, Buffer.from(bytes), undefined, 0, depth, place, outermost, report, budget));
    });
    if (!isRead || !archive.isWhole || isCut) this.#tellUnread(at);
  }

  #tellUnread(at: number): void {
    this.#budget.listener?.unread(this.#outermost(at), UNREAD_ARCHIVE);
  }

  /** How the padding behind a run is written, where it is escaped. */
  #paddingOf(run: Run): Encoding[] {
    const end = run.positionOf(run.length - 1) + 1;
    const kind = escapeKindOf(this.#text[end] ?? 0);
    return kind !== null && readEscape(this.#text, end, kind)?.code === EQUALS ? [kind] : [];
  }

  #lookAtHexTexture(at: number, isDense: boolean): void {
    if (isDense && this.#hasOtherLetters(at)) return;
    const sample = sampleHex(this.#text, at);
    const [first, second] = [sample.positionOf(0), sample.positionOf(1)];
    if (isTextInHex(sample, 0)) this.#decodeHex(first);
    if (isTextInHex(sample, 1)) this.#decodeHex(second);
  }

  /** Whether a piece of base64 is no number: a name has other letters soon. */
  #hasOtherLetters(at: number): boolean {
    for (let index = at; index < at + TEXTURE_BYTES; index++) {
      const byte = this.#text[index]!;
      if (digitValue(byte) === -1 && isBase64(byte) && this.#text[index - 1] !== BACKSLASH) return true;
    }
    return false;
  }

  #lookAtHex(at: number): void {
    if (!isPromisingHex(this.#text, at, this.#tools.ruleset.rules)) return;
    this.#decodeHex(sampleHex(this.#text, at).positionOf(0));
  }

  /** @param at the first digit of a pair */
  #decodeHex(at: number): void {
    const { reach } = this.#tools;
    let run = this.#hexRun;
    let index = run === null || at >= run.until ? -1 : run.read.indexOf(at);
    if (run === null || index === -1) {
      const read = readHexRun(this.#text, at, reach);
      run = { read, until: read.end < Math.min(this.#text.length, at + 2 * reach) ? read.end : at + reach, phases: 0 };
      this.#hexRun = run;
      index = read.indexOf(at);
      if (index === -1) return;
    }
    const phase = index % 2;
    if ((run.phases & (1 << phase)) !== 0) return;
    run.phases |= 1 << phase;
    const { read } = run;
    this.#peel(decodeHex(this.#text, read, phase), (start, end) => [...cutsBetween(read.cuts, start, end), "hex"]);
  }

  #decodeWide(at: number): void {
    const zeroBefore = this.#text[at] === 0;
    const unit = zeroBefore ? at + 1 : at;
    const done = this.#doneWide[zeroBefore ? 1 : 0];
    if (at < done.until) return;
    const decoded = readWide(this.#text, unit, zeroBefore, this.#tools.reach);
    if (decoded === null) return;
    const last = decoded.endOf(decoded.bytes.length - 1);
    done.until = last < at + 2 * this.#tools.reach - 2 ? last : at + this.#tools.reach;
    this.#peel(decoded, (_start, _end, _length, encoding) =>
      // A token in UTF-16 alone has an anchor of its own.
      encoding.length === 0 ? null : [zeroBefore ? "utf-16be" : "utf-16le"],
    );
  }

  /** Searches what was decoded. @param encodingOf what was peeled off there, or null for what is found without that */
  #peel(
    decoded: Decoded,
    encodingOf: (start: number, end: number, length: number, inner: readonly Encoding[]) => Encoding[] | null,
  ): void {
    if (this.#depth === MAX_DEPTH) return;
    const place = (this.#place ??= new Place());
    if (decoded.bytes.length < this.#tools.minBytes) return;
    const outermost = (index: number): number => this.#outermost(decoded.startOf(index));
    if (!place.takes(decoded.bytes, outermost(0))) return;
    const mayEnd: MayEnd = (end) => decoded.mayEnd?.(end) === true || this.#mayEnd?.(decoded.endOf(end - 1)) === true;
    const report = (hit: Hit): void => {
      const [start, end] = [decoded.startOf(hit.start), decoded.endOf(hit.end - 1)];
      const encoding = encodingOf(start, end, hit.end - hit.start, hit.encoding);
      if (encoding === null || end - start > this.#tools.reach) return;
      this.#report({ token: hit.token, start, end, encoding: [...encoding, ...hit.encoding] });
    };
    place.add(
      new TextSearch(this.#tools, decoded.bytes, mayEnd, 0, this.#depth + 1, place, outermost, report, this.#budget),
    );
  }
}
