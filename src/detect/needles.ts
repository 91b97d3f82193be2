/**
 * The literals that a buffer is searched for. A pass of `Buffer.indexOf` costs what its first byte
 * costs: node looks for that byte with `memchr` and compares the rest by hand, so `k_` is three times
 * faster over source text than `ik_`, whose `i` stands everywhere (bench/detect). Rules that share a
 * piece of their prefix share a pass.
 */
import type { CompiledRule, Ruleset } from "../rules/ruleset.ts";

export interface Needle {
  readonly plain: Buffer;
  /** The same characters with a zero between: part of the UTF-16 form in either byte order. */
  readonly utf16: Buffer;
  readonly targets: readonly NeedleTarget[];
}

export interface NeedleTarget {
  readonly rule: CompiledRule;
  /** Where the needle stands in the rule's prefix, in characters. */
  readonly offset: number;
  /** The needle and all of the prefix behind it: rarer, and good for this rule only. */
  readonly rest: Buffer;
}

/** Bytes of source text from the most to the least frequent; what is not listed is rarer still. */
const FREQUENT_FIRST = ' etaonirsldcu\nmpfhg.,y()b_=-vw"/*;kx:TSE0A1CIR2PLDN{}';

const NEEDLE_LENGTHS = [2, 3];

export function chooseNeedles(ruleset: Ruleset): Needle[] {
  const needles: Needle[] = [];
  let uncovered = [...ruleset.rules];
  while (uncovered.length > 0) {
    const best = candidates(uncovered).reduce((a, b) => (compare(a, b, uncovered) <= 0 ? a : b));
    const targets = uncovered.flatMap((rule) => {
      const offset = rule.rule.grammar.prefix.indexOf(best);
      return offset === -1
        ? []
        : [{ rule, offset, rest: Buffer.from(rule.rule.grammar.prefix.slice(offset), "latin1") }];
    });
    const covered = new Set(targets.map((target) => target.rule));
    uncovered = uncovered.filter((rule) => !covered.has(rule));
    needles.push({ plain: Buffer.from(best, "latin1"), utf16: withZeros(best), targets });
  }
  return needles;
}

function candidates(rules: readonly CompiledRule[]): string[] {
  return rules.flatMap(({ rule: { grammar } }) =>
    NEEDLE_LENGTHS.flatMap((length) =>
      Array.from({ length: grammar.prefix.length - length + 1 }, (_, start) =>
        grammar.prefix.slice(start, start + length),
      ),
    ),
  );
}

/** More rules in one pass first, then the rarer first byte, then the longer needle. */
function compare(a: string, b: string, rules: readonly CompiledRule[]): number {
  return coverage(b, rules) - coverage(a, rules) || rarity(b) - rarity(a) || b.length - a.length;
}

function coverage(needle: string, rules: readonly CompiledRule[]): number {
  return rules.filter((rule) => rule.rule.grammar.prefix.includes(needle)).length;
}

function rarity(needle: string): number {
  const rank = FREQUENT_FIRST.indexOf(needle.charAt(0));
  return rank === -1 ? FREQUENT_FIRST.length : rank;
}

function withZeros(needle: string): Buffer {
  return Buffer.from([...needle].join("\0"), "latin1");
}
