// What other scanners find with a rule for these tokens, Keyrecall finds as well, in the same repository.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { prerequisite } from "../../scripts/tier2/prerequisites.ts";
import { scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { isolatedEnv } from "../support/isolated-env.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeTokens } from "../support/token.ts";

const gitleaks = await prerequisite("gitleaks", "comparison with gitleaks");
const betterleaks = await prerequisite("betterleaks", "comparison with betterleaks");

const RULE = `title = "InferenceKey"
[[rules]]
id = "inferencekey"
regex = '''ik_(?:sdk|live)_[0-9a-f]{8}_[0-9a-f]{64}'''
keywords = ["ik_"]
`;

/** Ordinary leaks, which every scanner should find: in files, changed, removed, on a branch. */
function leakyRepository() {
  const repository = GitRepository.init();
  const tokens = makeTokens(4);
  repository.commitFile("a.env", `KEY=${tokens[0].raw}\n`);
  repository.commitFile("a.env", `KEY=${tokens[1].raw}\n`);
  repository.commitFile("a.env", "KEY=\n");
  repository.git(["checkout", "-q", "-b", "side"]);
  repository.commitFile("b.json", JSON.stringify({ key: tokens[2].raw }));
  repository.git(["checkout", "-q", "main"]);
  repository.commitFile("c.yml", `url: https://example.com/?key=${tokens[3].raw}&x=1\n`);
  return { repository, tokens };
}

function fingerprintOf(secret: string): string {
  return `sha256:${createHash("sha256").update(secret).digest("hex")}`;
}

/** Runs another scanner with a report file; it says by its status whether it found something. */
function runScanner(executable: string, args: readonly string[], cwd: string): void {
  try {
    execFileSync(executable, args, { cwd, env: isolatedEnv(), stdio: "pipe" });
  } catch (error) {
    if ((error as { status?: unknown }).status !== 1) throw error;
  }
}

function expectSuperset(found: ReadonlySet<string>, dir: string, expected: number): void {
  expect(found.size).toBe(expected);
  const ours = new Set(scan(["--history"], { cwd: dir }).report.tokens.map((token) => token.fingerprint));
  for (const fingerprint of found) expect(ours).toContain(fingerprint);
}

describe.skipIf(gitleaks === undefined)("keyrecall beside gitleaks", () => {
  it("finds in a history what gitleaks finds there", () => {
    const { repository, tokens } = leakyRepository();
    const dir = makeTempDir();
    const [rules, report] = [path.join(dir, "rules.toml"), path.join(dir, "report.json")];
    writeFileSync(rules, RULE);
    runScanner(
      gitleaks!,
      ["git", repository.dir, "--config", rules, "--report-format", "json", "--report-path", report],
      dir,
    );
    const findings = JSON.parse(readFileSync(report, "utf8")) as { Secret: string }[];
    expectSuperset(new Set(findings.map((finding) => fingerprintOf(finding.Secret))), repository.dir, tokens.length);
  });
});

describe.skipIf(betterleaks === undefined)("keyrecall beside betterleaks", () => {
  it("finds in a history what betterleaks finds there", () => {
    const { repository, tokens } = leakyRepository();
    const dir = makeTempDir();
    const [rules, report] = [path.join(dir, "rules.toml"), path.join(dir, "report.json")];
    writeFileSync(rules, RULE);
    runScanner(betterleaks!, ["git", repository.dir, "--config", rules, "--output", report], dir);
    const text = readFileSync(report, "utf8");
    const found = tokens.filter((token) => text.includes(token.raw)).map((token) => token.fingerprint);
    expectSuperset(new Set(found), repository.dir, tokens.length);
  });
});
