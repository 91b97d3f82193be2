// Hooks as git runs them: installed by the built command line, tried by real commits and pushes.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { CLI_PATH, type CliRun, expectStatus, runCli } from "./cli.ts";
import type { GitRepository } from "./git-repository.ts";
import { isolatedEnv } from "./isolated-env.ts";
import { assertNoSecret } from "./secret-guard.ts";
import { makeTempDir } from "./temp-dir.ts";

export const PACKAGE_DIRECTORY: string = dirname(dirname(CLI_PATH));

const IDENTITY = {
  GIT_AUTHOR_NAME: "Ada Example",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_COMMITTER_NAME: "Ada Example",
  GIT_COMMITTER_EMAIL: "ada@example.org",
};

export interface GitAttempt {
  readonly status: number | null;
  /** Of both streams. */
  readonly output: string;
}

export interface AttemptOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
}

/** Runs git, whatever comes of it, and checks that nothing that it or a hook printed holds a secret part. */
export function attempt(repository: GitRepository, args: readonly string[], options: AttemptOptions = {}): GitAttempt {
  return run("git", args, { cwd: repository.dir, ...options });
}

/** As {@link attempt}, for any program. */
export function run(
  command: string,
  args: readonly string[],
  options: AttemptOptions & { readonly cwd: string },
): GitAttempt {
  const child = spawnSync(command, args, {
    cwd: options.cwd,
    env: isolatedEnv({ ...IDENTITY, ...options.env }),
    input: options.input ?? "",
  });
  if (child.error !== undefined) throw child.error;
  assertNoSecret(child.stdout, "standard output");
  assertNoSecret(child.stderr, "standard error");
  return { status: child.status, output: child.stdout.toString("utf8") + child.stderr.toString("utf8") };
}

export function expectStopped(result: GitAttempt, ...named: readonly string[]): void {
  expect(result.status, result.output).not.toBe(0);
  expect(result.output).toContain("is stopped");
  for (const name of named) expect(result.output).toContain(name);
}

export function expectPassed(result: GitAttempt): void {
  expect(result.status, result.output).toBe(0);
  expect(result.output).not.toContain("keyrecall:");
}

export function install(
  repository: GitRepository,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): CliRun {
  const result = runCli(["hook", "install", ...args], { cwd: repository.dir, env });
  expectStatus(result, 0);
  return result;
}

export function uninstall(
  repository: GitRepository,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): CliRun {
  const result = runCli(["hook", "uninstall", ...args], { cwd: repository.dir, env });
  expectStatus(result, 0);
  return result;
}

/** Writes a program. */
export function writeProgram(file: string, text: string, mode = 0o755): void {
  writeFileSync(file, text);
  chmodSync(file, mode);
}

/** A Node for the hooks that leaves a mark when it is started. */
export class WatchedNode {
  readonly #dir: string = makeTempDir("node");
  readonly env: Record<string, string>;

  constructor() {
    const program = join(this.#dir, "node");
    writeProgram(program, `#!/bin/sh\necho started >>'${this.#mark}'\nexec '${process.execPath}' "$@"\n`);
    this.env = { KEYRECALL_NODE: program };
  }

  /** How often it was started since the last look. */
  starts(): number {
    if (!existsSync(this.#mark)) return 0;
    const count = readFileSync(this.#mark, "utf8").split("\n").length - 1;
    writeFileSync(this.#mark, "");
    return count;
  }

  get #mark(): string {
    return join(this.#dir, "starts");
  }
}
