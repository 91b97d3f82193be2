import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli, scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, expectIncomplete, expectUsageError } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens } from "../support/token.ts";

describe("scan --range and its two ends", () => {
  it.each([
    "nowhere..HEAD",
    "HEAD..nowhere",
    `${"0".repeat(40)}..HEAD`,
    "HEAD~9..HEAD",
    "HEAD..HEAD:a.txt",
    "HEAD^{tree}..HEAD",
  ])("ends with 2 and names the range when %j does not resolve to commits", (range) => {
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    expectUsageError(runCli(["scan", "--range", range], { cwd: repository.dir }), range);
  });

  it.each(["HEAD", "", "HEAD HEAD~1", "--all"])("ends with 2 when %j is not a range", (range) => {
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    expectUsageError(runCli(["scan", `--range=${range}`], { cwd: repository.dir }), "range");
  });

  it("ends with 2 when the base is empty, as from a variable that nobody set", () => {
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    expectUsageError(runCli(["scan", "--range", "..HEAD"], { cwd: repository.dir }), "..HEAD");
    expectUsageError(runCli(["scan", "--range", ".."], { cwd: repository.dir }), "range");
  });

  it("does not pass an end that looks like an option on to git", () => {
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    const target = join(makeTempDir(), "written");
    for (const range of [`--output=${target}..HEAD`, `HEAD..--output=${target}`]) {
      expectUsageError(runCli(["scan", `--range=${range}`], { cwd: repository.dir }));
    }
    expect(existsSync(target)).toBe(false);
  });

  it("ends with 2 outside a repository and before the first commit", () => {
    expectUsageError(
      runCli(["scan", "--range", "a..b"], { cwd: makeTempDir() }),
      /not a git repository|no git repository/i,
    );
    expectUsageError(runCli(["scan", "--range", "HEAD~1..HEAD"], { cwd: GitRepository.init().dir }), "HEAD~1");
  });

  it("is complete when a shallow clone holds the whole range", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    for (const version of ["1", "2", "3"]) repository.commitFile("a.txt", version);
    repository.commitFile("a.env", token.raw);
    const clone = repository.clone(["--depth=3"]);
    expectFound(scan(["--range", "HEAD~1..HEAD"], { cwd: clone.dir }), [token]);
  });

  it("ends with 2 when the base lies behind the shallow boundary", () => {
    const repository = GitRepository.init();
    const base = repository.commitFile("a.txt", "1");
    for (const version of ["2", "3", "4"]) repository.commitFile("a.txt", version);
    const clone = repository.clone(["--depth=2"]);
    expectUsageError(runCli(["scan", "--range", `${base}..HEAD`], { cwd: clone.dir }), base, /shallow|fetch/);
  });

  it("is incomplete when the shallow boundary cuts a side branch of the range", () => {
    const [lost, found] = makeTokens(2);
    const repository = GitRepository.init();
    const ids = repository.graph(
      [
        { name: "root", files: { "a.txt": "1\n" } },
        { name: "base", parents: ["root"], files: { "a.txt": "2\n" } },
        { name: "leak", parents: ["root"], files: { "s.env": lost.raw } },
        { name: "clean", parents: ["leak"], files: { "s.env": null } },
        { name: "side", parents: ["clean"], files: { "s.txt": "x\n" } },
        { name: "merge", parents: ["base", "side"], files: { "s.txt": "x\n", "b.env": found.raw } },
      ],
      { main: "merge" },
    );
    const clone = repository.clone(["--depth=2"]);
    expectIncomplete(scan(["--range", `${ids["base"]}..HEAD`], { cwd: clone.dir }), /shallow/, [found]);
  });

  it("is incomplete and names the object when a blob of the range is missing", () => {
    const [lost, kept] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.write("lost.env", lost.raw).write("kept.env", kept.raw).commit();
    const object = repository.id("HEAD:lost.env");
    repository.remove(`.git/objects/${object.slice(0, 2)}/${object.slice(2)}`);
    expectIncomplete(scan(["--range", "HEAD~1..HEAD"], { cwd: repository.dir }), object, [kept]);
  });

  it("is incomplete and names the object when a tree or a commit of the range is missing", () => {
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.commitFile("dir/b.env", makeToken().raw);
    repository.commitFile("c.txt", "3\n");
    const tree = repository.id("HEAD~1:dir");
    repository.remove(`.git/objects/${tree.slice(0, 2)}/${tree.slice(2)}`);
    expectIncomplete(scan(["--range", "HEAD~2..HEAD"], { cwd: repository.dir }), tree);
    const commit = repository.id("HEAD~1");
    repository.remove(`.git/objects/${commit.slice(0, 2)}/${commit.slice(2)}`);
    const run = runCli(["scan", "--format", "json", "--range", "main~2..main"], { cwd: repository.dir });
    expect([2, 3]).toContain(run.status);
    expect(run.stdout + run.stderr).toMatch(new RegExp(String.raw`${commit}|main~2\.\.main`));
  });
});
