/** Scans what the index brings in: the next commit. */
import type { Detector } from "../detect/detector.ts";
import { type Change, indexChanges, IndexUnreadableError } from "../git/changes.ts";
import { checkIndex } from "../git/index-checksum.ts";
import type { Repository } from "../git/repository.ts";
import { emptyTree, headCommit, mergeHeads } from "../git/revisions.ts";
import { type ChangesToScan, scanChanges } from "./changes.ts";
import type { Collector } from "./collector.ts";
import { lookupInIndex } from "./history-lookup.ts";
import type { Occurrence } from "./occurrence.ts";
import { visitList } from "./visit-changes.ts";

/** The name under which the commit-to-be stands in changes. */
const INDEX = "index";

/** What the next commit would bring in: the index against HEAD and, in a merge, against all parents. */
export async function scanStaged(
  repository: Repository,
  unwrittenMergeHeads: readonly string[],
  detector: Detector,
  collector: Collector,
): Promise<Occurrence[]> {
  checkIndex(repository, (gap) => collector.coverage.gap(gap));
  const head = await headCommit(repository);
  const parents = head === null ? [] : [head, ...unwrittenMergeHeads, ...mergeHeads(repository)];
  const unmerged = new Set<string>();
  let changes: Change[];
  try {
    const against = head === null ? [await emptyTree(repository)] : parents;
    changes = await changesAgainstAll(repository, against, (path) => unmerged.add(path));
  } catch (error) {
    if (!(error instanceof IndexUnreadableError)) throw error;
    collector.coverage.gap({
      what: "index",
      why: `${error.message}; run git status, and rebuild it with git read-tree HEAD`,
    });
    return [];
  }
  for (const what of unmerged) {
    collector.coverage.skip({ what, why: "is in conflict: nothing can be committed before that is resolved" });
  }
  const lookup = lookupInIndex(repository, INDEX, parents, (gap) => collector.coverage.gap(gap));
  const toScan: ChangesToScan = { visit: visitList(changes), besides: [], obtain: null };
  const found = await scanChanges(repository, toScan, lookup, "index", detector, collector);
  return found.map((occurrence) => ({ ...occurrence, introducedBy: [], removedBy: [] }));
}

/** Paths that differ from every parent. */
async function changesAgainstAll(
  repository: Repository,
  parents: readonly string[],
  onUnmerged: (path: string) => void,
): Promise<Change[]> {
  const [first = [], ...others] = await Promise.all(
    parents.map((parent) => indexChanges(repository, parent, onUnmerged)),
  );
  const byPath = others.map((changes) => new Map(changes.map((change) => [change.path, change])));
  return first.flatMap((change): Change[] => {
    const same = byPath.map((changes) => changes.get(change.path));
    if (same.includes(undefined)) return [];
    const all = [change, ...(same as (typeof change)[])];
    return [
      {
        commit: INDEX,
        path: change.path,
        newId: change.newId,
        oldIds: all.flatMap((one) => one.oldIds),
        isAdded: all.every((one) => one.isAdded),
        isDeleted: change.isDeleted,
      },
    ];
  });
}
