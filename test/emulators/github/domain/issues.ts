import { GitHubError, invalidField, issuesDisabled } from "../github-error.ts";
// What can be done to issues, by whomever: the API, and people in tests.
import type { GitHub } from "../github.ts";
import { commentShape, issueShape } from "../shapes/issues.ts";
import type { Account, Comment, Issue, Label, Pull, Reaction, ReactionContent, Repository } from "../world/entities.ts";

export interface IssueFields {
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly assignees?: readonly string[] | undefined;
  readonly state?: "open" | "closed" | undefined;
  readonly stateReason?: Issue["stateReason"] | undefined;
}

const LONGEST_BODY = 65_536;
const LONGEST_TITLE = 256;
const MOST_ASSIGNEES = 10;
const LABEL_COLOR = "ededed";

export function openIssue(
  github: GitHub,
  repository: Repository,
  user: Account,
  fields: IssueFields & { readonly title: string },
  pull?: Pull,
): Issue {
  if (pull === undefined && !repository.hasIssues) throw issuesDisabled();
  checkTexts(fields);
  const now = new Date();
  const issue: Issue = {
    id: github.world.nextId(),
    number: repository.issues.length + 1,
    title: fields.title,
    body: fields.body ?? null,
    user,
    viaApp: user === github.bot,
    labels: labelsNamed(github, repository, fields.labels ?? []),
    assignees: assignable(github, repository, fields.assignees ?? []),
    state: "open",
    stateReason: null,
    locked: false,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    pull,
  };
  repository.issues.push(issue);
  if (pull === undefined) emitIssue(github, repository, issue, "opened", user);
  return issue;
}

export function changeIssue(
  github: GitHub,
  repository: Repository,
  issue: Issue,
  fields: IssueFields,
  by: Account,
): void {
  checkTexts(fields);
  const before = { title: issue.title, body: issue.body };
  if (fields.title !== undefined) issue.title = fields.title;
  if (fields.body !== undefined) issue.body = fields.body;
  if (fields.labels !== undefined) issue.labels = labelsNamed(github, repository, fields.labels);
  if (fields.assignees !== undefined) issue.assignees = assignable(github, repository, fields.assignees);
  issue.updatedAt = new Date();
  const changes = {
    ...(issue.title === before.title ? {} : { title: { from: before.title } }),
    ...(issue.body === before.body ? {} : { body: { from: before.body ?? "" } }),
  };
  if (Object.keys(changes).length > 0) emitIssue(github, repository, issue, "edited", by, { changes });
  const { state } = fields;
  if (state === undefined || state === issue.state) return;
  issue.state = state;
  issue.stateReason = state === "closed" ? (fields.stateReason ?? "completed") : "reopened";
  issue.closedAt = state === "closed" ? new Date() : null;
  issue.closedBy = state === "closed" ? by : null;
  emitIssue(github, repository, issue, state === "closed" ? "closed" : "reopened", by);
}

export function addComment(github: GitHub, repository: Repository, issue: Issue, body: string, user: Account): Comment {
  if (body.trim() === "") throw invalidField("IssueComment", "body", "missing_field");
  checkTexts({ body });
  const now = new Date();
  const comment: Comment = {
    id: github.world.nextId(),
    issue: issue.number,
    body,
    user,
    viaApp: user === github.bot,
    createdAt: now,
    updatedAt: now,
    reactions: [],
  };
  repository.comments.push(comment);
  issue.updatedAt = now;
  emitComment(github, repository, issue, comment, "created", user);
  return comment;
}

export function changeComment(
  github: GitHub,
  repository: Repository,
  comment: Comment,
  body: string,
  by: Account,
): void {
  checkTexts({ body });
  const { body: before } = comment;
  comment.body = body;
  comment.updatedAt = new Date();
  const issue = repository.issues[comment.issue - 1];
  if (issue === undefined || before === body) return;
  emitComment(github, repository, issue, comment, "edited", by, { changes: { body: { from: before } } });
}

/** The same reaction of the same account once more changes nothing; nobody is told of it. */
export function addReaction(
  github: GitHub,
  comment: Comment,
  content: ReactionContent,
  user: Account,
): { readonly reaction: Reaction; readonly isNew: boolean } {
  const known = comment.reactions.find((reaction) => reaction.user === user && reaction.content === content);
  if (known !== undefined) return { reaction: known, isNew: false };
  const reaction: Reaction = { id: github.world.nextId(), content, user, createdAt: new Date() };
  comment.reactions.push(reaction);
  return { reaction, isNew: true };
}

export function deleteComment(github: GitHub, repository: Repository, comment: Comment, by: Account): void {
  repository.comments.splice(repository.comments.indexOf(comment), 1);
  const issue = repository.issues[comment.issue - 1];
  if (issue !== undefined) emitComment(github, repository, issue, comment, "deleted", by);
}

export function findLabel(repository: Repository, name: string): Label | undefined {
  return repository.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
}

/** Labels that an issue is given come into being with it. */
export function labelsNamed(github: GitHub, repository: Repository, names: readonly string[]): Label[] {
  const labels = names.map((name) => {
    const known = findLabel(repository, name);
    if (known !== undefined) return known;
    if (name.trim() === "" || name.length > 50) throw invalidField("Label", "name", "invalid");
    const label: Label = { id: github.world.nextId(), name, color: LABEL_COLOR, description: null };
    repository.labels.push(label);
    return label;
  });
  return [...new Set(labels)];
}

/** Whoever cannot be assigned is dropped without a word. */
export function assignable(github: GitHub, repository: Repository, logins: readonly string[]): Account[] {
  const accounts = logins.flatMap((login) => {
    const account = github.world.findAccount(login);
    return account !== undefined && github.world.canBeAssigned(account, repository) ? [account] : [];
  });
  return [...new Set(accounts)].slice(0, MOST_ASSIGNEES);
}

function checkTexts({ title, body }: IssueFields): void {
  if (title !== undefined && title.trim() === "") throw invalidField("Issue", "title", "missing_field");
  if (title !== undefined && [...title].length > LONGEST_TITLE) {
    throw invalidField("Issue", "title", "custom", `title is too long (maximum is ${LONGEST_TITLE} characters)`);
  }
  if ([...(body ?? "")].length > LONGEST_BODY) {
    throw new GitHubError(422, "Validation Failed", {
      errors: [
        {
          resource: "Issue",
          code: "custom",
          field: "body",
          message: `body is too long (maximum is ${LONGEST_BODY} characters)`,
        },
      ],
    });
  }
}

function emitIssue(
  github: GitHub,
  repository: Repository,
  issue: Issue,
  action: string,
  sender: Account,
  more: Readonly<Record<string, unknown>> = {},
): void {
  // Of pull requests there are events of their own.
  if (issue.pull !== undefined) return;
  github.emit("issues", repository, { action, ...more, issue: issueShape(github, repository, issue) }, { sender });
}

function emitComment(
  github: GitHub,
  repository: Repository,
  issue: Issue,
  comment: Comment,
  action: string,
  sender: Account,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const shapes = { issue: issueShape(github, repository, issue), comment: commentShape(github, repository, comment) };
  github.emit("issue_comment", repository, { action, ...more, ...shapes }, { sender });
}
