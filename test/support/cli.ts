// Runs the committed bundle as a user would: a process of its own, an environment of its own, nothing but its exit
// status and its output to judge it by.
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect } from "vitest";
import { isolatedEnv } from "./isolated-env.ts";
import { validateReport } from "./report-schema.ts";
import type { Report } from "./report.ts";
import { assertNoSecret } from "./secret-guard.ts";

export const CLI_PATH: string = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** A run that takes this long hangs. */
const HANG_MS = 100_000;

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  /** The Node binary; by default the one that runs the tests. */
  readonly node?: string;
  /** A command that runs the tool, such as `['setpriv', '--bounding-set=-dac_override']`. */
  readonly wrapper?: readonly string[];
}

export interface CliRun {
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON; throws when it is none. */
  readonly json: unknown;
}

export interface ScanRun extends CliRun {
  readonly report: Report;
}

let runsOfTest: CliRun[] = [];

afterEach(({ task }) => {
  if (task.result?.state === "fail") for (const run of runsOfTest) console.error(describeRun(run));
  runsOfTest = [];
});

/** Runs the tool to its end and checks that nothing that it printed or wrote holds a secret part. */
export function runCli(args: readonly string[], options: CliOptions): CliRun {
  const [command, ...rest] = commandLine(args, options);
  const child = spawnSync(command, rest, {
    cwd: options.cwd,
    env: isolatedEnv(options.env),
    input: options.input ?? "",
    maxBuffer: 1 << 28,
    timeout: HANG_MS,
    killSignal: "SIGKILL",
  });
  if (child.error !== undefined && child.status === null && child.signal === null) throw child.error;
  return finishRun(args, options.cwd, child);
}

/** Runs `scan` with `--format json`; the report is checked against the published schema. */
export function scan(args: readonly string[], options: CliOptions): ScanRun {
  return withReport(runCli(["scan", "--format", "json", ...args], options));
}

/** Reads the run's standard output as a report. */
export function withReport(run: CliRun): ScanRun {
  try {
    return Object.assign(run, { report: validateReport(run.json) });
  } catch (error) {
    throw new Error(`${String(error)}\n${describeRun(run)}`, { cause: error });
  }
}

export interface StartedCli {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves when the process has ended and its output is complete. */
  readonly ended: Promise<CliRun>;
}

/** Starts the tool without waiting for it. */
export function startCli(args: readonly string[], options: CliOptions): StartedCli {
  const [command, ...rest] = commandLine(args, options);
  const child = spawn(command, rest, { cwd: options.cwd, env: isolatedEnv(options.env), stdio: "pipe" });
  // The tool may stop reading before the test stops writing.
  child.stdin.on("error", () => undefined);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const hang = setTimeout(() => child.kill("SIGKILL"), HANG_MS);
  const ended = new Promise<CliRun>((done, fail) => {
    child.on("error", fail);
    child.on("close", (status, signal) => {
      clearTimeout(hang);
      const output = { status, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) };
      try {
        done(finishRun(args, options.cwd, output));
      } catch (error) {
        fail(error);
      }
    });
  });
  return { child, ended };
}

/** Fails with the whole run in the message, which a bare comparison of two numbers would not show. */
export function expectStatus(run: CliRun, status: number): void {
  if (run.status === status) return;
  expect.fail(`expected exit status ${status}, got ${run.status ?? run.signal}\n${describeRun(run)}`);
}

export function describeRun(run: CliRun): string {
  return [
    `cwd:    ${run.cwd}`,
    `argv:   keyrecall ${run.argv.map((arg) => JSON.stringify(arg)).join(" ")}`,
    `status: ${run.status ?? run.signal}`,
    `stdout: ${shorten(run.stdout)}`,
    `stderr: ${shorten(run.stderr)}`,
  ].join("\n");
}

function shorten(text: string): string {
  const LIMIT = 6000;
  return text.length <= LIMIT ? text : `${text.slice(0, LIMIT)}… (${text.length} characters)`;
}

function commandLine(args: readonly string[], options: CliOptions): [string, ...string[]] {
  if (!existsSync(CLI_PATH)) throw new Error("dist/cli.js is missing: run the build first");
  const [command, ...rest] = [...(options.wrapper ?? []), options.node ?? process.execPath, CLI_PATH, ...args];
  if (command === undefined) throw new Error("no command to run");
  return [command, ...rest];
}

interface ProcessOutput {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

function finishRun(args: readonly string[], cwd: string, output: ProcessOutput): CliRun {
  const run: CliRun = {
    cwd,
    argv: args,
    status: output.status,
    signal: output.signal,
    stdout: output.stdout.toString("utf8"),
    stderr: output.stderr.toString("utf8"),
    get json(): unknown {
      return JSON.parse(output.stdout.toString("utf8"));
    },
  };
  runsOfTest.push(run);
  assertNoSecret(output.stdout, "standard output");
  assertNoSecret(output.stderr, "standard error");
  for (const report of outputFiles(args, cwd)) assertNoSecret(readFileSync(report), `the --output file ${report}`);
  return run;
}

function outputFiles(args: readonly string[], cwd: string): string[] {
  return args
    .flatMap((arg, index) => {
      if (arg === "--output") return args[index + 1] ?? [];
      return arg.startsWith("--output=") ? arg.slice("--output=".length) : [];
    })
    .map((value) => resolve(cwd, value))
    .filter((path) => existsSync(path) && statSync(path).isFile());
}
