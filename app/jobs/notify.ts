/** Tells the operator's own receivers of an incident: opened, contained, overdue. */
import { builtinRules, compileRules, Detector, mask } from "keyrecall";
import type { NotificationChannel } from "../incident.ts";
import { isContained } from "../issues/disclosure.ts";
import { slackMessage, webhookMessage } from "../notify/message.ts";
import { handOver, type Receiver } from "../notify/send.ts";
import type { JobInfo } from "../queue/queue.ts";
import type { Settings } from "../settings.ts";
import type { Transaction } from "../store/database.ts";
import { findIncident, type StoredIncident } from "../store/incidents.ts";
import {
  endNotification,
  findNotification,
  isOpeningUntold,
  keepBody,
  type Notification,
  noteNotifications,
  noteOverdue,
  retryableNotifications,
} from "../store/notifications.ts";
import type { JobContext } from "./context.ts";

/** The rotation issue is written a moment after its incident is opened, and a message without it helps less. */
const ISSUE_WAIT_MS = 15_000;
const ISSUE_LOOK_SECONDS = 2;
const GIVEN_UP_AFTER_MS = 3 * 86_400_000;

/** In the transaction that changes the incident. */
export async function notifyOf(
  { settings, queue }: Pick<JobContext, "settings" | "queue">,
  transaction: Transaction,
  incidentId: string,
): Promise<void> {
  const ids = await noteNotifications(transaction, incidentId, channelsOf(settings));
  for (const id of ids) await queue.send("notify", { notificationId: id }, { within: transaction.boss });
}

/** What is overdue, and what was left lying. */
export async function sweepNotifications({ settings, database, queue }: JobContext): Promise<void> {
  const channels = channelsOf(settings);
  if (channels.length === 0) return;
  await database.transaction(async (transaction) => {
    const overdue = await noteOverdue(transaction, channels, settings.notifications.overdueMinutes);
    for (const id of [...overdue, ...(await retryableNotifications(transaction))]) {
      await queue.send("notify", { notificationId: id }, { within: transaction.boss });
    }
  });
}

export async function sendNotification(context: JobContext, id: string, info: JobInfo): Promise<void> {
  const { database, queue, log, settings, metrics } = context;
  const notification = await findNotification(database, id);
  if (notification === null) return;
  const { channel, event } = notification;
  const receiver = receiverOf(settings, channel);
  if (receiver === null) return endNotification(database, id, "it is not configured any more");
  const incident = await findIncident(database, notification.incidentId);
  if (incident === null) return endNotification(database, id, "its incident was deleted");
  const isEarly =
    notification.body === null &&
    (waitsForIssue(notification, incident) || (event !== "opened" && (await isOpeningUntold(database, notification))));
  if (isEarly) {
    await queue.send("notify", { notificationId: id }, { key: info.key, afterSeconds: ISSUE_LOOK_SECONDS });
    return;
  }
  const body = notification.body ?? bodyOf(notification, incident);
  if (notification.body === null) await keepBody(database, id, body);
  const handover = await handOver(receiver, body, info.signal);
  if (handover.kind === "taken") {
    await endNotification(database, id, null);
    log.info({ incident: incident.id, event, channel }, "a notification was sent");
    return;
  }
  const isTooOld = Date.now() - notification.createdAt.getTime() > GIVEN_UP_AFTER_MS;
  if (handover.kind === "passing" && handover.retryAfterMs !== null && !isTooOld) {
    const afterSeconds = Math.ceil(handover.retryAfterMs / 1000);
    await queue.send("notify", { notificationId: id }, { key: info.key, afterSeconds });
    return;
  }
  if (handover.kind === "passing" && !info.isLastAttempt) throw new NotTakenError(handover.why);
  metrics.unpublished.inc({ what: "notification" });
  log.error({ incident: incident.id, event, channel, why: handover.why }, "a notification was not taken");
  await endNotification(database, id, handover.why);
}

class NotTakenError extends Error {
  constructor(why: string) {
    super(why);
    this.name = "NotTakenError";
  }
}

function waitsForIssue({ event, createdAt }: Notification, { issue, issueProblem }: StoredIncident): boolean {
  return (
    event === "opened" && issue === null && issueProblem === null && Date.now() - createdAt.getTime() < ISSUE_WAIT_MS
  );
}

const detector = new Detector(compileRules(builtinRules), { minConfidence: "suspect" });

function bodyOf({ id, event, channel, createdAt }: Notification, incident: StoredIncident): string {
  // Opened and overdue are told as they were meant, also where the token is dead by the time they are sent.
  const mayTellAll = event === "contained" && isContained(incident);
  const facts = { id, event, createdAt: createdAt.toISOString(), incident, mayTellAll };
  return mask(detector, channel === "slack" ? slackMessage(facts) : webhookMessage(facts));
}

function channelsOf({ notifications }: Settings): NotificationChannel[] {
  return [
    ...(notifications.webhook === null ? [] : ["webhook" as const]),
    ...(notifications.slackUrl === null ? [] : ["slack" as const]),
  ];
}

function receiverOf({ notifications }: Settings, channel: NotificationChannel): Receiver | null {
  if (channel === "webhook") return notifications.webhook;
  return notifications.slackUrl === null ? null : { url: notifications.slackUrl, secrets: [] };
}
