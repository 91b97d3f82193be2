/** Seals anew, under the key of today, what a key of before has sealed: so that the old one can be thrown away. */
import type { Database, Queryable } from "./database.ts";
import { purposeOfDelivery } from "./deliveries.ts";
import { purposeOfIncident } from "./incidents.ts";
import { type Sealer, UnsealError } from "./seal.ts";

/** What is sealed, where, and what for. */
const PLACES = [
  { table: "keyrecall.delivery", column: "payload", purposeOf: purposeOfDelivery },
  { table: "keyrecall.incident", column: "token", purposeOf: purposeOfIncident },
] as const;

const BATCH = 50;
/** The version and the key's id stand in front of each sealed value. */
const keyIdOf = (column: string): string => `encode(substring(${column} from 2 for 4), 'hex')`;

/** @returns how many were sealed anew; 0 where nothing is left that an older key of these would open */
export async function resealSome(database: Database, sealer: Sealer): Promise<number> {
  let count = 0;
  for (const { table, column, purposeOf } of PLACES) {
    const rows = await database.query<{ id: string; sealed: Uint8Array }>(
      `select id, ${column} as sealed from ${table}
       where ${column} is not null and ${keyIdOf(column)} = any($1::text[]) limit ${BATCH}`,
      [sealer.previousKeyIds],
    );
    for (const { id, sealed } of rows) {
      const plain = openOrNull(sealer, sealed, purposeOf(id));
      if (plain === null) continue;
      const changed = await database.query(
        // Erased or replaced meanwhile, it stays so.
        `update ${table} set ${column} = $2 where id = $1 and ${column} = $3 returning id`,
        [id, sealer.seal(plain, purposeOf(id)), sealed],
      );
      count += changed.length;
    }
  }
  return count;
}

export interface SealedCounts {
  readonly current: number;
  readonly previous: number;
  /** By no key that is configured. */
  readonly unknown: number;
  /** Of a key that is configured, and yet not to be opened: changed, or moved from another place. */
  readonly damaged: number;
}

/** Opened are the newest ones; by which key is looked at in all of them. */
const OPENED = 100;

export async function countSealed(database: Queryable, sealer: Sealer): Promise<SealedCounts> {
  const counts = { current: 0, previous: 0, unknown: 0, damaged: 0 };
  for (const { table, column, purposeOf } of PLACES) {
    const byKey = await database.query<{ key: string; count: number }>(
      `select ${keyIdOf(column)} as key, count(*)::integer as count from ${table}
       where ${column} is not null group by 1`,
    );
    for (const { key, count } of byKey) {
      const kind =
        key === sealer.currentKeyId ? "current" : sealer.previousKeyIds.includes(key) ? "previous" : "unknown";
      counts[kind] += count;
    }
    const newest = await database.query<{ id: string; sealed: Uint8Array }>(
      `select id, ${column} as sealed from ${table} where ${column} is not null and ${keyIdOf(column)} = any($1::text[])
       order by received_at desc limit ${OPENED}`,
      [[sealer.currentKeyId, ...sealer.previousKeyIds]],
    );
    for (const { id, sealed } of newest) if (openOrNull(sealer, sealed, purposeOf(id)) === null) counts.damaged += 1;
  }
  return counts;
}

function openOrNull(sealer: Sealer, sealed: Uint8Array, purpose: string): Buffer | null {
  try {
    return sealer.open(sealed, purpose);
  } catch (error) {
    if (error instanceof UnsealError) return null;
    throw error;
  }
}
