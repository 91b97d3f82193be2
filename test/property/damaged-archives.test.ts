// Archives with faults anywhere: reading them ends, within bounds, and what is not handed over is named.
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isContainer } from "../../src/detect/containers/unpack.ts";
import { bzip2, gnuLongName, paxRecords, tar, zip } from "../support/archives.ts";
import { unpack } from "../support/unpacked.ts";

/** More runs for a longer look: KEYRECALL_FUZZ_RUNS=100000. */
const RUNS = Number(process.env.KEYRECALL_FUZZ_RUNS ?? 400);
const MAX_UNPACKED = 4 * 1024 * 1024;
const LIMITS = { freeBytes: MAX_UNPACKED / 4, ratio: 10, entries: 2000 };

const HEADER_BYTES = 10;

const FIRST = "the first text, which is no long one\n".repeat(12);
const SECOND = Array.from({ length: 90 }, (_, i) => `${i * i * 7919}=${i}`).join("\n");
const [first, second] = [Buffer.from(FIRST), Buffer.from(SECOND)];
const deflated = { name: "a.txt", content: first };

const ARCHIVES: Readonly<Record<string, Buffer>> = {
  gzip: gzipSync(Buffer.concat([first, second])),
  bzip2: bzip2(Buffer.concat([first, second])),
  zip: zip([deflated, { name: "b/second.txt", content: second, comment: "c" }], { comment: "all" }),
  "stored zip": zip([
    { ...deflated, method: "stored" },
    { name: "b", content: second, method: "stored", zip64: true },
  ]),
  "zip with sizes behind": zip([
    { ...deflated, descriptor: "marked" },
    { name: "b", content: second, method: "stored", descriptor: "bare" },
  ]),
  "zip behind a text": zip([deflated, { name: "b", content: second }], { prefix: Buffer.from("#!/bin/sh\nexit\n") }),
  "zip with bzip2": zip([
    { ...deflated, method: 12 },
    { name: "b", content: second },
  ]),
  tar: tar(
    [
      ...gnuLongName(`${"x/".repeat(80)}a`, first),
      paxRecords({ path: "b", comment: "c" }),
      { name: "b", content: second },
    ],
    "gnu",
  ),
  "tar.gz": gzipSync(
    tar([
      { name: "a", content: first },
      { name: "b", content: second },
    ]),
  ),
  "zip in tar": tar([{ name: "z", content: zip([deflated, { name: "b", content: second }]) }]),
};

type Fault =
  | { readonly kind: "byte"; readonly at: number; readonly value: number }
  | { readonly kind: "cut"; readonly at: number }
  | { readonly kind: "out"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "in"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "number"; readonly at: number; readonly value: number };

const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const someBytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant("byte" as const), at, value: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant("cut" as const), at }),
  fc.record({ kind: fc.constant("out" as const), at, bytes: someBytes }),
  fc.record({ kind: fc.constant("in" as const), at, bytes: someBytes }),
  fc.record({
    kind: fc.constant("number" as const),
    at,
    value: fc.constantFrom(0, 1, 0x7fff_ffff, 0xffff_ffff, 0x8000_0000, 0xffff),
  }),
);

function apply(bytes: Buffer, one: Fault): Buffer {
  const position = Math.floor(one.at * bytes.length);
  if (one.kind === "cut") return bytes.subarray(0, position);
  if (one.kind === "in") return Buffer.concat([bytes.subarray(0, position), one.bytes, bytes.subarray(position)]);
  if (one.kind === "out")
    return Buffer.concat([bytes.subarray(0, position), bytes.subarray(position + one.bytes.length)]);
  const copy = Buffer.from(bytes);
  if (one.kind === "byte") copy[position] = one.value;
  else if (position + 4 <= copy.length) copy.writeUInt32LE(one.value, position);
  return copy;
}

const reading = fc.constantFrom(
  { pieces: [] as number[], wholeBytes: 4 * 1024 * 1024 },
  { pieces: [300], wholeBytes: 4 * 1024 * 1024 },
  { pieces: [517, 3], wholeBytes: 0 },
  { pieces: [100_000], wholeBytes: 0 },
);

describe("a damaged archive", () => {
  for (const [name, archive] of Object.entries(ARCHIVES)) {
    it(`is read within bounds: ${name}`, () => {
      fc.assert(
        fc.property(fc.array(fault, { minLength: 1, maxLength: 6 }), reading, (faults, { pieces, wholeBytes }) => {
          const damaged = faults.reduce(apply, archive);
          const { contents } = unpack(damaged, pieces, { ...LIMITS, wholeBytes });
          let unpacked = 0;
          for (const text of contents.values()) unpacked += text.length;
          expect(unpacked).toBeLessThan(2 * MAX_UNPACKED);
        }),
        { numRuns: RUNS },
      );
    });

    // tar has no checksum of what is in it: there a fault in a content shows nowhere.
    if (name.includes("tar") && name !== "tar.gz") continue;
    it(`is never clean with something missing: ${name}`, () => {
      fc.assert(
        fc.property(fault, reading, (one, { pieces, wholeBytes }) => {
          const damaged = apply(archive, one);
          // What does not begin like an archive any more, as every program has it, is none.
          if (!isContainer(damaged) || one.at * archive.length < HEADER_BYTES) return;
          const { contents, unread } = unpack(damaged, pieces, { ...LIMITS, wholeBytes });
          const all = [...contents.values()].join("\0");
          if (unread.length === 0) expect(all.includes(FIRST) && all.includes(SECOND)).toBe(true);
        }),
        { numRuns: RUNS },
      );
    });
  }
});
