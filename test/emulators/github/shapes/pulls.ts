import { countCommits, mergeBase, readDiff } from "../git/store.ts";
import type { Issue, Pull, Repository } from "../world/entities.ts";
import { nodeId } from "../world/world.ts";
import { maybeTime, simpleUser, time } from "./accounts.ts";
import { labelShape, type ShapeContext } from "./issues.ts";
import { repositoryShape } from "./repositories.ts";

export type PullIssue = Issue & { readonly pull: Pull };

export function isPull(issue: Issue): issue is PullIssue {
  return issue.pull !== undefined;
}

export function pullShape(context: ShapeContext, repository: Repository, issue: PullIssue) {
  const { urls, world } = context;
  const { number, pull } = issue;
  const url = urls.repo(repository, `/pulls/${number}`);
  const issueUrl = urls.repo(repository, `/issues/${number}`);
  const html = urls.html(repository, `/pull/${number}`);
  const statuses = urls.repo(repository, `/statuses/${pull.headSha}`);
  const headRepository = world.findRepositoryById(pull.headRepository);
  const assignees = issue.assignees.map((account) => simpleUser(urls, account));
  const end = (repo: Repository | undefined, ref: string, sha: string) => ({
    label: `${(repo ?? repository).owner.login}:${ref}`,
    ref,
    sha,
    user: simpleUser(urls, (repo ?? repository).owner),
    // Null where the fork has been deleted.
    repo: repo === undefined ? null : repositoryShape(urls, repo),
  });
  return {
    url,
    id: pull.id,
    node_id: nodeId("PR", pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl,
    number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: simpleUser(urls, issue.user),
    body: issue.body,
    created_at: time(issue.createdAt),
    updated_at: time(issue.updatedAt),
    closed_at: maybeTime(issue.closedAt),
    merged_at: maybeTime(pull.mergedAt),
    merge_commit_sha: pull.mergeSha,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: [],
    requested_teams: [],
    labels: issue.labels.map((label) => labelShape(context, repository, label)),
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: urls.repo(repository, "/pulls/comments{/number}"),
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    head: end(headRepository, pull.headRef, pull.headSha),
    base: end(repository, pull.baseRef, pull.baseSha),
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: urls.repo(repository, "/pulls/comments{/number}") },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: world.association(issue.user, repository),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** One pull request by itself, with what has to be counted. */
export async function fullPull(context: ShapeContext, repository: Repository, issue: PullIssue) {
  const { pull } = issue;
  const base = await mergeBase(repository.gitDir, pull.baseSha, pull.headSha);
  const range = base === undefined ? pull.headSha : `${base}..${pull.headSha}`;
  const [commits, files] = await Promise.all([
    countCommits(repository.gitDir, range),
    readDiff(repository.gitDir, base, pull.headSha),
  ]);
  const sum = (field: "additions" | "deletions"): number => files.reduce((total, file) => total + file[field], 0);
  return {
    ...pullShape(context, repository, issue),
    merged: pull.mergedAt !== null,
    mergeable: issue.state === "closed" ? null : pull.mergeSha !== null,
    rebaseable: issue.state === "closed" ? null : pull.mergeSha !== null,
    mergeable_state: pull.mergeSha === null ? "dirty" : "clean",
    merged_by: null,
    comments: repository.comments.filter((comment) => comment.issue === issue.number).length,
    review_comments: 0,
    maintainer_can_modify: pull.headRepository !== repository.id,
    commits,
    additions: sum("additions"),
    deletions: sum("deletions"),
    changed_files: files.length,
  };
}
