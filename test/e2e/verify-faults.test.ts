import { writeFileSync } from "node:fs";
import { join } from "node:path";
// Whatever the network and the other end do: unknown, a reason to act on, an end, and nothing of a token.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../emulators/http/faults.ts";
import { startInferenceKey, type InferenceKeyEmulator } from "../emulators/inferencekey/emulator.ts";
import { makeCertificate, type MadeCertificate } from "../support/certificate.ts";
import { expectHarmless } from "../support/harmless.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, type MadeToken } from "../support/token.ts";
import { runVerify, statesOf, verify, type VerifyOptions, type VerifyRun } from "../support/verification.ts";

let api: InferenceKeyEmulator;
let live: MadeToken;
let dead: MadeToken;

beforeAll(async () => {
  api = await startInferenceKey();
  api.addWorkload("acme", { slug: "support" });
  live = api.mintControlToken("acme");
  dead = makeToken({ plane: "data" });
});

afterAll(() => api.close());

afterEach(() => {
  api.clearFaults();
  api.clearRequests();
});

/** Unknown, exit code 4, and this to say about it. */
async function expectUnknown(options: VerifyOptions, reason: RegExp): Promise<VerifyRun> {
  const run = await verify([live, dead], { baseUrl: api.baseUrl, ...options });
  expect(statesOf(run, [live, dead])).toEqual(["unknown", "unknown"]);
  for (const { verdict } of run.tokens) expect(verdict.reason).toMatch(reason);
  expect(run.status).toBe(4);
  expect(run.stderr.replace(/^\(node:\d+\) Warning: .*NODE_TLS[^\n]*\n.*\n/m, "")).toBe("");
  return run;
}

describe("an answer that is not the API's", () => {
  it.each<[string, Fault, RegExp]>([
    [
      "a captive portal",
      { kind: "html-page" },
      /answered 200 with something that is not JSON \(a login page or a proxy\?\)/,
    ],
    ["a proxy's 401", { kind: "html-page", status: 401 }, /answered 401 with something that is not JSON/],
    ["a proxy's 403", { kind: "html-page", status: 403 }, /answered 403 with something that is not JSON/],
    ["a page that is not found", { kind: "html-page", status: 404 }, /answered 404 with something that is not JSON/],
    ["an empty 200", { kind: "empty-body" }, /answered 200 with an empty body/],
    ["an empty 401", { kind: "empty-body", status: 401 }, /answered 401 with an empty body/],
    ["an empty 404", { kind: "empty-body", status: 404 }, /answered 404 with an empty body/],
    ["JSON that is cut", { kind: "invalid-json" }, /answered 401 with broken JSON/],
    ["JSON as a page", { kind: "wrong-content-type" }, /answered 401 with something that is not JSON/],
    [
      "a model server's words",
      { kind: "api-error", status: 401, code: "Unauthorized" },
      /answered 401 with JSON that is not InferenceKey's/,
    ],
    [
      "a redirect",
      { kind: "redirect", location: "https://login.example.com/sso" },
      /redirects to login\.example\.com, which is not followed, asked about a random token/,
    ],
    ["too much", { kind: "huge-body" }, /answered with more than \d+ bytes/],
    ["an answer without an end", { kind: "endless-body" }, /answered with more than \d+ bytes/],
  ])("%s", async (_what, fault, reason) => {
    api.inject(fault);
    await expectUnknown({}, reason);
    // Whoever that is, no token of ours was sent there.
    expect(api.requests.some(({ fingerprint }) => fingerprint === live.fingerprint)).toBe(false);
  });

  it.each<[string, Fault]>([
    ["a proxy's 401", { kind: "html-page", status: 401 }],
    ["an empty 403", { kind: "empty-body", status: 403 }],
    ["a redirect", { kind: "redirect", location: "https://login.example.com/" }],
    ["broken JSON", { kind: "invalid-json" }],
  ])("to the token alone: %s", async (_what, fault) => {
    api.inject(fault, { fingerprint: live.fingerprint });
    const run = await verify([live, dead], { baseUrl: api.baseUrl });
    expect(statesOf(run, [live, dead])).toEqual(["unknown", "revoked"]);
    expect(run.status).toBe(4);
  });
});

describe("no answer", () => {
  it.each<[string, Fault, RegExp]>([
    ["nothing", { kind: "hang" }, /did not answer within 1 s/],
    ["headers that never end", { kind: "slow-headers", millisecondsPerLine: 100 }, /did not answer within 1 s/],
    ["a byte a second", { kind: "slow-body" }, /did not answer within 1 s/],
    ["dropped connections", { kind: "reset-before-headers" }, /dropped the connection/],
    ["half of each answer", { kind: "truncated-body" }, /dropped the connection/],
    ["failures only", { kind: "unavailable" }, /answered 503 each time it was asked/],
    ["no time for anybody", { kind: "rate-limit", retryAfterSeconds: 3600 }, /answered 429 and asks to wait 3600 s/],
    [
      "no time until a date",
      { kind: "rate-limit", retryAfterSeconds: 900, retryAfterForm: "http-date" },
      /asks to wait (899|900) s/,
    ],
  ])("%s", async (_what, fault, reason) => {
    api.inject(fault);
    await expectUnknown({ args: ["--timeout", "1"] }, reason);
  });

  it("a host that does not exist", async () => {
    await expectUnknown({ baseUrl: "https://nowhere.invalid" }, /could not be found \(DNS\); check the address/);
  });

  it("nobody listens", async () => {
    const gone = await startInferenceKey();
    await gone.close();
    await expectUnknown(
      { baseUrl: gone.baseUrl, args: ["--timeout", "1"] },
      /refused the connection; check the address/,
    );
  });

  it("a wrong path", async () => {
    // The emulator knows no such route, and says so to everybody.
    await expectUnknown({ baseUrl: `${api.baseUrl}/v2` }, /answers a random token the same \(404 not_found\)/);
    expect(api.requests.every(({ path }) => path.startsWith("/v2/"))).toBe(true);
  });
});

describe("what passes", () => {
  it.each<[string, Fault]>([
    ["two failures", { kind: "unavailable" }],
    ["two dropped connections", { kind: "reset-before-headers" }],
    ["a moment's patience", { kind: "rate-limit", retryAfterSeconds: 1 }],
    ["a moment's patience, as a date", { kind: "rate-limit", retryAfterSeconds: 1, retryAfterForm: "http-date" }],
  ])("is waited for: %s", async (_what, fault) => {
    api.inject(fault, { times: 2 });
    const run = await verify([live, dead], { baseUrl: api.baseUrl });
    expect(statesOf(run, [live, dead])).toEqual(["live", "revoked"]);
    expectHarmless(api);
  });

  it("of one token does not cost the others their verdict", async () => {
    api.inject({ kind: "hang" }, { fingerprint: live.fingerprint });
    const run = await verify([live, dead], { baseUrl: api.baseUrl, args: ["--timeout", "5"] });
    expect(statesOf(run, [live, dead])).toEqual(["unknown", "revoked"]);
  });
});

describe("TLS", () => {
  async function withServer(tls: MadeCertificate, test: (server: InferenceKeyEmulator, ca: string) => Promise<void>) {
    const server = await startInferenceKey({ tls });
    const ca = join(makeTempDir("ca"), "ca.pem");
    writeFileSync(ca, tls.cert);
    try {
      await test(server, ca);
    } finally {
      await server.close();
    }
  }

  it("works with a certificate that the user trusts", async () => {
    await withServer(makeCertificate(), async (server, ca) => {
      server.addProject("acme");
      const token = server.mintControlToken("acme");
      const run = await verify([token], { baseUrl: server.baseUrl, env: { NODE_EXTRA_CA_CERTS: ca } });
      expect(statesOf(run, [token])).toEqual(["live"]);
    });
  });

  it.each([
    ["signed by itself", {}, false, /certificate that this machine does not trust/],
    [
      "expired",
      { notAfter: new Date(Date.now() - 60_000) },
      true,
      /certificate that is not valid now; check the clock/,
    ],
    [
      "of the future",
      { notBefore: new Date(Date.now() + 600_000) },
      true,
      /certificate that is not valid now; check the clock/,
    ],
    ["for another host", { hosts: ["other.example.com"] }, true, /certificate for another host/],
  ])("is checked, whatever NODE_TLS_REJECT_UNAUTHORIZED says: %s", async (_what, options, isTrusted, reason) => {
    await withServer(makeCertificate(options), async (server, ca) => {
      const trust: Record<string, string> = isTrusted ? { NODE_EXTRA_CA_CERTS: ca } : {};
      for (const env of [trust, { ...trust, NODE_TLS_REJECT_UNAUTHORIZED: "0" }]) {
        await expectUnknown({ baseUrl: server.baseUrl, env }, reason);
      }
      expect(server.requests).toEqual([]);
    });
  });
});

describe("in words", () => {
  it("a failure is told for each token, without a stack trace", async () => {
    api.inject({ kind: "html-page" });
    const run = await runVerify([live, dead], { baseUrl: api.baseUrl });
    expect(run.status).toBe(4);
    expect(run.stdout).toContain(`${live.masked}  control plane · unknown`);
    expect(run.stdout).toContain(`${dead.masked}  data plane · unknown`);
    expect(run.stdout).toContain("a login page or a proxy?");
    expect(run.stdout + run.stderr).not.toMatch(/^\s+at /m);
  });
});
