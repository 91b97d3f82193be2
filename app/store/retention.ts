/** What is old enough is deleted: incidents that are at their end, and lines of the audit log. */
import { audit } from "./audit-log.ts";
import type { Database, Queryable, Transaction } from "./database.ts";

/** In one transaction: others work beside it. */
const BATCH = 500;
/** At a time; the rest comes with the next time. */
const MAX_BATCHES = 20;

async function inBatches(deleteSome: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const count = await deleteSome();
    total += count;
    if (count < BATCH) break;
  }
  return total;
}

/** What refers to an incident goes with it, whatever table it is in. */
async function tablesOfIncident(transaction: Queryable): Promise<{ table: string; column: string }[]> {
  return transaction.query(
    `select c.conrelid::regclass::text as "table", a.attname::text as "column" from pg_constraint c
     join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
     where c.contype = 'f' and c.confrelid = 'keyrecall.incident'::regclass order by 1`,
  );
}

/**
 * Deletes incidents that are resolved, or contained with all later checks made, and of accounts that have the App no
 * more, when nothing happened to them for so long. One that is open is never deleted.
 *
 * @param checks how many later checks a contained token gets
 * @returns how many
 */
export async function deleteOldIncidents(database: Database, days: number, checks: number): Promise<number> {
  return inBatches(() => deleteSomeIncidents(database, days, checks));
}

async function deleteSomeIncidents(database: Database, days: number, checks: number): Promise<number> {
  return database.transaction(async (transaction) => {
    const old = await transaction.query<{ id: string }>(
      `select id from keyrecall.incident i
       where updated_at < now() - $1 * interval '1 day' and token is null
         and (state = 'resolved' or (state = 'contained' and (checks_done >= $2 or not was_live))
           or (exists (select 1 from keyrecall.installation where account_id = i.account_id)
             and not exists
               (select 1 from keyrecall.installation where account_id = i.account_id and state <> 'deleted')))
       order by updated_at limit ${BATCH} for update skip locked`,
      [days, checks],
    );
    const ids = old.map(({ id }) => id);
    if (ids.length === 0) return 0;
    for (const { table, column } of await tablesOfIncident(transaction)) {
      await transaction.query(`delete from ${table} where "${column}" = any($1::uuid[])`, [ids]);
    }
    await transaction.query("delete from keyrecall.incident where id = any($1::uuid[])", [ids]);
    await noteRetention(transaction, "incidents", ids.length, days);
    return ids.length;
  });
}

/** What was scanned that long ago, and found nothing that is still kept. */
export async function deleteOldScans(database: Database, days: number): Promise<number> {
  return inBatches(async () => {
    const old = await database.query(
      `delete from keyrecall.scan s where ctid in (
         select ctid from keyrecall.scan where scanned_at < now() - $1 * interval '1 day'
           and is_complete is not null and check_run_problem is null
           and not exists (select 1 from keyrecall.scan_incident f
             where f.repository_id = scan.repository_id and f.head = scan.head) limit ${BATCH})
       returning head`,
      [days],
    );
    return old.length;
  });
}

/**
 * The database lets lines of the audit log go that are older than a time that is named for this one transaction, and no
 * others. Deliveries, of which nothing but their record is left, go with them.
 *
 * @returns how many lines
 */
export async function deleteOldAudit(database: Database, days: number): Promise<number> {
  return inBatches(() => deleteSomeAudit(database, days));
}

async function deleteSomeAudit(database: Database, days: number): Promise<number> {
  return database.transaction(async (transaction) => {
    await transaction.query("select set_config('keyrecall.audit_retention_days', $1, true)", [String(days)]);
    const lines = await transaction.query(
      `delete from keyrecall.audit where id in (select id from keyrecall.audit
         where at < now() - $1 * interval '1 day' order by id limit ${BATCH}) returning id`,
      [days],
    );
    await transaction.query(
      `delete from keyrecall.delivery where id in (select id from keyrecall.delivery
         where received_at < now() - $1 * interval '1 day' and payload is null and state <> 'stored' limit ${BATCH})`,
      [days],
    );
    if (lines.length > 0) await noteRetention(transaction, "audit lines", lines.length, days);
    return lines.length;
  });
}

async function noteRetention(transaction: Transaction, what: string, count: number, days: number): Promise<void> {
  await audit(transaction, { actor: "keyrecall", action: "retention-applied", detail: { deleted: what, count, days } });
}
