/**
 * The anchors, derived from the rules: what survives of the beginning of a token in each form, however it is cut. Where pieces
 * of a token are three characters or longer, its first three, the three from the second or those behind a cut stand
 * together.
 */
import type { CompiledRule, Ruleset } from "../../rules/ruleset.ts";
import { ANCHOR_LENGTH } from "./anchor-scanner.ts";

export interface AnchorTables {
  /** Six tables of two times 16 masks: four for the bytes of an anchor, one each for base64 and for hex. */
  readonly halves: Uint8Array;
  /** By the first byte of an anchor, the kinds that it can be of. */
  readonly kinds: Uint8Array;
  /** Four characters of base64 that stand where a token begins, and at which places of a group of four they can. */
  readonly base64Grams: ReadonlyMap<number, number>;
  /** Four characters of base64 that an archive begins with. */
  readonly archiveGrams: ReadonlySet<number>;
}

/** Kinds of an anchor, as bits. */
export const STARTS = 1;
export const SECOND = 2;
export const BEHIND_A_CUT = 4;
export const BASE64 = 8;
export const HEX = 16;
export const ESCAPE = 32;
export const ARCHIVE = 64;

type Pattern = readonly (string | null)[];

const QUOTES = "\"'`";
const BLANKS = " \t\r\n";
/** What begins an escape, a cut or its end. */
const CUTS = `${QUOTES}${BLANKS}%\\&=$#{`;
const DIGITS = "0123456789";
const HEX_DIGITS = `${DIGITS}abcdefABCDEF`;
const HEX_SEPARATORS = " :,-;\r\n\t\"'";

/**
 * How gzip and zip begin in base64, and gzip in base64 twice, as Helm keeps its releases. Each in the bucket in which it makes
 * the fewest matches in scripts.
 */
const ARCHIVE_GRAMS: readonly (readonly [gram: string, bucket: number])[] = [
  ["H4sI", 5],
  ["UEsD", 2],
  ["SDRz", 7],
];

export function makeTables(ruleset: Ruleset): AnchorTables {
  const buckets = new Buckets();
  const kinds = new Uint8Array(256);
  const base64Grams = new Map<number, number>();
  const add: Add = (bucket, kind, pattern) => {
    if (bucket === ANY_BUCKET) buckets.addToBest(pattern);
    else buckets.add(bucket, pattern);
    for (const byte of bytesOf(pattern[0]!)) kinds[byte]! |= kind;
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

type Add = (bucket: number, kind: number, pattern: Pattern) => void;

function addPieces(rule: CompiledRule, add: Add): void {
  const [first, second, third, fourth] = Array.from({ length: 4 }, (_, index) => charactersAt(rule, index)) as [
    string,
    string,
    string,
    string,
  ];
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

/** Of the characters that depend on the prefix alone, two groups of four: a line that is eight characters long has one. */
function addBase64(prefix: string, add: Add, grams: Map<number, number>): void {
  for (let offset = 0; offset < 3; offset++) {
    const bytes = Buffer.from("\0".repeat(offset) + prefix, "latin1");
    const [start, end] = [Math.ceil((8 * offset) / 6), Math.floor((8 * bytes.length) / 6)];
    const text = bytes.toString("base64");
    for (const at of [start, Math.min(start + ANCHOR_LENGTH, end - ANCHOR_LENGTH)]) {
      if (at < start || at + ANCHOR_LENGTH > end) continue;
      const gram = text.slice(at, at + ANCHOR_LENGTH);
      for (const form of new Set([gram, gram.replaceAll("+", "-").replaceAll("/", "_")])) {
        const key = gramKey(Buffer.from(form, "latin1"), 0);
        const places = grams.get(key) ?? 0;
        if (places === 0) add(ANY_BUCKET, BASE64, [...form]);
        grams.set(key, places | (1 << (at % 4)));
      }
    }
  }
}

const BUCKETS = 8;
const FIRST_SHARED_BUCKET = 6;
const ANY_BUCKET = -1;

/** Bytes of text from the most to the least frequent; what is not listed is rarer still. */
const FREQUENT_FIRST = ' etaonirsldcu\nmpfhg.,y()b_=-vw"/*;kx:TSE0A1CIR2PLDN{}';

/** A bucket matches more than its anchors: every mix of their halves. Those that are alike go together. */
class Buckets {
  readonly #tables: Uint8Array[] = Array.from({ length: BUCKETS }, () => new Uint8Array(ANCHOR_LENGTH * 32));

  add(bucket: number, pattern: Pattern): void {
    this.#tables[bucket] = withPattern(this.#tables[bucket]!, pattern);
  }

  /** Into the one of the buckets for single anchors where it adds least to what matches. */
  addToBest(pattern: Pattern): void {
    let best = FIRST_SHARED_BUCKET;
    let least = Infinity;
    for (let bucket = FIRST_SHARED_BUCKET; bucket < BUCKETS; bucket++) {
      const table = this.#tables[bucket]!;
      const more = frequency(withPattern(table, pattern)) - frequency(table);
      if (more < least) [best, least] = [bucket, more];
    }
    this.add(best, pattern);
  }

  halves(): Uint8Array {
    const halves = new Uint8Array(6 * 32);
    for (const [bucket, table] of this.#tables.entries()) {
      for (const [index, isSet] of table.entries()) if (isSet === 1) halves[index]! |= 1 << bucket;
    }
    addTextures(halves);
    return halves;
  }
}

function withPattern(table: Uint8Array, pattern: Pattern): Uint8Array {
  const changed = Uint8Array.from(table);
  for (let index = 0; index < ANCHOR_LENGTH; index++) {
    for (const byte of bytesOf(pattern[index] ?? null)) addByte(changed, index * 32, byte, 1);
  }
  return changed;
}

/** How often a bucket matches, by the frequencies of single bytes. */
function frequency(table: Uint8Array): number {
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

/** The four bytes at `at`, all of them ASCII where it matters, as one small number. */
export function gramKey(text: Uint8Array, at: number): number {
  return text[at]! ^ (text[at + 1]! << 7) ^ (text[at + 2]! << 14) ^ (text[at + 3]! << 21);
}

/** Which characters can stand at a place of the token. */
function charactersAt({ rule: { grammar }, parts }: CompiledRule, index: number): string {
  if (index < grammar.prefix.length) return grammar.prefix.charAt(index);
  const [part] = parts;
  const behind = index - grammar.prefix.length;
  if (part?.kind === "literal" && behind < part.bytes.length) return String.fromCharCode(part.bytes[behind]!);
  if (part?.kind === "run" && behind < part.min) return tableText(part.table);
  return tableText(new Uint8Array(256).fill(1));
}

function tableText(table: Uint8Array): string {
  return Buffer.from(Array.from(table.keys()).filter((byte) => table[byte] === 1)).toString("latin1");
}

/** The digits of characters, in either case: the first ones and the second ones. */
function hexForms(characters: string): [string, string] {
  const hex = Buffer.from(characters, "latin1").toString("hex");
  const each = (from: number): string =>
    [...hex].flatMap((digit, index) => (index % 2 === from ? [digit, digit.toUpperCase()] : [])).join("");
  return [each(0), each(1)];
}

function bytesOf(characters: string | null): Iterable<number> {
  return characters === null ? new Uint8Array(256).keys() : Buffer.from(characters, "latin1").values();
}

function addByte(halves: Uint8Array, table: number, byte: number, mask: number): void {
  halves[table + (byte & 15)]! |= mask;
  halves[table + 16 + (byte >> 4)]! |= mask;
}

/** Each bit is one row of the code chart, or two that are alike, so that the two halves together are exact. */
function addTextures(halves: Uint8Array): void {
  const add = (table: number, bit: number, characters: string): void => {
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
  add(160, 2, " ,-%\"'");
  add(160, 3, ":;=");
  add(160, 4, "X\\");
  add(160, 5, "x");
  add(160, 6, "\t\n\r");
}
