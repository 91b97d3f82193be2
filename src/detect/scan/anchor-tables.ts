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
}

/** Kinds of an anchor, as bits. */
export const STARTS = 1;
export const SECOND = 2;
export const BEHIND_A_CUT = 4;
export const BASE64 = 8;
export const HEX = 16;
export const ESCAPE = 32;

type Pattern = readonly (string | null)[];

const QUOTES = "\"'`";
const BLANKS = " \t\r\n";
/** What begins an escape, a cut or its end. */
const CUTS = `${QUOTES}${BLANKS}%\\&=$#{`;
const DIGITS = "0123456789";
const HEX_DIGITS = `${DIGITS}abcdefABCDEF`;
const HEX_SEPARATORS = " :,-;\r\n\t\"'";

export function makeTables(ruleset: Ruleset): AnchorTables {
  const halves = new Uint8Array(6 * 32);
  const kinds = new Uint8Array(256);
  const base64Grams = new Map<number, number>();
  const add = (bucket: number, kind: number, pattern: Pattern): void => {
    for (let index = 0; index < ANCHOR_LENGTH; index++) {
      for (const byte of bytesOf(pattern[index] ?? null)) addByte(halves, index * 32, byte, 1 << bucket);
    }
    for (const byte of bytesOf(pattern[0]!)) kinds[byte]! |= kind;
  };
  for (const rule of ruleset.rules) addRule(rule, add, base64Grams);
  add(6, ESCAPE, ["%=", "234567", HEX_DIGITS]);
  add(7, ESCAPE, ["\\", "uUx", "0{234567"]);
  add(7, ESCAPE, ["\\", "\\", "\\uUx"]);
  add(7, ESCAPE, ["&", "#", `${DIGITS}xX`]);
  add(7, ESCAPE, ["&", "alUpb", "monaes"]);
  addTextures(halves);
  return { halves, kinds, base64Grams };
}

type Add = (bucket: number, kind: number, pattern: Pattern) => void;

function addRule(rule: CompiledRule, add: Add, grams: Map<number, number>): void {
  const characters = Array.from({ length: 5 }, (_, index) => charactersAt(rule, index));
  const [first, second, third, fourth] = characters as [string, string, string, string];
  add(0, STARTS, [first, second, third]);
  add(0, STARTS, [first, "\0", second, "\0"]);
  add(1, SECOND, [second, third, fourth + CUTS]);
  add(2, BEHIND_A_CUT, [`${QUOTES}${BLANKS}`, third, fourth + CUTS]);
  const { prefix } = rule.rule.grammar;
  let bucket = 0;
  for (let offset = 0; offset < 3; offset++) {
    const bytes = Buffer.from("\0".repeat(offset) + prefix, "latin1");
    const [start, end] = [Math.ceil((8 * offset) / 6), Math.floor((8 * bytes.length) / 6)];
    const text = bytes.toString("base64");
    for (let at = start; at + ANCHOR_LENGTH <= end; at++) {
      const gram = text.slice(at, at + ANCHOR_LENGTH);
      for (const form of new Set([gram, gram.replaceAll("+", "-").replaceAll("/", "_")])) {
        add(3 + (bucket++ % 2), BASE64, [...form]);
        const key = gramKey(Buffer.from(form, "latin1"), 0);
        grams.set(key, (grams.get(key) ?? 0) | (1 << (at % 4)));
      }
    }
  }
  for (const index of [1, 2]) {
    const [high, low] = hexForms(prefix.charCodeAt(index));
    const [nextHigh, nextLow] = index + 1 < prefix.length ? hexForms(prefix.charCodeAt(index + 1)) : [null, null];
    add(5, HEX, [high, low, nextHigh, nextLow]);
    add(5, HEX, [high, low, HEX_SEPARATORS, nextHigh]);
    add(5, HEX, ["0", "xX", high, low]);
  }
}

/** The four bytes at `at` as one number. */
export function gramKey(text: Uint8Array, at: number): number {
  return text[at]! | (text[at + 1]! << 8) | (text[at + 2]! << 16) | (text[at + 3]! << 24);
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

function hexForms(code: number): [string, string] {
  const [high, low] = code.toString(16).padStart(2, "0") as unknown as [string, string];
  return [high + high.toUpperCase(), low + low.toUpperCase()];
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
