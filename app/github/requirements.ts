/**
 * What the App asks of GitHub, in one place: the manifest that `init` posts, the checks of `doctor` and the guide are made
 * from it. Names and levels are those of GitHub's permissions and events.
 */

export type PermissionLevel = "read" | "write";

export interface RequiredPermission {
  readonly name: string;
  readonly level: PermissionLevel;
  /** Without it the App does not do what it is for; without another one, a part of GitHub stays unread. */
  readonly isEssential: boolean;
  readonly purpose: string;
}

export const PERMISSIONS: readonly RequiredPermission[] = [
  { name: "metadata", level: "read", isEssential: true, purpose: "repositories, and who may do what in them" },
  { name: "contents", level: "read", isEssential: true, purpose: "commits, releases, wiki pages, the policy file" },
  { name: "pull_requests", level: "read", isEssential: true, purpose: "pull requests and their reviews" },
  { name: "issues", level: "write", isEssential: true, purpose: "the rotation issue; issues and comments" },
  { name: "checks", level: "write", isEssential: true, purpose: "the check run and its buttons" },
  { name: "discussions", level: "read", isEssential: false, purpose: "discussions and their comments" },
  { name: "members", level: "read", isEssential: false, purpose: "teams that a policy names" },
  { name: "merge_queues", level: "read", isEssential: false, purpose: "the check run in a merge queue" },
  {
    name: "secret_scanning_alerts",
    level: "write",
    isEssential: false,
    purpose: "GitHub's own alerts: read, and closed when contained",
  },
];

/** Only where `PRIVATE_ADVISORIES` is on. */
export const ADVISORY_PERMISSION: RequiredPermission = {
  name: "repository_advisories",
  level: "write",
  isEssential: true,
  purpose: "a private advisory where no private place for an issue is configured",
};

export interface RequiredEvent {
  readonly name: string;
  /** Without it GitHub does not let an App subscribe. */
  readonly permission: string;
  readonly purpose: string;
}

export const EVENTS: readonly RequiredEvent[] = [
  { name: "push", permission: "contents", purpose: "commits and tags" },
  { name: "pull_request", permission: "pull_requests", purpose: "commits of forks, title and description" },
  { name: "pull_request_review", permission: "pull_requests", purpose: "text of reviews" },
  { name: "pull_request_review_comment", permission: "pull_requests", purpose: "comments on lines" },
  { name: "issues", permission: "issues", purpose: "titles and texts; ticked steps of a rotation issue" },
  { name: "issue_comment", permission: "issues", purpose: "comments, and commands in them" },
  { name: "commit_comment", permission: "contents", purpose: "comments on commits" },
  { name: "release", permission: "contents", purpose: "names and notes of releases" },
  { name: "gollum", permission: "contents", purpose: "wiki pages" },
  { name: "repository", permission: "metadata", purpose: "renamed, transferred, published, archived, deleted" },
  { name: "public", permission: "metadata", purpose: "published" },
  { name: "installation_target", permission: "metadata", purpose: "an organisation was renamed" },
  { name: "discussion", permission: "discussions", purpose: "titles and texts of discussions" },
  { name: "discussion_comment", permission: "discussions", purpose: "comments in discussions" },
  { name: "merge_group", permission: "merge_queues", purpose: "commits of a merge queue" },
  { name: "secret_scanning_alert", permission: "secret_scanning_alerts", purpose: "GitHub's own alerts" },
  { name: "secret_scanning_alert_location", permission: "secret_scanning_alerts", purpose: "new places of an alert" },
];

/** GitHub sends these to every App, or to every one that may write checks; it cannot be subscribed to them. */
export const UNASKED_EVENTS: readonly string[] = [
  "installation",
  "installation_repositories",
  "check_run",
  "check_suite",
];

const LEVELS: readonly string[] = ["read", "write", "admin"];

/** Those that are granted at a lower level or not at all. */
export function missingPermissions(
  granted: Readonly<Record<string, string | undefined>>,
  wanted: readonly RequiredPermission[],
): RequiredPermission[] {
  return wanted.filter(({ name, level }) => LEVELS.indexOf(granted[name] ?? "") < LEVELS.indexOf(level));
}

/** Those of granted permissions that are not subscribed to: without the permission the event is not missed alone. */
export function missingEvents(
  subscribed: readonly string[],
  granted: Readonly<Record<string, string | undefined>>,
): RequiredEvent[] {
  return EVENTS.filter(({ name, permission }) => granted[permission] !== undefined && !subscribed.includes(name));
}
