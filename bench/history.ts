// How long a scan of a whole history takes beside git printing every object, and beside other scanners.
//
//   node bench/history.ts [--rounds 5] [--limit SECONDS] REPOSITORY…

import path from "node:path";
import { readArguments, requirePaths } from "./support/arguments.ts";
import { withOneRule } from "./support/one-rule.ts";
import { printHeader, printLoad, printTargets, printTimes, type Target } from "./support/print.ts";
import { type Contestant, runInTurns } from "./support/run.ts";
import { findBetterleaks, findGitleaks, keyrecall, requireTool } from "./support/tools.ts";

const parsed = readArguments({ rounds: 5, limitSeconds: 900 });
const repositories = requirePaths(parsed, "node bench/history.ts [--rounds N] [--limit SECONDS] REPOSITORY…");
const git = requireTool("git", ["--version"]);
const gitleaks = findGitleaks();
const betterleaks = findBetterleaks();

const CAT_FILE = "git cat-file --batch-all-objects --batch";

const targets: Target[] = [
  { subject: "keyrecall scan --history", reference: CAT_FILE, is: "at most", limit: 4 / 3 },
  { subject: "gitleaks git", reference: "keyrecall scan --history", is: "at least", limit: 1 },
  { subject: "gitleaks git, no decoding", reference: "keyrecall scan --history", is: "at least", limit: 1 },
  { subject: "betterleaks git", reference: "keyrecall scan --history", is: "at least", limit: 1 },
  { subject: "betterleaks git, no decoding", reference: "keyrecall scan --history", is: "at least", limit: 1 },
];

printHeader("History", [git, gitleaks, betterleaks]);
for (const directory of repositories) {
  const results = withOneRule((rules) =>
    runInTurns(contestants(rules), { rounds: parsed.rounds, limitMs: parsed.limitMs, directory }),
  );
  console.log(`\n### ${path.basename(path.resolve(directory))}`);
  printTimes(results, CAT_FILE);
  printTargets(results, targets);
}
printLoad("after");

function contestants(rules: string): Contestant[] {
  const catFile = ["cat-file", "--batch-all-objects", "--batch"] as const;
  const list: Contestant[] = [
    {
      name: "keyrecall scan --history",
      command: [process.execPath, keyrecall, "scan", "--history"],
      // 3: a clone that lacks objects is read as far as it goes.
      exitCodes: [0, 1, 3],
    },
    { name: CAT_FILE, command: [git.file, ...catFile] },
    { name: "… --unordered", command: [git.file, ...catFile, "--unordered"] },
    { name: "… --unordered --buffer", command: [git.file, ...catFile, "--unordered", "--buffer"] },
    {
      // What git prints has to be read by somebody: the least that any reader through git's own plumbing takes.
      name: "… --unordered --buffer, piped into cat",
      command: ["sh", "-c", `"$0" ${catFile.join(" ")} --unordered --buffer | cat`, git.file],
    },
  ];
  const common = ["-c", rules, "--no-banner", "-l", "error", "--exit-code", "0"];
  if (gitleaks !== null) {
    const command = [gitleaks.file, "git", ".", ...common] as const;
    list.push(
      { name: "gitleaks git", command, maxRounds: 1 },
      { name: "gitleaks git, no decoding", command: [...command, "--max-decode-depth", "0"], maxRounds: 1 },
    );
  }
  if (betterleaks !== null) {
    const command = [betterleaks.file, "git", ".", ...common] as const;
    list.push(
      { name: "betterleaks git", command, maxRounds: 2 },
      {
        name: "betterleaks git, no decoding",
        command: [...command, "--max-decode-depth", "0", "--max-archive-depth", "0"],
        maxRounds: 2,
      },
    );
  }
  return list;
}
