import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { assertNoSecret } from "../support/secret-guard.ts";
import { makeToken } from "../support/token.ts";
import { startInferenceKey, type InferenceKeyEmulator } from "./inferencekey/emulator.ts";
import { call } from "./support/call.ts";

let api: InferenceKeyEmulator;

beforeEach(async () => {
  api = await startInferenceKey();
  api.addWorkload("acme", { slug: "support", gpu_resource_id: "gpu_1" });
  api.addProject("beta");
});

afterEach(async () => {
  assertNoSecret(Buffer.from(JSON.stringify(api.requests)), "the emulator's log");
  await api.close();
});

const WORKLOADS = "/api/projects/acme/workloads";
const JOBS = "/endpoint/acme/support/jobs";
const CHAT = "/endpoint/acme/support/v1/chat/completions";
const NEW_WORKLOAD = { name: "New one", backend: "vllm", model_name: "m" };
const HELLO = { messages: [{ role: "user", content: "hello" }] };

function encodeByte(character: string): string {
  return `%${character.charCodeAt(0).toString(16)}`;
}

describe("the control plane", () => {
  it("lists, creates, changes and deletes workloads", async () => {
    const token = api.mintControlToken("acme");
    expect((await call(api.baseUrl, WORKLOADS, { token })).json).toMatchObject([{ slug: "support" }]);
    const created = await call(api.baseUrl, WORKLOADS, { token, body: NEW_WORKLOAD });
    expect(created).toMatchObject({ status: 201, json: { slug: "new-one", project_slug: "acme" } });
    const { id } = created.json as { id: string };
    const path = `/api/workloads/${id}`;
    expect(await call(api.baseUrl, path, { token, method: "PATCH", body: { model_name: "n" } })).toMatchObject({
      status: 200,
      json: { id, model_name: "n" },
    });
    expect(await call(api.baseUrl, path, { token, method: "DELETE" })).toMatchObject({ status: 204, text: "" });
    expect(await call(api.baseUrl, path, { token, method: "DELETE" })).toMatchObject({ status: 404 });
    expect(api.workloadsOf("acme")).toHaveLength(1);
    expect(api.requests.map(({ effect }) => effect)).toEqual(["read", "write", "write", "write", "none"]);
  });

  it("gives a taken slug a number", async () => {
    const token = api.mintControlToken("acme");
    const body = { ...NEW_WORKLOAD, slug: "support" };
    expect((await call(api.baseUrl, WORKLOADS, { token, body })).json).toMatchObject({ slug: "support-1" });
  });

  it("streams readiness until a workload is ready", async () => {
    const token = api.mintControlToken("acme");
    const { headers, text } = await call(api.baseUrl, `${WORKLOADS}/support/readiness-events`, { token });
    expect(headers.get("content-type")).toBe("text/event-stream");
    expect(text).toContain('data: {"phase":"scheduling"');
    expect(text.trimEnd().split("\n\n").at(-1)).toContain('"phase":"ready"');
  });

  it("lets each scope do its own", async () => {
    const reader = api.mintControlToken("acme", ["workload:read"]);
    const writer = api.mintControlToken("acme", ["workload:write"]);
    expect((await call(api.baseUrl, WORKLOADS, { token: reader })).status).toBe(200);
    expect((await call(api.baseUrl, WORKLOADS, { token: writer })).status).toBe(200);
    const refused = { status: 403, json: { error: "scope_insufficient" } };
    expect(await call(api.baseUrl, WORKLOADS, { token: reader, body: NEW_WORKLOAD })).toMatchObject(refused);
    const pinned = { ...NEW_WORKLOAD, gpu_resource_id: "gpu_1" };
    expect(await call(api.baseUrl, WORKLOADS, { token: writer, body: pinned })).toMatchObject(refused);
    expect((await call(api.baseUrl, WORKLOADS, { token: writer, body: NEW_WORKLOAD })).status).toBe(201);
  });

  it("keeps a token inside its project", async () => {
    const token = api.mintControlToken("beta");
    const refused = { status: 403, json: { error: "project_scope_mismatch" } };
    expect(await call(api.baseUrl, WORKLOADS, { token })).toMatchObject(refused);
    const [workload] = api.workloadsOf("acme");
    const path = `/api/workloads/${workload?.id}`;
    expect(await call(api.baseUrl, path, { token, method: "DELETE" })).toMatchObject(refused);
    expect(await call(api.baseUrl, "/api/projects/no-such-project/workloads", { token })).toMatchObject(refused);
  });
});

describe("the data plane", () => {
  it("answers chat, embeddings, rerank and jobs", async () => {
    const token = api.mintDataToken(["acme/support"]);
    expect((await call(api.baseUrl, CHAT, { token, body: HELLO })).json).toMatchObject({
      object: "chat.completion",
      choices: [{ message: { content: "You said: hello" } }],
    });
    expect((await call(api.baseUrl, CHAT, { token, body: { ...HELLO, stream: true } })).text).toContain("data: [DONE]");
    const embeddings = "/endpoint/acme/support/v1/embeddings";
    expect((await call(api.baseUrl, embeddings, { token, body: { input: ["a", "bc"] } })).json).toMatchObject({
      data: [{ embedding: [1, 0, 0.5] }, { embedding: [2, 1, 0.5] }],
    });
    const query = { query: "q", documents: ["a", "longer"], top_n: 1 };
    expect((await call(api.baseUrl, "/endpoint/acme/support/v1/rerank", { token, body: query })).json).toMatchObject({
      results: [{ index: 1 }],
    });
    const job = await call(api.baseUrl, JOBS, { token, body: { kind: "chat", body: HELLO } });
    expect(job).toMatchObject({ status: 202, json: { job_id: expect.any(String) } });
    expect(api.requests.map(({ effect }) => effect)).toEqual([...Array<string>(4).fill("inference"), "job"]);
  });

  it("refuses a job of an unknown kind without running anything", async () => {
    const token = api.mintDataToken(["acme/*"]);
    const { status, json } = await call(api.baseUrl, JOBS, { token, body: { kind: "keyrecall", body: {} } });
    expect([status, json]).toEqual([400, { error: "unsupported_kind" }]);
    expect(api.requests.at(-1)?.effect).toBe("none");
  });

  it("opens granted endpoints only, and with * every one of the project", async () => {
    const one = api.mintDataToken(["acme/support"]);
    const all = api.mintDataToken(["acme/*"]);
    api.addWorkload("acme", { slug: "later" });
    const later = "/endpoint/acme/later/v1/chat/completions";
    expect((await call(api.baseUrl, later, { token: all, body: HELLO })).status).toBe(200);
    expect((await call(api.baseUrl, later, { token: one, body: HELLO })).json).toEqual({ error: "scope_insufficient" });
    const foreign = "/endpoint/beta/later/v1/chat/completions";
    expect((await call(api.baseUrl, foreign, { token: all, body: HELLO })).json).toEqual({
      error: "project_scope_mismatch",
    });
    const missing = "/endpoint/acme/missing/v1/chat/completions";
    expect((await call(api.baseUrl, missing, { token: all, body: HELLO })).status).toBe(404);
  });

  it("has toggles, and processes that refuse by themselves", async () => {
    api.addWorkload("acme", { slug: "no-jobs" }, { off: ["jobs"] });
    api.addWorkload("acme", { slug: "own-key" }, { processAnswers: 401 });
    const token = api.mintDataToken(["acme/*"]);
    const job = { kind: "chat", body: HELLO };
    expect((await call(api.baseUrl, "/endpoint/acme/no-jobs/jobs", { token, body: job })).status).toBe(403);
    const refused = await call(api.baseUrl, "/endpoint/acme/own-key/v1/embeddings", { token, body: { input: "a" } });
    expect(refused).toMatchObject({ status: 401, json: { error: { type: "invalid_api_key" } } });
    expect(api.requests.at(-1)?.effect).toBe("inference");
  });
});

describe("a token", () => {
  it("is told from a stranger's, and from one for the other plane", async () => {
    const control = api.mintControlToken("acme");
    expect(await call(api.baseUrl, WORKLOADS)).toMatchObject({ status: 401 });
    expect(await call(api.baseUrl, WORKLOADS, { token: makeToken() })).toMatchObject({ status: 401 });
    expect(await call(api.baseUrl, CHAT, { token: control, body: HELLO })).toMatchObject({
      status: 403,
      json: { error: "wrong_credential_type" },
    });
    expect(api.requests.map((request) => [request.credential, request.isKnownToken])).toEqual([
      ["none", false],
      ["control", false],
      ["control", true],
    ]);
    expect(api.requests.at(-1)?.fingerprint).toBe(control.fingerprint);
  });

  it("dies when it is revoked and comes back when it is restored", async () => {
    const token = api.mintDataToken(["acme/*"]);
    expect(api.statusOf(token)).toBe("live");
    api.revoke(token.raw);
    expect(api.statusOf(token.fingerprint)).toBe("revoked");
    expect((await call(api.baseUrl, CHAT, { token, body: HELLO })).status).toBe(401);
    api.restore(token);
    expect((await call(api.baseUrl, CHAT, { token, body: HELLO })).status).toBe(200);
    expect(api.statusOf(makeToken())).toBe("unknown");
  });

  it("never stands in the log, wherever a client puts it", async () => {
    const token = api.mintControlToken("acme");
    await call(api.baseUrl, `/api/projects/${token.raw}/workloads?token=${token.raw}`, { token });
    await call(api.baseUrl, `${WORKLOADS}?token=${token.raw.replaceAll(/[_0-9]/g, (digit) => encodeByte(digit))}`, {
      body: token.raw,
    });
    expect(api.requests.map(({ misplacedTokens }) => misplacedTokens)).toEqual([["url"], ["url", "body"]]);
    expect(api.requests[0]).toMatchObject({ path: "/api/projects/[token]/workloads", query: "token=[token]" });
  });
});
