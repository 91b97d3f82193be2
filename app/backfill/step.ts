/**
 * The job: one step for one installation, a page of its repositories or a part of one history. The next step is a new
 * job, behind those that wait: so installations take turns, and a worker that is killed loses one step.
 */
import { InstallationUnavailableError, RateLimitedError } from "../github/errors.ts";
import { installedPage } from "../github/repositories.ts";
import type { JobContext } from "../jobs/context.ts";
import { installationSentence } from "../jobs/permanent-error.ts";
import { audit } from "../store/audit-log.ts";
import {
  awaitRepository,
  type Backfill,
  changeBackfill,
  findBackfill,
  nextRepository,
  notePushedAt,
  secondsToNext,
} from "../store/backfill.ts";
import { findInstallation, type Installation, noteUnavailable, saveRepository } from "../store/repositories.ts";
import { stopBackfill } from "./begin.ts";
import { readRepository } from "./read-repository.ts";

/** While webhooks wait. */
const BEHIND_SECONDS = 2;
/** Between two pages of a list. */
const PAGE_SECONDS = 1;
/** A list whose pages do not add up, because repositories came and went, is asked for again. */
const MAX_LISTINGS = 3;
/** A repository that is tried again later is looked for at least this often. */
const LONGEST_WAIT_SECONDS = 3600;

export async function backfillStep(context: JobContext, installationId: number, signal: AbortSignal): Promise<void> {
  const { database, queue } = context;
  const backfill = await findBackfill(database, installationId);
  if (backfill === null || backfill.state === "done") return;
  const installation = await findInstallation(database, installationId);
  if (installation === null || installation.state !== "active") {
    const why = installation?.state === "suspended" ? "the installation is suspended" : "the App was uninstalled";
    await database.transaction((transaction) => stopBackfill(transaction, installationId, why));
    return;
  }
  if (await queue.isBehind("delivery")) {
    await queue.send("backfill", { installationId }, { afterSeconds: BEHIND_SECONDS });
    return;
  }
  try {
    if (backfill.stopped !== null) await changeBackfill(database, installationId, { stopped: null });
    const waitSeconds =
      backfill.state === "listing"
        ? await listPage(context, backfill, installation)
        : await readNext(context, installation, signal);
    if (waitSeconds !== null) await queue.send("backfill", { installationId }, { afterSeconds: waitSeconds });
  } catch (error) {
    if (error instanceof RateLimitedError) {
      const until = new Date(Date.now() + error.retryAfterMs).toISOString();
      // The job is sent again for that time.
      await changeBackfill(database, installationId, { stopped: `GitHub wants to be asked later, after ${until}` });
    }
    if (!(error instanceof InstallationUnavailableError)) throw error;
    await database.transaction(async (transaction) => {
      await noteUnavailable(transaction, installationId);
      await stopBackfill(transaction, installationId, installationSentence(error));
    });
    context.log.warn({ installation: installationId, why: error.why }, "the backfill stopped");
  }
}

/** @returns seconds until the next step */
async function listPage(
  { github, database, log }: JobContext,
  { installationId, readsAll, nextPage, listed, listings }: Backfill,
  { accountId }: Installation,
): Promise<number> {
  const { repositories, total, isLast } = await installedPage(await github.forInstallation(installationId), nextPage);
  const seen = listed + repositories.length;
  const isShort = isLast && seen < total && listings < MAX_LISTINGS;
  await database.transaction(async (transaction) => {
    for (const { id, fullName, isPrivate, defaultBranch, isArchived, sizeBytes, pushedAt } of repositories) {
      await saveRepository(transaction, {
        id,
        installationId,
        accountId,
        fullName,
        isPrivate,
        defaultBranch,
        isArchived,
        sizeBytes,
        isCovered: true,
      });
      if (readsAll) await awaitRepository(transaction, { repositoryId: id, installationId, pushedAt });
      else await notePushedAt(transaction, id, pushedAt);
    }
    await changeBackfill(
      transaction,
      installationId,
      isShort
        ? { nextPage: 1, listed: 0, listings: listings + 1 }
        : { nextPage: nextPage + 1, listed: seen, ...(isLast ? { state: "reading" as const } : {}) },
    );
  });
  log.info({ installation: installationId, listed: seen, total }, "repositories were listed");
  return isLast && !isShort ? 0 : PAGE_SECONDS;
}

/** @returns seconds until the next step; null where nothing is left */
async function readNext(context: JobContext, installation: Installation, signal: AbortSignal): Promise<number | null> {
  const { database } = context;
  const progress = await nextRepository(database, installation.id);
  if (progress !== null) {
    await readRepository(context, progress, signal);
    return 0;
  }
  const wait = await secondsToNext(database, installation.id);
  if (wait !== null) return Math.min(LONGEST_WAIT_SECONDS, Math.max(1, wait));
  await finish(context, installation);
  return null;
}

async function finish(
  { database, queue, log }: JobContext,
  { id, accountId, accountLogin }: Installation,
): Promise<void> {
  await database.transaction(async (transaction) => {
    // Asked for once more in the meantime, it is not at its end.
    const isReading = (await findBackfill(transaction, id, "locked"))?.state === "reading";
    if (!isReading || (await secondsToNext(transaction, id)) !== null) {
      await queue.send("backfill", { installationId: id }, { within: transaction.boss });
      return;
    }
    await changeBackfill(transaction, id, { state: "done", finishedAt: new Date() });
    await audit(transaction, { actor: "keyrecall", action: "backfill-ended", detail: { installation: id } });
    await queue.send("history-summary", { accountId }, { within: transaction.boss });
    log.info({ installation: id, account: accountLogin }, "all histories of an installation were read");
  });
}
