/** What of a rule a regular expression can say, in pieces that every exporter puts together in its own dialect. */
import { CHARACTER_CLASS_NAMES, characterClassTable, type CharacterClassName } from "../character-class.ts";
import { lengthRange } from "../ruleset.ts";
import type { Rule, RulePart } from "../schema.ts";

/** As in matching: what goes on longer than this is other data, and no longer token of somebody else's. */
const MAX_EXCESS = 192;

/** So much of one character in a row is no chance: 2^-64 and less in random hex. */
const REPEATED = 24;

export interface Shape {
  readonly rule: Rule;
  /** The documented shape, without anchors, groups that capture, or looks around. */
  readonly token: string;
  /** As `token`, with a last run of its full length; and with a shorter one, or null where it has one length only. */
  readonly longest: string;
  readonly shorter: string | null;
  /** Of a last run that could go on: its class, and what a longer run of it looks like. Null where it cannot. */
  readonly excess: Excess | null;
  /** What stands in secrets that somebody made up, and never in one that was given out. */
  readonly madeUp: readonly Repetition[];
  /** Texts of the rule that are no leak although they have its shape. */
  readonly placeholders: readonly string[];
}

export interface Repetition {
  readonly unit: string;
  readonly count: number;
}

export interface Excess {
  /** A character class in brackets, as `[0-9A-Fa-f]`. */
  readonly characters: string;
  /** Letters and digits that are not of the class: a run that ends at one is glued to a word. Null where there are none. */
  readonly glue: string | null;
}

export function shapeOf(rule: Rule): Shape {
  const { prefix, parts, secret } = rule.grammar;
  const last = parts.at(-1)!;
  const before = escapeForPattern(prefix) + parts.slice(0, -1).map(patternOfPart).join("");
  const token = before + patternOfPart(last);
  const { min, max } = "literal" in last ? { min: 0, max: 0 } : lengthRange(last.length);
  const withLast = (length: { min: number; max: number }): string =>
    before + patternOfPart("literal" in last ? last : { ...last, length });
  const whole = new RegExp(`^${token}$`);
  return {
    rule,
    token,
    longest: withLast({ min: max, max }),
    shorter: min === max ? null : withLast({ min, max: max - 1 }),
    excess: excessOf(parts.at(-1)),
    madeUp: madeUpSecrets(parts.find((part) => "name" in part && part.name === secret)),
    placeholders: rule.placeholders.filter((text) => whole.test(text)),
  };
}

/**
 * The token, and behind it more of its last run up to the end of a word where there is more: then the whole match is
 * another shape. For dialects without looks ahead, together with {@link longerShape}. It takes no character of what
 * follows a token.
 */
export function tokenOrLonger({ token, excess }: Shape): string {
  if (excess === null) return token;
  const { characters, glue } = excess;
  const end = glue === null ? `(?:[^${characters.slice(1, -1)}]|\\z)` : String.raw`(?:\b|_)`;
  return `${token}(?:${characters}{1,${MAX_EXCESS}}${end})?`;
}

/** What of the matches of {@link tokenOrLonger} is no token. */
export function longerShape({ longest, excess }: Shape): string | null {
  return excess === null ? null : `^${longest}${excess.characters}`;
}

/** The token where no longer run goes on behind it; for dialects with looks ahead and back references. */
export function tokenByLook({ token, longest, shorter, excess }: Shape): string {
  if (excess === null) return token;
  const { characters, glue } = excess;
  const filler = `(?!(${characters})\\1{7,}(?!${characters}))`;
  const isWord = `[${characters.slice(1, -1)}${glue?.slice(1, -1) ?? ""}]`;
  const whole = `${longest}(?!${filler}${characters}{1,${MAX_EXCESS}}(?!${isWord}))`;
  return shorter === null ? whole : `(?:${whole}|${shorter}(?!${characters}))`;
}

/** What may stand behind a token, for dialects that can say that and nothing more. */
export function endOf({ excess }: Shape): string | null {
  if (excess === null) return null;
  const { characters, glue } = excess;
  return glue === null ? `[^${characters.slice(1, -1)}]` : `\\b|_|${glue}`;
}

/** Patterns of whole tokens that are no leak. */
export function harmlessTokens({ rule, madeUp, placeholders }: Shape): string[] {
  const before = escapeForPattern(rule.grammar.prefix);
  return [
    ...placeholders.map((text) => `^${escapeForPattern(text)}$`),
    ...(madeUp.length === 0 ? [] : [`^${before}.*(?:${madeUp.map(patternOfRepetition).join("|")})`]),
  ];
}

function escapeForPattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

function patternOfPart(part: RulePart): string {
  if ("literal" in part) return escapeForPattern(part.literal);
  const { min, max } = lengthRange(part.length);
  const characters = classInBrackets(part.class);
  if (max <= MAX_REPEATS) return `${characters}{${min === max ? min : `${min},${max}`}}`;
  const needed = inPieces(min).map((count) => `${characters}{${count}}`);
  const further = inPieces(max - min).map((count) => `${characters}{0,${count}}`);
  return [...needed, ...further].join("");
}

/** RE2 and Go take no larger count. */
const MAX_REPEATS = 1000;

function inPieces(count: number): number[] {
  const whole = Array.from({ length: Math.floor(count / MAX_REPEATS) }, () => MAX_REPEATS);
  return count % MAX_REPEATS === 0 ? whole : [...whole, count % MAX_REPEATS];
}

function excessOf(last: RulePart | undefined): Excess | null {
  if (last === undefined || "literal" in last) return null;
  const table = characterClassTable(last.class);
  const others = Array.from(ALPHANUMERIC).filter((character) => table[character.charCodeAt(0)] === 0);
  return { characters: classInBrackets(last.class), glue: others.length === 0 ? null : `[${rangesOf(others)}]` };
}

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function madeUpSecrets(part: RulePart | undefined): Repetition[] {
  if (part === undefined || "literal" in part || part.class !== "hex") return [];
  if (lengthRange(part.length).min < 2 * REPEATED) return [];
  const units = [
    ...Array.from("0123456789abcdefABCDEF"),
    "0123456789abcdef",
    "0123456789ABCDEF",
    "deadbeef",
    "DEADBEEF",
  ];
  return units.map((unit) => ({ unit, count: Math.ceil(REPEATED / unit.length) }));
}

function patternOfRepetition({ unit, count }: Repetition): string {
  return `${unit.length === 1 ? unit : `(?:${unit})`}{${count}}`;
}

const BRACKETS = new Map<CharacterClassName, string>(
  CHARACTER_CLASS_NAMES.map((name) => {
    const table = characterClassTable(name);
    const characters = Array.from({ length: 256 }, (_, code) => code).flatMap((code) =>
      table[code] === 1 ? [String.fromCharCode(code)] : [],
    );
    return [name, `[${rangesOf(characters)}]`];
  }),
);

function classInBrackets(name: CharacterClassName): string {
  return BRACKETS.get(name)!;
}

/** @param characters in the order of their codes */
function rangesOf(characters: readonly string[]): string {
  const ranges: [string, string][] = [];
  for (const character of characters) {
    const last = ranges.at(-1);
    if (last !== undefined && character.charCodeAt(0) === last[1].charCodeAt(0) + 1) last[1] = character;
    else ranges.push([character, character]);
  }
  return ranges.map(([first, last]) => (first === last ? escapeInBrackets(first) : `${first}-${last}`)).join("");
}

function escapeInBrackets(character: string): string {
  return /[-\\\]^/]/.test(character) ? `\\${character}` : character;
}
