// Where a token stands in what the user hands over, rather than in what is scanned, it is not repeated either. That no
// output holds a secret part is checked by `runCli` on every run; these are the places where it could slip in.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expectStatus, runCli, scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { reported } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, type MadeToken } from "../support/token.ts";

const FUTURE = "2999-12-31";

/** All forms of the report, those for people and programs by themselves, and both ways to fail. */
function runAll(directory: GitRepository, args: readonly string[]): number[] {
  const dir = makeTempDir("reports");
  const others = ["sarif", "html", "markdown", "github", "junit"];
  const outputs = others.flatMap((format) => ["--format", format, "--output", join(dir, format)]);
  const together = runCli(["scan", ...args, ...outputs], { cwd: directory.dir }).status;
  return ["text", "json"].map((format) => {
    const { status } = runCli(["scan", "--format", format, ...args], { cwd: directory.dir });
    expect(status).toBe(together);
    return status ?? -1;
  });
}

describe("a token in the arguments", () => {
  const token = makeToken();
  it.each<[string, readonly string[]]>([
    ["a path that does not exist", ["scan", `./${token.raw}`]],
    ["an unknown flag", ["scan", `--${token.raw}`]],
    ["an unknown command", [token.raw]],
    ["a range", ["scan", "--range", `${token.raw}..HEAD`]],
    ["an unknown format", ["scan", "--format", token.raw]],
    ["a missing file of rules", ["scan", "--rules", token.raw]],
    ["a missing configuration", ["scan", "--config", `x/${token.raw}/y`]],
    ["a missing baseline", ["scan", "--baseline", token.raw]],
    ["an output that cannot be written", ["scan", "--output", `no/${token.raw}`]],
    ["an argument too many", ["scan", "--stdin", token.raw, token.raw]],
  ])("is not shown when it is %s", (_, args) => {
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    const run = runCli(args, { cwd: repository.dir });
    expectStatus(run, 2);
    expect(run.stderr).not.toBe("");
  });

  it("is not shown when it names the directory that is scanned", () => {
    const directory = new GitRepository(makeTempDir()).write(`${token.raw}/a.env`, token.raw);
    expect(runAll(directory, [token.raw])).toEqual([1, 1]);
    expect(runAll(directory, ["--history", token.raw])).toEqual([2, 2]);
    expect(runAll(directory, ["--history", `${token.raw}/a.env`])).toEqual([2, 2]);
  });

  it("is not shown when it stands in the environment of git", () => {
    const { dir } = GitRepository.init();
    for (const env of [{ GIT_DIR: `/nowhere/${token.raw}` }, { GIT_INDEX_FILE: `${dir}/${token.raw}/x` }] as Record<
      string,
      string
    >[]) {
      expect(runCli(["scan", "--staged"], { cwd: dir, env }).status).not.toBe(70);
    }
  });
});

describe("a token in a file that configures the scan", () => {
  const token = makeToken();
  it.each<[string, string, (made: MadeToken) => string]>([
    ["a policy's fingerprint", "--config", ({ raw }) => `version: 1\nallow:\n  - fingerprint: ${raw}\n    reason: x\n`],
    ["a policy's unknown field", "--config", ({ raw }) => `version: 1\n${raw}: 1\n`],
    ["a policy's version", "--config", ({ raw }) => `version: ${raw}\n`],
    ["a policy's broken line", "--config", ({ raw }) => `version: 1\nallow:\n  - {path: [${raw}\n`],
    [
      "a policy's date",
      "--config",
      ({ raw }) => `version: 1\nallow:\n  - path: x\n    expires: ${raw}\n    reason: x\n`,
    ],
    ["a policy's repeated key", "--config", ({ raw }) => `version: 1\n${raw}: 1\n${raw}: 1\n`],
    ["a policy's unknown alias", "--config", ({ raw }) => `version: 1\nallow: *${raw}\n`],
    ["a baseline that is a list of tokens", "--baseline", ({ raw }) => `${raw}\n`],
    [
      "a baseline's fingerprint",
      "--baseline",
      ({ raw }) => `{"schema": 1, "fingerprints": [{"fingerprint": "${raw}"}]}`,
    ],
    ["a baseline's broken end", "--baseline", ({ raw }) => `{"schema": 1, "x": ${raw}`],
    ["a rule's id", "--rules", ({ raw }) => `schema: 1\nrules:\n  - id: ${raw}\n    ${raw}: 1\n`],
    ["rules that are no YAML", "--rules", ({ raw }) => `schema: 1\nrules: [ ${raw}\n`],
  ])("is not shown when it stands in %s", (_, flag, textOf) => {
    const directory = new GitRepository(makeTempDir()).write("input", textOf(token));
    expectStatus(runCli(["scan", flag, "input"], { cwd: directory.dir }), 2);
  });

  it("is not shown in the reason, the path and the unused entries of a policy", () => {
    const entries = [
      `  - fingerprint: ${token.fingerprint}\n    reason: was ${token.raw} once\n`,
      `  - path: unused/${token.raw}\n    expires: ${FUTURE}\n    reason: ${token.raw}\n`,
      `  - path: expired/${token.raw}\n    expires: 2020-01-01\n    reason: ${token.raw}\n`,
    ];
    const directory = new GitRepository(makeTempDir());
    directory.write("policy.yml", `version: 1\nallow:\n${entries.join("")}`).write("a.env", token.raw);
    expect(runAll(directory, ["--config", "policy.yml"])).toEqual([0, 0]);
    const run = scan(["--config", "policy.yml"], { cwd: directory.dir });
    expect(reported(run, token).allowed?.reason).toContain(token.masked);
  });

  it("is not shown in what rules say about a token", () => {
    const rules = `schema: 1
rules:
  - id: acme
    name: ${token.raw}
    grammar:
      prefix: acme_
      parts: [{ name: secret, class: hex, length: 40 }]
      secret: secret
    blastRadius: { summary: "${token.raw}", can: [], cannot: ["${token.raw}"] }
    rotation: { dashboard: "${token.raw}", steps: ["${token.raw}"] }
`;
    const directory = new GitRepository(makeTempDir()).write("rules.yaml", rules).write("a.txt", "nothing\n");
    expect(runAll(directory, ["--rules", "rules.yaml", "a.txt"])).toEqual([0, 0]);
    directory.write("b.txt", `acme_${makeToken().secret.slice(0, 40)}`);
    expect(runAll(directory, ["--rules", "rules.yaml", "b.txt"])).toEqual([1, 1]);
    expectStatus(runCli(["rules", "list", "--rules", "rules.yaml"], { cwd: directory.dir }), 0);
  });
});

describe("a token in what cannot be read", () => {
  const wrapper = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : [];

  it("is not shown when it names an unreadable file", () => {
    const token = makeToken();
    const directory = new GitRepository(makeTempDir()).write(`x/${token.raw}`, "x").chmod(`x/${token.raw}`, 0o000);
    const run = scan([], { cwd: directory.dir, wrapper });
    expectStatus(run, 1);
    expect(JSON.stringify(run.report.scan.incomplete)).toContain(token.masked);
    expectStatus(runCli(["scan"], { cwd: directory.dir, wrapper }), 1);
  });

  it("is not shown when it names a broken ref, a garbage line of packed refs or a missing lender of objects", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.write(`.git/refs/heads/${token.raw}`, "broken\n");
    repository.write(".git/packed-refs", `${token.raw}\n`);
    repository.write(".git/objects/info/alternates", `/nowhere/${token.raw}\n`);
    for (const args of [["--history"], ["--staged"], ["--range", "HEAD..HEAD"], []]) {
      for (const status of runAll(repository, args)) expect([0, 1, 2, 3]).toContain(status);
    }
  });
});
