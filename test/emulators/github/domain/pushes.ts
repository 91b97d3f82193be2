import { hasLevel } from "../access.ts";
// A push, however it came: what it changes here, and who is told.
import type { Refs } from "../git/store.ts";
import type { GitHub } from "../github.ts";
import { pushedCommitShape } from "../shapes/commits.ts";
import { emailOf, pushRepository } from "../shapes/repositories.ts";
import { announced, readPush, refUpdates, ZERO_ID, type PushFacts } from "../webhooks/push.ts";
import type { Account, Activity, Repository } from "../world/entities.ts";
import { requestSuite, suiteOf } from "./checks.ts";
import { closePullsFrom, followBranch } from "./pulls.ts";

export interface PushOptions {
  /** Changes everything, and tells nobody: a webhook that got lost before it was sent. */
  readonly silent?: boolean;
}

export async function receivePush(
  github: GitHub,
  repository: Repository,
  by: Account,
  before: Refs,
  after: Refs,
  options: PushOptions = {},
): Promise<void> {
  const updates = refUpdates(before, after);
  if (updates.length === 0) return;
  repository.pushedAt = new Date();
  const isSilent = options.silent === true;
  const toAnnounce = new Set(announced(updates));
  for (const update of updates) {
    const push = await readPush(repository.gitDir, update, before);
    if (push.ref.startsWith("refs/heads/")) record(github, repository, by, push);
    if (!isSilent && toAnnounce.has(update)) emitPush(github, repository, by, push);
    if (!push.ref.startsWith("refs/heads/")) continue;
    if (push.deleted) {
      await closePullsFrom(github, repository, push.ref, by, isSilent);
      continue;
    }
    const suite = suiteOf(github, repository, push.after, {
      branch: push.ref.replace("refs/heads/", ""),
      before: push.before,
    });
    const wantsSuites = github.world.installations.some(
      (installation) =>
        github.world.covers(installation, repository) && hasLevel(installation.permissions["checks"], "write"),
    );
    const head = push.headCommit ?? undefined;
    if (!isSilent && wantsSuites) await requestSuite(github, repository, suite, "requested", by, head);
    await followBranch(github, repository, push, by, isSilent);
  }
}

function record(github: GitHub, repository: Repository, actor: Account, push: PushFacts): void {
  const type: Activity["type"] = push.created
    ? "branch_creation"
    : push.deleted
      ? "branch_deletion"
      : push.forced
        ? "force_push"
        : "push";
  const { ref, before, after } = push;
  repository.activity.push({ id: github.world.nextId(), before, after, ref, timestamp: new Date(), type, actor });
}

function emitPush(github: GitHub, repository: Repository, by: Account, push: PushFacts): void {
  const { ref, before, after, created, deleted, forced, baseRef } = push;
  const shape = (commit: PushFacts["commits"][number]) => pushedCommitShape(github, repository, commit);
  const short = (id: string): string => id.slice(0, 12);
  const range = created || before === ZERO_ID ? short(after) : `${short(before)}...${short(after)}`;
  const payload = {
    ref,
    before,
    after,
    repository: pushRepository(github.urls, repository),
    pusher: { name: by.login, email: emailOf(by) },
    created,
    deleted,
    forced,
    base_ref: baseRef,
    compare: github.urls.html(repository, `/compare/${range}`),
    commits: push.commits.map((commit) => shape(commit)),
    head_commit: push.headCommit === null ? null : shape(push.headCommit),
  };
  github.emit("push", repository, payload, { sender: by });
}
