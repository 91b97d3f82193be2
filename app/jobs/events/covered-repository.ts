/** The repository that an event is about, as the event knows it, and whether the App still looks after it. */
import { builtinRules, compileRules, Detector, mask } from "keyrecall";
import {
  type CoveredRepository,
  findInstallation,
  findRepository,
  saveInstallation,
  saveRepository,
} from "../../store/repositories.ts";
import { judgeAnew } from "../became-public.ts";
import type { JobContext } from "../context.ts";
import type { RepositoryPayload } from "./payloads.ts";

/** @returns a sentence where nothing is to be done */
export async function coverRepository(
  context: JobContext,
  payload: RepositoryPayload,
  installationId: number,
): Promise<CoveredRepository | string> {
  const { database } = context;
  const known = await findInstallation(database, installationId);
  if (known?.state === "deleted") return "the App was uninstalled";
  const before = await findRepository(database, payload.id);
  const repository: CoveredRepository = {
    id: payload.id,
    installationId,
    accountId: payload.owner.id,
    fullName: payload.full_name,
    // An event that comes late may say otherwise; that it is private again is told by an event of its own.
    isPrivate: payload.private && before?.isPrivate !== false,
    defaultBranch: storedBranch(payload.default_branch),
    isArchived: payload.archived ?? false,
    sizeBytes: payload.size === undefined ? null : payload.size * 1024,
    isCovered: true,
  };
  await database.transaction(async (transaction) => {
    if (known === null) {
      // Its own event has not come yet, or never will.
      const { id: accountId, login: accountLogin } = payload.owner;
      await saveInstallation(transaction, { id: installationId, accountId, accountLogin, state: "active" });
      await context.queue.send("policy", { accountId }, { within: transaction.boss });
    }
    await saveRepository(transaction, repository);
    if (before?.isPrivate === true && !repository.isPrivate) await judgeAnew(context, transaction, repository);
  });
  return repository;
}

const detector = new Detector(compileRules(builtinRules), { minConfidence: "suspect" });

/** A name can hold a token, which is not stored: such a branch counts as unknown, so that more is read and never less. */
export function storedBranch(name: string): string {
  return mask(detector, name);
}
