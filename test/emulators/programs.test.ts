// The emulators as programs.
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { isolatedEnv } from "../support/isolated-env.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { connectGitHub } from "./github/admin.ts";
import { call } from "./support/call.ts";

type Program = ChildProcessByStdio<null, Readable, null>;

const FULL_TOKEN = /ik_(?:sdk|live)_[0-9a-f]{8}_[0-9a-f]{64}/;

let program: Program | undefined;

afterEach(() => program?.kill("SIGKILL"));

/** Starts an emulator and reads what it prints up to its last line: a demo token, unless it has none. */
async function start(name: string, args: readonly string[], last = /^data acme\/\* .*\n/m): Promise<string> {
  const main = path.join(import.meta.dirname, name, "main.ts");
  program = spawn(process.execPath, [main, ...args], { env: isolatedEnv(), stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  for await (const chunk of program.stdout.iterator({ destroyOnReturn: false })) {
    output += String(chunk);
    if (last.test(output)) return output;
  }
  throw new Error(`${name} ended: ${output}`);
}

function ended(): Promise<unknown> {
  return new Promise((resolve) => {
    program?.once("close", resolve);
  });
}

describe("inferencekey/main.ts", () => {
  it("prints its address and masked tokens, and ends when it is told to", async () => {
    const output = await start("inferencekey", ["--switch", "errorShape=nested"]);
    expect(output).toMatch(/^control acme write +ik_sdk_[0-9a-f]{8}…$/m);
    expect(output).not.toMatch(FULL_TOKEN);
    const [baseUrl = ""] = output.split("\n");
    expect((await call(baseUrl, "/api/projects/acme/workloads")).json).toMatchObject({
      error: { code: "unauthorized" },
    });
    const end = ended();
    program?.kill("SIGTERM");
    expect(await end).toBe(0);
  });

  it("shows the tokens, or writes them to a file of the owner's, only when asked", async () => {
    const file = path.join(makeTempDir(), "tokens.json");
    const output = await start("inferencekey", ["--show-tokens", "--tokens-file", file]);
    const tokens = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(output).toContain(tokens["data acme/support"]);
    const token = tokens["control acme read"] ?? "";
    const [baseUrl = ""] = output.split("\n");
    expect((await call(baseUrl, "/api/projects/acme/workloads", { token })).json).toMatchObject([
      { slug: "support", gpu_resource_id: "gpu_l40s_1" },
      { slug: "search" },
    ]);
  });
});

describe("revocation/main.ts", () => {
  it("serves revocations beside an API", async () => {
    const file = path.join(makeTempDir(), "secret.txt");
    writeFileSync(file, `${randomBytes(32).toString("hex")}\n`);
    const output = await start("revocation", ["--secret-file", file]);
    expect(output).toMatch(/^revocations +http:\/\/127\.0\.0\.1:\d+\/revocations$/m);
    expect(output).toMatch(/^API +http:\/\/127\.0\.0\.1:\d+$/m);
    expect(output).not.toMatch(FULL_TOKEN);
  });
});

describe("github/main.ts", () => {
  it("is empty until it is told what there is, by another process", async () => {
    const file = path.join(makeTempDir(), "app.pem");
    const args = ["--key-file", file, "--app-id", "7", "--setting", "rateLimit=100"];
    const output = await start("github", args, /^App .*\n/m);
    expect(output).toMatch(/^App +7$/m);
    expect(readFileSync(file, "utf8")).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const [, baseUrl = ""] = /^GitHub +(\S+)$/m.exec(output) ?? [];
    const [, admin = ""] = /^admin +(\S+)$/m.exec(output) ?? [];
    const github = connectGitHub(admin);
    await github.addRepository("acme/app");
    const commit = await github.commit("acme/app", { files: { a: "a" } });
    expect((await call(baseUrl, "/repos/acme/app/git/ref/heads/main")).json).toMatchObject({ object: { sha: commit } });
    await expect(github.commit("acme/nowhere", { files: {} })).rejects.toThrow("there is no repository acme/nowhere");
    await github.inject({ kind: "unavailable" }, { times: 1 });
    expect((await call(baseUrl, "/repos/acme/app")).status).toBe(503);
    expect((await call(baseUrl, "/nowhere")).status).toBe(404);
    expect(await github.takeComplaints()).toEqual(["GET /nowhere is not emulated"]);
    expect(await (await fetch(`${admin}/requests`)).json()).toMatchObject([{ status: 200 }, { status: 503 }, {}]);
    expect((await fetch(`${admin}/constructor`, { method: "POST" })).status).toBe(404);
    const end = ended();
    program?.kill("SIGTERM");
    expect(await end).toBe(0);
  });
});
