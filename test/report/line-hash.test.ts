import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineHashes } from "../../src/report/line-hash.ts";

/** The same, computed for each line by itself: the sum of a hundred characters, each with its weight. */
function slowHashes(text: string): Map<number, string> {
  const characters: { code: number; line: number }[] = [];
  let line = 1;
  for (const character of text.replaceAll("\r\n", "\n").replaceAll("\r", "\n")) {
    if (character === " " || character === "\t") continue;
    for (let index = 0; index < character.length; index++) characters.push({ code: character.charCodeAt(index), line });
    if (character === "\n") line += 1;
  }
  characters.push({ code: 65_535, line });
  const seen = new Map<string, number>();
  const hashes = new Map<number, string>();
  for (const [start, { line: number }] of characters.entries()) {
    if (hashes.has(number)) continue;
    const sum = Array.from({ length: 100 }, (_, index) => BigInt(characters[start + index]?.code ?? 0)).reduce(
      (total, code) => total * 37n + code,
      0n,
    );
    const hash = BigInt.asUintN(64, sum).toString(16);
    seen.set(hash, (seen.get(hash) ?? 0) + 1);
    hashes.set(number, `${hash}:${seen.get(hash)}`);
  }
  return hashes;
}

describe("lineHashes", () => {
  it("is the hash of the hundred characters from each line on, counted where it comes again", () => {
    const line = fc
      .array(fc.constantFrom("a", "b", " ", "\t", "é", "𝒳"), { maxLength: 140 })
      .map((parts) => parts.join(""));
    const text = fc.array(fc.tuple(line, fc.constantFrom("\n", "\r\n", "\r"))).map((lines) => lines.flat().join(""));
    fc.assert(
      fc.property(text, (sample) => {
        const expected = slowHashes(sample);
        const actual = lineHashes(sample, new Set(expected.keys()));
        expect(Object.fromEntries(actual)).toEqual(Object.fromEntries(expected));
      }),
    );
  });
});
