// What there is on this GitHub. Everything is known by its number: names change.

export type AccountType = "User" | "Organization" | "Bot";

export interface Account {
  readonly id: number;
  login: string;
  readonly type: AccountType;
  readonly name: string | null;
  readonly email: string | null;
  readonly createdAt: Date;
  /** Of an organization. */
  readonly members: Set<number>;
  /** Of an organization. */
  readonly teams: Team[];
}

export interface Team {
  readonly id: number;
  slug: string;
  readonly members: Set<number>;
}

export type Role = "read" | "triage" | "write" | "maintain" | "admin";

export interface Label {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  body: string;
  readonly user: Account;
  readonly viaApp: boolean;
  readonly createdAt: Date;
  updatedAt: Date;
  readonly reactions: Reaction[];
}

export type ReactionContent = "+1" | "-1" | "laugh" | "confused" | "heart" | "hooray" | "rocket" | "eyes";

export interface Reaction {
  readonly id: number;
  readonly content: ReactionContent;
  readonly user: Account;
  readonly createdAt: Date;
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  readonly user: Account;
  readonly viaApp: boolean;
  labels: Label[];
  assignees: Account[];
  state: "open" | "closed";
  stateReason: "completed" | "not_planned" | "duplicate" | "reopened" | null;
  locked: boolean;
  readonly createdAt: Date;
  updatedAt: Date;
  closedAt: Date | null;
  closedBy: Account | null;
  /** A pull request is an issue with more to it. */
  readonly pull: Pull | undefined;
}

export interface Pull {
  readonly id: number;
  readonly baseRef: string;
  readonly headRef: string;
  /** Of the repository that it comes from. */
  readonly headRepository: number;
  baseSha: string;
  headSha: string;
  mergeSha: string | null;
  draft: boolean;
  mergedAt: Date | null;
}

export type CheckStatus = "queued" | "in_progress" | "completed" | "waiting" | "requested" | "pending";

export type CheckConclusion =
  | "action_required"
  | "cancelled"
  | "failure"
  | "neutral"
  | "success"
  | "skipped"
  | "stale"
  | "timed_out";

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number;
  readonly end_column?: number;
  readonly annotation_level: "notice" | "warning" | "failure";
  readonly message: string;
  readonly title?: string;
  readonly raw_details?: string;
}

export interface CheckRun {
  readonly id: number;
  readonly suite: CheckSuite;
  name: string;
  readonly headSha: string;
  externalId: string;
  detailsUrl: string | null;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  startedAt: Date;
  completedAt: Date | null;
  output: { title: string | null; summary: string | null; text: string | null };
  annotations: Annotation[];
  actions: readonly { readonly label: string; readonly description: string; readonly identifier: string }[];
}

export interface CheckSuite {
  readonly id: number;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly before: string | null;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface Activity {
  readonly id: number;
  readonly before: string;
  readonly after: string;
  readonly ref: string;
  readonly timestamp: Date;
  readonly type: "push" | "force_push" | "branch_deletion" | "branch_creation";
  readonly actor: Account;
}

export interface SecretAlert {
  readonly number: number;
  readonly secretType: string;
  readonly secret: string;
  state: "open" | "resolved";
  resolution: "false_positive" | "wont_fix" | "revoked" | "used_in_tests" | null;
  resolutionComment: string | null;
  validity: "active" | "inactive" | "unknown";
  resolvedAt: Date | null;
  resolvedBy: Account | null;
  readonly createdAt: Date;
  updatedAt: Date;
  readonly locations: readonly AlertLocation[];
}

export interface AlertLocation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly startColumn: number;
  readonly endColumn: number;
  readonly blobSha: string;
  readonly commitSha: string;
}

export type Severity = "critical" | "high" | "medium" | "low";

export interface Advisory {
  readonly ghsaId: string;
  /** A report is what an outsider hands in; it waits in triage. */
  readonly isReport: boolean;
  summary: string;
  description: string | null;
  severity: Severity | null;
  cvssVector: string | null;
  cweIds: readonly string[];
  vulnerabilities: readonly unknown[];
  state: "published" | "closed" | "withdrawn" | "draft" | "triage";
  readonly author: Account;
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface Repository {
  readonly id: number;
  owner: Account;
  name: string;
  description: string | null;
  isPrivate: boolean;
  hasIssues: boolean;
  isArchived: boolean;
  isDeleted: boolean;
  hasPrivateReporting: boolean;
  defaultBranch: string;
  /** Of the repository that it was forked from. */
  readonly parent: number | undefined;
  readonly createdAt: Date;
  updatedAt: Date;
  pushedAt: Date | null;
  readonly collaborators: Map<number, Role>;
  readonly gitDir: string;
  /** In kilobytes, as GitHub says it. */
  readonly size: number;
  /** Pull requests too: they share the numbers. */
  readonly issues: Issue[];
  readonly comments: Comment[];
  readonly labels: Label[];
  readonly checkSuites: CheckSuite[];
  readonly checkRuns: CheckRun[];
  readonly activity: Activity[];
  readonly alerts: SecretAlert[];
  readonly advisories: Advisory[];
}

export type Level = "read" | "write" | "admin";
export type Permissions = Readonly<Record<string, Level>>;

export interface Installation {
  readonly id: number;
  readonly account: Account;
  permissions: Permissions;
  selection: "all" | "selected";
  /** Where not all are covered: these. */
  readonly repositories: Set<number>;
  events: readonly string[];
  suspendedAt: Date | null;
  isDeleted: boolean;
  readonly createdAt: Date;
  updatedAt: Date;
}

export function fullName({ owner, name }: Repository): string {
  return `${owner.login}/${name}`;
}
