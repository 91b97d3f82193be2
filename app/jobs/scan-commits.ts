/** Scans what a push or a pull request brings in, and opens the incidents of what it finds, or adds to them. */
import { blastRadiusOf, type Gap, mask, type Occurrence, type ScanResult, type Token } from "keyrecall";
import type { Scanned } from "../git/clone.ts";
import type { Failed, FailureKind } from "../git/failure.ts";
import { audit } from "../store/audit-log.ts";
import { type FoundOccurrence, type FoundToken, saveFinding } from "../store/incidents.ts";
import { type CoveredRepository, saveScannedTip } from "../store/repositories.ts";
import { beginScan, endScan } from "../store/scans.ts";
import { sendCheckRun } from "./announce.ts";
import type { JobContext } from "./context.ts";
import { remoteOf } from "./remote.ts";

export interface CommitsToScan {
  readonly repository: CoveredRepository;
  /** `refs/heads/main`, `refs/pull/7/head`; a name can hold a token too: masked. */
  readonly ref: string;
  /** Tokens in the name of the ref. */
  readonly inName: readonly Token[];
  /** A commit, or an annotated tag. */
  readonly tip: string;
  /** What is reachable from these was scanned, or is not what is asked about. */
  readonly known: readonly string[];
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
    head: tip,
    ref,
    installationId: repository.installationId,
    known,
    actor,
  });
  const scanned = await context.cache.withClone(
    remoteOf(context, repository),
    async (clone): Promise<Scanned | Failed> => {
      const { fallbackRefs } = commits;
      const fetched = await clone.fetch({ tips: [tip], known, refs: [ref], fallbackRefs });
      if (fetched.outcome !== "ok") return fetched;
      const { rules } = context;
      return clone.scan({ tips: [{ id: tip, ref }], known: fetched.known, rules, minConfidence: "certain" });
    },
    signal,
  );
  return scanned.outcome === "ok" ? saveResult(context, commits, scanned) : saveUnread(context, commits, scanned);
}

/** Asked for again these may be had. */
const PASSING: ReadonlySet<FailureKind> = new Set(["unauthorized", "timed-out", "server-error"]);

/** Not read is not clean: the check run says so. */
async function saveUnread(context: JobContext, commits: CommitsToScan, failed: Failed): Promise<string> {
  await save(context, commits, namedIn(context, commits), [{ what: commits.ref, why: failed.message }]);
  if (PASSING.has(failed.outcome)) throw new FetchError(failed);
  return `not scanned: ${failed.message}`;
}

async function saveResult(context: JobContext, commits: CommitsToScan, { result, failed }: Scanned): Promise<string> {
  const found = [...findingsOf(context, commits, result), ...namedIn(context, commits)];
  const gaps = result.coverage.gaps.map(({ what, why }): Gap => ({
    what: mask(result.detector, what),
    why: mask(result.detector, why),
  }));
  if (failed !== null) gaps.unshift({ what: commits.ref, why: failed.message });
  await save(context, commits, found, gaps);
  if (failed !== null && PASSING.has(failed.outcome)) throw new FetchError(failed);
  const count = found.length === 1 ? "1 leaked token" : `${found.length} leaked tokens`;
  const tokens = found.length === 0 ? "no leaked token" : count;
  return gaps.length === 0 ? `scanned: ${tokens}` : `scanned, not completely: ${tokens}`;
}

class FetchError extends Error {
  constructor({ message }: Failed) {
    super(message);
    this.name = "FetchError";
  }
}

async function save(
  { database, queue, sealer }: JobContext,
  { repository, ref, tip, actor, receivedAt, remembersTip }: CommitsToScan,
  found: readonly FoundToken[],
  gaps: readonly Gap[],
): Promise<void> {
  await database.transaction(async (transaction) => {
    const incidentIds: string[] = [];
    for (const finding of found) {
      const { incidentId, isNews } = await saveFinding(transaction, sealer, repository.accountId, finding, receivedAt);
      incidentIds.push(incidentId);
      if (isNews) await queue.send("respond", { incidentId }, { key: incidentId, within: transaction.boss });
    }
    await endScan(transaction, { repositoryId: repository.id, head: tip, ref }, gaps, incidentIds);
    if (remembersTip && gaps.length === 0) await saveScannedTip(transaction, repository.id, ref, tip);
    await audit(transaction, {
      actor: "keyrecall",
      action: "scanned",
      repositoryId: repository.id,
      detail: { ref, head: tip, by: actor, tokens: found.length, gaps: gaps.length },
    });
    await sendCheckRun(queue, transaction, { repositoryId: repository.id, head: tip });
  });
}

function namedIn(context: JobContext, { inName, repository, ref, tip, actor }: CommitsToScan): FoundToken[] {
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

function findingsOf(context: JobContext, commits: CommitsToScan, result: ScanResult): FoundToken[] {
  const byToken = new Map<string, Occurrence[]>();
  for (const occurrence of result.occurrences) {
    const { fingerprint } = occurrence.token;
    byToken.set(fingerprint, [...(byToken.get(fingerprint) ?? []), occurrence]);
  }
  return [...byToken.values()].flatMap((occurrences): FoundToken[] => {
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
  { repository, ref, actor }: CommitsToScan,
  occurrence: Occurrence,
  { commits, detector }: ScanResult,
): FoundOccurrence[] {
  const { kind, object, line, column, encoding, variable, removedBy } = occurrence;
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
        line,
        column,
        encoding: encoding === "plain" ? [] : [encoding],
        variable,
        commit,
        author: facts?.author == null ? null : mask(detector, facts.author),
        committedAt: facts?.date ?? null,
        removedBy: [...removedBy],
        ref,
        actor,
      };
    }),
  );
}
