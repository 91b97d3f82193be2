// A token where one of the other plane belongs gives whoever reads that place more than it is for.
import { describe, expect, it } from "vitest";
import { runCli, scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken } from "../support/token.ts";

const control = makeToken();
const data = makeToken({ plane: "data" });

function misplacedIn(files: Readonly<Record<string, string>>): Record<string, readonly string[]> {
  const dir = new GitRepository(makeTempDir());
  for (const [path, text] of Object.entries(files)) dir.write(path, text);
  const { tokens } = scan([], { cwd: dir.dir }).report;
  return Object.fromEntries(tokens.map(({ plane, misplaced }) => [plane, misplaced]));
}

describe("the variable of the other plane", () => {
  it.each([
    ["a.env", `INFERENCEKEY_API_KEY=${control.raw}\n`],
    ["a.sh", `export INFERENCEKEY_API_KEY="${control.raw}"\n`],
    ["a.json", `{"INFERENCEKEY_API_KEY": "${control.raw}"}\n`],
    ["a.py", `os.environ["INFERENCEKEY_API_KEY"] = "${control.raw}"\n`],
    ["a.yaml", `- name: INFERENCEKEY_API_KEY\n  value: "${control.raw}"\n`],
    ["Dockerfile", `ENV INFERENCEKEY_API_KEY ${control.raw}\n`],
  ])("a control token in INFERENCEKEY_API_KEY, in %s", (path, text) => {
    expect(misplacedIn({ [path]: text })).toEqual({
      control: [
        `stands in INFERENCEKEY_API_KEY, which is for data-plane tokens (${path}); a control-plane token belongs in INFERENCEKEY_SDK_TOKEN`,
      ],
    });
  });

  it("a data token in INFERENCEKEY_SDK_TOKEN", () => {
    expect(misplacedIn({ "a.env": `INFERENCEKEY_SDK_TOKEN=${data.raw}\n` })).toEqual({
      data: [
        "stands in INFERENCEKEY_SDK_TOKEN, which is for control-plane tokens (a.env); a data-plane token belongs in INFERENCEKEY_API_KEY",
      ],
    });
  });

  it("its own variable, another name and no name are nothing to say", () => {
    const texts = [`INFERENCEKEY_SDK_TOKEN=${control.raw}`, `MY_KEY=${control.raw}`, control.raw];
    for (const text of texts) expect(misplacedIn({ "a.env": `${text}\n` })).toEqual({ control: [] });
  });
});

describe("both planes", () => {
  const both = `INFERENCEKEY_SDK_TOKEN=${control.raw}\nINFERENCEKEY_API_KEY=${data.raw}\n`;
  const beside = (path: string): unknown => [
    expect.stringMatching(new RegExp(`^stands in ${path} beside a token of the other plane.*least privilege is gone`)),
  ];

  it("in one file are said of both tokens", () => {
    expect(misplacedIn({ "a.env": both })).toEqual({ control: beside("a.env"), data: beside("a.env") });
  });

  it("in two files are not", () => {
    const files = { "a.env": `INFERENCEKEY_SDK_TOKEN=${control.raw}`, "b.env": `INFERENCEKEY_API_KEY=${data.raw}` };
    expect(misplacedIn(files)).toEqual({ control: [], data: [] });
  });

  it("in one version of a file of the history, in the index, and on standard input", () => {
    const repository = GitRepository.init();
    repository.commitFile("a.env", both);
    repository.commitFile("a.env", "clean\n");
    repository.write("b.env", both).stage();
    for (const args of [["--history"], ["--staged"]]) {
      const { tokens } = scan(args, { cwd: repository.dir }).report;
      expect(tokens.map(({ misplaced }) => misplaced.length > 0)).toEqual([true, true]);
    }
    const piped = scan(["--stdin"], { cwd: repository.dir, input: both }).report;
    expect(piped.tokens.map(({ misplaced }) => misplaced)).toEqual([beside("the same text"), beside("the same text")]);
  });

  it("are said to people, and a hostile name steers nothing", () => {
    const dir = new GitRepository(makeTempDir());
    dir.write("esc\u001b[2J.env", both);
    const { stdout } = runCli(["scan"], { cwd: dir.dir });
    expect(stdout).toContain("Misplaced: stands in esc\\x1b[2J.env beside a token of the other plane");
  });
});
