// Bounded fuzz runs: whatever bytes there are, a decoder ends, stays within its bounds and says where things stood.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BytewiseScanner, createScanner } from "../../src/detect/anchors/anchor-scanner.ts";
import { makeTables } from "../../src/detect/anchors/anchor-tables.ts";
import { Detector } from "../../src/detect/detector.ts";
import { decodeBase64, readBase64Run } from "../../src/detect/forms/base64.ts";
import { readConcatenated } from "../../src/detect/forms/concatenation.ts";
import type { Decoded } from "../../src/detect/forms/decoded.ts";
import { decodeEscapes, type EscapeKind } from "../../src/detect/forms/escapes.ts";
import { readGap } from "../../src/detect/forms/gaps.ts";
import { decodeHex, readHexRun } from "../../src/detect/forms/hex.ts";
import { readWide } from "../../src/detect/forms/wide.ts";
import { builtinRules } from "../../src/rules/builtin.generated.ts";
import { compileRules } from "../../src/rules/ruleset.ts";
import { ENCODED_FORMS } from "../support/encoded-forms.ts";
import { makeToken } from "../support/token.ts";

const ruleset = compileRules(builtinRules);
const detector = new Detector(ruleset, { minConfidence: "suspect" });

/** What the decoders look for, in pieces. */
const PIECES = (
  `ik_ k_s _sd sdk_ %69 %25 %2569 %5F \\u0069 \\\\u005f \\x6b \\u{6b} \\U0000006b \\137 &#105; &#x69; &#0000095 &amp; &amp;#95; &lowbar; ` +
  `=5F =69k = == aWtf c2Rr lrX3 pa19 YVd0Zg== 696b5f H4sI SDRz UEsDBBQA 6b5f 0x6b, 0x5f 69:6b " ' \` + . & | + _ // /* */ # -- \${" "} .append( s+= \\n \\" \\ ` +
  `00000010: 00000000 |ik_sdk_ a1b2c3d4_ deadbeef`
).split(" ");

const almost = fc
  .array(
    fc.oneof(
      fc.constantFrom(...PIECES, " ", "\n", "\r\n", "\\\n", "=\n", "\n+", "i\0k\0_\0", "\0"),
      fc.stringMatching(/^[0-9a-f]{0,70}$/),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
      fc.constantFrom(...Object.values(ENCODED_FORMS)).map((form) => {
        const bytes = form.encode(makeToken({ seed: 1 }).raw);
        return bytes.toString("latin1", 0, bytes.length >> 1);
      }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => Buffer.from(parts.join(""), "latin1"));

function expectInBounds(decoded: Decoded, text: Buffer): void {
  let before = 0;
  for (let index = 0; index < decoded.bytes.length; index++) {
    const [start, end] = [decoded.startOf(index), decoded.endOf(index)];
    if (!(start >= 0 && end > start && end <= text.length && start >= before)) {
      expect.fail(`byte ${index} of ${decoded.bytes.length} stands from ${start} to ${end}, behind ${before}`);
    }
    before = start;
  }
}

describe("decoders, given anything", () => {
  it("read runs of base64 and of hex within bounds", () => {
    fc.assert(
      fc.property(almost, fc.nat(), (text, where) => {
        if (text.length === 0) return;
        const at = where % text.length;
        const inBase64 = readBase64Run(text, at, 512, 1024);
        for (const first of [0, 1, 2, 3]) {
          if (first < inBase64.length) expectInBounds(decodeBase64(text, inBase64, first), text);
        }
        const inHex = readHexRun(text, at, 512);
        for (const first of [0, 1]) if (first < inHex.length) expectInBounds(decodeHex(text, inHex, first), text);
      }),
      { numRuns: 1500 },
    );
  });

  it.each(["percent", "unicode-escape", "html-entity", "quoted-printable"] as EscapeKind[])(
    "decode escapes: %s",
    (kind) => {
      fc.assert(
        fc.property(almost, fc.nat(), (text, from) => {
          const start = text.length === 0 ? 0 : from % text.length;
          const decoded = decodeEscapes(text, start, text.length, kind);
          expectInBounds(decoded, text);
          expect(decoded.bytes.length).toBeLessThanOrEqual(text.length - start);
        }),
        { numRuns: 600 },
      );
    },
  );

  it("read gaps, tokens over gaps, and UTF-16", () => {
    fc.assert(
      fc.property(almost, (text) => {
        for (let at = 0; at < text.length; at += 7) {
          const gap = readGap(text, at, () => true);
          if (gap !== null) expect(gap.end).toBeGreaterThan(at);
          for (const rule of ruleset.rules) readConcatenated(text, at, rule, 4096);
          const wide = readWide(text, at, at % 2 === 0, 512);
          if (wide !== null)
            for (let index = 0; index < wide.bytes.length; index++) expect(wide.endOf(index)).toBeGreaterThan(at - 600);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("never lead the detector astray", () => {
    fc.assert(
      fc.property(almost, (text) => {
        for (const hit of detector.find(text)) {
          expect(hit.start).toBeGreaterThanOrEqual(0);
          expect(hit.end).toBeGreaterThan(hit.start);
          expect(hit.end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 1500 },
    );
  });
});

describe("the scan for anchors", () => {
  it("finds the same in WebAssembly and byte by byte", () => {
    const tables = makeTables(ruleset);
    const [simd, bytewise] = [createScanner(tables), new BytewiseScanner(tables)];
    expect(simd.constructor.name).toBe("SimdScanner");
    const eventsOf = (scanner: typeof simd, text: Buffer): number[][] => {
      const events: number[][] = [];
      scanner.scan(text, (at, bits) => void events.push([at, bits]));
      return events.filter(([at]) => at! < text.length);
    };
    fc.assert(
      fc.property(almost, fc.nat({ max: 70_000 }), (text, padding) => {
        const long = Buffer.concat([Buffer.alloc(padding, "pad "), text]);
        expect(eventsOf(simd, long)).toEqual(eventsOf(bytewise, long));
      }),
      { numRuns: 150 },
    );
  });
});
