/**
 * Asks GitHub about installations that could not be used: one that can be used again goes on, also where the event that
 * says so never came, and one that GitHub has not known for long is gone.
 */
import { installations } from "../github/installations.ts";
import { audit } from "../store/audit-log.ts";
import { findInstallation, noteAvailable, unavailableInstallations } from "../store/repositories.ts";
import type { JobContext } from "./context.ts";
import { goOn } from "./go-on.ts";
import { noteUninstalled } from "./uninstalled.ts";

/** A new installation is not known everywhere at once, and an answer can be wrong. */
const GONE_AFTER_MS = 3_600_000;

export async function checkInstallations(context: JobContext): Promise<void> {
  const { database, queue, github, log } = context;
  const unavailable = await unavailableInstallations(database);
  if (unavailable.length === 0) return;
  const isSuspended = new Map<number, boolean>();
  for await (const one of installations(await github.forApp())) isSuspended.set(one.id, one.isSuspended);
  for (const { id, accountId, since } of unavailable) {
    const isBack = isSuspended.get(id) === false;
    const isGone = !isSuspended.has(id) && Date.now() - since.getTime() > GONE_AFTER_MS;
    if (!isBack && !isGone) continue;
    await database.transaction(async (transaction) => {
      if (isBack) {
        if (!(await noteAvailable(transaction, id))) return;
        await goOn(context, transaction, id);
        await queue.send("policy", { accountId }, { within: transaction.boss });
      } else {
        const installation = await findInstallation(transaction, id);
        if (installation?.state !== "suspended") return;
        await noteUninstalled(queue, transaction, installation);
      }
      const action = isBack ? "found to be usable again" : "found to be uninstalled";
      await audit(transaction, {
        actor: "keyrecall",
        action: "installation-changed",
        detail: { installation: id, action },
      });
      log.info({ installation: id, action }, "an installation was asked about");
    });
  }
}
