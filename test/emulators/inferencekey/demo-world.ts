// A small platform to try things on: two projects, some workloads with and without GPUs, and a token of every sort.
import { chmod, writeFile } from "node:fs/promises";
import type { MadeToken } from "../../support/token.ts";
import type { InferenceKeyEmulator } from "./emulator.ts";

export interface DemoToken {
  /** What it is, for people. */
  readonly name: string;
  readonly token: MadeToken;
}

export function fillDemoWorld(emulator: InferenceKeyEmulator): DemoToken[] {
  emulator.addWorkload("acme", {
    slug: "support",
    model_name: "meta-llama/Llama-3.1-8B-Instruct",
    gpu_resource_id: "gpu_l40s_1",
    execution_policy: "autoscaling",
  });
  emulator.addWorkload("acme", {
    slug: "search",
    task_type: "embedding",
    backend: "ollama",
    model_name: "nomic-embed-text",
  });
  emulator.addWorkload("beta", { slug: "billing", worker_id: "worker_1" });
  const revoked = emulator.mintControlToken("acme");
  emulator.revoke(revoked);
  return [
    { name: "control acme write", token: emulator.mintControlToken("acme") },
    { name: "control acme read", token: emulator.mintControlToken("acme", ["workload:read"]) },
    { name: "control beta write", token: emulator.mintControlToken("beta") },
    { name: "control acme revoked", token: revoked },
    { name: "data acme/support", token: emulator.mintDataToken(["acme/support"]) },
    { name: "data acme/*", token: emulator.mintDataToken(["acme/*"]) },
  ];
}

/** Writes the tokens as JSON, one object of name and token, into a file that its owner alone can read. */
export async function writeTokens(path: string, tokens: readonly DemoToken[]): Promise<void> {
  const text = JSON.stringify(Object.fromEntries(tokens.map(({ name, token }) => [name, token.raw])), undefined, 2);
  await writeFile(path, `${text}\n`, { mode: 0o600 });
  // The mode above counts for a new file alone.
  await chmod(path, 0o600);
}

/** Each token on a line: masked, or raw where the caller asked for that. */
export function listTokens(tokens: readonly DemoToken[], form: "masked" | "raw"): string {
  return tokens.map(({ name, token }) => `${name.padEnd(20)}  ${token[form]}`).join("\n");
}
