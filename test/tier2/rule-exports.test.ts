// Each exported rule set in the tool that it is made for: accepted, and finding what it has to find.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { installed, prerequisite } from "../../scripts/tier2/prerequisites.ts";
import { expectStatus, runCli, scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { isolatedEnv } from "../support/isolated-env.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, randomHex } from "../support/token.ts";

const gitleaks = await prerequisite("gitleaks", "the exported rules in gitleaks");
const betterleaks = await prerequisite("betterleaks", "the exported rules in betterleaks");
const kingfisher = await prerequisite("kingfisher", "the exported rules in Kingfisher");
const secretlint = await prerequisite("secretlint", "the exported rules in secretlint");
const trufflehog = await installed("trufflehog", "the exported rules in TruffleHog");

const CUSTOM = `schema: 1
rules:
  - id: acme-key
    name: "Acme 'main' key"
    grammar:
      prefix: acme.$'
      parts:
        - { name: secret, class: base64url, length: { min: 32, max: 40 } }
      secret: secret
    placeholders: ["acme.$'your-key-goes-here-your-key-goes-here"]
    blastRadius: { summary: "reads \\"everything\\"", can: [], cannot: [] }
    rotation: { dashboard: Keys, steps: [make a new one] }
  - id: acme-blob
    name: Acme blob
    grammar:
      prefix: acmeblob_
      parts:
        - { name: secret, class: base64url, length: { min: 1100, max: 1300 } }
      secret: secret
    blastRadius: { summary: reads, can: [], cannot: [] }
    rotation: { dashboard: Keys, steps: [make a new one] }
`;

const secretOf = (length: number): string => randomHex(undefined, length).slice(0, length);

/** Files that hold one text each: by its name whether it has to be found. */
function corpus(): string {
  const dir = makeTempDir();
  const write = (name: string, text: string): void => writeFileSync(path.join(dir, name), text);
  const [control, data] = [makeToken(), makeToken({ plane: "data" })];
  write("found-control.env", `INFERENCEKEY_SDK_TOKEN=${control.raw}\n`);
  write("found-data.py", `key = "${data.raw}"\n`);
  write("found-in-json.json", String.raw`{"text": "first\n` + `${makeToken().raw}"}\n`);
  write("found-upper.txt", `token ${makeToken({ upperCase: true }).raw} end\n`);
  write("found-before-underscore.txt", `${makeToken().raw}_old\n`);
  write("found-in-word.txt", `${makeToken().raw}xyz\n`);
  write("found-alone.txt", makeToken({ plane: "data" }).raw);
  write("found-custom.txt", `key: acme.$'${secretOf(36)}\n`);
  write("found-custom-shortest.txt", `key: acme.$'${secretOf(32)}\n`);
  write("found-custom-longest.txt", `key: acme.$'${secretOf(40)}\n`);
  write("found-long.txt", `key: acmeblob_${secretOf(1200)}\n`);
  const documented = [
    "ik_sdk_...",
    "ik_live_…",
    "ik_sdk_xxxxxxxxxxxxxxxxxxxxxxxx",
    "ik_live_your_workload_key",
    "ik_sdk_your_control_plane_token",
    "ik_sdk_<8hex>_<64hex>",
    "ik_sdk_a1b2c3d4_...",
    "ik_live_support_...",
    "ik_live_default...",
    "hik_live_worker",
    "mikrotik_live_snapshot",
    `public_ik_live_${secretOf(32)}`,
  ];
  write("not-documented.txt", `${documented.join("\n")}\n`);
  write("not-longer.txt", `${makeToken().raw}0a\n${makeToken().raw}${secretOf(64)} x\n`);
  write("not-shorter.txt", `${makeToken().raw.slice(0, -1)}\n`);
  const made = ["0".repeat(64), "f".repeat(64), "0123456789abcdef".repeat(4), "deadbeef".repeat(8)];
  write("not-made-up.txt", made.map((secret) => `ik_sdk_a1b2c3d4_${secret}\n`).join(""));
  write("not-custom.txt", `acme.$'your-key-goes-here-your-key-goes-here\nacme.$'${secretOf(45)}\n`);
  write("not-long.txt", `key: acmeblob_${secretOf(1099)}\nkey: acmeblob_${secretOf(1310)}\n`);
  return dir;
}

/** @returns where the rules stand: in a folder of their own, so that no tool scans them */
function exported(to: string, name: string): string {
  const dir = makeTempDir();
  writeFileSync(path.join(dir, "rules.yaml"), CUSTOM);
  expectStatus(runCli(["rules", "export", "--to", to, "--rules", "rules.yaml", "--output", name], { cwd: dir }), 0);
  return path.join(dir, name);
}

interface ToolRun {
  readonly status: number;
  readonly output: string;
}

function runTool(command: string, args: readonly string[], cwd: string): ToolRun {
  try {
    return {
      status: 0,
      output: execFileSync(command, args, { cwd, env: isolatedEnv(), encoding: "utf8", stdio: "pipe" }),
    };
  } catch (error) {
    const { status, stdout, stderr } = error as { status?: number; stdout?: string; stderr?: string };
    if (status === undefined || stdout === undefined) throw error;
    return { status, output: stdout + (stderr ?? "") };
  }
}

/** Files of the corpus that a tool's report names. */
function filesIn(report: string): string[] {
  return [...new Set(report.match(/(?:found|not)-[\w-]+\.(?:env|py|json|txt)/g))].toSorted();
}

const EXPECTED = [
  "found-alone.txt",
  "found-before-underscore.txt",
  "found-control.env",
  "found-custom-longest.txt",
  "found-custom-shortest.txt",
  "found-custom.txt",
  "found-data.py",
  "found-in-json.json",
  "found-in-word.txt",
  "found-long.txt",
  "found-upper.txt",
];

describe.skipIf(gitleaks === undefined)("rules export --to gitleaks", () => {
  it("finds tokens of every rule and no look-alike", () => {
    const dir = corpus();
    const rules = exported("gitleaks", "gitleaks.toml");
    const report = path.join(path.dirname(rules), "report.json");
    const { status } = runTool(gitleaks!, ["dir", dir, "-c", rules, "-f", "json", "-r", report, "--no-banner"], dir);
    expect(status).toBe(1);
    expect(filesIn(readFileSync(report, "utf8"))).toEqual(EXPECTED);
  });

  it("finds both of two tokens with nothing between", () => {
    const dir = makeTempDir();
    const [one, two] = [makeToken(), makeToken({ plane: "data" })];
    writeFileSync(path.join(dir, "a.txt"), one.raw + two.raw);
    const rules = exported("gitleaks", "gitleaks.toml");
    const report = path.join(path.dirname(rules), "report.json");
    runTool(gitleaks!, ["dir", dir, "-c", rules, "-f", "json", "-r", report], dir);
    const secrets = (JSON.parse(readFileSync(report, "utf8")) as { Secret: string }[]).map(({ Secret }) => Secret);
    expect(secrets.toSorted()).toEqual([one.raw, two.raw].toSorted());
  });
});

describe.skipIf(gitleaks === undefined)("what gitleaks was told to ignore", () => {
  it("is ignored by its own fingerprints, in a directory, and in history", () => {
    const repository = GitRepository.init();
    const tokens = [makeToken(), makeToken({ plane: "data" })];
    repository.commitFile("deploy/a.env", `# a\nA=${tokens[0]!.raw}\n`);
    repository.commitFile("deploy/a.env", `# above\n# a\nA=${tokens[0]!.raw}\nB=${tokens[1]!.raw}\n`);
    const rules = exported("gitleaks", "gitleaks.toml");
    const report = path.join(path.dirname(rules), "report.json");
    for (const [mode, args] of [
      ["dir", []],
      ["git", ["--history"]],
    ] as const) {
      runTool(gitleaks!, [mode, ".", "-c", rules, "-f", "json", "-r", report], repository.dir);
      const findings = JSON.parse(readFileSync(report, "utf8")) as { Fingerprint: string }[];
      expect(findings).toHaveLength(2);
      const file = path.join(path.dirname(rules), `${mode}.ignore`);
      writeFileSync(file, findings.map(({ Fingerprint }) => `${Fingerprint}\n`).join(""));
      const run = scan([...args, "--gitleaks-ignore", file], { cwd: repository.dir });
      expectStatus(run, 0);
      expect(run.report.tokens.map(({ allowed }) => allowed?.by)).toEqual(["gitleaks-ignore", "gitleaks-ignore"]);
      expect(run.report.policy.unused).toEqual([]);
    }
  });
});

describe.skipIf(betterleaks === undefined)("what betterleaks was told to ignore", () => {
  it("is ignored by the fingerprint of its value", () => {
    const dir = makeTempDir();
    const token = makeToken();
    writeFileSync(path.join(dir, "a.env"), `A=${token.raw}\n`);
    const fingerprint = execFileSync(betterleaks!, ["fingerprint"], { input: token.raw, env: isolatedEnv() });
    const file = path.join(makeTempDir(), ".betterleaksignore");
    writeFileSync(file, fingerprint);
    const run = scan([".", "--gitleaks-ignore", file], { cwd: dir });
    expectStatus(run, 0);
    expect(run.report.tokens.map(({ allowed }) => allowed?.by)).toEqual(["gitleaks-ignore"]);
  });
});

describe.skipIf(betterleaks === undefined)("rules export --to betterleaks", () => {
  it("finds tokens of every rule and no look-alike", () => {
    const dir = corpus();
    const rules = exported("betterleaks", "betterleaks.toml");
    const report = path.join(path.dirname(rules), "report.json");
    const { status, output } = runTool(betterleaks!, ["filesystem", dir, "--config", rules, "--output", report], dir);
    expect(status, output).toBe(1);
    expect(filesIn(readFileSync(report, "utf8"))).toEqual(EXPECTED);
  });
});

describe.skipIf(kingfisher === undefined)("rules export --to kingfisher", () => {
  it("finds tokens of every rule and no look-alike", () => {
    const dir = corpus();
    const rules = exported("kingfisher", "kingfisher.yml");
    const args = ["scan", dir, "--rules-path", rules, "--load-builtins=false", "--no-validate", "--format", "json"];
    const cache = path.join(path.dirname(rules), "cache");
    mkdirSync(cache);
    const { output } = runTool(kingfisher!, [...args, "--no-update-check", "--rule-cache-dir", cache], dir);
    expect(filesIn(output), output).toEqual(EXPECTED);
  });
});

describe.skipIf(secretlint === undefined)("rules export --to secretlint", () => {
  it("finds tokens of every rule and no look-alike", () => {
    const dir = corpus();
    const rules = exported("secretlint", ".secretlintrc.json");
    const args = [secretlint!, "**/*", "--secretlintrc", rules, "--format", "unix", "--no-color"];
    const { status, output } = runTool(process.execPath, args, dir);
    expect(status, output).toBe(1);
    expect(filesIn(output)).toEqual(EXPECTED);
  });
});

describe.skipIf(trufflehog === undefined)("rules export --to trufflehog", () => {
  it("finds tokens of every rule and no look-alike", () => {
    const dir = corpus();
    const rules = exported("trufflehog", "detectors.yml");
    const args = ["filesystem", dir, "--config", rules, "--json", "--no-update", "--no-verification"];
    const which = ["--results=verified,unknown,unverified", "--include-detectors=CustomRegex"];
    const { output } = runTool(trufflehog!, [...args, ...which], dir);
    // As the export says, nothing of more than a thousand characters.
    const expected = EXPECTED.filter((name) => name !== "found-long.txt");
    expect(filesIn(output)).toEqual(expected);
  });
});
