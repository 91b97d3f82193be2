/** The App was uninstalled: nothing more is done there, and what is sealed of it is erased. */
import { stopBackfill } from "../backfill/begin.ts";
import type { Queue } from "../queue/queue.ts";
import type { Transaction } from "../store/database.ts";
import { type Installation, saveInstallation, uncoverInstallation } from "../store/repositories.ts";

export async function noteUninstalled(
  queue: Queue,
  transaction: Transaction,
  installation: Omit<Installation, "state">,
): Promise<void> {
  const { id } = installation;
  await saveInstallation(transaction, { ...installation, state: "deleted" });
  await uncoverInstallation(transaction, id);
  await stopBackfill(transaction, id, "the App was uninstalled");
  await queue.send("erase", { installationId: id }, { within: transaction.boss });
}
