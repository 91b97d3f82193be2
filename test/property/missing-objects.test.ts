// What a history lacks is told without a walk exactly as git's walk tells it: in whole and damaged stores, packed or not.
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { array, assert, boolean, constantFrom, double, integer, nat, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { scan, type ScanRun } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { randomHex } from "../support/token.ts";

const packings = [
  [],
  [["repack", "-q", "-a", "-d"]],
  [["repack", "-q", "-a", "-d", "-f", "--depth=50", "--window=50"]],
  [["repack", "-q", "-d"]],
  [
    ["repack", "-q", "-A", "-d"],
    ["pack-refs", "--all"],
  ],
] as const;

const cases = record({
  seed: nat(1_000_000),
  versions: integer({ min: 3, max: 7 }),
  packing: constantFrom(...packings),
  /** Which objects are taken away, as a share of all of them. */
  taken: array(double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 2 }),
  forgets: boolean(),
  stages: boolean(),
  /** Packed again without what was taken away, or with it apart. */
  loosens: boolean(),
});

describe("what is missing", () => {
  it("is what git's walk misses", () => {
    assert(
      property(cases, (made) => {
        const repository = build(made);
        const walk = repository.gitBytes(
          ["rev-list", "--objects", "--all", "--reflog", "--indexed-objects", "--missing=print", "--quiet"],
          { mayFail: true },
        );
        const expected = walk
          .toString()
          .split("\n")
          .filter((line) => line.startsWith("?"));
        const { report, walks } = look(repository, "--no-cache");
        const missing = report.scan.incomplete.filter(({ why }) => why.startsWith("missing from the repository"));
        expect(missing.map(({ what }) => what.replace(/^object /, "?")).toSorted()).toEqual(expected.toSorted());
        if (made.taken.length === 0) expect(walks).toBe(0);
      }),
      { numRuns: 10, seed: 8 },
    );
  });

  it("is not looked for by git in a whole store, nor where only something unreachable lacks it", () => {
    const repository = build({
      seed: 1,
      versions: 5,
      packing: packings[2],
      taken: [],
      forgets: false,
      stages: true,
      loosens: false,
    });
    expect(look(repository, "--no-cache")).toMatchObject({ walks: 0, report: { scan: { complete: true } } });
    const blob = repository.git(["hash-object", "-w", "--stdin"], { input: "lost" });
    const inner = repository.git(["mktree"], { input: `100644 blob ${blob}\tlost\n` });
    const outer = repository.git(["mktree"], { input: `040000 tree ${inner}\tdirectory\n` });
    const commit = repository.git(["commit-tree", outer, "-p", "HEAD", "-m", "Nobody's"]);
    packAll(repository);
    take(repository, blob);
    expect(look(repository, "--no-cache")).toMatchObject({ walks: 0, report: { scan: { complete: true } } });
    repository.git(["update-ref", "refs/heads/somebody", commit]);
    const found = look(repository, "--no-cache");
    expect(found.walks).toBe(1);
    expect(found.report.scan.incomplete.map(({ what }) => what)).toEqual([`object ${blob}`]);
  });

  it("is nothing where a shallow clone ends", () => {
    const origin = build({
      seed: 2,
      versions: 6,
      packing: packings[1],
      taken: [],
      forgets: false,
      stages: false,
      loosens: false,
    });
    const { walks, report } = look(origin.clone(["--depth=2"]), "--no-cache");
    expect(walks).toBe(0);
    expect(report.scan.incomplete.map(({ what }) => what)).toEqual(["history"]);
  });

  it("is told of a changed ref, although packs are known", () => {
    const repository = build({
      seed: 3,
      versions: 5,
      packing: packings[1],
      taken: [],
      forgets: false,
      stages: false,
      loosens: false,
    });
    expect(look(repository)).toMatchObject({ walks: 0 });
    repository.commitFile("new.txt", "new\n");
    const again = look(repository);
    expect(again).toMatchObject({ walks: 0, report: { scan: { complete: true } } });
    expect(again.report.scan.coverage.reused).toBeGreaterThan(0);
    take(repository, repository.id("HEAD:new.txt"));
    const lacking = look(repository);
    expect(lacking.walks).toBe(1);
    expect(lacking.report.scan.complete).toBe(false);
  });
});

interface Made {
  readonly seed: number;
  readonly versions: number;
  readonly packing: readonly (readonly string[])[];
  readonly taken: readonly number[];
  readonly forgets: boolean;
  readonly stages: boolean;
  readonly loosens: boolean;
}

function build({ seed, versions, packing, taken, forgets, stages, loosens }: Made): GitRepository {
  const repository = GitRepository.init();
  for (let version = 0; version < versions; version++) {
    for (let file = 0; file < 12; file++) {
      const age = Math.floor(version / (1 + (file % 4)));
      repository.write(`d${file % 3}/e${file % 2}/f${file}.txt`, `${seed} ${file} ${age}\n`);
    }
    repository.commit(`Version ${version}`);
    if (version % 2 === 1) repository.git(["tag", "-a", "-m", "Tag", `v${version}`]);
  }
  repository.git(["branch", "side", "HEAD~1"]);
  if (forgets) {
    repository.git(["reset", "-q", "--hard", "HEAD~2"]);
    repository.git(["reflog", "expire", "--expire=now", "--all"]);
  }
  if (stages) repository.write("staged.txt", randomHex(seed, 20)).stage();
  for (const command of packing) repository.git(command);
  const all = repository
    .git(["cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)"])
    .split("\n");
  const inner = all.filter((line) => /(blob|tree)$/.test(line)).map((line) => line.split(" ")[0]!);
  if (taken.length > 0 && (loosens || packing.length > 0)) packAll(repository);
  for (const share of taken) take(repository, inner[Math.floor(share * inner.length)]!);
  return repository;
}

/** Into one pack, unreachable objects too. */
function packAll(repository: GitRepository): void {
  const all = repository.git(["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]);
  writePack(repository, all.split("\n"));
}

/** Takes an object out of the store, which goes on without it. */
function take(repository: GitRepository, objectId: string): void {
  const loose = join(repository.gitDir, "objects", objectId.slice(0, 2), objectId.slice(2));
  if (existsSync(loose)) {
    rmSync(loose, { force: true });
    return;
  }
  const all = repository.git(["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]).split("\n");
  writePack(
    repository,
    all.filter((one) => one !== objectId),
  );
}

function writePack(repository: GitRepository, objectIds: readonly string[]): void {
  const pack = repository.gitBytes(["pack-objects", "-q", "--stdout", "--window=20"], {
    input: `${objectIds.join("\n")}\n`,
  });
  rmSync(join(repository.gitDir, "objects"), { recursive: true });
  repository.git(["init", "-q"]);
  repository.git(["index-pack", "--stdin"], { input: pack });
}

/** How often git walked, beside what was found. */
function look(repository: GitRepository, ...options: readonly string[]): ScanRun & { readonly walks: number } {
  const bin = makeTempDir("bin");
  const log = join(bin, "log");
  const search = (process.env["PATH"] ?? "").split(delimiter);
  const real = search.map((one) => join(one, "git")).find((one) => existsSync(one))!;
  writeFileSync(log, "");
  writeFileSync(join(bin, "git"), `#!/bin/sh\necho "$*" >> '${log}'\nexec '${real}' "$@"\n`);
  chmodSync(join(bin, "git"), 0o755);
  const env = { PATH: [bin, ...search].join(delimiter) };
  const run = scan(["--history", ...options], { cwd: repository.dir, env });
  const lines = readFileSync(log, "utf8").split("\n");
  return { ...run, walks: lines.filter((line) => / rev-list .*--missing=print/.test(line)).length };
}
