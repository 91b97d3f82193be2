import { fullName, type Account, type Repository, type Role } from "../world/entities.ts";
import { nodeId } from "../world/world.ts";
import { simpleUser, time } from "./accounts.ts";
import type { Urls } from "./urls.ts";

/** Where each part of a repository is found, by the name of the field. */
const PARTS = {
  forks_url: "/forks",
  keys_url: "/keys{/key_id}",
  collaborators_url: "/collaborators{/collaborator}",
  teams_url: "/teams",
  hooks_url: "/hooks",
  issue_events_url: "/issues/events{/number}",
  events_url: "/events",
  assignees_url: "/assignees{/user}",
  branches_url: "/branches{/branch}",
  tags_url: "/tags",
  blobs_url: "/git/blobs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  git_refs_url: "/git/refs{/sha}",
  trees_url: "/git/trees{/sha}",
  statuses_url: "/statuses/{sha}",
  languages_url: "/languages",
  stargazers_url: "/stargazers",
  contributors_url: "/contributors",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  commits_url: "/commits{/sha}",
  git_commits_url: "/git/commits{/sha}",
  comments_url: "/comments{/number}",
  issue_comment_url: "/issues/comments{/number}",
  contents_url: "/contents/{+path}",
  compare_url: "/compare/{base}...{head}",
  merges_url: "/merges",
  archive_url: "/{archive_format}{/ref}",
  downloads_url: "/downloads",
  issues_url: "/issues{/number}",
  pulls_url: "/pulls{/number}",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  labels_url: "/labels{/name}",
  releases_url: "/releases{/id}",
  deployments_url: "/deployments",
} as const;

export function minimalRepository(urls: Urls, repository: Repository) {
  const { id, name, owner } = repository;
  const parts = Object.entries(PARTS).map(([field, rest]) => [field, urls.repo(repository, rest)] as const);
  return {
    id,
    node_id: nodeId("R", id),
    name,
    full_name: fullName(repository),
    private: repository.isPrivate,
    owner: simpleUser(urls, owner),
    html_url: urls.html(repository),
    description: repository.description,
    fork: repository.parent !== undefined,
    url: urls.repo(repository),
    ...(Object.fromEntries(parts) as Record<keyof typeof PARTS, string>),
  };
}

export function repositoryShape(urls: Urls, repository: Repository) {
  const host = urls.origin.replace(/^https?:\/\//, "");
  const openIssues = repository.issues.filter(({ state }) => state === "open").length;
  return {
    ...minimalRepository(urls, repository),
    created_at: time(repository.createdAt),
    updated_at: time(repository.updatedAt),
    pushed_at: time(repository.pushedAt ?? repository.createdAt),
    git_url: `git://${host}/${fullName(repository)}.git`,
    ssh_url: `git@${host}:${fullName(repository)}.git`,
    clone_url: `${urls.html(repository)}.git`,
    svn_url: urls.html(repository),
    homepage: null,
    size: repository.size,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: repository.hasIssues,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: repository.isArchived,
    disabled: false,
    open_issues_count: openIssues,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.isPrivate ? "private" : "public",
    forks: 0,
    open_issues: openIssues,
    watchers: 0,
    default_branch: repository.defaultBranch,
    custom_properties: {},
  };
}

export function rolePermissions(role: Role | "none") {
  const order = ["read", "triage", "write", "maintain", "admin"];
  const reaches = (needed: string): boolean => order.indexOf(role) >= order.indexOf(needed);
  return {
    admin: reaches("admin"),
    maintain: reaches("maintain"),
    push: reaches("write"),
    triage: reaches("triage"),
    pull: reaches("read"),
  };
}

export function fullRepository(urls: Urls, repository: Repository, parent: Repository | undefined) {
  const origin = parent === undefined ? undefined : repositoryShape(urls, parent);
  return {
    ...repositoryShape(urls, repository),
    ...(origin === undefined ? {} : { parent: origin, source: origin }),
    ...(repository.owner.type === "Organization" ? { organization: simpleUser(urls, repository.owner) } : {}),
    network_count: 0,
    subscribers_count: 0,
    temp_clone_token: null,
    permissions: { admin: false, maintain: false, push: false, triage: false, pull: false },
  };
}

/** In the payload of a push some fields are as they were in the first version of webhooks. */
export function pushRepository(urls: Urls, repository: Repository) {
  const shape = repositoryShape(urls, repository);
  const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);
  return {
    ...shape,
    owner: { name: repository.owner.login, email: emailOf(repository.owner), ...shape.owner },
    url: urls.html(repository),
    created_at: seconds(repository.createdAt),
    pushed_at: seconds(repository.pushedAt ?? repository.createdAt),
    stargazers: 0,
    master_branch: repository.defaultBranch,
    ...(repository.owner.type === "Organization" ? { organization: repository.owner.login } : {}),
  };
}

export function emailOf(account: Account): string {
  return account.email ?? `${account.id}+${account.login}@users.noreply.github.com`;
}
