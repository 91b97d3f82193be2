/**
 * Asks GitHub which deliveries never arrived, and to send them again, as those that cannot be opened any more: a missed
 * webhook is a delay and no loss, and so is a lost key.
 */
import { failedDeliveries, redeliver } from "../github/deliveries.ts";
import { refusalOf } from "../github/refusal.ts";
import { audit } from "../store/audit-log.ts";
import { unopenableDeliveries } from "../store/deliveries.ts";
import type { JobContext } from "./context.ts";

/** GitHub keeps deliveries for three days. */
const MAX_AGE_MS = 3 * 86_400_000;
/** What is refused again and again is asked for less and less often. */
const PAUSE_MS = 300_000;
const LONGEST_PAUSE_MS = 3_600_000;

export async function reconcileDeliveries({ github, database, sealer, log }: JobContext): Promise<void> {
  const app = await github.forApp();
  const lost = await unopenableDeliveries(database, sealer);
  if (lost.size > 0) log.error({ deliveries: lost.size }, "no key of KEYRECALL_SEAL_KEY opens what was stored of them");
  const all = await failedDeliveries(app, new Date(Date.now() - MAX_AGE_MS), lost);
  const failed = all.filter(({ tries, triedAt }) => Date.now() - Date.parse(triedAt) >= pauseAfter(tries));
  for (const { id, guid, event } of failed) {
    try {
      await redeliver(app, id);
    } catch (error) {
      // One that GitHub does not have any more must not stand in the way of the others.
      if (refusalOf(error, "ask for a delivery again") === null) throw error;
      continue;
    }
    await audit(database, { actor: "keyrecall", action: "redelivery-requested", detail: { guid, event } });
  }
  if (failed.length > 0)
    log.warn({ deliveries: failed.length }, "deliveries that had failed, or cannot be opened, were asked for again");
}

function pauseAfter(tries: number): number {
  return tries <= 1 ? 0 : Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** (tries - 2));
}
