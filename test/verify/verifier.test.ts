import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ApiHints } from "../../src/core/api-hints.ts";
import type { Verdict } from "../../src/core/verdict.ts";
import type { CachedVerdict, VerdictCache } from "../../src/verify/verdict-cache.ts";
import { Verifier, type VerifierOptions } from "../../src/verify/verifier.ts";
import { startInferenceKey, type InferenceKeyEmulator } from "../emulators/inferencekey/emulator.ts";
import { SWITCHES, type SwitchName, type Switches } from "../emulators/inferencekey/switches.ts";
import { expectHarmless } from "../support/harmless.ts";
import { asToken } from "../support/token-value.ts";
import { makeToken, makeTokens, type MadeToken } from "../support/token.ts";

let api: InferenceKeyEmulator;
let open: Verifier[] = [];

beforeEach(async () => {
  api = await startInferenceKey();
  api.addWorkload("acme", { slug: "support" });
  api.addWorkload("beta", { slug: "billing" });
});

afterEach(async () => {
  await Promise.all(open.map((verifier) => verifier.close()));
  open = [];
  await api.close();
});

function verifierOf(options: Partial<VerifierOptions> = {}): Verifier {
  const verifier = new Verifier({ baseUrl: api.baseUrl, userAgent: "test", timeoutMs: 5000, ...options });
  open.push(verifier);
  return verifier;
}

async function verdictOf(made: MadeToken, options: Partial<VerifierOptions> = {}, hints?: ApiHints): Promise<Verdict> {
  const result = await verifierOf(options).verify({ token: asToken(made), ...(hints === undefined ? {} : { hints }) });
  return result.verdict;
}

function hintsWith(hints: Partial<ApiHints>): ApiHints {
  return { projects: [], endpoints: [], hosts: [], ...hints };
}

/** Keeps verdicts as a file would. */
class MemoryCache implements VerdictCache {
  readonly entries = new Map<string, CachedVerdict>();
  get(address: string, fingerprint: string): CachedVerdict | null {
    return this.entries.get(`${address} ${fingerprint}`) ?? null;
  }
  set(address: string, fingerprint: string, verdict: CachedVerdict): void {
    this.entries.set(`${address} ${fingerprint}`, verdict);
  }
}

describe("in every way in which the documents can be read", () => {
  const switches = fc.record(
    Object.fromEntries(
      (Object.keys(SWITCHES) as SwitchName[]).map((name) => [name, fc.constantFrom(...SWITCHES[name])]),
    ),
  ) as fc.Arbitrary<Switches>;
  const knowledge = fc.record({ isNamed: fc.boolean(), isHinted: fc.boolean(), isReadOnly: fc.boolean() });

  it("no dead token is live, no living one is revoked, and nothing is touched", async () => {
    await fc.assert(
      fc.asyncProperty(switches, knowledge, async (set, { isNamed, isHinted, isReadOnly }) => {
        api.set(set);
        api.clearRequests();
        const control = (): MadeToken => api.mintControlToken("acme", isReadOnly ? ["workload:read"] : undefined);
        const data = (): MadeToken => api.mintDataToken(["acme/support"]);
        const living = [control(), data(), api.mintControlToken("beta"), api.mintDataToken(["beta/*"])];
        const suspended = [control(), data()];
        const dead = [control(), data(), control(), data()];
        const random = [makeToken({ plane: "control" }), makeToken({ plane: "data" })];
        for (const token of suspended) api.suspend(token);
        for (const token of dead.slice(0, 2)) api.revoke(token);
        for (const token of dead.slice(2)) api.expire(token);
        const verifier = verifierOf(isNamed ? { projects: ["acme"], workloads: ["acme/support"] } : {});
        const hints = hintsWith(isHinted ? { endpoints: ["acme/support"], projects: ["acme"] } : {});
        const all = [...living, ...suspended, ...dead, ...random];
        const verified = await verifier.verifyAll(all.map((made) => ({ token: asToken(made), hints })));
        const statesOf = (tokens: readonly MadeToken[]): string[] =>
          tokens.map(({ fingerprint }) => verified.get(fingerprint)!.verdict.state);
        expect(statesOf(living)).not.toContain("revoked");
        expect(statesOf(suspended)).toEqual(["unknown", "unknown"]);
        expect(statesOf(dead)).not.toContain("live");
        expect(statesOf(random)).not.toContain("live");
        expectHarmless(api, isNamed ? ["acme"] : []);
        await verifier.close();
      }),
      { numRuns: 150 },
    );
  });

  it("what was live is revoked afterwards, and never what is only suspended under its name", async () => {
    await fc.assert(
      fc.asyncProperty(switches, async (set) => {
        api.set({ ...set, suspended: "403-coded" });
        const cache = new MemoryCache();
        const [gone, paused] = [api.mintControlToken("acme"), api.mintControlToken("acme")];
        const both = [gone, paused].map((made) => ({ token: asToken(made) }));
        const before = await verifierOf({ cache }).verifyAll(both);
        api.revoke(gone);
        api.suspend(paused);
        const after = await verifierOf({ cache }).verifyAll(both);
        const wasLive = before.get(gone.fingerprint)!.verdict.state === "live";
        // A 403 with an empty body, or with a message alone, is what every gateway sends.
        const isBare = set.revokedControl === "403" && set.bareForbidden !== "generic-code";
        const isForeign = isBare && !(set.bareForbidden === "no-code" && set.errorShape === "nested");
        if (wasLive && !isForeign) expect(after.get(gone.fingerprint)!.verdict.state).toBe("revoked");
        expect(after.get(paused.fingerprint)!.verdict.state).toBe("unknown");
      }),
      { numRuns: 60 },
    );
  });
});

describe("requests", () => {
  it("are one for a token, however often it occurs, and one control", async () => {
    const made = api.mintControlToken("acme");
    const copies = Array.from({ length: 1000 }, () => ({ token: asToken(made) }));
    const verified = await verifierOf().verifyAll(copies);
    expect(verified.get(made.fingerprint)!.verdict.state).toBe("live");
    expect(api.requests.map(({ isKnownToken }) => isKnownToken)).toEqual([false, true]);
    expectHarmless(api);
  });

  it("name a project that does not exist, by a name that nobody can guess", async () => {
    await verdictOf(api.mintControlToken("acme"));
    await verdictOf(api.mintDataToken(["acme/*"]));
    const paths = new Set(api.requests.map(({ path }) => path));
    expect([...paths].toSorted()).toEqual([
      expect.stringMatching(/^\/api\/projects\/keyrecall-[0-9a-f]{32}\/workloads$/),
      expect.stringMatching(/^\/endpoint\/keyrecall-[0-9a-f]{32}\/keyrecall-[0-9a-f]{32}\/jobs$/),
    ]);
  });

  it("have a control of the token's own shape", async () => {
    const made = api.mintDataToken(["acme/support"]);
    const other = asToken(made, { raw: `ik_live_proj1234_${makeToken().secret.slice(0, 40)}` });
    const verifier = verifierOf();
    await verifier.verifyAll([{ token: asToken(made) }, { token: other }]);
    const controls = api.requests.filter(
      ({ fingerprint }) => fingerprint !== made.fingerprint && fingerprint !== other.fingerprint,
    );
    expect(controls).toHaveLength(2);
  });

  it("are never more at a time than allowed", async () => {
    let now = 0;
    let most = 0;
    const server = createServer((_request, response) => {
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => {
        now -= 1;
        response.writeHead(401, { "content-type": "application/json" }).end('{"error":"unauthorized"}');
      }, 20);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const tokens = makeTokens(20, { plane: "data" }).map((made) => ({ token: asToken(made) }));
    const verified = await verifierOf({ baseUrl, concurrency: 3 }).verifyAll(tokens);
    expect([...verified.values()].every(({ verdict }) => verdict.state === "revoked")).toBe(true);
    expect(most).toBe(3);
    server.closeAllConnections();
    server.close();
  });
});

describe("the control", () => {
  it("keeps the token at home where it gets nothing that is the API's", async () => {
    api.inject({ kind: "html-page", status: 200 });
    const verdict = await verdictOf(api.mintControlToken("acme"));
    expect(verdict).toMatchObject({ state: "unknown", reason: expect.stringContaining("login page or a proxy") });
    expect(api.requests.map(({ isKnownToken }) => isKnownToken)).toEqual([false]);
  });

  it("is asked for again after it could not be had", async () => {
    const made = api.mintControlToken("acme");
    const heal = api.inject({ kind: "html-page" });
    const verifier = verifierOf();
    const first = await verifier.verify({ token: asToken(made) });
    expect(first).toMatchObject({ isFailure: true, verdict: { state: "unknown" } });
    heal();
    await expect
      .poll(async () => (await verifier.verify({ token: asToken(made) })).verdict.state, {
        timeout: 20_000,
        interval: 500,
      })
      .toBe("live");
  });

  it("is asked again after the server failed: it may have become another", async () => {
    const [first, second] = [api.mintControlToken("acme"), api.mintControlToken("acme")];
    const verifier = verifierOf({ concurrency: 1 });
    await verifier.verify({ token: asToken(first) });
    // From now on everybody is told that there is no such project: that says nothing about a token.
    api.set({ lookup: "before-authentication" });
    api.inject({ kind: "unavailable" }, { fingerprint: second.fingerprint, times: 1 });
    const { verdict } = await verifier.verify({ token: asToken(second) });
    expect(verdict.state).toBe("unknown");
    expect(verdict.reason).toContain("changed its answer while it was asked");
  });

  it("is asked again where a token is unknown and random ones are not", async () => {
    const made = makeToken();
    api.inject({ kind: "api-error", status: 403, code: "forbidden" }, { times: 1 });
    expect((await verdictOf(made)).state).toBe("revoked");
    expect(api.requests.map(({ fingerprint }) => fingerprint === made.fingerprint)).toEqual([false, true, false, true]);
  });

  it("that changes its mind with the token leaves it open", async () => {
    const made = api.mintControlToken("acme");
    api.inject({ kind: "api-error", status: 403, code: "forbidden" }, { times: 1 });
    api.inject({ kind: "api-error", status: 401, code: "unauthorized" }, { fingerprint: made.fingerprint, times: 1 });
    expect((await verdictOf(made)).state).toBe("unknown");
  });
});

describe("further requests", () => {
  beforeEach(() => api.set({ lookup: "before-authentication" }));

  it("list projects that the operator names, and say so", async () => {
    const made = api.mintControlToken("acme");
    const verdict = await verdictOf(made, { projects: ["beta", "acme"] });
    expect(verdict.state).toBe("live");
    expect(verdict.reason).toContain("asked about beta");
    expectHarmless(api, ["acme", "beta"]);
  });

  it("list no project that is merely named near the token", async () => {
    const verdict = await verdictOf(api.mintControlToken("acme"), {}, hintsWith({ projects: ["acme"] }));
    expect(verdict.state).toBe("unknown");
    expect(verdict.reason).toContain("the project acme is named near it: if it is yours, give --project acme");
    expectHarmless(api);
    expect(api.requests).toHaveLength(2);
  });

  it("ask with a job of no kind about a workload that is named near the token, and say so", async () => {
    const made = api.mintDataToken(["acme/support"]);
    const hints = hintsWith({ endpoints: ["acme/support"] });
    const verdict = await verdictOf(made, {}, hints);
    expect(verdict).toMatchObject({
      state: "live",
      reason: expect.stringContaining("asked about acme/support, which is named near it"),
    });
    api.revoke(made);
    expect((await verdictOf(made, {}, hints)).state).toBe("revoked");
    expectHarmless(api);
  });

  it("are few, however much is named near the token", async () => {
    const endpoints = Array.from({ length: 50 }, (_, index) => `acme/w${index}`);
    await verdictOf(api.mintDataToken(["beta/*"]), {}, hintsWith({ endpoints }));
    expect(api.requests.length).toBeLessThanOrEqual(8);
  });

  it("are asked too where the first was refused without a reason", async () => {
    api.set({ lookup: "after-authorization", grantMismatch: "403" });
    const made = api.mintDataToken(["acme/support"]);
    expect((await verdictOf(made)).state).toBe("unknown");
    expect((await verdictOf(made, { workloads: ["acme/support"] })).state).toBe("live");
  });
});

describe("another host near the token", () => {
  const dead = makeToken();

  it("makes of revoked unknown, and is not asked", async () => {
    const verdict = await verdictOf(dead, {}, hintsWith({ hosts: ["staging.example.com"] }));
    expect(verdict.state).toBe("unknown");
    expect(verdict.reason).toMatch(/does not recognise it.*staging\.example\.com is named near it.*--base-url/);
  });

  it("counts for an answer of the cache too", async () => {
    const cache = new MemoryCache();
    expect((await verdictOf(dead, { cache })).state).toBe("revoked");
    const hints = hintsWith({ hosts: ["staging.example.com"] });
    expect((await verdictOf(dead, { cache, reusesAnswers: true }, hints)).state).toBe("unknown");
    expect((await verdictOf(dead, { cache, reusesAnswers: true })).state).toBe("revoked");
  });

  it("is none where it is the one that was asked", async () => {
    const hints = hintsWith({ hosts: [new URL(api.baseUrl).host] });
    expect((await verdictOf(dead, {}, hints)).state).toBe("revoked");
  });

  it("does not matter for a token that works here", async () => {
    const verdict = await verdictOf(api.mintControlToken("acme"), {}, hintsWith({ hosts: ["staging.example.com"] }));
    expect(verdict.state).toBe("live");
  });
});

describe("the cache", () => {
  it("spares the question, and says so", async () => {
    const cache = new MemoryCache();
    const made = api.mintControlToken("acme");
    await verdictOf(made, { cache });
    api.clearRequests();
    const verdict = await verdictOf(made, { cache, reusesAnswers: true });
    expect(verdict).toMatchObject({ state: "live", reason: expect.stringContaining("not asked again") });
    expect(api.requests).toEqual([]);
  });

  it.each([
    ["live", 6 * 60_000, true],
    ["live", 60_000, false],
    ["revoked", 25 * 3_600_000, true],
    ["revoked", 3_600_000, false],
    ["revoked", -3_600_000, true],
    ["live", -1000, true],
  ] as const)("of %s from %i ms ago: asked again is %s", async (state, age, isAsked) => {
    const cache = new MemoryCache();
    const made = api.mintControlToken("acme");
    const checkedAt = new Date(Date.now() - age).toISOString();
    cache.set(api.baseUrl, made.fingerprint, { state, reason: "r", checkedAt, lastLive: null });
    const verdict = await verdictOf(made, { cache, reusesAnswers: true });
    expect(verdict.state).toBe(isAsked ? "live" : state);
    expect(api.requests.length > 0).toBe(isAsked);
  });

  it("is another for another address of the same host", async () => {
    const cache = new MemoryCache();
    const made = makeToken();
    expect((await verdictOf(made, { cache })).state).toBe("revoked");
    const elsewhere = await verdictOf(made, { cache, reusesAnswers: true, baseUrl: `${api.baseUrl}/tenant` });
    expect(elsewhere.state).not.toBe("revoked");
  });

  it("makes a later 403 a revocation", async () => {
    const cache = new MemoryCache();
    const made = api.mintControlToken("acme");
    await verdictOf(made, { cache });
    api.revoke(made);
    expect((await verdictOf(made)).state).toBe("unknown");
    const verdict = await verdictOf(made, { cache });
    expect(verdict).toMatchObject({ state: "revoked", reason: expect.stringContaining("accepted it before") });
  });

  it("keeps nothing of a token that can be guessed", async () => {
    const cache = new MemoryCache();
    const token = asToken(api.mintControlToken("acme"), { isGuessable: true });
    await verifierOf({ cache }).verify({ token });
    expect(cache.entries.size).toBe(0);
  });
});

describe("an API that repeats what it was sent", () => {
  it("does not get a piece of the token into a list of workloads", async () => {
    const made = api.mintControlToken("acme");
    api.addWorkload("acme", { slug: "echo", name: `key ${made.secret}`, model_name: made.secret.slice(10, 30) });
    const list = await verifierOf().listWorkloads(asToken(made), "acme");
    expect(list.kind).toBe("listed");
    expect(JSON.stringify(list)).toContain("echo");
    for (let at = 0; at + 13 <= 64; at += 1) expect(JSON.stringify(list)).not.toContain(made.secret.slice(at, at + 13));
  });
});

describe("time", () => {
  it("is limited for all tokens together", async () => {
    const tokens = makeTokens(5).map((made) => ({ token: asToken(made) }));
    const verified = await verifierOf({ totalTimeoutMs: 0 }).verifyAll(tokens);
    for (const { verdict, isFailure } of verified.values()) {
      expect(isFailure).toBe(true);
      expect(verdict).toMatchObject({ state: "unknown", reason: expect.stringContaining("time limit") });
    }
    expect(api.requests).toEqual([]);
  });

  it("is not spent on every token where nothing answers", async () => {
    api.inject({ kind: "hang" });
    const tokens = makeTokens(200).map((made) => ({ token: asToken(made) }));
    const verified = await verifierOf({ timeoutMs: 400, concurrency: 4 }).verifyAll(tokens);
    expect(new Set([...verified.values()].map(({ verdict }) => verdict.state))).toEqual(new Set(["unknown"]));
    expect(api.requests.length).toBeLessThan(20);
    expect(api.requests.some(({ fingerprint }) => tokens.some(({ token }) => token.fingerprint === fingerprint))).toBe(
      false,
    );
  });

  it("ends with an interruption", async () => {
    api.inject({ kind: "hang" });
    const abort = new AbortController();
    const verifier = verifierOf({ signal: abort.signal });
    const tokens = makeTokens(3).map((made) => ({ token: asToken(made) }));
    const kept = verifier.verifyUntilInterrupted(tokens);
    const all = verifier.verifyAll(tokens);
    await expect.poll(() => api.requests.length).toBeGreaterThan(0);
    abort.abort(new Error("interrupted"));
    await expect(all).rejects.toThrow("interrupted");
    for (const { verdict } of (await kept).values()) {
      expect(verdict).toMatchObject({ state: "unknown", reason: expect.stringContaining("interrupted") });
    }
  });
});
