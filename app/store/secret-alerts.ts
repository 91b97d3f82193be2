/** GitHub's own alerts about tokens of incidents, and what the App wrote there. */
import type { Queryable } from "./database.ts";

export interface AlertPlace {
  readonly repositoryId: number;
  readonly number: number;
}

export interface StoredAlert extends AlertPlace {
  readonly incidentId: string;
  /** What was written there last; null where nothing was. */
  readonly published: "active" | "resolved" | null;
  /** Why it could not be written; null where it could. */
  readonly problem: string | null;
}

/** @param place of the secret among the places of incidents. @returns whether it is about an incident */
export async function saveSecretAlert(
  database: Queryable,
  { repositoryId, number }: AlertPlace,
  place: string,
): Promise<boolean> {
  const saved = await database.query(
    `insert into keyrecall.secret_alert (repository_id, number, incident_id)
     select $1, $2, incident_id from keyrecall.occurrence
     where repository_id = $1 and starts_with(place, $3) order by id limit 1
     on conflict (repository_id, number) do update set incident_id = excluded.incident_id returning number`,
    [repositoryId, number, place],
  );
  return saved.length > 0;
}

export async function findSecretAlert(
  database: Queryable,
  { repositoryId, number }: AlertPlace,
): Promise<StoredAlert | null> {
  const [row] = await database.query<{
    incident_id: string;
    published: StoredAlert["published"];
    problem: string | null;
  }>("select incident_id, published, problem from keyrecall.secret_alert where repository_id = $1 and number = $2", [
    repositoryId,
    number,
  ]);
  if (row === undefined) return null;
  return { repositoryId, number, incidentId: row.incident_id, published: row.published, problem: row.problem };
}

export async function alertsOfIncident(database: Queryable, incidentId: string): Promise<AlertPlace[]> {
  const rows = await database.query<{ repository_id: number; number: number }>(
    "select repository_id, number from keyrecall.secret_alert where incident_id = $1 order by repository_id, number",
    [incidentId],
  );
  return rows.map((row) => ({ repositoryId: row.repository_id, number: row.number }));
}

export async function notePublishedAlert(
  database: Queryable,
  { repositoryId, number }: AlertPlace,
  { published, problem }: Pick<StoredAlert, "published" | "problem">,
): Promise<void> {
  await database.query(
    "update keyrecall.secret_alert set published = $3, problem = $4 where repository_id = $1 and number = $2",
    [repositoryId, number, published, problem],
  );
}
