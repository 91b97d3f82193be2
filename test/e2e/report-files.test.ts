// Which report goes where, and that a file is there whole or not at all.
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expectStatus, runCli, type CliRun } from "../support/cli.ts";
import { expectUsageError } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken } from "../support/token.ts";

function leakyDirectory(): string {
  const dir = makeTempDir();
  writeFileSync(join(dir, "a.env"), `KEY=${makeToken().raw}\n`);
  return dir;
}

/** What a text is, by how it begins. */
function formatOf(text: string): string {
  if (text.startsWith("<!doctype html>")) return "html";
  if (text.startsWith("<?xml")) return "junit";
  if (text.startsWith("## Keyrecall")) return "markdown";
  if (text.startsWith("keyrecall: 1 leaked token; read:")) return "github";
  if (text.startsWith("ik_sdk_")) return "text";
  const json = JSON.parse(text) as { version?: string; schema?: number };
  return json.version === "2.1.0" ? "sarif" : `json ${json.schema}`;
}

function formatsOf(cwd: string, args: readonly string[], files: readonly string[]): string[] {
  const run = runCli(["scan", "a.env", ...args], { cwd });
  expectStatus(run, 1);
  const written = files.map((file) => `${file}=${formatOf(readFileSync(join(cwd, file), "utf8"))}`);
  return run.stdout === "" ? written : [...written, `-=${formatOf(run.stdout)}`];
}

describe("the format of a report", () => {
  it.each<[string, string]>([
    ["r.json", "json 1"],
    ["r.sarif", "sarif"],
    ["r.sarif.json", "sarif"],
    ["R.SARIF.JSON", "sarif"],
    ["r.html", "html"],
    ["r.htm", "html"],
    ["r.md", "markdown"],
    ["r.xml", "junit"],
    ["r.txt", "text"],
    ["r", "text"],
    ["r.log", "text"],
  ])("comes from the extension of %s", (file, format) => {
    expect(formatsOf(leakyDirectory(), ["--output", file], [file])).toEqual([`${file}=${format}`]);
  });

  it.each<[string[], string[]]>([
    [["--format", "sarif"], ["-=sarif"]],
    [["--format", "sarif", "--output", "x"], ["x=sarif"]],
    [["--output", "x", "--format", "sarif"], ["x=sarif"]],
    [["--output=x.json", "--format=text"], ["x.json=text"]],
    [
      ["--output", "a.html", "--output", "b.sarif", "--output", "c.xml", "--output", "d.md"],
      ["a.html=html", "b.sarif=sarif", "c.xml=junit", "d.md=markdown"],
    ],
    [
      ["--output", "a.html", "--format", "sarif", "--output", "b"],
      ["a.html=html", "b=sarif"],
    ],
    [
      ["--format", "junit", "--output", "a", "--format", "github"],
      ["a=junit", "-=github"],
    ],
    [
      ["--format", "github", "--format", "junit", "--output", "a"],
      ["a=junit", "-=github"],
    ],
    [
      ["--output", "a.html", "--output", "-"],
      ["a.html=html", "-=text"],
    ],
    [
      ["--output", "a.html", "--format", "json", "--output", "-"],
      ["a.html=html", "-=json 1"],
    ],
  ])("and its place come from %j", (args, expected) => {
    const files = expected.map((entry) => entry.split("=")[0] ?? "").filter((file) => file !== "-");
    expect(formatsOf(leakyDirectory(), args, files)).toEqual(expected);
  });

  it("is one that exists", () => {
    const run = runCli(["scan", "--format", "pdf"], { cwd: makeTempDir() });
    expectUsageError(run, "Allowed choices are text, json, sarif, html, markdown, github, junit.");
  });

  it.each(["verify", "revoke"])("of %s is text or json only", (command) => {
    const run = runCli([command, "--format", "html"], { cwd: makeTempDir() });
    expectUsageError(run, "Allowed choices are text, json.");
  });

  it("is completed by the shell", () => {
    const { stdout } = runCli(["completion", "bash"], { cwd: makeTempDir() });
    expect(stdout).toContain(`"scan --format") COMPREPLY=($(compgen -W "text json sarif html markdown github junit"`);
    expect(stdout).toContain('*" --output"');
  });
});

describe("two reports for one place", () => {
  it.each<[string, string[]]>([
    ["the same name", ["--output", "r.json", "--output", "r.json"]],
    ["the same file by another name", ["--output", "r.json", "--format", "text", "--output", "sub/../r.json"]],
    ["standard output", ["--format", "json", "--format", "text"]],
    ["standard output by name", ["--output", "-", "--format", "json", "--output", "-"]],
    ["a file and a link to it", ["--output", "old.json", "--output", "link.json"]],
  ])("are refused when it is %s", (_, args) => {
    const cwd = leakyDirectory();
    mkdirSync(join(cwd, "sub"));
    writeFileSync(join(cwd, "old.json"), "before");
    symlinkSync("old.json", join(cwd, "link.json"));
    expectUsageError(runCli(["scan", ...args], { cwd }), "two reports are to go to", "--output");
    expect(existsSync(join(cwd, "r.json"))).toBe(false);
    expect(readFileSync(join(cwd, "old.json"), "utf8")).toBe("before");
  });
});

describe("where reports go to files", () => {
  it("standard error says how it went, and standard output stays empty", () => {
    const cwd = leakyDirectory();
    const run = runCli(["scan", "a.env", "--output", "r.html"], { cwd });
    expect(run.stdout).toBe("");
    expect(run.stderr).toMatch(/^1 leaked token found\. Read 1 file, /);
  });

  it("it says so when not everything could be read", () => {
    const cwd = leakyDirectory();
    mkdirSync(join(cwd, ".git"));
    writeFileSync(join(cwd, ".git/HEAD"), "ref: refs/heads/main\n");
    mkdirSync(join(cwd, ".git/objects"));
    mkdirSync(join(cwd, ".git/refs"));
    writeFileSync(join(cwd, ".git/packed-refs"), "garbage\n");
    const run = runCli(["scan", "--history", "--output", "r.html"], { cwd });
    expectStatus(run, 3);
    expect(run.stderr).toContain("Not everything could be read:");
    expect(run.stderr).toContain("the scan is incomplete");
  });
});

describe("a report's file", () => {
  function expectLeftAlone(run: CliRun, cwd: string, content: string): void {
    expectStatus(run, 2);
    expect(run.stderr).toMatch(/cannot write .*r\.json/);
    expect(run.stderr).toMatch(/\n {2}\S/);
    expect(readFileSync(join(cwd, "r.json"), "utf8")).toBe(content);
    expect(readdirSync(cwd).toSorted()).toEqual(["a.env", "r.json"]);
  }

  it("is as it was when the disk takes only a part of the new one", () => {
    const cwd = leakyDirectory();
    writeFileSync(join(cwd, "r.json"), "before");
    const big = Array.from({ length: 200 }, () => `KEY=${makeToken().raw}\n`).join("");
    writeFileSync(join(cwd, "a.env"), big);
    // A limit on the size of files cuts a write as a full disk does.
    const wrapper = ["sh", "-c", 'trap "" XFSZ; ulimit -f 8; exec "$@"', "sh"];
    expectLeftAlone(runCli(["scan", "a.env", "--output", "r.json"], { cwd, wrapper }), cwd, "before");
  });

  it("is as it was when nothing can be made beside it, which is said before the scan", () => {
    const cwd = leakyDirectory();
    writeFileSync(join(cwd, "r.json"), "before");
    chmodSync(cwd, 0o555);
    // What root may do beyond others is taken away.
    const wrapper = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : [];
    expectLeftAlone(runCli(["scan", "a.env", "--output", "r.json"], { cwd, wrapper }), cwd, "before");
  });

  it("keeps who may read it", () => {
    const cwd = leakyDirectory();
    writeFileSync(join(cwd, "r.json"), "before", { mode: 0o600 });
    expectStatus(runCli(["scan", "a.env", "--output", "r.json"], { cwd }), 1);
    expect(statSync(join(cwd, "r.json")).mode & 0o777).toBe(0o600);
    expect(formatOf(readFileSync(join(cwd, "r.json"), "utf8"))).toBe("json 1");
  });

  it.each(["victim", "nowhere"])("takes the place of a link to %s, and what it leads to stays as it is", (target) => {
    const cwd = leakyDirectory();
    const elsewhere = makeTempDir();
    writeFileSync(join(elsewhere, "victim"), "before");
    symlinkSync(join(elsewhere, target), join(cwd, "r.json"));
    expectStatus(runCli(["scan", "a.env", "--output", "r.json"], { cwd }), 1);
    expect(lstatSync(join(cwd, "r.json")).isFile()).toBe(true);
    expect(readFileSync(join(elsewhere, "victim"), "utf8")).toBe("before");
    expect(readdirSync(elsewhere)).toEqual(["victim"]);
  });

  it.each<[string, string]>([
    ["a directory", "sub"],
    ["a link to a directory", "link"],
    ["a name that ends like one", "new/"],
    ["in no directory", "none/r.json"],
    ["below a file", "a.env/r.json"],
    ["empty", ""],
  ])("is not one that is %s", (_, output) => {
    const cwd = leakyDirectory();
    mkdirSync(join(cwd, "sub"));
    symlinkSync("sub", join(cwd, "link"));
    const run = runCli(["scan", "a.env", "--output", "ok.json", "--output", output], { cwd });
    expectUsageError(run, output === "" ? "--output" : output);
    expect(existsSync(join(cwd, "ok.json"))).toBe(false);
  });

  it("can be a pipe or /dev/stdout, which get what they are given", () => {
    const cwd = leakyDirectory();
    const run = runCli(["scan", "a.env", "--format", "json", "--output", "/dev/stdout"], {
      cwd,
      wrapper: ["sh", "-c", '"$@" | cat; true', "sh"],
    });
    expect(formatOf(run.stdout)).toBe("json 1");
  });

  it("is named with every other one that could not be written", () => {
    const cwd = leakyDirectory();
    const wrapper = ["sh", "-c", 'trap "" XFSZ; ulimit -f 4; exec "$@"', "sh"];
    const run = runCli(["scan", "a.env", "--output", "a.html", "--output", "b.sarif"], { cwd, wrapper });
    expectStatus(run, 2);
    expect(run.stderr).toContain("cannot write a.html");
    expect(run.stderr).toContain("cannot write b.sarif");
    expect(readdirSync(cwd)).toEqual(["a.env"]);
  });

  it("is written also where another one cannot be, and the run fails", () => {
    const cwd = leakyDirectory();
    const run = runCli(["scan", "a.env", "--output", "/dev/full", "--output", "r.html"], { cwd });
    expectStatus(run, 2);
    expect(run.stderr).toContain("cannot write /dev/full");
    expect(formatOf(readFileSync(join(cwd, "r.html"), "utf8"))).toBe("html");
  });
});
