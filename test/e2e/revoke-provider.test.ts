// Providers that are late, broken or hostile, and the contract that Keyrecall keeps to all the same.
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fault } from "../emulators/http/faults.ts";
import { readRequestBody } from "../emulators/http/request-body.ts";
import { startServer, type RunningServer } from "../emulators/http/server.ts";
import { startRevocationServer, type RevocationServer } from "../emulators/revocation/server.ts";
import { checkSignature } from "../emulators/revocation/signature.ts";
import { revokingIn } from "../emulators/revocation/wire.ts";
import { expectContract } from "../emulators/support/openapi.ts";
import { makeCertificate, type MadeCertificate } from "../support/certificate.ts";
import { expectStatus, type CliRun } from "../support/cli.ts";
import { ResponseWorld } from "../support/response-world.ts";
import { jsonOf } from "../support/schema.ts";
import type { MadeToken } from "../support/token.ts";

interface RevokedToken {
  readonly state: string;
  readonly provider: { readonly status: string; readonly message: string | null } | null;
}

let world: ResponseWorld;
let token: MadeToken;
let others: RunningServer[] = [];

beforeEach(async () => {
  world = await ResponseWorld.start();
  token = world.api.mintControlToken("acme");
});

afterEach(async () => {
  await world.close();
  for (const other of others) await other.close();
  others = [];
});

function firstOf(run: CliRun): RevokedToken {
  return (jsonOf(run, "revocation") as { tokens: RevokedToken[] }).tokens[0]!;
}

interface Received {
  readonly request: IncomingMessage;
  readonly body: string;
}

/** A server that answers whatever it is told to, and keeps what it got. */
async function startScripted(
  answer: (body: Record<string, unknown>) => unknown,
): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = await startServer(async (request, response) => {
    const body = (await readRequestBody(request, 1 << 20)).bytes.toString();
    received.push({ request, body });
    const text = answer(JSON.parse(body) as Record<string, unknown>);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(typeof text === "string" ? text : JSON.stringify(text));
  });
  others.push(server);
  return { url: `${server.origin}/tokens/revoke`, received };
}

function outcome(body: Record<string, unknown>, result: object): object {
  return {
    idempotency_key: body["idempotency_key"],
    results: [{ fingerprint: token.fingerprint, status: "failed", ...result }],
  };
}

describe("the contract", () => {
  it("one signed POST with the token in its body and nowhere else", async () => {
    const { url, received } = await startScripted((body) => outcome(body, {}));
    await world.revoke([token], ["--revocation-url", url, "--wait", "0"]);
    expect(received).toHaveLength(1);
    const [{ request, body }] = received as [Received];
    expectContract("Request", JSON.parse(body));
    expect(JSON.parse(body)).toMatchObject({
      method: "revoke",
      entries: [{ token: token.raw, type: "inferencekey_control_token", url: "", source: "unknown" }],
    });
    expect([request.method, request.url]).toEqual(["POST", "/tokens/revoke"]);
    expect(JSON.stringify(request.rawHeaders)).not.toContain(token.secret);
    expect(request.headers).toMatchObject({ "content-type": "application/json", accept: "application/json" });
    const header = String(request.headers["x-inferencekey-signature"]);
    expect(header).toMatch(/^t=\d{10},v1=[0-9a-f]{64}$/);
    expect(checkSignature(header, Buffer.from(body), [world.secret], Date.now() / 1000)).toBe("valid");
  });

  it("two secrets sign at once, so either side may change first", async () => {
    const [older, newer] = [randomBytes(24).toString("hex"), randomBytes(24).toString("hex")];
    world.write("older", older);
    world.write("newer", newer);
    const files = ["--secret-file", "older", "--secret-file", "newer"];
    for (const secret of [older, newer]) {
      world.provider.rotate([secret]);
      const one = world.api.mintDataToken(["acme/*"]);
      const run = await world.revoke([one], files);
      expectStatus(run, 0);
    }
    expect(world.provider.requests.map(({ signature }) => signature)).toEqual(["valid", "valid"]);
  });

  it("another secret than the provider's is told apart from a refusal", async () => {
    world.provider.rotate([randomBytes(24).toString("hex")]);
    const run = await world.revoke([token], ["--wait", "0"]);
    expectStatus(run, 5);
    expect(firstOf(run).provider).toEqual({
      name: expect.any(String) as string,
      status: "failed",
      message: "the provider answered 401 invalid_signature",
    });
    expect(world.provider.requests).toHaveLength(1);
  });

  it("pending is asked about with status, at its own address, and carries no token", async () => {
    world.provider.misbehave({ pendingAnswers: 2 });
    const run = await world.revoke([token]);
    expectStatus(run, 0);
    expect(firstOf(run)).toMatchObject({ state: "contained" });
    expect(world.provider.requests.map(({ route, signature }) => [route, signature])).toEqual([
      ["revoke", "valid"],
      ["status", "valid"],
      ["status", "valid"],
    ]);
    expect(new Set(world.provider.requests.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  });

  it("an address on another origin is not polled", async () => {
    const elsewhere = await startScripted((body) => outcome(body, { status: "revoked" }));
    world.provider.misbehave({ pendingAnswers: 1, pollUrl: elsewhere.url });
    expectStatus(await world.revoke([token]), 0);
    expect(elsewhere.received).toEqual([]);
    expect(world.provider.requests.map(({ route }) => route)).toEqual(["revoke", "status"]);
  });

  it("a redirect is not followed", async () => {
    const elsewhere = await startScripted((body) => outcome(body, { status: "revoked" }));
    world.provider.inject({ kind: "redirect", location: elsewhere.url });
    const run = await world.revoke([token], ["--wait", "0"]);
    expectStatus(run, 5);
    expect(firstOf(run).provider?.message).toContain("which is not followed");
    expect(elsewhere.received).toEqual([]);
  });
});

describe("a provider over TLS", () => {
  const identity = makeCertificate({ hosts: ["127.0.0.1"] });

  async function startSecure(tls: MadeCertificate): Promise<RevocationServer> {
    const { api, secret } = world;
    const server = await startRevocationServer({ secrets: [secret], revoke: revokingIn(api), tls });
    others.push({ origin: server.url, port: server.port, close: () => server.close() });
    return server;
  }

  it("whose authority the operator adds is asked", async () => {
    const { url } = await startSecure(identity);
    const env = { NODE_EXTRA_CA_CERTS: world.write("ca.pem", identity.cert) };
    expectStatus(await world.revoke([token], ["--revocation-url", url], { env }), 0);
  });

  it.each([
    ["that nobody vouches for", identity, "does not trust"],
    [
      "that has expired",
      makeCertificate({ hosts: ["127.0.0.1"], notAfter: new Date(Date.now() - 1000) }),
      "not valid now",
    ],
    ["of another host", makeCertificate({ hosts: ["elsewhere.example"] }), "for another host"],
  ] as const)("%s gets no token, whatever the environment says", async (name, tls, why) => {
    const server = await startSecure(tls);
    const trusted = name === "that nobody vouches for" ? {} : { NODE_EXTRA_CA_CERTS: world.write("ca.pem", tls.cert) };
    const run = await world.revoke([token], ["--revocation-url", server.url, "--wait", "0"], {
      env: { NODE_TLS_REJECT_UNAUTHORIZED: "0", ...trusted },
    });
    expectStatus(run, 5);
    expect(firstOf(run).provider).toMatchObject({ status: "failed", message: expect.stringContaining(why) as string });
    expect(server.requests).toEqual([]);
    expect(world.api.statusOf(token)).toBe("live");
  });
});

describe("a provider that acts and cannot say so", () => {
  it("is asked again with the same key and a new signature", async () => {
    world.provider.inject({ kind: "reset-before-headers", actFirst: true }, { times: 1 });
    const run = await world.revoke([token]);
    expectStatus(run, 0);
    expect(firstOf(run)).toMatchObject({ state: "contained" });
    expect(new Set(world.provider.requests.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(world.provider.requests.every(({ signature }) => signature === "valid")).toBe(true);
  });

  it.each([
    { kind: "hang", actFirst: true },
    { kind: "truncated-body" },
    { kind: "invalid-json" },
    { kind: "html-page", actFirst: true },
    { kind: "endless-body", actFirst: true },
    { kind: "slow-body" },
    { kind: "unavailable", status: 500, actFirst: true },
  ] satisfies Fault[])("does not keep the token from being contained: $kind", async (fault) => {
    world.provider.inject(fault);
    const run = await world.revoke([token]);
    expectStatus(run, 0);
    expect(firstOf(run)).toMatchObject({ state: "contained" });
    expect(firstOf(run).provider?.status).not.toBe("revoked");
  });
});

describe("a provider that answers badly and does nothing", () => {
  it.each([
    [{ kind: "html-page" }, "is not the contract's"],
    [{ kind: "html-page", status: 403 }, "answered 403"],
    [{ kind: "empty-body" }, "is not the contract's"],
    [{ kind: "huge-body", bytes: 4_000_000 }, "answered with more than 1048576 bytes"],
    [{ kind: "endless-body" }, "answered with more than 1048576 bytes"],
    [{ kind: "rate-limit", retryAfterSeconds: 3600 }, "asks to wait 3600 s"],
    [{ kind: "unavailable", retryAfterSeconds: 3600 }, "asks to wait 3600 s"],
    [{ kind: "api-error", status: 409, code: "idempotency_conflict" }, "answered 409 idempotency_conflict"],
  ] satisfies [Fault, string][])("%j", async (fault, message) => {
    world.provider.inject(fault);
    const run = await world.revoke([token], ["--wait", "0"]);
    expectStatus(run, 5);
    expect(firstOf(run)).toMatchObject({ state: "still-live", provider: { status: "failed" } });
    expect(firstOf(run).provider?.message).toContain(message);
    expect(run.stderr).toContain("Revoke the leaked one in the dashboard (Tokens)");
  });

  it("is asked again while it is busy for a moment", async () => {
    world.provider.inject({ kind: "rate-limit", retryAfterSeconds: 1 }, { times: 1 });
    world.provider.inject({ kind: "unavailable" }, { times: 1 });
    const run = await world.revoke([token]);
    expectStatus(run, 0);
    expect(firstOf(run)).toMatchObject({ state: "contained", provider: { status: "revoked" } });
    expect(world.provider.requests.map(({ status }) => status)).toEqual([429, 503, 200]);
  });

  it.each([
    ["another key", (body: Record<string, unknown>) => ({ ...outcome(body, {}), idempotency_key: "x" })],
    ["no results", (body: Record<string, unknown>) => ({ idempotency_key: body["idempotency_key"], results: [] })],
    ["a status that there is not", (body: Record<string, unknown>) => outcome(body, { status: "gone" })],
    ["numbers for texts", (body: Record<string, unknown>) => outcome(body, { fingerprint: 1, status: 2 })],
    ["no object", () => "[]"],
    ["null", () => "null"],
  ])("%s", async (_name, answer) => {
    const { url } = await startScripted(answer);
    const run = await world.revoke([token], ["--revocation-url", url, "--wait", "0"]);
    expectStatus(run, 5);
    expect(firstOf(run)).toMatchObject({ state: "still-live", provider: { status: "failed" } });
  });

  it("results that are missing, of others, or in another order", async () => {
    const second = world.api.mintDataToken(["acme/support"]);
    world.provider.misbehave({ reversed: true });
    expectStatus(await world.revoke([token, second]), 0);
    world.provider.misbehave({ wrongFingerprints: true, pretend: "revoked" });
    const run = await world.revoke([world.api.mintControlToken("acme")], ["--wait", "0"]);
    expect(firstOf(run).provider).toMatchObject({
      status: "failed",
      message: expect.stringContaining("mention") as string,
    });
  });
});

describe("what a provider says", () => {
  it("never brings a token into the output, whole, cut or encoded", async () => {
    const messages = [
      `done: ${token.raw}`,
      `${"x".repeat(150)} ${token.raw}`,
      `${"word ".repeat(30)}${token.raw}`,
      `secret ${token.secret}, half of it ${token.secret.slice(0, 20)}`,
      Buffer.from(token.raw).toString("base64"),
      encodeURIComponent(token.raw).replaceAll("_", "%5F"),
      token.raw.toUpperCase(),
    ];
    for (const message of messages) {
      const { url } = await startScripted((body) => outcome(body, { message }));
      const args = ["--revocation-url", url, "--wait", "0"];
      const run = await world.revoke([token], args);
      expectStatus(run, 5);
      expect(firstOf(run).provider?.status).toBe("failed");
      // Every run is searched for the secret by the test support; in words as well.
      expectStatus(await world.run(["revoke", "--yes", ...args], { input: token.raw }), 5);
    }
  });

  it("steers no terminal", async () => {
    const message = "ok\u001b[2J\u001b]0;title\u0007\r\nkeyrecall: contained\u202e";
    const { url } = await startScripted((body) => outcome(body, { message }));
    const args = ["--revocation-url", url, "--wait", "0"];
    for (const format of ["text", "json"]) {
      const run = await world.run(["revoke", "--yes", "--format", format, ...args], { input: token.raw });
      expectStatus(run, 5);
      // oxlint-disable-next-line no-control-regex
      expect(run.stdout + run.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(run.stdout + run.stderr).not.toMatch(/^keyrecall: contained/m);
    }
  });
});
