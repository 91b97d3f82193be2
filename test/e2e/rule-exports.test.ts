import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { problemsOfRequestBody } from "../emulators/github/openapi.ts";
import { expectStatus, runCli } from "../support/cli.ts";
import { expectUsageError } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken } from "../support/token.ts";

const TARGETS = ["gitleaks", "betterleaks", "trufflehog", "kingfisher", "secretlint", "github"];

const exportTo = (to: string, ...args: string[]) =>
  runCli(["rules", "export", "--to", to, ...args], { cwd: makeTempDir() });

interface GithubPattern {
  readonly name: string;
  readonly pattern: string;
  readonly start_delimiter: string;
  readonly end_delimiter: string;
  readonly must_not_match: readonly string[];
}

describe("rules export", () => {
  it.each(TARGETS)("--to %s writes both rules, and says what is not in them", (to) => {
    const run = exportTo(to);
    expectStatus(run, 0);
    for (const text of ["ik_sdk_", "ik_live_"]) expect(run.stdout).toContain(text);
    const said = run.stdout + run.stderr;
    for (const text of ["--min-confidence suspect", "project_scope_mismatch", "keyrecall verify", "places:"]) {
      expect(said).toContain(text);
    }
  });

  it("writes to a file, and nothing else", () => {
    const cwd = makeTempDir();
    const run = runCli(["rules", "export", "--to", "gitleaks", "--output", "rules.toml"], { cwd });
    expectStatus(run, 0);
    expect(run.stdout).toBe("");
    expect(readFileSync(join(cwd, "rules.toml"), "utf8")).toContain("[[rules]]");
  });

  it("names the tools where it is given another one, or none", () => {
    for (const run of [exportTo("semgrep"), runCli(["rules", "export"], { cwd: makeTempDir() })])
      expectUsageError(run, "--to");
    for (const target of TARGETS) expect(exportTo("semgrep").stderr).toContain(target);
    expectUsageError(exportTo("github", "--output", "missing/rules.json"), "missing");
  });
});

describe("rules export --to github", () => {
  const body = exportTo("github").json as { readonly patterns: readonly GithubPattern[] };

  it("is what GitHub's REST API takes", () => {
    for (const owner of ["/repos/{owner}/{repo}", "/orgs/{org}"]) {
      expect(problemsOfRequestBody(`POST ${owner}/secret-scanning/custom-patterns`, body)).toEqual([]);
    }
    expect(JSON.stringify(body)).not.toMatch(/\(\?[=!<]|\\\\[1-9]/);
  });

  it("matches tokens and no look-alikes", () => {
    const [pattern] = body.patterns;
    const { pattern: shape, start_delimiter: start, end_delimiter: end } = pattern!;
    const whole = new RegExp(
      `(?:${start.replace(String.raw`\A`, "^")})(${shape})(?:${end.replace(String.raw`\z`, "$")})`,
    );
    const secretIn = (text: string): string | undefined => {
      const secret = whole.exec(text)?.[1];
      return pattern!.must_not_match.some((other) => new RegExp(other).test(secret ?? "")) ? undefined : secret;
    };
    const { raw } = makeToken();
    for (const text of [raw, `"${raw}"`, String.raw`\n${raw}\n`, `${raw}_x`, `${raw}xyz`])
      expect(secretIn(text)).toBe(raw);
    for (const text of [
      `${raw}0`,
      raw.slice(0, -1),
      "ik_sdk_your_control_plane_token",
      `ik_sdk_a1b2c3d4_${"0".repeat(64)}`,
    ]) {
      expect(secretIn(text)).toBeUndefined();
    }
  });
});

describe("rules export --to trufflehog", () => {
  it("is YAML with a detector for each rule", () => {
    const { detectors } = parse(exportTo("trufflehog").stdout) as {
      detectors: { name: string; keywords: string[]; regex: { token: string }; exclude_regexes_match: string[] }[];
    };
    expect(detectors.map(({ name }) => name)).toEqual(["inferencekey-control-token", "inferencekey-data-token"]);
    const [{ regex, exclude_regexes_match: excluded } = { regex: { token: "" }, exclude_regexes_match: [] }] =
      detectors;
    const found = (text: string): string[] =>
      [...text.matchAll(new RegExp(regex.token, "g"))]
        .map(([match]) => match)
        .filter((match) => !excluded.some((pattern) => new RegExp(pattern).test(match)));
    const { raw } = makeToken();
    expect(found(`x ${raw}\n${raw}0 ${raw}_1`)).toEqual([raw, raw]);
  });
});
