// `keyrecall-app` as a process that comes to its end by itself.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { isolatedEnv } from "../../support/isolated-env.ts";

const MAIN = fileURLToPath(new URL("../../../app/main.ts", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  ended(): Promise<Ended>;
}

export function startCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  cwd?: string,
): RunningCommand {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...isolatedEnv(), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (stderr += piece.toString()));
  const closed = once(child, "close");
  return {
    child,
    stdout: () => stdout,
    ended: async () => {
      await closed;
      return { code: child.exitCode, stdout, stderr };
    },
  };
}

export function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  cwd?: string,
): Promise<Ended> {
  return startCommand(args, environment, cwd).ended();
}
