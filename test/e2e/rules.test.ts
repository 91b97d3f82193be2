import { describe, expect, it } from "vitest";
import { expectStatus, runCli, scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, expectUsageError, findToken } from "../support/report.ts";
import { rememberSecret } from "../support/secret-guard.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, randomHex } from "../support/token.ts";

const CUSTOM = `schema: 1
rules:
  - id: acme-key
    name: Acme key
    plane: data
    variable: ACME_KEY
    grammar:
      prefix: acme_
      parts:
        - { name: id, class: hex, length: 6 }
        - { literal: "-" }
        - { name: secret, class: hex, length: 40 }
      publicId: id
      secret: secret
    blastRadius:
      summary: reads everything
      can: [read]
      cannot: [write]
    rotation:
      dashboard: Keys
      steps: [mint a new one]
`;

const withRules = (text: string) => new GitRepository(makeTempDir()).write("rules.yaml", text);

function acmeKey(): { readonly id: string; readonly secret: string; readonly raw: string } {
  const [id, secret] = [randomHex(undefined, 3), randomHex(undefined, 20)];
  rememberSecret(secret, "random");
  return { id, secret, raw: `acme_${id}-${secret}` };
}

describe("rules list", () => {
  it("names both InferenceKey tokens", () => {
    const run = runCli(["rules", "list"], { cwd: makeTempDir() });
    expectStatus(run, 0);
    for (const text of ["inferencekey-control-token", "inferencekey-data-token", "ik_sdk_", "ik_live_"])
      expect(run.stdout).toContain(text);
  });

  it("prints JSON, the operator's own rules included", () => {
    const { dir } = withRules(CUSTOM);
    const run = runCli(["rules", "list", "--format", "json", "--rules", "rules.yaml"], { cwd: dir });
    expectStatus(run, 0);
    const text = JSON.stringify(run.json);
    for (const id of ["inferencekey-control-token", "inferencekey-data-token", "acme-key"])
      expect(text).toContain(`"${id}"`);
  });
});

describe("--rules", () => {
  it("adds the operator's rules to the two that are built in", () => {
    const dir = withRules(CUSTOM);
    const token = makeToken();
    const key = acmeKey();
    dir.write("a.env", `${token.raw}\nKEY=${key.raw}\n`);
    const run = scan(["a.env", "--rules", "rules.yaml"], { cwd: dir.dir });
    expectStatus(run, 1);
    expect(findToken(run.report, token)).toBeDefined();
    expect(run.report.tokens.map(({ rule }) => rule).toSorted()).toEqual(["acme-key", "inferencekey-control-token"]);
    expectFound(scan(["a.env"], { cwd: dir.dir }), [token]);
  });

  it("says nothing of what a holder cannot do where the rule does not", () => {
    const dir = withRules(CUSTOM.replace("[write]", "[]")).write("a.env", acmeKey().raw).dir;
    const run = runCli(["scan", "a.env", "--rules", "rules.yaml"], { cwd: dir });
    expectStatus(run, 1);
    expect(run.stdout).toContain("Whoever has it reads everything.");
    expect(run.stdout).not.toContain("It cannot");
  });

  it("names a field that is missing, and the place of broken YAML once", () => {
    const missing = withRules(CUSTOM.replace("    name: Acme key\n", "")).dir;
    expectUsageError(
      runCli(["scan", "--rules", "rules.yaml"], { cwd: missing }),
      "rules.yaml:3: rules[0].name: is missing",
    );
    const broken = runCli(["scan", "--rules", "rules.yaml"], { cwd: withRules("schema: 1\nrules: [\n").dir });
    expectUsageError(broken, "rules.yaml:");
    expect(broken.stderr).not.toContain("column");
  });

  it("finds the operator's tokens in UTF-16 and in the history", () => {
    const key = acmeKey();
    const repository = GitRepository.init();
    repository.write("rules.yaml", CUSTOM).commitFile("a.reg", Buffer.from(`key=${key.raw}\n`, "utf16le"));
    repository.remove("a.reg").commit();
    const run = scan(["--history", "--rules", "rules.yaml"], { cwd: repository.dir });
    expect(run.report.tokens.map(({ rule }) => rule)).toEqual(["acme-key"]);
    expectStatus(run, 1);
  });

  it.each<[string, string, number, RegExp]>([
    ["a field is unknown", CUSTOM.replace("    variable:", "    regex:"), 6, /regex/],
    ["a class is unknown", CUSTOM.replace("class: hex, length: 6", "class: hax, length: 6"), 10, /class/],
    ["a length is negative", CUSTOM.replace("length: 40", "length: -1"), 12, /length/],
    ["a length is huge", CUSTOM.replace("length: 40", "length: 4000000000"), 12, /length/],
    ["the prefix is missing", CUSTOM.replace("      prefix: acme_\n", ""), 7, /prefix/],
    ["the prefix is empty", CUSTOM.replace("prefix: acme_", 'prefix: ""'), 8, /prefix/],
    ["the secret names no part", CUSTOM.replace("secret: secret\n", "secret: nothing\n"), 14, /secret/],
    ["an id comes twice", CUSTOM + CUSTOM.slice(CUSTOM.indexOf("  - id")), 22, /acme-key|id/],
    [
      "an id is one that is built in",
      CUSTOM.replace("id: acme-key", "id: inferencekey-data-token"),
      3,
      /inferencekey-data-token|id/,
    ],
    ["the schema is another", CUSTOM.replace("schema: 1", "schema: 7"), 1, /schema/],
    ["it is no YAML", "schema: 1\nrules: [\n", 2, /YAML|flow|collection|expected/i],
    ["it is empty", "", 1, /schema|rules|object|mapping/i],
  ])("ends with 2 and names file, line and field when %s", (_, text, line, field) => {
    const { dir } = withRules(text);
    for (const command of [["scan"], ["rules", "list"]]) {
      const run = runCli([...command, "--rules", "rules.yaml"], { cwd: dir });
      expectUsageError(run, new RegExp(`rules\\.yaml:(${Math.max(1, line - 1)}|${line}|${line + 1})\\b`), field);
    }
  });

  it("ends with 2 when the file is missing or a directory", () => {
    const { dir } = withRules(CUSTOM);
    expectUsageError(runCli(["scan", "--rules", "missing.yaml"], { cwd: dir }), "missing.yaml");
    expectUsageError(runCli(["scan", "--rules", "."], { cwd: dir }), /cannot read|directory/);
  });
});
