import { randomBytes, randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { assertNoSecret } from "../support/secret-guard.ts";
import { makeToken, makeTokens, type MadeToken } from "../support/token.ts";
import { startInferenceKey, type InferenceKeyEmulator } from "./inferencekey/emulator.ts";
import { startRevocationServer, type RevocationServer } from "./revocation/server.ts";
import { signatureHeader } from "./revocation/signature.ts";
import { revokingIn } from "./revocation/wire.ts";
import { expectContract } from "./support/openapi.ts";
import {
  callRevocation,
  revokeBody,
  statusBody,
  type RevocationAnswer,
  type RevocationCall,
} from "./support/revocation-call.ts";

const [secret, nextSecret] = [randomBytes(32).toString("hex"), randomBytes(32).toString("hex")];

let api: InferenceKeyEmulator;
let server: RevocationServer;
let token: MadeToken;

beforeEach(async () => {
  api = await startInferenceKey();
  api.addProject("acme");
  token = api.mintControlToken("acme");
  server = await startRevocationServer({ secrets: [secret], revoke: revokingIn(api) });
});

afterEach(async () => {
  assertNoSecret(Buffer.from(JSON.stringify(server.requests)), "the server's log");
  await Promise.all([server.close(), api.close()]);
});

/** Sends a body, signed with the secret unless told otherwise. */
function send(body: unknown, options: Partial<RevocationCall> = {}): Promise<RevocationAnswer> {
  return callRevocation({ url: server.url, secrets: [secret], body, ...options });
}

/** Sends a body of the contract, and holds the answer to the contract as well. */
async function ask(body: unknown): Promise<{ results: unknown; [field: string]: unknown }> {
  expectContract("Request", body);
  const { status, json, text } = await send(body);
  expect(status, text).toBe(200);
  expectContract("Outcome", json);
  assertNoSecret(Buffer.from(text), "the answer");
  return json as { results: unknown };
}

function expectFailure(answer: RevocationAnswer, status: number, code: string): void {
  expectContract("Error", answer.json);
  expect([answer.status, answer.json]).toMatchObject([status, { error: { code } }]);
  expect(api.statusOf(token)).toBe("live");
}

describe("revoke", () => {
  it("kills tokens of both planes and says in order what became of each", async () => {
    const data = api.mintDataToken(["acme/*"]);
    const dead = api.mintControlToken("acme");
    const stranger = makeToken();
    api.expire(dead);
    const body = revokeBody([data, stranger, dead, token]);
    expect(await ask(body)).toEqual({
      idempotency_key: body.idempotency_key,
      results: [
        { fingerprint: data.fingerprint, status: "revoked" },
        { fingerprint: stranger.fingerprint, status: "not_owned" },
        { fingerprint: dead.fingerprint, status: "already" },
        { fingerprint: token.fingerprint, status: "revoked" },
      ],
    });
    expect([api.statusOf(data), api.statusOf(token)]).toEqual(["revoked", "revoked"]);
  });

  it("takes a hundred entries and no more", async () => {
    expect((await ask(revokeBody(makeTokens(100)))).results).toHaveLength(100);
    expectFailure(await send(revokeBody(makeTokens(101))), 400, "invalid_request");
  });

  it("answers failed where the token could not be revoked", async () => {
    const failing = await startRevocationServer({
      secrets: [secret],
      revoke: (entry) => {
        throw new Error(`no luck with ${entry.token}`);
      },
    });
    const { text, json } = await send(revokeBody([token]), { url: failing.url });
    await failing.close();
    expect(json).toMatchObject({ results: [{ status: "failed" }] });
    assertNoSecret(Buffer.from(text), "the answer");
  });
});

describe("the signature", () => {
  it.each([
    ["none", null],
    ["no time", `v1=${"0".repeat(64)}`],
    ["a wrong value", `t=${Math.floor(Date.now() / 1000)},v1=${"0".repeat(64)}`],
    ["no hex", `t=${Math.floor(Date.now() / 1000)},v1=zz`],
    ["something else", "hello"],
  ])("is refused: %s", async (_name, header) => {
    expectFailure(await send(revokeBody([token]), { header }), 401, "invalid_signature");
  });

  it("is refused where it is another secret's, or another body's", async () => {
    expectFailure(await send(revokeBody([token]), { secrets: [nextSecret] }), 401, "invalid_signature");
    const seconds = Math.floor(Date.now() / 1000);
    const header = signatureHeader("{}", [secret], seconds);
    expectFailure(await send(revokeBody([token]), { header }), 401, "invalid_signature");
  });

  it("holds for 300 seconds, both ways", async () => {
    const now = Math.floor(Date.now() / 1000);
    expectFailure(await send(revokeBody([token]), { seconds: now - 310 }), 401, "stale_timestamp");
    expectFailure(await send(revokeBody([token]), { seconds: now + 310 }), 401, "stale_timestamp");
    expect((await send(revokeBody([token]), { seconds: now - 290 })).status).toBe(200);
  });

  it("is stale where the server's clock is wrong, which its Date tells", async () => {
    server.misbehave({ clockSkewSeconds: 3600 });
    const answer = await send(revokeBody([token]));
    expectFailure(answer, 401, "stale_timestamp");
    expect(Date.parse(answer.headers.get("date") ?? "") - Date.now()).toBeGreaterThan(3_500_000);
  });

  it("may be any of several, for any of two secrets", async () => {
    const both = [nextSecret, secret];
    expect((await send(revokeBody([token]), { secrets: both })).status).toBe(200);
    server.rotate(both);
    expect((await send(revokeBody([token]))).status).toBe(200);
    expect((await send(revokeBody([token]), { secrets: [nextSecret] })).status).toBe(200);
    server.rotate([nextSecret]);
    expect((await send(revokeBody([token]))).status).toBe(401);
  });

  it("needs a secret that is worth the name", () => {
    const revoke = revokingIn(api);
    return Promise.all(
      [[], [""], ["short"], [secret, nextSecret, secret]].map((secrets) =>
        expect(startRevocationServer({ secrets, revoke })).rejects.toThrow(/secret/),
      ),
    );
  });
});

describe("a repetition", () => {
  it("has the same outcome and does nothing again, also when both come at once", async () => {
    const body = revokeBody([token]);
    const [first, second] = await Promise.all([ask(body), ask(body)]);
    expect(first).toMatchObject({ results: [{ status: "revoked" }] });
    expect(second).toEqual(first);
    api.restore(token);
    expect(await ask(body)).toEqual(first);
    expect(api.statusOf(token)).toBe("live");
  });

  it("of a captured request is harmless, and refused when it is old", async () => {
    const body = revokeBody([token]);
    const seconds = Math.floor(Date.now() / 1000) - 10;
    const header = signatureHeader(JSON.stringify(body), [secret], seconds);
    const first = await send(body, { header });
    expect((await send(body, { header })).text).toBe(first.text);
    const changed = { ...body, entries: revokeBody([makeToken()]).entries };
    expect((await send(changed, { header })).status).toBe(401);
  });

  it("of a key with another body is a conflict", async () => {
    const key = randomUUID();
    await ask(revokeBody([makeToken()], key));
    expectFailure(await send(revokeBody([token], key)), 409, "idempotency_conflict");
  });
});

describe("status", () => {
  it("follows what is pending until it is done", async () => {
    server.misbehave({ pendingAnswers: 2 });
    const body = revokeBody([token]);
    const key = body.idempotency_key;
    expect(await ask(body)).toMatchObject({
      results: [{ status: "pending" }],
      retry_after_seconds: 1,
      poll_url: server.url,
    });
    expect(await ask(statusBody([token], key))).toMatchObject({ results: [{ status: "pending" }] });
    expect(api.statusOf(token)).toBe("live");
    const done = await ask(statusBody([token], key));
    expect(done).toEqual({ idempotency_key: key, results: [{ fingerprint: token.fingerprint, status: "revoked" }] });
    expect(api.statusOf(token)).toBe("revoked");
    expect(await ask(body)).toEqual(done);
  });

  it("knows nothing of other keys and other tokens", async () => {
    const body = revokeBody([makeToken()]);
    await ask(body);
    expectFailure(await send(statusBody([token], body.idempotency_key)), 400, "invalid_request");
    expectFailure(await send(statusBody([token], randomUUID())), 400, "invalid_request");
  });
});

describe("a request that is not as the contract has it", () => {
  it.each([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["no method", { idempotency_key: randomUUID() }],
    ["no key", { method: "revoke", entries: [] }],
    ["no UUID", { method: "status", idempotency_key: "1", fingerprints: [] }],
    ["no entries", { method: "revoke", idempotency_key: randomUUID(), entries: [] }],
    ["no entry", { method: "revoke", idempotency_key: randomUUID(), entries: ["x"] }],
    ["a fingerprint of another shape", { method: "status", idempotency_key: randomUUID(), fingerprints: ["x"] }],
  ])("%s", async (_name, body) => {
    expectFailure(await send(body), 400, "invalid_request");
    expect(server.requests[0]).toMatchObject({ route: "unreadable", signature: "valid" });
  });

  it("another type, and nothing of the token in the message", async () => {
    const [entry] = revokeBody([token]).entries;
    const body = { ...revokeBody([]), entries: [{ ...entry, type: token.raw }] };
    const answer = await send(body);
    expectFailure(answer, 400, "invalid_request");
    assertNoSecret(Buffer.from(answer.text), "the answer");
  });

  it("too large, another path, another method", async () => {
    expectFailure(await send({ ...revokeBody([token]), padding: "x".repeat(1_100_000) }), 413, "payload_too_large");
    expectFailure(await send(revokeBody([token]), { url: server.url.replace("revocations", "") }), 404, "not_found");
    const got = await fetch(server.url);
    expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
  });
});

describe("misbehaviour", () => {
  it("the liar says revoked while the token lives on", async () => {
    server.misbehave({ pretend: "revoked" });
    expect(await ask(revokeBody([token]))).toMatchObject({ results: [{ status: "revoked" }] });
    expect(api.statusOf(token)).toBe("live");
  });

  it.each(["not_owned", "failed", "already"] as const)("it says %s", async (pretend) => {
    server.misbehave({ pretend });
    expect(await ask(revokeBody([token]))).toMatchObject({ results: [{ status: pretend }] });
  });

  it("pending for ever", async () => {
    server.misbehave({ pendingAnswers: Number.POSITIVE_INFINITY });
    const body = revokeBody([token]);
    await ask(body);
    for (let poll = 0; poll < 5; poll += 1) {
      const status = statusBody([token], body.idempotency_key);
      expect(await ask(status)).toMatchObject({ results: [{ status: "pending" }] });
    }
  });

  it("polls on another origin", async () => {
    server.misbehave({ pendingAnswers: 1, pollUrl: "https://elsewhere.invalid/" });
    expect(await ask(revokeBody([token]))).toMatchObject({ poll_url: "https://elsewhere.invalid/" });
  });

  it("fewer results, in another order, about other tokens, with raw tokens", async () => {
    const tokens = [...makeTokens(2), token] as const;
    server.misbehave({ missingResults: 1, reversed: true });
    const { results } = await ask(revokeBody(tokens));
    expect(results).toMatchObject([{ fingerprint: tokens[1].fingerprint }, { fingerprint: tokens[0].fingerprint }]);
    server.misbehave({ wrongFingerprints: true });
    expect((await send(revokeBody([token]))).text).not.toContain(token.fingerprint);
    server.misbehave({ echoTokens: true });
    expect((await send(revokeBody([token]))).text).toContain(token.raw);
  });

  it("acts, and then nothing comes back", async () => {
    server.inject({ kind: "reset-before-headers", actFirst: true }, { times: 1 });
    const body = revokeBody([token]);
    await expect(send(body)).rejects.toThrow("fetch failed");
    expect(api.statusOf(token)).toBe("revoked");
    expect(await ask(body)).toMatchObject({ results: [{ status: "revoked" }] });
    server.inject({ kind: "hang", actFirst: true }, { times: 1 });
    const other = api.mintControlToken("acme");
    await expect(send(revokeBody([other]), { timeoutMilliseconds: 200 })).rejects.toThrow("timeout");
    expect(api.statusOf(other)).toBe("revoked");
  });

  it("429 and 503, and then fine; only for the calls that are meant", async () => {
    server.inject({ kind: "rate-limit", retryAfterSeconds: 1 }, { times: 1 });
    server.inject({ kind: "unavailable" }, { times: 1 });
    server.inject({ kind: "redirect", location: "https://elsewhere.invalid/" }, { route: "status" });
    const body = revokeBody([token]);
    expectFailure(await send(body), 429, "rate_limited");
    expectFailure(await send(body), 503, "unavailable");
    await ask(body);
    expect((await send(statusBody([token], body.idempotency_key))).status).toBe(307);
    expect(server.requests.map(({ fault, status }) => [fault, status])).toEqual([
      ["rate-limit", 429],
      ["unavailable", 503],
      [null, 200],
      ["redirect", 307],
    ]);
  });
});
