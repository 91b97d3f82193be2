/** Goes on with what was left lying: a worker that is killed between two steps leaves no job behind it. */
import { continueBackfills } from "../backfill/begin.ts";
import { retryableDeliveries, waitingDeliveries } from "../store/deliveries.ts";
import { leftIncidents } from "../store/incidents.ts";
import type { JobContext } from "./context.ts";
import { LATER_CHECKS_SECONDS } from "./respond.ts";

export async function sweep({ database, queue }: JobContext): Promise<void> {
  await continueBackfills({ database, queue });
  for (const id of await leftIncidents(database, LATER_CHECKS_SECONDS)) {
    await queue.send("respond", { incidentId: id }, { key: id });
  }
  await database.transaction(async (transaction) => {
    for (const id of await retryableDeliveries(transaction)) {
      await queue.send("delivery", { deliveryId: id }, { within: transaction.boss });
    }
  });
  for (const deliveryId of await waitingDeliveries(database)) {
    if (!(await queue.has("delivery", { deliveryId }))) await queue.send("delivery", { deliveryId });
  }
}
