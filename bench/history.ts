// How long a scan of a whole history takes beside git printing every object, beside inflating alone, and beside other
// scanners; and its peak memory.
//
//   node bench/history.ts [--rounds 5] [--limit SECONDS] REPOSITORY…

import { availableParallelism } from "node:os";
import path from "node:path";
import { readArguments, requirePaths } from "./support/arguments.ts";
import { peakMemory } from "./support/memory.ts";
import { withOneRule } from "./support/one-rule.ts";
import { printHeader, printLoad, printTargets, printTimes, type Target } from "./support/print.ts";
import { type Contestant, runInTurns } from "./support/run.ts";
import { findBetterleaks, findGitleaks, keyrecall, requireTool } from "./support/tools.ts";

const parsed = readArguments({ rounds: 5, limitSeconds: 900 });
const repositories = requirePaths(parsed, "node bench/history.ts [--rounds N] [--limit SECONDS] REPOSITORY…");
const git = requireTool("git", ["--version"]);
const inflateFloor = path.join(import.meta.dirname, "support/inflate-floor.ts");
const gitleaks = findGitleaks();
const betterleaks = findBetterleaks();

const KEYRECALL = "keyrecall scan --history";
const FLOOR = "inflating every entry, as many threads";
const CAT_FILE = "git cat-file --batch-all-objects --batch";

const targets: Target[] = [
  { subject: KEYRECALL, reference: CAT_FILE, is: "at most", limit: 1 / 4 },
  { subject: KEYRECALL, reference: FLOOR, is: "at most", limit: 1.6 },
  // For git/git; redis/redis 3 times and vuejs/core 4 times.
  { subject: "gitleaks git", reference: KEYRECALL, is: "at least", limit: 10 },
  { subject: "gitleaks git, no decoding", reference: KEYRECALL, is: "at least", limit: 10 },
  { subject: "betterleaks git", reference: KEYRECALL, is: "at least", limit: 10 },
  { subject: "betterleaks git, no decoding", reference: KEYRECALL, is: "at least", limit: 10 },
];

printHeader("History", [git, gitleaks, betterleaks]);
for (const directory of repositories) {
  const results = withOneRule((rules) =>
    runInTurns(contestants(rules, path.resolve(directory)), {
      rounds: parsed.rounds,
      limitMs: parsed.limitMs,
      directory,
    }),
  );
  console.log(`\n### ${path.basename(path.resolve(directory))}`);
  printTimes(results, CAT_FILE);
  printTargets(results, targets);
  const peaks = await peakMemory([process.execPath, keyrecall, "scan", "--history", "--no-cache"], {
    directory,
    exitCodes: [0, 1, 3],
  });
  for (const { program, megabytes } of peaks) console.log(`- peak memory of ${program}: ${Math.round(megabytes)} MB`);
}
printLoad("after");

function contestants(rules: string, directory: string): Contestant[] {
  const catFile = ["cat-file", "--batch-all-objects", "--batch"] as const;
  const list: Contestant[] = [
    {
      name: KEYRECALL,
      command: [process.execPath, keyrecall, "scan", "--history", "--no-cache"],
      // 3: a clone that lacks objects is read as far as it goes.
      exitCodes: [0, 1, 3],
    },
    {
      // The round for the caches is the first time.
      name: "… a second time, nothing changed",
      command: [process.execPath, keyrecall, "scan", "--history"],
      exitCodes: [0, 1, 3],
    },
    {
      name: FLOOR,
      command: [process.execPath, inflateFloor, directory, String(availableParallelism())],
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
