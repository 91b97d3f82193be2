/** What was scanned, by the newest commit of it: a check run is made from this. */
import type { Gap } from "keyrecall";
import type { Queryable } from "./database.ts";

export interface RecordedScan {
  readonly repositoryId: number;
  readonly head: string;
  readonly installationId: number;
  readonly ref: string;
  /** Commits that the scan took for known: what they reach was not read. */
  readonly known: readonly string[];
  /** Null while it is going on. */
  readonly isComplete: boolean | null;
  readonly gaps: readonly Gap[];
  readonly checkRunId: number | null;
  /** A hash of what the check run says now. */
  readonly published: string | null;
}

export async function beginScan(
  database: Queryable,
  scan: Pick<RecordedScan, "repositoryId" | "head" | "installationId" | "ref" | "known">,
): Promise<void> {
  await database.query(
    `insert into keyrecall.scan (repository_id, head, installation_id, ref, known) values ($1, $2, $3, $4, $5)
     on conflict (repository_id, head) do nothing`,
    [scan.repositoryId, scan.head, scan.installationId, scan.ref, JSON.stringify(scan.known)],
  );
}

export async function endScan(
  database: Queryable,
  repositoryId: number,
  head: string,
  gaps: readonly Gap[],
  incidentIds: readonly string[],
): Promise<void> {
  await database.query(
    "update keyrecall.scan set is_complete = $3, gaps = $4, scanned_at = now() where repository_id = $1 and head = $2",
    [repositoryId, head, gaps.length === 0, JSON.stringify(gaps)],
  );
  for (const incidentId of incidentIds) {
    await database.query(
      "insert into keyrecall.scan_incident (repository_id, head, incident_id) values ($1, $2, $3) on conflict do nothing",
      [repositoryId, head, incidentId],
    );
  }
}

export async function findScan(
  database: Queryable,
  repositoryId: number,
  head: string,
): Promise<RecordedScan | null> {
  const [row] = await database.query<{
    installation_id: number;
    ref: string;
    known: string[];
    is_complete: boolean | null;
    gaps: Gap[];
    check_run_id: number | null;
    published: string | null;
  }>("select * from keyrecall.scan where repository_id = $1 and head = $2", [repositoryId, head]);
  if (row === undefined) return null;
  return {
    repositoryId,
    head,
    installationId: Number(row.installation_id),
    ref: row.ref,
    known: row.known,
    isComplete: row.is_complete,
    gaps: row.gaps,
    checkRunId: row.check_run_id === null ? null : Number(row.check_run_id),
    published: row.published,
  };
}

export async function saveCheckRun(
  database: Queryable,
  repositoryId: number,
  head: string,
  checkRunId: number,
  published: string,
): Promise<void> {
  await database.query(
    "update keyrecall.scan set check_run_id = $3, published = $4 where repository_id = $1 and head = $2",
    [repositoryId, head, checkRunId, published],
  );
}

export async function incidentsOfScan(database: Queryable, repositoryId: number, head: string): Promise<string[]> {
  const rows = await database.query<{ incident_id: string }>(
    "select incident_id from keyrecall.scan_incident where repository_id = $1 and head = $2 order by incident_id",
    [repositoryId, head],
  );
  return rows.map((row) => row.incident_id);
}

/** Heads of the scans that found it: their check runs change with the incident. */
export async function scansOfIncident(
  database: Queryable,
  incidentId: string,
): Promise<{ repositoryId: number; head: string }[]> {
  const rows = await database.query<{ repository_id: number; head: string }>(
    "select repository_id, head from keyrecall.scan_incident where incident_id = $1",
    [incidentId],
  );
  return rows.map((row) => ({ repositoryId: Number(row.repository_id), head: row.head }));
}
