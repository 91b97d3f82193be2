import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expectStatus, runCli } from "../support/cli.ts";
import { directoryContent } from "../support/directory-snapshot.ts";
import { GitRepository } from "../support/git-repository.ts";
import { attempt, expectPassed, expectStopped, install, uninstall, writeProgram } from "../support/hooks.ts";
import { expectUsageError } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken } from "../support/token.ts";

const commit = ["commit", "-q", "-m", "Change things"];

function repositoryWithCommit(): GitRepository {
  const repository = GitRepository.init();
  repository.commitFile("README", "hello\n");
  return repository;
}

/** A hook that writes down its name, where it stands, its arguments and its input. */
function noting(log: string): string {
  return `#!/bin/sh\necho "$(basename "$0") in $(basename "$(dirname "$0")"): $* $(cat)" >>'${log}'\n`;
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

describe("hook install", () => {
  it("writes three hooks, says where, changes nothing the second time, and uninstall leaves no trace", () => {
    const token = makeToken();
    const repository = repositoryWithCommit();
    const before = snapshotHooks(repository);
    const first = install(repository);
    for (const stage of ["pre-commit", "pre-merge-commit", "pre-push"]) {
      expect(first.stdout).toContain(`${stage} installed: ${repository.gitDir}/hooks/${stage}`);
      expect(lstatSync(join(repository.gitDir, "hooks", stage)).mode & 0o777).toBe(0o755);
    }
    const installed = snapshotHooks(repository);
    expect(install(repository).stdout).toContain("pre-commit up to date");
    expect(snapshotHooks(repository)).toEqual(installed);
    repository.write("a.env", token.raw).stage();
    expectStopped(attempt(repository, commit), token.masked);
    uninstall(repository);
    expect(snapshotHooks(repository)).toEqual(before);
    expect(uninstall(repository).stdout).toContain("no hook of keyrecall is installed here");
  });

  it("makes the directory of hooks where there is none, and takes it away again", () => {
    const repository = repositoryWithCommit();
    rmSync(join(repository.gitDir, "hooks"), { recursive: true });
    install(repository);
    install(repository);
    uninstall(repository);
    expect(existsSync(join(repository.gitDir, "hooks"))).toBe(false);
  });

  it("runs hooks that were there, with their name, their place, their arguments and their input", () => {
    const token = makeToken();
    const repository = repositoryWithCommit();
    const log = join(makeTempDir(), "log");
    for (const name of ["pre-commit", "pre-push"]) writeProgram(join(repository.gitDir, "hooks", name), noting(log));
    const before = snapshotHooks(repository);
    install(repository);
    install(repository);
    repository.write("a", "x\n").stage();
    expect(attempt(repository, commit).status).toBe(0);
    expect(read(log)).toBe("pre-commit in hooks:  \n");
    const remote = GitRepository.init({ bare: true });
    expect(attempt(repository, ["push", "-q", remote.dir, "main", "main:other"]).status).toBe(0);
    expect(read(log)).toMatch(
      new RegExp(`pre-push in hooks: ${remote.dir} ${remote.dir} .*refs/heads/main 0+\n.*refs/heads/other 0+\n$`),
    );
    repository.write("a.env", token.raw).stage();
    expectStopped(attempt(repository, commit), token.masked);
    uninstall(repository);
    expect(snapshotHooks(repository)).toEqual(before);
  });

  it("runs programs of other languages, links to programs and hooks that fail; what is off stays off", () => {
    const repository = repositoryWithCommit();
    const hooks = join(repository.gitDir, "hooks");
    const log = join(makeTempDir(), "log");
    writeProgram(
      join(hooks, "pre-commit"),
      `#!${process.execPath}\nrequire("node:fs").appendFileSync(${JSON.stringify(log)}, "node\\n");\nprocess.exit(process.env.FAIL ? 7 : 0);\n`,
    );
    writeProgram(join(repository.dir, "tracked-hook"), noting(log));
    repository.symlink(".git/hooks/pre-push", "../../tracked-hook");
    writeProgram(join(hooks, "pre-merge-commit"), "#!/bin/sh\nexit 1\n", 0o644);
    const before = snapshotHooks(repository);
    install(repository);
    repository.write("a", "x\n").stage("a");
    expect(attempt(repository, commit, { env: { FAIL: "1" } }).status).not.toBe(0);
    expectPassed(attempt(repository, commit));
    expect(read(log)).toBe("node\nnode\n");
    repository.git(["checkout", "-q", "-b", "side"]);
    repository.write("b", "x\n").stage("b");
    expectPassed(attempt(repository, commit));
    repository.git(["checkout", "-q", "main"]);
    expectPassed(attempt(repository, ["merge", "-q", "--no-ff", "--no-edit", "side"]));
    expect(attempt(repository, ["push", "-q", GitRepository.init({ bare: true }).dir, "main"]).status).toBe(0);
    expect(read(log)).toContain("refs/heads/main");
    uninstall(repository);
    expect(snapshotHooks(repository)).toEqual(before);
  });

  it("leaves a script alone that is not UTF-8, but for the block that it takes out again", () => {
    const repository = repositoryWithCommit();
    const script = Buffer.concat([Buffer.from("#!/bin/sh\r\n# caf"), Buffer.from([0xe9]), Buffer.from("\ntrue")]);
    repository.write(".git/hooks/pre-commit", script).chmod(".git/hooks/pre-commit", 0o750);
    install(repository, ["--stage", "pre-commit"]);
    expect(readFileSync(join(repository.gitDir, "hooks/pre-commit")).length).toBeGreaterThan(script.length);
    uninstall(repository);
    expect(readFileSync(join(repository.gitDir, "hooks/pre-commit"))).toEqual(script);
    expect(lstatSync(join(repository.gitDir, "hooks/pre-commit")).mode & 0o777).toBe(0o750);
  });

  it("does not lose what somebody has written into its own file", () => {
    const repository = repositoryWithCommit();
    install(repository);
    repository.write(".git/hooks/pre-push", `${read(join(repository.gitDir, "hooks/pre-push"))}echo more\n`);
    expectUsageError(runCli(["hook", "uninstall"], { cwd: repository.dir }), "pre-push", "changed by somebody else");
    expectUsageError(runCli(["hook", "install"], { cwd: repository.dir }), "pre-push", "changed by somebody else");
  });

  it("takes what another program has put in its place for that program's", () => {
    const token = makeToken();
    const repository = repositoryWithCommit();
    const hooks = join(repository.gitDir, "hooks");
    writeProgram(join(hooks, "pre-commit"), `#!${process.execPath}\n// the first\n`);
    install(repository, ["--stage", "pre-commit"]);
    writeProgram(join(hooks, "pre-commit"), `#!${process.execPath}\n// the second\n`);
    install(repository, ["--stage", "pre-commit"]);
    repository.write("a.env", token.raw).stage();
    expectStopped(attempt(repository, commit), token.masked);
    uninstall(repository);
    expect(read(join(hooks, "pre-commit"))).toContain("the second");
  });

  it("serves the hooks of all linked working trees", () => {
    const token = makeToken();
    const repository = repositoryWithCommit();
    const dir = join(makeTempDir(), "linked");
    repository.git(["worktree", "add", "-q", "--detach", dir]);
    const linked = new GitRepository(dir);
    install(linked);
    for (const one of [linked, repository]) {
      one.write("a.env", token.raw).stage();
      expectStopped(attempt(one, commit), token.masked);
    }
    uninstall(linked);
    expectPassed(attempt(repository, commit));
  });

  it("follows core.hooksPath of the repository, and says that what is tracked is shared", () => {
    const token = makeToken();
    const repository = repositoryWithCommit();
    repository.git(["config", "core.hooksPath", ".githooks"]);
    const log = join(makeTempDir(), "log");
    mkdirSync(join(repository.dir, ".githooks"));
    writeProgram(join(repository.dir, ".githooks/pre-commit"), noting(log));
    const before = directoryContent(join(repository.dir, ".githooks"));
    expect(install(repository).stdout).toContain(".githooks/pre-commit is in the working tree");
    repository.write("a.env", token.raw).stage("a.env");
    expectStopped(attempt(repository, commit), token.masked);
    repository.git(["reset", "-q"]);
    repository.write("b", "x").stage("b");
    expect(attempt(repository, commit).status).toBe(0);
    expect(read(log)).toBe("pre-commit in .githooks:  \n");
    uninstall(repository);
    expect(directoryContent(join(repository.dir, ".githooks"))).toEqual(before);
  });

  it("does not call itself installed where a setting turns all hooks off", () => {
    const repository = repositoryWithCommit();
    install(repository);
    repository.git(["config", "core.hooksPath", ""]);
    for (const command of [
      ["hook", "install"],
      ["hook", "install", "--global"],
      ["doctor", "--offline"],
    ]) {
      const run = runCli(command, { cwd: repository.dir });
      expect(run.status, run.stdout).not.toBe(0);
      expect(run.stdout + run.stderr).toContain("core.hooksPath of the local configuration is empty");
    }
  });

  it("refuses stages that there are not, places that are none, and a directory for all without --global", () => {
    const repository = repositoryWithCommit();
    expectUsageError(runCli(["hook", "install", "--stage", "post-commit"], { cwd: repository.dir }), "post-commit");
    expectUsageError(runCli(["hook", "install"], { cwd: makeTempDir() }), "not a git repository", "--global");
    const home = homeWith("[core]\n\thooksPath = ~/hooks\n");
    const run = runCli(["hook", "install"], { cwd: repository.dir, env: home.env });
    expectUsageError(run, "core.hooksPath of the global configuration", "--global");
    expect(existsSync(join(home.dir, "hooks"))).toBe(false);
  });
});

describe("hook install --global", () => {
  it("covers every repository, calls its own hooks of any name, and leaves no trace", () => {
    const token = makeToken();
    const home = homeWith(null);
    const before = directoryContent(home.dir);
    const repository = repositoryWithCommit();
    const log = join(makeTempDir(), "log");
    const own = ["pre-commit", "commit-msg", "post-commit", "pre-push", "reference-transaction"];
    for (const name of own) writeProgram(join(repository.gitDir, "hooks", name), noting(log));
    expect(install(repository, ["--global"], home.env).stdout).toContain("call those in each repository's .git/hooks");
    const installed = directoryContent(home.dir);
    install(repository, ["--global"], home.env);
    expect(directoryContent(home.dir)).toEqual(installed);

    const covered = runCli(["hook", "install"], { cwd: repository.dir, env: home.env });
    expectUsageError(covered, "installed for all of your repositories");

    repository.write("a.env", token.raw).stage();
    expectStopped(attempt(repository, commit, { env: home.env }), token.masked);
    expectPassed(attempt(repository, [...commit, "--no-verify"], { env: home.env }));
    const dir = join(makeTempDir(), "linked tree");
    repository.git(["worktree", "add", "-q", "--detach", dir]);
    const linked = new GitRepository(dir);
    linked.write("b", "x\n").stage();
    expectPassed(attempt(linked, commit, { env: home.env }));
    const remote = GitRepository.init({ bare: true });
    expectStopped(attempt(repository, ["push", "-q", remote.dir, "main"], { env: home.env }), token.masked);
    for (const name of own) expect(read(log)).toContain(`${name} in hooks:`);
    expect(read(log)).toMatch(/pre-push in hooks: .*refs\/heads\/main/);

    expectStatus(runCli(["hook", "uninstall", "--global"], { cwd: "/", env: home.env }), 0);
    expect(directoryContent(home.dir)).toEqual(before);
    repository.write("c.env", makeToken().raw).stage();
    expectPassed(attempt(repository, commit, { env: home.env }));
  });

  it.each([
    ["an empty file", ""],
    ["other settings", "[user]\n\tname = Ada\n[core]\n\teditor = vi\n"],
    ["a last line without an end", "[alias]\n\tst = status"],
  ])("restores a configuration with %s, byte for byte", (_, text) => {
    const home = homeWith(text);
    const before = directoryContent(home.dir);
    const repository = repositoryWithCommit();
    install(repository, ["--global"], home.env);
    expect(read(join(home.dir, ".gitconfig"))).toContain("hooksPath");
    uninstall(repository, ["--global"], home.env);
    expect(directoryContent(home.dir)).toEqual(before);
  });

  it("adds to a directory that is already named, and leaves its hooks as they were", () => {
    const token = makeToken();
    const home = homeWith("[core]\n\thooksPath = ~/my hooks\n");
    const log = join(makeTempDir(), "log");
    mkdirSync(join(home.dir, "my hooks"));
    writeProgram(join(home.dir, "my hooks/pre-commit"), noting(log));
    const before = directoryContent(home.dir);
    const repository = repositoryWithCommit();
    install(repository, ["--global"], home.env);
    repository.write("a.env", token.raw).stage();
    expectStopped(attempt(repository, commit, { env: home.env }), token.masked);
    repository.write("a.env", "x\n").stage();
    expect(attempt(repository, commit, { env: home.env }).status).toBe(0);
    expect(read(log)).toBe("pre-commit in my hooks:  \n");
    uninstall(repository, ["--global"], home.env);
    expect(directoryContent(home.dir)).toEqual(before);
  });
});

/** A user's home with a configuration of git. */
function homeWith(configuration: string | null): { readonly dir: string; readonly env: Record<string, string> } {
  const dir = makeTempDir("a home");
  const home = new GitRepository(dir);
  if (configuration !== null) home.write(".gitconfig", configuration);
  return { dir, env: { HOME: dir, XDG_CONFIG_HOME: "", GIT_CONFIG_GLOBAL: join(dir, ".gitconfig") } };
}

function snapshotHooks(repository: GitRepository): ReturnType<typeof directoryContent> {
  return directoryContent(join(repository.gitDir, "hooks"));
}
