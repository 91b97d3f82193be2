/**
 * Tells a made-up secret from a random one. A secret counts as made up only where a pattern of its kind
 * turns up in random hex with a probability under 2^-64: nobody will ever see that happen to a real token.
 */

const THRESHOLD_BITS = -64;
const MAX_LAG = 32;
/** Patterns that are looked for, in bits: their probabilities add up. */
const TEST_COUNT_BITS = 10;

/** @param secret lower- or upper-case hex digits of any length */
export function isPatternedHex(secret: string): boolean {
  const digits = Array.from(secret, (character) => Number.parseInt(character, 16));
  if (digits.length === 0 || digits.some(Number.isNaN)) return false;
  return (
    hasFewDistinctValues(digits) ||
    hasSteadySteps(digits, 16) ||
    (digits.length % 2 === 0 && hasSteadySteps(pairs(digits), 256))
  );
}

/** All of at most k of 16 digits: C(16, k) · (k / 16)^n. */
function hasFewDistinctValues(digits: readonly number[]): boolean {
  const distinct = new Set(digits).size;
  const bits = logChoose(16, distinct) + digits.length * Math.log2(distinct / 16);
  return bits + TEST_COUNT_BITS < THRESHOLD_BITS;
}

/**
 * Repetition and counting: the value `lag` places on differs by the same step far too often
 * (step 0 is a repeated piece, lag 1 with step 1 is 0123…).
 */
function hasSteadySteps(values: readonly number[], base: 16 | 256): boolean {
  const counts = new Uint16Array(base);
  for (let lag = 1; lag <= Math.min(MAX_LAG, values.length - 1); lag++) {
    const enough = suspiciousCount(values.length - lag, base);
    counts.fill(0);
    for (let index = lag; index < values.length; index++) {
      const step = (values[index]! - values[index - lag]! + base) % base;
      if ((counts[step]! += 1) >= enough) return true;
    }
  }
  return false;
}

const suspiciousCounts = new Map<number, number>();

/** How often of so many times one step has to turn up to be no chance any more. */
function suspiciousCount(trials: number, base: 16 | 256): number {
  const key = trials * 2 + (base === 16 ? 0 : 1);
  let count = suspiciousCounts.get(key);
  if (count === undefined) {
    const allowance = Math.log2(base) + Math.log2(MAX_LAG) + TEST_COUNT_BITS;
    count = 1;
    while (count <= trials && logTail(trials, count, 1 / base) + allowance >= THRESHOLD_BITS) count += 1;
    suspiciousCounts.set(key, count);
  }
  return count;
}

function pairs(digits: readonly number[]): number[] {
  return Array.from({ length: digits.length / 2 }, (_, index) => digits[2 * index]! * 16 + digits[2 * index + 1]!);
}

/** Bits of an upper bound for P(Binomial(n, p) >= k): C(n, k) · p^k. */
function logTail(n: number, k: number, p: number): number {
  return logChoose(n, k) + k * Math.log2(p);
}

function logChoose(n: number, k: number): number {
  let bits = 0;
  for (let index = 1; index <= k; index++) bits += Math.log2((n - k + index) / index);
  return bits;
}

const MIN_RANDOM_LENGTH = 16;
const MIN_BITS_PER_CHARACTER = 3;
const MIN_DIGITS = 2;

/** Whether a word of no known shape has a piece that looks drawn at random: long, mixed, no pattern. */
export function looksRandom(body: string): boolean {
  return body.split(/[_-]/).some((piece) => {
    if (piece.length < MIN_RANDOM_LENGTH) return false;
    const digits = piece.replace(/\D/g, "").length;
    return (
      digits >= MIN_DIGITS &&
      digits < piece.length &&
      entropyPerCharacter(piece) >= MIN_BITS_PER_CHARACTER &&
      !isPatternedHex(piece) &&
      !isMostlyCounting(piece)
    );
  });
}

/** `0123456789abcdef` and the like: every character follows from the one before more often than not. */
function isMostlyCounting(text: string): boolean {
  const steps = Array.from(text.slice(1), (_, index) => text.charCodeAt(index + 1) - text.charCodeAt(index));
  return [1, -1].some((step) => steps.filter((one) => one === step).length > steps.length / 2);
}

/** Shannon entropy of the characters, in bits. */
function entropyPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
