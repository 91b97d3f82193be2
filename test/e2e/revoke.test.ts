// From a token to knowing that it is dead: what the provider says is one thing, what the API answers another.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { expectStatus, type CliRun } from "../support/cli.ts";
import { findNodeBinaries } from "../support/node-binaries.ts";
import { ResponseWorld } from "../support/response-world.ts";
import { jsonOf } from "../support/schema.ts";
import { makeTokens, type MadeToken } from "../support/token.ts";

interface RevokedToken {
  readonly fingerprint: string;
  readonly masked: string;
  readonly state: string;
  readonly before: { readonly state: string };
  readonly verdict: { readonly state: string; readonly reason: string };
  readonly provider: { readonly name: string; readonly status: string; readonly message: string | null } | null;
  readonly containedAfterMs: number | null;
}

let world: ResponseWorld;

beforeEach(async () => {
  world = await ResponseWorld.start();
});

afterEach(() => world.close());

function tokensOf(run: CliRun): RevokedToken[] {
  return (jsonOf(run, "revocation") as { tokens: RevokedToken[] }).tokens;
}

function mint(plane: "control" | "data"): MadeToken {
  return plane === "control" ? world.api.mintControlToken("acme") : world.api.mintDataToken(["acme/support"]);
}

describe("contained", () => {
  it.each([
    ["control", { revokedControl: "403" }],
    ["control", { revokedControl: "403", bareForbidden: "no-code", errorShape: "nested" }],
    ["control", { revokedControl: "403-coded" }],
    ["control", { revokedControl: "401" }],
    ["data", { revokedData: "401" }],
    ["data", { revokedData: "403" }],
    ["data", { revokedData: "403-coded", errorShape: "nested" }],
  ] as const)("live, then dead: %s plane with %j", async (plane, switches) => {
    world.api.set(switches);
    const token = mint(plane);
    const run = await world.revoke([token]);
    expectStatus(run, 0);
    expect(tokensOf(run)).toMatchObject([
      {
        fingerprint: token.fingerprint,
        masked: token.masked,
        state: "contained",
        before: { state: "live" },
        verdict: { state: "revoked" },
        provider: { name: new URL(world.provider.url).origin, status: "revoked", message: null },
      },
    ]);
    expect(tokensOf(run)[0]?.containedAfterMs).toBeGreaterThanOrEqual(0);
    expect(world.provider.requests).toMatchObject([
      { route: "revoke", signature: "valid", fingerprints: [token.fingerprint], status: 200 },
    ]);
    expect(run.stderr).toContain(`${token.masked}: ${new URL(world.provider.url).origin} says revoked`);
  });

  it("one of several tokens, each told by itself; a line that comes twice is one token", async () => {
    const [live, dead] = [mint("control"), mint("data")];
    world.api.revoke(dead);
    const run = await world.revoke([live, dead, live]);
    expectStatus(run, 0);
    expect(tokensOf(run).map(({ masked, state }) => [masked, state])).toEqual([
      [live.masked, "contained"],
      [dead.masked, "already-dead"],
    ]);
    expect(world.provider.requests.map(({ fingerprints }) => fingerprints)).toEqual([[live.fingerprint]]);
  });

  it("a hundred in one call, and no more", async () => {
    const tokens = Array.from({ length: 101 }, () => mint("control"));
    const run = await world.revoke(tokens);
    expectStatus(run, 0);
    expect(new Set(tokensOf(run).map(({ state }) => state))).toEqual(new Set(["contained"]));
    expect(world.provider.requests.map(({ fingerprints }) => fingerprints.length)).toEqual([100, 1]);
    expect(new Set(world.provider.requests.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
  });

  it.each(findNodeBinaries())("on Node $version", async ({ path: node }) => {
    const run = await world.revoke([mint("control"), mint("data")], [], { node });
    expectStatus(run, 0);
    expect(tokensOf(run).map(({ state }) => state)).toEqual(["contained", "contained"]);
  });

  it("says it in words", async () => {
    const token = mint("control");
    const run = await world.run(["revoke", "--yes"], { input: token.raw });
    expectStatus(run, 0);
    expect(run.stdout).toMatch(new RegExp(`^${token.masked} {2}control plane · contained after \\d+ m?s$`, "m"));
    expect(run.stdout).toContain("refuses it (403), and accepted it before");
    expect(run.stdout).toContain(`${new URL(world.provider.url).origin} said: revoked`);
  });

  it("a provider that says no, when the token dies all the same", async () => {
    await world.close();
    world = await ResponseWorld.start({
      revoke: ({ fingerprint }, api) => {
        api.revoke(fingerprint);
        return { status: "failed", message: "try the dashboard" };
      },
    });
    const run = await world.revoke([mint("control")]);
    expectStatus(run, 0);
    expect(tokensOf(run)).toMatchObject([{ state: "contained", provider: { status: "failed" } }]);
  });
});

describe("already dead", () => {
  it.each(["control", "data"] as const)("is a success, and no provider is asked (%s plane)", async (plane) => {
    world.api.set({ revokedControl: "401" });
    const token = mint(plane);
    world.api.revoke(token);
    const run = await world.revoke([token]);
    expectStatus(run, 0);
    expect(tokensOf(run)).toMatchObject([{ state: "already-dead", provider: null, containedAfterMs: null }]);
    expect(world.provider.requests).toEqual([]);
    const inWords = await world.run(["revoke", "--yes"], { input: token.raw });
    expect(inWords.stdout).toMatch(
      /already dead\n.*\n.*If it is for another API of InferenceKey, name that: --base-url/,
    );
  });

  it("is not believed of one answer: a token that lives at the second question is revoked", async () => {
    const token = mint("control");
    const unauthorized = { kind: "api-error", status: 401, code: "unauthorized" } as const;
    world.api.inject(unauthorized, { fingerprint: token.fingerprint, times: 1 });
    const run = await world.revoke([token]);
    expectStatus(run, 0);
    expect(tokensOf(run)).toMatchObject([{ state: "contained", before: { state: "live" } }]);
    expect(world.provider.requests).toHaveLength(1);
  });
});

describe("a token of which the API tells nothing before", () => {
  it("is dead afterwards, and that is a success", async () => {
    world.api.set({ revokedControl: "401" });
    const token = mint("control");
    const conflict = { kind: "api-error", status: 409, code: "conflict" } as const;
    world.api.inject(conflict, { fingerprint: token.fingerprint, times: 1 });
    const run = await world.revoke([token]);
    expectStatus(run, 0);
    expect(tokensOf(run)).toMatchObject([
      { state: "dead", before: { state: "unknown" }, verdict: { state: "revoked" } },
    ]);
  });

  it("is unconfirmed where the API tells nothing afterwards either: exit code 4 and what to do by hand", async () => {
    world.api.set({ validation: "before-authentication" });
    const token = mint("data");
    const run = await world.revoke([token], ["--wait", "1"]);
    expectStatus(run, 4);
    expect(tokensOf(run)).toMatchObject([
      { state: "unconfirmed", verdict: { state: "unknown" }, provider: { status: "revoked" } },
    ]);
    expect(run.stderr).toContain("Revoke the leaked one in the dashboard (API Keys)");
  });

  it("is never called contained because the API went away", async () => {
    const token = mint("control");
    world.api.inject({ kind: "reset-before-headers" });
    const run = await world.revoke([token], ["--wait", "0"]);
    expectStatus(run, 4);
    expect(tokensOf(run)).toMatchObject([{ state: "unconfirmed", verdict: { state: "unknown" } }]);
    expect(world.provider.requests).toHaveLength(1);
  });
});

describe("still live", () => {
  it.each(["revoked", "already"] as const)("a provider that says %s while it is not", async (pretend) => {
    world.provider.misbehave({ pretend });
    const token = mint("control");
    const run = await world.revoke([token], ["--wait", "1"]);
    expectStatus(run, 5);
    expect(tokensOf(run)).toMatchObject([{ state: "still-live", provider: { status: pretend } }]);
    expect(run.stderr).toContain("says that it is revoked, and it is not: the API still accepts it");
    expect(run.stderr).toContain("Revoke the leaked one in the dashboard (Tokens)");
    const inWords = await world.run(["revoke", "--yes", "--wait", "1"], { input: token.raw });
    expectStatus(inWords, 5);
    expect(inWords.stdout).toContain("says that it is revoked, and it is not");
  });

  it.each(["not_owned", "failed"] as const)("a provider that says %s: what to do by hand", async (pretend) => {
    world.provider.misbehave({ pretend });
    const run = await world.revoke([mint("data")], ["--wait", "1"]);
    expectStatus(run, 5);
    expect(tokensOf(run)).toMatchObject([{ state: "still-live", provider: { status: pretend } }]);
    expect(run.stderr).toContain("Revoke the leaked one in the dashboard (API Keys)");
    expect(run.stderr).not.toContain("says that it is revoked");
  });

  it("an API that knows at one place only is not believed", async () => {
    await world.close();
    // The first answer after the request is that of the node that knows; all others do not.
    world = await ResponseWorld.start({
      revoke: ({ fingerprint }, api) => {
        api.inject({ kind: "api-error", status: 401, code: "unauthorized" }, { fingerprint, times: 1 });
        return { status: "revoked" };
      },
    });
    const run = await world.revoke([mint("control")], ["--wait", "3"]);
    expectStatus(run, 5);
    expect(tokensOf(run)).toMatchObject([{ state: "still-live", containedAfterMs: null }]);
    expect(run.stderr).toMatch(/: revoked: .*\n(.*\n)*.*: live: /);
  });

  it("and its dead answer is not what a scan takes from the cache", async () => {
    await world.close();
    world = await ResponseWorld.start({
      revoke: ({ fingerprint }, api) => {
        const unauthorized = { kind: "api-error", status: 401, code: "unauthorized" } as const;
        api.inject(unauthorized, { fingerprint, times: 1 });
        api.inject({ kind: "reset-before-headers" }, { fingerprint, times: 100 });
        return { status: "revoked" };
      },
    });
    const token = mint("control");
    const cache = "verdicts.json";
    const run = await world.revoke([token], ["--wait", "0"], { cache });
    expectStatus(run, 4);
    expect(tokensOf(run)).toMatchObject([{ state: "unconfirmed", verdict: { state: "unknown" } }]);
    world.api.clearFaults();
    const scanned = await world.run(["scan", "--verify", "--stdin"], { input: token.raw, cache });
    expect(scanned.stdout).toContain("control plane · live");
  });

  it("an API that knows everywhere in the end is", async () => {
    await world.close();
    world = await ResponseWorld.start({
      revoke: ({ fingerprint }, api) => {
        const unauthorized = { kind: "api-error", status: 401, code: "unauthorized" } as const;
        api.inject(unauthorized, { fingerprint, times: 1 });
        setTimeout(() => api.revoke(fingerprint), 3000);
        return { status: "revoked" };
      },
    });
    const run = await world.revoke([mint("control")]);
    expectStatus(run, 0);
    expect(tokensOf(run)).toMatchObject([{ state: "contained", verdict: { state: "revoked" } }]);
    expect(tokensOf(run)[0]?.containedAfterMs).toBeGreaterThan(2500);
  });

  it("is the exit code where another one is dead", async () => {
    const [stays, dead] = [mint("control"), mint("data")];
    world.api.revoke(dead);
    world.provider.misbehave({ pretend: "revoked" });
    expectStatus(await world.revoke([dead, stays], ["--wait", "1"]), 5);
  });
});

describe("--dry-run", () => {
  it("says what would be revoked and asks no provider", async () => {
    const [live, dead] = [mint("control"), mint("data")];
    world.api.revoke(dead);
    const run = await world.run(["revoke", "--dry-run", "--format", "json"], { input: `${live.raw}\n${dead.raw}\n` });
    expectStatus(run, 0);
    expect(tokensOf(run).map(({ state }) => state)).toEqual(["not-revoked", "already-dead"]);
    expect(world.provider.requests).toEqual([]);
    expect(world.api.statusOf(live)).toBe("live");
    const inWords = await world.run(["revoke", "--dry-run"], { input: live.raw });
    expect(inWords.stdout).toContain(`would be revoked through ${new URL(world.provider.url).origin}`);
  });
});

describe("bad usage is exit code 2, and nothing is sent", () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["an address in plain text", ["--revocation-url", "http://revocation.example/"], /not encrypted/],
    ["an address with a query", ["--revocation-url", "https://revocation.example/?key=1"], /query/],
    ["a secret file that is not there", ["--secret-file", "missing"], /missing/],
    ["three secrets", ["--secret-file", "secret", "--secret-file", "secret", "--secret-file", "secret"], /two/],
    ["a wait that is no number", ["--wait", "soon"], /seconds/],
    ["an API in plain text", ["--base-url", "http://api.example"], /not encrypted/],
  ];

  it.each(cases)("%s", async (_name, args, message) => {
    const run = await world.run(["revoke", "--yes", ...args], { input: mint("control").raw });
    expectStatus(run, 2);
    expect(run.stderr).toMatch(message);
    expect([...world.api.requests, ...world.provider.requests]).toEqual([]);
  });

  it("a provider without an address", async () => {
    world.configure();
    const run = await world.run(["revoke", "--yes", "--provider", "http"], { input: mint("control").raw });
    expectStatus(run, 2);
    expect(run.stderr).toContain("give --revocation-url");
    expect(world.api.requests).toEqual([]);
  });

  it.each([
    ["a field that there is not", "token: x", /config\.yml.*token/s],
    ["a project that is no slug", "projects: [../acme]", /config\.yml.*slug/s],
    ["one workload without a project", "workloads: [support]", /config\.yml.*project\/workload/s],
    [
      "a provider without secrets",
      "revocation: { url: https://a.example, secretFiles: [] }",
      /config\.yml.*secretFiles/s,
    ],
  ])("a configuration with %s", async (_name, line, message) => {
    world.configure(line);
    const run = await world.run(["revoke", "--yes"], { input: mint("control").raw });
    expectStatus(run, 2);
    expect(run.stderr).toMatch(message);
    expect(world.api.requests).toEqual([]);
  });

  it("a secret that is too short", async () => {
    world.write("secret", "short\n");
    const run = await world.run(["revoke", "--yes"], { input: mint("control").raw });
    expectStatus(run, 2);
    expect(run.stderr).toContain("fewer than 16 characters");
    expect(run.stderr).not.toContain("short\n");
  });

  it("no token, something else than a token, a token as an argument", async () => {
    const [token, other] = makeTokens(2);
    expectStatus(await world.run(["revoke", "--yes"], { input: "" }), 2);
    const line = await world.run(["revoke", "--yes"], { input: `${token.raw}\nKEY=${other.raw}\n` });
    expectStatus(line, 2);
    expect(line.stderr).toContain("line 2 of standard input is no token");
    expectStatus(await world.run(["revoke", "--yes", token.raw], { input: token.raw }), 2);
    expect([...world.api.requests, ...world.provider.requests]).toEqual([]);
  });

  it("the environment names neither a provider nor another API", async () => {
    world.write("config.yml", "version: 1\n");
    const env = { INFERENCEKEY_BASE_URL: "https://api.evil.example", KEYRECALL_REVOCATION_URL: world.provider.url };
    const run = await world.run(["revoke", "--yes"], { input: mint("control").raw, env });
    expectStatus(run, 2);
    expect(run.stderr).toContain("which is not InferenceKey's");
    expect(world.provider.requests).toEqual([]);
  });
});
