import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeToken } from "../support/token.ts";
import { startInferenceKey, type InferenceKeyEmulator } from "./inferencekey/emulator.ts";
import { parseSwitch, type Switches } from "./inferencekey/switches.ts";
import { call, type CallOptions } from "./support/call.ts";

let api: InferenceKeyEmulator;

beforeEach(async () => {
  api = await startInferenceKey();
  api.addWorkload("acme", { slug: "support" });
  api.addProject("beta");
});

afterEach(() => api.close());

const WORKLOADS = "/api/projects/acme/workloads";
const NOWHERE = "/endpoint/no-project/no-workload/jobs";
const NO_JOB = { kind: "no-kind", body: {} };

async function ask(switches: Partial<Switches>, path: string, options: CallOptions): Promise<unknown[]> {
  api.set(switches);
  const { status, json } = await call(api.baseUrl, path, options);
  return [status, json];
}

describe("errors", () => {
  it("come in both documented shapes", async () => {
    const token = api.mintControlToken("beta");
    expect(await ask({}, WORKLOADS, { token })).toEqual([403, { error: "project_scope_mismatch" }]);
    const message = 'token is not scoped to project "acme"';
    const nested = { error: { code: "project_scope_mismatch", message } };
    expect(await ask({ errorShape: "nested" }, WORKLOADS, { token })).toEqual([403, nested]);
  });

  it.each([
    ["flat", "generic-code", { error: "forbidden" }],
    ["nested", "generic-code", { error: { code: "forbidden", message: "Forbidden" } }],
    ["flat", "no-code", { message: "Forbidden" }],
    ["nested", "no-code", { error: { message: "Forbidden" } }],
    ["nested", "empty-body", undefined],
  ] as const)("a bare 403 is %s with %s", async (errorShape, bareForbidden, body) => {
    const token = api.mintControlToken("acme");
    api.revoke(token);
    const switches = { errorShape, bareForbidden, revokedControl: "403" } as const;
    expect(await ask(switches, WORKLOADS, { token })).toEqual([403, body]);
  });
});

describe("tokens that no longer work", () => {
  it.each([
    ["revokedControl", "revoke", "token_revoked"],
    ["expiredControl", "expire", "token_expired"],
  ] as const)("%s: 401, 403 or a 403 that says so", async (name, end, code) => {
    const token = api.mintControlToken("acme");
    api[end](token);
    expect(await ask({ [name]: "401" }, WORKLOADS, { token })).toEqual([401, { error: "unauthorized" }]);
    expect(await ask({ [name]: "403" }, WORKLOADS, { token })).toEqual([403, { error: "forbidden" }]);
    expect(await ask({ [name]: "403-coded" }, WORKLOADS, { token })).toEqual([403, { error: code }]);
  });

  it("are refused on the data plane as its own switches say", async () => {
    const [revoked, expired] = [api.mintDataToken(["acme/*"]), api.mintDataToken(["acme/*"])];
    api.revoke(revoked);
    api.expire(expired);
    const switches = { revokedData: "403-coded", expiredData: "403" } as const;
    expect(await ask(switches, NOWHERE, { token: revoked, body: NO_JOB })).toEqual([403, { error: "token_revoked" }]);
    expect(await ask(switches, NOWHERE, { token: expired, body: NO_JOB })).toEqual([403, { error: "forbidden" }]);
  });

  it("are refused with 403 while they, or their project, are suspended", async () => {
    const token = api.mintControlToken("acme");
    api.suspend(token);
    expect(await ask({}, WORKLOADS, { token })).toEqual([403, { error: "forbidden" }]);
    api.restore(token);
    api.suspendProject("acme");
    const coded = { suspended: "403-coded" } as const;
    expect(await ask(coded, WORKLOADS, { token })).toEqual([403, { error: "project_suspended" }]);
    const job = { token: api.mintDataToken(["acme/*"]), body: NO_JOB };
    expect(await ask(coded, "/endpoint/acme/support/jobs", job)).toEqual([403, { error: "project_suspended" }]);
    api.restoreProject("acme");
    expect((await ask({}, WORKLOADS, { token }))[0]).toBe(200);
  });
});

describe("the order of the checks", () => {
  const stranger = makeToken({ plane: "data" });

  it.each([
    ["before-authentication", 404, 404],
    ["before-authorization", 401, 404],
    ["after-authorization", 401, 403],
  ] as const)("lookup %s", async (lookup, forStranger, forOwn) => {
    const own = api.mintDataToken(["acme/*"]);
    expect((await ask({ lookup }, NOWHERE, { token: stranger, body: NO_JOB }))[0]).toBe(forStranger);
    expect((await ask({ lookup }, NOWHERE, { token: own, body: NO_JOB }))[0]).toBe(forOwn);
  });

  it.each([
    ["before-authentication", 400, 400],
    ["before-authorization", 401, 400],
    ["after-authorization", 401, 403],
  ] as const)("validation %s", async (validation, forStranger, forOwn) => {
    const own = api.mintDataToken(["acme/*"]);
    expect((await ask({ validation }, NOWHERE, { token: stranger, body: NO_JOB }))[0]).toBe(forStranger);
    expect((await ask({ validation }, NOWHERE, { token: own, body: NO_JOB }))[0]).toBe(forOwn);
  });

  it("the project before the scope, or after it", async () => {
    const token = api.mintControlToken("beta", ["workload:read"]);
    const body = { name: "n", backend: "vllm", model_name: "m" };
    const before = await ask({ projectCheck: "before-scope" }, WORKLOADS, { token, body });
    expect(before).toEqual([403, { error: "project_scope_mismatch" }]);
    const after = await ask({ projectCheck: "after-scope" }, WORKLOADS, { token, body });
    expect(after).toEqual([403, { error: "scope_insufficient" }]);
  });

  it("the plane by the prefix alone, or of a recognised token", async () => {
    const early = await ask({ planeCheck: "before-authentication" }, WORKLOADS, { token: stranger });
    expect(early).toEqual([403, { error: "wrong_credential_type" }]);
    expect((await ask({ planeCheck: "after-authentication" }, WORKLOADS, { token: stranger }))[0]).toBe(401);
    const own = api.mintDataToken(["acme/*"]);
    expect(await ask({}, WORKLOADS, { token: own })).toEqual([403, { error: "wrong_credential_type" }]);
  });
});

describe("smaller differences", () => {
  it("a list as an array or in an envelope", async () => {
    const token = api.mintControlToken("acme");
    expect((await ask({}, WORKLOADS, { token }))[1]).toMatchObject([{ slug: "support" }]);
    const [, envelope] = await ask({ listShape: "envelope" }, WORKLOADS, { token });
    expect(envelope).toMatchObject({ workloads: [{ slug: "support" }] });
  });

  it("listing for writers, or for readers alone", async () => {
    const token = api.mintControlToken("acme");
    expect((await ask({}, WORKLOADS, { token }))[0]).toBe(200);
    expect(await ask({ listScope: "read" }, WORKLOADS, { token })).toEqual([403, { error: "scope_insufficient" }]);
  });

  it("an endpoint that was not granted", async () => {
    const token = api.mintDataToken(["acme/other"]);
    const chat = "/endpoint/acme/support/v1/chat/completions";
    expect(await ask({}, chat, { token, body: {} })).toEqual([403, { error: "scope_insufficient" }]);
    expect(await ask({ grantMismatch: "403" }, chat, { token, body: {} })).toEqual([403, { error: "forbidden" }]);
    expect((await ask({ grantMismatch: "404" }, chat, { token, body: {} }))[0]).toBe(404);
  });

  it("a workload of another project", async () => {
    const token = api.mintControlToken("beta");
    const path = `/api/workloads/${api.workloadsOf("acme")[0]?.id}`;
    expect((await ask({}, path, { token, method: "DELETE" }))[0]).toBe(403);
    expect((await ask({ foreignWorkload: "404" }, path, { token, method: "DELETE" }))[0]).toBe(404);
  });

  it("an endpoint whose toggle is off", async () => {
    api.addWorkload("acme", { slug: "quiet" }, { off: ["chat"] });
    const token = api.mintDataToken(["acme/*"]);
    const job = { token, body: { kind: "chat", body: {} } };
    expect((await ask({}, "/endpoint/acme/quiet/jobs", job))[1]).toEqual({ error: "endpoint_disabled" });
    expect((await ask({ endpointOff: "404" }, "/endpoint/acme/quiet/jobs", job))[0]).toBe(404);
    expect((await ask({ endpointOff: "400" }, "/endpoint/acme/quiet/jobs", job))[0]).toBe(400);
  });
});

describe("parseSwitch()", () => {
  it("reads a switch and refuses what is none", () => {
    expect(parseSwitch("lookup=before-authentication")).toEqual({ lookup: "before-authentication" });
    expect(() => parseSwitch("lookup=never")).toThrow("lookup is one of");
    expect(() => parseSwitch("toString=1")).toThrow("no switch named toString");
  });
});
