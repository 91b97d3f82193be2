import { describe, expect, it } from "vitest";
import { controlFor, firstRoute, jobsRoute, workloadsRoute } from "../../src/verify/route.ts";
import { asToken } from "../support/token-value.ts";
import { makeToken, randomHex } from "../support/token.ts";

describe("a control", () => {
  it.each([
    ["control", /^ik_sdk_[0-9a-f]{8}_[0-9a-f]{64}$/],
    ["data", /^ik_live_[0-9a-f]{8}_[0-9a-f]{64}$/],
  ] as const)("of the %s plane has its documented shape, and is new each time", (plane, shape) => {
    const control = controlFor(asToken(makeToken({ plane })));
    expect(control.makeRaw()).toMatch(shape);
    expect(control.makeRaw()).not.toBe(control.makeRaw());
  });

  it("is one for all tokens of a shape", () => {
    const shapes = Array.from({ length: 200 }, () => controlFor(asToken(makeToken())).shape);
    expect(new Set(shapes).size).toBe(1);
  });

  it("has the shape of a token that has another one, and nothing of its random parts", () => {
    const made = makeToken({ plane: "data" });
    const secret = randomHex(undefined, 20);
    for (const [raw, shape] of [
      [`ik_live_proj1234_${secret}`, /^ik_live_[0-9a-z]{8}_[0-9a-f]{40}$/],
      [`ik_live_${secret.toUpperCase()}`, /^ik_live_[0-9A-F]{40}$/],
      [`ik_live_Ab-${secret}Zz.x`, /^ik_live_[0-9a-zA-Z]{2}-[0-9a-zA-Z]{42}\.[0-9a-z]$/],
    ] as const) {
      const control = controlFor(asToken(made, { raw })).makeRaw();
      expect(control).toMatch(shape);
      expect(control.toLowerCase()).not.toContain(secret.slice(0, 12));
    }
  });
});

describe("the routes", () => {
  it("are the two that cost nothing", () => {
    expect(firstRoute("control")).toMatchObject({
      method: "GET",
      path: expect.stringMatching(/^\/api\/projects\/[\w-]+\/workloads$/),
    });
    const data = firstRoute("data");
    expect(data).toMatchObject({ method: "POST", path: expect.stringMatching(/^\/endpoint\/[\w-]+\/[\w-]+\/jobs$/) });
    expect(JSON.parse(data.body!)).toMatchObject({ kind: "keyrecall-no-such-kind" });
  });

  it("name the same project in every token's question", () => {
    expect(firstRoute("control")).toEqual(firstRoute("control"));
  });

  it("keep a name in its place", () => {
    expect(workloadsRoute("a/b?c#d").path).toBe("/api/projects/a%2Fb%3Fc%23d/workloads");
    expect(jobsRoute("a/b", "../c").path).toBe("/endpoint/a%2Fb/..%2Fc/jobs");
  });
});
