/** Scans what a push or a pull request brings in, and opens the incidents of what it finds, or adds to them. */
import {
  blastRadiusOf,
  builtinRules,
  compileRules,
  Detector,
  type Gap,
  mask,
  type Occurrence,
  type ScanResult,
  type Token,
} from "keyrecall";
import type { Scanned } from "../git/clone.ts";
import type { Failed } from "../git/failure.ts";
import { InstallationUnavailableError, RateLimitedError } from "../github/errors.ts";
import { isRefusal } from "../github/refusal.ts";
import { findRepository } from "../github/repositories.ts";
import { audit } from "../store/audit-log.ts";
import { type FoundOccurrence, type FoundToken, saveFinding } from "../store/incidents.ts";
import { type CoveredRepository, noteAvailable, saveRepository, saveScannedTip } from "../store/repositories.ts";
import { beginScan, endScan } from "../store/scans.ts";
import { announce, sendCheckRun } from "./announce.ts";
import { byToken } from "./by-token.ts";
import type { JobContext } from "./context.ts";
import { FetchError, PASSING } from "./fetch-error.ts";
import { formOf } from "./form-of.ts";
import { goOn } from "./go-on.ts";
import { installationSentence, PermanentError } from "./permanent-error.ts";
import { remoteOf } from "./remote.ts";

export interface CommitsToScan {
  readonly repository: CoveredRepository;
  /** `refs/heads/main`, `refs/pull/7/head`; a name can hold a token too: masked. */
  readonly ref: string;
  /** Tokens in the name of the ref. */
  readonly inName: readonly Token[];
  /** A commit, or an annotated tag. */
  readonly tip: string;
  /** The commit that the check run is about; null for a tag of something else. */
  readonly head: string | null;
  /** More to read: commits that a forced push took away, and that nobody had looked at. */
  readonly alsoTips: readonly string[];
  /** What is reachable from these was scanned, or is not what is asked about. */
  readonly known: readonly string[];
  /**
   * Where the push began. If all of the tip was scanned already, as when a later push came first, this counts as known
   * instead: the check run says what this push brought.
   */
  readonly before: string | null;
  /** Names whose history counts as known where none of these can be had. */
  readonly fallbackRefs: readonly string[];
  /** Who pushed it or opened the pull request. */
  readonly actor: string | null;
  readonly receivedAt: Date;
  /** Whether a later scan of the ref may begin where this one ended. */
  readonly remembersTip: boolean;
}

/** @returns a sentence for people */
export async function scanCommits(context: JobContext, commits: CommitsToScan, signal: AbortSignal): Promise<string> {
  const { repository, ref, tip, known, actor } = commits;
  await beginScan(context.database, {
    repositoryId: repository.id,
    head: commits.head ?? tip,
    tip,
    ref,
    installationId: repository.installationId,
    known,
    actor,
  });
  try {
    const read = await readCommits(context, commits, signal);
    return await (read.outcome === "ok" ? saveResult(context, commits, read) : saveUnread(context, commits, read));
  } catch (error) {
    // Broken off it is made again, and what a fetch came to is written down.
    if (signal.aborted || error instanceof RateLimitedError || error instanceof FetchError) throw error;
    const gaps = [{ what: ref, why: unreadBecause(error) }];
    await save(context, commits, { found: namedIn(context, commits), gaps });
    throw error;
  }
}

/** What was read, and what the scan took for known in the end. */
interface Read extends Scanned {
  readonly known: readonly string[];
  /** All of the tip had been scanned before. */
  readonly isOld: boolean;
}

async function readCommits(context: JobContext, commits: CommitsToScan, signal: AbortSignal): Promise<Read | Failed> {
  const read = await readFrom(context, commits, signal);
  if (read.outcome !== "not-found" && read.outcome !== "server-error") return read;
  const renamed = await renamedTo(context, commits.repository);
  return renamed === null ? read : readFrom(context, { ...commits, repository: renamed }, signal);
}

function readFrom(context: JobContext, commits: CommitsToScan, signal: AbortSignal): Promise<Read | Failed> {
  const { repository, ref, tip, alsoTips, fallbackRefs, before } = commits;
  return context.cache.withClone(
    remoteOf(context, repository),
    async (clone): Promise<Read | Failed> => {
      const fetched = await clone.fetch({ tips: [tip, ...alsoTips], known: commits.known, refs: [ref], fallbackRefs });
      if (fetched.outcome !== "ok") return fetched;
      if (fetched.gone.includes(tip)) return { outcome: "gone", message: `The server no longer has ${tip}.` };
      let { known } = fetched;
      const isOld = !fetched.isCertainlyNew && (await clone.isReached(tip, known));
      if (isOld && before !== null && !known.includes(before)) {
        const earlier = await clone.fetch({ tips: [tip], known: [before] });
        if (earlier.outcome === "ok" && earlier.known.length > 0) known = earlier.known;
      }
      const tips = fetched.tips.map((id) => ({ id, ref }));
      const scanned = await clone.scan({ tips, known, rules: context.rules, minConfidence: "certain" });
      return scanned.outcome === "ok" ? { ...scanned, known, isOld } : scanned;
    },
    signal,
  );
}

/** The repository under the name that it has now, where that is another one than the event said; else null. */
async function renamedTo(context: JobContext, repository: CoveredRepository): Promise<CoveredRepository | null> {
  const client = await context.github.forInstallation(repository.installationId);
  const now = await findRepository(client, repository);
  if (isRefusal(now) || now.fullName === repository.fullName) return null;
  const renamed = { ...repository, fullName: now.fullName };
  await saveRepository(context.database, renamed);
  return renamed;
}

/** Not read is not clean: the check run says so. */
async function saveUnread(context: JobContext, commits: CommitsToScan, failed: Failed): Promise<string> {
  const why = mask(maskingDetector, failed.message);
  await save(context, commits, { found: namedIn(context, commits), gaps: [{ what: commits.ref, why }] });
  if (PASSING.has(failed.outcome)) throw new FetchError(failed);
  return `not scanned: ${why}`;
}

function unreadBecause(error: unknown): string {
  if (error instanceof PermanentError) return error.message;
  if (error instanceof InstallationUnavailableError) return installationSentence(error);
  return "the scan failed; it is made again";
}

async function saveResult(context: JobContext, commits: CommitsToScan, read: Read): Promise<string> {
  const { result, failed, known, isOld } = read;
  const found = [...findingsOf(context, commits, result), ...namedIn(context, commits)];
  const gaps = result.coverage.gaps.map(({ what, why }): Gap => ({
    what: mask(result.detector, what),
    why: mask(result.detector, why),
  }));
  if (failed !== null) gaps.unshift({ what: commits.ref, why: mask(result.detector, failed.message) });
  await save(context, commits, { found, gaps, known, isOld });
  if (failed !== null && PASSING.has(failed.outcome)) throw new FetchError(failed);
  const count = found.length === 1 ? "1 leaked token" : `${found.length} leaked tokens`;
  const tokens = found.length === 0 ? "no leaked token" : count;
  return gaps.length === 0 ? `scanned: ${tokens}` : `scanned, not completely: ${tokens}`;
}

const maskingDetector = new Detector(compileRules(builtinRules), { minConfidence: "suspect" });

interface Outcome {
  readonly found: readonly FoundToken[];
  readonly gaps: readonly Gap[];
  /** What the scan took for known in the end; null where it did not come so far. */
  readonly known?: readonly string[] | null;
  readonly isOld?: boolean;
}

async function save(
  { database, queue, sealer, github }: JobContext,
  { repository, ref, tip, head, actor, receivedAt, remembersTip }: CommitsToScan,
  { found, gaps, known = null, isOld = false }: Outcome,
): Promise<void> {
  await database.transaction(async (transaction) => {
    const { installationId } = repository;
    const wasRead = known !== null;
    if (wasRead && (await noteAvailable(transaction, installationId))) {
      await goOn({ queue, github }, transaction, installationId);
    }
    const incidentIds: string[] = [];
    const again: string[] = [];
    for (const finding of found) {
      const saved = await saveFinding(transaction, sealer, repository.accountId, finding, receivedAt);
      const { incidentId, isNews, isFirst } = saved;
      incidentIds.push(incidentId);
      if (!isNews) continue;
      if (!isFirst) again.push(incidentId);
      await queue.send("respond", { incidentId }, { key: incidentId, within: transaction.boss });
    }
    const place = { repositoryId: repository.id, head: head ?? tip, ref };
    await endScan(transaction, place, { gaps, incidentIds, known });
    // A later scan that came first has seen more.
    if (remembersTip && gaps.length === 0 && !isOld) await saveScannedTip(transaction, repository.id, ref, tip);
    // The issue names the new places too.
    for (const incidentId of again) await announce(queue, transaction, incidentId);
    await audit(transaction, {
      actor: "keyrecall",
      action: "scanned",
      repositoryId: repository.id,
      detail: { ref, head: tip, by: actor, tokens: found.length, gaps: gaps.length },
    });
    if (head !== null) await sendCheckRun(queue, transaction, { repositoryId: repository.id, head });
  });
}

export function namedIn(
  context: Pick<JobContext, "rules">,
  { inName, repository, ref, tip, actor }: Pick<CommitsToScan, "inName" | "repository" | "ref" | "tip" | "actor">,
): FoundToken[] {
  return inName.flatMap((token): FoundToken[] => {
    const rule = context.rules.find(({ id }) => id === token.rule);
    if (rule === undefined) return [];
    const occurrence: FoundOccurrence = {
      installationId: repository.installationId,
      repositoryId: repository.id,
      kind: "ref-name",
      object: null,
      path: null,
      line: 1,
      column: 1,
      encoding: [],
      container: [],
      innerLine: null,
      variable: null,
      commit: tip,
      author: null,
      committedAt: null,
      removedBy: [],
      ref,
      actor,
    };
    return [{ token, hints: NO_HINTS, blastRadius: blastRadiusOf(rule), occurrences: [occurrence] }];
  });
}

const NO_HINTS = { projects: [], endpoints: [], hosts: [] };

type Scope = Pick<CommitsToScan, "repository" | "ref" | "actor">;

export function findingsOf(context: Pick<JobContext, "rules">, commits: Scope, result: ScanResult): FoundToken[] {
  const groups = byToken(result.occurrences, (occurrence) => occurrence);
  return [...groups.values()].flatMap((occurrences): FoundToken[] => {
    const { token } = occurrences[0]!;
    const rule = context.rules.find(({ id }) => id === token.rule);
    if (rule === undefined || token.plane === null || token.publicId === null) return [];
    return [
      {
        token,
        hints: result.hintsOf(token.fingerprint),
        blastRadius: blastRadiusOf(rule),
        occurrences: occurrences.flatMap((occurrence) => placesOf(commits, occurrence, result)),
      },
    ];
  });
}

/** A place for each path and each commit that brought it in. */
function placesOf(
  { repository, ref, actor }: Scope,
  occurrence: Occurrence,
  { commits, detector }: ScanResult,
): FoundOccurrence[] {
  const { kind, object, removedBy } = occurrence;
  const paths = occurrence.paths.length === 0 ? [null] : occurrence.paths;
  const introducedBy = occurrence.introducedBy.length === 0 ? [null] : occurrence.introducedBy;
  return paths.flatMap((path) =>
    introducedBy.map((commit): FoundOccurrence => {
      const facts = commit === null ? undefined : commits.get(commit);
      return {
        installationId: repository.installationId,
        repositoryId: repository.id,
        kind,
        object,
        path: path === null ? null : mask(detector, path),
        ...formOf(detector, occurrence),
        commit,
        author: facts?.author == null ? null : mask(detector, facts.author),
        committedAt: facts?.date ?? null,
        removedBy: [...removedBy],
        ref: occurrence.refs[0] ?? ref,
        actor,
      };
    }),
  );
}
