/** Rules made ready for matching: tables instead of names, and what the scan needs to know of them all. */
import { bitsPerCharacter, characterClassTable } from "./character-class.ts";
import type { Rule } from "./schema.ts";

export type CompiledPart =
  | { readonly kind: "literal"; readonly bytes: Uint8Array }
  | {
      readonly kind: "run";
      readonly name: string;
      readonly table: Uint8Array;
      readonly min: number;
      readonly max: number;
    };

export interface CompiledRule {
  readonly rule: Rule;
  readonly prefix: Uint8Array;
  readonly parts: readonly CompiledPart[];
  readonly suspect: { readonly table: Uint8Array; readonly min: number; readonly max: number } | null;
  readonly placeholders: ReadonlySet<string>;
  /** True where the secret has fewer than 128 random bits. */
  readonly isGuessable: boolean;
  /** The longest text that this rule can match, in characters. */
  readonly maxLength: number;
}

export interface Ruleset {
  readonly rules: readonly CompiledRule[];
  /** The longest text that any rule can match, in characters. */
  readonly maxLength: number;
}

/** From 128 random bits on, a hash of the secret gives nothing away. */
const SAFE_SECRET_BITS = 128;

export function compileRules(rules: readonly Rule[]): Ruleset {
  const compiled = rules.map(compileRule);
  return { rules: compiled, maxLength: Math.max(...compiled.map((rule) => rule.maxLength)) };
}

function compileRule(rule: Rule): CompiledRule {
  const parts = rule.grammar.parts.map(compilePart);
  const suspect = rule.suspect && {
    table: characterClassTable(rule.suspect.class),
    min: rule.suspect.length.min,
    max: rule.suspect.length.max,
  };
  const bodyLength = parts.reduce((sum, part) => sum + maxPartLength(part), 0);
  return {
    rule,
    prefix: Buffer.from(rule.grammar.prefix, "latin1"),
    parts,
    suspect: suspect ?? null,
    placeholders: new Set(rule.placeholders),
    isGuessable: secretBits(rule) < SAFE_SECRET_BITS,
    maxLength: rule.grammar.prefix.length + Math.max(bodyLength, suspect?.max ?? 0),
  };
}

function compilePart(part: Rule["grammar"]["parts"][number]): CompiledPart {
  if ("literal" in part) return { kind: "literal", bytes: Buffer.from(part.literal, "latin1") };
  const { min, max } = lengthRange(part.length);
  return { kind: "run", name: part.name, table: characterClassTable(part.class), min, max };
}

function maxPartLength(part: CompiledPart): number {
  return part.kind === "literal" ? part.bytes.length : part.max;
}

export function lengthRange(length: number | { min: number; max: number }): { min: number; max: number } {
  return typeof length === "number" ? { min: length, max: length } : length;
}

function secretBits(rule: Rule): number {
  for (const part of rule.grammar.parts) {
    if ("name" in part && part.name === rule.grammar.secret) {
      return bitsPerCharacter(part.class) * lengthRange(part.length).min;
    }
  }
  return 0;
}
