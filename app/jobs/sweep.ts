/** Goes on with what was left lying, and takes away what is not to be kept: a worker that is killed leaves no job behind. */
import { continueBackfills } from "../backfill/begin.ts";
import { retryableDeliveries, waitingDeliveries } from "../store/deliveries.ts";
import { installationsToErase } from "../store/erasure.ts";
import { leftIncidents } from "../store/incidents.ts";
import { resealSome } from "../store/reseal.ts";
import { deleteOldAudit, deleteOldIncidents, deleteOldScans } from "../store/retention.ts";
import type { JobContext } from "./context.ts";
import { sweepNotifications } from "./notify.ts";
import { LATER_CHECKS_SECONDS } from "./respond.ts";

export async function sweep(context: JobContext): Promise<void> {
  const { database, queue, sealer, log } = context;
  await continueBackfills({ database, queue });
  for (const id of await leftIncidents(database, LATER_CHECKS_SECONDS)) {
    await queue.send("respond", { incidentId: id }, { key: id });
  }
  // Of a delivery that failed its own state says so.
  await queue.sendFailedAgain(["respond", "check-run", "issue", "alert", "history-summary", "erase"]);
  await database.transaction(async (transaction) => {
    for (const id of await retryableDeliveries(transaction)) {
      await queue.send("delivery", { deliveryId: id }, { within: transaction.boss });
    }
  });
  for (const deliveryId of await waitingDeliveries(database)) {
    if (!(await queue.has("delivery", { deliveryId }))) await queue.send("delivery", { deliveryId });
  }
  for (const installationId of await installationsToErase(database)) await queue.send("erase", { installationId });
  await sweepNotifications(context);
  const resealed = await resealSome(database, sealer);
  if (resealed > 0) log.info({ resealed }, "values were sealed anew under the key of today");
  await applyRetention(context);
}

async function applyRetention({ database, settings, log }: JobContext): Promise<void> {
  const { incidentDays, auditDays } = settings.retention;
  const incidents =
    incidentDays === null ? 0 : await deleteOldIncidents(database, incidentDays, LATER_CHECKS_SECONDS.length);
  const scans = incidentDays === null ? 0 : await deleteOldScans(database, incidentDays);
  const auditLines = auditDays === null ? 0 : await deleteOldAudit(database, auditDays);
  if (incidents + scans + auditLines > 0) log.info({ incidents, scans, auditLines }, "what was old enough was deleted");
}
