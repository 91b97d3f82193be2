/** An organisation or a person was renamed: what is said of their repositories goes by the new name. */
import { installationAccount } from "../../github/installations.ts";
import { isRefusal } from "../../github/refusal.ts";
import { audit } from "../../store/audit-log.ts";
import { incidentsOfAccount } from "../../store/incidents.ts";
import { findInstallation, renameAccount } from "../../store/repositories.ts";
import { announce } from "../announce.ts";
import type { EventHandler } from "./handler.ts";
import { installationTargetPayload } from "./payloads.ts";

export const handleInstallationTarget: EventHandler = async (context, delivery) => {
  const { database, queue, github } = context;
  const { action, installation, changes, sender } = installationTargetPayload.parse(delivery.payload);
  if (action !== "renamed") return `nothing to do for ${action}`;
  const known = await findInstallation(database, installation.id);
  if (known === null) return "nothing is known of that installation";
  if (known.state === "deleted") return "the App was uninstalled";
  // What comes late says how it was.
  const now = await installationAccount(await github.forApp(), installation.id);
  if (isRefusal(now) || now.id !== known.accountId) return "the App was uninstalled";
  await database.transaction(async (transaction) => {
    if (!(await renameAccount(transaction, known.accountId, now.login))) return;
    await audit(transaction, {
      actor: sender === undefined ? "GitHub" : `@${sender.login}`,
      action: "installation-changed",
      deliveryId: delivery.id,
      detail: { installation: installation.id, account: now.login, action, before: changes?.login?.from ?? null },
    });
    for (const id of await incidentsOfAccount(transaction, known.accountId)) await announce(queue, transaction, id);
    const { accountId } = known;
    await queue.send("history-summary", { accountId }, { within: transaction.boss });
    await queue.send("policy", { accountId }, { within: transaction.boss });
  });
  return `the account is called ${now.login}`;
};
