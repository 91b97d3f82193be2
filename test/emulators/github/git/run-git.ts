// Git, away from whatever the machine has configured.
import { spawn } from "node:child_process";

export interface RunOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether another status than 0 is an answer too. */
  readonly mayFail?: boolean;
}

export interface Ran {
  readonly status: number;
  readonly bytes: Buffer;
  readonly text: string;
}

const CONFIGURATION = ["-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "core.quotePath=false"];

export function gitEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
    TZ: "UTC",
    ...extra,
  };
}

export function runGit(gitDir: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", [...CONFIGURATION, `--git-dir=${gitDir}`, ...args], {
      env: gitEnvironment(options.env),
      stdio: ["pipe", "pipe", "pipe"],
    });
    const out: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
    child.once("error", reject);
    // Git may be done before it has read everything.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
    child.once("close", (status) => {
      const bytes = Buffer.concat(out);
      if (status !== 0 && options.mayFail !== true) {
        reject(new Error(`git ${args.join(" ")} ended with ${status}: ${Buffer.concat(complaints).toString()}`));
        return;
      }
      resolve({ status: status ?? 1, bytes, text: bytes.toString("utf8").replace(/\n$/, "") });
    });
  });
}
