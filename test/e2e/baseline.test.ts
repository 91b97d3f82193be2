import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expectStatus, runCli, scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, expectUsageError, reported } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens } from "../support/token.ts";

interface Baseline {
  readonly schema: number;
  readonly fingerprints: readonly { readonly fingerprint: string; readonly masked: string; readonly rule: string }[];
}

const readBaseline = (text: string) => JSON.parse(text) as Baseline;

describe("keyrecall baseline", () => {
  it("lists the tokens of the whole history when it runs in a repository", () => {
    const [old, current] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.env", old.raw);
    repository.commitFile("a.env", current.raw);
    repository.write("untracked.env", makeToken().raw);
    const run = runCli(["baseline"], { cwd: repository.dir });
    expectStatus(run, 0);
    const { schema, fingerprints } = readBaseline(run.stdout);
    expect(schema).toBe(1);
    expect(fingerprints.map(({ fingerprint }) => fingerprint).toSorted()).toEqual(
      [old.fingerprint, current.fingerprint].toSorted(),
    );
    expect(fingerprints).toContainEqual({
      fingerprint: old.fingerprint,
      masked: old.masked,
      rule: "inferencekey-control-token",
    });
  });

  it("lists the tokens of a plain directory, and of the source that is named", () => {
    const [inTree, staged] = makeTokens(2);
    const dir = new GitRepository(makeTempDir()).write("a.env", inTree.raw);
    const plain = readBaseline(runCli(["baseline"], { cwd: dir.dir }).stdout);
    expect(plain.fingerprints.map(({ fingerprint }) => fingerprint)).toEqual([inTree.fingerprint]);
    const repository = GitRepository.init();
    repository.write("s.env", staged.raw).stage().write("s.env", "clean\n");
    const fromIndex = readBaseline(runCli(["baseline", "--staged"], { cwd: repository.dir }).stdout);
    expect(fromIndex.fingerprints.map(({ fingerprint }) => fingerprint)).toEqual([staged.fingerprint]);
  });

  it("writes to --output and hides exactly those tokens from a scan with --baseline", () => {
    const [known, fresh] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.env", `KEY=${known.raw}\n`);
    const file = join(makeTempDir(), "baseline.json");
    expectStatus(runCli(["baseline", "--output", file], { cwd: repository.dir }), 0);
    expect(readBaseline(readFileSync(file, "utf8")).fingerprints).toHaveLength(1);
    const before = scan(["--history", "--baseline", file], { cwd: repository.dir });
    expectStatus(before, 0);
    expect(reported(before, known).allowed?.by).toBe("baseline");
    repository.commitFile("a.env", `KEY=${known.raw} ${fresh.raw}\n`);
    const after = scan(["--history", "--baseline", file], { cwd: repository.dir });
    expectFound(after, [known, fresh]);
    expect(reported(after, fresh).allowed).toBeNull();
    expect(reported(after, known).allowed).not.toBeNull();
  });

  it("hides the token in a new place too, because it names tokens and not places", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.env", token.raw);
    repository.write("baseline.json", runCli(["baseline"], { cwd: repository.dir }).stdout);
    repository.write("b.env", token.raw).stage();
    expectStatus(scan(["--staged", "--baseline=baseline.json"], { cwd: repository.dir }), 0);
  });

  it("does not end with 0 when the scan behind it is incomplete", () => {
    const repository = GitRepository.init();
    repository.write("a.txt", "a\n").commit();
    const lost = repository.id("HEAD:a.txt");
    repository.remove(`.git/objects/${lost.slice(0, 2)}/${lost.slice(2)}`);
    const run = runCli(["baseline"], { cwd: repository.dir });
    expectStatus(run, 3);
    expect(run.stderr).toContain(lost);
  });
});

describe("an invalid baseline", () => {
  it.each([
    ["it is missing", undefined],
    ["it is no JSON", "fingerprints: []"],
    ["it has another schema", '{"schema": 99, "fingerprints": []}'],
    ["a fingerprint is none", '{"schema": 1, "fingerprints": [{"fingerprint": "x", "masked": "", "rule": ""}]}'],
    ["it is a list", "[]"],
  ])("ends with 2 and names the file when %s", (_, text) => {
    const repository = GitRepository.init();
    if (text !== undefined) repository.write("base.json", text);
    expectUsageError(runCli(["scan", "--baseline", "base.json"], { cwd: repository.dir }), "base.json");
  });
});
