/** A token whose pieces stand in several string literals, or on lines that go on. */
import type { CompiledRule } from "../../rules/ruleset.ts";
import { isPartOfLongerShape } from "../match.ts";
import { canStartGap, readGap } from "./gaps.ts";

const MAX_GAPS = 256;

/**
 * Reads a token over gaps.
 *
 * @param start where its first character stands
 * @returns the token and where it ends, or null where none stands there, or one without a gap
 */
export function readConcatenated(
  text: Uint8Array,
  start: number,
  rule: CompiledRule,
  maxBytes: number,
): { raw: string; end: number } | null {
  let at = start;
  let raw = "";
  let gaps = 0;
  /** The next character of a class, behind a gap where one stands; false where another one follows. */
  const read = (accepts: (byte: number) => boolean): boolean => {
    let byte = text[at] ?? -1;
    if (!accepts(byte)) {
      if (raw === "" || byte === -1 || !canStartGap(byte) || gaps === MAX_GAPS || at - start > maxBytes) return false;
      const gap = readGap(text, at, accepts);
      if (gap === null || gap.by !== "concatenation") return false;
      byte = text[gap.end]!;
      gaps += 1;
      at = gap.end;
    }
    raw += String.fromCharCode(byte);
    at += 1;
    return true;
  };
  for (const expected of rule.prefix) if (!read((byte) => byte === expected)) return null;
  for (const [index, part] of rule.parts.entries()) {
    if (part.kind === "literal") {
      for (const expected of part.bytes) if (!read((byte) => byte === expected)) return null;
      continue;
    }
    let length = 0;
    while (length < part.max) {
      // What may end here does not go on in the next literal.
      if (length >= part.min && part.table[text[at] ?? -1] !== 1) break;
      if (!read((byte) => part.table[byte] === 1)) break;
      length += 1;
    }
    if (length < part.min) return null;
    const isLast = index === rule.parts.length - 1;
    if (isLast && length === part.max && isPartOfLongerShape(text, at, part.table, "plain")) return null;
  }
  return gaps === 0 || at - start > maxBytes ? null : { raw, end: at };
}
