// The committed bundle on every Node that is installed here, the oldest supported one included.
import { describe, expect, it } from "vitest";
import { expectStatus, runCli, scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { findNodeBinaries } from "../support/node-binaries.ts";
import { expectFound, expectNothing } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeTokens } from "../support/token.ts";

const binaries = findNodeBinaries();

describe("the Node versions of these tests", () => {
  it("include the oldest supported one and 24", () => {
    expect(binaries.map(({ version }) => version.split(".")[0])).toEqual(expect.arrayContaining(["20", "24"]));
    expect(binaries.some(({ version }) => version.startsWith("20.19."))).toBe(true);
  });
});

describe.each(binaries)("on Node $version", ({ path: node }) => {
  it("every source finds its token", () => {
    const [old, ranged, staged, untracked, piped] = makeTokens(5);
    const repository = GitRepository.init();
    repository.commitFile("a.env", old.raw);
    repository.commitFile("a.env", "clean\n");
    repository.commitFile("b.env", Buffer.from(ranged.raw, "utf16le"));
    repository.write("s.env", staged.raw).stage().write("u.env", untracked.raw);
    const options = { cwd: repository.dir, node };
    expectFound(scan([], options), [ranged, staged, untracked]);
    expectFound(scan(["--staged"], options), [staged]);
    expectFound(scan(["--range", "HEAD~1..HEAD"], options), [ranged]);
    expectFound(scan(["--history"], options), [old, ranged, staged]);
    expectFound(scan(["--stdin"], { ...options, input: piped.raw }), [piped]);
    repository.git(["repack", "-q", "-a", "-d"]);
    expectFound(scan(["--history"], options), [old, ranged, staged]);
  });

  it("a plain directory, policy, baseline and text report work", () => {
    const [allowed, known] = makeTokens(2);
    const dir = new GitRepository(makeTempDir());
    dir.write(".keyrecall.yml", `version: 1\nallow:\n  - fingerprint: ${allowed.fingerprint}\n    reason: sample\n`);
    dir.write("a.env", known.raw);
    const options = { cwd: dir.dir, node };
    const baseline = runCli(["baseline"], options);
    expectStatus(baseline, 0);
    dir.write("baseline.json", baseline.stdout).write("b.env", allowed.raw);
    expectStatus(runCli(["scan", "--baseline", "baseline.json"], options), 0);
    const text = runCli(["scan"], options);
    expectStatus(text, 1);
    expect(text.stdout).toContain(known.masked);
    expectNothing(scan(["--stdin"], { ...options, input: "" }));
  });

  it("help, version, rules and mistakes are the same", () => {
    const options = { cwd: makeTempDir(), node };
    for (const args of [["--help"], ["scan", "--help"], ["--version"], ["rules", "list"], ["completion", "bash"]]) {
      const [here, reference] = [runCli(args, options), runCli(args, { cwd: options.cwd })];
      expectStatus(here, 0);
      expect(here.stdout).toBe(reference.stdout);
      expect(here.stderr).toBe("");
    }
    expectStatus(runCli(["scan", "--nonsense"], options), 2);
  });
});
