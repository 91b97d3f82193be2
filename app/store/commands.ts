/** Commands and presses of buttons that were carried out or refused: each once, whatever is delivered again. */
import type { Queryable } from "./database.ts";

export interface DoneCommand {
  readonly key: string;
  readonly incidentId: string;
  readonly actor: string;
  readonly wasDone: boolean;
  /** What was answered, in a place that may be told all, and in one that may not. */
  readonly answer: CommandAnswer;
}

export interface CommandAnswer {
  readonly full: string;
  readonly withheld: string;
}

/** @returns false where it was there before */
export async function saveCommand(database: Queryable, command: DoneCommand): Promise<boolean> {
  const { key, incidentId, actor, wasDone, answer } = command;
  const inserted = await database.query(
    `insert into keyrecall.command (key, incident_id, actor, was_done, answer) values ($1, $2, $3, $4, $5)
     on conflict (key) do nothing returning key`,
    [key, incidentId, actor, wasDone, JSON.stringify(answer)],
  );
  return inserted.length > 0;
}

export async function findCommand(database: Queryable, key: string): Promise<DoneCommand | null> {
  const [row] = await database.query<{
    key: string;
    incident_id: string;
    actor: string;
    was_done: boolean;
    answer: CommandAnswer;
  }>("select key, incident_id, actor, was_done, answer from keyrecall.command where key = $1", [key]);
  if (row === undefined) return null;
  return { key, incidentId: row.incident_id, actor: row.actor, wasDone: row.was_done, answer: row.answer };
}
