// Packs and indexes with changed bytes: never a crash, and never a clean result for what could not be read.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadRules } from "../../src/config/load.ts";
import { Damage, NotForUs } from "../../src/git/storage/damage.ts";
import { shareNames } from "../../src/git/storage/name-lookup.ts";
import { Storage } from "../../src/git/storage/storage.ts";
import type { Rule } from "../../src/rules/schema.ts";
import { PackThreads } from "../../src/scan/pack-threads.ts";
import { GitRepository } from "../support/git-repository.ts";
import { blobId, type DeltaStep, type PackedObject, writePack } from "../support/pack-writer.ts";
import { digestOf, type ObjectDigests, objectsByGit } from "../support/stored-objects.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, randomHex } from "../support/token.ts";

/** Longer runs: KEYRECALL_FUZZ_SECONDS=600 npx vitest run --project tier1 test/property/damaged-packs.test.ts */
const FUZZ_MS = Number(process.env["KEYRECALL_FUZZ_SECONDS"] ?? 4) * 1000;
/** A pack of some kilobytes must not make anybody hold this much. */
const MEMORY_BYTES = 400 * 1024 * 1024;

interface Original {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly objects: ObjectDigests;
}

let rules: readonly Rule[] = [];
let originals: readonly Original[] = [];

beforeAll(async () => {
  rules = await loadRules([]);
  originals = [makeOriginal([]), makeOriginal(["-c", "repack.useDeltaBaseOffset=false"]), makeOriginal([], true)];
});

function makeOriginal(configuration: readonly string[], withMultiIndex = false): Original {
  const repository = GitRepository.init();
  const lines = Array.from({ length: 120 }, (_, index) => `${index} ${randomHex(index, 8)}\n`);
  for (let version = 0; version < 8; version++) {
    lines[version * 11] = `KEY=${makeToken({ seed: version }).raw}\n`;
    repository.commitFile("file.txt", lines.join(""));
  }
  repository.git([...configuration, "repack", "-q", "-a", "-d", "-f"]);
  if (withMultiIndex) repository.git(["multi-pack-index", "write"]);
  const directory = join(repository.gitDir, "objects/pack");
  const names = readdirSync(directory).filter((name) => /\.pack$|\.idx$|^multi-pack-index$/.test(name));
  const kept = withMultiIndex ? names.filter((name) => !name.endsWith(".idx")) : names;
  return {
    files: new Map(kept.map((name) => [name, readFileSync(join(directory, name))])),
    objects: objectsByGit(repository),
  };
}

type Change = readonly [kind: "bit" | "byte" | "cut" | "insert" | "repeat" | "swap", at: number, value: number];

const change: fc.Arbitrary<Change> = fc.tuple(
  fc.constantFrom(
    "bit" as const,
    "byte" as const,
    "byte" as const,
    "cut" as const,
    "insert" as const,
    "repeat" as const,
    "swap" as const,
  ),
  fc.nat(),
  fc.nat(),
);

function applyChange(bytes: Buffer, [kind, where, value]: Change): Buffer {
  const at = where % Math.max(1, bytes.length);
  const copy = Buffer.from(bytes);
  switch (kind) {
    case "bit":
      copy[at]! ^= 1 << (value % 8);
      return copy;
    case "byte":
      copy[at] = [0, 0xff, 0x7f, 0x80, value % 256][value % 5]!;
      return copy;
    case "cut":
      return value % 3 === 0
        ? copy.subarray(0, at)
        : Buffer.concat([copy.subarray(0, at), copy.subarray(at + (value % 9))]);
    case "insert":
      return Buffer.concat([copy.subarray(0, at), Buffer.alloc(value % 40, value % 256), copy.subarray(at)]);
    case "repeat":
      return Buffer.concat([
        copy.subarray(0, at),
        copy.subarray(Math.max(0, at - (value % 60)), at),
        copy.subarray(at),
      ]);
    case "swap":
      copy.copyWithin(at, value % copy.length, (value % copy.length) + (value % 24));
      return copy;
  }
}

/** As one who makes the checksums right again, so that what lies behind them is tried. */
function repairChecksums(files: Map<string, Buffer>): void {
  const sha1 = (bytes: Buffer): Buffer => createHash("sha1").update(bytes).digest();
  let packChecksum: Buffer | null = null;
  for (const [name, bytes] of files) {
    if (!name.endsWith(".pack") || bytes.length < 20) continue;
    packChecksum = sha1(bytes.subarray(0, -20));
    files.set(name, Buffer.concat([bytes.subarray(0, -20), packChecksum]));
  }
  for (const [name, bytes] of files) {
    if (name.endsWith(".pack") || bytes.length < 40) continue;
    const body =
      name.endsWith(".idx") && packChecksum !== null
        ? Buffer.concat([bytes.subarray(0, -40), packChecksum])
        : bytes.subarray(0, -20);
    files.set(name, Buffer.concat([body, sha1(body)]));
  }
}

interface Reading {
  readonly isComplete: boolean;
  readonly objects: ObjectDigests;
  readonly flagged: ReadonlySet<string>;
}

async function read(files: ReadonlyMap<string, Buffer>): Promise<Reading> {
  const directory = makeTempDir("objects");
  mkdirSync(join(directory, "pack"));
  for (const [name, bytes] of files) writeFileSync(join(directory, "pack", name), bytes);
  const { storage, damaged } = await Storage.open([directory], 20);
  const objects: ObjectDigests = new Map();
  const flagged = new Set<string>();
  let isComplete = damaged.length === 0 && storage.packs.length > 0;
  const threads = new PackThreads({ rules, minConfidence: "certain", jobs: 1, signal: undefined });
  await threads.screen(storage.packs, storage.packs.map(shareNames), (pack, part) => {
    for (const entry of part.flagged) flagged.add(pack.nameOf(entry));
    if (part.left.length > 0) isComplete = false;
  });
  for (const pack of storage.packs) {
    if (!pack.mapped.hasRightChecksum || pack.mapped.apart.length > 0) isComplete = false;
    for (let entry = 0; entry < pack.index.count; entry++) {
      const id = pack.nameOf(entry);
      try {
        const { type, bytes } = storage.readEntry(pack, entry);
        objects.set(id, digestOf(type, bytes));
      } catch (error) {
        if (!(error instanceof Damage || error instanceof NotForUs)) throw error;
        isComplete = false;
      }
    }
  }
  storage.close();
  return { isComplete, objects, flagged };
}

describe("changed packs and indexes", () => {
  it("read as they are, or not as complete", async () => {
    const whole = await Promise.all(originals.map(({ files }) => read(files)));
    for (const [position, { objects, isComplete, flagged }] of whole.entries()) {
      expect(isComplete).toBe(true);
      expect(objects).toEqual(originals[position]!.objects);
      expect(flagged.size).toBe(8);
    }
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.nat(),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (which, file, changes) => {
          const original = originals[which % originals.length]!;
          const files = new Map(original.files);
          const name = [...files.keys()][file % files.size]!;
          files.set(name, changes.reduce(applyChange, files.get(name)!));
          const { isComplete, objects } = await read(files);
          // A pack whose index is lost and that a damaged index over several packs no longer names is not opened at all.
          if (isComplete) expect(objects).toEqual(original.objects);
          expect(process.memoryUsage.rss()).toBeLessThan(MEMORY_BYTES);
        },
      ),
      { numRuns: 1_000_000, interruptAfterTimeLimit: FUZZ_MS / 2, markInterruptAsFailure: false },
    );
  });

  it("end in a result when their checksums are right again", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.nat(),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        async (which, file, changes) => {
          const files = new Map(originals[which % originals.length]!.files);
          const name = [...files.keys()][file % files.size]!;
          files.set(name, changes.reduce(applyChange, files.get(name)!));
          repairChecksums(files);
          await read(files);
          expect(process.memoryUsage.rss()).toBeLessThan(MEMORY_BYTES);
        },
      ),
      { numRuns: 1_000_000, interruptAfterTimeLimit: FUZZ_MS / 2, markInterruptAsFailure: false },
    );
  });
});

describe("a pack that lies", () => {
  const base = Buffer.from(`${randomHex("base", 300)}\n`);

  /** Of one base and one delta, with the delta's entry changed before it is packed. */
  async function readLie(steps: readonly DeltaStep[], edit: (pack: Buffer) => Buffer = (pack) => pack) {
    const repository = GitRepository.init({ bare: true });
    const objects: PackedObject[] = [{ bytes: base }, { base: 0, steps }];
    writePack(repository, objects);
    const directory = join(repository.gitDir, "objects/pack");
    const files = new Map<string, Buffer>(
      readdirSync(directory).map((name) => [name, readFileSync(join(directory, name))]),
    );
    for (const [name, bytes] of files) if (name.endsWith(".pack")) files.set(name, edit(bytes));
    repairChecksums(files);
    return read(files);
  }

  it.each<[string, readonly DeltaStep[]]>([
    ["copies from beyond the end of its base", [{ copy: [base.length - 5, 10] }]],
    ["copies from far beyond it", [{ copy: [0x7fffffff, 10] }]],
    ["copies from where no number of 31 bits reaches", [{ copy: [0xfffffff0, 10] }]],
  ])("is named where a delta %s", async (_, steps) => {
    const { isComplete, objects } = await readLie(steps);
    expect(isComplete).toBe(false);
    expect([...objects.keys()]).toEqual([blobId(base)]);
  });

  it("is read where it does not", async () => {
    const { isComplete, objects } = await readLie([{ copy: [5, 10] }, { insert: Buffer.from("x") }]);
    expect(isComplete).toBe(true);
    expect(objects.size).toBe(2);
  });

  it("is named where a delta's base is at a distance where nothing begins", async () => {
    const { isComplete, objects } = await readLie([{ copy: [5, 10] }], (pack) => {
      const copy = Buffer.from(pack);
      // The last entry: its header of one byte, then the distance to its base, in two.
      const header = copy.lastIndexOf(Buffer.from([0x78, 0x9c])) - 2;
      copy[header + 1]! ^= 1;
      return copy;
    });
    expect(isComplete).toBe(false);
    expect([...objects.keys()]).toEqual([blobId(base)]);
  });
});
