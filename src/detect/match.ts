/** One attempt to read a token at a given place. It never goes back, so it takes linear time. */
import { isUtf8 } from "node:buffer";
import type { CompiledPart, CompiledRule } from "../rules/ruleset.ts";
import { type CharacterEncoding, unitAt, unitBytes } from "./encoding.ts";

/** How many bytes show whether a token stands in binary data. */
const BINARY_SAMPLE_BYTES = 16;
/** No issuer's token is longer than this by so many characters: what goes on longer is other data. */
const MAX_OTHER_SHAPE_EXCESS = 192;
/** As many of the same character are a filler and no part of a token. */
const FILLER_LENGTH = 8;

/** How many characters behind a token decide on it. */
export const LOOKAHEAD_LENGTH = MAX_OTHER_SHAPE_EXCESS + BINARY_SAMPLE_BYTES;

/** Whether a text can end before a byte because of how it is written, although it seems to go on. */
export type MayEnd = (end: number) => boolean;

/**
 * @param start byte offset of the rule's prefix
 * @returns the byte offset behind the token, or -1 where the documented shape does not stand there
 */
export function matchCertain(
  bytes: Uint8Array,
  start: number,
  rule: CompiledRule,
  encoding: CharacterEncoding,
  mayEnd?: MayEnd,
): number {
  let position = matchLiteral(bytes, start, rule.prefix, encoding);
  for (const [index, part] of rule.parts.entries()) {
    if (position === -1) return -1;
    position =
      part.kind === "literal"
        ? matchLiteral(bytes, position, part.bytes, encoding)
        : matchRun(bytes, position, part, encoding, index === rule.parts.length - 1, mayEnd);
  }
  return position;
}

/** Whether a byte can stand behind the prefix's character number `index`. */
export function canFollow({ prefix, parts: [part] }: CompiledRule, index: number, byte: number): boolean {
  if (index + 1 < prefix.length) return byte === prefix[index + 1];
  return part?.kind === "literal" ? byte === part.bytes[0] : part?.table[byte] === 1;
}

/** How far the documented shape goes that begins at `start`: the byte offset of what does not belong to it. */
export function reachOfCertain(bytes: Uint8Array, start: number, rule: CompiledRule): number {
  let position = start;
  const literal = (expected: Uint8Array): boolean =>
    expected.every((byte) => {
      if (bytes[position] !== byte) return false;
      position += 1;
      return true;
    });
  if (!literal(rule.prefix)) return position;
  for (const part of rule.parts) {
    if (part.kind === "literal") {
      if (!literal(part.bytes)) return position;
      continue;
    }
    const length = runLength(bytes, position, part.table, part.max, "plain");
    position += length;
    if (length < part.min) return position;
  }
  return position;
}

/** As {@link matchCertain}, for the shape that is merely worth a look: a whole word with the prefix. */
export function matchSuspect(
  bytes: Uint8Array,
  start: number,
  rule: CompiledRule,
  encoding: CharacterEncoding,
): number {
  if (rule.suspect === null) return -1;
  const step = unitBytes(encoding);
  if (isWordCharacter(unitAt(bytes, start - step, encoding))) return -1;
  const bodyStart = matchLiteral(bytes, start, rule.prefix, encoding);
  if (bodyStart === -1) return -1;
  const length = runLength(bytes, bodyStart, rule.suspect.table, rule.suspect.max + 1, encoding);
  if (length < rule.suspect.min || length > rule.suspect.max) return -1;
  return bodyStart + length * step;
}

/** @returns the byte offset behind the literal, or -1 where another text stands */
export function matchLiteral(
  bytes: Uint8Array,
  start: number,
  literal: Uint8Array,
  encoding: CharacterEncoding,
): number {
  const step = unitBytes(encoding);
  for (let index = 0; index < literal.length; index++) {
    if (unitAt(bytes, start + index * step, encoding) !== literal[index]) return -1;
  }
  return start + literal.length * step;
}

function matchRun(
  bytes: Uint8Array,
  start: number,
  part: CompiledPart & { kind: "run" },
  encoding: CharacterEncoding,
  isLast: boolean,
  mayEnd: MayEnd | undefined,
): number {
  // A run in the middle ends where the next part begins; only the last one has to end by itself.
  const length = runLength(bytes, start, part.table, part.max, encoding);
  if (length < part.min) return -1;
  const end = start + length * unitBytes(encoding);
  if (!isLast || length < part.max || mayEnd?.(end) === true) return end;
  return isPartOfLongerShape(bytes, end, part.table, encoding) ? -1 : end;
}

/**
 * Whether the run goes on behind its end and is a longer token of somebody else's: more characters of the same
 * class up to the end of a word. A word that goes on with other letters, binary data whose next byte happens to
 * look like one more digit, a filler and a long dump are not: there the token is merely glued to what follows.
 */
export function isPartOfLongerShape(
  bytes: Uint8Array,
  end: number,
  table: Uint8Array,
  encoding: CharacterEncoding,
): boolean {
  const excess = runLength(bytes, end, table, MAX_OTHER_SHAPE_EXCESS + 1, encoding);
  if (excess === 0 || excess > MAX_OTHER_SHAPE_EXCESS) return false;
  const step = unitBytes(encoding);
  const next = unitAt(bytes, end + excess * step, encoding);
  if (isWordCharacter(next) && next !== UNDERSCORE) return false;
  if (excess >= FILLER_LENGTH && isRepeated(bytes, end, excess, encoding)) return false;
  // UTF-16 is full of zero bytes; that the digits go on in it is no chance.
  return encoding !== "plain" || !isBinary(bytes.subarray(end, end + BINARY_SAMPLE_BYTES));
}

function isRepeated(bytes: Uint8Array, start: number, length: number, encoding: CharacterEncoding): boolean {
  const first = unitAt(bytes, start, encoding);
  for (let index = 1; index < length; index++) {
    if (unitAt(bytes, start + index * unitBytes(encoding), encoding) !== first) return false;
  }
  return true;
}

function runLength(
  bytes: Uint8Array,
  start: number,
  table: Uint8Array,
  max: number,
  encoding: CharacterEncoding,
): number {
  const step = unitBytes(encoding);
  let length = 0;
  while (length < max) {
    const code = unitAt(bytes, start + length * step, encoding);
    if (code === -1 || table[code] !== 1) break;
    length += 1;
  }
  return length;
}

const UNDERSCORE = 0x5f;

function isWordCharacter(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f
  );
}

function isBinary(bytes: Uint8Array): boolean {
  if (bytes.some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b))) return true;
  // The cut may stand inside of a character of up to four bytes.
  return ![0, 1, 2, 3].some((cut) => isUtf8(bytes.subarray(0, Math.max(0, bytes.length - cut))));
}
