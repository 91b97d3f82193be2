import type { Comment, Issue, Label, Reaction, Repository } from "../world/entities.ts";
import { nodeId, type World } from "../world/world.ts";
import { integrationInWebhooks, maybeTime, simpleUser, time, type AppFacts } from "./accounts.ts";
import type { Urls } from "./urls.ts";

export interface ShapeContext {
  readonly urls: Urls;
  readonly world: World;
  readonly app: AppFacts;
}

export function reactionShape({ urls }: ShapeContext, { id, content, user, createdAt }: Reaction) {
  return {
    id,
    node_id: nodeId("REA", id),
    user: simpleUser(urls, user),
    content,
    created_at: time(createdAt),
  };
}

export function labelShape({ urls }: ShapeContext, repository: Repository, label: Label) {
  return {
    id: label.id,
    node_id: nodeId("LA", label.id),
    url: urls.repo(repository, `/labels/${encodeURIComponent(label.name)}`),
    name: label.name,
    color: label.color,
    default: ["bug", "documentation", "enhancement"].includes(label.name),
    description: label.description,
  };
}

export function issueShape(context: ShapeContext, repository: Repository, issue: Issue) {
  const { urls, world, app } = context;
  const { number, pull } = issue;
  const url = urls.repo(repository, `/issues/${number}`);
  const assignees = issue.assignees.map((account) => simpleUser(urls, account));
  return {
    url,
    repository_url: urls.repo(repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: urls.html(repository, `/${pull === undefined ? "issues" : "pull"}/${number}`),
    id: issue.id,
    node_id: nodeId("I", issue.id),
    number,
    title: issue.title,
    user: simpleUser(urls, issue.user),
    labels: issue.labels.map((label) => labelShape(context, repository, label)),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: issue.locked,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: repository.comments.filter((comment) => comment.issue === number).length,
    created_at: time(issue.createdAt),
    updated_at: time(issue.updatedAt),
    closed_at: maybeTime(issue.closedAt),
    author_association: world.association(issue.user, repository),
    type: null,
    active_lock_reason: null,
    ...(pull === undefined
      ? {}
      : {
          draft: pull.draft,
          pull_request: {
            url: urls.repo(repository, `/pulls/${number}`),
            html_url: urls.html(repository, `/pull/${number}`),
            diff_url: urls.html(repository, `/pull/${number}.diff`),
            patch_url: urls.html(repository, `/pull/${number}.patch`),
            merged_at: maybeTime(pull.mergedAt),
          },
        }),
    body: issue.body,
    reactions: reactions(`${url}/reactions`),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: issue.viaApp ? integrationInWebhooks(urls, app) : null,
  };
}

/** One issue by itself says more than the entry of a list. */
export function fullIssue(context: ShapeContext, repository: Repository, issue: Issue) {
  const closedBy = issue.closedBy === null ? null : simpleUser(context.urls, issue.closedBy);
  return { ...issueShape(context, repository, issue), closed_by: closedBy };
}

export function commentShape({ urls, world, app }: ShapeContext, repository: Repository, comment: Comment) {
  const url = urls.repo(repository, `/issues/comments/${comment.id}`);
  return {
    url,
    html_url: urls.html(repository, `/issues/${comment.issue}#issuecomment-${comment.id}`),
    issue_url: urls.repo(repository, `/issues/${comment.issue}`),
    id: comment.id,
    node_id: nodeId("IC", comment.id),
    user: simpleUser(urls, comment.user),
    created_at: time(comment.createdAt),
    updated_at: time(comment.updatedAt),
    author_association: world.association(comment.user, repository),
    body: comment.body,
    reactions: reactions(`${url}/reactions`),
    performed_via_github_app: comment.viaApp ? integrationInWebhooks(urls, app) : null,
  };
}

function reactions(url: string) {
  const counts = { "+1": 0, "-1": 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 };
  return { url, total_count: 0, ...counts };
}
