// Each fault does on the wire what its name says; played on the InferenceKey emulator, they are the same for all.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MadeToken } from "../support/token.ts";
import type { Fault } from "./http/faults.ts";
import { startInferenceKey, type InferenceKeyEmulator } from "./inferencekey/emulator.ts";
import { call, type CallResult } from "./support/call.ts";

const WORKLOADS = "/api/projects/acme/workloads";

let api: InferenceKeyEmulator;
let token: MadeToken;

beforeEach(async () => {
  api = await startInferenceKey();
  api.addWorkload("acme", { slug: "support" });
  token = api.mintControlToken("acme");
});

afterEach(() => api.close());

function list(timeoutMilliseconds = 20_000): Promise<CallResult> {
  return call(api.baseUrl, WORKLOADS, { token, timeoutMilliseconds });
}

function listWith(fault: Fault, timeoutMilliseconds?: number): Promise<CallResult> {
  api.inject(fault, { times: 1 });
  return list(timeoutMilliseconds);
}

describe("another answer", () => {
  it.each([200, 401, 403])("an HTML page with %i", async (status) => {
    const answer = await listWith({ kind: "html-page", status });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "text/html; charset=utf-8"]);
    expect(answer.text).toMatch(/^<!doctype html>/);
  });

  it("an empty body, a wrong content type, invalid JSON", async () => {
    expect(await listWith({ kind: "empty-body", status: 401 })).toMatchObject({ status: 401, text: "" });
    const mislabelled = await listWith({ kind: "wrong-content-type" });
    expect(mislabelled.headers.get("content-type")).toContain("text/html");
    expect(mislabelled.json).toMatchObject([{ slug: "support" }]);
    expect(await listWith({ kind: "invalid-json" })).toMatchObject({ status: 200, json: undefined });
  });

  it("a redirect", async () => {
    const { status, headers } = await listWith({ kind: "redirect", location: "https://elsewhere.invalid/" });
    expect([status, headers.get("location")]).toEqual([307, "https://elsewhere.invalid/"]);
  });

  it("429 with Retry-After in seconds, as a date, or without", async () => {
    const inSeconds = await listWith({ kind: "rate-limit", retryAfterSeconds: 7 });
    expect([inSeconds.status, inSeconds.headers.get("retry-after")]).toEqual([429, "7"]);
    const asDate = await listWith({ kind: "rate-limit", retryAfterSeconds: 7, retryAfterForm: "http-date" });
    const wait = Date.parse(asDate.headers.get("retry-after") ?? "") - Date.now();
    expect(wait).toBeGreaterThan(4000);
    expect(wait).toBeLessThan(8000);
    expect((await listWith({ kind: "rate-limit" })).headers.get("retry-after")).toBeNull();
  });

  it("5xx, and any error of the API", async () => {
    expect(await listWith({ kind: "unavailable" })).toMatchObject({ status: 503, json: { error: "unavailable" } });
    expect((await listWith({ kind: "unavailable", status: 500 })).status).toBe(500);
    const bare = await listWith({ kind: "api-error", status: 403, code: null });
    expect(bare).toMatchObject({ status: 403, json: { error: "forbidden" } });
  });
});

describe("a broken connection", () => {
  it.each(["reset-before-headers", "reset-after-headers", "truncated-body"] as const)("%s", async (kind) => {
    await expect(listWith({ kind })).rejects.toThrow(/fetch failed|terminated/);
    await expect.poll(() => api.requests[0]?.durationMilliseconds).not.toBeNull();
    expect(api.requests[0]?.status).toBe(kind === "reset-before-headers" ? null : 200);
  });

  it.each([
    { kind: "hang" },
    { kind: "slow-headers", millisecondsPerLine: 20 },
    { kind: "slow-body", millisecondsPerByte: 20 },
    { kind: "endless-body" },
  ] as const)("$kind lasts for as long as the client waits", async (fault) => {
    await expect(listWith(fault, 300)).rejects.toThrow("timeout");
    await expect.poll(() => api.requests[0]?.durationMilliseconds).toBeGreaterThan(200);
  });

  it("a huge body", async () => {
    const { text } = await listWith({ kind: "huge-body", bytes: 3_000_000 });
    expect(text).toHaveLength(3_000_002);
  });

  it("a slow body that comes to its end", async () => {
    expect((await listWith({ kind: "slow-body", millisecondsPerByte: 0 })).json).toMatchObject([{ slug: "support" }]);
  });
});

describe("which request a fault meets", () => {
  it("so many, then none", async () => {
    api.inject({ kind: "rate-limit" }, { times: 2 });
    const statuses = [await list(), await list(), await list()].map(({ status }) => status);
    expect(statuses).toEqual([429, 429, 200]);
    expect(api.requests.map(({ fault }) => fault)).toEqual(["rate-limit", "rate-limit", null]);
  });

  it("those of a route, or of a token", async () => {
    const other = api.mintControlToken("acme");
    api.inject({ kind: "unavailable" }, { route: "jobs" });
    api.inject({ kind: "empty-body" }, { fingerprint: other.fingerprint });
    expect((await list()).status).toBe(200);
    expect((await call(api.baseUrl, "/endpoint/acme/support/jobs", { token, body: {} })).status).toBe(503);
    expect((await call(api.baseUrl, WORKLOADS, { token: other })).text).toBe("");
  });

  it("all, until it is taken away", async () => {
    const remove = api.inject({ kind: "unavailable" });
    expect([(await list()).status, (await list()).status]).toEqual([503, 503]);
    remove();
    expect((await list()).status).toBe(200);
    api.inject({ kind: "unavailable" });
    api.clearFaults();
    expect((await list()).status).toBe(200);
  });

  it("latency adds to another fault", async () => {
    api.inject({ kind: "latency", milliseconds: 60 });
    expect((await listWith({ kind: "unavailable" })).status).toBe(503);
    expect((await list()).status).toBe(200);
    for (const { durationMilliseconds } of api.requests) expect(durationMilliseconds).toBeGreaterThan(50);
  });
});

describe("actFirst", () => {
  it("lets the request take effect although nothing comes back", async () => {
    const path = `/api/workloads/${api.workloadsOf("acme")[0]?.id}`;
    api.inject({ kind: "reset-before-headers" }, { times: 1 });
    await expect(call(api.baseUrl, path, { token, method: "DELETE" })).rejects.toThrow("fetch failed");
    expect(api.workloadsOf("acme")).toHaveLength(1);
    api.inject({ kind: "reset-before-headers", actFirst: true }, { times: 1 });
    await expect(call(api.baseUrl, path, { token, method: "DELETE" })).rejects.toThrow("fetch failed");
    expect(api.workloadsOf("acme")).toHaveLength(0);
    expect(api.requests.map(({ effect }) => effect)).toEqual(["none", "write"]);
  });
});
