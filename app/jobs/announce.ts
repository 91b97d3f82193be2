/**
 * What people see of an incident is made anew: the rotation issue, the check runs of the commits that have it, and
 * GitHub's own alerts.
 */
import type { Queue } from "../queue/queue.ts";
import type { Transaction } from "../store/database.ts";
import { headsOfIncident } from "../store/scans.ts";
import { type AlertPlace, alertsOfIncident } from "../store/secret-alerts.ts";

export async function announce(queue: Queue, transaction: Transaction, incidentId: string): Promise<void> {
  const within = transaction.boss;
  await queue.send("issue", { incidentId }, { key: incidentId, within });
  for (const head of await headsOfIncident(transaction, incidentId)) await sendCheckRun(queue, transaction, head);
  for (const alert of await alertsOfIncident(transaction, incidentId)) await sendAlert(queue, transaction, alert);
}

export async function sendAlert(
  queue: Queue,
  transaction: Transaction,
  { repositoryId, number }: AlertPlace,
): Promise<void> {
  const within = transaction.boss;
  await queue.send("alert", { repositoryId, number }, { key: `${repositoryId} ${number}`, within });
}

export async function sendCheckRun(
  queue: Queue,
  transaction: Transaction,
  { repositoryId, head }: { readonly repositoryId: number; readonly head: string },
): Promise<void> {
  await queue.send("check-run", { repositoryId, head }, { key: `${repositoryId} ${head}`, within: transaction.boss });
}

/** Many tokens change shortly after one another: they are told together. */
const SUMMARY_PAUSE_SECONDS = 10;

export async function sendSummary(queue: Queue, accountId: number): Promise<void> {
  await queue.send("history-summary", { accountId }, { afterSeconds: SUMMARY_PAUSE_SECONDS });
}
