/** Webhook deliveries: stored before they are acknowledged, sealed while they wait, erased when they are processed. */
import { createHash, randomUUID } from "node:crypto";
import { audit } from "./audit-log.ts";
import type { Database, Queryable, Transaction } from "./database.ts";
import { SEAL_HEAD_BYTES, type Sealer } from "./seal.ts";

export interface IncomingDelivery {
  /** `X-GitHub-Delivery`: the same for a redelivery. */
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly payload: Buffer;
  readonly receivedAt: Date;
  /** In the same bytes it can be meant anew: under another id it is another one. */
  readonly isRepeatable: boolean;
  /** Nothing is done for it: only that it came is kept. */
  readonly isIgnored: boolean;
}

export interface Delivery {
  readonly id: string;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly receivedAt: Date;
  readonly payload: unknown;
}

export type Acceptance = "stored" | "ignored" | "duplicate" | "again";

/**
 * Stores a delivery, or recognises it. What was processed changes nothing when it comes again, under whatever id: a
 * signature says nothing of headers. Only what asks for another look counts by its id too. What had failed is run again.
 *
 * @param enqueue sends the job, in the same transaction; whether there was none before
 */
export async function storeDelivery(
  database: Database,
  sealer: Sealer,
  delivery: IncomingDelivery,
  enqueue: (transaction: Transaction, id: string, isFirst: boolean) => Promise<void>,
): Promise<Acceptance> {
  const { guid, event, action, payload, isIgnored, isRepeatable } = delivery;
  const name = isRepeatable ? `${event} ${guid}` : event;
  const contentHash = createHash("sha256").update(`${name}\n`).update(payload).digest();
  const id = randomUUID();
  const facts = { guid, event, action };
  if (isIgnored) {
    const isStored = await insertDelivery(database, id, delivery, contentHash, null);
    return isStored ? "ignored" : "duplicate";
  }
  return database.transaction(async (transaction): Promise<Acceptance> => {
    const sealed = sealer.seal(payload, purposeOfDelivery(id));
    if (await insertDelivery(transaction, id, delivery, contentHash, sealed)) {
      await enqueue(transaction, id, true);
      return "stored";
    }
    const [known] = await transaction.query<{ id: string; state: string }>(
      "select id, state from keyrecall.delivery where content_hash = $1 for update",
      [contentHash],
    );
    if (known === undefined || known.state !== "failed") return "duplicate";
    await transaction.query(
      "update keyrecall.delivery set state = 'stored', payload = $2, outcome = null, finished_at = null where id = $1",
      [known.id, sealer.seal(payload, purposeOfDelivery(known.id))],
    );
    await audit(transaction, { actor: "GitHub", action: "delivery-received", deliveryId: known.id, detail: facts });
    await enqueue(transaction, known.id, false);
    return "again";
  });
}

/**
 * With its line in the audit log, in one statement: whoever waits for the acknowledgement waits for each way to the
 * database.
 *
 * @returns false where the same was stored before
 */
async function insertDelivery(
  database: Queryable,
  id: string,
  { guid, event, action, installationId, repositoryId, receivedAt, isIgnored }: IncomingDelivery,
  contentHash: Buffer,
  sealed: Buffer | null,
): Promise<boolean> {
  const inserted = await database.query(
    `with inserted as (
       insert into keyrecall.delivery
         (id, guid, event, action, installation_id, repository_id, content_hash, state, payload, received_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (content_hash) do nothing returning id
     ), noted as (
       insert into keyrecall.audit (actor, action, delivery_id, detail)
       select 'GitHub', $11::text, id, $12::jsonb from inserted
     )
     select id from inserted`,
    [
      id,
      guid,
      event,
      action,
      installationId,
      repositoryId,
      contentHash,
      isIgnored ? "ignored" : "stored",
      sealed,
      receivedAt,
      isIgnored ? "delivery-ignored" : "delivery-received",
      JSON.stringify({ guid, event, action }),
    ],
  );
  return inserted.length > 0;
}

/** @returns null where there is nothing (left) to do. @throws {UnsealError} */
export async function openDelivery(database: Queryable, sealer: Sealer, id: string): Promise<Delivery | null> {
  const [row] = await database.query<{
    guid: string;
    event: string;
    action: string | null;
    installation_id: number | null;
    state: string;
    received_at: Date;
    payload: Uint8Array | null;
  }>("select guid, event, action, installation_id, state, received_at, payload from keyrecall.delivery where id = $1", [
    id,
  ]);
  if (row === undefined || row.payload === null || (row.state !== "stored" && row.state !== "failed")) return null;
  const { guid, event, action, installation_id: installationId, received_at: receivedAt } = row;
  const payload: unknown = JSON.parse(sealer.open(row.payload, purposeOfDelivery(id)).toString("utf8"));
  return { id, guid, event, action, installationId, receivedAt, payload };
}

/** Erases the payload: whatever it held is not needed any more. */
export async function finishDelivery(database: Database, id: string, outcome: string): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.query(
      "update keyrecall.delivery set state = 'done', outcome = $2, payload = null, finished_at = now() where id = $1",
      [id, outcome],
    );
    await audit(transaction, {
      actor: "keyrecall",
      action: "delivery-processed",
      deliveryId: id,
      detail: { what: outcome },
    });
  });
}

/** Its payload stays sealed, so that it can be run again. */
export async function failDelivery(database: Database, id: string, why: string): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.query(
      "update keyrecall.delivery set state = 'failed', outcome = $2, finished_at = now() where id = $1 and state = 'stored'",
      [id, why],
    );
    await audit(transaction, { actor: "keyrecall", action: "delivery-failed", deliveryId: id, detail: { what: why } });
  });
}

/** Those that failed are tried again for as long as GitHub itself would keep them; then they are erased. */
const RETRY_AFTER = "1 hour";
const KEPT_FOR = "3 days";

/** Takes them up: their state says that they wait again. */
export async function retryableDeliveries(transaction: Transaction): Promise<string[]> {
  await transaction.query(
    "update keyrecall.delivery set payload = null where state = 'failed' and received_at < now() - $1::interval",
    [KEPT_FOR],
  );
  const rows = await transaction.query<{ id: string }>(
    `update keyrecall.delivery set state = 'stored', finished_at = null
     where state = 'failed' and payload is not null and finished_at < now() - $1::interval returning id`,
    [RETRY_AFTER],
  );
  return rows.map(({ id }) => id);
}

/** Takes up those of an installation that failed: what they failed for may have been mended. */
export async function retryDeliveriesOf(transaction: Transaction, installationId: number): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `update keyrecall.delivery set state = 'stored', finished_at = null
     where state = 'failed' and payload is not null and installation_id = $1 returning id`,
    [installationId],
  );
  return rows.map(({ id }) => id);
}

/** Those whose payload no key opens any more: GitHub still has it. */
export async function unopenableDeliveries(database: Queryable, sealer: Sealer): Promise<Set<string>> {
  const rows = await database.query<{ guid: string; head: Uint8Array }>(
    `select guid, substring(payload from 1 for ${SEAL_HEAD_BYTES}) as head from keyrecall.delivery
     where state = 'failed' and payload is not null`,
  );
  return new Set(rows.flatMap(({ guid, head }) => (sealer.hasKeyOf(head) ? [] : [guid])));
}

/** By state: those that wait or run, and those that failed and are kept to be run again. */
export async function countDeliveries(database: Queryable): Promise<ReadonlyMap<string, number>> {
  const rows = await database.query<{ state: string; count: number }>(
    "select state, count(*)::integer as count from keyrecall.delivery where state in ('stored', 'failed') group by state",
  );
  const counts = new Map(rows.map(({ state, count }) => [state, count]));
  return new Map(["stored", "failed"].map((state) => [state, counts.get(state) ?? 0]));
}

/** Long enough waiting for somebody to look whether a job waits with them. */
const WAITING_LONG = "10 minutes";

/** What was acknowledged and not processed for long: a worker that is killed at its last attempt leaves no job. */
export async function waitingDeliveries(database: Queryable): Promise<string[]> {
  const rows = await database.query<{ id: string }>(
    "select id from keyrecall.delivery where state = 'stored' and received_at < now() - $1::interval",
    [WAITING_LONG],
  );
  return rows.map(({ id }) => id);
}

export function purposeOfDelivery(id: string): string {
  return `delivery ${id}`;
}
