// The commands of docs/revocation-api.md, as a reader would run them, against the reference server.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { recordNotRun } from "../../scripts/tier2/not-run.ts";
import { isolatedEnv } from "../support/isolated-env.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { fingerprintOf } from "../support/token.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const GUIDE = readFileSync(path.join(ROOT, "docs/revocation-api.md"), "utf8");
const [START = "", CALL = ""] = [...GUIDE.matchAll(/```sh\n(.*?)```/gs)].map(([, text]) => text);

const missing = ["curl", "openssl", "sh"].filter((tool) => spawnSync(tool, ["--help"]).error !== undefined);
if (missing.length > 0) await recordNotRun({ what: "the commands of the revocation guide", needs: missing.join(", ") });

let server: ChildProcess | undefined;

afterEach(async () => {
  if (server === undefined) return;
  const closed = new Promise((resolve) => {
    server?.once("close", resolve);
  });
  server.kill();
  await closed;
  server = undefined;
});

/** Starts the server as the guide says, but on a free port. Returns its first two lines: its own address, the API's. */
async function start(dir: string): Promise<[revocations: string, api: string]> {
  const commands = START.replace("node test/", `exec '${process.execPath}' '${ROOT}'/test/`).replace("8787", "0");
  const child = spawn("sh", ["-euc", commands], { cwd: dir, env: isolatedEnv(), stdio: ["ignore", "pipe", "inherit"] });
  server = child;
  let output = "";
  for await (const chunk of child.stdout) {
    output += String(chunk);
    const [revocations, api, ...more] = output.split("\n").map((line) => line.split(/ +/).at(-1) ?? "");
    // The tokens are written before the third line comes.
    if (revocations !== undefined && api !== undefined && more.length > 0) return [revocations, api];
  }
  throw new Error(`the server ended: ${output}`);
}

function run(commands: string, dir: string): unknown {
  const { status, stdout, stderr } = spawnSync("sh", ["-euc", commands], { cwd: dir, env: isolatedEnv() });
  expect(status, stderr.toString()).toBe(0);
  return JSON.parse(stdout.toString());
}

describe.skipIf(missing.length > 0)("the guide to the revocation API", () => {
  it("has commands that work", async () => {
    const dir = makeTempDir();
    const [url, api] = await start(dir);
    const commands = CALL.replace("http://127.0.0.1:8787/revocations", url);
    expect(run(commands, dir)).toMatchObject({ results: [{ status: "not_owned" }] });

    const tokens = JSON.parse(readFileSync(path.join(dir, "tokens.json"), "utf8")) as Record<string, string>;
    const token = tokens["control acme write"] ?? "";
    const real = commands.replace(/ik_sdk_<[^"]+/, token).replace(/[0-9a-f]{8}(?:-[0-9a-f]{4,12}){4}/, randomUUID());
    const headers = { authorization: `Bearer ${token}` };
    const list = `${api}/api/projects/acme/workloads`;
    expect((await fetch(list, { headers })).status).toBe(200);
    expect(run(real, dir)).toMatchObject({ results: [{ fingerprint: fingerprintOf(token), status: "revoked" }] });
    expect((await fetch(list, { headers })).status).toBe(403);
  });
});
