/** A repository was renamed, published, archived and so on: what is said of its incidents may have to be said otherwise. */
import { audit } from "../../store/audit-log.ts";
import { accountsToldOf } from "../../store/history-summary.ts";
import { incidentsOfRepository } from "../../store/incidents.ts";
import { findRepository, saveRepository } from "../../store/repositories.ts";
import { announce } from "../announce.ts";
import type { EventHandler } from "./handler.ts";
import { repositoryPayload } from "./payloads.ts";

export const handleRepository: EventHandler = async ({ database, queue }, delivery) => {
  const { action = delivery.event, repository: payload, sender } = repositoryPayload.parse(delivery.payload);
  const known = await findRepository(database, payload.id);
  if (known === null) return "nothing is known of that repository";
  await database.transaction(async (transaction) => {
    await saveRepository(transaction, {
      ...known,
      fullName: payload.full_name,
      isPrivate: payload.private,
      defaultBranch: payload.default_branch,
      isArchived: payload.archived ?? false,
      isCovered: known.isCovered && action !== "deleted",
    });
    await audit(transaction, {
      actor: sender === undefined ? "GitHub" : `@${sender.login}`,
      action: "repository-changed",
      deliveryId: delivery.id,
      repositoryId: payload.id,
      detail: { action, name: payload.full_name },
    });
    for (const incidentId of await incidentsOfRepository(transaction, payload.id)) {
      await announce(queue, transaction, incidentId);
    }
    for (const accountId of await accountsToldOf(transaction, payload.id)) {
      await queue.send("history-summary", { accountId }, { within: transaction.boss });
    }
  });
  return `the repository was ${action}`;
};
