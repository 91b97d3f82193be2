/** Where the App is installed, and on what. */
import { backfillInstallation, backfillRepositories, stopBackfill } from "../../backfill/begin.ts";
import { audit } from "../../store/audit-log.ts";
import type { Transaction } from "../../store/database.ts";
import {
  type InstallationState,
  saveInstallation,
  saveRepository,
  uncoverRepositories,
} from "../../store/repositories.ts";
import { goOn } from "../go-on.ts";
import { noteUninstalled } from "../uninstalled.ts";
import type { EventHandler } from "./handler.ts";
import { installationPayload, installationRepositoriesPayload } from "./payloads.ts";

const STATES: Readonly<Record<string, InstallationState>> = {
  created: "active",
  unsuspend: "active",
  new_permissions_accepted: "active",
  suspend: "suspended",
  deleted: "deleted",
};

export const handleInstallation: EventHandler = async (context, delivery) => {
  const { database } = context;
  const { action, installation, repositories = [], sender } = installationPayload.parse(delivery.payload);
  const state = STATES[action];
  if (state === undefined) return `nothing to do for ${action}`;
  const { id, account } = installation;
  await database.transaction(async (transaction) => {
    const facts = { id, accountId: account.id, accountLogin: account.login };
    if (state === "deleted") await noteUninstalled(context.queue, transaction, facts);
    else await saveInstallation(transaction, { ...facts, state });
    if (state === "active") {
      await goOn(context, transaction, id);
      await context.queue.send("policy", { accountId: account.id }, { within: transaction.boss });
    }
    if (state === "suspended") await stopBackfill(transaction, id, "the installation is suspended");
    if (action === "created") {
      await cover(transaction, id, account.id, repositories);
    }
    // While it is suspended GitHub tells of nothing, and never does later.
    if (action === "created" || action === "unsuspend") {
      await backfillInstallation(context.queue, transaction, id, actorOf(sender));
    }
    await audit(transaction, {
      actor: actorOf(sender),
      action: "installation-changed",
      deliveryId: delivery.id,
      detail: { installation: id, account: account.login, action, repositories: repositories.length },
    });
  });
  return `installation ${id} is ${state}`;
};

export const handleInstallationRepositories: EventHandler = async (context, delivery) => {
  const { database } = context;
  const payload = installationRepositoriesPayload.parse(delivery.payload);
  const { installation, repositories_added: added, repositories_removed: removed, sender } = payload;
  const { id, account } = installation;
  await database.transaction(async (transaction) => {
    await saveInstallation(transaction, {
      id,
      accountId: account.id,
      accountLogin: account.login,
      state: stateOf(installation),
    });
    await cover(transaction, id, account.id, added);
    const unread = added.map((repository) => ({ id: repository.id, pushedAt: null }));
    await backfillRepositories(context.queue, transaction, id, unread, actorOf(sender));
    if (added.length > 0) {
      await goOn(context, transaction, id);
      await context.queue.send("policy", { accountId: account.id }, { within: transaction.boss });
    }
    await uncoverRepositories(
      transaction,
      id,
      removed.map((repository) => repository.id),
    );
    if (removed.length > 0) {
      await context.queue.send("erase", { installationId: id }, { within: transaction.boss });
    }
    await audit(transaction, {
      actor: actorOf(sender),
      action: "installation-changed",
      deliveryId: delivery.id,
      detail: { installation: id, account: account.login, added: added.length, removed: removed.length },
    });
  });
  return `${added.length} repositories added, ${removed.length} removed`;
};

function actorOf(sender: { readonly login: string } | undefined): string {
  return sender === undefined ? "GitHub" : `@${sender.login}`;
}

/** By what the payload says, as events come in any order. */
function stateOf({ suspended_at: suspendedAt }: { readonly suspended_at?: string | null | undefined }) {
  return suspendedAt === null || suspendedAt === undefined ? "active" : "suspended";
}

/** The rest of what is to be known of them comes with their first event. */
async function cover(
  transaction: Transaction,
  installationId: number,
  accountId: number,
  repositories: readonly { id: number; full_name: string; private: boolean }[],
): Promise<void> {
  for (const { id, full_name: fullName, private: isPrivate } of repositories) {
    await saveRepository(transaction, {
      id,
      installationId,
      accountId,
      fullName,
      isPrivate,
      defaultBranch: "",
      isArchived: false,
      sizeBytes: null,
      isCovered: true,
    });
  }
}
