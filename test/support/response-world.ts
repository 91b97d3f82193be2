// Both emulators, a configuration that names them, and the tool at work on them in a process of its own.
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { startInferenceKey, type InferenceKeyEmulator } from "../emulators/inferencekey/emulator.ts";
import type { LeakedToken } from "../emulators/revocation/contract.ts";
import type { Decision } from "../emulators/revocation/ledger.ts";
import { startRevocationServer, type RevocationServer } from "../emulators/revocation/server.ts";
import { revokingIn } from "../emulators/revocation/wire.ts";
import { startCli, type CliRun, type StartedCli } from "./cli.ts";
import { assertNoSecret } from "./secret-guard.ts";
import { makeTempDir } from "./temp-dir.ts";
import type { MadeToken } from "./token.ts";

export interface WorldOptions {
  /** What the provider does; by default it revokes in the emulator of the API. */
  readonly revoke?: (entry: LeakedToken, api: InferenceKeyEmulator) => Decision;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string;
  readonly wrapper?: readonly string[];
  readonly node?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A file for verdicts; without it none are kept. */
  readonly cache?: string;
}

export class ResponseWorld {
  readonly api: InferenceKeyEmulator;
  readonly provider: RevocationServer;
  readonly secret: string;
  readonly dir: string = makeTempDir("world");

  static async start({ revoke }: WorldOptions = {}): Promise<ResponseWorld> {
    const api = await startInferenceKey();
    const secret = randomBytes(24).toString("hex");
    const provider = await startRevocationServer({
      secrets: [secret],
      revoke: revoke === undefined ? revokingIn(api) : (entry) => revoke(entry, api),
    });
    return new ResponseWorld(api, provider, secret);
  }

  private constructor(api: InferenceKeyEmulator, provider: RevocationServer, secret: string) {
    this.api = api;
    this.provider = provider;
    this.secret = secret;
    this.write("secret", `${secret}\n`);
    this.configure(`revocation: { url: "${provider.url}", secretFiles: [secret] }`);
    api.addWorkload("acme", { slug: "support", model_name: "big-model", gpu_resource_id: "gpu_1" });
    api.addWorkload("acme", { slug: "search", task_type: "embedding", backend: "tei", model_name: "small-model" });
    api.addWorkload("other", { slug: "hidden" });
  }

  write(name: string, text: string): string {
    const file = join(this.dir, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  /** Lines of the user configuration, beside its version and the address of the API. */
  configure(...lines: readonly string[]): void {
    this.write("config.yml", ["version: 1", `baseUrl: ${this.api.baseUrl}`, ...lines, ""].join("\n"));
  }

  start(args: readonly string[], options: RunOptions = {}): StartedCli {
    const cache = options.cache === undefined ? ["--no-cache"] : ["--cache", options.cache];
    const own = ["--user-config", join(this.dir, "config.yml"), ...cache];
    const started = startCli([...args, ...own], { cwd: this.dir, ...options });
    started.child.stdin.end(options.input ?? "");
    return started;
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<CliRun> {
    return this.start(args, options).ended;
  }

  revoke(tokens: readonly MadeToken[], args: readonly string[] = [], options: RunOptions = {}): Promise<CliRun> {
    const input = tokens.map(({ raw }) => `${raw}\n`).join("");
    return this.run(["revoke", "--yes", "--format", "json", ...args], { input, ...options });
  }

  /** What may ever be asked: nothing that writes, bills or stands in a wrong place. */
  expectOnlyAllowedCalls(): void {
    for (const request of this.api.requests) {
      expect(request).toMatchObject({ misplacedTokens: [], query: "" });
      expect(["none", "read"]).toContain(request.effect);
      expect(["list-workloads", "jobs"]).toContain(request.route);
    }
    for (const call of this.provider.requests) expect(call).toMatchObject({ method: "POST", path: "/revocations" });
    assertNoSecret(Buffer.from(JSON.stringify([this.api.requests, this.provider.requests])), "the emulators' logs");
  }

  async close(): Promise<void> {
    this.expectOnlyAllowedCalls();
    await Promise.all([this.provider.close(), this.api.close()]);
  }
}
