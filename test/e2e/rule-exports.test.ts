// `rules export`: each file parses, finds what Keyrecall finds, and leaves out what Keyrecall leaves out.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { problemsOfRequestBody } from "../emulators/github/openapi.ts";
import { expectStatus, runCli } from "../support/cli.ts";
import { EXPORT_TARGETS, type ExportTarget, ODD_RULE, readExported } from "../support/exported-rules.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectUsageError } from "../support/report.ts";
import { rememberSecret } from "../support/secret-guard.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, randomHex } from "../support/token.ts";

function exported(target: ExportTarget, args: readonly string[] = [], cwd = makeTempDir()) {
  const run = runCli(["rules", "export", "--to", target, ...args], { cwd });
  expectStatus(run, 0);
  const rules = readExported(target, run.stdout);
  return { run, rules, find: (text: string) => rules.flatMap((rule) => rule.find(text)) };
}

const LOOK_ALIKES: readonly [string, () => string][] = [
  ["another vendor's prefix and shape", () => `pik_live_${randomHex(undefined, 20)}`],
  ["another vendor's public key", () => `public_ik_live_${randomHex(undefined, 16)}`],
  ["an identifier", () => "hik_live_worker mikrotik_live_snapshot"],
  ["a longer run of digits", () => `KEY=${makeToken().raw}${randomHex(undefined, 4)}\n`],
  ["one digit more", () => `KEY=${makeToken().raw}a`],
  ["one digit more, and an underscore", () => `KEY=${makeToken().raw}a_b`],
  ["one digit too few", () => `KEY=${makeToken().raw.slice(0, -1)}\n`],
  ["an identifier of seven digits", () => `ik_sdk_${randomHex(undefined, 4).slice(1)}_${randomHex(undefined, 32)}`],
  ["the same digit over and over", () => `KEY=${makeToken({ secret: "0".repeat(64) }).raw}\n`],
  ["digits that count", () => `KEY=${makeToken({ secret: "0123456789abcdef".repeat(4) }).raw}\n`],
  ["a placeholder", () => "ik_sdk_your_control_plane_token ik_live_your_workload_key ik_sdk_xxxxxxxxxxxxxxxxxxxxxxxx"],
  ["a shape", () => "ik_sdk_<8hex>_<64hex> ik_sdk_a1b2c3d4_... ik_live_default..."],
];

describe.each(EXPORT_TARGETS)("rules export --to %s", (target) => {
  it("has one rule for each kind of token", () => {
    const ids = exported(target).rules.map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toContain("inferencekey-control-token");
    expect(ids[1]).toContain("inferencekey-data-token");
  });

  it("finds tokens of both planes, in either case, and whatever stands beside them", () => {
    const { find } = exported(target);
    for (const token of [makeToken(), makeToken({ plane: "data" }), makeToken({ upperCase: true })]) {
      for (const text of [
        token.raw,
        `KEY=${token.raw}\n`,
        String.raw`{"a": "x\n${token.raw}\n"}`,
        `?key%3D${token.raw}&x`,
        `${token.raw}_`,
        `${token.raw}xyz`,
        `${token.raw} ${token.raw}`,
      ]) {
        expect(find(text)).toContain(token.raw);
      }
    }
  });

  it.each(LOOK_ALIKES)("does not find %s", (_, text) => {
    expect(exported(target).find(text())).toEqual([]);
  });

  it("says what the tool cannot express, in the file or beside it", () => {
    const { run } = exported(target);
    const said = `${run.stdout}${run.stderr}`;
    expect(said).toContain("What Keyrecall does and these rules do not");
    expect(said).toContain("verification is not exported");
    expect(run.stderr === "").toBe(target !== "secretlint" && target !== "github");
  });

  it("takes the operator's rules along, whatever characters they are made of", () => {
    const { dir } = new GitRepository(makeTempDir()).write("rules.yaml", ODD_RULE);
    const { rules, find } = exported(target, ["--rules", "rules.yaml"], dir);
    expect(rules.map(({ id }) => id).join(" ")).toContain("odd-key");
    const secret = `Z${randomHex(undefined, 12)}`;
    rememberSecret(secret, "random");
    expect(find(`a="o'd[d]/$'''${secret}"`)).toEqual([`o'd[d]/$'''${secret}`]);
    expect(find(`a="o'd[d]/$'''your_secret_goes_here0"`)).toEqual([]);
    expect(find(`a="o'd(d]/$'''${secret}"`)).toEqual([]);
    expect(find(`a="o'd[d]/$'''${randomHex(undefined, 20)}"`)).toEqual([]);
  });

  it("takes rules of long tokens along, and counts no further than RE2 does", () => {
    const long = ODD_RULE.replace("{ min: 20, max: 30 }", "{ min: 1100, max: 2500 }");
    const { dir } = new GitRepository(makeTempDir()).write("rules.yaml", long);
    const { run, find } = exported(target, ["--rules", "rules.yaml"], dir);
    const counts = [...run.stdout.matchAll(/\{(\d+)(?:,(\d+))?\}/g)].flatMap(([, from, to]) => [from, to ?? "0"]);
    expect(Math.max(...counts.map(Number))).toBe(1000);
    for (const bytes of [550, 1250]) {
      const secret = randomHex(undefined, bytes);
      rememberSecret(secret, "random");
      expect(find(`a="o'd[d]/$'''${secret}"`)).toEqual([`o'd[d]/$'''${secret}`]);
    }
    expect(find(`a="o'd[d]/$'''${randomHex(undefined, 549)}"`)).toEqual([]);
  });

  it("writes to a file", () => {
    const cwd = makeTempDir();
    const run = runCli(["rules", "export", "--to", target, "--output", "rules.out"], { cwd });
    expectStatus(run, 0);
    expect(run.stdout).toBe("");
    expect(readFileSync(join(cwd, "rules.out"), "utf8")).toBe(exported(target).run.stdout);
  });
});

describe("rules export", () => {
  it("is a body that GitHub's API describes", () => {
    const body: unknown = JSON.parse(exported("github").run.stdout);
    expect(problemsOfRequestBody("POST /repos/{owner}/{repo}/secret-scanning/custom-patterns", body)).toEqual([]);
    expect(problemsOfRequestBody("POST /orgs/{org}/secret-scanning/custom-patterns", body)).toEqual([]);
  });

  it.each(["github", "kingfisher", "gitleaks", "betterleaks", "trufflehog"] as const)(
    "looks neither ahead nor behind for %s, which cannot",
    (target) => {
      expect(exported(target).run.stdout).not.toMatch(/\(\?<?[=!]/);
    },
  );

  it("names the tools where it is asked for another one, or for none", () => {
    const cwd = makeTempDir();
    expectUsageError(runCli(["rules", "export", "--to", "grep"], { cwd }), "grep", ...EXPORT_TARGETS);
    expectUsageError(runCli(["rules", "export"], { cwd }), "--to");
  });

  it("ends with 2 where the file cannot be written or the rules cannot be read", () => {
    const cwd = makeTempDir();
    expectUsageError(runCli(["rules", "export", "--to", "github", "--output", "."], { cwd }), "directory");
    expectUsageError(runCli(["rules", "export", "--to", "github", "--rules", "none.yaml"], { cwd }), "none.yaml");
  });

  it("shows examples in its help", () => {
    const help = runCli(["rules", "export", "--help"], { cwd: makeTempDir() }).stdout;
    for (const target of EXPORT_TARGETS) expect(help).toContain(`keyrecall rules export --to ${target}`);
  });

  it("never shows a token that a rule file holds", () => {
    const token = makeToken();
    const rules = ODD_RULE.replace("reads", `is ${token.raw} and reads`);
    const { dir } = new GitRepository(makeTempDir()).write("rules.yaml", rules);
    const { run } = exported("gitleaks", ["--rules", "rules.yaml"], dir);
    expect(run.stdout).toContain(token.masked);
  });
});
