// The examples of the published contract are what they are examples of, in the description and in the guide.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { isRecord } from "./http/request-body.ts";
import { expectContract } from "./support/openapi.ts";

const DESCRIPTION: unknown = parse(
  readFileSync(new URL("../../docs/revocation-api.openapi.yaml", import.meta.url), "utf8"),
);
const GUIDE = readFileSync(new URL("../../docs/revocation-api.md", import.meta.url), "utf8");

/** Follows keys into a document; undefined where they lead nowhere. */
function at(document: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce((value, key) => (isRecord(value) ? value[key] : undefined), document);
}

function examplesOf(content: unknown): unknown[] {
  const examples = at(content, "content", "application/json", "examples");
  return isRecord(examples) ? Object.values(examples).map((example) => at(example, "value")) : [];
}

describe("the examples of the OpenAPI description", () => {
  const post = at(DESCRIPTION, "paths", "/revocations", "post");

  it("are requests, outcomes and errors", () => {
    const requests = examplesOf(at(post, "requestBody"));
    const outcomes = examplesOf(at(post, "responses", "200"));
    const errors = examplesOf(at(post, "responses", "401"));
    expect([requests.length, outcomes.length, errors.length]).toEqual([2, 2, 1]);
    for (const request of requests) expectContract("Request", request);
    for (const outcome of outcomes) expectContract("Outcome", outcome);
    for (const error of errors) expectContract("Error", error);
  });
});

describe("the examples of the guide", () => {
  const blocks = [...GUIDE.matchAll(/```json\n(.*?)```/gs)].map(([, text = ""]) => JSON.parse(text) as object);

  it("are a revocation, an outcome and a question", () => {
    expect(blocks).toHaveLength(3);
    expectContract("Request", blocks[0]);
    expectContract("Outcome", blocks[1]);
    expectContract("Request", blocks[2]);
  });
});
