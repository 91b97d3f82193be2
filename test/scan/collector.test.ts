import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Detector } from "../../src/detect/detector.ts";
import { builtinRules } from "../../src/rules/builtin.generated.ts";
import { compileRules } from "../../src/rules/ruleset.ts";
import { Collector } from "../../src/scan/collector.ts";
import { makeToken } from "../support/token.ts";

const detector = new Detector(compileRules(builtinRules));

function found(collector: Collector) {
  return collector.finds
    .map(({ token, position, encoding, inlineMark }) => ({ raw: token.reveal(), ...position, encoding, inlineMark }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
}

const filler = fc.oneof(
  fc.stringMatching(/^[a-z \n]{0,3000}$/).map((text) => Buffer.from(text)),
  fc.integer({ min: 1, max: 12_000 }).map((length) => Buffer.alloc(length, "x")),
  fc.constant(Buffer.from(" keyrecall:allow why not\n")),
);

const planted = fc
  .tuple(fc.integer(), fc.boolean())
  .map(([seed, isWide]) => Buffer.from(`${makeToken({ seed }).raw} `, isWide ? "utf16le" : "utf8"));

describe("Collector", () => {
  it("finds the same at the same places however the bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(filler, planted), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 20 }),
        (parts, cuts) => {
          // A first byte of zero lets the counters of both widths run from the start, as in a UTF-16 file.
          const bytes = Buffer.concat([Buffer.from("\0\n", "latin1"), ...parts]);
          const whole = new Collector(detector, new Set());
          whole.scan({ kind: "stdin" }, bytes);
          const pieces = new Collector(detector, new Set());
          const writer = pieces.open({ kind: "stdin" });
          let position = 0;
          for (let turn = 0; position < bytes.length; turn++) {
            const length = cuts[turn % cuts.length]!;
            writer.write(bytes.subarray(position, position + length));
            position += length;
          }
          writer.close();
          expect(found(pieces)).toEqual(found(whole));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("counts lines of UTF-16 by line feeds and not by halves of other letters", () => {
    const made = makeToken();
    // U+4E0A is written 0A 4E in little endian, U+0A05 is 0A 05 in big endian.
    for (const [encoding, letter] of [
      ["utf-16le", "\u4e0a"],
      ["utf-16be", "\u0a05"],
    ] as const) {
      const bytes = Buffer.from(`${letter}${letter}\nab\nc${made.raw}\n`, "utf16le");
      if (encoding === "utf-16be") bytes.swap16();
      const collector = new Collector(detector, new Set());
      collector.scan({ kind: "file", path: "notes" }, bytes);
      expect(found(collector)).toEqual([{ raw: made.raw, line: 3, column: 3, encoding: [encoding], inlineMark: null }]);
    }
  });

  it("tells the message of a commit from its identities", () => {
    const [inName, inMessage] = [makeToken(), makeToken()];
    const id = "1".repeat(40);
    const commit = [
      `tree ${id}`,
      `author A ${inName.raw} <a@b> 1 +0000`,
      "committer C <c@d> 1 +0000",
      "",
      "one",
      `two ${inMessage.raw}`,
      "",
    ];
    const collector = new Collector(detector, new Set());
    collector.scan({ kind: "commit", objectId: id }, Buffer.from(commit.join("\n")));
    const places = collector.finds.map(({ token, place, position }) => [
      token.reveal(),
      place.kind,
      position.line,
      position.column,
    ]);
    expect(places).toEqual([
      [inName.raw, "commit-identity", 1, 3],
      [inMessage.raw, "commit-message", 2, 5],
    ]);
  });
});
