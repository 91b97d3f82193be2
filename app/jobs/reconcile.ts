/** Asks GitHub which deliveries never arrived, and to send them again: a missed webhook is a delay and no loss. */
import { failedDeliveries, redeliver } from "../github/deliveries.ts";
import { audit } from "../store/audit-log.ts";
import type { JobContext } from "./context.ts";

/** GitHub keeps deliveries for three days. */
const MAX_AGE_MS = 3 * 86_400_000;

export async function reconcileDeliveries({ github, database, log }: JobContext): Promise<void> {
  const app = await github.forApp();
  const failed = await failedDeliveries(app, new Date(Date.now() - MAX_AGE_MS));
  for (const { id, guid, event } of failed) {
    await redeliver(app, id);
    await audit(database, { actor: "keyrecall", action: "redelivery-requested", detail: { guid, event } });
  }
  if (failed.length > 0) log.warn({ deliveries: failed.length }, "deliveries that had failed were asked for again");
}
