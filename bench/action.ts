// What a pull request of 50 commits costs: Keyrecall's Action beside what other scanners' Actions need and do. All start
// from a checkout of depth 1, and the server is on this machine.
//
//   node bench/action.ts [--rounds 3] [--limit SECONDS] REPOSITORY

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startGitServer } from "../test/support/git-http-server.ts";
import { readArguments, requirePaths } from "./support/arguments.ts";
import { writeOneRule } from "./support/one-rule.ts";
import { milliseconds, printHeader, printLoad } from "./support/print.ts";
import { git, servePullRequest } from "./support/pull-request.ts";
import { summarize } from "./support/statistics.ts";
import { findGitleaks, requireTool, root } from "./support/tools.ts";

const COMMITS = 50;
const NAME = "acme/repository";

const parsed = readArguments({ rounds: 3, limitSeconds: 900 });
const [repository = ""] = requirePaths(parsed, "node bench/action.ts [--rounds N] [--limit SECONDS] REPOSITORY");
const gitTool = requireTool("git", ["--version"]);
const gitleaks = findGitleaks();
console.log(
  "not measured: the scan of trufflehog's Action, which needs Docker; its fetch is the one with fetch-depth 0",
);

interface Contestant {
  readonly name: string;
  readonly run: (directory: string) => Promise<void>;
  readonly maxRounds?: number;
}

interface Samples {
  readonly name: string;
  readonly ms: number[];
  objects: number;
  bytes: number;
}

const directory = mkdtempSync(path.join(tmpdir(), "keyrecall-bench-"));
try {
  const request = servePullRequest(path.resolve(repository), directory, COMMITS);
  const server = await startGitServer({ repositories: { [NAME]: request.gitDir } });
  const url = `${server.origin}/${NAME}`;
  printHeader("Action", [gitTool, gitleaks]);
  const contestants = contestantsOf(url, request, writeOneRule(directory));
  const samples = contestants.map(({ name }): Samples => ({ name, ms: [], objects: 0, bytes: 0 }));
  for (let round = 0; round < parsed.rounds; round++) {
    for (const [index, { run, maxRounds = Infinity }] of contestants.entries()) {
      if (round >= maxRounds) continue;
      const work = path.join(directory, `run-${index}-${round}`);
      await checkOut(url, request.merge, work);
      const before = server.requests.length;
      const startedAt = performance.now();
      await run(work);
      const sample = samples[index]!;
      sample.ms.push(performance.now() - startedAt);
      const asked = server.requests.slice(before);
      sample.objects = asked.reduce((sum, { objects }) => sum + objects, 0);
      sample.bytes = asked.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
      rmSync(work, { recursive: true });
    }
  }
  await server.close();
  print(samples);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
printLoad("after");

function contestantsOf(url: string, request: ReturnType<typeof servePullRequest>, rules: string): Contestant[] {
  const list: Contestant[] = [
    { name: "Keyrecall's Action, all of it", run: (work) => runAction(url, request, work) },
    { name: "fetch with fetch-depth 0, as the others' guides ask for", run: fetchAll, maxRounds: 2 },
  ];
  if (gitleaks === null) return list;
  list.push({
    name: "… and gitleaks as gitleaks-action runs it",
    maxRounds: 2,
    async run(work) {
      await fetchAll(work);
      const range = `--log-opts=--no-merges --first-parent ${request.first}^..${request.head}`;
      await execute(gitleaks.file, ["git", ".", "-c", rules, "--no-banner", "-l", "error", "--redact", range], work);
    },
  });
  return list;
}

/** As actions/checkout does it; it is not part of what is measured, because it is the same for all. */
async function checkOut(url: string, commit: string, work: string): Promise<void> {
  git(["init", "--quiet", work]);
  git(["-C", work, "remote", "add", "origin", url]);
  await execute(
    "git",
    ["fetch", "--quiet", "--no-tags", "--depth=1", "origin", `+${commit}:refs/remotes/pull/1/merge`],
    work,
  );
  await execute("git", ["checkout", "--quiet", "--force", "refs/remotes/pull/1/merge"], work);
}

async function fetchAll(work: string): Promise<void> {
  const refs = [
    "+refs/heads/*:refs/remotes/origin/*",
    "+refs/tags/*:refs/tags/*",
    "+refs/pull/1/head:refs/remotes/pull/1/head",
  ];
  await execute("git", ["fetch", "--quiet", "--unshallow", "origin", ...refs], work);
}

async function runAction(
  url: string,
  { base, head }: ReturnType<typeof servePullRequest>,
  work: string,
): Promise<void> {
  const temp = `${work}.temp`;
  mkdirSync(temp);
  const event = path.join(temp, "event.json");
  const repo = { full_name: NAME };
  writeFileSync(
    event,
    JSON.stringify({
      number: 1,
      pull_request: { number: 1, base: { ref: "master", sha: base, repo }, head: { sha: head, repo } },
      repository: { ...repo, private: true, default_branch: "master" },
    }),
  );
  for (const name of ["output", "summary"]) writeFileSync(path.join(temp, name), "");
  await execute(process.execPath, [path.join(root, "dist/action.js")], work, {
    GITHUB_EVENT_NAME: "pull_request",
    GITHUB_EVENT_PATH: event,
    GITHUB_OUTPUT: path.join(temp, "output"),
    GITHUB_STEP_SUMMARY: path.join(temp, "summary"),
    GITHUB_REPOSITORY: NAME,
    GITHUB_SERVER_URL: new URL(url).origin,
    GITHUB_WORKSPACE: work,
    RUNNER_TEMP: temp,
  });
  rmSync(temp, { recursive: true });
}

/** The server is in this process, so nothing may wait for a command in a way that stops it. */
function execute(file: string, args: readonly string[], cwd: string, env: Record<string, string> = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      stdio: ["ignore", "ignore", "pipe"],
      timeout: parsed.limitMs,
      env: {
        ...process.env,
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_TERMINAL_PROMPT: "0",
        ...env,
      },
    });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve();
      else reject(new Error(`${file} ${args.join(" ")} ended with ${status}: ${errors}`));
    });
  });
}

function print(samples: readonly Samples[]): void {
  console.log("\n| | rounds | median | min–max | objects fetched | MB fetched |");
  console.log("| --- | --: | --: | --: | --: | --: |");
  for (const { name, ms, objects, bytes } of samples) {
    const { median, min, max } = summarize(ms);
    const times = `${milliseconds(median)} | ${milliseconds(min)}–${milliseconds(max)}`;
    console.log(`| ${name} | ${ms.length} | ${times} | ${objects} | ${(bytes / 1e6).toFixed(1)} |`);
  }
  console.log("");
}
