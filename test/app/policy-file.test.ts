// What a policy file may say, and what it makes of a leak. Names are settled elsewhere.
import { describe, expect, it } from "vitest";
import { dryRunOf, modeFor, NO_POLICY, type Policy, type PolicyBounds, readPolicyFile } from "../../app/policy.ts";

const BOUNDS: PolicyBounds = { approvalPlanes: ["control", "data"], maxDryRunDays: 30, choosesIssues: true };
const TODAY = "2026-11-24";

const problemsOf = (text: string, bounds: Partial<PolicyBounds> = {}): string => {
  const read = readPolicyFile(text, { ...BOUNDS, ...bounds }, TODAY);
  return read.kind === "invalid" ? read.problems.join("\n") : "";
};

describe("a policy file", () => {
  it.each([
    "version: 1",
    "version: 1\nrevocation: {}\napprovers: {}\nissues: {}",
    "version: 1\nrevocation: { default: on-approval }\napprovers: { teams: [security] }",
    "version: 1\nrevocation: { exceptions: [{ revoke: on-approval, planes: [data], repositories: [.github, a.b] }] }\napprovers: { users: [ada] }",
    "version: 1\nissues: { repository: desk, assignees: [ada, grace-hopper_acme] }",
    "version: 1\ndryRun: { until: 2026-12-24 }",
    "version: 1\ndryRun: { until: 2020-01-01 }",
  ])("is valid: %j", (text) => {
    expect(problemsOf(text)).toBe("");
  });

  it.each([
    ["", "the file"],
    ["- 1", "the file"],
    ["version: 1\n---\nversion: 1", "keyrecall.yml:2"],
    ["version: 1\nversion: 1", "unique"],
    ["version: '1'", "version"],
    ["{}", "version: is missing"],
    ["version: 1\nurl: https://example.com", "url: unknown field"],
    ["version: 1\nrevocation: { default: never }", "revocation.default"],
    ["version: 1\nrevocation: { exceptions: [{ planes: [data] }] }", "revoke: is missing"],
    ["version: 1\nrevocation: { exceptions: [{ revoke: at-once, repositories: [] }] }", "repositories"],
    ["version: 1\nrevocation: { exceptions: [{ revoke: at-once, repositories: ['*'] }] }", "name of a repository"],
    ["version: 1\nrevocation: { exceptions: [{ revoke: at-once, repositories: [..] }] }", "name of a repository"],
    ["version: 1\nrevocation: { default: on-approval }", "somebody has to be named"],
    ["version: 1\napprovers: { users: ['@ada'] }", "without @"],
    ["version: 1\napprovers: { teams: [acme/security] }", "team's name"],
    ["version: 1\nissues: { repository: other/desk }", "without its owner"],
    ["version: 1\nissues: { repository: 'https://example.com/x' }", "without its owner"],
    ["version: 1\ndryRun: { until: soon }", "dryRun.until"],
    ["version: 1\ndryRun: {}", "is missing"],
    ["version: 1\ndryRun: { until: 2026-12-25 }", "allows 30 days from now, which is 2026-12-24"],
  ])("is refused, with the place: %j", (text, says) => {
    expect(problemsOf(text)).toContain(says);
  });

  it("stays within what the operator lets it say", () => {
    const onApproval = "version: 1\nrevocation: { default: on-approval }\napprovers: { users: [ada] }";
    expect(problemsOf(onApproval, { approvalPlanes: ["data"] })).toContain("control plane");
    expect(problemsOf(onApproval, { approvalPlanes: ["data"] })).not.toContain("data plane");
    expect(problemsOf("version: 1\ndryRun: { until: 2026-11-24 }", { maxDryRunDays: 0 })).toBe("");
    expect(problemsOf("version: 1\ndryRun: { until: 2026-11-25 }", { maxDryRunDays: 0 })).toContain("allows none");
    expect(problemsOf("version: 1\nissues: { repository: desk }", { choosesIssues: false })).toContain("the operator");
  });
});

describe("when a token is revoked", () => {
  const legacy = { id: 7, fullName: "acme/legacy" };
  const policy: Policy = {
    ...NO_POLICY,
    revocation: {
      default: "at-once",
      exceptions: [
        { revoke: "at-once", planes: ["data"], repositories: null },
        { revoke: "on-approval", planes: null, repositories: [legacy] },
      ],
    },
  };
  const leak = (plane: "control" | "data", ...ids: number[]) => ({
    plane,
    occurrences: ids.map((id) => ({ repository: { id } })),
  });

  it("the first exception that fits counts, and of several places the strictest", () => {
    expect(modeFor(policy, leak("control", 7), BOUNDS)).toBe("on-approval");
    expect(modeFor(policy, leak("data", 7), BOUNDS)).toBe("at-once");
    expect(modeFor(policy, leak("control", 8), BOUNDS)).toBe("at-once");
    expect(modeFor(policy, leak("control", 7, 7, 8), BOUNDS)).toBe("at-once");
    expect(modeFor(policy, leak("control"), BOUNDS)).toBe("at-once");
  });

  it("bounds that were narrowed since hold at once", () => {
    expect(modeFor(policy, leak("control", 7), { ...BOUNDS, approvalPlanes: ["data"] })).toBe("at-once");
    const dry = { ...NO_POLICY, dryRunUntil: "2026-12-01" };
    expect(dryRunOf(dry, BOUNDS, TODAY)).toBe("2026-12-01");
    expect(dryRunOf(dry, { ...BOUNDS, maxDryRunDays: 3 }, TODAY)).toBeNull();
    expect(dryRunOf(dry, BOUNDS, "2026-12-02")).toBeNull();
  });
});
