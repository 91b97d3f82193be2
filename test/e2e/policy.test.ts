import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { expectStatus, runCli, scan, type ScanRun } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, expectUsageError, reported } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens, type MadeToken } from "../support/token.ts";

const FUTURE = "2999-12-31";
const PAST = "2020-01-31";

const byFingerprint = (token: MadeToken, reason = "rotated, kept as an example") =>
  `  - fingerprint: ${token.fingerprint}\n    reason: ${reason}\n`;
const byPath = (path: string, expires: string, reason = "generated samples") =>
  `  - path: ${JSON.stringify(path)}\n    expires: ${expires}\n    reason: ${reason}\n`;
const policy = (...entries: readonly string[]) => `version: 1\nallow:\n${entries.join("")}`;

/** Nothing counts, everything that is allowed is still in the report. */
function expectAllowed(run: ScanRun, token: MadeToken, by: string): void {
  expect(reported(run, token).allowed).toMatchObject({ by, reason: expect.stringMatching(/./) });
  expectStatus(run, 0);
}

describe(".keyrecall.yml", () => {
  it("allows a token by its fingerprint, wherever it stands", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository
      .write(".keyrecall.yml", policy(byFingerprint(token)))
      .write("a/.env", token.raw)
      .commit("x", { author: token.raw });
    for (const args of [[], ["--history"]]) {
      const run = scan(args, { cwd: repository.dir });
      expectAllowed(run, token, "fingerprint");
      expect(reported(run, token).allowed?.reason).toBe("rotated, kept as an example");
      expect(run.report.policy).toMatchObject({ unused: [], expired: [] });
      expect(run.report.policy.file).toContain(".keyrecall.yml");
    }
  });

  it("applies to --staged, to --range and in a subdirectory", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile(".keyrecall.yml", policy(byFingerprint(token)));
    repository.write("sub/a.env", token.raw).stage();
    expectAllowed(scan(["--staged"], { cwd: repository.dir }), token, "fingerprint");
    repository.commitIndex();
    expectAllowed(scan(["--range", "HEAD~1..HEAD"], { cwd: repository.dir }), token, "fingerprint");
    expectAllowed(scan([], { cwd: `${repository.dir}/sub` }), token, "fingerprint");
  });

  it("applies in a plain directory", () => {
    const token = makeToken();
    const dir = new GitRepository(makeTempDir());
    dir.write(".keyrecall.yml", policy(byPath("samples/a.env", FUTURE))).write("samples/a.env", token.raw);
    expectAllowed(scan([], { cwd: dir.dir }), token, "path");
  });

  it("does not hide another token in an allowed token's file or on its line", () => {
    const [allowed, other] = makeTokens(2);
    const repository = GitRepository.init();
    repository.write(".keyrecall.yml", policy(byFingerprint(allowed))).write("a.env", `${allowed.raw} ${other.raw}\n`);
    const run = scan([], { cwd: repository.dir });
    expectFound(run, [allowed, other]);
    expect(reported(run, other).allowed).toBeNull();
    expect(reported(run, allowed).allowed).not.toBeNull();
  });

  it("allows a path until it expires, and that path alone", () => {
    const [inside, beside] = makeTokens(2);
    const repository = GitRepository.init();
    repository.write(".keyrecall.yml", policy(byPath("docs/sample.env", FUTURE)));
    repository.write("docs/sample.env", inside.raw).commit();
    expectAllowed(scan([], { cwd: repository.dir }), inside, "path");
    expectAllowed(scan(["--history"], { cwd: repository.dir }), inside, "path");
    repository.write("docs/sample.env.bak", beside.raw).write("x/docs/sample.env", beside.raw);
    const run = scan([], { cwd: repository.dir });
    expectFound(run, [inside, beside]);
    expect(reported(run, beside).allowed).toBeNull();
  });

  it("allows by a pattern of paths", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write(".keyrecall.yml", policy(byPath("test/**/*.env", FUTURE))).write("test/a/b/sample.env", token.raw);
    expectAllowed(scan([], { cwd: repository.dir }), token, "path");
  });

  it("does not allow a token that also stands outside the allowed path", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write(".keyrecall.yml", policy(byPath("docs/sample.env", FUTURE)));
    repository.write("docs/sample.env", token.raw).write("src/real.env", token.raw);
    const run = scan([], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(reported(run, token).allowed).toBeNull();
  });

  it("does not allow a commit message by the path of a file", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write(".keyrecall.yml", policy(byPath("**", FUTURE))).commit(token.raw);
    expectStatus(scan(["--history"], { cwd: repository.dir }), 1);
  });

  it("no longer allows when the entry has expired, and reports the entry", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write(".keyrecall.yml", policy(byPath("docs/sample.env", PAST))).write("docs/sample.env", token.raw);
    const run = scan([], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(JSON.stringify(run.report.policy.expired)).toContain("docs/sample.env");
    const text = runCli(["scan"], { cwd: repository.dir });
    expect(text.stdout + text.stderr).toMatch(/expired/i);
  });

  it("reports entries that nothing used", () => {
    const [gone, used] = makeTokens(2);
    const repository = GitRepository.init();
    repository
      .write(".keyrecall.yml", policy(byFingerprint(gone), byFingerprint(used), byPath("nowhere.env", FUTURE)))
      .write("a.env", used.raw);
    const run = scan([], { cwd: repository.dir });
    expectAllowed(run, used, "fingerprint");
    const unused = JSON.stringify(run.report.policy.unused);
    expect(unused).toContain(gone.fingerprint);
    expect(unused).toContain("nowhere.env");
    expect(unused).not.toContain(used.fingerprint);
    const text = runCli(["scan"], { cwd: repository.dir });
    expect(text.stdout + text.stderr).toMatch(/unused/i);
  });

  it("gives way to the file that --config names", () => {
    const [one, two] = makeTokens(2);
    const repository = GitRepository.init();
    const elsewhere = new GitRepository(makeTempDir()).write("policy.yml", policy(byFingerprint(two)));
    repository.write(".keyrecall.yml", policy(byFingerprint(one))).write("a.env", `${one.raw}\n${two.raw}\n`);
    const run = scan(["--config", `${elsewhere.dir}/policy.yml`], { cwd: repository.dir });
    expectFound(run, [one, two]);
    expect(reported(run, one).allowed).toBeNull();
    expect(reported(run, two).allowed).not.toBeNull();
  });

  it("does not make an incomplete scan complete", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository
      .write(".keyrecall.yml", policy(byFingerprint(token)))
      .write("a.env", token.raw)
      .write("b.txt", "b\n")
      .commit();
    const lost = repository.id("HEAD:b.txt");
    repository.remove(`.git/objects/${lost.slice(0, 2)}/${lost.slice(2)}`);
    expectStatus(scan(["--history"], { cwd: repository.dir }), 3);
  });

  it("may be empty", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    for (const text of ["version: 1\n", "version: 1\nallow: []\n"]) {
      repository.write(".keyrecall.yml", text).write("a.env", token.raw);
      expectFound(scan([], { cwd: repository.dir }), [token]);
    }
  });
});

describe("an invalid .keyrecall.yml", () => {
  const fingerprint = makeToken().fingerprint;
  it.each<[string, string, number, RegExp]>([
    ["an entry has no reason", `version: 1\nallow:\n  - fingerprint: ${fingerprint}\n`, 3, /reason/],
    ["the reason is empty", `version: 1\nallow:\n  - fingerprint: ${fingerprint}\n    reason: ""\n`, 4, /reason/],
    ["a path has no expiry", "version: 1\nallow:\n  - path: a.env\n    reason: x\n", 3, /expires/],
    ["an expiry is no date", "version: 1\nallow:\n  - path: a.env\n    reason: x\n    expires: soon\n", 5, /expires/],
    [
      "an expiry is no day of the calendar",
      "version: 1\nallow:\n  - path: a.env\n    reason: x\n    expires: 2026-02-30\n",
      5,
      /expires/,
    ],
    ["a fingerprint is none", "version: 1\nallow:\n  - fingerprint: sha256:12\n    reason: x\n", 3, /fingerprint/],
    [
      "an entry names both a fingerprint and a path",
      `version: 1\nallow:\n  - fingerprint: ${fingerprint}\n    path: a\n    reason: x\n    expires: ${FUTURE}\n`,
      3,
      /allow/,
    ],
    ["a field is unknown", "version: 1\nallow: []\nverify: https://example.org\n", 3, /verify/],
    ["the version is another", "version: 2\nallow: []\n", 1, /version/],
    ["the version is missing", "allow: []\n", 1, /version/],
    ["allow is no list", "version: 1\nallow: yes\n", 2, /allow/],
    ["it is no YAML", "version: 1\nallow:\n  - {path: [\n", 3, /YAML|flow|collection|expected/i],
    [
      "a path stands for too many globs",
      `version: 1\nallow:\n${byPath("{a,b}".repeat(12), FUTURE)}`,
      3,
      /allow\[0\]\.path: stands for more than/,
    ],
    ["a reason is blank", `version: 1\nallow:\n${byPath("**", FUTURE, '"  "')}`, 5, /allow\[0\]\.reason: must say why/],
    ["a key comes twice", "version: 1\nallow: []\nallow: []\n", 3, /allow|unique|duplicate/i],
  ])("ends with 2 and names file, line and field when %s", (_, text, line, field) => {
    const repository = GitRepository.init();
    repository.write(".keyrecall.yml", text);
    const run = runCli(["scan"], { cwd: repository.dir });
    expectUsageError(run, new RegExp(`\\.keyrecall\\.yml:(${line - 1}|${line}|${line + 1})\\b`), field);
  });

  it("ends with 2 when --config names a file that is missing, or too deep in aliases", () => {
    const { dir } = GitRepository.init();
    expectUsageError(runCli(["scan", "--config", "missing.yml"], { cwd: dir }), "missing.yml");
    const names = "abcdefghijklm".split("");
    const bomb = names.map((name, index) => {
      const items = index === 0 ? ["x", "x"] : Array.from({ length: 9 }, () => `*${names[index - 1]}`);
      return `${name}: &${name} [${items.join()}]`;
    });
    new GitRepository(dir).write("bomb.yml", `${bomb.join("\n")}\n`);
    expectUsageError(runCli(["scan", "--config", "bomb.yml"], { cwd: dir }), "bomb.yml");
  });

  it("ends with 2 when it is a directory, a named pipe or too large", () => {
    const repository = GitRepository.init();
    const path = `${repository.dir}/.keyrecall.yml`;
    const makers = [`mkdir "$1"`, `mkfifo "$1"`, `truncate -s 3G "$1"`];
    for (const maker of makers) {
      expect(spawnSync("sh", ["-c", maker, "sh", path]).status).toBe(0);
      expectUsageError(runCli(["scan"], { cwd: repository.dir }), ".keyrecall.yml");
      repository.remove(".keyrecall.yml");
    }
  });
});
