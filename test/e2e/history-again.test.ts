// A second scan of the history reads only what is new, and says the same as one that reads everything.
import {
  chmodSync,
  closeSync,
  cpSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli, scan, type ScanRun } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens, type MadeToken } from "../support/token.ts";

const again = (repository: GitRepository, ...args: string[]) => scan(["--history", ...args], { cwd: repository.dir });
const recordOf = (repository: GitRepository) => join(repository.gitDir, "keyrecall.packs");
const coverageOf = (run: ScanRun) => run.report.scan.coverage as Record<string, number>;
const reusedBy = (run: ScanRun) => coverageOf(run)["reused"]!;

const RULES = `schema: 1
rules:
  - id: acme-key
    name: Acme key
    grammar:
      prefix: acme_
      parts:
        - { name: secret, class: hex, length: 40 }
      secret: secret
    blastRadius:
      summary: reads everything
      can: [read]
      cannot: [write]
    rotation:
      dashboard: Keys
      steps: [mint a new one]
`;

/** All but what says how it was read. */
function outcomeOf({ report, status }: ScanRun): unknown {
  const { scan: facts, ...rest } = report;
  return { ...rest, status, scan: { ...facts, durationMs: 0, coverage: { ...facts.coverage, reused: 0 } } };
}

function packedRepository(tokens: readonly MadeToken[]): GitRepository {
  const repository = GitRepository.init();
  for (const [index, token] of tokens.entries()) repository.commitFile(`f${index}.env`, `KEY=${token.raw}\n`);
  for (let index = 0; index < 5; index++) repository.commitFile("clean.txt", `nothing ${index}\n`);
  repository.git(["repack", "-q", "-a", "-d"]);
  return repository;
}

function packOf(repository: GitRepository, ending: "pack" | "idx" = "pack"): string {
  const directory = join(repository.gitDir, "objects/pack");
  return join(
    directory,
    readdirSync(directory).find((name) => name.endsWith(`.${ending}`))!,
  );
}

function flipByte(file: string, at: number): void {
  chmodSync(file, 0o600);
  const bytes = readFileSync(file);
  const position = at < 0 ? bytes.length + at : at;
  const descriptor = openSync(file, "r+");
  writeSync(descriptor, Buffer.from([bytes[position]! ^ 0xff]), 0, 1, position);
  closeSync(descriptor);
}

describe("a second scan --history", () => {
  it("reads no pack again and reports the same, found or not", () => {
    for (const tokens of [[], makeTokens(3)]) {
      const repository = packedRepository(tokens);
      const first = again(repository);
      expectFound(first, tokens);
      expect(reusedBy(first)).toBe(0);
      const second = again(repository);
      expect(outcomeOf(second)).toEqual(outcomeOf(first));
      const { commits, trees, blobs } = coverageOf(first);
      expect(reusedBy(second)).toBe(commits! + trees! + blobs! - tokens.length);
      expect(outcomeOf(again(repository, "--no-cache"))).toEqual(outcomeOf(first));
    }
  });

  it("takes a pack for the same one where only its times have changed", () => {
    const repository = packedRepository([]);
    again(repository);
    utimesSync(packOf(repository), 1_700_000_000, 1_700_000_000);
    expect(reusedBy(again(repository))).toBeGreaterThan(0);
  });

  it("finds what has come since, loose and in a pack of its own", () => {
    const [old, loose, packed] = makeTokens(3);
    const repository = packedRepository([old]);
    again(repository);
    repository.commitFile("loose.env", loose.raw);
    const withLoose = again(repository);
    expectFound(withLoose, [old, loose]);
    expect(reusedBy(withLoose)).toBeGreaterThan(0);
    repository.commitFile("packed.env", packed.raw);
    repository.git(["repack", "-q", "-d"]);
    const withPack = again(repository);
    expectFound(withPack, [old, loose, packed]);
    expect(outcomeOf(withPack)).toEqual(outcomeOf(again(repository, "--no-cache")));
    const withTwo = again(repository);
    expect(outcomeOf(withTwo)).toEqual(outcomeOf(withPack));
    expect(reusedBy(withTwo)).toBeGreaterThan(reusedBy(withPack));
  });

  it("counts an object that stands in several packs once, whichever of them are known", () => {
    const tokens = makeTokens(2);
    const repository = packedRepository(tokens);
    again(repository);
    repository.commitFile("more.txt", "more\n");
    repository.git(["pack-objects", "-q", "--revs", join(repository.gitDir, "objects/pack/pack")], {
      input: "HEAD\n",
    });
    const everything = again(repository, "--no-cache");
    expect(outcomeOf(again(repository))).toEqual(outcomeOf(everything));
    expect(outcomeOf(again(repository))).toEqual(outcomeOf(everything));
  });

  it("still names the objects that are missing, until they are back", () => {
    const repository = packedRepository([makeToken()]);
    repository.commitFile("gone.txt", "gone\n");
    const blob = repository.id("HEAD:gone.txt");
    const file = join(repository.gitDir, "objects", blob.slice(0, 2), blob.slice(2));
    const backup = join(makeTempDir(), "blob");
    cpSync(file, backup);
    rmSync(file);
    for (const run of [again(repository), again(repository)]) {
      expect(run.report.scan.incomplete.map(({ what }) => what)).toContain(`object ${blob}`);
    }
    cpSync(backup, file);
    expect(again(repository).report.scan.incomplete).toEqual([]);
  });

  it("walks again from a ref, a reflog or an index that has changed", () => {
    const repository = packedRepository([]);
    expect(again(repository).status).toBe(0);
    const missing = "12".repeat(20);
    repository.git(["update-index", "--add", "--cacheinfo", `100644,${missing},not-there.txt`]);
    const run = again(repository);
    expect(run.status).toBe(3);
    expect(run.report.scan.incomplete.map(({ what }) => what)).toContain(`object ${missing}`);
  });
});

describe("what a scan --history leaves behind", () => {
  it("is one file for its owner alone, without a token or a part of one", () => {
    const [token] = makeTokens(1);
    const repository = packedRepository([token]);
    const before = readdirSync(repository.gitDir);
    again(repository);
    expect(readdirSync(repository.gitDir).filter((name) => !before.includes(name))).toEqual(["keyrecall.packs"]);
    expect(statSync(recordOf(repository)).mode & 0o777).toBe(0o600);
    const text = readFileSync(recordOf(repository), "latin1");
    expect(text).not.toContain("ik_");
    for (let at = 0; at + 8 <= token.raw.length; at++) expect(text.includes(token.raw.slice(at, at + 8))).toBe(false);
  });

  it("is nothing with --no-cache, and nothing is used then", () => {
    const repository = packedRepository([makeToken()]);
    again(repository, "--no-cache");
    expect(readdirSync(repository.gitDir)).not.toContain("keyrecall.packs");
    runCli(["baseline", "--no-cache"], { cwd: repository.dir });
    expect(readdirSync(repository.gitDir)).not.toContain("keyrecall.packs");
    again(repository);
    expect(reusedBy(again(repository, "--no-cache"))).toBe(0);
  });

  it.each([
    ["truncated", (bytes: Buffer) => bytes.subarray(0, bytes.length - 20)],
    ["empty", () => Buffer.alloc(0)],
    ["changed in its counts", (bytes: Buffer) => Buffer.from(bytes.toString().replace(/"counts":\[\d/, '"counts":[9'))],
    [
      "relieved of its hits",
      (bytes: Buffer) => Buffer.from(bytes.toString().replace(/"noted":\[[^\]]*\]/, '"noted":[]')),
    ],
    ["not text", () => Buffer.from([0, 255, 254, 10, 0, 1])],
  ])("is not believed when it is %s", (_, change) => {
    const token = makeToken();
    const repository = packedRepository([token]);
    again(repository);
    const record = readFileSync(recordOf(repository));
    const changed = change(record);
    expect(changed.equals(record)).toBe(false);
    writeFileSync(recordOf(repository), changed);
    const run = again(repository);
    expectFound(run, [token]);
    expect(reusedBy(run)).toBe(0);
    expect(reusedBy(again(repository))).toBeGreaterThan(0);
  });

  it("does not hold for another repository, other rules or another confidence", () => {
    const token = makeToken();
    const repository = packedRepository([token]);
    again(repository);
    const other = packedRepository([]);
    cpSync(recordOf(repository), recordOf(other));
    expect(reusedBy(again(other))).toBe(0);
    expect(reusedBy(again(repository, "--min-confidence", "suspect"))).toBe(0);
    const rules = join(makeTempDir(), "rules.yml");
    writeFileSync(rules, RULES);
    again(repository);
    expect(reusedBy(again(repository, "--rules", rules))).toBe(0);
    again(repository);
    expect(reusedBy(again(repository))).toBeGreaterThan(0);
  });

  it.each([
    ["in the middle of its pack", "pack", 200],
    ["in its index", "idx", -60],
  ] as const)("does not hold once a byte has changed %s", (_, ending, at) => {
    const repository = packedRepository(makeTokens(2));
    again(repository);
    flipByte(packOf(repository, ending), at);
    const run = again(repository);
    expect(reusedBy(run)).toBe(0);
    expect(run.report.scan.complete).toBe(false);
    expect(outcomeOf(again(repository))).toEqual(outcomeOf(run));
  });

  it("is nothing where git refuses the repository, or another store is named", () => {
    const repository = packedRepository([makeToken()]);
    const environment = { GIT_ALTERNATE_OBJECT_DIRECTORIES: makeTempDir() };
    scan(["--history"], { cwd: repository.dir, env: environment });
    expect(readdirSync(repository.gitDir)).not.toContain("keyrecall.packs");
    repository.git(["config", "extensions.unheardOf", "true"]);
    repository.git(["config", "core.repositoryFormatVersion", "1"], { mayFail: true });
    again(repository);
    expect(readdirSync(repository.gitDir)).not.toContain("keyrecall.packs");
  });
});
