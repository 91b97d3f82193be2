// In a family of deltas exactly those objects are picked out that a search of every whole object would pick out.
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadRules } from "../../src/config/load.ts";
import { isContainer } from "../../src/detect/containers/unpack.ts";
import { Detector } from "../../src/detect/detector.ts";
import { shareNames } from "../../src/git/storage/name-lookup.ts";
import { Storage } from "../../src/git/storage/storage.ts";
import { compileRules } from "../../src/rules/ruleset.ts";
import type { Rule } from "../../src/rules/schema.ts";
import { PackThreads } from "../../src/scan/pack-threads.ts";
import { tar, zip } from "../support/archives.ts";
import { scan } from "../support/cli.ts";
import { ENCODED_FORMS } from "../support/encoded-forms.ts";
import { GitRepository } from "../support/git-repository.ts";
import { blobId, type DeltaStep, type PackedObject, applySteps, writePack } from "../support/pack-writer.ts";
import { expectFound, occurrencesOf } from "../support/report.ts";
import { contentsByGit } from "../support/stored-objects.ts";
import { makeToken, randomHex } from "../support/token.ts";

let rules: readonly Rule[] = [];
beforeAll(async () => {
  rules = await loadRules([]);
});

const tokens = [0, 1, 2].map((seed) => makeToken({ seed, plane: seed === 1 ? "data" : "control" }).raw);
const encoded = tokens.flatMap((raw) => [
  Buffer.from(raw),
  Buffer.from(raw, "utf16le"),
  Buffer.from(raw, "utf16le").swap16(),
]);
const inForms = Object.values(ENCODED_FORMS).flatMap((form) => tokens.map((raw) => form.encode(raw)));

const archives = [
  zip([{ name: "a", content: Buffer.from("b") }]),
  zip([]),
  tar([{ name: "a", content: Buffer.from("b") }]),
  gzipSync("b"),
];

/** Whole tokens, parts of them, what nearly is one, and what is none. */
const material = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...encoded) },
  { weight: 2, arbitrary: fc.constantFrom(...inForms) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...encoded, ...inForms), fc.nat(), fc.nat())
      .map(([bytes, a, b]) => bytes.subarray(Math.min(a, b) % bytes.length, Math.max(a, b) % bytes.length)),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom("ik_", "_sdk_", "ik_live_", "i", "k", "0", "a".repeat(20), "\0", "\n")
      .map((t) => Buffer.from(t)),
  },
  { weight: 2, arbitrary: fc.nat(40).map((length) => Buffer.from(randomHex(length, 40).slice(0, 2 * length))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.constantFrom(...archives) },
  { weight: 1, arbitrary: fc.nat(5000).map((length) => Buffer.alloc(length, "some words of a line\n")) },
);

interface Step {
  readonly insert: Buffer | null;
  readonly from: number;
  readonly length: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  insert: fc.option(material, { freq: 1 }),
  from: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.double({ min: 0, max: 1, noNaN: true }),
});

interface Link {
  /** Which of the objects before it is its base, counted from the last; null for a whole object. */
  readonly back: number | null;
  readonly material: readonly Buffer[];
  readonly steps: readonly Step[];
  /** Copies from anywhere; the base with one place changed; two parts of a token that the base has apart put together. */
  readonly kind: "shuffle" | "edit" | "join";
  /** A token that is cut near its beginning, where it is what a search looks for that is cut. */
  readonly cut: readonly [token: Buffer, at: number];
  readonly isNamed: boolean;
}

const link: fc.Arbitrary<Link> = fc.record({
  back: fc.option(fc.oneof(fc.constant(0), fc.nat(30)), { freq: 8 }),
  material: fc.array(material, { minLength: 1, maxLength: 8 }),
  steps: fc.array(step, { minLength: 1, maxLength: 6 }),
  kind: fc.constantFrom("shuffle" as const, "edit" as const, "join" as const),
  cut: fc.tuple(fc.constantFrom(...encoded, ...inForms), fc.integer({ min: 1, max: 18 })),
  isNamed: fc.boolean(),
});

/** Longer than what is looked at of every beginning, and without a letter that a token begins with. */
const FILLER = Buffer.alloc(900, "one more word\n");
const APART = Buffer.from("\nmeanwhile\n");

function build(links: readonly Link[]): PackedObject[] {
  const objects: PackedObject[] = [];
  const contents: Buffer[] = [];
  const seen = new Set<string>();
  for (const { back, material: pieces, steps, kind, cut, isNamed } of links) {
    const [token, at] = cut;
    const apart = [FILLER, token.subarray(at), APART, token.subarray(0, at), FILLER];
    let object: PackedObject = { bytes: Buffer.concat(kind === "join" ? apart : pieces) };
    if (back !== null && objects.length > 0) {
      const base = objects.length - 1 - (back % objects.length);
      object = { base, steps: stepsOf(contents[base]!, kind, steps), isNamed };
    }
    const bytes = "bytes" in object ? object.bytes : applySteps(contents[object.base]!, object.steps);
    if (seen.has(blobId(bytes)) || bytes.length > 60_000) continue;
    seen.add(blobId(bytes));
    objects.push(object);
    contents.push(bytes);
  }
  return objects;
}

function stepsOf(base: Buffer, kind: Link["kind"], steps: readonly Step[]): DeltaStep[] {
  if (kind === "edit") return edit(base.length, steps[0]!);
  return kind === "join" ? assemble(base, steps[0]!) : shuffle(base.length, steps);
}

/** Of the parts that stand apart in the base one token, with some of the base before and behind. */
function assemble(base: Buffer, { from, length }: Step): DeltaStep[] {
  const middle = base.indexOf(APART);
  if (middle === -1) return copyOf(0, base.length, base.length);
  const beginning = middle + APART.length;
  return [
    ...copyOf(0, Math.ceil(from * FILLER.length), base.length),
    ...copyOf(beginning, beginning + partLength(base, beginning), base.length),
    ...copyOf(FILLER.length, middle, base.length),
    ...copyOf(0, Math.ceil(length * FILLER.length), base.length),
  ];
}

/** How much of a token's beginning stands there, in front of the filler. */
function partLength(base: Buffer, at: number): number {
  return base.indexOf(FILLER, at) - at;
}

function shuffle(length: number, steps: readonly Step[]): DeltaStep[] {
  return steps.flatMap((one): DeltaStep[] => {
    if (one.insert !== null) return one.insert.length === 0 ? [] : [{ insert: one.insert }];
    return copyOf(
      Math.floor(one.from * length),
      Math.floor(one.from * length) + Math.ceil(one.length * length),
      length,
    );
  });
}

function edit(length: number, { from, length: cut, insert }: Step): DeltaStep[] {
  const at = Math.floor(from * length);
  return [
    ...copyOf(0, at, length),
    ...(insert === null || insert.length === 0 ? [] : [{ insert }]),
    ...copyOf(at + Math.floor(cut * 90), length, length),
  ];
}

function copyOf(from: number, to: number, length: number): { copy: [number, number] }[] {
  const end = Math.min(to, length);
  return end > from ? [{ copy: [from, end - from] }] : [];
}

/** What stands in an archive shows only once it is unpacked. */
function isToBeSeen(detector: Detector, bytes: Buffer): boolean {
  return detector.find(bytes).length > 0 || isContainer(bytes);
}

async function flaggedOf(repository: GitRepository, minConfidence: "certain" | "suspect"): Promise<string[]> {
  const { storage, damaged } = await Storage.open([join(repository.gitDir, "objects")], 20);
  expect(damaged).toEqual([]);
  const flagged: string[] = [];
  let counted = 0;
  const threads = new PackThreads({ rules, minConfidence, jobs: 1, signal: undefined });
  await threads.screen(storage.packs, storage.packs.map(shareNames), (pack, part) => {
    for (const entry of part.flagged) flagged.push(pack.nameOf(entry));
    expect([...part.left, ...part.damage]).toEqual([]);
    counted += part.counts.subarray(1).reduce((sum, count) => sum + count, 0);
  });
  expect(counted + flagged.length).toBe(storage.packs.reduce((sum, { index }) => sum + index.count, 0));
  storage.close();
  return flagged.toSorted();
}

describe("a family of deltas", () => {
  it("gives the objects that a search of each whole one gives", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(link, { minLength: 2, maxLength: 60 }),
        fc.constantFrom("certain" as const, "suspect" as const),
        async (links, minConfidence) => {
          const repository = GitRepository.init({ bare: true });
          const written = writePack(repository, build(links));
          const detector = new Detector(compileRules(rules), { minConfidence });
          const expected = written.filter(({ bytes }) => isToBeSeen(detector, bytes)).map(({ id }) => id);
          expect(await flaggedOf(repository, minConfidence)).toEqual(expected.toSorted());
        },
      ),
      { numRuns: 150 },
    );
  });

  it("gives the object that puts a token together, in whatever form and wherever the pieces are cut", async () => {
    const repository = GitRepository.init({ bare: true });
    const objects: PackedObject[] = [];
    const forms = [...encoded, ...inForms.filter((_, index) => index % tokens.length === 0)];
    const end = Buffer.from("\n\n");
    for (const [number, form] of forms.entries()) {
      for (let at = 1; at < form.length; at++) {
        const mark = Buffer.from(`\n\n${number} ${at}\n\n`);
        const bytes = Buffer.concat([FILLER, end, form.subarray(at), mark, form.subarray(0, at), end, FILLER]);
        const tail = FILLER.length + end.length;
        const head = tail + form.length - at + mark.length;
        const steps: DeltaStep[] = [
          { copy: [0, tail] },
          { copy: [head, at] },
          { copy: [tail, form.length - at + mark.length] },
        ];
        objects.push({ bytes }, { base: objects.length, steps });
      }
    }
    const written = writePack(repository, objects);
    const detector = new Detector(compileRules(rules), {});
    const odd = new Set(written.filter((_, index) => index % 2 === 1).map(({ id }) => id));
    const expected = written.filter(({ bytes }) => isToBeSeen(detector, bytes));
    const assembled = expected.filter(({ id }) => odd.has(id));
    // A base can hold the token already: cut into pieces it is a form by itself.
    expect(assembled.length).toBeGreaterThan(0.9 * (objects.length / 2));
    expect(await flaggedOf(repository, "certain")).toEqual(expected.map(({ id }) => id).toSorted());
  });

  it("gives the object that makes an archive out of what is none", async () => {
    const archive = zip([{ name: "a", content: Buffer.from("b") }], { comment: "c".repeat(40) });
    const behind = Buffer.alloc(70_000, "more words\n");
    const bytes = Buffer.concat([FILLER, archive, behind]);
    const { length } = Buffer.concat([FILLER, archive]);
    const block = tar([{ name: "a", content: Buffer.from("b") }]);
    const turned = Buffer.concat([FILLER, block]);
    const objects: PackedObject[] = [
      // The record that ends it is too far from the end, until what is behind it is left out.
      { bytes },
      { base: 0, steps: [{ copy: [0, length] }] },
      // The first block of a tar archive stands somewhere, and then at the beginning.
      { bytes: turned },
      { base: 2, steps: [{ copy: [FILLER.length, block.length] }] },
      { base: 2, steps: [{ copy: [FILLER.length, 100] }, { copy: [FILLER.length + 101, block.length - 101] }] },
    ];
    const repository = GitRepository.init({ bare: true });
    const written = writePack(repository, objects);
    const detector = new Detector(compileRules(rules), {});
    const expected = written.filter((one) => isToBeSeen(detector, one.bytes)).map(({ id }) => id);
    expect(expected).toEqual([written[1]!.id, written[3]!.id]);
    expect(await flaggedOf(repository, "certain")).toEqual(expected.toSorted());
  });

  it("can be as deep as git makes them", async () => {
    const repository = GitRepository.init({ bare: true });
    const token = makeToken();
    const [left, right] = [token.raw.slice(0, 30), token.raw.slice(30)];
    const lines = Array.from({ length: 60 }, (_, index) => randomHex(index, 30));
    const versions = Array.from({ length: 4500 }, (_, version) => {
      lines[version % 60] = `${1000 + version} ${randomHex(version, 28)}`.slice(0, 60);
      // Cut in two, put together, moved, and taken out again.
      const own =
        version % 900 < 300 ? [left, ...lines, right] : version % 900 < 500 ? [...lines, left + right] : lines;
      const text = (version % 900 === 450 ? [left + right, ...lines] : own).join("\n");
      // git looks for bases among neighbours in size: with one size for all, each is the base of the next.
      return text.padEnd(4000, "\n");
    });
    const stream = versions.map(
      (text, version) =>
        `commit refs/heads/main\ncommitter A <a@example.org> ${1_770_000_000 + version} +0000\ndata 1\nx\n` +
        `M 100644 inline f.txt\ndata ${Buffer.byteLength(text)}\n${text}\n`,
    );
    repository.git(["fast-import", "--quiet", "--depth=4095"], { input: stream.join("") });
    repository.git(["repack", "-q", "-a", "-d", "-f", "--depth=4095", "--window=2"]);
    const { storage } = await Storage.open([join(repository.gitDir, "objects")], 20);
    expect(deepestChain(storage.packs[0]!.mapped.map.bases)).toBeGreaterThan(2000);
    storage.close();
    const detector = new Detector(compileRules(rules), {});
    const expected = [...contentsByGit(repository)].filter(([, { bytes }]) => detector.find(bytes).length > 0);
    expect(expected).toHaveLength(versions.filter((text) => text.includes(token.raw)).length);
    expect(await flaggedOf(repository, "certain")).toEqual(expected.map(([id]) => id).toSorted());
    const run = scan(["--history"], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(occurrencesOf(run, token)).toHaveLength(expected.length);
  });
});

function deepestChain(bases: Int32Array): number {
  const depths = new Int32Array(bases.length).fill(-1);
  let deepest = 0;
  for (let entry = 0; entry < bases.length; entry++) {
    const chain: number[] = [];
    let at = entry;
    while (bases[at] !== -1 && depths[at] === -1) {
      chain.push(at);
      at = bases[at]!;
    }
    let depth = Math.max(0, depths[at]!);
    for (const one of chain.toReversed()) depths[one] = ++depth;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
