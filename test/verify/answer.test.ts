import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ApiAnswer, describeAnswer, isOwnAnswer, readAnswer } from "../../src/verify/answer.ts";
import type { HttpAnswer } from "../../src/verify/http-client.ts";
import { makeToken } from "../support/token.ts";

function answer(status: number, body: unknown, fields: Partial<HttpAnswer> = {}): HttpAnswer {
  return {
    kind: "answer",
    status,
    contentType: "application/json",
    contentEncoding: null,
    location: null,
    retryAfterMs: null,
    body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
    ...fields,
  };
}

function read(
  status: number,
  body: unknown,
  fields: Partial<HttpAnswer> = {},
  method: "GET" | "POST" = "GET",
): ApiAnswer {
  return readAnswer(answer(status, body, fields), { method });
}

describe("an error of the API", () => {
  it.each([
    ["as the SDK reads it", { error: "project_scope_mismatch" }, "project_scope_mismatch"],
    ["as documented", { error: { code: "scope_insufficient", message: "no" } }, "scope_insufficient"],
    ["without a message", { error: { code: "unauthorized" } }, "unauthorized"],
    ["without a code", { error: { message: "Forbidden" } }, null],
    ["with an empty code", { error: { code: null, message: "Forbidden" } }, null],
    ["with more fields", { error: "unauthorized", request_id: "r-1" }, "unauthorized"],
  ])("is read %s", (_how, body, code) => {
    expect(read(403, body)).toEqual({ kind: "error", status: 403, code });
  });

  it.each(["application/json; charset=utf-8", "application/problem+json", "APPLICATION/JSON", null])(
    "is read under the content type %s",
    (contentType) => {
      expect(read(401, { error: "unauthorized" }, { contentType }).kind).toBe("error");
    },
  );
});

describe("what others answer is not taken for the API's", () => {
  it.each([
    ["a page", 401, "<html>Unauthorized</html>", { contentType: "text/html" }],
    ["JSON under the type of a page", 401, { error: "unauthorized" }, { contentType: "text/html" }],
    ["nothing", 403, "", {}],
    ["broken JSON", 401, '{"error":"unauthorized"', {}],
    ["a JSON text", 401, '"unauthorized"', {}],
    ["null", 401, "null", {}],
    ["a list", 401, [{ error: "unauthorized" }], {}],
    ["a model server's refusal", 401, { error: "Unauthorized" }, {}],
    [
      "OpenAI's shape",
      401,
      { error: { message: "m", type: "invalid_request_error", param: null, code: "invalid_api_key" } },
      {},
    ],
    ["OpenAI's shape without a type", 400, { error: { message: "m", param: "model", code: "bad" } }, {}],
    ["a framework's page of errors", 401, { detail: "Not authenticated" }, {}],
    ["a gateway's message", 403, { message: "Forbidden" }, {}],
    ["Google's shape", 401, { error: { code: 401, message: "m", status: "UNAUTHENTICATED" } }, {}],
    ["an OAuth proxy", 401, { error: "invalid_token", error_description: "expired" }, {}],
    ["a text generation server", 404, { error: "not_found", error_type: "validation" }, {}],
    ["a sentence", 401, { error: "invalid token" }, {}],
    ["an error in a 200", 200, { error: "unauthorized" }, {}],
    ["an error in a 202", 202, { error: "unauthorized" }, {}],
    ["an unknown encoding", 401, { error: "unauthorized" }, { contentEncoding: "br" }],
    ["a redirect", 307, { error: "unauthorized" }, { location: "login.example" }],
    ["a redirect to nowhere", 302, { error: "unauthorized" }, {}],
  ])("%s", (_what, status, body, fields) => {
    const found = read(status, body, fields);
    expect(found).toMatchObject({ kind: "foreign", status });
    expect(isOwnAnswer(found)).toBe(false);
  });

  it("a failing or overloaded server has not answered", () => {
    for (const status of [429, 500, 502, 503, 504, 599])
      expect(read(status, { error: "unauthorized" }).kind).toBe("none");
  });
});

describe("a list of workloads", () => {
  const workload = { id: "wl_1", project_id: "proj_1", slug: "support", gpu_resource_id: "gpu_1", model_name: "m" };
  const listed = { slug: "support", name: null, task: null, model: "m", backend: null, gpu: true };

  it.each([
    ["a list", [workload]],
    ["an envelope", { workloads: [workload], next: null }],
  ])("is read as %s", (_shape, body) => {
    expect(read(200, body)).toEqual({ kind: "workloads", status: 200, workloads: [listed] });
  });

  it.each([[[]], [{ workloads: [] }]])("may be empty: %j", (body) => {
    expect(read(200, body)).toEqual({ kind: "workloads", status: 200, workloads: [] });
  });

  it.each([
    ["numbers", [1]],
    ["others' things", [{ slug: "post" }]],
    ["null in it", [null]],
    ["a slug that is no text", [{ id: 1, slug: 2 }]],
    ["an object without a list", { workloads: "none" }],
    ["no list", { data: [] }],
    ["a number", 7],
  ])("is not %s", (_what, body) => {
    expect(read(200, body).kind).toBe("foreign");
  });

  it("is nothing that a job is answered with", () => {
    expect(read(200, [], {}, "POST").kind).toBe("foreign");
    expect(read(202, { job_id: "j" }, {}, "POST").kind).toBe("foreign");
  });
});

describe("what an answer repeats of the request", () => {
  const { raw, secret } = makeToken();

  it.each([
    ["the whole token as a code", { error: raw }],
    ["the secret as a code", { error: `a${secret.slice(1)}` }],
    ["a piece of the secret in a code", { error: { code: `key_a${secret.slice(0, 20)}_unknown`, message: raw } }],
    ["a very long code", { error: "a_".repeat(500) + "a" }],
  ])("is not shown: %s", (_what, body) => {
    expect(describeAnswer(read(403, body))).not.toContain(secret.slice(1, 13));
    expect(describeAnswer(read(403, body)).length).toBeLessThan(120);
  });
});

describe("any bytes", () => {
  const status = fc.integer({ min: 100, max: 599 });
  const fields = fc.record({
    contentType: fc.option(fc.oneof(fc.constantFrom("application/json", "text/html"), fc.string())),
    contentEncoding: fc.option(fc.constantFrom("identity", "gzip")),
  });

  it("are read without a failure, and shown without a line of theirs", () => {
    fc.assert(
      fc.property(
        status,
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        fields,
        (code, bytes, more) => {
          const found = readAnswer(answer(code, "", { ...more, body: Buffer.from(bytes) }), { method: "GET" });
          expect(describeAnswer(found)).toMatch(/^[\x20-\x7e]+$/);
          if (found.kind === "error") expect(code).toBeGreaterThanOrEqual(400);
          if (found.kind === "workloads") expect(code).toBe(200);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("may be nested as deep as they like", () => {
    const depth = 500_000;
    expect(read(200, "[".repeat(depth) + "]".repeat(depth)).kind).toBe("foreign");
    expect(read(401, '{"error":'.repeat(depth) + "1" + "}".repeat(depth)).kind).toBe("foreign");
  });
});
