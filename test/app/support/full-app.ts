// An App that was given all that docs/app.md names.
export const FULL_PERMISSIONS = {
  metadata: "read",
  contents: "read",
  pull_requests: "read",
  issues: "write",
  checks: "write",
  discussions: "read",
  merge_queues: "read",
  secret_scanning_alerts: "write",
} as const;

/** As little as a policy with teams needs. */
export const MEMBERS = {
  metadata: "read",
  contents: "read",
  pull_requests: "read",
  issues: "write",
  checks: "write",
  members: "read",
} as const;

export const ALL_EVENTS = [
  "push",
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
  "issues",
  "issue_comment",
  "discussion",
  "discussion_comment",
  "release",
  "commit_comment",
  "gollum",
  "repository",
  "public",
  "merge_group",
  "secret_scanning_alert",
  "secret_scanning_alert_location",
] as const;
