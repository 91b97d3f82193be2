import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expectStatus, runCli } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectUsageError } from "../support/report.ts";
import { makeToken } from "../support/token.ts";

/** A repository with or without a token, and with or without a missing object. */
function makeRepository(state: { readonly leaky: boolean; readonly broken: boolean }): GitRepository {
  const repository = GitRepository.init();
  repository
    .write("a.env", state.leaky ? makeToken().raw : "clean\n")
    .write("b.txt", "b\n")
    .commit();
  if (state.broken) rmSync(repository.looseObject(repository.id("HEAD:b.txt")));
  return repository;
}

describe("exit status of scan --history", () => {
  const clean = { leaky: false, broken: false };
  const leaky = { leaky: true, broken: false };
  const broken = { leaky: false, broken: true };
  const both = { leaky: true, broken: true };
  it.each([
    [0, "nothing is found and all is read", clean, []],
    [1, "a token is found", leaky, []],
    [3, "nothing is found but an object is missing", broken, []],
    [1, "a token is found and an object is missing", both, []],
    [1, "a token is found with --fail-on found", leaky, ["--fail-on", "found"]],
    [1, "a token is found, unchecked, with --fail-on live", leaky, ["--fail-on", "live"]],
    [0, "a token is found with --fail-on never", leaky, ["--fail-on", "never"]],
    [3, "an object is missing with --fail-on never", broken, ["--fail-on", "never"]],
    [3, "a token is found and an object is missing with --fail-on never", both, ["--fail-on=never"]],
    [0, "all is clean with --fail-on never", clean, ["--fail-on=never"]],
  ] as const)("is %d when %s", (status, _, state, args) => {
    const { dir } = makeRepository(state);
    expectStatus(runCli(["scan", "--history", ...args], { cwd: dir }), status);
    expectStatus(runCli(["scan", "--history", "--format", "json", ...args], { cwd: dir }), status);
  });

  it("is 2 when --fail-on, --format or --min-confidence has an unknown value, which is named with the known ones", () => {
    const { dir } = makeRepository(clean);
    expectUsageError(runCli(["scan", "--fail-on", "sometimes"], { cwd: dir }), "sometimes", "found", "live", "never");
    expectUsageError(runCli(["scan", "--format", "xml"], { cwd: dir }), "xml", "text", "json");
    expectUsageError(runCli(["scan", "--min-confidence", "maybe"], { cwd: dir }), "maybe", "certain", "suspect");
  });

  it("says in words that a scan is incomplete", () => {
    const run = runCli(["scan", "--history"], { cwd: makeRepository(broken).dir });
    expect(run.stdout + run.stderr).toMatch(/incomplete/i);
    expect(run.stdout + run.stderr).toMatch(/[0-9a-f]{40}/);
  });
});
