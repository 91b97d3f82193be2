// The client of the revocation API against its reference server.
import { randomBytes, randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Token } from "../../src/core/token.ts";
import { HttpProvider } from "../../src/respond/revocation/http-provider.ts";
import { signBody } from "../../src/respond/revocation/signature.ts";
import { startRevocationServer, type RevocationServer } from "../emulators/revocation/server.ts";
import { checkSignature } from "../emulators/revocation/signature.ts";
import { makeToken } from "../support/token.ts";

const secret = randomBytes(24).toString("hex");
const made = makeToken({ plane: "data" });
const token = new Token(made.raw, {
  rule: "inferencekey-data-token",
  plane: "data",
  confidence: "certain",
  prefix: made.prefix,
  publicId: made.publicId,
  isGuessable: false,
});
const entry = { token, url: "https://github.com/acme/shop", source: "content" };

let server: RevocationServer;
let provider: HttpProvider;

beforeEach(async () => {
  server = await startRevocationServer({ secrets: [secret], revoke: () => ({ status: "revoked" }) });
  provider = new HttpProvider({ url: new URL(server.url), secrets: [secret], userAgent: "test", timeoutMs: 1500 });
});

afterEach(async () => {
  await provider.close();
  await server.close();
});

async function pollAfter(milliseconds: number): Promise<string | undefined> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return (await provider.poll([token.fingerprint])).get(token.fingerprint)?.status;
}

describe("polling", () => {
  it("waits as long as it is told to", async () => {
    server.misbehave({ pendingAnswers: 1 });
    expect((await provider.revoke([entry])).get(token.fingerprint)).toEqual({ status: "pending", message: null });
    expect(await pollAfter(0)).toBeUndefined();
    expect(server.requests).toHaveLength(1);
    expect(await pollAfter(1100)).toBe("revoked");
    expect(await pollAfter(0)).toBeUndefined();
  });

  it("names no token that could be found from its fingerprint", async () => {
    const guessable = new Token(`ik_live_${randomBytes(12).toString("base64url")}`, {
      rule: "inferencekey-data-token",
      plane: "data",
      confidence: "suspect",
      prefix: "ik_live_",
      publicId: null,
      isGuessable: true,
    });
    server.misbehave({ pendingAnswers: 1 });
    await provider.revoke([entry, { ...entry, token: guessable }]);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const news = await provider.poll([token.fingerprint, guessable.fingerprint]);
    expect([...news.keys()]).toEqual([token.fingerprint]);
    expect(server.requests.at(-1)).toMatchObject({ route: "status", fingerprints: [token.fingerprint] });
  });

  it("that fails for a while leaves pending what is pending", async () => {
    server.misbehave({ pendingAnswers: 1 });
    await provider.revoke([entry]);
    const heal = server.inject({ kind: "unavailable" }, { route: "status" });
    expect(await pollAfter(1100)).toBe("pending");
    heal();
    expect(await pollAfter(5100)).toBe("revoked");
  });

  it("that is refused for good is a failure", async () => {
    server.misbehave({ pendingAnswers: 1 });
    await provider.revoke([entry]);
    server.inject({ kind: "api-error", status: 400, code: "invalid_request" }, { route: "status" });
    expect(await pollAfter(1100)).toBe("failed");
  });

  it("knows nothing of tokens that it was not asked to revoke", async () => {
    expect(await provider.poll([token.fingerprint])).toEqual(new Map());
    expect(server.requests).toEqual([]);
  });
});

it("a call that timed out after it had acted is repeated with its key, and signed anew", async () => {
  await provider.close();
  provider = new HttpProvider({ url: new URL(server.url), secrets: [secret], userAgent: "test", timeoutMs: 30_000 });
  server.inject({ kind: "hang", actFirst: true }, { times: 1 });
  expect((await provider.revoke([entry])).get(token.fingerprint)?.status).toBe("revoked");
  const [first, second] = server.requests;
  expect(server.requests).toHaveLength(2);
  expect(second?.idempotencyKey).toBe(first?.idempotencyKey);
  expect([first?.signature, second?.signature]).toEqual(["valid", "valid"]);
});

it("a request that a run before this one made is the same request by its key", async () => {
  const key = randomUUID();
  await provider.revoke([entry], key);
  await provider.close();
  provider = new HttpProvider({ url: new URL(server.url), secrets: [secret], userAgent: "test" });
  expect((await provider.revoke([entry], key)).get(token.fingerprint)?.status).toBe("revoked");
  expect(server.requests.map(({ idempotencyKey }) => idempotencyKey)).toEqual([key, key]);
  const other = await provider.revoke([{ ...entry, url: "" }], key);
  expect(other.get(token.fingerprint)).toEqual({
    status: "failed",
    message: "the provider answered 409 idempotency_conflict",
  });
});

it("closing ends a call that is under way", async () => {
  server.inject({ kind: "hang" });
  const call = provider.revoke([entry]);
  const rejected = expect(call).rejects.toThrow("closed");
  while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await provider.close();
  await rejected;
});

describe("a signature", () => {
  it("is that of the documents, with one v1 for each secret", () => {
    const body = '{"method":"revoke","text":"ä"}';
    const other = randomBytes(24).toString("hex");
    const header = signBody(body, [other, secret], 1_780_000_000);
    expect(header).toMatch(/^t=1780000000,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
    const bytes = Buffer.from(body);
    expect(checkSignature(header, bytes, [secret], 1_780_000_299)).toBe("valid");
    expect(checkSignature(header, bytes, [other], 1_780_000_299)).toBe("valid");
    expect(checkSignature(header, bytes, [secret], 1_780_000_301)).toBe("stale");
    expect(checkSignature(header, Buffer.from(`${body}\n`), [secret, other], 1_780_000_000)).toBe("invalid");
  });
});
