/** What is told outside of GitHub: written down with what it is about, so that nothing is told twice or forgotten. */
import { randomUUID } from "node:crypto";
import type { IncidentState, NotificationChannel, NotificationEvent } from "../incident.ts";
import type { Queryable, Transaction } from "./database.ts";

export interface Notification {
  readonly id: string;
  readonly incidentId: string;
  readonly event: NotificationEvent;
  readonly channel: NotificationChannel;
  readonly createdAt: Date;
  /** As it was sent first, and is sent again. */
  readonly body: string | null;
}

/** An incident that is opened again tells again: it counts from when it was found, or turned up again. */
const EPISODE = "coalesce(resurfaced_at, found_at)";

/**
 * What an incident has to tell as it is now, for each channel once.
 *
 * @returns what is new
 */
export async function noteNotifications(
  transaction: Transaction,
  incidentId: string,
  channels: readonly NotificationChannel[],
): Promise<string[]> {
  const [incident] = await transaction.query<{ state: IncidentState; episode: Date }>(
    `select state, ${EPISODE} as episode from keyrecall.incident where id = $1`,
    [incidentId],
  );
  if (incident === undefined) return [];
  const { state, episode } = incident;
  const isOpen = state === "verified" || state === "revoking" || state === "unverifiable";
  if (isOpen) return insert(transaction, incidentId, "opened", channels, episode);
  if (state !== "contained") return [];
  // A token that was dead when it was found has opened nothing.
  const opened = await transaction.query<{ channel: NotificationChannel }>(
    "select channel from keyrecall.notification where incident_id = $1 and event = 'opened' and episode = $2",
    [incidentId, episode],
  );
  const told = opened.map(({ channel }) => channel).filter((channel) => channels.includes(channel));
  return insert(transaction, incidentId, "contained", told, episode);
}

/** Tokens that are not out of service after that time, each told of once. @returns what is new */
export async function noteOverdue(
  transaction: Transaction,
  channels: readonly NotificationChannel[],
  afterMinutes: number,
): Promise<string[]> {
  if (channels.length === 0) return [];
  const late = await transaction.query<{ id: string; episode: Date }>(
    `select id, ${EPISODE} as episode from keyrecall.incident i
     where state in ('found', 'verified', 'revoking', 'unverifiable', 'reopened')
       and ${EPISODE} < now() - $1 * interval '1 minute'
       and not exists (select 1 from keyrecall.notification
         where incident_id = i.id and event = 'overdue' and episode = ${EPISODE})
       and exists (select 1 from keyrecall.installation where account_id = i.account_id and state <> 'deleted')
     order by found_at limit 200`,
    [afterMinutes],
  );
  const ids: string[] = [];
  for (const { id, episode } of late) ids.push(...(await insert(transaction, id, "overdue", channels, episode)));
  return ids;
}

async function insert(
  transaction: Queryable,
  incidentId: string,
  event: NotificationEvent,
  channels: readonly NotificationChannel[],
  episode: Date,
): Promise<string[]> {
  const ids: string[] = [];
  for (const channel of channels) {
    const rows = await transaction.query<{ id: string }>(
      `insert into keyrecall.notification (id, incident_id, event, channel, episode) values ($1, $2, $3, $4, $5)
       on conflict (incident_id, event, channel, episode) do nothing returning id`,
      [randomUUID(), incidentId, event, channel, episode],
    );
    ids.push(...rows.map(({ id }) => id));
  }
  return ids;
}

/** @returns null where it was sent, or given up */
export async function findNotification(database: Queryable, id: string): Promise<Notification | null> {
  const [row] = await database.query<{
    incident_id: string;
    event: NotificationEvent;
    channel: NotificationChannel;
    created_at: Date;
    body: string | null;
  }>(
    `select incident_id, event, channel, created_at, body from keyrecall.notification
     where id = $1 and state = 'waiting'`,
    [id],
  );
  if (row === undefined) return null;
  const { incident_id: incidentId, event, channel, created_at: createdAt, body } = row;
  return { id, incidentId, event, channel, createdAt, body };
}

/** Whether that it was opened is still to be told: that it is contained comes after it. */
export async function isOpeningUntold(
  database: Queryable,
  { incidentId, channel }: Pick<Notification, "incidentId" | "channel">,
): Promise<boolean> {
  const rows = await database.query(
    `select 1 from keyrecall.notification
     where incident_id = $1 and channel = $2 and event = 'opened' and state = 'waiting'`,
    [incidentId, channel],
  );
  return rows.length > 0;
}

/** Each attempt says the same. */
export async function keepBody(database: Queryable, id: string, body: string): Promise<void> {
  await database.query("update keyrecall.notification set body = $2 where id = $1", [id, body]);
}

/** @param problem null where it was taken */
export async function endNotification(database: Queryable, id: string, problem: string | null): Promise<void> {
  await database.query(
    "update keyrecall.notification set state = $2, problem = $3, tried_at = now() where id = $1 and state = 'waiting'",
    [id, problem === null ? "sent" : "failed", problem],
  );
}

/** Those that failed are tried again for days: an address can be put right. */
const RETRY_AFTER = "1 hour";
const KEPT_FOR = "3 days";

/** Takes them up: their state says that they wait again. Those whose job is lost are among them. */
export async function retryableNotifications(transaction: Transaction): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `update keyrecall.notification set state = 'waiting', tried_at = now()
     where created_at > now() - $1::interval and coalesce(tried_at, created_at) < now() - $2::interval
       and state <> 'sent' returning id`,
    [KEPT_FOR, RETRY_AFTER],
  );
  return rows.map(({ id }) => id);
}

/** Of the last days, by what became of them. */
export async function countNotifications(
  database: Queryable,
): Promise<{ readonly state: string; readonly count: number; readonly problem: string | null }[]> {
  return database.query(
    `select state, count(*)::integer as count, max(problem) as problem from keyrecall.notification
     where created_at > now() - $1::interval group by state order by state`,
    [KEPT_FOR],
  );
}
