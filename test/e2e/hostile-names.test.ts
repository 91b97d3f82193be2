// Names, authors and messages are an attacker's: nothing of them may steer a terminal or fake a line of the report.
import { beforeAll, describe, expect, it } from "vitest";
import { expectStatus, runCli, scan, type CliRun } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, occurrencesOf } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens, type MadeToken } from "../support/token.ts";

/** Control characters of both blocks, direction overrides, line separators, and zero-width characters. */
// oxlint-disable-next-line no-control-regex -- these are what it looks for
const STEERING = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/u;

const hostile: readonly [string, string | Buffer][] = [
  ["a colour sequence", "\u001B[31mred\u001B[0m"],
  ["a sequence that clears the screen", "\u001B[2J\u001B[H"],
  ["a sequence that sets the window's title", "\u001B]0;owned\u0007"],
  ["a hyperlink sequence", "\u001B]8;;https://example.org\u001B\\here\u001B]8;;\u001B\\"],
  ["a carriage return", "hidden\rclean.txt"],
  ["backspaces", "secret\b\b\b\b\b\bpublic"],
  ["a newline and a faked line", "a\nNo tokens found."],
  ["a control sequence introducer of one byte", Buffer.from([0x9b, 0x33, 0x31, 0x6d])],
  ["the same as a UTF-8 character", "\u009B31m"],
  ["a direction override", "\u202Egnp.exe"],
  ["line and paragraph separators", "a\u2028b\u2029c"],
  ["zero-width characters", "a\u200Bb\uFEFFc"],
  ["a tab, a bell and a delete", "a\tb\u0007c\u007F"],
];

/** A path cannot hold a slash inside a name; no other byte but NUL is taken away from it. */
const pathOf = (name: string | Buffer) =>
  Buffer.from(`dir/${Buffer.from(name).toString("latin1").replaceAll("/", "|")}.env`, "latin1");

function expectHarmless(run: CliRun, tokens: readonly MadeToken[]): void {
  expectStatus(run, 1);
  for (const token of tokens) expect(run.stdout).toContain(token.masked);
  expect(run.stdout).not.toMatch(STEERING);
  expect(run.stderr).not.toMatch(STEERING);
  expect(run.stdout).not.toMatch(/^No tokens found\./m);
}

describe("hostile names on the terminal", () => {
  const tokens = makeTokens(hostile.length);
  let odd: GitRepository;
  beforeAll(() => {
    odd = GitRepository.init();
    for (const [index, [, name]] of hostile.entries()) odd.write(pathOf(name), tokens[index]?.raw ?? "");
    odd.commit();
  });

  it.each([[[]], [["--no-ignore"]], [["--history"]], [["--staged"]]])(
    "are escaped in file names when the scan is %j",
    (args) => {
      if (args.includes("--staged")) odd.git(["update-ref", "-d", "refs/heads/main"]);
      expectHarmless(runCli(["scan", ...args], { cwd: odd.dir }), tokens);
      expectFound(scan(args, { cwd: odd.dir }), tokens);
    },
  );

  it("are escaped in authors and committers, and messages with them are read", () => {
    const made = GitRepository.init();
    made.commitFile("a.txt", "1\n");
    const template = made.gitBytes(["cat-file", "commit", "HEAD"]).toString("latin1").trimEnd();
    for (const [index, [, text]] of hostile.entries()) {
      const name = Buffer.from(text).toString("latin1");
      // Newlines cannot stand in an identity, and an angle bracket ends one.
      const header = template.replaceAll("Ada Example", name.replaceAll(/[\n<>]/g, ""));
      const commit = Buffer.from(`${header}\n${name} ${tokens[index]?.raw}\n`, "latin1");
      const id = made.git(["hash-object", "-w", "-t", "commit", "--literally", "--stdin"], { input: commit });
      made.git(["update-ref", `refs/heads/b${index}`, id]);
    }
    expectHarmless(runCli(["scan", "--history"], { cwd: made.dir }), tokens);
    expectFound(scan(["--history"], { cwd: made.dir }), tokens);
  });

  it("are escaped when a branch's name turns the direction of text", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.env", token.raw);
    repository.git(["branch", "\u202Emain\u200B"]);
    const run = runCli(["scan", "--history"], { cwd: repository.dir });
    expectHarmless(run, [token]);
    const json = scan(["--history"], { cwd: repository.dir });
    expect(occurrencesOf(json, token)[0]?.refs).toContain("refs/heads/\u202Emain\u200B");
  });

  it("are escaped in error messages about a path that does not exist", () => {
    const run = runCli(["scan", "no\u001B[31m\u202Esuch\npath"], { cwd: makeTempDir() });
    expectStatus(run, 2);
    expect(run.stderr).not.toMatch(STEERING);
    expect(run.stderr).toContain("such");
  });

  it("are escaped in error messages about an unreadable object's place", () => {
    const repository = GitRepository.init();
    repository.commitFile("\u001B[31mred.txt", "x\n");
    const object = repository.id("HEAD:\u001B[31mred.txt");
    repository.remove(`.git/objects/${object.slice(0, 2)}/${object.slice(2)}`);
    const run = runCli(["scan", "--history"], { cwd: repository.dir });
    expectStatus(run, 3);
    expect(run.stdout + run.stderr).not.toMatch(STEERING);
  });
});
