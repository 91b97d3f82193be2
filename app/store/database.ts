/** One way to ask, whichever backend keeps the data. */
import type { ConstructorOptions, Db } from "pg-boss";

export interface Queryable {
  /** One statement; `$1` stands for the first value. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

export interface Transaction extends Queryable {
  /** The same transaction for the queue: a job that is sent with it exists only if the transaction does. */
  readonly boss: Db;
}

export interface Database extends Queryable {
  /** Several statements without values. */
  execute(script: string): Promise<void>;
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** How the queue reaches the same data. */
  readonly bossOptions: ConstructorOptions;
  /** Nobody else has it: whatever was under way when it was opened belongs to a process that is gone. */
  readonly isExclusive: boolean;
  close(): Promise<void>;
}
