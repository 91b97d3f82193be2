import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expectStatus, runCli, type CliOptions } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens } from "../support/token.ts";

const ESCAPE = "\u001B";

describe("the report for people", () => {
  it("tells what was found, where, who brought it in, what it can do and what to do next", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write("deploy/prod.env", `A=1\nKEY=${token.raw}\n`);
    const commit = repository.commit("Add it", { author: "Grace Hopper", email: "grace@example.org" });
    const run = runCli(["scan", "--history"], { cwd: repository.dir });
    expectStatus(run, 1);
    expect(run.stdout).toContain(token.masked);
    expect(run.stdout).toContain("deploy/prod.env:2:5");
    expect(run.stdout).toContain(commit.slice(0, 7));
    expect(run.stdout).toContain("Grace Hopper");
    expect(run.stdout).toMatch(/ago|202\d-\d\d-\d\d/);
    expect(run.stdout).toMatch(/workload/);
    expect(run.stdout).toMatch(/revoke/i);
    expect(run.stdout).toMatch(/dashboard/i);
  });

  it("tells both planes apart", () => {
    const [control, data] = [makeToken(), makeToken({ plane: "data" })];
    const run = runCli(["scan", "--stdin"], { cwd: makeTempDir(), input: `${control.raw}\n${data.raw}\n` });
    expectStatus(run, 1);
    for (const text of [control.masked, data.masked, "inference"]) expect(run.stdout).toContain(text);
  });

  it("says that nothing was found", () => {
    const run = runCli(["scan"], { cwd: makeTempDir() });
    expectStatus(run, 0);
    expect(run.stdout).toMatch(/no |nothing|0 /i);
  });

  it("names file, line and column for files, the index, standard input and messages", () => {
    const [inFile, inMessage] = makeTokens(2);
    const repository = GitRepository.init();
    const commit = repository.commitFile("a.env", `\n ${inFile.raw}`, `Subject\n\n${inMessage.raw}`);
    expect(runCli(["scan"], { cwd: repository.dir }).stdout).toContain("a.env:2:2");
    expect(runCli(["scan", "--stdin"], { cwd: repository.dir, input: `\n ${inFile.raw}` }).stdout).toContain("2:2");
    const history = runCli(["scan", "--history"], { cwd: repository.dir }).stdout;
    expect(history).toContain("a.env:2:2");
    expect(history).toMatch(/message/i);
    expect(history).toContain(commit.slice(0, 7));
  });
});

describe("colour", () => {
  // `script` of util-linux gives the command a terminal.
  const wrapper = ["bash", "-c", 'exec script -qec "$(printf "%q " "$@")" /dev/null', "bash"];
  const onTerminal = (args: readonly string[], options: CliOptions) => runCli(args, { ...options, wrapper });
  const repository = () => {
    const made = GitRepository.init();
    made.write("a.env", makeToken().raw);
    return made;
  };

  it("is not used when the output is no terminal", () => {
    for (const env of [{}, { TERM: "xterm-256color", COLORTERM: "truecolor" }, { NO_COLOR: "1" }] as Record<
      string,
      string
    >[]) {
      const run = runCli(["scan"], { cwd: repository().dir, env });
      expectStatus(run, 1);
      expect(run.stdout + run.stderr).not.toContain(ESCAPE);
    }
  });

  it("is not used in the file of --output", () => {
    const { dir } = repository();
    expectStatus(onTerminal(["scan", "--output", "report.txt"], { cwd: dir, env: { TERM: "xterm" } }), 1);
    const text = readFileSync(join(dir, "report.txt"), "utf8");
    expect(text).toContain("a.env:1:1");
    expect(text).not.toContain(ESCAPE);
  });

  it("is used on a terminal unless NO_COLOR, TERM=dumb or --no-color says otherwise", () => {
    const { dir } = repository();
    const env = { TERM: "xterm" };
    expect(onTerminal(["scan"], { cwd: dir, env }).stdout).toContain(ESCAPE);
    expect(onTerminal(["scan"], { cwd: dir, env: { ...env, NO_COLOR: "1" } }).stdout).not.toContain(ESCAPE);
    expect(onTerminal(["scan", "--no-color"], { cwd: dir, env }).stdout).not.toContain(ESCAPE);
    expect(onTerminal(["scan"], { cwd: dir, env: { TERM: "dumb" } }).stdout).not.toContain(ESCAPE);
    expect(onTerminal(["scan", "--format", "json"], { cwd: dir, env }).stdout).not.toContain(ESCAPE);
  });
});
