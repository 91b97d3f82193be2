/** The policy of each account: the last valid one, where it comes from, and what is wrong with the file now. */
import type { Policy } from "../policy.ts";
import type { Queryable } from "./database.ts";

export interface PolicySource {
  readonly repositoryId: number;
  readonly repository: string;
  readonly isPrivate: boolean;
  /** The object that the file is. */
  readonly blob: string;
}

/** A push that came to the policy's repository, to tell who has brought a change. */
export interface PolicyPush {
  readonly by: string;
  readonly commits: readonly string[];
}

export interface PolicyProblem {
  readonly source: Pick<PolicySource, "repositoryId" | "repository">;
  readonly sentences: readonly string[];
}

export interface StoredPolicy {
  readonly accountId: number;
  /** Null where there is none, or was none yet. */
  readonly policy: Policy | null;
  readonly source: PolicySource | null;
  readonly push: PolicyPush | null;
  readonly problem: PolicyProblem | null;
  /** The issue that says so, in the repository of the problem. */
  readonly problemIssue: ProblemIssue | null;
  /** What has still to be announced, or null. */
  readonly announcement: PolicyAnnouncement | null;
  /** Why it could not be announced, or null. */
  readonly announcementProblem: string | null;
  /** False until the repository was looked into once. */
  readonly isKnown: boolean;
}

export interface ProblemIssue {
  readonly repository: string;
  readonly repositoryId: number;
}

export interface PolicyAnnouncement {
  /** Names the change: it is announced once. */
  readonly key: string;
  readonly by: string;
  readonly repository: string;
  readonly repositoryId: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

interface PolicyRow {
  readonly account_id: number;
  readonly policy: Policy | null;
  readonly source: PolicySource | null;
  readonly push: PolicyPush | null;
  readonly problem: PolicyProblem | null;
  readonly problem_issue: ProblemIssue | null;
  readonly announcement: PolicyAnnouncement | null;
  readonly announcement_problem: string | null;
  readonly checked_at: Date | null;
}

export async function findPolicy(database: Queryable, accountId: number): Promise<StoredPolicy | null> {
  const [row] = await database.query<PolicyRow>("select * from keyrecall.policy where account_id = $1", [accountId]);
  if (row === undefined) return null;
  return {
    accountId,
    policy: row.policy,
    source: row.source,
    push: row.push,
    problem: row.problem,
    problemIssue: row.problem_issue,
    announcement: row.announcement,
    announcementProblem: row.announcement_problem,
    isKnown: row.checked_at !== null,
  };
}

export type PolicyChange = Partial<Omit<StoredPolicy, "accountId" | "isKnown">>;

const COLUMNS: Readonly<Record<keyof PolicyChange, string>> = {
  policy: "policy",
  source: "source",
  push: "push",
  problem: "problem",
  problemIssue: "problem_issue",
  announcement: "announcement",
  announcementProblem: "announcement_problem",
};

/** @param isChecked whether the repository was looked into */
export async function savePolicy(
  database: Queryable,
  accountId: number,
  change: PolicyChange,
  isChecked: boolean,
): Promise<void> {
  await database.query("insert into keyrecall.policy (account_id) values ($1) on conflict do nothing", [accountId]);
  const entries = Object.entries(change) as [keyof PolicyChange, unknown][];
  const assignments = entries.map(([field], index) => `${COLUMNS[field]} = $${index + 2}`);
  if (isChecked) assignments.push("checked_at = now()");
  if (assignments.length === 0) return;
  const values = entries.map(([field, value]) =>
    value === null || field === "announcementProblem" ? value : JSON.stringify(value),
  );
  await database.query(`update keyrecall.policy set ${assignments.join(", ")} where account_id = $1`, [
    accountId,
    ...values,
  ]);
}

/** The account's installation that can be used now. */
export async function installationOfAccount(
  database: Queryable,
  accountId: number,
): Promise<{ readonly id: number; readonly accountLogin: string } | null> {
  const [row] = await database.query<{ id: number; account_login: string }>(
    `select id, account_login from keyrecall.installation where account_id = $1 and state = 'active'
     order by updated_at desc limit 1`,
    [accountId],
  );
  return row === undefined ? null : { id: row.id, accountLogin: row.account_login };
}

export async function accountsWithInstallation(database: Queryable): Promise<number[]> {
  const rows = await database.query<{ account_id: number }>(
    "select distinct account_id from keyrecall.installation where state = 'active' order by account_id",
  );
  return rows.map((row) => row.account_id);
}

/** Those whose response can go another way under another policy. */
export async function openIncidentsOfAccount(database: Queryable, accountId: number): Promise<string[]> {
  const rows = await database.query<{ id: string }>(
    "select id from keyrecall.incident where account_id = $1 and state not in ('contained', 'resolved') order by id",
    [accountId],
  );
  return rows.map(({ id }) => id);
}
