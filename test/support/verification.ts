// Runs `keyrecall verify` and `scan --verify` against an emulator in the tests' own process: so without blocking it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { expect } from "vitest";
import { describeRun, startCli, withReport, type CliRun, type ScanRun, type StartedCli } from "./cli.ts";
import { makeTempDir } from "./temp-dir.ts";
import type { MadeToken } from "./token.ts";

export interface VerifyOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The API; by an option, unless it is null. */
  readonly baseUrl?: string | null;
  /** A file for verdicts; without it none is kept. */
  readonly cache?: string;
  readonly cwd?: string;
  readonly input?: string;
  readonly node?: string;
}

/** As `docs/schema/verification.schema.json` has it. */
export interface VerifiedToken {
  readonly fingerprint: string;
  readonly masked: string;
  readonly plane: string;
  readonly publicId: string;
  readonly verdict: {
    readonly state: string;
    readonly reason: string;
    readonly api?: string;
    readonly checkedAt?: string;
  };
  readonly blastRadius: {
    readonly summary: string;
    readonly cannot: readonly string[];
    readonly workloads?: readonly { readonly project: string; readonly slug: string; readonly gpu: boolean }[];
    readonly notes?: readonly string[];
  };
}

export interface VerifyRun extends CliRun {
  readonly tokens: readonly VerifiedToken[];
}

/** What every run gets: nothing of the machine's user may reach a test. */
export function verificationArgs({ baseUrl, cache }: VerifyOptions): string[] {
  return [
    ...(baseUrl === undefined || baseUrl === null ? [] : ["--base-url", baseUrl]),
    ...(cache === undefined ? ["--no-cache"] : ["--cache", cache]),
    "--user-config",
    emptyUserConfiguration(),
  ];
}

let emptyConfiguration: string | undefined;

function emptyUserConfiguration(): string {
  if (emptyConfiguration === undefined) {
    emptyConfiguration = join(makeTempDir("user"), "config.yml");
    writeFileSync(emptyConfiguration, "version: 1\n");
  }
  return emptyConfiguration;
}

export function startWithInput(args: readonly string[], options: VerifyOptions): StartedCli {
  const started = startCli(args, {
    cwd: options.cwd ?? makeTempDir(),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.node === undefined ? {} : { node: options.node }),
  });
  started.child.stdin.end(options.input ?? "");
  return started;
}

/** `keyrecall verify` without `--format json`. */
export function runVerify(tokens: readonly MadeToken[], options: VerifyOptions): Promise<CliRun> {
  const input = options.input ?? tokens.map(({ raw }) => `${raw}\n`).join("");
  return startWithInput(["verify", ...verificationArgs(options), ...(options.args ?? [])], { ...options, input }).ended;
}

export async function verify(tokens: readonly MadeToken[], options: VerifyOptions): Promise<VerifyRun> {
  const run = await runVerify(tokens, { ...options, args: ["--format", "json", ...(options.args ?? [])] });
  return Object.assign(run, { tokens: validateVerification(run) });
}

/** The states of the tokens, in their order. */
export function statesOf(run: VerifyRun, tokens: readonly MadeToken[]): (string | undefined)[] {
  return tokens.map(({ fingerprint }) => run.tokens.find((one) => one.fingerprint === fingerprint)?.verdict.state);
}

/** `scan --verify --format json`, checked against the schema of reports. */
export async function scanAndVerify(args: readonly string[], options: VerifyOptions): Promise<ScanRun> {
  const all = ["scan", "--verify", "--format", "json", ...verificationArgs(options), ...args];
  return withReport(await startWithInput(all, options).ended);
}

let validate: ValidateFunction | undefined;

function validateVerification(run: CliRun): readonly VerifiedToken[] {
  validate ??= new Ajv2020({ allErrors: true, validateFormats: false }).compile(
    JSON.parse(readFileSync(new URL("../../docs/schema/verification.schema.json", import.meta.url), "utf8")) as object,
  );
  let value: unknown;
  try {
    value = run.json;
  } catch {
    expect.fail(`no JSON on standard output\n${describeRun(run)}`);
  }
  expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
  return (value as { tokens: VerifiedToken[] }).tokens;
}
