import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ApiAnswer, describeAnswer } from "../../src/verify/answer.ts";
import { judge } from "../../src/verify/judge.ts";

const error = (status: number, code: string | null = null): ApiAnswer => ({ kind: "error", status, code });
const list: ApiAnswer = { kind: "workloads", status: 200, workloads: [] };
const portal: ApiAnswer = { kind: "foreign", status: 200, why: "answered 200 with something that is not JSON" };
const silence: ApiAnswer = { kind: "none", why: "did not answer within 10 s" };
const no = error(401, "unauthorized");
const notFound = error(404, "not_found");
const badKind = error(400, "unsupported_kind");
const forbidden = error(403, "forbidden");
const bare = error(403);
const mismatch = error(403, "project_scope_mismatch");
const scope = error(403, "scope_insufficient");
const wrongPlane = error(403, "wrong_credential_type");
const revokedCode = error(403, "token_revoked");
const expiredCode = error(403, "token_expired");

function stateOf(token: ApiAnswer, control: ApiAnswer, liveControl: ApiAnswer | null = null): string {
  const before = liveControl === null ? null : { control: describeAnswer(liveControl) };
  return judge(token, control, before).state;
}

describe("live", () => {
  it.each([
    ["a list", list, no],
    ["an empty list where a random token is not found", list, notFound],
    ["another project's", mismatch, no],
    ["another project's where random tokens get a bare 403", mismatch, forbidden],
    ["no scope", scope, no],
    ["a bad request behind authentication", badKind, no],
    ["an unknown project behind authentication", notFound, no],
    ["the other plane behind authentication", wrongPlane, no],
  ])("%s", (_what, token, control) => {
    expect(stateOf(token, control)).toBe("live");
    expect(judge(token, control, null).reason).toContain("a random token is not recognised");
  });
});

describe("revoked", () => {
  it.each([
    ["401 as for a random token", no, no],
    ["401 without a code", error(401), no],
    ["401 with a code of its own", error(401, "token_revoked"), no],
    ["401 where a random token gets 403", no, forbidden],
    ["403 that says revoked", revokedCode, no],
    ["403 that says expired", expiredCode, no],
  ])("%s", (_what, token, control) => {
    expect(stateOf(token, control)).toBe("revoked");
  });

  it.each([
    ["a code that says nothing", forbidden, no],
    ["no code", bare, no],
    ["disabled", error(403, "token_disabled"), no],
  ])("403 where the same request answered live before: %s", (_what, token, control) => {
    expect(stateOf(token, control)).toBe("unknown");
    expect(stateOf(token, control, no)).toBe("revoked");
  });

  it("the 403 of a random token, then and now, where the token was told apart before", () => {
    expect(stateOf(forbidden, forbidden, forbidden)).toBe("revoked");
  });
});

describe("unknown", () => {
  it.each([
    ["the same 200", list, list],
    ["the same 400", badKind, badKind],
    ["the same 403", forbidden, forbidden],
    ["the same 404", notFound, notFound],
    ["the same mismatch", mismatch, mismatch],
    ["the same refusal of the plane", wrongPlane, wrongPlane],
    ["everybody is told that it is revoked", revokedCode, revokedCode],
    ["400 where a random token gets 404", badKind, notFound],
    ["404 where a random token gets 403", notFound, forbidden],
    ["a random token is recognised too", mismatch, scope],
    ["a random token lists workloads", no, list],
    ["a bare 403 that was never seen live", forbidden, no],
    ["a portal", portal, no],
    ["a portal where a random token was refused", portal, portal],
    ["a random token met a portal", no, portal],
    ["silence", silence, no],
    ["a random token met silence", mismatch, silence],
    ["402", error(402, "payment_required"), no],
    ["405", error(405, "method_not_allowed"), no],
    ["409", error(409, "conflict"), no],
    ["422", error(422, "validation_failed"), no],
  ])("%s", (_what, token, control) => {
    expect(stateOf(token, control)).toBe("unknown");
  });

  it.each([
    "token_suspended",
    "project_suspended",
    "quota_exceeded",
    "rate_limited",
    "ip_not_allowed",
    "endpoint_disabled",
    "billing_required",
    "subscription_expired",
    "trial_expired",
  ])("403 %s, also where the token was live before", (code) => {
    expect(stateOf(error(403, code), no)).toBe("unknown");
    expect(stateOf(error(403, code), no, no)).toBe("unknown");
  });

  it("everybody is refused now, and random tokens were answered otherwise when this one was live", () => {
    expect(stateOf(forbidden, forbidden, no)).toBe("unknown");
    expect(stateOf(notFound, notFound, no)).toBe("unknown");
  });

  it("says what it saw of both", () => {
    expect(judge(notFound, notFound, null).reason).toBe("answers a random token the same (404 not_found)");
    expect(judge(notFound, forbidden, null).reason).toMatch(/404 not_found.*403 forbidden/);
  });
});

describe("whatever is answered", () => {
  const code = fc.constantFrom(
    null,
    "unauthorized",
    "forbidden",
    "not_found",
    "project_scope_mismatch",
    "scope_insufficient",
    "wrong_credential_type",
    "token_revoked",
    "token_expired",
    "token_suspended",
    "quota_exceeded",
  );
  const status = fc.oneof(fc.constantFrom(400, 401, 403, 404), fc.integer({ min: 400, max: 499 }));
  const answers: fc.Arbitrary<ApiAnswer> = fc.oneof(
    { weight: 8, arbitrary: fc.tuple(status, code).map(([number, name]) => error(number, name)) },
    { weight: 1, arbitrary: fc.constantFrom(list, portal, silence) },
  );

  it("a token is live or dead only by the API's own words, and live only by a difference", () => {
    fc.assert(
      fc.property(answers, answers, fc.option(answers), (token, control, before) => {
        const state = stateOf(token, control, before);
        const isSame = describeAnswer(token) === describeAnswer(control);
        if (state === "live") {
          expect(isSame).toBe(false);
          expect([200, 400, 403, 404]).toContain((token as { status: number }).status);
        }
        if (state === "revoked") {
          expect([401, 403]).toContain((token as { status: number }).status);
          expect([control.kind, token.kind]).not.toContain("foreign");
          if (token.kind === "error" && token.status === 403) {
            const saysSo = /revoked|expired/.test(token.code ?? "") && !isSame;
            expect(saysSo || before !== null).toBe(true);
          }
        }
        if (token.kind === "none" || token.kind === "foreign") expect(state).toBe("unknown");
        if (control.kind === "none" || control.kind === "foreign") expect(state).toBe("unknown");
      }),
      { numRuns: 5000 },
    );
  });
});
