/** One attempt to read a token at a given place. It never goes back, so it takes linear time. */
import { isUtf8 } from "node:buffer";
import type { CompiledPart, CompiledRule } from "../rules/ruleset.ts";
import { type CharacterEncoding, unitAt, unitBytes } from "./encoding.ts";

/** How many bytes behind a token show whether it stands in binary data. */
export const BINARY_LOOKAHEAD_BYTES = 16;

/**
 * @param start byte offset of the rule's prefix
 * @returns the byte offset behind the token, or -1 where the documented shape does not stand there
 */
export function matchCertain(
  bytes: Uint8Array,
  start: number,
  rule: CompiledRule,
  encoding: CharacterEncoding,
): number {
  let position = matchLiteral(bytes, start, rule.prefix, encoding);
  for (const [index, part] of rule.parts.entries()) {
    if (position === -1) return -1;
    position =
      part.kind === "literal"
        ? matchLiteral(bytes, position, part.bytes, encoding)
        : matchRun(bytes, position, part, encoding, index === rule.parts.length - 1);
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
): number {
  // A run in the middle ends where the next part begins; only the last one has to end by itself.
  const length = runLength(bytes, start, part.table, part.max + (isLast ? 1 : 0), encoding);
  if (length < part.min) return -1;
  const end = start + Math.min(length, part.max) * unitBytes(encoding);
  // A longer run is another shape, unless it is binary data whose next byte happens to look like one more digit.
  if (length > part.max && !isBinary(bytes.subarray(end, end + BINARY_LOOKAHEAD_BYTES))) return -1;
  return end;
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

function isWordCharacter(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f
  );
}

function isBinary(bytes: Uint8Array): boolean {
  if (bytes.some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b))) return true;
  // The cut may stand inside of a character of up to four bytes.
  return ![0, 1, 2, 3].some((cut) => isUtf8(bytes.subarray(0, Math.max(0, bytes.length - cut))));
}
