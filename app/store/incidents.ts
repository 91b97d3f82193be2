/** Incidents: one for each token of an account, in whatever number of repositories and commits it stands. */
import { createHash, randomUUID } from "node:crypto";
import type { ApiHints, BlastRadius, LastLive, Token, Verdict } from "keyrecall";
import type {
  Incident,
  IncidentOccurrence,
  IncidentState,
  PlacedIssue,
  Resolution,
  TextKind,
  TextPlace,
  TimelineEntry,
} from "../incident.ts";
import { type AuditLine, audit, auditOfIncident } from "./audit-log.ts";
import type { Queryable, Transaction } from "./database.ts";
import { repositoryOf } from "./repositories.ts";
import type { Sealer } from "./seal.ts";

export interface FoundToken {
  readonly token: Token;
  readonly hints: ApiHints;
  readonly blastRadius: BlastRadius;
  readonly occurrences: readonly FoundOccurrence[];
  /** A sentence for the time line, where the places alone do not say it. */
  readonly what?: string;
  /** It was not brought in just now: it stands in history, and may have for years. */
  readonly isHistory?: boolean;
}

export type FoundOccurrence = Omit<IncidentOccurrence, "repository" | "receivedAt"> & {
  readonly installationId: number;
  readonly repositoryId: number;
  /** What tells this place from another, where line and column do not: an edit moves them. */
  readonly place?: string;
};

export interface SavedFinding {
  readonly incidentId: string;
  /** Whether the token was not known yet. */
  readonly isFirst: boolean;
  /** Whether this place was not known yet, or was known from history only. */
  readonly isNews: boolean;
}

/** Adds what was found to the incident of the token. The same finding once more changes nothing. */
export async function saveFinding(
  transaction: Transaction,
  sealer: Sealer,
  accountId: number,
  found: FoundToken,
  receivedAt: Date,
): Promise<SavedFinding> {
  const { token, hints, blastRadius } = found;
  const { fingerprint, rule, plane, publicId, masked } = token;
  const id = randomUUID();
  const verdict: Verdict = { state: "unchecked", reason: "found just now" };
  const inserted = await transaction.query(
    `insert into keyrecall.incident (id, account_id, fingerprint, rule, plane, public_id, masked, state, verdict,
       blast_radius, hints, token, received_at, found_at)
     values ($1, $2, $3, $4, $5, $6, $7, 'found', $8, $9, $10, $11, $12, now())
     on conflict (account_id, fingerprint) do nothing returning id`,
    [
      id,
      accountId,
      fingerprint,
      rule,
      plane,
      publicId,
      masked,
      JSON.stringify(verdict),
      JSON.stringify(blastRadius),
      JSON.stringify(hints),
      sealer.seal(Buffer.from(token.reveal()), purposeOfIncident(id)),
      receivedAt,
    ],
  );
  const [row] = await transaction.query<{ id: string; state: IncidentState }>(
    "select id, state from keyrecall.incident where account_id = $1 and fingerprint = $2 for update",
    [accountId, fingerprint],
  );
  const incidentId = row!.id;
  let news = 0;
  for (const occurrence of found.occurrences) {
    if (await addOccurrence(transaction, incidentId, occurrence, receivedAt)) news += 1;
  }
  if (news > 0) {
    const isFirst = inserted.length > 0;
    const where = [...new Set(found.occurrences.map((one) => one.repositoryId))];
    await audit(transaction, {
      actor: "keyrecall",
      action: isFirst ? "found" : "found-again",
      incidentId,
      ...(where[0] === undefined ? {} : { repositoryId: where[0] }),
      detail: { masked, places: news, ...(found.what === undefined ? {} : { what: found.what }) },
    });
    if (!isFirst) {
      // It is needed again, until it is known to be dead still.
      await keepToken(transaction, sealer, incidentId, token);
      // What has stood there all the time has not turned up again.
      if (found.isHistory !== true) {
        await transaction.query(
          "update keyrecall.incident set resurfaced_at = now() where id = $1 and state in ('contained', 'resolved')",
          [incidentId],
        );
        await withdrawResolution(transaction, incidentId);
      }
    }
  }
  const isFirst = inserted.length > 0;
  const leftHistory = await noteOrigin(transaction, incidentId, isFirst, found.isHistory === true);
  return { incidentId, isFirst, isNews: news > 0 || leftHistory };
}

/** @returns whether it was known from history only, and is not any more */
async function noteOrigin(
  transaction: Queryable,
  incidentId: string,
  isFirst: boolean,
  isHistory: boolean,
): Promise<boolean> {
  if (isHistory) {
    await transaction.query(
      "update keyrecall.incident set in_history = true, only_in_history = only_in_history or $2 where id = $1",
      [incidentId, isFirst],
    );
    return false;
  }
  const changed = await transaction.query(
    "update keyrecall.incident set only_in_history = false where id = $1 and only_in_history returning id",
    [incidentId],
  );
  return changed.length > 0;
}

async function addOccurrence(
  transaction: Queryable,
  incidentId: string,
  occurrence: FoundOccurrence,
  receivedAt: Date,
): Promise<boolean> {
  const { repositoryId, installationId, kind, object, path, line, column, encoding, container, variable } = occurrence;
  const { commit, author, committedAt, removedBy, ref, actor, innerLine, text = null } = occurrence;
  // The name of a ref is a place of its own; whatever else it reaches is one place, on however many refs.
  const name = kind === "ref-name" ? [ref] : [];
  // Entries of one archive all begin where it does.
  const entry = container.length === 0 ? [] : [...container, innerLine];
  const place = occurrence.place ?? hashOf([repositoryId, kind, object, path, line, column, commit, ...name, ...entry]);
  const inserted = await transaction.query(
    `insert into keyrecall.occurrence (incident_id, place, installation_id, repository_id, kind, object, path, line,
       byte_column, encoding, variable, commit_id, author, committed_at, removed_by, ref, actor, received_at, text,
       container, inner_line)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
     on conflict (incident_id, place) do nothing returning id`,
    [
      incidentId,
      place,
      installationId,
      repositoryId,
      kind,
      object,
      path,
      line,
      column,
      JSON.stringify(encoding),
      variable,
      commit,
      author,
      committedAt,
      JSON.stringify(removedBy),
      ref,
      actor,
      receivedAt,
      text === null ? null : JSON.stringify(text),
      JSON.stringify(container),
      innerLine,
    ],
  );
  return inserted.length > 0;
}

/** By it a later 403 is a difference, and a later refusal is one of the same API. */
export interface LiveEvidence extends LastLive {
  /** Its whole address. */
  readonly api: string;
}

/**
 * What tells a part of a text from all others: GitHub's own number, as addresses change with names. Further versions
 * of it have the same beginning.
 */
export function textPlace(repositoryId: number, kind: TextKind, id: number | string, part: string): string {
  return hashOf([repositoryId, kind, id, part]);
}

function hashOf(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** The incident of a token that is known to stand, or to have stood, in that part of a text. */
export async function incidentInText(
  database: Queryable,
  accountId: number,
  fingerprint: string,
  place: string,
): Promise<string | null> {
  const [row] = await database.query<{ id: string }>(
    `select i.id from keyrecall.incident i join keyrecall.occurrence o on o.incident_id = i.id
     where i.account_id = $1 and i.fingerprint = $2 and starts_with(o.place, $3) limit 1`,
    [accountId, fingerprint, place],
  );
  return row?.id ?? null;
}

/** An incident with what only the response needs. */
export interface StoredIncident extends Incident {
  readonly hints: ApiHints;
  /** When it answered live, and to what; or null. */
  readonly liveEvidence: LiveEvidence | null;
  readonly revocationKey: string | null;
  /** How many of the later checks of a contained token were made. */
  readonly checksDone: number;
  readonly hasSealedToken: boolean;
  /** When it turned up or lived again, after it was contained. */
  readonly resurfacedAt: string | null;
  /** Up to which of these the issue was opened again. */
  readonly issueResurfacedAt: string | null;
  /** Why there is no issue, or it could not be brought up to date. */
  readonly issueProblem: string | null;
  /** Since when an answer is wanted before its time; or null. */
  readonly checkAskedAt: string | null;
  /** `@login` of whom the policy lets approve; null while nobody has. */
  readonly approvedBy: string | null;
  /** `@login` of whoever wants the API to be asked now, or null. */
  readonly verifyAskedBy: string | null;
  /** Found by reading history; and by nothing else. */
  readonly isInHistory: boolean;
  readonly isOnlyInHistory: boolean;
}

interface IncidentRow {
  readonly id: string;
  readonly account_id: number;
  readonly fingerprint: string;
  readonly rule: string;
  readonly plane: "control" | "data";
  readonly public_id: string;
  readonly masked: string;
  readonly state: IncidentState;
  readonly verdict: Verdict;
  readonly was_live: boolean;
  readonly live_evidence: LiveEvidence | null;
  readonly blast_radius: BlastRadius;
  readonly hints: ApiHints;
  readonly has_token: boolean;
  readonly revocation_key: string | null;
  readonly manual_because: string | null;
  readonly checks_done: number;
  readonly received_at: Date;
  readonly found_at: Date;
  readonly verified_at: Date | null;
  readonly revoke_requested_at: Date | null;
  readonly contained_at: Date | null;
  readonly issue: PlacedIssue | null;
  readonly resurfaced_at: Date | null;
  readonly issue_resurfaced_at: Date | null;
  readonly issue_problem: string | null;
  readonly check_asked_at: Date | null;
  readonly awaits_approval: boolean;
  readonly approved_by: string | null;
  readonly resolution: Resolution | null;
  readonly verify_asked_by: string | null;
  readonly in_history: boolean;
  readonly only_in_history: boolean;
}

export async function findIncident(database: Queryable, id: string): Promise<StoredIncident | null> {
  const facts = await incidentFacts(database, id);
  if (facts === null) return null;
  const [occurrences, lines] = await Promise.all([occurrencesOf(database, id), auditOfIncident(database, id)]);
  return { ...facts, occurrences, timeline: lines.flatMap(timelineEntryOf) };
}

/** An incident without what only grows: its places and its time line. */
export type IncidentFacts = Omit<StoredIncident, "occurrences" | "timeline">;

export async function incidentFacts(database: Queryable, id: string): Promise<IncidentFacts | null> {
  const [row] = await database.query<IncidentRow>(
    `select id, account_id, fingerprint, rule, plane, public_id, masked, state, verdict, was_live, live_evidence,
       blast_radius, hints, token is not null as has_token, revocation_key, manual_because, checks_done, received_at,
       found_at, verified_at, revoke_requested_at, contained_at, issue, resurfaced_at, issue_resurfaced_at,
       issue_problem, check_asked_at, awaits_approval, approved_by, resolution, verify_asked_by, in_history,
       only_in_history
     from keyrecall.incident where id = $1`,
    [id],
  );
  if (row === undefined) return null;
  return {
    id,
    accountId: row.account_id,
    fingerprint: row.fingerprint,
    rule: row.rule,
    plane: row.plane,
    publicId: row.public_id,
    masked: row.masked,
    state: row.state,
    verdict: row.verdict,
    wasLive: row.was_live,
    liveEvidence: row.live_evidence,
    blastRadius: row.blast_radius,
    hints: row.hints,
    hasSealedToken: row.has_token,
    revocationKey: row.revocation_key,
    manualBecause: row.manual_because,
    checksDone: row.checks_done,
    times: {
      receivedAt: row.received_at.toISOString(),
      foundAt: row.found_at.toISOString(),
      verifiedAt: row.verified_at?.toISOString() ?? null,
      revokeRequestedAt: row.revoke_requested_at?.toISOString() ?? null,
      containedAt: row.contained_at?.toISOString() ?? null,
    },
    issue: row.issue,
    resurfacedAt: row.resurfaced_at?.toISOString() ?? null,
    issueResurfacedAt: row.issue_resurfaced_at?.toISOString() ?? null,
    issueProblem: row.issue_problem,
    checkAskedAt: row.check_asked_at?.toISOString() ?? null,
    awaitsApproval: row.awaits_approval,
    approvedBy: row.approved_by,
    resolution: row.resolution,
    verifyAskedBy: row.verify_asked_by,
    isInHistory: row.in_history,
    isOnlyInHistory: row.only_in_history,
  };
}

/** Lines of the audit log that carry a sentence are the incident's time line. */
function timelineEntryOf({ at, actor, detail }: AuditLine): TimelineEntry[] {
  const { what } = detail;
  return typeof what === "string" ? [{ at: at.toISOString(), what, by: actor }] : [];
}

type OccurrenceRow = Parameters<typeof repositoryOf>[0] & {
  readonly kind: IncidentOccurrence["kind"];
  readonly object: string | null;
  readonly path: string | null;
  readonly line: number;
  readonly byte_column: number;
  readonly encoding: string[];
  readonly variable: string | null;
  readonly commit_id: string | null;
  readonly author: string | null;
  readonly committed_at: Date | null;
  readonly removed_by: string[];
  readonly ref: string;
  readonly actor: string | null;
  readonly received_at: Date;
  readonly text: TextPlace | null;
  readonly container: string[];
  readonly inner_line: number | null;
};

async function occurrencesOf(database: Queryable, incidentId: string): Promise<IncidentOccurrence[]> {
  const rows = await database.query<OccurrenceRow>(
    `select r.*, o.kind, o.object, o.path, o.line, o.byte_column, o.encoding, o.variable, o.commit_id, o.author,
       o.committed_at, o.removed_by, o.ref, o.actor, o.received_at, o.text, o.container, o.inner_line
     from keyrecall.occurrence o join keyrecall.repository r on r.id = o.repository_id
     where o.incident_id = $1 order by o.id`,
    [incidentId],
  );
  return rows.map((row) => ({
    repository: repositoryOf(row),
    kind: row.kind,
    object: row.object,
    path: row.path,
    line: row.line,
    column: row.byte_column,
    encoding: row.encoding,
    container: row.container,
    innerLine: row.inner_line,
    variable: row.variable,
    commit: row.commit_id,
    author: row.author,
    committedAt: row.committed_at?.toISOString() ?? null,
    removedBy: row.removed_by,
    ref: row.ref,
    actor: row.actor,
    receivedAt: row.received_at.toISOString(),
    text: row.text,
  }));
}

/** What a step of the response changes. */
export interface IncidentChange {
  readonly state?: IncidentState;
  readonly verdict?: Verdict;
  readonly wasLive?: boolean;
  readonly liveEvidence?: LiveEvidence | null;
  readonly blastRadius?: BlastRadius;
  readonly revocationKey?: string | null;
  readonly manualBecause?: string | null;
  readonly checksDone?: number;
  readonly verifiedAt?: Date;
  readonly revokeRequestedAt?: Date | null;
  readonly containedAt?: Date | null;
  readonly issue?: PlacedIssue;
  readonly resurfacedAt?: Date;
  readonly issueResurfacedAt?: string | null;
  readonly issueProblem?: string | null;
  readonly awaitsApproval?: boolean;
  readonly approvedBy?: string | null;
  readonly resolution?: Resolution | null;
  readonly verifyAskedBy?: string | null;
}

const COLUMNS: Readonly<Record<keyof IncidentChange, string>> = {
  state: "state",
  verdict: "verdict",
  wasLive: "was_live",
  liveEvidence: "live_evidence",
  blastRadius: "blast_radius",
  revocationKey: "revocation_key",
  manualBecause: "manual_because",
  checksDone: "checks_done",
  verifiedAt: "verified_at",
  revokeRequestedAt: "revoke_requested_at",
  containedAt: "contained_at",
  issue: "issue",
  resurfacedAt: "resurfaced_at",
  issueResurfacedAt: "issue_resurfaced_at",
  issueProblem: "issue_problem",
  awaitsApproval: "awaits_approval",
  approvedBy: "approved_by",
  resolution: "resolution",
  verifyAskedBy: "verify_asked_by",
};

const JSON_FIELDS: ReadonlySet<string> = new Set(["verdict", "blastRadius", "liveEvidence", "issue", "resolution"]);

/** @returns whether it was in the state that the change is for */
export async function changeIncident(
  database: Queryable,
  id: string,
  change: IncidentChange,
  onlyIn: IncidentState | null = null,
): Promise<boolean> {
  const entries = Object.entries(change) as [keyof IncidentChange, unknown][];
  const assignments = entries.map(([field, value], index) => {
    const column = COLUMNS[field];
    // A worker that was taken for dead can come to life beside the one that goes on: both ask under the same key.
    if (field === "revocationKey" && value !== null) return `${column} = coalesce(${column}, $${index + 2})`;
    return `${column} = $${index + 2}`;
  });
  const values = entries.map(([field, value]) =>
    JSON_FIELDS.has(field) && value !== null ? JSON.stringify(value) : value,
  );
  const condition = onlyIn === null ? "" : ` and state = '${onlyIn}'`;
  const changed = await database.query(
    `update keyrecall.incident set ${[...assignments, "updated_at = now()"].join(", ")} where id = $1${condition} returning id`,
    [id, ...values],
  );
  return changed.length > 0;
}

/** Sealed, until it is known to be dead. */
export async function keepToken(database: Queryable, sealer: Sealer, id: string, token: Token): Promise<void> {
  await database.query("update keyrecall.incident set token = $2, updated_at = now() where id = $1", [
    id,
    sealer.seal(Buffer.from(token.reveal()), purposeOfIncident(id)),
  ]);
}

/** @returns null where it was erased. @throws {UnsealError} */
export async function openToken(database: Queryable, sealer: Sealer, id: string): Promise<string | null> {
  const [row] = await database.query<{ token: Uint8Array | null }>(
    "select token from keyrecall.incident where id = $1",
    [id],
  );
  if (row === undefined || row.token === null) return null;
  return sealer.open(row.token, purposeOfIncident(id)).toString("latin1");
}

export async function eraseToken(database: Queryable, id: string): Promise<void> {
  const erased = await database.query(
    "update keyrecall.incident set token = null where id = $1 and token is not null returning id",
    [id],
  );
  if (erased.length > 0) await audit(database, { actor: "keyrecall", action: "token-erased", incidentId: id });
}

/** Nobody has touched them for so long that nobody will. */
const LEFT_AFTER = "2 hours";

/**
 * Incidents that nothing has happened to for longer than any step takes, and that are not at their end.
 *
 * @param checks after containment, in seconds
 */
export async function leftIncidents(database: Queryable, checks: readonly number[]): Promise<string[]> {
  const rows = await database.query<{ id: string }>(
    `select id from keyrecall.incident
     where updated_at < now() - $1::interval
       -- Of an account that has the App no more, nothing can be read.
       and not exists (select 1 from keyrecall.installation n where n.account_id = incident.account_id
         group by n.account_id having bool_and(n.state = 'deleted'))
       and (state in ('found', 'verified', 'revoking', 'unverifiable', 'reopened')
         or contained_at + ($2::integer[])[checks_done + 1] * interval '1 second' < now() - $1::interval)`,
    [LEFT_AFTER, checks],
  );
  return rows.map(({ id }) => id);
}

/** Those that stand in the repository, or whose issue does; the repository changed, so what is said of them may too. */
export async function incidentsOfRepository(database: Queryable, repositoryId: number): Promise<string[]> {
  const rows = await database.query<{ id: string }>(
    `select id from keyrecall.incident i where issue->>'repositoryId' = $2
       or exists (select 1 from keyrecall.occurrence where incident_id = i.id and repository_id = $1) order by id`,
    [repositoryId, String(repositoryId)],
  );
  return rows.map(({ id }) => id);
}

/** All that the account has, open or not. */
export async function incidentsOfAccount(database: Queryable, accountId: number): Promise<string[]> {
  const rows = await database.query<{ id: string }>(
    "select id from keyrecall.incident where account_id = $1 order by id",
    [accountId],
  );
  return rows.map(({ id }) => id);
}

/** The API is to be asked as soon as may be, whatever was planned. */
export async function askForCheck(database: Queryable, id: string): Promise<void> {
  await database.query(
    "update keyrecall.incident set check_asked_at = date_trunc('milliseconds', clock_timestamp()) where id = $1",
    [id],
  );
}

/** @param askedAt when the check was wanted that was made now: a later wish stays */
export async function noteChecked(database: Queryable, id: string, askedAt: string): Promise<void> {
  await database.query(
    "update keyrecall.incident set check_asked_at = null where id = $1 and check_asked_at = $2::timestamptz",
    [id, askedAt],
  );
}

/** A repository changed hands: what stands nowhere else goes with it. */
export async function moveIncidents(database: Queryable, repositoryId: number, accountId: number): Promise<void> {
  await database.query(
    `update keyrecall.incident i set account_id = $2, updated_at = now()
     where account_id <> $2
       and exists (select 1 from keyrecall.occurrence where incident_id = i.id and repository_id = $1)
       and not exists (select 1 from keyrecall.occurrence where incident_id = i.id and repository_id <> $1)
       and not exists (select 1 from keyrecall.incident o where o.account_id = $2 and o.fingerprint = i.fingerprint)`,
    [repositoryId, accountId],
  );
}

/** Those that are not resolved, in repositories of the installation. */
export async function openIncidentsOfInstallation(database: Queryable, installationId: number): Promise<string[]> {
  const rows = await database.query<{ id: string }>(
    `select id from keyrecall.incident i where state <> 'resolved' and exists (
       select 1 from keyrecall.occurrence o join keyrecall.repository r on r.id = o.repository_id
       where o.incident_id = i.id and r.installation_id = $1) order by id`,
    [installationId],
  );
  return rows.map(({ id }) => id);
}

export async function incidentOfIssue(
  database: Queryable,
  repositoryId: number,
  number: number,
): Promise<string | null> {
  const [row] = await database.query<{ id: string }>(
    "select id from keyrecall.incident where issue->>'repositoryId' = $1 and issue->>'number' = $2",
    [String(repositoryId), String(number)],
  );
  return row?.id ?? null;
}

/** What their issues are known by, where none is written down. */
export async function incidentsWithoutIssue(
  database: Queryable,
  accountId: number,
): Promise<{ readonly id: string; readonly fingerprint: string; readonly publicId: string }[]> {
  const rows = await database.query<{ id: string; fingerprint: string; public_id: string }>(
    "select id, fingerprint, public_id from keyrecall.incident where account_id = $1 and issue is null",
    [accountId],
  );
  return rows.map(({ id, fingerprint, public_id: publicId }) => ({ id, fingerprint, publicId }));
}

/** It is what it was before a person closed it by a command. */
export async function withdrawResolution(database: Queryable, id: string): Promise<void> {
  await database.query(
    `update keyrecall.incident set resolution = null, updated_at = now(),
       state = case when contained_at is null then 'unverifiable' else 'contained' end
     where id = $1 and state = 'resolved' and resolution is not null`,
    [id],
  );
}

export async function countByState(database: Queryable): Promise<ReadonlyMap<string, number>> {
  const rows = await database.query<{ state: string; count: number }>(
    "select state, count(*)::integer as count from keyrecall.incident group by state",
  );
  return new Map(rows.map(({ state, count }) => [state, count]));
}

export function purposeOfIncident(id: string): string {
  return `incident ${id}`;
}
