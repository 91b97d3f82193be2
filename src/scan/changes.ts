/** Scans what changes put in place, and decides what of it is news. */
import { decodeByteText, encodeByteText } from "../core/byte-text.ts";
import type { Detector } from "../detect/detector.ts";
import type { Change } from "../git/changes.ts";
import type { Repository } from "../git/repository.ts";
import type { ObtainObjects } from "../git/revisions.ts";
import { readListed } from "../sources/objects.ts";
import type { Collector } from "./collector.ts";
import type { HistoryLookup } from "./history-lookup.ts";
import { type Occurrence, type OccurrenceKind, plainOccurrence } from "./occurrence.ts";
import { renamesOf } from "./renames.ts";
import { TokenIndex } from "./token-index.ts";
import { byCommit, traceTokens, type Traces } from "./trace.ts";
import type { VisitChanges } from "./visit-changes.ts";

export interface ChangesToScan {
  readonly visit: VisitChanges;
  /** Objects that are read together with the contents. */
  readonly besides: readonly string[];
  readonly obtain: ObtainObjects | null;
}

/** Reads what the changes put in place, and where a token stands there, what stood there before. */
export async function scanChanges(
  repository: Repository,
  { visit, besides, obtain }: ChangesToScan,
  history: HistoryLookup,
  kind: "blob" | "index",
  detector: Detector,
  collector: Collector,
): Promise<Occurrence[]> {
  const newIds = new Set<string>();
  let hasNames = false;
  const inNames = new TokenIndex(detector, []);
  await visit({
    wants(newId, _oldIds, rawPath) {
      if (newId !== null) newIds.add(newId);
      hasNames ||= inNames.isInRawPath(rawPath);
      return false;
    },
    change: () => {},
  });
  await readListed(repository, [...besides, ...newIds], collector, obtain);
  const findsInNew = new TokenIndex(detector, collector.finds);
  if (!hasNames && findsInNew.blobFinds.size === 0) return [];
  const isTouched = (change: Change): boolean =>
    findsInNew.inPath(change.path).size > 0 ||
    [change.newId, ...change.oldIds].some((id) => id !== null && findsInNew.inBlob(id).size > 0);
  const related = await changesOfTouchedCommits(visit, isTouched);
  const commits = byCommit(related);
  const renames = await renamesOf(commits, isTouched, history);
  const oldIds = new Set([
    ...related.flatMap((change) => change.oldIds).filter((id) => id !== null),
    ...[...renames.values()].flatMap((ofCommit) => ofCommit.all().map((rename) => rename.sourceId)),
  ]);
  await readListed(
    repository,
    [...oldIds].filter((id) => !newIds.has(id)),
    collector,
    obtain,
  );
  const index = new TokenIndex(detector, collector.finds);
  const traces = await traceTokens(repository, commits, index, history, renames, (gap) => collector.coverage.gap(gap));
  return [...contentOccurrences(index, traces, newIds, kind), ...nameOccurrences(related, detector, traces)];
}

/** Of commits that touch a token: the changes that do, and those that take a path away, which may be renames. */
async function changesOfTouchedCommits(visit: VisitChanges, isTouched: (change: Change) => boolean): Promise<Change[]> {
  const related: Change[] = [];
  let commit: Change[] = [];
  let isKept = false;
  const endCommit = (): void => {
    if (isKept) for (const change of commit) related.push(change);
    commit = [];
    isKept = false;
  };
  await visit({
    wants: () => true,
    change(change) {
      if (commit.length > 0 && commit[0]!.commit !== change.commit) endCommit();
      const isPart = isTouched(change);
      if (isPart || change.isDeleted) commit.push(change);
      isKept ||= isPart;
    },
  });
  endCommit();
  return related;
}

function contentOccurrences(
  index: TokenIndex,
  traces: Traces,
  newIds: ReadonlySet<string>,
  kind: OccurrenceKind,
): Occurrence[] {
  return [...index.blobFinds].flatMap(([objectId, finds]) =>
    finds.flatMap((find) =>
      [...(traces.pathsOfBlob.get(objectId) ?? [])].flatMap((path): Occurrence[] => {
        const versions = traces.versionsOf(find.token.fingerprint, objectId, path).filter(({ news }) => news.size > 0);
        if (versions.length === 0 || !newIds.has(objectId)) return [];
        return [
          plainOccurrence(kind, find, {
            object: objectId,
            paths: [path],
            introducedBy: [...new Set(versions.flatMap(({ news }) => [...news]))],
            removedBy: [...new Set(versions.flatMap(({ removedBy }) => [...removedBy]))],
          }),
        ];
      }),
    ),
  );
}

function nameOccurrences(changes: readonly Change[], detector: Detector, traces: Traces): Occurrence[] {
  const occurrences = new Map<string, Occurrence>();
  for (const change of changes) {
    if (!change.isAdded) continue;
    const bytes = encodeByteText(change.path);
    for (const hit of detector.find(bytes)) {
      const { fingerprint } = hit.token;
      // The name of a directory is one place, whatever it holds.
      const end = bytes.indexOf("/", hit.start);
      const path = decodeByteText(end === -1 ? bytes : bytes.subarray(0, end));
      const version = traces.names.get(fingerprint)?.get(path);
      if (version === undefined || version.news.size === 0) continue;
      const find = {
        token: hit.token,
        position: { line: 1, column: hit.start + 1 },
        end: hit.encoding.length === 0 ? null : { line: 1, column: hit.end + 1 },
        encoding: hit.encoding,
        container: [],
        inner: null,
        inlineMark: null,
        variable: null,
      };
      occurrences.set(
        `${fingerprint}\0${path}`,
        plainOccurrence("path", find, {
          paths: [path],
          introducedBy: [...version.news],
          removedBy: [...version.removedBy],
        }),
      );
    }
  }
  return [...occurrences.values()];
}
