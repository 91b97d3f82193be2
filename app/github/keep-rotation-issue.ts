/** Brings the one issue of an incident to what it should be, from whatever state it is in; each run does what is left. */
import type { IssueLabel } from "../issues/rotation-issue.ts";
import type { GitHubClient } from "./client.ts";
import type { AppIdentity } from "./identity.ts";
import { isRefusal, type Refusal } from "./refusal.ts";
import {
  assign,
  assignable,
  createRotationIssue,
  ensureLabels,
  findRotationIssue,
  type OwnIssue,
  readRotationIssue,
  updateRotationIssue,
} from "./rotation-issues.ts";

export interface KeptIssue {
  /** `owner/name` of where it stands or is to stand. */
  readonly fullName: string;
  readonly marker: string;
  /** As far as it is known. */
  readonly number: number | null;
  /** Its text, made from the one that is there; null before it is opened. */
  readonly text: (previous: { readonly body: string; readonly isOpen: boolean } | null) => {
    title: string;
    body: string;
    labels: readonly IssueLabel[];
  };
  readonly assignees: readonly string[];
  /** Given the new text, and whether it is open now: people close it too. */
  readonly shouldBeOpen: (now: { readonly body: string; readonly isOpen: boolean }) => boolean;
}

export interface IssueOutcome {
  readonly kind: "issue";
  readonly issue: OwnIssue;
  readonly did: "opened" | "updated" | "closed" | "reopened" | "nothing";
  /** What could not be done beside it: labels, assignees. */
  readonly refusals: readonly Refusal[];
}

export async function keepRotationIssue(
  client: GitHubClient,
  identity: AppIdentity,
  kept: KeptIssue,
): Promise<IssueOutcome | Refusal> {
  const there = await find(client, identity, kept);
  if (isRefusal(there)) return there;
  return there === null ? open(client, kept) : bringUpToDate(client, kept, there);
}

async function find(client: GitHubClient, identity: AppIdentity, kept: KeptIssue): Promise<OwnIssue | null | Refusal> {
  const { fullName, marker, number } = kept;
  if (number !== null) {
    const read = await readRotationIssue(client, identity, fullName, number);
    if (read.kind === "issue") return read;
    if (read.kind === "refused" && read.reason !== "missing") return read;
  }
  const found = await findRotationIssue(client, identity, fullName, marker);
  return found.kind === "none" ? null : found;
}

async function open(client: GitHubClient, kept: KeptIssue): Promise<IssueOutcome | Refusal> {
  const { title, body, labels } = kept.text(null);
  const refusals = await ensureLabels(client, kept.fullName, labels);
  const assignees = await assignable(client, kept.fullName, kept.assignees);
  const issue = await createRotationIssue(client, kept.fullName, { title, body, labels, assignees });
  return isRefusal(issue) ? issue : { kind: "issue", issue, did: "opened", refusals };
}

async function bringUpToDate(client: GitHubClient, kept: KeptIssue, there: OwnIssue): Promise<IssueOutcome | Refusal> {
  const { title, body, labels: wanted } = kept.text(there);
  const labels = withoutStale(there.labels, wanted);
  const shouldBeOpen = kept.shouldBeOpen({ body, isOpen: there.isOpen });
  const isOther = title !== there.title || body !== there.body.replaceAll("\r\n", "\n");
  let issue = there;
  if (isOther || shouldBeOpen !== there.isOpen || labels.length < there.labels.length) {
    const changed = await updateRotationIssue(client, there, {
      ...(isOther ? { title, body } : {}),
      ...(labels.length < there.labels.length ? { labels } : {}),
      ...(shouldBeOpen === there.isOpen ? {} : { state: shouldBeOpen ? "open" : "completed" }),
    });
    if (isRefusal(changed)) return changed;
    issue = changed;
  }
  const assignees = await assignable(client, issue.repository, newcomers(issue, kept.assignees));
  const assigned = await assign(client, issue, assignees);
  const did =
    shouldBeOpen === there.isOpen ? (issue !== there ? "updated" : "nothing") : shouldBeOpen ? "reopened" : "closed";
  if (assigned === null) return { kind: "issue", issue, did, refusals: [] };
  return isRefusal(assigned)
    ? { kind: "issue", issue, did, refusals: [assigned] }
    : { kind: "issue", issue: assigned, did, refusals: [] };
}

/** A label of ours that the text no longer has says what it no longer may; people's own stay, and what they took off too. */
function withoutStale(there: readonly string[], wanted: readonly IssueLabel[]): string[] {
  const names = new Set(wanted.map(({ name }) => name));
  return there.filter((name) => !name.startsWith("keyrecall") || names.has(name));
}

function newcomers({ assignees }: OwnIssue, logins: readonly string[]): string[] {
  const there = new Set(assignees.map((login) => login.toLowerCase()));
  return logins.filter((login) => !there.has(login.toLowerCase()));
}
