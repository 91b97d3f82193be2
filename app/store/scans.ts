/** What was scanned, by the newest commit of it: a check run is made from this. */
import type { Gap } from "keyrecall";
import type { Queryable } from "./database.ts";

export interface RecordedScan {
  readonly repositoryId: number;
  /** The commit that the check run is about. */
  readonly head: string;
  /** What was read: the head, or an annotated tag of it. */
  readonly tip: string;
  readonly ref: string;
  readonly installationId: number;
  /** Commits that the scan took for known: what they reach was not read. */
  readonly known: readonly string[];
  /** Who pushed it or opened the pull request. */
  readonly actor: string | null;
}

export async function beginScan(database: Queryable, scan: RecordedScan): Promise<void> {
  await database.query(
    `insert into keyrecall.scan (repository_id, head, ref, installation_id, known, actor, tip)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (repository_id, head, ref) do update set is_complete = null, installation_id = $4, tip = $7`,
    [scan.repositoryId, scan.head, scan.ref, scan.installationId, JSON.stringify(scan.known), scan.actor, scan.tip],
  );
}

export async function endScan(
  database: Queryable,
  { repositoryId, head, ref }: Pick<RecordedScan, "repositoryId" | "head" | "ref">,
  {
    gaps,
    incidentIds,
    known,
  }: {
    readonly gaps: readonly Gap[];
    readonly incidentIds: readonly string[];
    /** What the scan took for known in the end; null where it did not come so far. */
    readonly known: readonly string[] | null;
  },
): Promise<void> {
  await database.query(
    `update keyrecall.scan set is_complete = $4, gaps = $5, known = coalesce($6, known), scanned_at = now()
     where repository_id = $1 and head = $2 and ref = $3`,
    [repositoryId, head, ref, gaps.length === 0, JSON.stringify(gaps), known === null ? null : JSON.stringify(known)],
  );
  for (const incidentId of incidentIds) {
    await database.query(
      "insert into keyrecall.scan_incident (repository_id, head, incident_id) values ($1, $2, $3) on conflict do nothing",
      [repositoryId, head, incidentId],
    );
  }
}

export async function scansOfHead(database: Queryable, repositoryId: number, head: string): Promise<RecordedScan[]> {
  const rows = await database.query<{
    ref: string;
    installation_id: number;
    known: string[];
    actor: string | null;
    tip: string | null;
  }>(
    "select ref, installation_id, known, actor, tip from keyrecall.scan where repository_id = $1 and head = $2 order by ref",
    [repositoryId, head],
  );
  return rows.map(({ ref, installation_id: installationId, known, actor, tip }) => ({
    repositoryId,
    head,
    tip: tip ?? head,
    ref,
    installationId,
    known,
    actor,
  }));
}

/** What is said of it is to be said again, whether or not it is the same. */
export async function forgetPublished(database: Queryable, repositoryId: number, head: string): Promise<void> {
  await database.query("update keyrecall.check_run set published = '' where repository_id = $1 and head = $2", [
    repositoryId,
    head,
  ]);
}

/** Why the check run of a commit could not be written; null once it was. @returns whether that is news */
export async function noteCheckRunProblem(
  database: Queryable,
  repositoryId: number,
  head: string,
  problem: string | null,
): Promise<boolean> {
  const changed = await database.query(
    `update keyrecall.scan set check_run_problem = $3
     where repository_id = $1 and head = $2 and check_run_problem is distinct from $3 returning head`,
    [repositoryId, head, problem],
  );
  return changed.length > 0;
}

/** Commits of an installation whose check runs could not be written. */
export async function headsWithProblem(
  database: Queryable,
  installationId: number,
): Promise<{ repositoryId: number; head: string }[]> {
  const rows = await database.query<{ repository_id: number; head: string }>(
    "select distinct repository_id, head from keyrecall.scan where installation_id = $1 and check_run_problem is not null",
    [installationId],
  );
  return rows.map((row) => ({ repositoryId: row.repository_id, head: row.head }));
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
