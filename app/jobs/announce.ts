/** What people see of an incident is made anew: the rotation issue, and the check runs of the commits that have it. */
import type { Queue } from "../queue/queue.ts";
import type { Transaction } from "../store/database.ts";
import { headsOfIncident } from "../store/scans.ts";

export async function announce(queue: Queue, transaction: Transaction, incidentId: string): Promise<void> {
  const within = transaction.boss;
  await queue.send("issue", { incidentId }, { key: incidentId, within });
  for (const head of await headsOfIncident(transaction, incidentId)) await sendCheckRun(queue, transaction, head);
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
