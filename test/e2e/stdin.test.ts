import { describe, expect, it } from "vitest";
import { runCli, scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import {
  expectFound,
  expectIncomplete,
  expectNothing,
  expectUsageError,
  findToken,
  onlyOccurrence,
} from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens } from "../support/token.ts";

describe("scan --stdin", () => {
  it("finds a token and gives its line and column", () => {
    const token = makeToken();
    const run = scan(["--stdin"], { cwd: makeTempDir(), input: `a\r\nb\n  KEY=${token.raw}\n` });
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token)).toMatchObject({ kind: "stdin", paths: [], line: 3, column: 7 });
    expect(run.report.scan.source).toBe("stdin");
  });

  it("finds nothing in an empty input", () => {
    expectNothing(scan(["--stdin"], { cwd: makeTempDir(), input: "" }));
  });

  it("reads neither the repository nor its files", () => {
    const repository = GitRepository.init();
    repository.commitFile("a.env", makeToken().raw);
    expectNothing(scan(["--stdin"], { cwd: repository.dir, input: "nothing here\n" }));
  });
});

describe("scan --stdin --diff", () => {
  function patchOf(before: string | undefined, after: string, args: readonly string[] = []): string {
    const repository = GitRepository.init();
    repository.commitFile("start", "x\n");
    if (before !== undefined) repository.commitFile("dir/a.env", before);
    repository.commitFile("dir/a.env", after);
    return repository.git(["diff", ...args, "HEAD~1", "HEAD"]);
  }
  const scanPatch = (input: string | Buffer) => scan(["--stdin", "--diff"], { cwd: makeTempDir(), input });

  it("gives the path and the line of the new file", () => {
    const token = makeToken();
    const before = Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join("");
    const run = scanPatch(patchOf(before, before.replace("line 20\n", `first\n  KEY=${token.raw}\n`)));
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token)).toMatchObject({ kind: "stdin", paths: ["dir/a.env"], line: 22, column: 7 });
  });

  it.each([
    ["--no-prefix"],
    ["--src-prefix=old/", "--dst-prefix=new/"],
    ["-U0"],
    ["--binary"],
    ["--full-index"],
    ["--minimal", "-W"],
  ])("reads a patch made with %s", (...args) => {
    const token = makeToken();
    const run = scanPatch(patchOf("KEY=\n", `KEY=${token.raw}\n`, args));
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token).line).toBe(1);
    expect(onlyOccurrence(run, token).paths.join()).toContain("a.env");
  });

  it("reads a patch of a new file without a newline at its end", () => {
    const token = makeToken();
    expectFound(scanPatch(patchOf(undefined, `A=1\n${token.raw}`)), [token]);
  });

  it("reads lines that look like headers as content", () => {
    const token = makeToken();
    const run = scanPatch(patchOf("keep\n-- a/old\nlast\n", `keep\n++ b/new ${token.raw}\nlast\n`));
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token)).toMatchObject({ paths: ["dir/a.env"], line: 2, column: 10 });
  });

  it("reads patches with quoted names, many files and mail headers", () => {
    const [odd, message] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.write("tab\t\xe9.env", `\n${odd.raw}\n`).write("b.txt", "2\n").commit(`Subject ${message.raw}`);
    const run = scanPatch(repository.gitBytes(["format-patch", "--stdout", "-1"]));
    expectFound(run, [odd, message]);
    expect(onlyOccurrence(run, odd)).toMatchObject({ paths: ["tab\t\xe9.env"], line: 2, column: 1 });
  });

  it("reads a combined diff of a merge", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.graph(
      [
        { name: "base", files: { "a.txt": "1\n2\n3\n" } },
        { name: "left", parents: ["base"], files: { "a.txt": "left\n2\n3\n" } },
        { name: "right", parents: ["base"], files: { "a.txt": "1\n2\nright\n" } },
        { name: "merge", parents: ["left", "right"], files: { "a.txt": `left\n${token.raw}\nright\n` } },
      ],
      { main: "merge" },
    );
    const run = scanPatch(repository.git(["show", "--cc", "main"]));
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token)).toMatchObject({ paths: ["a.txt"], line: 2, column: 1 });
  });

  it("finds nothing when the patch only takes a token out", () => {
    expectNothing(scanPatch(patchOf(`A=1\nKEY=${makeToken().raw}\n`, "A=1\n")));
  });

  it("is incomplete when the patch says that a binary file differs without giving its content", () => {
    const repository = GitRepository.init();
    repository.commitFile("a.bin", Buffer.from([0, 1]));
    repository.commitFile("a.bin", Buffer.from(`\0\0${makeToken().raw}`));
    expectIncomplete(scanPatch(repository.git(["diff", "HEAD~1", "HEAD"])), "a.bin");
  });

  it.each([["--color=always"], ["--word-diff"], ["--output-indicator-new=>"], ["--line-prefix=| "]])(
    "finds the token in a patch that %s made unlike any other",
    (...args) => {
      const token = makeToken();
      const run = scanPatch(patchOf("A=1\nKEY=\nB=2\n", `A=1\nKEY=\n${token.raw}\nB=2\n`, args));
      expect(run.status).toBe(1);
      expect(findToken(run.report, token)).toBeDefined();
    },
  );

  it.each([
    ["a context diff", (token: string) => `*** a\n--- b\n***************\n*** 1 ****\n! x\n--- 1 ----\n! ${token}\n`],
    ["a diff of diff(1) without options", (token: string) => `1c1\n< x\n---\n> ${token}\n`],
    ["no patch at all", (token: string) => `${token}\n`],
    ["a line that only looks like a removal", (token: string) => `-${token}\n`],
    ["a hunk without a file", (token: string) => `@@ -1 +1 @@\n-x\n+${token}\n`],
    ["a hunk that ends too early", (token: string) => `--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n-x\n+${token}\n`],
    ["text behind the last hunk", (token: string) => `--- a/x\n+++ b/x\n@@ -1 +1 @@\n-x\n+y\n${token}\n`],
  ])("finds the token in %s", (_, textOf) => {
    const token = makeToken();
    const run = scanPatch(textOf(token.raw));
    expect(run.status).toBe(1);
    expect(findToken(run.report, token)).toBeDefined();
  });

  it("finds tokens in new names and in the messages of a log", () => {
    const [name, message] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.git(["mv", "a.txt", name.raw]);
    repository.commit(message.raw);
    expectFound(scanPatch(repository.gitBytes(["log", "-p", "-M"])), [name, message]);
  });

  it("ends with 2 when --diff comes without --stdin", () => {
    expectUsageError(runCli(["scan", "--diff"], { cwd: GitRepository.init().dir }), "--diff", "--stdin");
  });

  it("is incomplete when the patch ends inside of a hunk", () => {
    const token = makeToken();
    expectIncomplete(scanPatch(`--- a/x\n+++ b/x\n@@ -1 +1,30 @@\n a\n+${token.raw}\n`), /ends inside of a hunk/, [
      token,
    ]);
  });

  it("is incomplete when a file stands on one side only and its content is not in the patch", () => {
    expectIncomplete(scanPatch("Only in b: new.env\n"), /on one side only/);
  });

  it("finds tokens in lines that begin with a backslash or a carriage return", () => {
    const [behindBackslash, behindReturn] = makeTokens(2);
    const lines = [
      "--- a/x",
      "+++ b/x",
      "@@ -1 +1,3 @@",
      " a",
      `\\${behindBackslash.raw}`,
      "+b",
      `\r${behindReturn.raw}`,
      "",
    ];
    const run = scanPatch(lines.join("\n"));
    expect(run.status).toBe(1);
    for (const token of [behindBackslash, behindReturn]) expect(findToken(run.report, token)).toBeDefined();
  });

  it("reads a patch in colours, and knows what it takes away", () => {
    const [kept, added] = makeTokens(2);
    const coloured = patchOf(`a\n${kept.raw}\n`, `a\n${kept.raw} # moved\n${added.raw}\n`, ["--color=always"]);
    expect(coloured).toContain("\x1b[");
    const run = scanPatch(coloured);
    expectFound(run, [added]);
    expect(onlyOccurrence(run, added)).toMatchObject({ paths: ["dir/a.env"], line: 3, column: 1 });
  });

  it("takes a copy for news, and says that most of it is not in the patch", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const filler = Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join("");
    repository.commitFile("a.env", `${filler}${token.raw}\n`);
    repository.write("b.env", `first\n${filler}${token.raw}\n`).write("a.env", `${filler}${token.raw}\nlast\n`).stage();
    const whole = scanPatch(repository.git(["diff", "--cached", "-C", "-U99"]));
    expectIncomplete(whole, /copied file b\.env/, [token]);
    expect(onlyOccurrence(whole, token).paths).toEqual(["b.env"]);
    expectIncomplete(scanPatch(repository.git(["diff", "--cached", "-C", "-U1"])), /copied file b\.env/);
  });

  it("finds tokens in prose that begins like a line of git's own", () => {
    const tokens = makeTokens(4);
    const starts = ["rename to ", "copy to ", "new file mode ", "Index: "];
    const run = scanPatch(starts.map((start, index) => `${start}${tokens[index]?.raw}\n`).join(""));
    expectFound(run, tokens);
  });
});
