/** PostgreSQL as a server, for any number of processes. */
import { createHash } from "node:crypto";
import { Client, Pool, type PoolClient, type PoolConfig, type QueryConfig, types } from "pg";
import type { ConstructorOptions } from "pg-boss";
import type { Database, Transaction } from "./database.ts";

const CONNECTIONS = 8;

/** The type of GitHub's ids. They fit into a number, as the embedded database gives them. */
const BIGINT = 20;
types.setTypeParser(BIGINT, Number);

export function openPostgres(url: string, onError: (error: unknown) => void): Database {
  const pool = new Pool({ connectionString: url, max: CONNECTIONS, application_name: "keyrecall-app" });
  // An idle connection that breaks is replaced; without a listener it would end the process.
  pool.on("error", onError);
  return {
    query: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await pool.query(text, [...values])).rows as Row[],
    execute: async (script) => void (await pool.query(script)),
    transaction: async (work) => {
      const client = await pool.connect();
      // The pool listens only while it has it: without this a connection that breaks would end the process.
      client.on("error", onError);
      let broken: Error | undefined;
      try {
        await client.query("begin");
        const result = await work(asTransaction(client));
        await client.query("commit");
        return result;
      } catch (error) {
        // A connection on which nothing can be rolled back is of no more use.
        await client
          .query("rollback")
          .catch((why: unknown) => (broken = why instanceof Error ? why : new Error(String(why))));
        throw error;
      } finally {
        client.off("error", onError);
        client.release(broken);
      }
    },
    bossOptions: queueOptions(url),
    isExclusive: false,
    close: () => pool.end(),
  };
}

/** What the queue does not know is handed on to the pool that it makes. */
function queueOptions(url: string): ConstructorOptions {
  const pool: PoolConfig = { connectionString: url, application_name: "keyrecall-app-queue", max: CONNECTIONS };
  return { ...pool, Client: QueueClient } as ConstructorOptions;
}

function asTransaction(client: PoolClient): Transaction {
  return {
    query: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await client.query(text, [...values])).rows as Row[],
    boss: { executeSql: (text, values) => client.query(plannedOnce(text, values)) },
  };
}

/**
 * The queue asks the same few long questions all the time, and planning one takes longer than answering it: each is
 * planned once for a connection. None of them depends on the order or number of a table's columns.
 */
function plannedOnce(text: string, values: readonly unknown[] = []): QueryConfig {
  if (values.length === 0) return { text };
  return { name: createHash("sha1").update(text).digest("hex"), text, values: [...values] };
}

class QueueClient extends Client {
  override query = ((...args: unknown[]): unknown => {
    const [text, values] = args;
    const isPlain = args.length <= 2 && typeof text === "string" && Array.isArray(values);
    const query = super.query.bind(this) as (...given: unknown[]) => unknown;
    return isPlain ? query(plannedOnce(text, values)) : query(...args);
  }) as Client["query"];
}
