/** The App's issues: found by their hidden marker, and only where the App itself wrote it. */
import { hasMarker } from "../issues/marker.ts";
import type { IssueLabel } from "../issues/rotation-issue.ts";
import type { GitHubClient } from "./client.ts";
import { GitHubError } from "./errors.ts";
import { type AppIdentity, isWrittenBy } from "./identity.ts";
import { orRefusal, type Refusal, refusalOf } from "./refusal.ts";
import { splitName } from "./repositories.ts";

export interface OwnIssue {
  readonly kind: "issue";
  readonly repository: string;
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly isOpen: boolean;
  readonly assignees: readonly string[];
  readonly labels: readonly string[];
}

export interface NoIssue {
  readonly kind: "none";
}

const MAX_ASSIGNEES = 10;

interface IssueAnswer {
  readonly number: number;
  readonly html_url: string;
  readonly repository_url: string;
  readonly title: string;
  readonly body?: string | null | undefined;
  readonly state: string;
  readonly user: { readonly login: string; readonly type: string } | null;
  readonly performed_via_github_app?: { readonly id: number } | null | undefined;
  readonly assignees?: readonly { readonly login: string }[] | null | undefined;
  readonly labels?: readonly (string | { readonly name?: string | undefined })[] | undefined;
  readonly pull_request?: unknown;
}

/** The issue of an incident, whatever its state; among several the first one. */
export async function findRotationIssue(
  client: GitHubClient,
  identity: AppIdentity,
  fullName: string,
  marker: string,
): Promise<OwnIssue | NoIssue | Refusal> {
  return orRefusal(`read the issues of ${fullName}`, async () => {
    // Not by label: people take labels off.
    const pages = client.paginate.iterator(client.rest.issues.listForRepo, {
      ...splitName(fullName),
      creator: identity.botLogin,
      state: "all",
      sort: "created",
      direction: "asc",
      per_page: 100,
    });
    for await (const { data } of pages) {
      const found = (data as readonly IssueAnswer[]).find((issue) => isOwn(identity, issue, marker));
      if (found !== undefined) return ownIssue(found);
    }
    return { kind: "none" };
  });
}

/** The issue of that number, if the App wrote it: whoever kept the number need not find the marker, which people can delete. */
export async function readRotationIssue(
  client: GitHubClient,
  identity: AppIdentity,
  fullName: string,
  number: number,
): Promise<OwnIssue | NoIssue | Refusal> {
  return orRefusal(`read issue ${number} of ${fullName}`, async () => {
    const { data } = await client.rest.issues.get({ ...splitName(fullName), issue_number: number });
    return data.pull_request === undefined && isWrittenBy(identity, data) ? ownIssue(data) : { kind: "none" };
  });
}

function isOwn(identity: AppIdentity, issue: IssueAnswer, marker: string): boolean {
  return issue.pull_request === undefined && isWrittenBy(identity, issue) && hasMarker(issue.body ?? "", marker);
}

export interface IssueFields {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly IssueLabel[];
  /** Those that can be assigned, see {@link assignable}. */
  readonly assignees: readonly string[];
}

/** Sent once: whoever tries again looks for the issue first. */
export async function createRotationIssue(
  client: GitHubClient,
  fullName: string,
  { title, body, labels, assignees }: IssueFields,
): Promise<OwnIssue | Refusal> {
  return orRefusal(`open an issue in ${fullName}`, async () => {
    const { data } = await client.rest.issues.create({
      ...splitName(fullName),
      title,
      body,
      labels: labels.map(({ name }) => name),
      assignees: assignees.slice(0, MAX_ASSIGNEES),
    });
    return ownIssue(data);
  });
}

export interface IssueChanges {
  readonly title?: string;
  readonly body?: string;
  /** All that it is to have. */
  readonly labels?: readonly string[];
  /** `completed` closes it. */
  readonly state?: "open" | "completed";
}

export async function updateRotationIssue(
  client: GitHubClient,
  { repository, number }: Pick<OwnIssue, "repository" | "number">,
  { state, labels, ...text }: IssueChanges,
): Promise<OwnIssue | Refusal> {
  return orRefusal(`change issue ${number} of ${repository}`, async () => {
    const { data } = await client.rest.issues.update({
      ...splitName(repository),
      issue_number: number,
      ...text,
      ...(labels === undefined ? {} : { labels: [...labels] }),
      ...(state === "completed" ? { state: "closed", state_reason: "completed" } : {}),
      ...(state === "open" ? { state: "open", state_reason: "reopened" } : {}),
    });
    return ownIssue(data);
  });
}

export async function assign(
  client: GitHubClient,
  { repository, number, assignees: there }: OwnIssue,
  logins: readonly string[],
): Promise<OwnIssue | Refusal | null> {
  const known = new Set(there.map((login) => login.toLowerCase()));
  const missing = logins.filter((login) => !known.has(login.toLowerCase())).slice(0, MAX_ASSIGNEES - there.length);
  if (missing.length === 0) return null;
  return orRefusal(`assign people to issue ${number} of ${repository}`, async () => {
    const fields = { ...splitName(repository), issue_number: number, assignees: missing };
    const { data } = await client.rest.issues.addAssignees(fields);
    return ownIssue(data);
  });
}

export interface Comment {
  /** Names the comment: one of each is written. */
  readonly key: string;
  readonly body: string;
}

/** Writes a comment unless the App has written it already. */
export async function commentOnce(
  client: GitHubClient,
  identity: AppIdentity,
  { repository, number }: Pick<OwnIssue, "repository" | "number">,
  { key, body }: Comment,
): Promise<{ readonly kind: "commented" | "there" } | Refusal> {
  const marker = `<!-- keyrecall:comment ${key.replace(/[^A-Za-z0-9:._-]/g, "_")} -->`;
  const fields = { ...splitName(repository), issue_number: number };
  return orRefusal(`comment on issue ${number} of ${repository}`, async () => {
    const pages = client.paginate.iterator(client.rest.issues.listComments, { ...fields, per_page: 100 });
    for await (const { data } of pages) {
      const isThere = data.some((comment) => isWrittenBy(identity, comment) && hasMarker(comment.body ?? "", marker));
      if (isThere) return { kind: "there" };
    }
    await client.rest.issues.createComment({ ...fields, body: `${marker}\n\n${body}` });
    return { kind: "commented" };
  });
}

/** What the App said below an issue that may not say anything any more; GitHub keeps old versions of what is changed. */
export async function withdrawComments(
  client: GitHubClient,
  identity: AppIdentity,
  { repository, number }: Pick<OwnIssue, "repository" | "number">,
): Promise<Refusal | null> {
  const fields = splitName(repository);
  return orRefusal(`delete comments on issue ${number} of ${repository}`, async () => {
    const all = await client.paginate(client.rest.issues.listComments, {
      ...fields,
      issue_number: number,
      per_page: 100,
    });
    for (const { id } of all.filter((comment) => isWrittenBy(identity, comment))) {
      await client.rest.issues.deleteComment({ ...fields, comment_id: id });
    }
    return null;
  });
}

/** Makes the labels that are missing. An issue without them is better than none, so what is refused is only said. */
export async function ensureLabels(
  client: GitHubClient,
  fullName: string,
  labels: readonly IssueLabel[],
): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = [];
  for (const label of labels) {
    const outcome = await orRefusal(`make the label ${label.name} in ${fullName}`, () =>
      ensureLabel(client, fullName, label),
    );
    if (outcome !== null) refusals.push(outcome);
  }
  return refusals;
}

async function ensureLabel(
  client: GitHubClient,
  fullName: string,
  { name, color, description }: IssueLabel,
): Promise<null> {
  const repository = splitName(fullName);
  try {
    await client.rest.issues.getLabel({ ...repository, name });
    return null;
  } catch (error) {
    if (!(error instanceof GitHubError) || error.httpStatus !== 404) throw error;
  }
  try {
    await client.rest.issues.createLabel({ ...repository, name, color, description });
  } catch (error) {
    // Somebody else was faster.
    if (!(error instanceof GitHubError) || !error.message.includes("already_exists")) throw error;
  }
  return null;
}

const LOGIN = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98})$/;

/** Those of the logins that the repository lets be assigned; GitHub drops others without a word. */
export async function assignable(client: GitHubClient, fullName: string, logins: readonly string[]): Promise<string[]> {
  const wanted = new Map(logins.filter((login) => LOGIN.test(login)).map((login) => [login.toLowerCase(), login]));
  const found: string[] = [];
  for (const login of wanted.values()) {
    if (found.length === MAX_ASSIGNEES) break;
    try {
      await client.rest.issues.checkUserCanBeAssigned({ ...splitName(fullName), assignee: login });
      found.push(login);
    } catch (error) {
      if (refusalOf(error, "ask who can be assigned") === null) throw error;
    }
  }
  return found;
}

function ownIssue(answer: IssueAnswer): OwnIssue {
  return {
    kind: "issue",
    // An issue can have moved to another repository.
    repository: answer.repository_url.split("/").slice(-2).join("/"),
    number: answer.number,
    url: answer.html_url,
    title: answer.title,
    body: answer.body ?? "",
    isOpen: answer.state === "open",
    assignees: (answer.assignees ?? []).map(({ login }) => login),
    labels: (answer.labels ?? []).flatMap((label) => (typeof label === "string" ? label : (label.name ?? []))),
  };
}
