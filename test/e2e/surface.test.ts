import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { CLI_PATH, expectStatus, runCli } from "../support/cli.ts";
import { isolatedEnv } from "../support/isolated-env.ts";
import { makeTempDir } from "../support/temp-dir.ts";

const FLAGS =
  "--history --staged --range --stdin --diff --no-ignore --rules --config --baseline --format --output --fail-on --min-confidence --no-color".split(
    " ",
  );

describe("help", () => {
  it.each([[["--help"]], [["-h"]], [["help"]], [[]]])("names every command when the arguments are %j", (args) => {
    const run = runCli(args, { cwd: makeTempDir() });
    for (const command of ["scan", "baseline", "rules", "completion"])
      expect(run.stdout + run.stderr).toContain(command);
    // Without any arguments nothing was done, which is no success.
    expectStatus(run, args.length === 0 ? 2 : 0);
  });

  it.each([[["scan", "--help"]], [["help", "scan"]]])(
    "names every flag and the exit codes when the arguments are %j",
    (args) => {
      const run = runCli(args, { cwd: makeTempDir() });
      expectStatus(run, 0);
      for (const flag of FLAGS) expect(run.stdout).toContain(flag);
      expect(run.stdout).toMatch(/exit/i);
    },
  );
});

describe("--version", () => {
  it("prints the package's version", () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    const run = runCli(["--version"], { cwd: makeTempDir() });
    expectStatus(run, 0);
    expect(run.stdout).toMatch(new RegExp(`(^|\\s)v?${version.replaceAll(".", String.raw`\.`)}\\n$`));
  });
});

describe("completion", () => {
  it.each(["bash", "zsh", "fish"])("prints a script for %s that names commands and flags", (shell) => {
    const run = runCli(["completion", shell], { cwd: makeTempDir() });
    expectStatus(run, 0);
    for (const word of ["keyrecall", "scan", "baseline", "history", "min-confidence"])
      expect(run.stdout).toContain(word);
  });

  it("completes commands and flags in bash", () => {
    const dir = makeTempDir();
    const script = runCli(["completion", "bash"], { cwd: dir }).stdout;
    const complete = (words: readonly string[]) => {
      const source = `${script}
        COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
        COMP_LINE="${words.join(" ")}"; COMP_POINT=\${#COMP_LINE}
        "$(complete -p keyrecall | sed -E 's/.*-F ([^ ]+).*/\\1/')" keyrecall "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\\n' "\${COMPREPLY[@]}"`;
      return spawnSync("bash", ["--norc", "-c", source], { cwd: dir, env: isolatedEnv(), encoding: "utf8" }).stdout;
    };
    expect(complete(["keyrecall", "sc"])).toMatch(/^scan\s*$/m);
    expect(complete(["keyrecall", "scan", "--hi"])).toMatch(/^--history\s*$/m);
    expect(complete(["keyrecall", "scan", "--fail-on", "ne"])).toMatch(/^never\s*$/m);
    // As readline cuts --fail-on=ne.
    expect(complete(["keyrecall", "scan", "--fail-on", "=", "ne"])).toBe("never\n");
    expect(complete(["keyrecall", "scan", "--fail-on", "="])).toBe("found\nlive\nnever\n");
    expect(complete(["keyrecall", "explain", "--format", ""])).toBe("text\njson\nmarkdown\n");
    expect(complete(["keyrecall", "revoke", "--format", ""])).toBe("text\njson\n");
    expect(complete(["keyrecall", "explain", "c"])).toBe("control\n");
    expect(complete(["keyrecall", "completion", "z"])).toBe("zsh\n");
    expect(complete(["keyrecall", "hook", "install", "--on-timeout", "f"])).toBe("fail\n");
  });
});

describe("the bundle", () => {
  it("needs nothing beside itself", () => {
    const dir = makeTempDir();
    cpSync(dirname(CLI_PATH), join(dir, "elsewhere"), { recursive: true });
    const args = [join(dir, "elsewhere/cli.js"), "scan", "--stdin"];
    const run = spawnSync(process.execPath, args, {
      cwd: dir,
      env: isolatedEnv(),
      input: "nothing\n",
      encoding: "utf8",
    });
    expect(run.stderr).toBe("");
    expect(run.status).toBe(0);
  });

  it("runs through a symbolic link, as npm installs commands", () => {
    const dir = makeTempDir();
    symlinkSync(CLI_PATH, join(dir, "keyrecall"));
    const run = spawnSync(process.execPath, [join(dir, "keyrecall"), "--version"], {
      env: isolatedEnv(),
      encoding: "utf8",
    });
    expect(run.stdout).toMatch(/\d+\.\d+\.\d+/);
    expect(run.status).toBe(0);
  });
});
