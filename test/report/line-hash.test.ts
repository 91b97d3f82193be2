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

  /** Hashes that GitHub's upload action computes of these texts. */
  it.each<[string, string[]]>([
    ["", ["c129715d7a2bc9a3:1"]],
    [" a\nb\n  \t\tc\n d", ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]],
    [
      " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
      [
        "e9496ae3ebfced30:1",
        "fb7c023a8b9ccb3f:1",
        "ce8ba1a563dcdaca:1",
        "e20e36e16fcb0cc8:1",
        "b3edc88f2938467e:1",
        "c8e28b0b4002a3a0:1",
        "c129715d7a2bc9a3:1",
      ],
    ],
    [
      "Lorem ipsum dolor sit amet.\n".repeat(10),
      [
        ...[1, 2, 3, 4, 5, 6].map((count) => `a7f2ff13bc495cf2:${count}`),
        "a7f2ff1481e87703:1",
        "a9cf91f7bbf1862b:1",
        "55ec222b86bcae53:1",
        "cc97dc7b1d7d8f7b:1",
        "c129715d7a2bc9a3:1",
      ],
    ],
  ])("is GitHub's own of %j", (text, expected) => {
    const lines = new Set(expected.map((_, index) => index + 1));
    expect([...lineHashes(text, lines).values()]).toEqual(expected);
  });
});
