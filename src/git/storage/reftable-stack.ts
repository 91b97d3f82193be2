/** Tables of refs, of which each changes those before it. Source: git's technical/reftable, "Update transactions". */
import path from "node:path";
import { systemCodeOf } from "../../core/errors.ts";
import { readRegularFile } from "../regular-file.ts";
import { Damage } from "./damage.ts";
import type { IdBytes } from "./pack-index.ts";
import type { LogEntry, StoredRef } from "./ref-names.ts";
import { type LogRecord, type Reftable, type RefRecord, readReftable } from "./reftable.ts";

/** git may put tables together meanwhile: then there is a new list. */
const ATTEMPTS = 5;

export interface RefStack {
  /** In the order of their names. */
  readonly refs: readonly StoredRef[];
  /** Of each ref the latest line first. */
  readonly logs: ReadonlyMap<string, readonly LogEntry[]>;
}

/**
 * @param directory `reftable` of a git directory
 * @throws {Damage | NotForUs} or what the system says
 */
export function readRefStack(directory: string, idBytes: IdBytes): RefStack {
  for (let attempt = 1; ; attempt++) {
    try {
      return mergeTables(listTables(directory).map((name) => readTable(path.join(directory, name), name, idBytes)));
    } catch (error) {
      if (systemCodeOf(error) !== "ENOENT" || attempt === ATTEMPTS) throw error;
    }
  }
}

function listTables(directory: string): string[] {
  const lines = readRegularFile(path.join(directory, "tables.list")).toString("latin1").split("\n");
  const names = lines.filter((line) => line !== "");
  for (const name of names)
    if (!/^[\w.-]+\.ref$/.test(name)) throw new Damage(`lists ${JSON.stringify(name)} as a table`);
  return names;
}

function readTable(file: string, name: string, idBytes: IdBytes): Reftable {
  try {
    return readReftable(readRegularFile(file), idBytes);
  } catch (error) {
    throw error instanceof Damage ? new Damage(`table ${name} ${error.message}`, { cause: error }) : error;
  }
}

function mergeTables(tables: readonly Reftable[]): RefStack {
  const refs = new Map<string, RefRecord>();
  const logs = new Map<string, Map<number, LogRecord>>();
  for (const table of tables) {
    for (const ref of table.refs) refs.set(ref.name.toString("latin1"), ref);
    for (const log of table.logs) {
      const name = log.name.toString("latin1");
      const lines = logs.get(name) ?? new Map<number, LogRecord>();
      lines.set(log.update, log);
      logs.set(name, lines);
    }
  }
  const held = [...refs.values()].flatMap(({ name, value }) => (value === null ? [] : [{ name, value }]));
  return { refs: held.toSorted((a, b) => a.name.compare(b.name)), logs: new Map(linesOf(logs)) };
}

function* linesOf(logs: ReadonlyMap<string, ReadonlyMap<number, LogRecord>>): Generator<[string, LogEntry[]]> {
  for (const [name, lines] of logs) {
    const latestFirst = [...lines.values()].toSorted((a, b) => b.update - a.update);
    const entries = latestFirst.flatMap(({ entry }) => (entry === null ? [] : [entry]));
    // A line without objects says only that there is a log.
    const real = entries.filter(({ oldId, newId }) => !/^0+$/.test(oldId) || !/^0+$/.test(newId));
    if (real.length > 0) yield [name, real];
  }
}
