import { spawnSync } from "node:child_process";
// What is remembered between two runs: verdicts for a while, and that a token was seen live.
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startInferenceKey, type InferenceKeyEmulator } from "../emulators/inferencekey/emulator.ts";
import { expectHarmless } from "../support/harmless.ts";
import { reported } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, type MadeToken } from "../support/token.ts";
import { scanAndVerify, statesOf, verify } from "../support/verification.ts";

let api: InferenceKeyEmulator;
let token: MadeToken;
let cwd: string;
let cache: string;

beforeAll(async () => {
  api = await startInferenceKey();
  api.addProject("acme");
});

afterAll(() => api.close());

beforeEach(() => {
  api.set({ revokedControl: "403" });
  api.clearRequests();
  api.clearFaults();
  token = api.mintControlToken("acme");
  cwd = makeTempDir();
  writeFileSync(join(cwd, "a.env"), `KEY=${token.raw}\n`);
  cache = join(makeTempDir("cache"), "inner", "verdicts.json");
});

async function scanState(): Promise<string> {
  const run = await scanAndVerify(["."], { cwd, baseUrl: api.baseUrl, cache });
  return reported(run, token).verdict.state;
}

/** Changes the file as somebody else might. */
function rewrite(change: (entry: Record<string, unknown>) => void): void {
  const value = JSON.parse(readFileSync(cache, "utf8")) as { verdicts: Record<string, Record<string, unknown>> };
  for (const entry of Object.values(value.verdicts)) change(entry);
  writeFileSync(cache, JSON.stringify(value), { mode: 0o600 });
}

function age(milliseconds: number): void {
  rewrite((entry) => {
    entry["checkedAt"] = new Date(Date.now() - milliseconds).toISOString();
  });
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("the file of verdicts", () => {
  it("is the user's own and holds no token", async () => {
    await scanState();
    expect(statSync(cache).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(cache)).mode & 0o777).toBe(0o700);
    expect(readdirSync(dirname(cache))).toEqual(["verdicts.json"]);
    const text = readFileSync(cache, "utf8");
    expect(text).toContain(token.fingerprint);
    expect(text).not.toContain(token.secret);
  });

  it("spares a scan the question for minutes while a token is live", async () => {
    expect(await scanState()).toBe("live");
    api.clearRequests();
    expect(await scanState()).toBe("live");
    expect(api.requests).toEqual([]);
    age(10 * MINUTE);
    expect(await scanState()).toBe("live");
    expect(api.requests).toHaveLength(2);
  });

  it("spares a scan the question for a day once it is revoked", async () => {
    api.set({ revokedControl: "401" });
    api.revoke(token);
    expect(await scanState()).toBe("revoked");
    api.clearRequests();
    age(23 * HOUR);
    expect(await scanState()).toBe("revoked");
    expect(api.requests).toEqual([]);
    age(25 * HOUR);
    expect(await scanState()).toBe("revoked");
    expect(api.requests).toHaveLength(2);
  });

  it("does not answer for another API", async () => {
    await scanState();
    const other = await startInferenceKey();
    const run = await scanAndVerify(["."], { cwd, baseUrl: other.baseUrl, cache });
    expect(reported(run, token).verdict.state).toBe("revoked");
    expect(other.requests).toHaveLength(2);
    await other.close();
  });

  it("does not answer `verify`, which asks what holds now", async () => {
    expect(await scanState()).toBe("live");
    api.set({ revokedControl: "401" });
    api.revoke(token);
    expect(statesOf(await verify([token], { baseUrl: api.baseUrl, cache }), [token])).toEqual(["revoked"]);
  });

  it("makes a later 403 a revocation, days after", async () => {
    expect(await scanState()).toBe("live");
    api.revoke(token);
    rewrite((entry) => {
      entry["checkedAt"] = new Date(Date.now() - 72 * HOUR).toISOString();
      (entry["lastLive"] as Record<string, unknown>)["at"] = entry["checkedAt"];
    });
    expect(statesOf(await verify([token], { baseUrl: api.baseUrl }), [token])).toEqual(["unknown"]);
    const run = await verify([token], { baseUrl: api.baseUrl, cache });
    expect(statesOf(run, [token])).toEqual(["revoked"]);
    expect(run.tokens[0]!.verdict.reason).toContain("accepted it before");
    expect(run.status).toBe(0);
    expectHarmless(api);
  });

  it("makes no revocation of a 403 that everybody gets", async () => {
    expect(await scanState()).toBe("live");
    api.inject({ kind: "api-error", status: 403, code: "forbidden" });
    const run = await verify([token], { baseUrl: api.baseUrl, cache });
    expect(statesOf(run, [token])).toEqual(["unknown"]);
  });

  it("keeps what another run has written meanwhile", async () => {
    await scanState();
    const others = makeToken();
    const slow = verify([others], { baseUrl: api.baseUrl, cache });
    await verify([api.mintControlToken("acme")], { baseUrl: api.baseUrl, cache });
    await slow;
    const { verdicts } = JSON.parse(readFileSync(cache, "utf8")) as { verdicts: object };
    expect(Object.keys(verdicts).some((key) => key.endsWith(token.fingerprint))).toBe(true);
  });

  it("is neither read nor written with --no-cache", async () => {
    const run = await scanAndVerify(["."], { cwd, baseUrl: api.baseUrl });
    expect(reported(run, token).verdict.state).toBe("live");
    expect(existsSync(cache)).toBe(false);
  });
});

describe("a file that cannot be trusted is not used", () => {
  /** A verdict that is wrong and fresh: using it would show. */
  async function plantRevoked(): Promise<void> {
    await scanState();
    rewrite((entry) => {
      entry["state"] = "revoked";
    });
    api.clearRequests();
  }

  it("unless it is the user's own and nobody else may write it", async () => {
    await plantRevoked();
    expect(await scanState()).toBe("revoked");
  });

  it.each([0o620, 0o602, 0o666, 0o777])("where others may write it: %o", async (mode) => {
    await plantRevoked();
    chmodSync(cache, mode);
    expect(await scanState()).toBe("live");
    expect(api.requests).toHaveLength(2);
  });

  it.runIf(process.getuid?.() === 0)("where it is another user's", async () => {
    await plantRevoked();
    chownSync(cache, 65_534, 65_534);
    expect(await scanState()).toBe("live");
  });

  it.each([
    ["empty", ""],
    ["cut", '{"schema":1,"verdicts":{"'],
    ["of another schema", '{"schema":2,"verdicts":{}}'],
    ["a list", "[]"],
    ["null", "null"],
    ["without verdicts", '{"schema":1}'],
    ["with odd verdicts", '{"schema":1,"verdicts":{"a":null,"b":7,"c":{"state":"dead"},"d":{"state":"live"}}}'],
    ["bytes", "\u0000\u0001\u0002"],
  ])("where it is %s", async (_what, text) => {
    mkdirSync(dirname(cache), { recursive: true });
    writeFileSync(cache, text, { mode: 0o600 });
    expect(await scanState()).toBe("live");
    expect(await scanState()).toBe("live");
    expect(api.requests).toHaveLength(2);
  });

  it("where its verdicts are of the future", async () => {
    await plantRevoked();
    age(-48 * HOUR);
    expect(await scanState()).toBe("live");
  });

  it("where it is a pipe that nobody writes to", async () => {
    mkdirSync(dirname(cache), { recursive: true });
    spawnSync("mkfifo", [cache]);
    expect(await scanState()).toBe("live");
  });

  it("where its directory cannot be written, and that is no failure", async () => {
    const inFile = join(cwd, "a.env", "verdicts.json");
    const run = await scanAndVerify(["."], { cwd, baseUrl: api.baseUrl, cache: inFile });
    expect(reported(run, token).verdict.state).toBe("live");
    expect(run.stderr).toBe("");
  });
});
