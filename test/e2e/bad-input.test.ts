import { describe, expect, it } from "vitest";
import { runCli } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectUsageError } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";

const failing = (args: readonly string[], cwd: string = makeTempDir()) => runCli(args, { cwd });

describe("bad usage", () => {
  it("names an unknown flag, and the one that was meant", () => {
    expectUsageError(failing(["scan", "--histroy"]), "--histroy", "--history");
    expectUsageError(failing(["--nonsense"]), "--nonsense");
    expectUsageError(failing(["scan", "-x"]), "-x");
  });

  it("names an unknown command", () => {
    expectUsageError(failing(["scna"]), "scna");
    expectUsageError(failing(["rules", "frobnicate"]), "frobnicate");
    expectUsageError(failing(["completion", "tcsh"]), "tcsh", "bash");
  });

  it("names a flag whose value is missing, and an argument too many", () => {
    for (const flag of ["--range", "--format", "--output", "--rules", "--config", "--baseline", "--fail-on"]) {
      expectUsageError(failing(["scan", flag]), flag);
    }
    expectUsageError(failing(["scan", "one", "two"]), /too many|two/);
  });

  it.each([
    [["--history", "--staged"]],
    [["--history", "--range=a..b"]],
    [["--staged", "--range=a..b"]],
    [["--stdin", "--history"]],
    [["--stdin", "--staged"]],
  ])("names sources that exclude each other: %s", (flags) => {
    const run = failing(["scan", ...flags], GitRepository.init().dir);
    expectUsageError(run, ...flags.map((flag) => flag.replace(/=.*/, "")));
  });

  it("says that --stdin takes no path and --no-ignore is for the working tree", () => {
    const { dir } = GitRepository.init();
    expectUsageError(failing(["scan", "--stdin", "somewhere"], dir), "--stdin");
    expectUsageError(failing(["scan", "--history", "--no-ignore"], dir), "--no-ignore");
  });

  it("prints nothing on standard output", () => {
    expect(failing(["scan", "--nonsense"]).stdout).toBe("");
    expect(failing(["scan", "--format", "json", "missing"]).stdout).toBe("");
  });
});

describe("bad places", () => {
  it("names a path that does not exist", () => {
    expectUsageError(failing(["scan", "no/such/path"]), "no/such/path");
    expectUsageError(failing(["scan", "--history", "no/such/path"]), "no/such/path");
  });

  it("does not take a pipe or a device for something clean", () => {
    const dir = makeTempDir();
    const wrapper = ["sh", "-c", 'mkfifo pipe; printf x | "$@"', "sh"];
    for (const path of ["pipe", "/dev/null", "/dev/stdin"]) {
      expectUsageError(runCli(["scan", path], { cwd: dir, wrapper }), path, "--stdin");
    }
  });

  it("says that a directory is not a repository, and what to do", () => {
    const dir = makeTempDir();
    for (const flag of ["--history", "--staged", "--range=a..b"]) {
      expectUsageError(failing(["scan", flag], dir), /not (in )?a git repository|no git repository/i);
    }
    expectUsageError(failing(["scan", "--history", dir]), dir);
  });

  it("does not take a directory with a broken .git for a plain one", () => {
    const plain = new GitRepository(makeTempDir());
    plain.write(".git", "gitdir: /nowhere/at/all\n").write("a.txt", "x\n");
    expectUsageError(failing(["scan", "--history"], plain.dir), "not a git repository");
    expect(failing(["scan"], plain.dir).status).not.toBe(70);
  });

  it("says what is wrong when --staged or the working tree is asked of a bare repository", () => {
    const bare = GitRepository.init({ bare: true });
    expect(failing(["scan", "--staged"], bare.dir).status).not.toBe(70);
    expectUsageError(failing(["scan"], bare.dir), /bare/i, "--history");
  });

  it("says so when git is not installed", () => {
    const { dir } = GitRepository.init();
    const run = runCli(["scan", "--history"], { cwd: dir, env: { PATH: "/nowhere" } });
    expect([2, 3]).toContain(run.status);
    expect(run.stdout + run.stderr).toMatch(/git/);
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });

  it("says so when git does not trust the repository's owner", () => {
    const { dir } = GitRepository.init();
    // Makes git take every repository for somebody else's.
    const run = runCli(["scan", "--history"], { cwd: dir, env: { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" } });
    expect([2, 3]).toContain(run.status);
    expect(run.stdout + run.stderr).toMatch(/safe\.directory|owner/i);
  });
});
