/** Asks for histories to be read: on installation, when repositories are added, on request. */
import type { Queue } from "../queue/queue.ts";
import { audit } from "../store/audit-log.ts";
import {
  awaitRepository,
  awaitUnread,
  changeBackfill,
  findBackfill,
  openBackfills,
  startBackfill,
  startReading,
} from "../store/backfill.ts";
import type { Database, Transaction } from "../store/database.ts";

/** Of all repositories that the installation covers. @param queue null where another process works */
export async function backfillInstallation(
  queue: Queue | null,
  transaction: Transaction,
  installationId: number,
  by: string,
): Promise<void> {
  await startBackfill(transaction, { installationId, readsAll: true, by });
  await sendAndNote(queue, transaction, installationId, by, { repositories: "all" });
}

/** Of these, which are in the store. */
export async function backfillRepositories(
  queue: Queue | null,
  transaction: Transaction,
  installationId: number,
  repositories: readonly { readonly id: number; readonly pushedAt: string | null }[],
  by: string,
): Promise<void> {
  if (repositories.length === 0) return;
  for (const { id, pushedAt } of repositories) {
    await awaitRepository(transaction, { repositoryId: id, installationId, pushedAt });
  }
  // When they were pushed to decides whose turn it is, and the list of repositories tells.
  const isTold = repositories.every(({ pushedAt }) => pushedAt !== null);
  await (isTold
    ? startReading(transaction, installationId, by)
    : startBackfill(transaction, { installationId, readsAll: false, by }));
  await sendAndNote(queue, transaction, installationId, by, { repositories: repositories.length });
}

async function sendAndNote(
  queue: Queue | null,
  transaction: Transaction,
  installationId: number,
  by: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await audit(transaction, {
    actor: by,
    action: "backfill-requested",
    detail: { installation: installationId, ...detail },
  });
  await queue?.send("backfill", { installationId }, { within: transaction.boss });
}

/** A suspension has ended, or a permission was granted. */
export async function resumeBackfill(queue: Queue, transaction: Transaction, installationId: number): Promise<void> {
  const backfill = await findBackfill(transaction, installationId);
  if (backfill === null) return;
  const hasMore = await awaitUnread(transaction, installationId);
  if (backfill.state === "done" && !hasMore) return;
  const state = backfill.state === "done" ? "reading" : backfill.state;
  await changeBackfill(transaction, installationId, { state, stopped: null });
  await queue.send("backfill", { installationId }, { within: transaction.boss });
}

/** Nothing is done until it can be again; a person sees why. */
export async function stopBackfill(transaction: Transaction, installationId: number, why: string): Promise<void> {
  const backfill = await findBackfill(transaction, installationId);
  if (backfill === null || backfill.state === "done" || backfill.stopped === why) return;
  await changeBackfill(transaction, installationId, { stopped: why });
  await audit(transaction, {
    actor: "keyrecall",
    action: "backfill-stopped",
    detail: { installation: installationId, what: why },
  });
}

/** What was left lying: a worker was killed, the event of a suspension's end never came, another process asked for it. */
export async function continueBackfills({ database, queue }: { database: Database; queue: Queue }): Promise<void> {
  for (const { installationId, isStopped, isActive } of await openBackfills(database)) {
    if (!isActive || (await queue.has("backfill", { installationId }))) continue;
    if (isStopped) await database.transaction((transaction) => resumeBackfill(queue, transaction, installationId));
    else await queue.send("backfill", { installationId });
  }
}
