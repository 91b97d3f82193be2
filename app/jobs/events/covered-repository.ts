import {
  type CoveredRepository,
  findInstallation,
  saveInstallation,
  saveRepository,
} from "../../store/repositories.ts";
/** The repository that an event is about, as the event knows it, and whether the App still looks after it. */
import type { JobContext } from "../context.ts";
import type { RepositoryPayload } from "./payloads.ts";

/** @returns a sentence where nothing is to be done */
export async function coverRepository(
  { database, queue }: JobContext,
  payload: RepositoryPayload,
  installationId: number,
): Promise<CoveredRepository | string> {
  const known = await findInstallation(database, installationId);
  if (known?.state === "deleted") return "the App was uninstalled";
  const repository: CoveredRepository = {
    id: payload.id,
    installationId,
    accountId: payload.owner.id,
    fullName: payload.full_name,
    isPrivate: payload.private,
    defaultBranch: payload.default_branch,
    isArchived: payload.archived ?? false,
    sizeBytes: payload.size === undefined ? null : payload.size * 1024,
    isCovered: true,
  };
  await database.transaction(async (transaction) => {
    if (known === null) {
      // Its own event has not come yet, or never will.
      const { id: accountId, login: accountLogin } = payload.owner;
      await saveInstallation(transaction, { id: installationId, accountId, accountLogin, state: "active" });
      await queue.send("policy", { accountId }, { within: transaction.boss });
    }
    await saveRepository(transaction, repository);
  });
  return repository;
}
