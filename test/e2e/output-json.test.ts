import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expectStatus, runCli, scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { validateReport } from "../support/report-schema.ts";
import { expectFound, onlyOccurrence, reported } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens } from "../support/token.ts";

function leakyRepository(): { repository: GitRepository; token: ReturnType<typeof makeToken> } {
  const token = makeToken({ plane: "data" });
  const repository = GitRepository.init();
  repository.commitFile("deploy/.env", `KEY=${token.raw}\n`);
  return { repository, token };
}

describe("the JSON report", () => {
  it("identifies a token by its fingerprint, plane, public id and masked form", () => {
    const { repository, token } = leakyRepository();
    const run = scan(["--history"], { cwd: repository.dir });
    expect(reported(run, token)).toMatchObject({
      fingerprint: `sha256:${createHash("sha256").update(token.raw).digest("hex")}`,
      rule: "inferencekey-data-token",
      plane: "data",
      publicId: token.publicId,
      masked: `ik_live_${token.publicId}…`,
      confidence: "certain",
      allowed: null,
      verdict: { state: "unchecked", reason: expect.stringMatching(/./) },
      blastRadius: { summary: expect.stringMatching(/./), cannot: expect.arrayContaining([expect.any(String)]) },
    });
  });

  it("names tool, version, source and target", () => {
    const { repository } = leakyRepository();
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    const { report } = scan(["--history"], { cwd: repository.dir });
    expect(report).toMatchObject({
      schema: 1,
      tool: { name: "keyrecall", version },
      scan: { source: "history", complete: true, incomplete: [] },
    });
    const sources = [
      ["--staged", "index"],
      ["--range=HEAD..HEAD", "range"],
      ["--no-ignore", "tree"],
      ["--stdin", "stdin"],
    ] as const;
    for (const [flag, source] of sources) expect(scan([flag], { cwd: repository.dir }).report.scan.source).toBe(source);
  });

  it("counts one token once however often it stands somewhere", () => {
    const { repository, token } = leakyRepository();
    repository.commitFile("again.env", `\n${token.raw}\n`);
    const run = scan(["--history"], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(run.report.tokens).toHaveLength(1);
  });

  it("is the same when the same scan runs again", () => {
    const repository = GitRepository.init();
    for (const [index, token] of makeTokens(12).entries()) repository.commitFile(`f${index}.env`, token.raw, token.raw);
    const reports = [0, 1, 2].map(() => scan(["--history"], { cwd: repository.dir }).report);
    const withoutTime = reports.map((report) => ({ ...report, scan: { ...report.scan, durationMs: 0 } }));
    expect(withoutTime[1]).toEqual(withoutTime[0]);
    expect(withoutTime[2]).toEqual(withoutTime[0]);
  });

  it("puts only the report on standard output and nothing on standard error", () => {
    const { repository } = leakyRepository();
    const run = scan(["--history"], { cwd: repository.dir });
    expect(run.stdout.trimEnd()).toMatch(/^\{[\s\S]*\}$/);
    expect(run.stderr).toBe("");
  });

  it("goes to the file that --output names, and standard output stays empty", () => {
    const { repository, token } = leakyRepository();
    const file = join(makeTempDir(), "report.json");
    const run = runCli(["scan", "--history", "--format", "json", "--output", file], { cwd: repository.dir });
    expectStatus(run, 1);
    expect(run.stdout).toBe("");
    const report = validateReport(JSON.parse(readFileSync(file, "utf8")));
    expect(report.tokens.map(({ fingerprint }) => fingerprint)).toEqual([token.fingerprint]);
    expectStatus(runCli(["scan", "--staged", "--format=json", `--output=${file}`], { cwd: repository.dir }), 0);
    expect(validateReport(JSON.parse(readFileSync(file, "utf8"))).tokens).toEqual([]);
  });

  it("does not find its own report", () => {
    const { repository, token } = leakyRepository();
    const args = ["--output", "report.json"];
    expectStatus(runCli(["scan", "--format", "json", ...args], { cwd: repository.dir }), 1);
    const run = scan([], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token).paths).toEqual(["deploy/.env"]);
  });

  it.each(["missing/dir/report.json", "."])(
    "ends with 2 and names the file when --output %s cannot be written",
    (file) => {
      const { repository } = leakyRepository();
      const run = runCli(["scan", "--output", file], { cwd: repository.dir });
      expectStatus(run, 2);
      expect(run.stderr).toContain(file);
    },
  );

  it("never ends with 0 when the report could not be written", () => {
    const dir = makeTempDir();
    expect(runCli(["scan", "--format", "json", "--output", "/dev/full"], { cwd: dir }).status).not.toBe(0);
    const wrapper = ["sh", "-c", 'exec "$@" > /dev/full', "sh"];
    expect(runCli(["scan", "--format", "json"], { cwd: dir, wrapper }).status).not.toBe(0);
  });

  it("ends with 2 when a disk takes only a part of the report", () => {
    const dir = makeTempDir();
    const token = makeToken();
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`f${index}`, token.raw]));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
    // A limit on the size of files cuts a write as a full disk does.
    const wrapper = ["sh", "-c", 'trap "" XFSZ; ulimit -f 8; exec "$@"', "sh"];
    const run = runCli(["scan", "--output", "report.json"], { cwd: dir, wrapper });
    expectStatus(run, 2);
    expect(run.stderr).toContain("report.json");
  });

  it("lists a thousand refs that reach a place and counts the others", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.env", token.raw);
    const lines = Array.from({ length: 1200 }, (_, number) => `create refs/tags/t${number} HEAD\n`);
    repository.git(["update-ref", "--stdin"], { input: lines.join("") });
    const [occurrence] = reported(scan(["--history"], { cwd: repository.dir }), token).occurrences;
    expect(occurrence).toMatchObject({ moreRefs: 201, reachable: true });
    expect(occurrence?.refs).toHaveLength(1000);
  });
});
