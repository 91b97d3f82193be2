/**
 * PostgreSQL inside of this process, in a directory: nothing else to set up. It survives a killed process, not a power
 * cut, because it does not wait for the disk.
 */
import path from "node:path";
import { PGlite, type Transaction as PgliteTransaction } from "@electric-sql/pglite";
import { fromPglite } from "pg-boss";
import type { Database, Transaction } from "./database.ts";
import { lockDirectory } from "./directory-lock.ts";

/** @throws {SettingsError} where another process has the directory */
export async function openPglite(directory: string): Promise<Database> {
  const unlock = lockDirectory(directory);
  const pglite = await PGlite.create({ dataDir: path.join(directory, "pglite") }).catch((error: unknown) => {
    unlock();
    throw error;
  });
  return {
    query: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await pglite.query<Row>(text, [...values])).rows,
    execute: async (script) => void (await pglite.exec(script)),
    transaction: (work) => pglite.transaction((transaction) => work(asTransaction(transaction))),
    bossOptions: { db: fromPglite(pglite), backend: "pglite" },
    isExclusive: true,
    close: async () => {
      await pglite.close();
      unlock();
    },
  };
}

function asTransaction(transaction: PgliteTransaction): Transaction {
  return {
    query: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await transaction.query<Row>(text, [...values])).rows,
    boss: {
      executeSql: async (text, values) => {
        if (values !== undefined && values.length > 0) return transaction.query<unknown>(text, values);
        const results = await transaction.exec(text);
        return { rows: results.flatMap(({ rows }) => rows) };
      },
    },
  };
}
