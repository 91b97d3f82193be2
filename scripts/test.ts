// Everything that has to hold, as `npm test`: each step runs even if one before it failed, each is named with
// its time, and the last line is `N passed, N failed`, where steps and single tests count alike.

import { spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { clearNotRun, readNotRun } from "./tier2/not-run.ts";

interface Counts {
  passed: number;
  failed: number;
}

interface TestResult {
  readonly fullName: string;
  readonly status: string;
}

interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly TestResult[];
  }[];
}

const root = join(import.meta.dirname, "..");
const reports = join(root, "node_modules/.cache/keyrecall-tests");
const checks = ["app:install", "types", "lint", "format:check", "unused", "check:fresh", "scan:self"];
const isContinuousIntegration = process.env["CI"] === "true";

const total: Counts = { passed: 0, failed: 0 };

await mkdir(reports, { recursive: true });
await rm(join(reports, "summary.txt"), { force: true });
await clearNotRun();
for (const check of checks) {
  const succeeded = await step(check, () => run("npm", ["run", "--silent", check]));
  add(succeeded ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
}
for (const tier of ["tier1", "tier2"]) add(await testTier(tier));

const notRun = await readNotRun();
for (const { what, needs } of notRun) console.log(`not run: ${what} (needs ${needs})`);
if (isContinuousIntegration) {
  add({ passed: 0, failed: notRun.filter(({ isOptional }) => isOptional !== true).length });
}

const summary = `${total.passed} passed, ${total.failed} failed`;
await writeFile(join(reports, "summary.txt"), `${summary}\n`);
console.log(summary);
process.exitCode = total.failed === 0 ? 0 : 1;

/** Runs one tier of tests; a test file that could not even be loaded counts as one failure. */
async function testTier(tier: string): Promise<Counts> {
  const reportFile = join(reports, `${tier}.json`);
  await rm(reportFile, { force: true });
  const args = ["run", "--project", tier, "--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  const succeeded = await step(`tests of ${tier}`, () => run("vitest", args));
  const counts = await countTests(reportFile);
  return succeeded || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

async function countTests(reportFile: string): Promise<Counts> {
  const text = await readFile(reportFile, "utf8").catch(() => '{"testResults":[]}');
  const counts: Counts = { passed: 0, failed: 0 };
  for (const { name, status, assertionResults } of (JSON.parse(text) as TestReport).testResults) {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === "failed");
    counts.passed += assertionResults.filter((test) => test.status === "passed").length;
    counts.failed += status === "failed" ? Math.max(1, failed.length) : failed.length;
    for (const { fullName } of failed) console.log(`failed: ${file}: ${fullName}`);
    if (status === "failed" && failed.length === 0) console.log(`failed: ${file}: could not be run`);
    for (const test of assertionResults.filter(({ status: state }) => state !== "passed" && state !== "failed")) {
      console.log(`skipped: ${file}: ${test.fullName}`);
    }
  }
  return counts;
}

/** Runs `work` under a heading and says how it ended and how long it took. */
async function step(name: string, work: () => Promise<boolean>): Promise<boolean> {
  console.log(`\n== ${name}`);
  const startMs = performance.now();
  const succeeded = await work();
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.log(`== ${name}: ${succeeded ? "passed" : "FAILED"} after ${seconds} s`);
  return succeeded;
}

function run(command: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
    child.once("error", (error) => {
      console.error(`Cannot start ${command}: ${error.message}`);
      resolve(false);
    });
    child.once("close", (code) => resolve(code === 0));
  });
}

function add({ passed, failed }: Counts): void {
  total.passed += passed;
  total.failed += failed;
}
