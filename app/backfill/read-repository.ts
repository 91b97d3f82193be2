/** One step in the history of one repository: a batch of its refs is read, or it is written down why not. */
import { createHash } from "node:crypto";
import { type Gap, mask, type Rule } from "keyrecall";
import { certainDetector } from "../certain-detector.ts";
import type { Clone } from "../git/clone.ts";
import type { Failed } from "../git/failure.ts";
import { InstallationUnavailableError, RateLimitedError } from "../github/errors.ts";
import { isRefusal, type Refusal } from "../github/refusal.ts";
import { findRepository as findOnGitHub, type RepositoryFacts } from "../github/repositories.ts";
import { announce } from "../jobs/announce.ts";
import type { JobContext } from "../jobs/context.ts";
import { PASSING } from "../jobs/fetch-error.ts";
import { PermanentError } from "../jobs/permanent-error.ts";
import { remoteOf } from "../jobs/remote.ts";
import { findingsOf, namedIn } from "../jobs/scan-commits.ts";
import { audit } from "../store/audit-log.ts";
import {
  addWork,
  changeProgress,
  hasDelivery,
  offerScannedTips,
  readTips,
  rememberTips,
  type RepositoryProgress,
  type RepositoryState,
} from "../store/backfill.ts";
import { type FoundToken, saveFinding } from "../store/incidents.ts";
import { type CoveredRepository, updateRepositoryFacts } from "../store/repositories.ts";
import { VERSION } from "../version.ts";
import { type Batch, nextBatch, refHash } from "./plan.ts";

/** After each try that failed for a reason that passes; after the last one it is given up. */
const PAUSES_SECONDS = [5, 30, 120, 600, 1800, 3600];
/** A repository that is pushed to all the time is read all the same. */
const MAX_YIELDS = 5;
/** For the push to be worked on; others are read meanwhile. */
const ROOM_MS = 5000;
const LOOK_FOR_PUSHES_MS = 500;
/** Of a history that could not be read whole, so many reasons are kept. */
const MAX_GAPS = 20;
const HISTORY = "history";
const MOVED = "refs moved or went away while they were read";
/** Whatever waits for the response to something that was pushed just now comes first. */
const PRIORITY = -1;

type Outcome =
  | { readonly kind: "read"; readonly batch: Batch; readonly found: readonly FoundToken[]; readonly reading: Reading }
  | { readonly kind: "nothing-left" }
  | { readonly kind: "ended"; readonly state: RepositoryState; readonly why: string | null }
  | { readonly kind: "later"; readonly why: string };

interface Reading {
  readonly commits: number;
  readonly gaps: readonly Gap[];
  /** Tips that the server had no more when they were asked for. */
  readonly gone: readonly string[];
}

const NOTHING_READ: Reading = { commits: 0, gaps: [], gone: [] };

export async function readRepository(
  context: JobContext,
  progress: RepositoryProgress,
  signal: AbortSignal,
): Promise<void> {
  const { database, log } = context;
  const { id } = progress.repository;
  const began = performance.now();
  await changeProgress(database, id, { state: "reading" });
  const outcome = await withRoomForPushes(context, progress, signal, (ownSignal) =>
    attempt(context, progress, ownSignal),
  );
  if (outcome === "yielded") {
    const notBefore = new Date(Date.now() + ROOM_MS);
    await changeProgress(database, id, { yields: progress.yields + 1, notBefore });
    log.info({ repository: progress.repository.fullName }, "a backfill made room for a push");
    return;
  }
  await record(context, progress, outcome, performance.now() - began);
}

class MadeRoom extends Error {
  override readonly name = "MadeRoom";
}

/** The clone is used by one at a time, and a push must not wait until a long history was fetched. */
async function withRoomForPushes<Result>(
  { database }: JobContext,
  { repository, yields }: RepositoryProgress,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | "yielded"> {
  if (yields >= MAX_YIELDS) return work(signal);
  const room = new AbortController();
  const look = async (): Promise<void> => {
    if (await hasDelivery(database, repository.id)) room.abort(new MadeRoom());
  };
  // That the database does not answer shows where it is needed.
  const watch = setInterval(() => void look().catch(() => {}), LOOK_FOR_PUSHES_MS);
  try {
    return await work(AbortSignal.any([signal, room.signal]));
  } catch (error) {
    if (error instanceof MadeRoom) return "yielded";
    throw error;
  } finally {
    clearInterval(watch);
  }
}

async function attempt(context: JobContext, progress: RepositoryProgress, signal: AbortSignal): Promise<Outcome> {
  try {
    const now = await asItIsNow(context, progress);
    return "kind" in now ? now : await read(context, { ...progress, repository: now }, signal);
  } catch (error) {
    const isOthers = error instanceof RateLimitedError || error instanceof InstallationUnavailableError;
    if (signal.aborted || isOthers) throw error;
    if (error instanceof PermanentError) return afterRefusal(context, progress, error);
    // One repository that cannot be read must not stand in the way of the others.
    context.log.error({ repository: progress.repository.fullName, err: error }, "a history could not be read");
    return { kind: "later", why: `it failed: ${error instanceof Error ? error.name : typeof error}` };
  }
}

/** Names, visibility and size change while it waits for its turn. */
async function asItIsNow(
  context: JobContext,
  { repository }: RepositoryProgress,
): Promise<CoveredRepository | Outcome> {
  if (!repository.isCovered)
    return { kind: "ended", state: "gone", why: "the App was taken off it, or it was deleted" };
  const facts = await factsOf(context, repository);
  if (isRefusal(facts)) return refusedAs(facts);
  const { fullName, isPrivate, defaultBranch, isArchived, sizeBytes, pushedAt } = facts;
  const now = { ...repository, fullName, isPrivate, defaultBranch, isArchived, sizeBytes };
  await updateRepositoryFacts(context.database, now);
  await changeProgress(context.database, repository.id, pushedAt === null ? { why: null } : { why: null, pushedAt });
  return now;
}

async function factsOf({ github }: JobContext, repository: CoveredRepository): Promise<RepositoryFacts | Refusal> {
  return findOnGitHub(await github.forInstallation(repository.installationId), repository);
}

function refusedAs({ reason, sentence }: Refusal): Outcome {
  return { kind: "ended", state: reason === "missing" ? "gone" : "unread", why: sentence };
}

/** It can have vanished since it was looked for. */
async function afterRefusal(
  context: JobContext,
  { repository }: RepositoryProgress,
  { message }: PermanentError,
): Promise<Outcome> {
  const facts = await factsOf(context, repository);
  return isRefusal(facts) ? refusedAs(facts) : { kind: "ended", state: "unread", why: message };
}

async function read(context: JobContext, progress: RepositoryProgress, signal: AbortSignal): Promise<Outcome> {
  const { repository, run } = progress;
  const { cache, database } = context;
  const remembered = await readTips(database, repository.id, digestOf(context.rules));
  const isFirst = [...remembered.values()].every(({ tip }) => tip === null);
  if (isFirst && repository.sizeBytes !== null) {
    if (repository.sizeBytes > cache.maxCloneBytes) return tooLarge(repository, cache.maxCloneBytes);
    cache.makeRoomFor(repository.sizeBytes);
  }
  const outcome = await cache.withClone(
    remoteOf(context, repository),
    async (clone): Promise<Outcome | Failed> => {
      const listed = await clone.listRefs();
      if (listed.outcome !== "ok") return listed;
      if (listed.refs.length === 0) return { kind: "ended", state: "empty", why: null };
      const batch = nextBatch(listed.refs, remembered, { run, defaultBranch: repository.defaultBranch });
      return batch === null ? { kind: "nothing-left" } : readBatch(context, repository, clone, batch);
    },
    signal,
  );
  return "kind" in outcome ? outcome : notRead(context, repository, outcome);
}

function tooLarge({ sizeBytes }: CoveredRepository, maxBytes: number): Outcome {
  const why = `GitHub says it takes ${inMib(sizeBytes ?? 0)}, and a clone may take ${inMib(maxBytes)} (CACHE_MAX_BYTES)`;
  return { kind: "ended", state: "too-large", why };
}

function inMib(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}

async function notRead(
  { cache, log, rules }: JobContext,
  repository: CoveredRepository,
  failed: Failed,
): Promise<Outcome> {
  const why = mask(certainDetector(rules), failed.message);
  switch (failed.outcome) {
    case "too-large":
      // What arrived of it fills the disk and is of no use.
      await cache.forget(repository.id);
      log.warn({ repository: repository.fullName, why }, "a history is too large to be read");
      return { kind: "ended", state: "too-large", why };
    default:
      return { kind: "later", why };
  }
}

async function readBatch(
  context: JobContext,
  repository: CoveredRepository,
  clone: Clone,
  batch: Batch,
): Promise<Outcome | Failed> {
  const detector = certainDetector(context.rules);
  const refs = [...batch.settled, ...batch.fresh].map((ref) => ({ ...ref, shown: mask(detector, ref.name) }));
  const found: FoundToken[] = refs.flatMap(({ name, id, shown }) => {
    const inName = detector.find(Buffer.from(name)).map(({ token }) => token);
    return namedIn(context, { inName, repository, ref: shown, tip: id, actor: null });
  });
  if (batch.fresh.length === 0) return { kind: "read", batch, found, reading: NOTHING_READ };
  const fetched = await clone.fetch({
    tips: batch.fresh.map(({ id }) => id),
    known: batch.known,
    refs: batch.fresh.map(({ name }) => name),
  });
  if (fetched.outcome !== "ok") return fetched;
  const isHere = new Set(fetched.tips);
  const tips = refs.filter(({ id }) => isHere.has(id)).map(({ id, shown }) => ({ id, ref: shown }));
  const scanned = await clone.scan({ tips, known: fetched.known, rules: context.rules, minConfidence: "certain" });
  if (scanned.outcome !== "ok") return scanned;
  const { result, failed } = scanned;
  if (failed !== null && PASSING.has(failed.outcome)) {
    // What is here was read, and is told at once; the rest is asked for again.
    await saveFound(context, repository, findingsOf(context, scopeOf(repository, tips), result));
    return failed;
  }
  const gaps = result.coverage.gaps.map(({ what, why }) => ({ what: mask(detector, what), why: mask(detector, why) }));
  if (failed !== null) gaps.unshift({ what: tips[0]?.ref ?? HISTORY, why: mask(detector, failed.message) });
  return {
    kind: "read",
    batch,
    found: [...found, ...findingsOf(context, scopeOf(repository, tips), result)],
    reading: { commits: result.coverage.commits, gaps, gone: fetched.gone },
  };
}

function scopeOf(repository: CoveredRepository, tips: readonly { readonly ref: string }[]) {
  return { repository, ref: tips[0]?.ref ?? HISTORY, actor: null };
}

async function record(context: JobContext, progress: RepositoryProgress, outcome: Outcome, ms: number): Promise<void> {
  const { database } = context;
  const { id, fullName } = progress.repository;
  switch (outcome.kind) {
    case "read":
      return recordRead(context, progress, outcome, ms);
    case "nothing-left":
      return end(context, progress, progress.gaps.length === 0 ? "done" : "incomplete", null);
    case "ended":
      await addWork(database, id, { commits: 0, tokens: 0, ms });
      return end(context, progress, outcome.state, outcome.why);
    case "later": {
      const pause = PAUSES_SECONDS[progress.tries];
      await addWork(database, id, { commits: 0, tokens: 0, ms });
      if (pause === undefined) return end(context, progress, "unread", outcome.why);
      const notBefore = new Date(Date.now() + pause * 1000);
      await changeProgress(database, id, { state: "waiting", why: outcome.why, tries: progress.tries + 1, notBefore });
      context.log.warn({ repository: fullName, why: outcome.why, afterSeconds: pause }, "a history is read later");
    }
  }
}

async function recordRead(
  context: JobContext,
  progress: RepositoryProgress,
  { batch, found, reading }: Extract<Outcome, { kind: "read" }>,
  ms: number,
): Promise<void> {
  const { database, log } = context;
  const { repository, run } = progress;
  const { gaps, gone, commits } = reading;
  const lost = new Set(gone);
  const whole = [...batch.settled, ...(gaps.length === 0 ? batch.fresh.filter(({ id }) => !lost.has(id)) : [])];
  // What moved away while it was asked for is looked for again, and what has gaps is not read twice in one run.
  const partly = gaps.length === 0 ? [] : batch.fresh.filter(({ id }) => !lost.has(id));
  const scope = { repositoryId: repository.id, rules: digestOf(context.rules), run };
  const allGaps = [...progress.gaps, ...gaps].slice(0, MAX_GAPS);
  const refsLeft = batch.left + gone.length;
  await saveFound(context, repository, found);
  await database.transaction(async (transaction) => {
    await rememberTips(transaction, scope, [
      ...whole.map(({ name, id }) => ({ hash: refHash(name), tip: id })),
      ...partly.map(({ name }) => ({ hash: refHash(name), tip: null })),
    ]);
    const branches = whole.filter(({ name }) => /^refs\/(heads|tags)\//.test(name));
    const detector = certainDetector(context.rules);
    await offerScannedTips(
      transaction,
      repository.id,
      branches.map(({ name, id }) => ({ ref: mask(detector, name), tip: id })),
    );
    await addWork(transaction, repository.id, { commits, tokens: found.length, ms });
    await changeProgress(transaction, repository.id, {
      gaps: allGaps,
      refsLeft,
      ...(lost.size === 0 ? { tries: 0 } : {}),
    });
  });
  log.info(
    {
      repository: repository.fullName,
      refs: batch.fresh.length,
      refsLeft,
      commits,
      tokens: found.length,
      gaps: gaps.length,
    },
    "a part of a history was read",
  );
  if (lost.size > 0) {
    await record(context, { ...progress, gaps: allGaps }, { kind: "later", why: MOVED }, 0);
  } else if (refsLeft === 0) {
    await end(context, { ...progress, gaps: allGaps }, allGaps.length === 0 ? "done" : "incomplete", null);
  }
}

/** The same findings once more change nothing: a worker that is killed after this saves them again. */
async function saveFound(
  { database, queue, sealer }: JobContext,
  repository: CoveredRepository,
  found: readonly FoundToken[],
): Promise<void> {
  const receivedAt = new Date();
  for (const finding of found) {
    await database.transaction(async (transaction) => {
      const saved = await saveFinding(
        transaction,
        sealer,
        repository.accountId,
        { ...finding, isHistory: true },
        receivedAt,
      );
      const { incidentId, isNews, isFirst } = saved;
      if (!isNews) return;
      await queue.send("respond", { incidentId }, { key: incidentId, priority: PRIORITY, within: transaction.boss });
      // The issue names the new places too.
      if (!isFirst) await announce(queue, transaction, incidentId);
    });
  }
}

async function end(
  { database, log }: JobContext,
  { repository }: RepositoryProgress,
  state: RepositoryState,
  why: string | null,
): Promise<void> {
  const isRead = state === "done" || state === "empty";
  await database.transaction(async (transaction) => {
    await changeProgress(transaction, repository.id, { state, why, finishedAt: new Date(), refsLeft: null });
    await audit(transaction, {
      actor: "keyrecall",
      action: isRead ? "history-read" : "history-not-read",
      repositoryId: repository.id,
      detail: { state, ...(why === null ? {} : { what: why }) },
    });
  });
  const facts = { repository: repository.fullName, state, why };
  if (isRead) log.info(facts, "a history was read");
  else log.warn(facts, "a history was not read, or not whole");
}

/** Other rules, or another version, may find what was not found before. */
function digestOf(rules: readonly Rule[]): string {
  return createHash("sha256").update(VERSION).update(JSON.stringify(rules)).digest("hex");
}
