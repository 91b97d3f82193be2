import * as fc from "fast-check";
import { expect, it } from "vitest";
import { decodeByteText, encodeByteText } from "../../src/core/byte-text.ts";

it("decodeByteText() loses no byte", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .array(fc.constantFrom(0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xed, 0xb2, 0x80, 0xf0, 0x9f, 0x98, 0x80, 0xff))
      .map((list) => Uint8Array.from(list)),
  );
  fc.assert(
    fc.property(bytes, (array) => {
      const original = Buffer.from(array);
      expect(encodeByteText(decodeByteText(original)).equals(original)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

it("decodeByteText() leaves UTF-8 as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(decodeByteText(Buffer.from(text))).toBe(text);
    }),
  );
});
