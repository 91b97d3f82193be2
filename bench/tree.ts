// How long a scan of a checkout takes beside `gitleaks dir` and ripgrep.
//
//   node bench/tree.ts [--rounds 7] [--limit SECONDS] PATH…

import path from "node:path";
import { readArguments, requirePaths } from "./support/arguments.ts";
import { withOneRule } from "./support/one-rule.ts";
import { printHeader, printLoad, printTargets, printTimes, type Target } from "./support/print.ts";
import { type Contestant, runInTurns } from "./support/run.ts";
import { findBetterleaks, findGitleaks, findTool, keyrecall } from "./support/tools.ts";

const parsed = readArguments({ rounds: 7, limitSeconds: 120 });
const paths = requirePaths(parsed, "node bench/tree.ts [--rounds N] [--limit SECONDS] PATH…");
const ripgrep = findTool("rg", ["--version"], "ripgrep");
const gitleaks = findGitleaks();
const betterleaks = findBetterleaks();

/** Other scanners are slower by an order of magnitude: the times of a few rounds say enough. */
const SLOW_ROUNDS = 2;

const targets: Target[] = [
  { subject: "keyrecall scan", reference: "rg -uu -c ik_", is: "at most", limit: 2 },
  { subject: "gitleaks dir", reference: "keyrecall scan", is: "at least", limit: 3 },
  { subject: "gitleaks dir --max-decode-depth 0", reference: "keyrecall scan", is: "at least", limit: 3 },
];

printHeader("Working tree", [ripgrep, gitleaks, betterleaks]);
for (const directory of paths) {
  const results = withOneRule((rules) =>
    runInTurns(contestants(rules), { rounds: parsed.rounds, limitMs: parsed.limitMs, directory }),
  );
  console.log(`\n### ${path.basename(path.resolve(directory))}`);
  printTimes(results, "rg -uu -c ik_");
  printTargets(results, targets);
}
printLoad("after");

function contestants(rules: string): Contestant[] {
  const list: Contestant[] = [
    { name: "keyrecall scan", command: [process.execPath, keyrecall, "scan"], exitCodes: [0, 1, 3] },
  ];
  if (ripgrep !== null) {
    list.push(
      { name: "rg -uu -c ik_", command: [ripgrep.file, "-uu", "-c", "ik_", "."], exitCodes: [0, 1] },
      // Without -a it leaves a binary file at its first zero byte; keyrecall reads it to its end.
      { name: "rg -uu -a -c ik_", command: [ripgrep.file, "-uu", "-a", "-c", "ik_", "."], exitCodes: [0, 1] },
    );
  }
  const common = ["-c", rules, "--no-banner", "-l", "error", "--exit-code", "0"];
  if (gitleaks !== null) {
    const command = [gitleaks.file, "dir", ".", ...common] as const;
    list.push(
      { name: "gitleaks dir", command, maxRounds: SLOW_ROUNDS },
      // By default it decodes base64 and the like, as keyrecall does; without is less work.
      {
        name: "gitleaks dir --max-decode-depth 0",
        command: [...command, "--max-decode-depth", "0"],
        maxRounds: SLOW_ROUNDS,
      },
    );
  }
  if (betterleaks !== null) {
    list.push({
      name: "betterleaks, no decoding, no archives",
      command: [betterleaks.file, ".", ...common, "--max-decode-depth", "0", "--max-archive-depth", "0"],
      maxRounds: SLOW_ROUNDS,
    });
  }
  return list;
}
