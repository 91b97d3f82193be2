/** The whole App as a process, between a GitHub, an InferenceKey and a revocation provider that are emulated. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type GitHubEmulator, startGitHub } from "../../emulators/github/emulator.ts";
import { type InferenceKeyEmulator, startInferenceKey } from "../../emulators/inferencekey/emulator.ts";
import { type RevocationServer, startRevocationServer } from "../../emulators/revocation/server.ts";
import { revokingIn } from "../../emulators/revocation/wire.ts";
import { isolatedEnv } from "../../support/isolated-env.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

const MAIN = fileURLToPath(new URL("../../../app/main.ts", import.meta.url));
const WEBHOOK_PATH = "/api/github/webhooks";

export interface AppProcess {
  readonly child: ChildProcess;
  readonly address: string;
  /** All that it printed. */
  readonly output: () => string;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export class AppWorld {
  readonly github: GitHubEmulator;
  readonly api: InferenceKeyEmulator;
  readonly provider: RevocationServer;
  readonly environment: Record<string, string>;
  readonly processes: AppProcess[] = [];

  private constructor(
    github: GitHubEmulator,
    api: InferenceKeyEmulator,
    provider: RevocationServer,
    environment: Record<string, string>,
  ) {
    this.github = github;
    this.api = api;
    this.provider = provider;
    this.environment = environment;
  }

  static async make(environment: Record<string, string> = {}): Promise<AppWorld> {
    const [github, api] = await Promise.all([startGitHub(), startInferenceKey()]);
    const secret = randomBytes(16).toString("hex");
    const provider = await startRevocationServer({ secrets: [secret], revoke: revokingIn(api) });
    const { appId, privateKey } = github.appCredentials();
    const webhookSecret = randomBytes(16).toString("hex");
    return new AppWorld(github, api, provider, {
      APP_ID: String(appId),
      PRIVATE_KEY: privateKey,
      WEBHOOK_SECRET: webhookSecret,
      KEYRECALL_SEAL_KEY: randomBytes(32).toString("base64"),
      DATA_DIRECTORY: join(makeTempDir(), "data"),
      GITHUB_API_URL: github.baseUrl,
      GITHUB_SERVER_URL: github.baseUrl,
      INFERENCEKEY_BASE_URL: api.baseUrl,
      REVOCATION_URL: provider.url,
      REVOCATION_SECRET: secret,
      PORT: "0",
      ...environment,
    });
  }

  /** Starts the App, and has GitHub send its webhooks there. */
  async start(environment: Record<string, string> = {}, args: readonly string[] = []): Promise<AppProcess> {
    const env = { ...isolatedEnv(), ...this.environment, ...environment };
    const child = spawn(process.execPath, [MAIN, "start", ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const address = await new Promise<string>((resolve, reject) => {
      const look = (): void => {
        const found = /"address":"(http[^"]+)"/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      };
      child.stdout.on("data", look);
      child.once("exit", (code) => reject(new Error(`the App ended with ${code}:\n${output}`)));
    });
    this.github.set({ webhookUrl: address + WEBHOOK_PATH, webhookSecret: this.environment["WEBHOOK_SECRET"]! });
    const running: AppProcess = {
      child,
      address,
      output: () => output,
      stop: async (signal = "SIGTERM") => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill(signal);
        await once(child, "exit");
      },
    };
    this.processes.push(running);
    return running;
  }

  async close(): Promise<void> {
    for (const one of this.processes) await one.stop();
    await this.provider.close();
    await this.api.close();
    await this.github.close();
  }
}

/** Waits until something holds. @throws what it said last */
export async function until<Value>(look: () => Value | Promise<Value>, seconds = 30): Promise<NonNullable<Value>> {
  const deadline = Date.now() + seconds * 1000;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const value = await look();
      if (value !== null && value !== undefined && value !== false) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`did not come to hold within ${seconds} s`, { cause: last });
}
