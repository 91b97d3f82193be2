// The managers of hooks that people use, as they use them: keyrecall goes in beside them, stops tokens, and leaves
// everything as it was. And the shells that are not the one of this machine.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { prerequisite } from "../../scripts/tier2/prerequisites.ts";
import { expectStatus, runCli } from "../support/cli.ts";
import { directoryContent } from "../support/directory-snapshot.ts";
import { GitRepository } from "../support/git-repository.ts";
import {
  attempt,
  expectPassed,
  expectStopped,
  type GitAttempt,
  install,
  PACKAGE_DIRECTORY,
  run,
  uninstall,
  WatchedNode,
} from "../support/hooks.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens } from "../support/token.ts";

const preCommit = await prerequisite("pre-commit", "hooks beside the pre-commit framework");
const husky = await prerequisite("husky", "hooks beside husky");
const lefthook = await prerequisite("lefthook", "hooks beside lefthook");

/** The machine's own, and what else there is of those that people have as sh. */
const shells = ["sh", "dash", "bash", "busybox", "ksh", "mksh", "zsh", "yash"].filter(
  (shell) => spawnSync(shell, ["-c", "true"]).error === undefined,
);

function commit(repository: GitRepository, env: Record<string, string> = {}): GitAttempt {
  return attempt(repository, ["commit", "-q", "-m", "Change things"], { env });
}

/** Stages and pushes tokens and other things; both hooks have to tell them apart. */
function expectProtection(repository: GitRepository, env: Record<string, string> = {}): void {
  const [staged, pushed, older] = makeTokens(3);
  repository.write("a.env", staged.raw).stage("a.env");
  expectStopped(commit(repository, env), staged.masked);
  repository.write("a.env", `clean ${staged.publicId}\n`).stage("a.env");
  const clean = commit(repository, env);
  expect(clean.status, clean.output).toBe(0);
  const remote = GitRepository.init({ bare: true });
  repository.git(["remote", "remove", "origin"], { mayFail: true });
  repository.git(["remote", "add", "origin", remote.dir]);
  repository.git(["push", "-q", "--no-verify", "origin", "HEAD:main"]);
  const push = (...refs: string[]) => attempt(repository, ["push", "origin", ...refs], { env });
  repository.write("b", `clean ${pushed.publicId}\n`).stage("b").git(["commit", "-q", "--no-verify", "-m", "b"]);
  const passed = push("HEAD:main");
  expect(passed.status, passed.output).toBe(0);
  repository.write("b", older.raw).stage("b").git(["commit", "-q", "--no-verify", "-m", "in"]);
  repository.write("b", pushed.raw).stage("b").git(["commit", "-q", "--no-verify", "-m", "over"]);
  expectStopped(push("HEAD:main"), pushed.masked, older.masked);
  // The second of two refs is the one that leaks.
  expectStopped(push("HEAD~2:refs/heads/fine", "HEAD:refs/heads/leaking"), pushed.masked);
  repository.git(["reset", "-q", "--keep", "HEAD~2"]);
}

describe.skipIf(preCommit === undefined)("the pre-commit framework", () => {
  let hooks: GitRepository;

  /** This package, as the framework would clone it. */
  beforeAll(() => {
    hooks = GitRepository.init();
    for (const name of ["hooks", "dist", ".pre-commit-hooks.yaml", "package.json"]) {
      cpSync(path.join(PACKAGE_DIRECTORY, name), path.join(hooks.dir, name), { recursive: true });
    }
    hooks.commit();
  });

  function frameworkRepository(configuration: string): { repository: GitRepository; env: Record<string, string> } {
    const repository = GitRepository.init();
    repository.write(".pre-commit-config.yaml", configuration).write("README", "hello\n").commit();
    const env = {
      PRE_COMMIT_HOME: makeTempDir("framework"),
      PATH: `${path.dirname(process.execPath)}:${process.env["PATH"]}`,
    };
    for (const type of ["pre-commit", "pre-push"]) {
      expect(run(preCommit!, ["-m", "pre_commit", "install", "-t", type], { cwd: repository.dir, env })).toMatchObject({
        status: 0,
      });
    }
    return { repository, env };
  }

  it("runs .pre-commit-hooks.yaml with nothing to install", () => {
    const configuration = `repos:\n  - repo: ${hooks.dir}\n    rev: ${hooks.id("HEAD")}\n    hooks: [{id: keyrecall}, {id: keyrecall-push}]\n`;
    const { repository, env } = frameworkRepository(configuration);
    const node = new WatchedNode();
    repository.write("a", "x\n").stage();
    expect(commit(repository, { ...env, ...node.env }).status).toBe(0);
    expect(node.starts()).toBe(0);
    expectProtection(repository, env);
    // The framework names no commits here: the first push of a root commit.
    const token = makeToken();
    const first = frameworkRepository(configuration);
    first.repository.write("a.env", token.raw).stage("a.env").git(["commit", "-q", "--no-verify", "-m", "in"]);
    first.repository.write("a.env", "out\n").stage("a.env").git(["commit", "-q", "--no-verify", "-m", "out"]);
    first.repository.git(["remote", "add", "origin", GitRepository.init({ bare: true }).dir]);
    expectStopped(attempt(first.repository, ["push", "origin", "main"], { env: first.env }), token.masked);
  });

  it("keeps its own hooks beside those of hook install, and gets everything back", () => {
    const configuration =
      "repos:\n  - repo: local\n    hooks: [{id: own, name: own, entry: echo ours, language: system, verbose: true, always_run: true}]\n";
    const { repository, env } = frameworkRepository(configuration);
    const before = directoryContent(path.join(repository.gitDir, "hooks"));
    expect(install(repository, [], env).stdout).toContain("hooks by the pre-commit framework");
    install(repository, [], env);
    repository.write("z", "x\n").stage();
    expect(commit(repository, env).output).toContain("ours");
    expectProtection(repository, env);
    // What the framework finds when it comes later it runs as well.
    run(preCommit!, ["-m", "pre_commit", "install", "-t", "pre-merge-commit"], { cwd: repository.dir, env });
    run(preCommit!, ["-m", "pre_commit", "install", "-t", "pre-commit"], { cwd: repository.dir, env });
    expectProtection(repository, env);
    run(preCommit!, ["-m", "pre_commit", "uninstall", "-t", "pre-merge-commit"], { cwd: repository.dir, env });
    uninstall(repository, [], env);
    expect(directoryContent(path.join(repository.gitDir, "hooks"))).toEqual(before);
  });
});

describe.skipIf(husky === undefined)("husky", () => {
  it("runs keyrecall and its own scripts, and gets everything back", () => {
    const repository = GitRepository.init();
    repository.write("README", "hello\n").commit();
    expect(run(process.execPath, [husky!], { cwd: repository.dir }).status).toBe(0);
    repository.write(".husky/pre-push", 'while read -r local id; do echo "own script saw $local" >&2; done\n');
    repository.commit();
    const before = directoryContent(path.join(repository.dir, ".husky"));
    const hooks = directoryContent(path.join(repository.gitDir, "hooks"));
    expect(install(repository).stdout).toMatch(/hooks by husky[^]*note: \.husky\/pre-commit is in the working tree/);
    const installed = directoryContent(path.join(repository.dir, ".husky"));
    install(repository);
    expect(directoryContent(path.join(repository.dir, ".husky"))).toEqual(installed);
    expectProtection(repository);
    repository.write("c", "x\n").stage("c").git(["commit", "-q", "--no-verify", "-m", "c"]);
    expect(attempt(repository, ["push", "origin", "HEAD:main", "HEAD:second"]).output).toMatch(/saw HEAD[^]*saw HEAD/);
    const doctor = runCli(["doctor", "--offline", "--format", "json"], { cwd: repository.dir });
    expect(doctor.stdout).toContain("pre-commit stopped a canary");
    expect(doctor.stdout).toContain("pre-push stopped a canary");
    uninstall(repository);
    expect(directoryContent(path.join(repository.dir, ".husky"))).toEqual(before);
    expect(directoryContent(path.join(repository.gitDir, "hooks"))).toEqual(hooks);
  });
});

describe.skipIf(husky === undefined)("husky with keyrecall among the dependencies", () => {
  it("gets scripts that name nothing of this machine", () => {
    const repository = GitRepository.init();
    repository
      .write("README", "hello\n")
      .write(".gitignore", "node_modules\n")
      .write(".husky/pre-commit", "true\n")
      .commit();
    expect(install(repository, ["--stage", "pre-receive"]).stdout).toContain("husky is not set up");
    uninstall(repository);
    expect(run(process.execPath, [husky!], { cwd: repository.dir }).status).toBe(0);
    mkdirSync(path.join(repository.dir, "node_modules"));
    symlinkSync(PACKAGE_DIRECTORY, path.join(repository.dir, "node_modules/keyrecall"));
    install(repository);
    const script = readFileSync(path.join(repository.dir, ".husky/pre-commit"), "utf8");
    expect(script).not.toContain(PACKAGE_DIRECTORY);
    expect(script).not.toContain(process.execPath);
    expectProtection(repository, { PATH: `${path.dirname(process.execPath)}:${process.env["PATH"]}` });
  });
});

describe.skipIf(lefthook === undefined)("lefthook", () => {
  const env = { PATH: `${path.dirname(lefthook ?? "")}:${process.env["PATH"]}`, NO_COLOR: "1" };

  function lefthookRepository(): GitRepository {
    const repository = GitRepository.init();
    const jobs = "pre-commit:\n  commands:\n    own:\n      run: echo own job\n";
    repository.write("lefthook.yml", jobs).write("README", "hello\n").commit();
    expect(run(lefthook!, ["install"], { cwd: repository.dir, env }).status).toBe(0);
    return repository;
  }

  it("runs keyrecall beside its own jobs, before and after it takes over more hooks, and gets everything back", () => {
    const repository = lefthookRepository();
    const before = directoryContent(path.join(repository.gitDir, "hooks"));
    expect(install(repository, [], env).stdout).toContain("hooks by lefthook");
    install(repository, [], env);
    repository.write("z", "x\n").stage("z");
    expect(commit(repository, env).output).toContain("own job");
    expectProtection(repository, env);
    uninstall(repository, [], env);
    expect(directoryContent(path.join(repository.gitDir, "hooks"))).toEqual(before);
    expect(existsSync(path.join(repository.dir, "lefthook-local.yml"))).toBe(false);

    install(repository, [], env);
    run(lefthook!, ["install", "--force"], { cwd: repository.dir, env });
    expect(readFileSync(path.join(repository.gitDir, "hooks/pre-push"), "utf8")).toContain("lefthook");
    expectProtection(repository, env);
    uninstall(repository, [], env);
    expect(existsSync(path.join(repository.dir, "lefthook-local.yml"))).toBe(false);
    expect(existsSync(path.join(repository.gitDir, "keyrecall"))).toBe(false);
  });

  it("adds to a file of the user's own and gives it back byte for byte, or without what was added", () => {
    const own = "# mine\npre-commit:\n    jobs:\n        - {name: mine,   run: echo my job}\n";
    const repository = lefthookRepository();
    const file = path.join(repository.dir, "lefthook-local.yml");
    repository.write("lefthook-local.yml", own);
    install(repository, [], env);
    repository.write("z", "x\n").stage("z");
    expect(commit(repository, env).output).toContain("my job");
    uninstall(repository, [], env);
    expect(readFileSync(file, "utf8")).toBe(own);
    install(repository, [], env);
    repository.write("lefthook-local.yml", `${readFileSync(file, "utf8")}# a later line\n`);
    uninstall(repository, [], env);
    expect(readFileSync(file, "utf8")).toContain("a later line");
    expect(readFileSync(file, "utf8")).toContain("my job");
    expect(readFileSync(file, "utf8")).not.toContain("keyrecall");
  });

  it("is seen through by doctor", () => {
    const repository = lefthookRepository();
    install(repository, [], env);
    const doctor = runCli(["doctor", "--offline", "--format", "json"], { cwd: repository.dir, env });
    expectStatus(doctor, 1);
    expect(doctor.stdout).toContain("pre-commit stopped a canary");
    expect(doctor.stdout).toContain("pre-push stopped a canary");
  });
});

describe("the hooks' front in other shells", () => {
  it.each(shells)("works in %s", (shell) => {
    const bin = makeTempDir("bin");
    const program = run("sh", ["-c", `command -v ${shell}`], { cwd: "/" }).output.trim();
    mkdirSync(path.join(bin, "only"));
    // By its name a program of many names knows that it is to be sh.
    symlinkSync(program, path.join(bin, "only/sh"));
    const env = { PATH: `${path.join(bin, "only")}:${process.env["PATH"]}` };
    const token = makeToken();
    const repository = GitRepository.init({ dir: mkdir(bin, "it's here") });
    repository.commitFile("README", "hello\n");
    const front = path.join(PACKAGE_DIRECTORY, "hooks/run");
    const node = new WatchedNode();
    const check = (stage: string, input = "") =>
      run("sh", [front, stage, "origin", "url"], { cwd: repository.dir, env: { ...env, ...node.env }, input });
    repository.write("a", "x\n").stage();
    expectPassed(check("pre-commit"));
    expect(node.starts()).toBe(0);
    repository.write("a.env", `KEY=${token.raw}`).stage();
    expectStopped(check("pre-commit"), token.masked);
    const leak = repository.commitIndex();
    expectStopped(check("pre-push", `main ${leak} refs/heads/main ${"0".repeat(40)}\n`), token.masked);
    expectPassed(check("pre-push", `main ${leak} refs/heads/main ${leak}\n`));
  });
});

function mkdir(...parts: string[]): string {
  const dir = path.join(...parts);
  mkdirSync(dir);
  return dir;
}
