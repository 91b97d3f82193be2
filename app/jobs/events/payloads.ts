/**
 * The fields of webhook payloads that are read. Source: GitHub's webhook events and payloads; all others are ignored. What
 * is only shown, or saves work, may be missing or null: what was leaked is looked for all the same.
 */
import * as z from "zod";

const id = z.number().int().positive();
/** SHA-1 or SHA-256; all zeros stand for no object. */
const objectId = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/);
const account = z.object({ id, login: z.string() });
/** Whoever did it; not known where GitHub does not say, as of accounts that were deleted. */
const sender = account.optional().catch(undefined);
const person = account.extend({ type: z.string().optional() }).optional().catch(undefined);
/** Null where the account was deleted. */
const user = z.object({ login: z.string() }).nullable().catch(null);
const installation = z.object({ id });

const repository = z.object({
  id,
  full_name: z.string(),
  private: z.boolean(),
  default_branch: z.string(),
  archived: z.boolean().optional().catch(undefined),
  /** In kilobytes. */
  size: z.number().optional().catch(undefined),
  owner: account,
});

export type RepositoryPayload = z.infer<typeof repository>;

export const pushPayload = z.object({
  ref: z.string(),
  before: objectId,
  after: objectId,
  forced: z.boolean().catch(false),
  /** Up to 2,048. */
  commits: z.array(z.object({ id: objectId })).catch([]),
  /** The commit, also where what was pushed is a tag of it. */
  head_commit: z.object({ id: objectId }).nullable().catch(null),
  repository,
  installation,
  sender,
});

export const pullRequestPayload = z.object({
  action: z.string(),
  number: id,
  pull_request: z.object({
    head: z.object({ sha: objectId }),
    base: z.object({ sha: objectId, ref: z.string() }),
    user,
  }),
  repository,
  installation,
  sender,
});

const installedRepository = z.object({ id, full_name: z.string(), private: z.boolean() });

const installed = z.object({ id, account, suspended_at: z.string().nullable().optional() });

export const installationPayload = z.object({
  action: z.string(),
  installation: installed,
  repositories: z.array(installedRepository).optional(),
  sender,
});

export const installationRepositoriesPayload = z.object({
  action: z.string(),
  installation: installed,
  repositories_added: z.array(installedRepository),
  repositories_removed: z.array(z.object({ id })),
  sender,
});

/** The branch is null for commits of forks. */
const pushOfSuite = z.object({
  head_branch: z.string().nullable().catch(null),
  before: objectId.nullable().catch(null),
});

export const installationTargetPayload = z.object({
  action: z.string(),
  installation,
  changes: z
    .object({ login: z.object({ from: z.string() }).optional() })
    .nullable()
    .optional(),
  sender: account.optional(),
});

export const checkRunPayload = z.object({
  action: z.string(),
  /** The button that was pressed. */
  requested_action: z.object({ identifier: z.string() }).nullable().optional(),
  check_run: z.object({
    id,
    head_sha: objectId,
    app: z.object({ id }).nullable().optional(),
    check_suite: pushOfSuite.nullable().catch(null),
  }),
  repository,
  installation,
  sender: person,
});

export const checkSuitePayload = z.object({
  action: z.string(),
  check_suite: pushOfSuite.extend({ head_sha: objectId, app: z.object({ id }).nullable().optional() }),
  repository,
  installation,
  sender,
});

export const repositoryPayload = z.object({
  action: z.string().optional(),
  repository,
  installation: installation.optional(),
  sender,
});

export const issuesPayload = z.object({
  action: z.string(),
  issue: z.object({ number: id }),
  repository,
  installation,
  sender,
});

/** What all events that carry a text have. */
export const textEventPayload = z.object({
  action: z.string().optional(),
  changes: z.record(z.string(), z.unknown()).catch({}),
  repository,
  installation,
  sender,
});

const text = z.string().nullable().optional();
const url = z.string().nullable().catch(null);

export const issueTexts = z.object({
  issue: z.object({ id, number: id, html_url: url, user, title: text, body: text }),
});

export const issueCommentTexts = z.object({
  issue: z.object({ number: id }),
  comment: z.object({ id, html_url: url, user, body: text }),
});

export const pullRequestTexts = z.object({
  pull_request: z.object({ id, number: id, html_url: url, user, title: text, body: text }),
});

export const reviewTexts = z.object({
  pull_request: z.object({ number: id }),
  review: z.object({ id, html_url: url, user, body: text }),
});

export const reviewCommentTexts = z.object({
  pull_request: z.object({ number: id }),
  comment: z.object({ id, html_url: url, user, body: text, diff_hunk: text }),
});

export const discussionTexts = z.object({
  discussion: z.object({ id, number: id, html_url: url, user, title: text, body: text }),
});

export const discussionCommentTexts = z.object({
  discussion: z.object({ number: id }),
  comment: z.object({ id, html_url: url, user, body: text }),
});

export const releaseTexts = z.object({
  release: z.object({
    id,
    html_url: url,
    author: user,
    tag_name: z.string(),
    name: text,
    body: text,
    assets: z.array(z.object({ name: text, label: text })).catch([]),
  }),
});

export const commitCommentTexts = z.object({
  comment: z.object({ id, html_url: url, user, body: text, commit_id: z.string().catch("") }),
});

export const wikiPayload = z.object({
  pages: z.array(z.object({ sha: objectId })),
  repository,
  installation,
  sender,
});

export const secretScanningAlertPayload = z.object({
  action: z.string(),
  alert: z.object({ number: id, html_url: url }),
  repository,
  installation,
  sender,
});

export const secretScanningLocationPayload = secretScanningAlertPayload.extend({
  location: z.object({ type: z.string() }),
});

export const mergeGroupPayload = z.object({
  action: z.string(),
  merge_group: z.object({ head_sha: objectId, head_ref: z.string(), base_sha: objectId, base_ref: z.string() }),
  repository,
  installation,
  sender,
});

export const issueCommentPayload = z.object({
  action: z.string(),
  issue: z.object({ number: id }),
  comment: z.object({ id, body: z.string().nullable().optional() }),
  repository,
  installation,
  sender: person,
});

export const NO_OBJECT = /^0+$/;
