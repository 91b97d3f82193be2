// The verdicts in each way in which the vendor's documents can be read, through the committed bundle.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startInferenceKey, type InferenceKeyEmulator } from "../emulators/inferencekey/emulator.ts";
import { DEFAULT_SWITCHES, type Switches } from "../emulators/inferencekey/switches.ts";
import { expectHarmless } from "../support/harmless.ts";
import { makeToken, type MadeToken } from "../support/token.ts";
import { statesOf, verify } from "../support/verification.ts";

let api: InferenceKeyEmulator;

beforeAll(async () => {
  api = await startInferenceKey();
  api.addWorkload("acme", { slug: "support" });
  api.addWorkload("beta", { slug: "billing" });
});

afterAll(() => api.close());

beforeEach(() => {
  api.set(DEFAULT_SWITCHES);
  api.clearRequests();
});

const STATES = ["live", "readOnly", "elsewhere", "revoked", "expired", "suspended", "random"] as const;
type State = (typeof STATES)[number];
type Expected = Partial<Record<State, "live" | "revoked" | "unknown">>;

function controlTokens(): Record<State, MadeToken> {
  const tokens = {
    live: api.mintControlToken("acme"),
    readOnly: api.mintControlToken("acme", ["workload:read"]),
    elsewhere: api.mintControlToken("beta"),
    revoked: api.mintControlToken("acme"),
    expired: api.mintControlToken("acme"),
    suspended: api.mintControlToken("acme"),
    random: makeToken({ plane: "control" }),
  };
  return end(tokens);
}

function dataTokens(): Record<State, MadeToken> {
  const tokens = {
    live: api.mintDataToken(["acme/support"]),
    readOnly: api.mintDataToken(["acme/*"]),
    elsewhere: api.mintDataToken(["beta/billing"]),
    revoked: api.mintDataToken(["acme/support"]),
    expired: api.mintDataToken(["acme/*"]),
    suspended: api.mintDataToken(["acme/support"]),
    random: makeToken({ plane: "data" }),
  };
  return end(tokens);
}

function end(tokens: Record<State, MadeToken>): Record<State, MadeToken> {
  api.revoke(tokens.revoked);
  api.expire(tokens.expired);
  api.suspend(tokens.suspended);
  return tokens;
}

async function expectVerdicts(
  tokens: Record<State, MadeToken>,
  switches: Partial<Switches>,
  args: readonly string[],
  expected: Expected,
): Promise<void> {
  api.set(switches);
  const all = STATES.map((state) => tokens[state]);
  const run = await verify(all, { baseUrl: api.baseUrl, args });
  const found = Object.fromEntries(statesOf(run, all).map((verdict, index) => [STATES[index], verdict]));
  expect(found).toEqual({ ...ALL_TOLD, ...expected });
  for (const { verdict } of run.tokens) expect(verdict.reason).toContain(api.baseUrl);
  expect(run.status).toBe(Object.values(found).includes("live") ? 1 : 4);
  expectHarmless(api, args.includes("--project") ? ["acme"] : []);
}

/** Where everything that the documents say is told. */
const ALL_TOLD: Required<Expected> = {
  live: "live",
  readOnly: "live",
  elsewhere: "live",
  revoked: "revoked",
  expired: "revoked",
  suspended: "unknown",
  random: "revoked",
};
const NOTHING_TOLD = Object.fromEntries(STATES.map((state) => [state, "unknown"])) as Expected;

const ACME = ["--project", "acme"];
const SUPPORT = ["--workload", "acme/support"];

describe("control tokens", () => {
  it.each<[string, Partial<Switches>, readonly string[], Expected]>([
    ["revoked is 401", { revokedControl: "401" }, [], {}],
    ["revoked is 403 and says so", { revokedControl: "403-coded" }, [], {}],
    ["revoked is a 403 like any other", { revokedControl: "403" }, [], { revoked: "unknown" }],
    [
      "revoked is a 403 without a code",
      { revokedControl: "403", bareForbidden: "no-code", errorShape: "nested" },
      [],
      { revoked: "unknown" },
    ],
    [
      "revoked is a 403 with nothing",
      { revokedControl: "403", bareForbidden: "empty-body" },
      [],
      { revoked: "unknown" },
    ],
    ["expired is 403 and says so", { revokedControl: "401", expiredControl: "403-coded" }, [], {}],
    ["expired is a 403 like any other", { revokedControl: "401", expiredControl: "403" }, [], { expired: "unknown" }],
    ["suspended says so", { revokedControl: "401", suspended: "403-coded" }, [], {}],
    ["errors are nested", { revokedControl: "403-coded", errorShape: "nested" }, [], {}],
    ["errors are nested and 401", { revokedControl: "401", errorShape: "nested" }, [], {}],
    ["the plane is checked late", { revokedControl: "401", planeCheck: "after-authentication" }, [], {}],
    ["projects are looked up behind authentication", { revokedControl: "401", lookup: "before-authorization" }, [], {}],
    ["the scope is checked first", { revokedControl: "401", projectCheck: "after-scope" }, [], {}],
    [
      "the scope is checked first, and writing does not list",
      { revokedControl: "401", projectCheck: "after-scope", listScope: "read" },
      [],
      {},
    ],
    ["projects are looked up first", { revokedControl: "401", lookup: "before-authentication" }, [], NOTHING_TOLD],
    [
      "projects are looked up first, one is named",
      { revokedControl: "401", lookup: "before-authentication" },
      ACME,
      {},
    ],
    [
      "the same, lists are enveloped",
      { revokedControl: "401", lookup: "before-authentication", listShape: "envelope" },
      ACME,
      {},
    ],
    [
      "the same, writing does not list",
      { revokedControl: "401", lookup: "before-authentication", listScope: "read" },
      ACME,
      {},
    ],
    [
      "the same, revoked is a 403",
      { revokedControl: "403", lookup: "before-authentication" },
      ACME,
      { revoked: "unknown" },
    ],
    [
      "the same, revoked says so",
      { revokedControl: "403-coded", lookup: "before-authentication", errorShape: "nested" },
      ACME,
      {},
    ],
  ])("%s", async (_what, switches, args, expected) => {
    await expectVerdicts(controlTokens(), switches, args, expected);
  });
});

describe("data tokens", () => {
  it.each<[string, Partial<Switches>, readonly string[], Expected]>([
    ["revoked is 401", { revokedData: "401" }, [], {}],
    ["revoked is 403 and says so", { revokedData: "403-coded" }, [], {}],
    ["revoked is a 403 like any other", { revokedData: "403" }, [], { revoked: "unknown" }],
    ["expired is 403 and says so", { expiredData: "403-coded", errorShape: "nested" }, [], {}],
    ["expired is a 403 like any other", { expiredData: "403" }, [], { expired: "unknown" }],
    ["errors are nested", { errorShape: "nested" }, [], {}],
    ["the plane is checked late", { planeCheck: "after-authentication" }, [], {}],
    ["projects are looked up behind authentication", { lookup: "before-authorization" }, [], {}],
    ["jobs are checked behind authentication", { validation: "before-authorization" }, [], {}],
    ["what is not granted is not found", { grantMismatch: "404" }, [], {}],
    [
      "what is not granted is a bare 403",
      { grantMismatch: "403" },
      [],
      { live: "unknown", readOnly: "unknown", elsewhere: "unknown" },
    ],
    ["the same, a workload is named", { grantMismatch: "403" }, SUPPORT, { elsewhere: "unknown" }],
    ["workloads are looked up first", { lookup: "before-authentication" }, [], NOTHING_TOLD],
    ["workloads are looked up first, one is named", { lookup: "before-authentication" }, SUPPORT, {}],
    [
      "the same, revoked is a 403",
      { lookup: "before-authentication", revokedData: "403" },
      SUPPORT,
      { revoked: "unknown" },
    ],
    ["jobs are checked first", { validation: "before-authentication" }, [], NOTHING_TOLD],
    ["jobs are checked first, a workload is named", { validation: "before-authentication" }, SUPPORT, NOTHING_TOLD],
  ])("%s", async (_what, switches, args, expected) => {
    await expectVerdicts(dataTokens(), switches, args, expected);
  });
});

describe("a verdict that cannot be told", () => {
  it("says what would tell it", async () => {
    api.set({ lookup: "before-authentication" });
    const tokens = [api.mintControlToken("acme"), api.mintDataToken(["acme/support"])];
    const run = await verify(tokens, { baseUrl: api.baseUrl });
    const [control, data] = tokens.map(
      (token) => run.tokens.find((one) => one.masked === token.masked)!.verdict.reason,
    );
    expect(control).toMatch(/answers a random token the same \(404 not_found\); .*--project/);
    expect(data).toMatch(/answers a random token the same \(404 not_found\); .*--workload project\/workload/);
  });

  it("does not ask again for what was named", async () => {
    api.set({ lookup: "before-authentication" });
    const tokens = [api.mintControlToken("beta"), api.mintDataToken(["beta/other"])];
    const args = ["--project", "missing", "--workload", "missing/one"];
    const run = await verify(tokens, { baseUrl: api.baseUrl, args });
    const reasons = run.tokens.map(({ verdict }) => verdict.reason).toSorted();
    expect(reasons).toEqual([
      expect.stringContaining("name its project, if it is yours and another one: --project"),
      expect.stringContaining("name its workload, if it is another one: --workload"),
    ]);
  });

  it("is no failure of the workload's own process", async () => {
    api.addWorkload("acme", { slug: "picky" }, { processAnswers: 401 });
    const token = api.mintDataToken(["acme/picky"]);
    const run = await verify([token], { baseUrl: api.baseUrl, args: ["--workload", "acme/picky"] });
    expect(statesOf(run, [token])).toEqual(["live"]);
    expect(api.requests.every(({ path }) => !path.includes("/v1/"))).toBe(true);
  });

  it("is not made of an endpoint that was turned off after the token was seen live", async () => {
    api.set({ lookup: "before-authentication" });
    api.addWorkload("acme", { slug: "quiet" }, { off: ["jobs"] });
    const token = api.mintDataToken(["acme/quiet"]);
    const run = await verify([token], { baseUrl: api.baseUrl, args: ["--workload", "acme/quiet"] });
    expect(statesOf(run, [token])).not.toContain("revoked");
  });
});
