/** The whole App as a process, between a GitHub, an InferenceKey and a revocation provider that are emulated. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openPglite } from "../../../app/store/pglite.ts";
import { openPostgres } from "../../../app/store/postgres.ts";
import { type GitHubEmulator, type GitHubOptions, startGitHub } from "../../emulators/github/emulator.ts";
import type { RepositoryFields } from "../../emulators/github/world/world.ts";
import { type InferenceKeyEmulator, startInferenceKey } from "../../emulators/inferencekey/emulator.ts";
import { type RevocationServer, startRevocationServer } from "../../emulators/revocation/server.ts";
import { revokingIn } from "../../emulators/revocation/wire.ts";
import { isolatedEnv } from "../../support/isolated-env.ts";
import { assertNoSecret } from "../../support/secret-guard.ts";
import type { MadeToken } from "../../support/token.ts";
import { makeDataDirectory } from "./database.ts";

const MAIN = fileURLToPath(new URL("../../../app/main.ts", import.meta.url));
const COMPILE_CACHE = fileURLToPath(new URL("../../../node_modules/.cache/keyrecall-app-test", import.meta.url));
const WEBHOOK_PATH = "/api/github/webhooks";

export interface AppProcess {
  readonly child: ChildProcess;
  readonly address: string;
  /** All that it printed. */
  readonly output: () => string;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface Tenant {
  readonly organization: string;
  readonly repository: string;
  readonly installation: number;
}

export class AppWorld {
  readonly github: GitHubEmulator;
  readonly api: InferenceKeyEmulator;
  readonly provider: RevocationServer;
  readonly environment: Record<string, string>;
  readonly processes: AppProcess[] = [];
  readonly #minted: MadeToken[] = [];
  #tenants = 0;
  readonly #repositories = new Set<string>();

  private constructor(
    github: GitHubEmulator,
    api: InferenceKeyEmulator,
    provider: RevocationServer,
    environment: Record<string, string>,
  ) {
    this.github = github;
    this.api = api;
    api.addProject("acme");
    this.provider = provider;
    this.environment = environment;
    const add = github.addRepository.bind(github);
    github.addRepository = (name, fields) => {
      this.#repositories.add(name);
      return add(name, fields);
    };
    for (const mint of ["mintControlToken", "mintDataToken"] as const) {
      const make = api[mint].bind(api) as (...args: unknown[]) => MadeToken;
      api[mint] = (...args: unknown[]): MadeToken => {
        const token = make(...args);
        this.#minted.push(token);
        return token;
      };
    }
  }

  static async make(environment: Record<string, string> = {}, options: GitHubOptions = {}): Promise<AppWorld> {
    const [github, api] = await Promise.all([startGitHub(options), startInferenceKey()]);
    const secret = randomBytes(16).toString("hex");
    const provider = await startRevocationServer({ secrets: [secret], revoke: revokingIn(api) });
    const { appId, privateKey } = github.appCredentials();
    const webhookSecret = randomBytes(16).toString("hex");
    return new AppWorld(github, api, provider, {
      APP_ID: String(appId),
      PRIVATE_KEY: privateKey,
      WEBHOOK_SECRET: webhookSecret,
      KEYRECALL_SEAL_KEY: randomBytes(32).toString("base64"),
      DATA_DIRECTORY: await makeDataDirectory(),
      GITHUB_API_URL: github.baseUrl,
      GITHUB_SERVER_URL: github.baseUrl,
      INFERENCEKEY_BASE_URL: api.baseUrl,
      REVOCATION_URL: provider.url,
      REVOCATION_SECRET: secret,
      GITHUB_WRITE_PAUSE_MS: "50",
      PORT: "0",
      ...environment,
    });
  }

  /** What the provider was asked to revoke of it. */
  revocationsOf({ fingerprint }: Pick<MadeToken, "fingerprint">) {
    return this.provider.requests.filter(
      ({ route, fingerprints }) => route === "revoke" && fingerprints.includes(fingerprint),
    );
  }

  /** An organisation with a repository on which the App is installed. */
  async addTenant(fields: RepositoryFields & { readonly silent?: boolean } = {}): Promise<Tenant> {
    const { silent = true, ...ofRepository } = fields;
    this.#tenants += 1;
    const organization = `acme-${this.#tenants}`;
    this.github.addOrganization(organization, { members: ["ada"] });
    const repository = `${organization}/shop`;
    await this.github.addRepository(repository, { private: true, ...ofRepository });
    const installation = this.github.addInstallation(organization, { silent });
    return { organization, repository, installation };
  }

  /** Starts the App, and has GitHub send its webhooks there. */
  async start(environment: Record<string, string> = {}, args: readonly string[] = []): Promise<AppProcess> {
    // The same sources are made into a program again and again.
    const env = { ...isolatedEnv(), NODE_COMPILE_CACHE: COMPILE_CACHE, ...this.environment, ...environment };
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

  /** Asks the App's database. The App has to be stopped where that is embedded. */
  async query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const url = this.environment["DATABASE_URL"];
    const database =
      url === undefined ? await openPglite(this.environment["DATA_DIRECTORY"]!) : openPostgres(url, () => undefined);
    try {
      return await database.query<Row>(text, values);
    } finally {
      await database.close();
    }
  }

  /** No secret part of any token stands in the App's output, in its files, or in what it wrote on GitHub. */
  expectNoSecrets(): void {
    for (const { output } of this.processes) assertNoSecret(Buffer.from(output()), "the output of the App");
    for (const name of this.#repositories) {
      // What was renamed has another name now, and what was deleted none.
      if (!this.github.has(name)) continue;
      const written = [this.#writtenIn(name), this.github.checkRunsOf(name), this.github.advisoriesOf(name)];
      assertNoSecret(Buffer.from(JSON.stringify(written)), `what was written in ${name}`);
    }
    for (const file of filesUnder(this.environment["DATA_DIRECTORY"]!)) {
      const text = readFileSync(file, "latin1");
      if (this.#minted.some(({ secret }) => text.includes(secret))) throw new Error(`a token stands in ${file}`);
    }
    for (const { leakedTokens, route, misplacedCredentials } of this.github.requests) {
      // What a masked form looks like may stand in a body, which was looked at above.
      const misplaced = leakedTokens.filter((place) => place !== "body");
      if (misplaced.length > 0) throw new Error(`a token stands in the ${misplaced.join()} of ${route}`);
      if (misplacedCredentials.length > 0) throw new Error(`a credential is out of its place in ${route}`);
    }
  }

  /** Issues and comments of the App: what people write is theirs. */
  #writtenIn(name: string): unknown[] {
    const { botLogin } = this.github.appCredentials();
    const issues = this.github.issuesOf(name);
    const comments = issues.flatMap(({ number }) => this.github.commentsOf(name, number));
    const own = issues.map(({ comment_bodies: _theirs, ...issue }) => issue);
    return [...own, ...comments].filter(({ user }) => user.login === botLogin);
  }

  async close(): Promise<void> {
    for (const one of this.processes) await one.stop();
    this.expectNoSecrets();
    await this.provider.close();
    await this.api.close();
    await this.github.close();
  }
}

/** Waits until something holds. @throws what it said last */
export async function until<Value>(look: () => Value | Promise<Value>, seconds = 100): Promise<NonNullable<Value>> {
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
  const said = last instanceof Error ? last.message : JSON.stringify(last);
  throw new Error(`did not come to hold within ${seconds} s: ${said}`, { cause: last });
}

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
