import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type InferenceKeyEmulator, startInferenceKey } from "../emulators/inferencekey/emulator.ts";
import { type CliRun, expectStatus, startCli } from "../support/cli.ts";
import { directoryContent } from "../support/directory-snapshot.ts";
import { GitRepository } from "../support/git-repository.ts";
import { attempt, install, uninstall, writeProgram } from "../support/hooks.ts";
import { expectUsageError } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken } from "../support/token.ts";

interface Finding {
  readonly check: string;
  readonly state: string;
  readonly what: string;
  readonly remedy: string | null;
}

let api: InferenceKeyEmulator;

beforeEach(async () => {
  api = await startInferenceKey();
});

afterEach(() => api.close());

const SHA = "0123456789abcdef0123456789abcdef01234567";

function workflow(uses: string, on = "[push, pull_request]"): string {
  return `on: ${on}\njobs:\n  scan:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ${uses}\n`;
}

/** A repository in which everything is as it should be. */
function goodRepository(): GitRepository {
  const repository = GitRepository.init();
  repository.write("README", "hello\n").write("src/deep/a.ts", "x\n");
  repository.write(".github/workflows/scan.yml", workflow(`acme/keyrecall@${SHA} # v0.1.0`)).commit();
  install(repository);
  return repository;
}

async function doctor(
  repository: { readonly dir: string },
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<CliRun & { readonly findings: readonly Finding[] }> {
  const all = ["doctor", "--format", "json", "--base-url", api.baseUrl, ...args];
  const run = await startCli(all, { cwd: repository.dir, env }).ended;
  return Object.assign(run, { findings: (run.json as { findings: Finding[] }).findings });
}

function stateOf(run: { readonly findings: readonly Finding[] }, check: string): string[] {
  return run.findings.filter((finding) => finding.check === check).map(({ state }) => state);
}

function scratchDirectories(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith("keyrecall-doctor-"));
}

describe("doctor", () => {
  it("proves that everything works, changes nothing, and asks the API once, with a token that nobody has", async () => {
    const repository = goodRepository();
    const before = directoryContent(repository.dir);
    const scratch = scratchDirectories();
    const run = await doctor(repository);
    expectStatus(run, 0);
    expect(run.findings.map(({ check, state }) => `${check} ${state}`)).toEqual([
      "tools ok",
      "rules ok",
      "configuration ok",
      "hook ok",
      "hook ok",
      "action ok",
      "api ok",
    ]);
    expect(run.findings.every(({ remedy }) => remedy === null)).toBe(true);
    expect(directoryContent(repository.dir)).toEqual(before);
    expect(scratchDirectories()).toEqual(scratch);
    expect(api.requests).toHaveLength(1);
    expect(api.requests[0]).toMatchObject({ status: 401 });
  });

  it("prints the same for people", async () => {
    const repository = goodRepository();
    uninstall(repository);
    const run = await startCli(["doctor", "--offline"], { cwd: repository.dir }).ended;
    expectStatus(run, 1);
    expect(run.stdout).toMatch(/problem +hook +pre-commit let a canary pass/);
    expect(run.stdout).toContain("→ keyrecall hook install");
    expect(run.stdout).toMatch(/skipped +api/);
    expect(run.stdout).toContain("Something has to be done: 2 of 7 checks.");
  });

  it("notices hooks that are not there, are turned off, or let tokens pass", async () => {
    const repository = goodRepository();
    const bypassed = await doctor(repository, [], {
      GIT_CONFIG_GLOBAL: configuration("[core]\n\thooksPath = /nonexistent\n"),
    });
    expect(stateOf(bypassed, "hook")).toEqual(["problem", "problem"]);
    repository.git(["config", "core.hooksPath", makeTempDir("empty")]);
    expect(stateOf(await doctor(repository), "hook")).toEqual(["problem", "problem"]);
    repository.git(["config", "--unset", "core.hooksPath"]);
    repository.chmod(".git/hooks/pre-commit", 0o644);
    expect(stateOf(await doctor(repository), "hook")).toEqual(["problem", "ok"]);
    repository.chmod(".git/hooks/pre-commit", 0o755);
    // What the configuration allows the hook lets pass: it is not the hook that is broken, and it is no protection.
    repository.write(
      ".keyrecall.yml",
      "version: 1\nallow:\n  - path: '**'\n    expires: 2999-01-01\n    reason: all\n",
    );
    expect(stateOf(await doctor(repository), "hook")).toEqual(["problem", "problem"]);
  });

  it("tells keyrecall's word from another hook's failure", async () => {
    const repository = goodRepository();
    uninstall(repository);
    writeProgram(
      join(repository.gitDir, "hooks/pre-commit"),
      `#!${process.execPath}\nconsole.error("no linter here");process.exit(1);\n`,
    );
    install(repository);
    const run = await doctor(repository);
    expectStatus(run, 3);
    expect(run.findings.find(({ check }) => check === "hook")).toMatchObject({
      state: "unknown",
      what: expect.stringContaining("no linter here"),
    });
  });

  it("looks where the user is: subdirectories, linked working trees, SHA-256, before the first commit, shallow", async () => {
    const repository = goodRepository();
    const dir = join(makeTempDir(), "linked tree");
    repository.git(["worktree", "add", "-q", "--detach", dir]);
    const unborn = GitRepository.init({ objectFormat: "sha256" });
    install(unborn);
    repository.commitFile("b", "x\n");
    const shallow = repository.clone(["--depth=1"]);
    install(shallow);
    for (const place of [{ dir: join(repository.dir, "src/deep") }, { dir }, unborn, shallow]) {
      expect(stateOf(await doctor(place), "hook"), place.dir).toEqual(["ok", "ok"]);
    }
  });

  it("proves a global installation", async () => {
    const file = configuration("");
    const env = { GIT_CONFIG_GLOBAL: file, XDG_CONFIG_HOME: join(file, "../configuration") };
    const repository = goodRepository();
    uninstall(repository);
    install(repository, ["--global"], env);
    expect(stateOf(await doctor(repository, [], env), "hook")).toEqual(["ok", "ok"]);
  });

  it("pushes to a scratch copy of a bare repository", async () => {
    const remote = goodRepository().clone([], { bare: true });
    expect(stateOf(await doctor(remote), "hook")).toEqual(["problem"]);
    install(remote);
    const before = remote.git(["for-each-ref"]);
    const run = await doctor(remote);
    expectStatus(run, 0);
    expect(run.findings.find(({ check }) => check === "hook")).toMatchObject({
      state: "ok",
      what: expect.stringContaining("pre-receive"),
    });
    expect(remote.git(["for-each-ref"])).toBe(before);
  });

  it("is not led astray by a caller's GIT_DIR and GIT_INDEX_FILE", async () => {
    const repository = goodRepository();
    const before = directoryContent(repository.dir);
    const env = {
      GIT_DIR: repository.gitDir,
      GIT_WORK_TREE: repository.dir,
      GIT_INDEX_FILE: join(repository.gitDir, "index"),
    };
    expect(stateOf(await doctor(repository, [], env), "hook")).toEqual(["ok", "ok"]);
    expect(directoryContent(repository.dir)).toEqual(before);
  });

  it.each([
    [`acme/keyrecall@${SHA} # v0.0.9`, "[pull_request]", "problem", "bring it up to v0.1.0"],
    ["acme/keyrecall@v0.0.1", "[pull_request]", "problem", "bring it up to v0.1.0"],
    ["acme/keyrecall@main", "[pull_request]", "advice", "pin the commit's SHA"],
    ["acme/keyrecall@v1", "[pull_request]", "advice", "pin the commit's SHA"],
    [`acme/keyrecall@${SHA}`, "[pull_request]", "advice", "write the version"],
    [`acme/keyrecall@${SHA} # v0.1.0`, "{push: {branches: [main]}}", "advice", "add pull_request"],
    ["acme/other@v1", "[pull_request]", "problem", "README"],
  ])("judges a workflow with %s on %s", async (uses, on, state, remedy) => {
    const repository = goodRepository();
    repository.write(".github/workflows/scan.yml", workflow(uses, on));
    const run = await doctor(repository);
    const finding = run.findings.find(({ check }) => check === "action");
    expect(finding).toMatchObject({ state, remedy: expect.stringContaining(remedy) });
    expectStatus(run, state === "problem" ? 1 : 0);
  });

  it("names files that are broken", async () => {
    const repository = goodRepository();
    repository.write(".keyrecall.yml", "version: 1\nalow: []\n").write(".github/workflows/z.yml", "on: [push\njobs: {");
    const run = await doctor(repository);
    expectStatus(run, 1);
    expect(run.findings.find(({ check }) => check === "configuration")).toMatchObject({
      state: "problem",
      what: expect.stringContaining(".keyrecall.yml:2"),
    });
    expect(stateOf(run, "action")).toEqual(["problem", "ok"]);
    const rules = join(makeTempDir(), "rules.yml");
    new GitRepository(makeTempDir()).write("x", "");
    expect(stateOf(await doctor(repository, ["--rules", rules]), "rules")).toEqual(["problem"]);
  });

  it("says when the API does not answer, or something else does", async () => {
    const repository = goodRepository();
    const { baseUrl } = api;
    await api.close();
    const run = await startCli(["doctor", "--format", "json", "--base-url", baseUrl], { cwd: repository.dir }).ended;
    expectStatus(run, 3);
    const { findings } = run.json as { findings: Finding[] };
    expect(findings.at(-1)).toMatchObject({
      check: "api",
      state: "unknown",
      remedy: expect.stringContaining("--offline"),
    });
    api = await startInferenceKey();
    const foreign = await startCli(["doctor", "--format", "json", "--base-url", "http://example.com"], {
      cwd: repository.dir,
    }).ended;
    expectStatus(foreign, 1);
  });

  it("needs a repository", async () => {
    expectUsageError(await startCli(["doctor"], { cwd: makeTempDir() }).ended, "not a git repository");
  });

  it("never shows a secret that a hook prints", async () => {
    const token = makeToken();
    const repository = goodRepository();
    uninstall(repository);
    writeProgram(join(repository.gitDir, "hooks/pre-push"), `#!/bin/sh\necho ${token.raw} >&2\nexit 1\n`);
    const run = await doctor(repository);
    expect(run.stdout).toContain(token.masked);
    expect(attempt(repository, ["status"]).status).toBe(0);
  });
});

function configuration(text: string): string {
  const dir = makeTempDir("configuration");
  new GitRepository(dir).write("config", text);
  return join(dir, "config");
}
