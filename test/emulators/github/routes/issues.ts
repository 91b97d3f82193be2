// Issues, their comments, labels and assignees.
import {
  addComment,
  addReaction,
  assignable,
  changeComment,
  changeIssue,
  deleteComment,
  findLabel,
  labelsNamed,
  openIssue,
  type IssueFields,
} from "../domain/issues.ts";
import { GitHubError, invalidField, issuesDisabled, notFound } from "../github-error.ts";
import { actorOf, created, list, nothing, ok, text, type RepositoryCall, type Result, type Route } from "../route.ts";
import { simpleUser } from "../shapes/accounts.ts";
import { commentShape, fullIssue, issueShape, labelShape, reactionShape } from "../shapes/issues.ts";
import type { Comment, Issue, Label, ReactionContent } from "../world/entities.ts";

const reads = [{ issues: "read" }, { pull_requests: "read" }] as const;
const writes = [{ issues: "write" }, { pull_requests: "write" }] as const;
const readsIssues = [{ issues: "read" }] as const;
const writesIssues = [{ issues: "write" }] as const;

export const issueRoutes: readonly Route[] = [
  { route: "GET /repos/{owner}/{repo}/issues", by: "repository", needs: reads, handle: listIssues },
  {
    route: "POST /repos/{owner}/{repo}/issues",
    by: "repository",
    needs: writesIssues,
    createsContent: true,
    handle: createIssue,
  },
  {
    route: "GET /repos/{owner}/{repo}/issues/comments",
    by: "repository",
    needs: reads,
    handle: (call) => listComments(call, call.repository.comments),
  },
  {
    route: "GET /repos/{owner}/{repo}/issues/comments/{comment_id}",
    by: "repository",
    needs: reads,
    handle: (call) => ok(commentShape(call.github, call.repository, findComment(call))),
  },
  {
    route: "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
    by: "repository",
    needs: writes,
    handle: (call) => {
      const comment = findComment(call);
      changeComment(call.github, call.repository, comment, text(call.body["body"]) ?? "", actorOf(call));
      return ok(commentShape(call.github, call.repository, comment));
    },
  },
  {
    route: "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}",
    by: "repository",
    needs: writes,
    handle: (call) => {
      deleteComment(call.github, call.repository, findComment(call), actorOf(call));
      return nothing();
    },
  },
  {
    route: "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
    by: "repository",
    needs: writes,
    handle: (call) => {
      const content = call.body["content"] as ReactionContent;
      const { reaction, isNew } = addReaction(call.github, findComment(call), content, actorOf(call));
      const shape = reactionShape(call.github, reaction);
      return isNew ? created(shape) : ok(shape);
    },
  },
  {
    route: "GET /repos/{owner}/{repo}/issues/{issue_number}",
    by: "repository",
    needs: reads,
    handle: (call) => ok(fullIssue(call.github, call.repository, findIssue(call))),
  },
  { route: "PATCH /repos/{owner}/{repo}/issues/{issue_number}", by: "repository", needs: writes, handle: updateIssue },
  {
    route: "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
    by: "repository",
    needs: reads,
    handle: (call) => {
      const { number } = findIssue(call);
      return listComments(
        call,
        call.repository.comments.filter((comment) => comment.issue === number),
      );
    },
  },
  {
    route: "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
    by: "repository",
    needs: writes,
    createsContent: true,
    handle: (call) => {
      const body = text(call.body["body"]) ?? "";
      const issue = findIssue(call);
      if (issue.locked && call.principal.kind === "user")
        throw new GitHubError(403, "Unable to create comment because issue is locked.");
      const comment = addComment(call.github, call.repository, issue, body, actorOf(call));
      return created(commentShape(call.github, call.repository, comment));
    },
  },
  {
    route: "GET /repos/{owner}/{repo}/issues/{issue_number}/labels",
    by: "repository",
    needs: reads,
    handle: (call) => renderLabels(call, findIssue(call).labels),
  },
  {
    route: "POST /repos/{owner}/{repo}/issues/{issue_number}/labels",
    by: "repository",
    needs: writes,
    handle: (call) => setLabels(call, (own, added) => [...new Set([...own, ...added])]),
  },
  {
    route: "PUT /repos/{owner}/{repo}/issues/{issue_number}/labels",
    by: "repository",
    needs: writes,
    handle: (call) => setLabels(call, (_own, set) => set),
  },
  {
    route: "DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}",
    by: "repository",
    needs: writes,
    handle: (call) => {
      const issue = findIssue(call);
      const label = findLabel(call.repository, call.params["name"] ?? "");
      if (label === undefined || !issue.labels.includes(label)) throw new GitHubError(404, "Label does not exist");
      issue.labels = issue.labels.filter((entry) => entry !== label);
      return renderLabels(call, issue.labels);
    },
  },
  {
    route: "POST /repos/{owner}/{repo}/issues/{issue_number}/assignees",
    by: "repository",
    needs: writes,
    handle: (call) => {
      const issue = findIssue(call);
      const added = assignable(call.github, call.repository, strings(call.body["assignees"]) ?? []);
      issue.assignees = [...new Set([...issue.assignees, ...added])];
      return created(issueShape(call.github, call.repository, issue));
    },
  },
  {
    route: "DELETE /repos/{owner}/{repo}/issues/{issue_number}/assignees",
    by: "repository",
    needs: writes,
    handle: (call) => {
      const issue = findIssue(call);
      const gone = new Set((strings(call.body["assignees"]) ?? []).map((login) => login.toLowerCase()));
      issue.assignees = issue.assignees.filter(({ login }) => !gone.has(login.toLowerCase()));
      return ok(issueShape(call.github, call.repository, issue));
    },
  },
  {
    route: "GET /repos/{owner}/{repo}/labels",
    by: "repository",
    needs: reads,
    handle: (call) => renderLabels(call, call.repository.labels),
  },
  {
    route: "POST /repos/{owner}/{repo}/labels",
    by: "repository",
    needs: writes,
    handle: createLabel,
  },
  {
    route: "GET /repos/{owner}/{repo}/labels/{name}",
    by: "repository",
    needs: reads,
    handle: (call) => {
      const label = findLabel(call.repository, call.params["name"] ?? "");
      if (label === undefined) throw notFound();
      return ok(labelShape(call.github, call.repository, label));
    },
  },
  {
    route: "GET /repos/{owner}/{repo}/assignees",
    by: "repository",
    needs: readsIssues,
    handle: ({ github, repository }) =>
      list(
        github.world.accounts.filter((account) => github.world.canBeAssigned(account, repository)),
        (account) => simpleUser(github.urls, account),
      ),
  },
  {
    route: "GET /repos/{owner}/{repo}/assignees/{assignee}",
    by: "repository",
    needs: readsIssues,
    handle: ({ github, repository, params }) => {
      const account = github.world.findAccount(params["assignee"] ?? "");
      if (account === undefined || !github.world.canBeAssigned(account, repository)) throw notFound();
      return nothing();
    },
  },
];

function findIssue({ repository, params }: RepositoryCall): Issue {
  const issue = repository.issues[Number(params["issue_number"]) - 1];
  if (issue === undefined) throw notFound();
  if (issue.pull === undefined && !repository.hasIssues) throw issuesDisabled();
  return issue;
}

function findComment({ repository, params }: RepositoryCall): Comment {
  const comment = repository.comments.find(({ id }) => id === Number(params["comment_id"]));
  if (comment === undefined) throw notFound();
  return comment;
}

function createIssue(call: RepositoryCall): Result {
  const { github, repository, body } = call;
  const fields = readFields(call);
  const title = typeof body["title"] === "number" ? String(body["title"]) : (fields.title ?? "");
  const issue = openIssue(github, repository, actorOf(call), { ...fields, title });
  return created(fullIssue(github, repository, issue));
}

function updateIssue(call: RepositoryCall): Result {
  const { github, repository, body } = call;
  const issue = findIssue(call);
  changeIssue(
    github,
    repository,
    issue,
    {
      ...readFields(call),
      state: body["state"] as IssueFields["state"],
      stateReason: body["state_reason"] as IssueFields["stateReason"],
    },
    actorOf(call),
  );
  return ok(fullIssue(github, repository, issue));
}

/** Labels and assignees of somebody without push access are dropped without a word. */
function readFields(call: RepositoryCall): IssueFields {
  const { body, principal, github, repository } = call;
  const role = principal.kind === "user" ? github.world.roleOf(principal.account, repository) : "write";
  const mayTriage = role !== "read" && role !== "none";
  return {
    title: text(body["title"]),
    body: body["body"] === null ? null : text(body["body"]),
    labels: mayTriage ? labelNames(body["labels"]) : undefined,
    assignees: mayTriage ? strings(body["assignees"]) : undefined,
  };
}

function listIssues({ github, repository, query }: RepositoryCall): Result {
  if (!repository.hasIssues && !repository.issues.some(({ pull }) => pull !== undefined)) throw issuesDisabled();
  const state = query.get("state") ?? "open";
  const labels = (query.get("labels") ?? "").split(",").filter((name) => name !== "");
  const creator = query.get("creator")?.toLowerCase();
  const assignee = query.get("assignee")?.toLowerCase();
  const since = Date.parse(query.get("since") ?? "");
  const sort = query.get("sort") ?? "created";
  const found = repository.issues.filter((issue) => {
    const names = new Set(issue.labels.map(({ name }) => name.toLowerCase()));
    const assignees = issue.assignees.map(({ login }) => login.toLowerCase());
    return (
      (state === "all" || issue.state === state) &&
      labels.every((name) => names.has(name.toLowerCase())) &&
      (creator === undefined || issue.user.login.toLowerCase() === creator) &&
      matchesAssignee(assignee, assignees) &&
      !(issue.updatedAt.getTime() < since) &&
      (repository.hasIssues || issue.pull !== undefined)
    );
  });
  const key = (issue: Issue): number =>
    sort === "updated"
      ? issue.updatedAt.getTime()
      : sort === "comments"
        ? repository.comments.filter((comment) => comment.issue === issue.number).length
        : issue.number;
  const ascending = found.toSorted((left, right) => key(left) - key(right) || left.number - right.number);
  const ordered = query.get("direction") === "asc" ? ascending : ascending.toReversed();
  return list(ordered, (issue) => issueShape(github, repository, issue));
}

function matchesAssignee(asked: string | undefined, assignees: readonly string[]): boolean {
  if (asked === undefined) return true;
  if (asked === "none") return assignees.length === 0;
  return asked === "*" ? assignees.length > 0 : assignees.includes(asked);
}

function listComments({ github, repository, query }: RepositoryCall, comments: readonly Comment[]): Result {
  const since = Date.parse(query.get("since") ?? "");
  const found = comments.filter(({ updatedAt }) => !(updatedAt.getTime() < since));
  return list(found, (comment) => commentShape(github, repository, comment));
}

function setLabels(call: RepositoryCall, change: (own: Label[], named: Label[]) => Label[]): Result {
  const issue = findIssue(call);
  issue.labels = change(issue.labels, labelsNamed(call.github, call.repository, labelNames(call.body["labels"]) ?? []));
  issue.updatedAt = new Date();
  return renderLabels(call, issue.labels);
}

function createLabel(call: RepositoryCall): Result {
  const { github, repository, body } = call;
  const name = text(body["name"]) ?? "";
  if (name.trim() === "") throw invalidField("Label", "name", "missing_field");
  if (findLabel(repository, name) !== undefined) throw invalidField("Label", "name", "already_exists");
  const description = text(body["description"]) ?? null;
  if ((description ?? "").length > 100) throw invalidField("Label", "description", "invalid");
  const color = text(body["color"]) ?? "ededed";
  if (!/^[0-9a-fA-F]{6}$/.test(color)) throw invalidField("Label", "color", "invalid");
  const [label] = labelsNamed(github, repository, [name]);
  if (label === undefined) throw invalidField("Label", "name", "invalid");
  Object.assign(label, { color: color.toLowerCase(), description });
  return created(labelShape(github, repository, label));
}

function renderLabels({ github, repository }: RepositoryCall, labels: readonly Label[]): Result {
  return list(labels, (label) => labelShape(github, repository, label));
}

function labelNames(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return (value as unknown[]).map((entry) =>
    typeof entry === "string" ? entry : String((entry as { name?: unknown }).name),
  );
}

function strings(value: unknown): string[] | undefined {
  return Array.isArray(value) ? (value as string[]) : undefined;
}
