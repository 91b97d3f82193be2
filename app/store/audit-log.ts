/** What was seen, decided and done, by whom or what. Lines are added and never changed: the database refuses it. */
import type { Queryable } from "./database.ts";

export type AuditAction =
  | "delivery-received"
  | "delivery-ignored"
  | "delivery-processed"
  | "delivery-failed"
  | "redelivery-requested"
  | "installation-changed"
  | "repository-changed"
  | "scanned"
  | "found"
  | "found-again"
  | "verified"
  | "revocation-withheld"
  | "revocation-requested"
  | "revocation-answered"
  | "contained"
  | "still-dead"
  | "reopened"
  | "resolved"
  | "policy-changed"
  | "policy-invalid"
  | "policy-valid-again"
  | "policy-not-announced"
  | "command-done"
  | "command-refused"
  | "check-run-published"
  | "check-run-not-published"
  | "issue-published"
  | "issue-not-published"
  | "token-erased"
  | "text-changed"
  | "alert-published"
  | "alert-not-published"
  | "installation-erased"
  | "retention-applied"
  | "backfill-requested"
  | "backfill-stopped"
  | "backfill-ended"
  | "history-read"
  | "history-not-read"
  | "summary-published"
  | "summary-not-published";

export interface AuditEntry {
  /** `keyrecall`, `InferenceKey's API`, the provider's name, or `@login`. */
  readonly actor: string;
  readonly action: AuditAction;
  readonly incidentId?: string;
  readonly deliveryId?: string;
  readonly repositoryId?: number;
  /** What happened, in one sentence for people, and facts. Never a token. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

export async function audit(database: Queryable, entry: AuditEntry): Promise<void> {
  const { actor, action, incidentId = null, deliveryId = null, repositoryId = null, detail = {} } = entry;
  await database.query(
    `insert into keyrecall.audit (actor, action, incident_id, delivery_id, repository_id, detail)
     values ($1, $2, $3, $4, $5, $6)`,
    [actor, action, incidentId, deliveryId, repositoryId, JSON.stringify(detail)],
  );
}

/** What is made again for one delivery is written down once. */
export async function auditOnce(
  database: Queryable,
  entry: AuditEntry & { readonly deliveryId: string; readonly incidentId: string },
): Promise<void> {
  const known = await database.query(
    "select 1 from keyrecall.audit where incident_id = $1 and delivery_id = $2 and action = $3 limit 1",
    [entry.incidentId, entry.deliveryId, entry.action],
  );
  if (known.length === 0) await audit(database, entry);
}

export interface AuditLine {
  readonly at: Date;
  readonly actor: string;
  readonly action: AuditAction;
  readonly detail: Readonly<Record<string, unknown>>;
}

export function auditOfIncident(database: Queryable, incidentId: string): Promise<AuditLine[]> {
  return database.query<AuditLine>(
    "select at, actor, action, detail from keyrecall.audit where incident_id = $1 order by id",
    [incidentId],
  );
}
