/** Goes on with what was left lying: a worker that is killed between two steps leaves no job behind it. */
import { retryableDeliveries } from "../store/deliveries.ts";
import { leftIncidents } from "../store/incidents.ts";
import type { JobContext } from "./context.ts";

export async function sweep({ database, queue }: JobContext): Promise<void> {
  for (const id of await leftIncidents(database)) {
    await queue.send("respond", { incidentId: id }, { key: id });
  }
  await database.transaction(async (transaction) => {
    for (const id of await retryableDeliveries(transaction)) {
      await queue.send("delivery", { deliveryId: id }, { within: transaction.boss });
    }
  });
}
