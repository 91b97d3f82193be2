// What is inflated in WebAssembly is what zlib inflates, and what is damaged is refused.
import { randomBytes } from "node:crypto";
import { constants, deflateSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Damage } from "../../src/git/storage/damage.ts";
import { Inflater } from "../../src/git/storage/inflater.ts";

const { Z_FILTERED, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE, Z_DEFAULT_STRATEGY } = constants;
const inflater = new Inflater();
const small = deflateSync("x");

/** Pieces of few letters, of text, of noise and of what stood before, so that every kind of block comes up. */
const content = fc
  .array(
    fc.oneof(
      fc.record({ kind: fc.constant("noise"), length: fc.nat(3000) }),
      fc.record({ kind: fc.constant("run"), length: fc.nat(40_000) }),
      fc.record({ kind: fc.constant("text"), length: fc.nat(3000) }),
      fc.record({ kind: fc.constant("again"), length: fc.nat(70_000) }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => {
    let bytes = Buffer.alloc(0);
    for (const { kind, length } of pieces) {
      let piece = randomBytes(length);
      if (kind === "run") piece = Buffer.alloc(length, length % 7);
      if (kind === "text") piece = Buffer.from(randomBytes(length).toString("base64"));
      if (kind === "again") piece = Buffer.from(bytes.subarray(0, length));
      bytes = Buffer.concat([bytes, piece]);
    }
    return bytes;
  });

const settings = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
  strategy: fc.constantFrom(Z_DEFAULT_STRATEGY, Z_FILTERED, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE),
});

describe("Inflater", () => {
  it("gives back what zlib has deflated, whatever its settings", () => {
    fc.assert(
      fc.property(content, settings, (bytes, options) => {
        const packed = deflateSync(bytes, options);
        const inflated = inflater.inflate(packed, bytes.length);
        expect(inflated.equals(bytes)).toBe(true);
        // zlib gives bytes of their own.
        if (bytes.length > 0) expect(inflated.buffer).toBe(inflater.inflate(small, 1).buffer);
      }),
      { numRuns: 300 },
    );
  });

  it("takes no stream of another length, with another checksum, that is cut or that is followed by anything", () => {
    const bytes = Buffer.from(randomBytes(600).toString("hex"));
    const packed = deflateSync(bytes);
    const wrong = Buffer.from(packed);
    wrong[wrong.length - 1]! ^= 1;
    expect(() => inflater.inflate(packed, bytes.length - 1)).toThrow(Damage);
    expect(() => inflater.inflate(packed, bytes.length + 1)).toThrow(Damage);
    expect(() => inflater.inflate(wrong, bytes.length)).toThrow(Damage);
    for (let length = 0; length < packed.length; length++) {
      expect(() => inflater.inflate(packed.subarray(0, length), bytes.length)).toThrow(Damage);
    }
    expect(() => inflater.inflate(Buffer.concat([packed, Buffer.alloc(1)]), bytes.length)).toThrow(Damage);
    expect(inflater.inflate(packed, bytes.length).equals(bytes)).toBe(true);
  });

  it("survives every damage, and gives nothing else than what was deflated", () => {
    fc.assert(
      fc.property(
        content,
        settings,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1 }),
        (bytes, options, changes) => {
          const packed = deflateSync(bytes, options);
          for (const [at, value] of changes) packed[at % packed.length] = value;
          let result: Buffer | null = null;
          try {
            result = inflater.inflate(packed, bytes.length);
          } catch (error) {
            expect(error).toBeInstanceOf(Damage);
          }
          if (result !== null) expect(result.equals(bytes)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
