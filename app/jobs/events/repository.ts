/** A repository was renamed, published, archived and so on: what is said of its incidents may have to be said otherwise. */
import { audit } from "../../store/audit-log.ts";
import { accountsToldOf } from "../../store/history-summary.ts";
import { incidentsOfRepository, moveIncidents } from "../../store/incidents.ts";
import {
  type CoveredRepository,
  findInstallation,
  findRepository,
  saveInstallation,
  saveRepository,
} from "../../store/repositories.ts";
import { announce } from "../announce.ts";
import { judgeAnew } from "../became-public.ts";
import { coverRepository, storedBranch } from "./covered-repository.ts";
import type { EventHandler } from "./handler.ts";
import { repositoryPayload } from "./payloads.ts";
import { notePolicyRepository, policyPlaceOf } from "./policy.ts";

/** The App sees it for the first time: the rest of what is to be known comes with its events. */
const BEGINS: ReadonlySet<string> = new Set(["created", "transferred"]);

const MAKE_PRIVATE: ReadonlySet<string> = new Set(["privatized", "transferred"]);

export const handleRepository: EventHandler = async (context, delivery, signal) => {
  const { database, queue, cache } = context;
  const payload = repositoryPayload.parse(delivery.payload);
  const { action = delivery.event, repository, installation, sender } = payload;
  await notePolicyRepository(context, policyPlaceOf(repository), action === "deleted");
  const known = await findRepository(database, repository.id);
  if (known === null) {
    if (installation === undefined || !BEGINS.has(action)) return "nothing is known of that repository";
    const covered = await coverRepository(context, repository, installation.id);
    return typeof covered === "string" ? covered : `the repository was ${action}`;
  }
  const now: CoveredRepository = {
    ...known,
    // Of a transfer only the new owner's installation is told.
    installationId: installation?.id ?? known.installationId,
    accountId: repository.owner.id,
    fullName: repository.full_name,
    // What comes late says how it was.
    isPrivate: repository.private && (known.isPrivate || MAKE_PRIVATE.has(action)),
    defaultBranch: storedBranch(repository.default_branch),
    isArchived: repository.archived ?? false,
    isCovered: action === "transferred" || (known.isCovered && action !== "deleted"),
  };
  await database.transaction(async (transaction) => {
    if ((await findInstallation(transaction, now.installationId)) === null) {
      // Of the new owner's nothing was heard yet.
      const { id: accountId, login: accountLogin } = repository.owner;
      await saveInstallation(transaction, { id: now.installationId, accountId, accountLogin, state: "active" });
    }
    await saveRepository(transaction, now);
    if (now.accountId !== known.accountId) await moveIncidents(transaction, now.id, now.accountId);
    await audit(transaction, {
      actor: sender === undefined ? "GitHub" : `@${sender.login}`,
      action: "repository-changed",
      deliveryId: delivery.id,
      repositoryId: now.id,
      detail: { action, name: now.fullName },
    });
    if (known.isPrivate && !now.isPrivate) await judgeAnew(context, transaction, now);
    for (const incidentId of await incidentsOfRepository(transaction, now.id)) {
      await announce(queue, transaction, incidentId);
    }
    for (const accountId of await accountsToldOf(transaction, now.id)) {
      await queue.send("history-summary", { accountId }, { within: transaction.boss });
    }
  });
  if (action === "deleted") await cache.forget(now.id, signal);
  return `the repository was ${action}`;
};
