import { resumeBackfill } from "../backfill/begin.ts";
import type { Transaction } from "../store/database.ts";
import { retryDeliveriesOf } from "../store/deliveries.ts";
import { openIncidentsOfInstallation } from "../store/incidents.ts";
import { headsWithProblem } from "../store/scans.ts";
import { announce, sendCheckRun } from "./announce.ts";
import type { JobContext } from "./context.ts";

/** What could not be done for want of a permission, or while it was suspended, may be possible now. */
export async function goOn(
  { queue, github }: Pick<JobContext, "queue" | "github">,
  transaction: Transaction,
  installationId: number,
): Promise<void> {
  github.renew(installationId);
  for (const deliveryId of await retryDeliveriesOf(transaction, installationId)) {
    await queue.send("delivery", { deliveryId }, { within: transaction.boss });
  }
  for (const incidentId of await openIncidentsOfInstallation(transaction, installationId)) {
    await announce(queue, transaction, incidentId);
  }
  for (const head of await headsWithProblem(transaction, installationId)) await sendCheckRun(queue, transaction, head);
  await resumeBackfill(queue, transaction, installationId);
}
