import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPatternedHex } from "../../src/detect/placeholder.ts";
import { randomHex } from "../support/token.ts";

const hexDigit = fc.constantFrom(...Array.from("0123456789abcdef"));

function repeatTo(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}

describe("isPatternedHex()", () => {
  it("takes a repeated piece for a placeholder", () => {
    fc.assert(
      fc.property(fc.array(hexDigit, { minLength: 1, maxLength: 16 }), (piece) => {
        expect(isPatternedHex(repeatTo(piece.join(""), 64))).toBe(true);
      }),
    );
  });

  it("takes counting and few different digits for a placeholder", () => {
    const counting = Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, "0")).join("");
    const placeholders = [
      counting,
      repeatTo("0123456789", 64),
      repeatTo("fedcba9876543210", 64),
      repeatTo("00112233445566778899aabbccddeeff", 64),
      repeatTo("deadbeef", 64),
      repeatTo("1234567890abcdef", 64).toUpperCase(),
      "0".repeat(63) + "1",
      "a".repeat(32) + "b".repeat(32),
    ];
    for (const secret of placeholders) expect(isPatternedHex(secret), secret).toBe(true);
  });

  it("does not take random digits for a placeholder", () => {
    for (let seed = 0; seed < 20_000; seed++) expect(isPatternedHex(randomHex(seed, 32))).toBe(false);
  });

  it("does not take a secret for a placeholder that a pattern fills only in part", () => {
    const patterns = ["0".repeat(16), "0123456789abcdef", "deadbeefdeadbeef", "a".repeat(14), "1234567890123456"];
    for (const [seed, pattern] of patterns.entries()) {
      const rest = randomHex(`partly ${seed}`, 32).slice(pattern.length);
      for (const secret of [pattern + rest, rest + pattern, rest.slice(0, 20) + pattern + rest.slice(20)]) {
        expect(isPatternedHex(secret), secret).toBe(false);
      }
    }
  });
});
