// Archives in one another in any order: every token is found, once, at the place where it was put, in what is read whole
// and in what comes in pieces.
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Unpacking, UNPACK_LIMITS, unpackWhole } from "../../src/detect/containers/unpack.ts";
import { Detector } from "../../src/detect/detector.ts";
import { builtinRules } from "../../src/rules/builtin.generated.ts";
import { compileRules } from "../../src/rules/ruleset.ts";
import { Collector } from "../../src/scan/collector.ts";
import { bzip2, gnuLongName, paxRecords, tar, type TarEntry, zip, type ZipEntry } from "../support/archives.ts";
import { makeToken } from "../support/token.ts";

const detector = new Detector(compileRules(builtinRules));

interface Layer {
  readonly kind: "gzip" | "members" | "bzip2" | "tar" | "zip";
  readonly name: string;
  readonly before: Buffer;
  readonly after: Buffer;
  readonly variant: number;
}

const noise = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const name = fc
  .array(fc.constantFrom("a", "b.env", "é", "dir/", "..", "x y", ":", "PK", "ustar"), { minLength: 1, maxLength: 30 })
  .map((parts) => parts.join(""))
  .filter((text) => !text.endsWith("/"));

const layer: fc.Arbitrary<Layer> = fc.record({
  kind: fc.constantFrom("gzip" as const, "members" as const, "bzip2" as const, "tar" as const, "zip" as const),
  name,
  before: noise,
  after: noise,
  variant: fc.nat({ max: 11 }),
});

function pack(content: Buffer, { kind, name: entryName, before, after, variant }: Layer): Buffer {
  switch (kind) {
    case "gzip":
      return Buffer.concat([gzipSync(content, { level: variant % 10 }), Buffer.from(["", "garbage"][variant % 2]!)]);
    case "members": {
      const cut = Math.floor(content.length / 2);
      return Buffer.concat([gzipSync(content.subarray(0, cut)), gzipSync(content.subarray(cut))]);
    }
    case "bzip2":
      return bzip2(content);
    case "tar": {
      const format = (["ustar", "gnu", "old"] as const)[variant % 3]!;
      const isLong = Buffer.byteLength(entryName) > 99;
      const entry: TarEntry = { name: entryName, content };
      const pax = [paxRecords({ path: entryName, mtime: "1.5" }), { name: "short", content }];
      const entries = !isLong && variant % 2 === 0 ? [entry] : format === "gnu" ? gnuLongName(entryName, content) : pax;
      return tar(
        [{ name: "before", content: before }, ...entries, { name: "after", content: after }],
        format,
        variant < 10,
      );
    }
    case "zip": {
      const method = variant % 2 === 0 ? "stored" : "deflated";
      const descriptor = ([undefined, "marked", "bare"] as const)[variant % 3];
      const zip64 = variant % 4 === 3;
      const entry: ZipEntry = {
        name: entryName,
        content,
        method,
        zip64,
        ...(descriptor === undefined ? {} : { descriptor }),
      };
      const entries = [{ name: "before", content: before }, entry, { name: "after", content: after }];
      return zip(entries, { comment: variant > 8 ? "of the archive" : "" });
    }
  }
}

function stepOf({ kind, name: entryName }: Layer): string {
  return kind === "tar" || kind === "zip" ? `${kind}:${entryName}` : kind === "members" ? "gzip" : kind;
}

describe("a token in archives in archives", () => {
  it("is found once, at its place", () => {
    fc.assert(
      fc.property(
        fc.array(layer, { minLength: 1, maxLength: 5 }),
        fc.array(fc.constantFrom("x", "\n", "é", " = "), { maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 }),
        (layers, start, pieces) => {
          const token = makeToken();
          const text = Buffer.from(`${start.join("")}\n${token.raw}\n`);
          const bytes = layers.reduceRight(pack, text);
          const lines = Buffer.from(start.join("")).toString("latin1").split("\n");
          const expected = {
            container: layers.map(stepOf),
            inner: { line: lines.length + 1, column: 1 },
          };

          const whole = new Collector(detector, new Set());
          whole.scan({ kind: "file", path: "f" }, bytes);
          const cut = new Collector(detector, new Set());
          const writer = cut.open({ kind: "file", path: "f" });
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const size = pieces[turn % pieces.length]!;
            writer.write(Buffer.from(bytes.subarray(at, at + size)));
            at += size;
          }
          writer.close();
          for (const { finds, coverage } of [whole, cut]) {
            expect(coverage.gaps).toEqual([]);
            const places = finds.map(({ container, inner }) => ({ container, inner }));
            expect(places).toEqual([expected]);
            expect(finds[0]?.token.fingerprint).toBe(token.fingerprint);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("hands over the same in pieces, however they are cut", () => {
    fc.assert(
      fc.property(
        fc.array(layer, { minLength: 1, maxLength: 3 }),
        fc.uint8Array({ minLength: 1, maxLength: 2000 }),
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 }),
        (layers, content, pieces) => {
          const bytes = layers.reduceRight(pack, Buffer.from(content));
          const list = (): { contents: Map<string, string>; unread: string[] } => ({ contents: new Map(), unread: [] });
          const [whole, cut] = [list(), list()];
          unpackWhole(bytes, contentsInto(whole));
          const unpacking = new Unpacking(contentsInto(cut), { ...UNPACK_LIMITS, wholeBytes: 0 });
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const size = pieces[turn % pieces.length]!;
            unpacking.write(Buffer.from(bytes.subarray(at, at + size)));
            at += size;
          }
          unpacking.close();
          expect(whole.unread).toEqual([]);
          expect(cut).toEqual(whole);
          expect(whole.contents.get(layers.map(stepOf).join("\0"))).toBe(Buffer.from(content).toString("latin1"));
        },
      ),
      { numRuns: 300 },
    );
  });
});

function contentsInto(found: { contents: Map<string, string>; unread: string[] }): Parameters<typeof unpackWhole>[1] {
  const add = (steps: readonly string[], bytes: Buffer): void => {
    const key = steps.join("\0");
    found.contents.set(key, (found.contents.get(key) ?? "") + bytes.toString("latin1"));
  };
  return {
    whole: ({ steps }, bytes) => add(steps, bytes),
    stream: ({ steps }) => ({ write: (bytes) => add(steps, bytes), close: () => {} }),
    text: () => {},
    unread: (steps, why) => found.unread.push(`${steps.join(" > ")}: ${why}`),
    leftOut: () => {},
  };
}
