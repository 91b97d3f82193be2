// A user's, a repository's or an environment's git configuration changes nothing of what is found, and runs nothing.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { scan, type ScanRun } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import * as git from "../support/hostile-git-configuration.ts";
import { expectFound } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeTokens, type MadeToken } from "../support/token.ts";

const tokens = makeTokens(8);
const [old, renamed, merged, staged, untracked, message, odd, hidden] = tokens;
const FILLER = Array.from({ length: 40 }, (_, index) => `setting_${index} = value ${index}\n`).join("");

let repository: GitRepository;
let marker: string;
let script: string;
let plain: readonly ScanRun[];

/** Every way to look at the repository that depends on git. */
const views: readonly (readonly string[])[] = [[], ["--staged"], ["--range", "start..main"], ["--history"]];
const expected: readonly (readonly MadeToken[])[] = [
  [merged, renamed, staged, untracked, odd, hidden],
  [staged],
  [old, merged, message, odd, hidden],
  [old, renamed, merged, staged, message, odd, hidden],
];

beforeAll(() => {
  repository = GitRepository.init();
  repository.write("before.env", `${FILLER}${renamed.raw}\n`).write(".gitattributes", "*.hidden -diff\n").commit();
  repository.git(["tag", "start"]);
  repository.commitFile("a.env", `${FILLER}KEY=${old.raw}\n`);
  repository.commitFile("a.env", FILLER, `Take it out\n\n${message.raw}\n`);
  repository.git(["mv", "before.env", "after.env"]);
  repository.write("x.hidden", hidden.raw).write("dïr/tab\t ünï.env", odd.raw).commit();
  repository.git(["checkout", "-q", "-b", "side", "start"]);
  repository.commitFile("s.txt", "side\n");
  repository.git(["checkout", "-q", "main"]);
  repository.git(["merge", "-q", "--no-ff", "--no-commit", "side"]);
  repository.write("evil.env", merged.raw).commit("Merge");
  repository.write("staged.env", staged.raw).stage().write("untracked.env", untracked.raw);
  const dir = makeTempDir();
  marker = join(dir, "ran");
  script = join(dir, "script");
  new GitRepository(dir).write("script", `#!/bin/sh\necho "$0 $*" >> '${marker}'\n`).chmod("script", 0o755);
  plain = look({});
});

function look(env: Record<string, string>): ScanRun[] {
  return views.map((args) => scan(args, { cwd: repository.dir, env }));
}

function expectSameAsPlain(runs: readonly ScanRun[]): void {
  const timeless = ({ report }: ScanRun) => ({ ...report, scan: { ...report.scan, durationMs: 0 } });
  expect(runs.map(timeless)).toEqual(plain.map(timeless));
  expect(runs.map(({ status }) => status)).toEqual(plain.map(({ status }) => status));
  expect(existsSync(marker), "a configured command ran").toBe(false);
}

function configFile(text: string): string {
  const dir = makeTempDir();
  new GitRepository(dir)
    .write("gitconfig", text)
    .write("attributes", "* -diff -text binary filter=evil diff=evil merge=evil ident\n");
  new GitRepository(dir).write("ignore", "*\n");
  return join(dir, "gitconfig");
}

/** As a global configuration. */
const configs: readonly [string, string][] = [
  ["colours, other prefixes and diffs of their own", git.shapesOfDiffs],
  ["other quoting, encoding and logs", git.encodings],
  ["attributes and filters that hide everything, and commands in every place", git.hidingAttributes + git.commands],
  ["copies for renames and another idea of what is untracked", git.untrackedFiles],
  ["traces on standard error", git.tracing],
  ["no renames, other object access and aliases for plumbing", git.objectAccess + git.aliases],
];

describe("scan under a hostile configuration of git", () => {
  it("finds what is there without any", () => {
    for (const [index, run] of plain.entries()) expectFound(run, expected[index] ?? []);
  });

  it.each(configs)("reports the same with %s in the global configuration", (_, text) => {
    const file = configFile("");
    const dir = join(file, "..");
    new GitRepository(dir).write("gitconfig", text.replaceAll("SCRIPT", script).replaceAll("DIR", dir));
    expectSameAsPlain(look({ GIT_CONFIG_GLOBAL: file }));
  });

  it("reports the same with all of it at once in the repository's own configuration", () => {
    const file = configFile("");
    const dir = join(file, "..");
    const original = repository.git(["config", "--local", "--list"]);
    const text =
      git.shapesOfDiffs + git.encodings + git.hidingAttributes + git.commands + git.untrackedFiles + git.objectAccess;
    new GitRepository(dir).write("gitconfig", text.replaceAll("SCRIPT", script).replaceAll("DIR", dir));
    repository.git(["config", "--local", "include.path", file]);
    try {
      expect(repository.git(["config", "--get", "color.ui"])).toBe("always");
      expectSameAsPlain(look({}));
    } finally {
      repository.git(["config", "--local", "--unset", "include.path"]);
    }
    expect(repository.git(["config", "--local", "--list"])).toBe(original);
  });

  it.each<[string, () => Record<string, string>]>([
    [
      "commands of every kind and configuration by count",
      () => ({
        GIT_EXTERNAL_DIFF: script,
        GIT_PAGER: script,
        PAGER: script,
        GIT_EDITOR: script,
        GIT_ASKPASS: script,
        GIT_SSH_COMMAND: script,
        GIT_CONFIG_COUNT: "2",
        GIT_CONFIG_KEY_0: "color.ui",
        GIT_CONFIG_VALUE_0: "always",
        GIT_CONFIG_KEY_1: "core.fsmonitor",
        GIT_CONFIG_VALUE_1: script,
      }),
    ],
    [
      "options for diffs and paths, traces, another locale and time zone",
      () => ({
        GIT_DIFF_OPTS: "-u0",
        GIT_LITERAL_PATHSPECS: "1",
        GIT_TRACE: "1",
        GIT_TRACE_SETUP: "1",
        GIT_TRACE2: "1",
        LC_ALL: "de_DE.UTF-8",
        LANGUAGE: "de",
        TZ: "Asia/Kathmandu",
        FORCE_COLOR: "3",
      }),
    ],
    [
      "configuration by parameters and another place for replace refs",
      () => ({
        GIT_CONFIG_PARAMETERS: `'color.ui'='always' 'diff.external'='${script}'`,
        GIT_NO_REPLACE_OBJECTS: "1",
        GIT_REPLACE_REF_BASE: "refs/heads/",
      }),
    ],
  ])("reports the same with %s in the environment", (_, makeEnv) => {
    expectSameAsPlain(look(makeEnv()));
  });
});
