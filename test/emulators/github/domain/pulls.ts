// Pull requests, within a repository and from forks.
import { bringOver, findCommit, setRef, tryMerge } from "../git/store.ts";
import type { GitHub } from "../github.ts";
import { fullPull, isPull, type PullIssue } from "../shapes/pulls.ts";
import { repositoryShape } from "../shapes/repositories.ts";
import type { Account, Pull, Repository } from "../world/entities.ts";
import { suiteOf } from "./checks.ts";
import { openIssue } from "./issues.ts";

export interface PullFields {
  readonly title: string;
  readonly body?: string | undefined;
  readonly head: string;
  readonly base?: string | undefined;
  readonly draft?: boolean | undefined;
  /** The fork that it comes from. */
  readonly from?: Repository | undefined;
}

export async function openPull(
  github: GitHub,
  repository: Repository,
  user: Account,
  fields: PullFields,
): Promise<PullIssue> {
  const from = fields.from ?? repository;
  const baseRef = fields.base ?? repository.defaultBranch;
  const baseSha = await findCommit(repository.gitDir, `heads/${baseRef}`);
  const headSha = await findCommit(from.gitDir, `heads/${fields.head}`);
  if (baseSha === undefined) throw new Error(`there is no branch ${baseRef}`);
  if (headSha === undefined) throw new Error(`there is no branch ${fields.head}`);
  const pull: Pull = {
    id: github.world.nextId(),
    baseRef,
    headRef: fields.head,
    headRepository: from.id,
    baseSha,
    headSha,
    mergeSha: null,
    draft: fields.draft ?? false,
    mergedAt: null,
  };
  const issue = openIssue(github, repository, user, { title: fields.title, body: fields.body }, pull) as PullIssue;
  await writePullRefs(github, repository, issue);
  if (from !== repository) suiteOf(github, repository, headSha, { branch: null, before: null });
  await emitPull(github, repository, issue, "opened", user);
  return issue;
}

/** Pull requests follow the branches that they are from and for. */
export async function followBranch(
  github: GitHub,
  pushed: Repository,
  update: { readonly ref: string; readonly before: string; readonly after: string },
  sender: Account,
  isSilent: boolean,
): Promise<void> {
  const branch = update.ref.replace("refs/heads/", "");
  for (const repository of github.world.repositories) {
    for (const issue of repository.issues.filter(isPull)) {
      const { pull } = issue;
      if (repository.isDeleted || issue.state === "closed") continue;
      if (repository === pushed && pull.baseRef === branch) {
        pull.baseSha = update.after;
        await writePullRefs(github, repository, issue);
      }
      // One that was opened after the push has the new head already.
      const isFollowing = pull.headRepository === pushed.id && pull.headRef === branch;
      if (!isFollowing || pull.headSha === update.after) continue;
      pull.headSha = update.after;
      issue.updatedAt = new Date();
      await writePullRefs(github, repository, issue);
      const { before, after } = update;
      if (!isSilent) await emitPull(github, repository, issue, "synchronize", sender, { before, after });
    }
  }
}

/** What is from a branch ends with it. */
export async function closePullsFrom(
  github: GitHub,
  from: Repository,
  ref: string,
  by: Account,
  isSilent: boolean,
): Promise<void> {
  for (const repository of github.world.repositories) {
    for (const issue of repository.issues.filter(isPull)) {
      const { pull, state } = issue;
      if (state === "closed" || pull.headRepository !== from.id || `refs/heads/${pull.headRef}` !== ref) continue;
      await setPullState(github, repository, issue, "closed", by, isSilent);
    }
  }
}

export async function setPullState(
  github: GitHub,
  repository: Repository,
  issue: PullIssue,
  state: "open" | "closed",
  by: Account,
  isSilent = false,
): Promise<void> {
  issue.state = state;
  issue.closedAt = state === "closed" ? new Date() : null;
  issue.updatedAt = new Date();
  if (!isSilent) await emitPull(github, repository, issue, state === "closed" ? "closed" : "reopened", by);
}

export async function editPull(
  github: GitHub,
  repository: Repository,
  issue: PullIssue,
  fields: { readonly title?: string; readonly body?: string },
  by: Account,
): Promise<void> {
  const changes = {
    ...(fields.title === undefined ? {} : { title: { from: issue.title } }),
    ...(fields.body === undefined ? {} : { body: { from: issue.body ?? "" } }),
  };
  issue.title = fields.title ?? issue.title;
  issue.body = fields.body ?? issue.body;
  await emitPull(github, repository, issue, "edited", by, { changes });
}

async function writePullRefs(github: GitHub, repository: Repository, { number, pull }: PullIssue): Promise<void> {
  const head = `refs/pull/${number}/head`;
  const from = github.world.findRepositoryById(pull.headRepository);
  if (from === undefined || from === repository) await setRef(repository.gitDir, head, pull.headSha);
  else await bringOver(repository.gitDir, from.gitDir, pull.headSha, head);
  pull.mergeSha = await tryMerge(repository.gitDir, pull.baseSha, pull.headSha);
  await setRef(repository.gitDir, `refs/pull/${number}/merge`, pull.mergeSha);
}

async function emitPull(
  github: GitHub,
  repository: Repository,
  issue: PullIssue,
  action: string,
  sender: Account,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const shape = await fullPull(github, repository, issue);
  // Whether it can be merged is not known yet when the webhook goes out; within it, repositories say more.
  const settings = {
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    allow_update_branch: false,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_message: "COMMIT_MESSAGES",
    squash_merge_commit_title: "COMMIT_OR_PR_TITLE",
    merge_commit_message: "PR_TITLE",
    merge_commit_title: "MERGE_MESSAGE",
  };
  const withSettings = (end: typeof shape.head) => ({
    ...end,
    repo: end.repo === null ? null : { ...end.repo, ...settings },
  });
  const pull = {
    ...shape,
    merge_commit_sha: null,
    mergeable: null,
    rebaseable: null,
    mergeable_state: "unknown",
    head: withSettings(shape.head),
    base: withSettings(shape.base),
  };
  const payload = { action, number: issue.number, ...more, pull_request: pull };
  github.emit(
    "pull_request",
    repository,
    { ...payload, repository: repositoryShape(github.urls, repository) },
    { sender },
  );
}
