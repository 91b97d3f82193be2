import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CLI_PATH, scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, expectIncomplete, expectNothing, onlyOccurrence } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens } from "../support/token.ts";

function repositoryWithCommit(options: Parameters<typeof GitRepository.init>[0] = {}): GitRepository {
  const repository = GitRepository.init(options);
  repository.commitFile("README", "hello\n");
  return repository;
}

describe("scan --staged", () => {
  it("finds a staged token when the working tree no longer has it", () => {
    const token = makeToken();
    const repository = repositoryWithCommit();
    repository.write("a/.env", `X=1\nKEY=${token.raw}\n`).stage().write("a/.env", "X=1\n");
    const run = scan(["--staged"], { cwd: repository.dir });
    expectFound(run, [token]);
    const object = repository.id(":a/.env");
    expect(onlyOccurrence(run, token)).toMatchObject({ kind: "index", object, paths: ["a/.env"], line: 2, column: 5 });
  });

  it("finds nothing when only the working tree has the token", () => {
    const repository = repositoryWithCommit();
    repository.write(".env", "X=1\n").stage().write(".env", makeToken().raw).write("untracked.env", makeToken().raw);
    expectNothing(scan(["--staged"], { cwd: repository.dir }));
  });

  it("finds a staged token when the working tree's file is deleted", () => {
    const token = makeToken();
    const repository = repositoryWithCommit();
    repository.write(".env", token.raw).stage().remove(".env");
    expectFound(scan(["--staged"], { cwd: repository.dir }), [token]);
  });

  it("finds a staged token before the first commit", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write(".env", token.raw).stage();
    expectFound(scan(["--staged"], { cwd: repository.dir }), [token]);
  });

  it("finds nothing when nothing is staged", () => {
    expectNothing(scan(["--staged"], { cwd: GitRepository.init().dir }));
    expectNothing(scan(["--staged"], { cwd: repositoryWithCommit().dir }));
  });

  it("reads the index that GIT_INDEX_FILE names", () => {
    const token = makeToken();
    const repository = repositoryWithCommit();
    const env = { GIT_INDEX_FILE: join(repository.gitDir, "other-index") };
    repository.write(".env", token.raw);
    repository.git(["read-tree", "HEAD"], { env });
    repository.git(["add", ".env"], { env });
    expectFound(scan(["--staged"], { cwd: repository.dir, env }), [token]);
    expectFound(scan(["--staged"], { cwd: repository.dir, env: { GIT_INDEX_FILE: ".git/other-index" } }), [token]);
    expectNothing(scan(["--staged"], { cwd: repository.dir }));
  });

  it("stops the commit when it runs as a pre-commit hook of `commit -a` and of a partial commit", () => {
    const repository = repositoryWithCommit();
    const hook = `#!/bin/sh\nexec "${process.execPath}" "${CLI_PATH}" scan --staged\n`;
    repository.write(".git/hooks/pre-commit", hook).chmod(".git/hooks/pre-commit", 0o755);
    repository.write("README", makeToken().raw);
    const before = repository.id("HEAD");
    repository.git(["commit", "-q", "-a", "-m", "all"], { mayFail: true });
    repository.git(["commit", "-q", "-m", "part", "README"], { mayFail: true });
    expect(repository.id("HEAD")).toBe(before);
    repository.write("README", "harmless\n");
    repository.git(["commit", "-q", "-a", "-m", "all"]);
    expect(repository.id("HEAD")).not.toBe(before);
  });

  it("works in a subdirectory, in a linked worktree and with a path to the repository", () => {
    const token = makeToken();
    const repository = repositoryWithCommit();
    repository.git(["worktree", "add", "-q", "--detach", join(makeTempDir(), "linked")]);
    const linkedDir = repository.git(["worktree", "list", "--porcelain"]).match(/worktree (\S*linked)/)?.[1] ?? "";
    const linked = new GitRepository(linkedDir);
    linked.write("sub/a.env", token.raw).write("other/b.txt", "x").stage();
    for (const [args, cwd] of [
      [[], join(linkedDir, "sub")],
      [[], join(linkedDir, "other")],
      [[linkedDir], "/"],
    ] as const) {
      const run = scan(["--staged", ...args], { cwd });
      expectFound(run, [token]);
      expect(onlyOccurrence(run, token).paths).toEqual(["sub/a.env"]);
    }
    expectNothing(scan(["--staged"], { cwd: repository.dir }));
  });

  it("finds tokens in staged symbolic links and in staged names", () => {
    const [inLink, inName] = makeTokens(2);
    const repository = repositoryWithCommit();
    repository.symlink("link", inLink.raw).write(`dir/${inName.raw}.txt`, "x\n").stage();
    const run = scan(["--staged"], { cwd: repository.dir });
    expectFound(run, [inLink, inName]);
    expect(onlyOccurrence(run, inLink)).toMatchObject({ kind: "index", paths: ["link"] });
    expect(onlyOccurrence(run, inName)).toMatchObject({ kind: "path", column: 5 });
  });

  it.each([
    "*.env -diff",
    "*.env binary",
    "*.env diff=custom",
    "*.env -text",
    "*.env filter=nope",
    "*.env export-ignore",
  ])("finds a staged token when the attributes say %j", (attributes) => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write(".gitattributes", `${attributes}\n`).write("a.env", "KEY=\n").commit();
    repository.write("a.env", `KEY=${token.raw}\n`).stage();
    expectFound(scan(["--staged"], { cwd: repository.dir }), [token]);
  });

  it("finds a staged token in a binary file", () => {
    const token = makeToken();
    const repository = repositoryWithCommit();
    repository
      .write("a.bin", Buffer.concat([Buffer.from([0, 1, 2, 255, 0]), Buffer.from(token.raw), Buffer.from([0, 7])]))
      .stage();
    const run = scan(["--staged"], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token).column).toBe(6);
  });

  it("finds a staged token when the name is not UTF-8", () => {
    const token = makeToken();
    const repository = repositoryWithCommit();
    repository.write(Buffer.from("\xe9.env", "latin1"), token.raw).stage();
    const run = scan(["--staged"], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token).paths).toEqual(["\udce9.env"]);
  });

  it.each([
    ["version 4", ["update-index", "--index-version", "4"]],
    ["split", ["update-index", "--split-index"]],
    ["with an untracked cache", ["update-index", "--force-untracked-cache"]],
    ["with a file assumed unchanged", ["update-index", "--assume-unchanged", "a.env"]],
    ["with a file outside the sparse checkout", ["update-index", "--skip-worktree", "a.env"]],
  ])("finds a staged token when the index is %s", (_, command) => {
    const token = makeToken();
    const repository = repositoryWithCommit();
    repository.write("a.env", token.raw).stage();
    repository.git(command);
    expectFound(scan(["--staged"], { cwd: repository.dir }), [token]);
  });

  it("finds a staged token in a SHA-256 repository", () => {
    const token = makeToken();
    const repository = repositoryWithCommit({ objectFormat: "sha256" });
    repository.write("a.env", token.raw).stage();
    const run = scan(["--staged"], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token).object).toBe(repository.id(":a.env"));
  });

  it("takes a file that is only intended to be added for nothing staged", () => {
    const repository = repositoryWithCommit();
    repository.write("later.env", makeToken().raw).git(["add", "-N", "later.env"]);
    expectNothing(scan(["--staged"], { cwd: repository.dir }));
  });

  it("goes past a submodule", () => {
    const token = makeToken();
    const repository = repositoryWithCommit();
    const other = GitRepository.init();
    const commit = other.commitFile("x", "y");
    repository.git(["update-index", "--add", "--cacheinfo", `160000,${commit},module`]);
    repository.write("a.env", token.raw).stage("a.env");
    expectFound(scan(["--staged"], { cwd: repository.dir }), [token]);
  });

  it("is incomplete when a byte of the index is another", () => {
    const token = makeToken();
    const repository = repositoryWithCommit();
    repository.write("leak.env", token.raw).stage("leak.env");
    const file = join(repository.gitDir, "index");
    const index = readFileSync(file);
    // As a submodule's, the entry has no content: 0o100644 becomes 0o160644.
    const mode = index.indexOf(Buffer.from([0x00, 0x00, 0x81, 0xa4]), index.indexOf("leak.env") - 62);
    expect(mode).toBeGreaterThan(0);
    index[mode + 2] = 0xe1;
    writeFileSync(file, index);
    expectIncomplete(scan(["--staged"], { cwd: repository.dir }), /index .*checksum/);
  });

  it("names the paths that are in conflict", () => {
    const repository = repositoryWithCommit();
    repository.git(["checkout", "-q", "-b", "side"]);
    repository.commitFile("both.txt", "theirs\n");
    repository.git(["checkout", "-q", "main"]);
    repository.commitFile("both.txt", `ours ${makeToken().raw}\n`);
    repository.git(["merge", "-q", "side"], { mayFail: true });
    const run = scan(["--staged"], { cwd: repository.dir });
    expectNothing(run);
    expect(JSON.stringify(run.report.scan.coverage.skipped)).toContain("both.txt");
  });
});
