/** An organisation's policy: the file as people write it, and what it says once its names are known. */
import { KeyrecallError, type Plane, readYaml } from "keyrecall";
import { type PolicyFile, policySchema, type RevocationMode } from "./policy-schema.ts";

/** In the repository `.github-private` of the organisation, or `.github` where there is none. */
export const POLICY_FILE = "keyrecall.yml";
export const POLICY_REPOSITORIES = [".github-private", ".github"] as const;
export const MAX_POLICY_BYTES = 64 * 1024;

/** What the operator lets a policy say. */
export interface PolicyBounds {
  /** Planes whose tokens may wait for somebody. */
  readonly approvalPlanes: readonly Plane[];
  /** From the day on which it is read; 0 for none at all. */
  readonly maxDryRunDays: number;
  readonly choosesIssues: boolean;
}

/** What names stand for is settled when the policy is accepted: whoever takes over a name later does not get its rights. */
export interface Policy {
  readonly revocation: {
    readonly default: RevocationMode;
    readonly exceptions: readonly {
      readonly revoke: RevocationMode;
      readonly planes: readonly Plane[] | null;
      readonly repositories: readonly NamedRepository[] | null;
    }[];
  };
  readonly approvers: {
    readonly users: readonly { readonly id: number; readonly login: string }[];
    readonly teams: readonly { readonly id: number; readonly slug: string }[];
  };
  readonly issueRepository: NamedRepository | null;
  readonly assignees: readonly string[];
  readonly dryRunUntil: string | null;
}

export interface NamedRepository {
  readonly id: number;
  readonly fullName: string;
}

export const NO_POLICY: Policy = {
  revocation: { default: "at-once", exceptions: [] },
  approvers: { users: [], teams: [] },
  issueRepository: null,
  assignees: [],
  dryRunUntil: null,
};

/** A file, or why it is none; sentences may quote it. */
export type PolicyReading =
  | { readonly kind: "policy"; readonly file: PolicyFile }
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

export function readPolicyFile(text: string, bounds: PolicyBounds, today: string): PolicyReading {
  let file: PolicyFile;
  try {
    file = readYaml(POLICY_FILE, text, policySchema);
  } catch (error) {
    if (!(error instanceof KeyrecallError)) throw error;
    return { kind: "invalid", problems: error.message.split("\n") };
  }
  const problems = [...beyond(file, bounds, today), ...contradictions(file)];
  return problems.length > 0 ? { kind: "invalid", problems } : { kind: "policy", file };
}

function beyond({ revocation, issues, dryRun }: PolicyFile, bounds: PolicyBounds, today: string): string[] {
  const problems: string[] = [];
  const { approvalPlanes, maxDryRunDays, choosesIssues } = bounds;
  const waiting = new Set<Plane>();
  for (const { revoke, planes } of [{ revoke: revocation.default, planes: undefined }, ...revocation.exceptions]) {
    if (revoke === "on-approval") for (const plane of planes ?? PLANES) waiting.add(plane);
  }
  for (const plane of waiting) {
    if (!approvalPlanes.includes(plane)) {
      problems.push(`revocation: the operator does not let tokens of the ${plane} plane wait for an approval`);
    }
  }
  if (dryRun !== undefined && dryRun.until > daysAfter(today, maxDryRunDays) && dryRun.until >= today) {
    problems.push(
      maxDryRunDays === 0
        ? "dryRun: the operator allows none"
        : `dryRun.until: the operator allows ${maxDryRunDays} days from now, which is ${daysAfter(today, maxDryRunDays)}`,
    );
  }
  if (!choosesIssues && issues.repository !== undefined) {
    problems.push("issues.repository: the operator decides where issues go");
  }
  return problems;
}

const PLANES: readonly Plane[] = ["control", "data"];

function contradictions({ revocation, approvers }: PolicyFile): string[] {
  const isWaiting =
    revocation.default === "on-approval" || revocation.exceptions.some(({ revoke }) => revoke === "on-approval");
  const nobody = approvers.users.length === 0 && approvers.teams.length === 0;
  return isWaiting && nobody ? ["approvers: somebody has to be named where tokens wait for an approval"] : [];
}

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

export interface LeakToJudge {
  readonly plane: Plane;
  readonly occurrences: readonly { readonly repository: { readonly id: number } }[];
}

/** At once as soon as one of the places asks for that: whoever copies a token elsewhere does not hold it back. */
export function modeFor(
  { revocation }: Policy,
  { plane, occurrences }: LeakToJudge,
  bounds: PolicyBounds,
): RevocationMode {
  // The operator may have narrowed the bounds since the policy was accepted.
  if (!bounds.approvalPlanes.includes(plane)) return "at-once";
  const places = new Set(occurrences.map(({ repository }) => repository.id));
  const modes = [...places].map((id) => {
    const fitting = revocation.exceptions.find(
      ({ planes, repositories }) =>
        (planes === null || planes.includes(plane)) &&
        (repositories === null || repositories.some((one) => one.id === id)),
    );
    return fitting?.revoke ?? revocation.default;
  });
  return modes.length > 0 && modes.every((one) => one === "on-approval") ? "on-approval" : "at-once";
}

/** The last day of the dry run that holds now, or null. */
export function dryRunOf({ dryRunUntil }: Policy, bounds: PolicyBounds, today: string): string | null {
  if (dryRunUntil === null || today > dryRunUntil) return null;
  return dryRunUntil > daysAfter(today, bounds.maxDryRunDays) ? null : dryRunUntil;
}

/** In words, one line for each thing that it says. */
export function describePolicy(policy: Policy): string[] {
  const { revocation, approvers, issueRepository, assignees, dryRunUntil } = policy;
  const when = (revoke: RevocationMode): string => (revoke === "at-once" ? "at once" : "on approval");
  const people = [
    ...approvers.users.map((user) => user.login),
    ...approvers.teams.map(({ slug }) => `the team ${slug}`),
  ];
  return [
    `Tokens that work are revoked ${when(revocation.default)}`,
    ...revocation.exceptions.map(({ revoke, planes, repositories }) => {
      const of = planes === null ? "of both planes" : `of the ${planes.join(" and ")} plane`;
      const where =
        repositories === null ? "all repositories" : repositories.map(({ fullName }) => fullName).join(", ");
      return `Exception: tokens ${of} in ${where} are revoked ${when(revoke)}`;
    }),
    `Approved by: ${people.length === 0 ? "nobody" : people.join(", ")}`,
    `Issues go to: ${issueRepository?.fullName ?? "the leaking repository, or where the operator says"}`,
    `Assigned: ${assignees.length === 0 ? "nobody beside those who brought it in and who own the files" : assignees.join(", ")}`,
    `Dry run: ${dryRunUntil === null ? "none" : `until ${dryRunUntil}`}`,
  ];
}
