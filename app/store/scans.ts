/** What was scanned, by the newest commit of it: a check run is made from this. */
import type { Gap } from "keyrecall";
import type { Queryable } from "./database.ts";

export interface RecordedScan {
  readonly repositoryId: number;
  readonly head: string;
  readonly ref: string;
  readonly installationId: number;
  /** Commits that the scan took for known: what they reach was not read. */
  readonly known: readonly string[];
  /** Who pushed it or opened the pull request. */
  readonly actor: string | null;
}

export async function beginScan(database: Queryable, scan: RecordedScan): Promise<void> {
  await database.query(
    `insert into keyrecall.scan (repository_id, head, ref, installation_id, known, actor) values ($1, $2, $3, $4, $5, $6)
     on conflict (repository_id, head, ref) do update set is_complete = null, installation_id = $4`,
    [scan.repositoryId, scan.head, scan.ref, scan.installationId, JSON.stringify(scan.known), scan.actor],
  );
}

export async function endScan(
  database: Queryable,
  { repositoryId, head, ref }: Pick<RecordedScan, "repositoryId" | "head" | "ref">,
  gaps: readonly Gap[],
  incidentIds: readonly string[],
): Promise<void> {
  await database.query(
    `update keyrecall.scan set is_complete = $4, gaps = $5, scanned_at = now()
     where repository_id = $1 and head = $2 and ref = $3`,
    [repositoryId, head, ref, gaps.length === 0, JSON.stringify(gaps)],
  );
  for (const incidentId of incidentIds) {
    await database.query(
      "insert into keyrecall.scan_incident (repository_id, head, incident_id) values ($1, $2, $3) on conflict do nothing",
      [repositoryId, head, incidentId],
    );
  }
}

export async function scansOfHead(database: Queryable, repositoryId: number, head: string): Promise<RecordedScan[]> {
  const rows = await database.query<{ ref: string; installation_id: number; known: string[]; actor: string | null }>(
    "select ref, installation_id, known, actor from keyrecall.scan where repository_id = $1 and head = $2 order by ref",
    [repositoryId, head],
  );
  return rows.map(({ ref, installation_id: installationId, known, actor }) => ({
    repositoryId,
    head,
    ref,
    installationId,
    known,
    actor,
  }));
}

export interface HeadSummary {
  readonly installationId: number;
  /** False as soon as one scan of it was not complete; null while one is going on. */
  readonly isComplete: boolean | null;
  readonly gaps: readonly Gap[];
  readonly incidentIds: readonly string[];
  readonly checkRunId: number | null;
  readonly published: string | null;
}

/** All that is known of a commit, whatever refs brought it. */
export async function summarizeHead(
  database: Queryable,
  repositoryId: number,
  head: string,
): Promise<HeadSummary | null> {
  const scans = await database.query<{ installation_id: number; is_complete: boolean | null; gaps: Gap[] }>(
    "select installation_id, is_complete, gaps from keyrecall.scan where repository_id = $1 and head = $2 order by ref",
    [repositoryId, head],
  );
  const [first] = scans;
  if (first === undefined) return null;
  const incidents = await database.query<{ incident_id: string }>(
    "select incident_id from keyrecall.scan_incident where repository_id = $1 and head = $2 order by incident_id",
    [repositoryId, head],
  );
  const [checkRun] = await database.query<{ check_run_id: number; published: string }>(
    "select check_run_id, published from keyrecall.check_run where repository_id = $1 and head = $2",
    [repositoryId, head],
  );
  return {
    installationId: first.installation_id,
    isComplete: scans.some(({ is_complete: one }) => one === null)
      ? null
      : scans.every(({ is_complete: one }) => one === true),
    gaps: scans.flatMap(({ gaps }) => gaps),
    incidentIds: incidents.map((row) => row.incident_id),
    checkRunId: checkRun?.check_run_id ?? null,
    published: checkRun?.published ?? null,
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
    `insert into keyrecall.check_run (repository_id, head, check_run_id, published) values ($1, $2, $3, $4)
     on conflict (repository_id, head) do update set check_run_id = $3, published = $4`,
    [repositoryId, head, checkRunId, published],
  );
}

/** Commits whose scans found it: their check runs change with the incident. */
export async function headsOfIncident(
  database: Queryable,
  incidentId: string,
): Promise<{ repositoryId: number; head: string }[]> {
  const rows = await database.query<{ repository_id: number; head: string }>(
    "select repository_id, head from keyrecall.scan_incident where incident_id = $1",
    [incidentId],
  );
  return rows.map((row) => ({ repositoryId: row.repository_id, head: row.head }));
}
