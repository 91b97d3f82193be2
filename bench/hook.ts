// What the pre-commit hook costs: on a clean commit beside one question to git and gitleaks, and with a token.
//
//   node bench/hook.ts [--rounds 100]

import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readArguments } from "./support/arguments.ts";
import { withOneRule } from "./support/one-rule.ts";
import { milliseconds, printHeader, printLoad, printTargets, printTimes, type Target } from "./support/print.ts";
import { type Contestant, type Result, runInTurns } from "./support/run.ts";
import { summarize } from "./support/statistics.ts";
import { findGitleaks, keyrecall, requireTool } from "./support/tools.ts";

const { rounds } = readArguments({ rounds: 100 });
const git = requireTool("git", ["--version"]);
const gitleaks = findGitleaks();

const FILES = 2000;
const STAGED = 5;
const LINES = 200;
const HIT_LIMIT_MS = 150;

const QUESTION = "git diff --cached --quiet";
const HOOK = "the hook";
const HIT = "the hook, with a token";

printHeader("Pre-commit hook", [git, gitleaks]);
console.log(`- ${FILES} files of ${LINES} lines, ${STAGED} of them staged with a change`);
const directory = mkdtempSync(path.join(tmpdir(), "keyrecall-bench-"));
try {
  makeRepository(path.join(directory, "clean"), null);
  makeRepository(
    path.join(directory, "leaking"),
    `ik_sdk_${randomBytes(4).toString("hex")}_${randomBytes(32).toString("hex")}`,
  );
  const clean = withOneRule((rules) =>
    runInTurns(contestants(rules), { rounds, warmUpRounds: 5, directory: path.join(directory, "clean") }),
  );
  const targets: Target[] = [
    { subject: HOOK, reference: QUESTION, is: "at most", limit: 2.5 },
    { subject: HOOK, reference: "gitleaks, one rule", is: "at most", limit: 0.5 },
  ];
  console.log("\n### A clean commit");
  printTimes(clean, QUESTION);
  printTargets(clean, targets);

  const leaking = runInTurns(
    [
      { name: HIT, command: hookCommand(), exitCodes: [1] },
      { name: "node -e 0", command: [process.execPath, "-e", "0"] },
    ],
    { rounds: Math.ceil(rounds / 3), warmUpRounds: 3, directory: path.join(directory, "leaking") },
  );
  console.log("\n### A commit with a token");
  printTimes(leaking, "node -e 0");
  printHit(leaking);
} finally {
  rmSync(directory, { recursive: true });
}
printLoad("after");

function contestants(rules: string): Contestant[] {
  const list: Contestant[] = [
    { name: QUESTION, command: [git.file, "diff", "--cached", "--quiet"], exitCodes: [1] },
    { name: HOOK, command: hookCommand() },
  ];
  if (gitleaks === null) return list;
  const command = [gitleaks.file, "git", "--pre-commit", "--staged", "--no-banner", "-l", "error"] as const;
  return [
    ...list,
    { name: "gitleaks, one rule", command: [...command, "-c", rules] },
    { name: "gitleaks, its own rules", command, maxRounds: Math.ceil(rounds / 5) },
  ];
}

/** As git starts it: the file itself, at the top of the working tree. */
function hookCommand(): [string, ...string[]] {
  return [".git/hooks/pre-commit"];
}

function makeRepository(repository: string, token: string | null): void {
  const run = (command: string, ...args: string[]): void => {
    const { status, stderr } = spawnSync(command, args, { cwd: repository, encoding: "utf8" });
    if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  };
  mkdirSync(repository);
  run(git.file, "init", "-q", "--template=");
  for (let file = 0; file < FILES; file++) {
    mkdirSync(path.join(repository, `src/${file % 40}`), { recursive: true });
    writeFileSync(nameOf(repository, file), textOf(file));
  }
  run(git.file, "add", "-A");
  run(git.file, "-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-q", "-m", "First");
  // As in a clone: what was committed is packed, what is staged is not.
  run(git.file, "gc", "-q");
  for (let file = 0; file < STAGED; file++) {
    writeFileSync(
      nameOf(repository, file * 7),
      `${textOf(file)}another line\n${file === 3 && token !== null ? token : ""}\n`,
    );
  }
  run(git.file, "add", "-A");
  run(process.execPath, keyrecall, "hook", "install");
}

function nameOf(repository: string, file: number): string {
  return path.join(repository, `src/${file % 40}/module-${file}.ts`);
}

function textOf(file: number): string {
  return Array.from(
    { length: LINES },
    (_, line) => `export const value${line} = compute(${file}, ${line * 31});\n`,
  ).join("");
}

function printHit(results: readonly Result[]): void {
  const { median, min, max } = summarize(results.find(({ name }) => name === HIT)!.wallMs);
  const verdict = median < HIT_LIMIT_MS ? "met" : "MISSED";
  const range = `${milliseconds(min)}–${milliseconds(max)}`;
  console.log(`- ${verdict}: ${HIT} ${milliseconds(median)} (${range}), wanted less than ${HIT_LIMIT_MS} ms`);
}
