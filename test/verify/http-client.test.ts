import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HttpClient, type HttpLimits, type HttpResult } from "../../src/verify/http-client.ts";
import { startInferenceKey, type InferenceKeyEmulator } from "../emulators/inferencekey/emulator.ts";
import { makeToken } from "../support/token.ts";

const LIMITS: HttpLimits = { totalMs: 1000, maxBytes: 100_000 };
const token = makeToken();

let api: InferenceKeyEmulator;
let open: HttpClient[] = [];

beforeEach(async () => {
  api = await startInferenceKey();
});

afterEach(async () => {
  await Promise.all(open.map((client) => client.close()));
  open = [];
  await api.close();
});

function clientOf(limits: Partial<HttpLimits> = {}, signal?: AbortSignal): HttpClient {
  const client = new HttpClient(api.baseUrl, { ...LIMITS, ...limits }, 4, signal);
  open.push(client);
  return client;
}

function ask(client: HttpClient, path = "/api/projects/none/workloads"): Promise<HttpResult> {
  return client.send({
    method: "GET",
    url: `${api.baseUrl}${path}`,
    headers: () => ({ authorization: `Bearer ${token.raw}` }),
  });
}

/** What a person is told, which must hold nothing of the request. */
function whyOf(result: HttpResult): string {
  expect(result.kind).toBe("failure");
  expect(JSON.stringify(result)).not.toContain(token.secret.slice(0, 12));
  return result.kind === "failure" ? result.why : "";
}

describe("no answer, and why", () => {
  it.each([
    ["nothing at all", { kind: "hang" }, /did not answer within 1 s/],
    ["headers that never end", { kind: "slow-headers", millisecondsPerLine: 50 }, /did not answer within 1 s/],
    ["a byte at a time", { kind: "slow-body", millisecondsPerByte: 200 }, /did not answer within 1 s/],
    ["too much", { kind: "huge-body" }, /answered with more than 100000 bytes/],
    ["an answer without an end", { kind: "endless-body" }, /answered with more than 100000 bytes/],
    ["a dropped connection", { kind: "reset-before-headers" }, /dropped the connection/],
    ["a connection dropped after the headers", { kind: "reset-after-headers" }, /dropped the connection/],
    ["half an answer", { kind: "truncated-body" }, /dropped the connection/],
  ] as const)("%s", async (_what, fault, why) => {
    api.inject(fault);
    expect(whyOf(await ask(clientOf()))).toMatch(why);
  });

  it("nobody listens", async () => {
    const client = clientOf();
    await api.close();
    expect(whyOf(await ask(client))).toMatch(/refused the connection; check the address/);
    api = await startInferenceKey();
  });

  it("something that does not speak HTTP", async () => {
    const server = await listen("220 mail.example.com ESMTP\r\n");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new HttpClient(url, LIMITS, 1);
    open.push(client);
    const result = await client.send({ method: "GET", url: `${url}/`, headers: () => ({}) });
    expect(whyOf(result)).toMatch(/could not be asked|did not answer as a web server does/);
    server.close();
  });
});

function listen(greeting: string): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.end(greeting);
    });
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

describe("asking again", () => {
  it.each([
    ["503", { kind: "unavailable" }],
    ["500", { kind: "unavailable", status: 500 }],
    ["429", { kind: "rate-limit" }],
    ["429 with seconds", { kind: "rate-limit", retryAfterSeconds: 0 }],
    ["429 with a date", { kind: "rate-limit", retryAfterSeconds: 1, retryAfterForm: "http-date" }],
    ["a dropped connection", { kind: "reset-before-headers" }],
    ["half an answer", { kind: "truncated-body" }],
  ] as const)("helps after %s", async (_what, fault) => {
    api.inject(fault, { times: 2 });
    expect(await ask(clientOf({ totalMs: 20_000 }))).toMatchObject({ kind: "answer", status: 401 });
    expect(api.requests).toHaveLength(3);
  });

  it("waits as long as the server asks for", async () => {
    api.inject({ kind: "rate-limit", retryAfterSeconds: 1 }, { times: 1 });
    await ask(clientOf({ totalMs: 20_000 }));
    const [first, second] = api.requests.map(({ receivedAt }) => receivedAt.getTime());
    expect(second! - first!).toBeGreaterThanOrEqual(990);
  });

  it("makes all others wait as well", async () => {
    api.inject({ kind: "rate-limit", retryAfterSeconds: 1 }, { times: 1 });
    const client = clientOf({ totalMs: 20_000 });
    const first = ask(client);
    await expect.poll(() => api.requests[0]?.status).toBe(429);
    await Promise.all([first, ask(client), ask(client)]);
    const [limited, ...others] = api.requests.map(({ receivedAt }) => receivedAt.getTime());
    for (const at of others) expect(at - limited!).toBeGreaterThanOrEqual(990);
  });

  it("is not done where the wait is longer than there is time", async () => {
    api.inject({ kind: "rate-limit", retryAfterSeconds: 3600 });
    const client = clientOf();
    expect(whyOf(await ask(client))).toBe(
      "answered 429 and asks to wait 3600 s, longer than there is time; ask again later",
    );
    expect(whyOf(await ask(client))).toMatch(/^asks to wait 3600 s/);
    expect(api.requests).toHaveLength(1);
  });

  it.each(["999999999999999999999999", "Tue, 01 Jan 2999 00:00:00 GMT"])(
    "is not put off for ever: Retry-After %s",
    async (value) => {
      const server = createServer((socket) => {
        socket.on("error", () => undefined);
        socket.end(`HTTP/1.1 429 Slow\r\nRetry-After: ${value}\r\nContent-Length: 0\r\n\r\n`);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const client = new HttpClient(url, LIMITS, 1);
      open.push(client);
      expect(whyOf(await client.send({ method: "GET", url, headers: () => ({}) }))).toContain("wait 3600 s");
      server.close();
    },
  );

  it("reads a date by the clock of the server", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      const lines = ["Date: Tue, 05 Jan 2027 10:00:00 GMT", "Retry-After: Tue, 05 Jan 2027 10:00:20 GMT"];
      socket.end(`HTTP/1.1 503 Busy\r\n${lines.join("\r\n")}\r\nContent-Length: 0\r\n\r\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new HttpClient(url, LIMITS, 1);
    open.push(client);
    expect(whyOf(await client.send({ method: "GET", url, headers: () => ({}) }))).toMatch(/wait (19|20) s/);
    server.close();
  });

  it("ends, and gives the last answer", async () => {
    api.inject({ kind: "unavailable" });
    const result = await ask(clientOf({ totalMs: 60_000 }));
    expect(result).toMatchObject({ kind: "answer", status: 503 });
    expect(api.requests.length).toBeLessThanOrEqual(6);
  });

  it("is not done after an answer that would be the same", async () => {
    for (const fault of [{ kind: "html-page", status: 403 }, { kind: "empty-body" }, { kind: "huge-body" }] as const) {
      api.clearFaults();
      api.clearRequests();
      api.inject(fault);
      await ask(clientOf({ totalMs: 20_000 }));
      expect(api.requests).toHaveLength(1);
    }
  });
});

describe("a redirect", () => {
  it("is not followed", async () => {
    const other = await startInferenceKey();
    for (const status of [301, 302, 303, 307, 308]) {
      api.clearFaults();
      api.inject({ kind: "redirect", location: `${other.baseUrl}/steal`, status });
      const result = await ask(clientOf());
      expect(result).toMatchObject({ kind: "answer", status, location: new URL(other.baseUrl).host });
    }
    expect(other.requests).toEqual([]);
    await other.close();
  });

  it.each([
    ["a host made of the token", () => `https://${token.secret}.example.com/`],
    ["a piece of it", () => `https://${token.secret.slice(0, 20)}.example.com/`],
    ["no address", () => "https://[broken"],
  ])("to %s is not shown", async (_what, location) => {
    api.inject({ kind: "redirect", location: location() });
    expect(await ask(clientOf())).toMatchObject({ location: "an unreadable address" });
  });
});

describe("an interruption", () => {
  it("ends a request", async () => {
    api.inject({ kind: "hang" });
    const abort = new AbortController();
    const asked = ask(clientOf({ totalMs: 60_000 }, abort.signal));
    await expect.poll(() => api.requests.length).toBe(1);
    abort.abort(new Error("interrupted"));
    await expect(asked).rejects.toThrow("interrupted");
  });

  it("ends a wait", async () => {
    api.inject({ kind: "rate-limit", retryAfterSeconds: 40 });
    const abort = new AbortController();
    const asked = ask(clientOf({ totalMs: 60_000 }, abort.signal));
    await expect.poll(() => api.requests[0]?.status).toBe(429);
    abort.abort(new Error("interrupted"));
    await expect(asked).rejects.toThrow("interrupted");
  });
});
