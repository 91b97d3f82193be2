/** Tokens that history holds and that needed no response, and the one issue that tells of them. */
import type { Plane, Verdict } from "keyrecall";
import type { HistoryPlaces, HistoryToken, IncidentState, PlacedIssue } from "../incident.ts";
import type { Queryable } from "./database.ts";

/** Those that never answered live and have no issue of their own. */
export async function historyTokens(database: Queryable, accountId: number): Promise<HistoryToken[]> {
  const rows = await database.query<{
    id: string;
    fingerprint: string;
    masked: string;
    plane: Plane;
    state: IncidentState;
    verdict: Verdict;
    repository_id: number;
    count: number;
    path: string | null;
    commit_id: string | null;
    committed_at: Date | null;
  }>(
    `select i.id, i.fingerprint, i.masked, i.plane, i.state, i.verdict, o.repository_id, count(*)::integer as count,
       (array_agg(o.path order by o.path is null, o.id))[1] as path,
       (array_agg(o.commit_id order by o.path is null, o.id))[1] as commit_id, min(o.committed_at) as committed_at
     from keyrecall.incident i join keyrecall.occurrence o on o.incident_id = i.id
     where i.account_id = $1 and i.in_history and not i.was_live and i.issue is null
     group by i.id, o.repository_id order by i.found_at, i.id, min(o.id)`,
    [accountId],
  );
  const tokens = new Map<string, HistoryToken & { places: HistoryPlaces[] }>();
  for (const row of rows) {
    const { fingerprint, masked, plane, state, verdict } = row;
    const token = tokens.get(row.id) ?? { fingerprint, masked, plane, state, verdict, places: [] };
    token.places.push({
      repositoryId: row.repository_id,
      count: row.count,
      path: row.path,
      commit: row.commit_id,
      committedAt: row.committed_at?.toISOString() ?? null,
    });
    tokens.set(row.id, token);
  }
  return [...tokens.values()];
}

export interface StoredSummary {
  readonly issue: PlacedIssue | null;
  /** How many tokens it told of when it was written last. */
  readonly told: number;
  readonly problem: string | null;
}

export async function findSummary(database: Queryable, accountId: number): Promise<StoredSummary> {
  const [row] = await database.query<{ issue: PlacedIssue | null; told: number; problem: string | null }>(
    "select issue, told, problem from keyrecall.history_summary where account_id = $1",
    [accountId],
  );
  return row ?? { issue: null, told: 0, problem: null };
}

export async function saveSummary(
  database: Queryable,
  accountId: number,
  { issue, told, problem }: StoredSummary,
): Promise<void> {
  await database.query(
    `insert into keyrecall.history_summary (account_id, issue, told, problem) values ($1, $2, $3, $4)
     on conflict (account_id) do update set issue = $2, told = $3, problem = $4, updated_at = now()`,
    [accountId, issue === null ? null : JSON.stringify(issue), told, problem],
  );
}

/** Accounts whose summary stands in the repository, or tells of it. */
export async function accountsToldOf(database: Queryable, repositoryId: number): Promise<number[]> {
  const rows = await database.query<{ account_id: number }>(
    `select account_id from keyrecall.history_summary s where s.issue->>'repositoryId' = $2 or exists (
       select 1 from keyrecall.incident i join keyrecall.occurrence o on o.incident_id = i.id
       where i.account_id = s.account_id and i.in_history and o.repository_id = $1)`,
    [repositoryId, String(repositoryId)],
  );
  return rows.map((row) => row.account_id);
}
