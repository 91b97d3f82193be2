import type { ChangedFile, CommitFacts, Person } from "../git/store.ts";
import type { PushedCommit } from "../webhooks/push.ts";
import type { Account, Repository } from "../world/entities.ts";
import { nodeId } from "../world/world.ts";
import { simpleUser } from "./accounts.ts";
import type { ShapeContext } from "./issues.ts";

export function commitShape(context: ShapeContext, repository: Repository, commit: CommitFacts) {
  const { urls } = context;
  const url = urls.repo(repository, `/commits/${commit.id}`);
  const gitUrl = urls.repo(repository, `/git/commits/${commit.id}`);
  return {
    sha: commit.id,
    node_id: nodeId("C", commit.id),
    commit: {
      author: person(commit.author),
      committer: person(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: urls.repo(repository, `/git/trees/${commit.tree}`) },
      url: gitUrl,
      comment_count: 0,
      verification: unsigned,
    },
    url,
    html_url: urls.html(repository, `/commit/${commit.id}`),
    comments_url: `${url}/comments`,
    author: accountOf(context, commit.author),
    committer: accountOf(context, commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: urls.repo(repository, `/commits/${sha}`),
      html_url: urls.html(repository, `/commit/${sha}`),
    })),
  };
}

export function gitCommitShape({ urls }: ShapeContext, repository: Repository, commit: CommitFacts) {
  return {
    sha: commit.id,
    node_id: nodeId("C", commit.id),
    url: urls.repo(repository, `/git/commits/${commit.id}`),
    html_url: urls.html(repository, `/commit/${commit.id}`),
    author: person(commit.author),
    committer: person(commit.committer),
    tree: { sha: commit.tree, url: urls.repo(repository, `/git/trees/${commit.tree}`) },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: urls.repo(repository, `/git/commits/${sha}`),
      html_url: urls.html(repository, `/commit/${sha}`),
    })),
    verification: unsigned,
  };
}

/** GitHub leaves `patch` out for binary and large files; clients have to live without. */
export function fileShape(
  { urls }: ShapeContext,
  repository: Repository,
  file: ChangedFile,
  ref: string,
  patch?: string,
) {
  const path = file.path.split("/").map(encodeURIComponent).join("/");
  return {
    sha: file.blob,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: urls.html(repository, `/blob/${ref}/${path}`),
    raw_url: urls.html(repository, `/raw/${ref}/${path}`),
    contents_url: urls.repo(repository, `/contents/${path}?ref=${ref}`),
    ...(patch === undefined ? {} : { patch }),
    ...(file.previous === undefined ? {} : { previous_filename: file.previous }),
  };
}

/** As pushes describe it. */
export function pushedCommitShape(context: ShapeContext, repository: Repository, commit: PushedCommit) {
  const { id, tree, distinct, message, author, committer, added, removed, modified } = commit;
  return {
    id,
    tree_id: tree,
    distinct,
    message,
    timestamp: committer.date,
    url: context.urls.html(repository, `/commit/${id}`),
    author: webhookPerson(context, author),
    committer: webhookPerson(context, committer),
    added,
    removed,
    modified,
  };
}

export function simpleCommit({ id, tree, message, author, committer }: CommitFacts) {
  const plain = ({ name, email }: Person) => ({ name, email });
  return {
    id,
    tree_id: tree,
    message,
    timestamp: committer.date,
    author: plain(author),
    committer: plain(committer),
  };
}

const unsigned = { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };

function person({ name, email, date }: Person) {
  return { name, email, date: `${new Date(date).toISOString().slice(0, 19)}Z` };
}

function webhookPerson(context: ShapeContext, { name, email, date }: Person) {
  const account = findByEmail(context, email);
  return { name, email, date, ...(account === undefined ? {} : { username: account.login }) };
}

function accountOf(context: ShapeContext, { email }: Person) {
  const account = findByEmail(context, email);
  return account === undefined ? null : simpleUser(context.urls, account);
}

/** A commit belongs to an account by nothing but the address in it. */
function findByEmail({ world }: ShapeContext, email: string): Account | undefined {
  return world.accounts.find(
    (account) => account.email === email || email === `${account.id}+${account.login}@users.noreply.github.com`,
  );
}
