/** Scans all that a repository keeps, and for what was found works out where it came from and who reaches it. */
import { encodeByteText } from "../core/byte-text.ts";
import type { Gap } from "../core/gap.ts";
import type { Detector } from "../detect/detector.ts";
import { type Change, type CommitNode, visitChanges } from "../git/changes.ts";
import { readAllIndexes } from "../git/index-entries.ts";
import { listCommitIds } from "../git/object-store.ts";
import type { Ref } from "../git/refs.ts";
import type { Repository } from "../git/repository.ts";
import { shallowCommits } from "../git/shallow.ts";
import { readHistory } from "../sources/history.ts";
import type { PackMemory } from "../sources/pack-memory.ts";
import type { PackScreen } from "../sources/stored-objects.ts";
import type { Collector, Find } from "./collector.ts";
import { CommitGraph } from "./commit-graph.ts";
import { lookupInGraph } from "./history-lookup.ts";
import { holdersOf, type Holders, namesOfHolders, uniteNames } from "./holders.ts";
import type { Version } from "./lineage.ts";
import { type Occurrence, plainOccurrence } from "./occurrence.ts";
import { renamesOf } from "./renames.ts";
import { TokenIndex } from "./token-index.ts";
import { byCommit, traceTokens, type Traces } from "./trace.ts";

export async function scanHistory(
  repository: Repository,
  detector: Detector,
  collector: Collector,
  screen: PackScreen,
  memory: PackMemory | null,
): Promise<Occurrence[]> {
  const refs = await readHistory(repository, collector, screen, memory);
  if (collector.finds.length === 0) return [];
  return attribute(repository, detector, collector, refs);
}

async function attribute(
  repository: Repository,
  detector: Detector,
  collector: Collector,
  refs: readonly Ref[],
): Promise<Occurrence[]> {
  const { finds, coverage } = collector;
  const index = new TokenIndex(detector, finds);
  const hasNames = finds.some((find) => find.place.kind === "tree-entry");
  const graph = new CommitGraph();
  const changes: Change[] = [];
  if (coverage.hasFalseCommits) {
    coverage.gap({
      what: "commits",
      why: "one stands under another object's name, so it was not worked out which ones brought a token in; run git fsck",
    });
  }
  const commits = coverage.hasFalseCommits ? [] : await listCommitIds(repository, (gap) => coverage.gap(gap));
  await visitChanges(
    repository,
    commits,
    {
      commit: (node: CommitNode) => graph.add(node),
      wants: (newId, oldIds, rawPath) =>
        (newId !== null && index.inBlob(newId).size > 0) ||
        oldIds.some((id) => id !== null && index.inBlob(id).size > 0) ||
        (hasNames && index.isInRawPath(rawPath)),
      change: (change) => {
        changes.push(change);
      },
    },
    (gap) => coverage.gap(gap),
  );
  const onGap = (gap: Gap): void => coverage.gap(gap);
  const history = lookupInGraph(repository, graph, true, onGap);
  const touched = byCommit(changes);
  // Only what matters was kept of each commit.
  const renames = await renamesOf(touched, () => true, history);
  const traces = await traceTokens(repository, touched, index, history, renames, onGap);
  const holders = await holdersOf(repository, refs, (gap) => coverage.gap(gap));
  const drafts = finds.map((find) => draftOf(find, traces));
  const withNames = mergeNames(drafts, finds, traces);
  return complete(repository, withNames, graph, holders);
}

/** An occurrence whose refs are still to be found: those that reach one of `commits`, or hold the object itself. */
interface Draft {
  readonly occurrence: Occurrence;
  readonly commits: ReadonlySet<string>;
}

function draftOf(find: Find, traces: Traces): Draft {
  const { place } = find;
  switch (place.kind) {
    case "blob": {
      const paths = Array.from(traces.pathsOfBlob.get(place.objectId) ?? []).toSorted();
      const versions = paths.flatMap((path) => traces.versionsOf(find.token.fingerprint, place.objectId, path));
      return draft(find, "blob", place.objectId, paths, versions);
    }
    case "commit-message":
    case "commit-identity": {
      const commit = place.objectId;
      const occurrence = plainOccurrence(place.kind, find, { object: commit, introducedBy: [commit] });
      return { occurrence, commits: new Set([commit]) };
    }
    case "tag-message":
    case "tag-identity":
      return { occurrence: plainOccurrence(place.kind, find, { object: place.objectId }), commits: NONE };
    case "ref-name":
    case "reflog":
      return { occurrence: plainOccurrence(place.kind, find, { refs: [place.ref] }), commits: NONE };
    case "tree-entry":
      return {
        occurrence: plainOccurrence("path", find, { object: place.objectId, paths: [place.name.toString("utf8")] }),
        commits: NONE,
      };
    default:
      throw new Error(`history has no ${place.kind}`);
  }
}

const NONE: ReadonlySet<string> = new Set();

function draft(
  find: Find,
  kind: "blob" | "path",
  object: string,
  paths: readonly string[],
  versions: readonly Version[],
): Draft {
  const occurrence = plainOccurrence(kind, find, {
    object,
    paths,
    introducedBy: union(versions.map((version) => version.introducedBy)),
    removedBy: union(versions.map((version) => version.removedBy)),
  });
  return { occurrence, commits: new Set(union(versions.map((version) => version.commits))) };
}

function union(sets: readonly ReadonlySet<string>[]): string[] {
  return [...new Set(sets.flatMap((set) => [...set]))];
}

/** A file's name stands in every version of its directory: that is one place, named by its whole path. */
function mergeNames(drafts: readonly Draft[], finds: readonly Find[], traces: Traces): Draft[] {
  const merged: Draft[] = [];
  const done = new Set<string>();
  for (const [position, find] of finds.entries()) {
    if (find.place.kind !== "tree-entry") {
      merged.push(drafts[position]!);
      continue;
    }
    const name = find.place.name;
    const { fingerprint } = find.token;
    const entries = [...(traces.names.get(fingerprint)?.entries() ?? [])].filter(([path]) =>
      encodeByteText(path.slice(path.lastIndexOf("/") + 1)).equals(name),
    );
    if (entries.length === 0) {
      const key = `${fingerprint}\0${name.toString("latin1")}`;
      if (!done.has(key)) merged.push(drafts[position]!);
      done.add(key);
    }
    for (const [path, version] of entries) {
      const key = `${fingerprint}\0\0${path}`;
      if (done.has(key)) continue;
      done.add(key);
      const base = encodeByteText(path).length - name.length;
      const inPath = { line: 1, column: find.position.column + base };
      const end = find.end && { line: 1, column: find.end.column + base };
      merged.push(draft({ ...find, position: inPath, end }, "path", find.place.objectId, [path], [version]));
    }
  }
  return merged;
}

async function complete(
  repository: Repository,
  drafts: readonly Draft[],
  graph: CommitGraph,
  holders: Holders,
): Promise<Occurrence[]> {
  const boundary = shallowCommits(repository);
  const staged = await stagedPaths(repository);
  const names = namesOfHolders(
    graph,
    holders,
    drafts.map((entry) => entry.commits),
  );
  return drafts.map(({ occurrence }, position): Occurrence => {
    const held = occurrence.object === null ? [] : (holders.byObject.get(occurrence.object) ?? []);
    const refs = uniteNames(occurrence.refs, names[position]!, held);
    const inIndex = occurrence.kind === "blob" ? (staged.get(occurrence.object ?? "") ?? []) : [];
    const inTree = occurrence.kind === "blob" ? (holders.paths.get(occurrence.object ?? "") ?? []) : [];
    return {
      ...occurrence,
      paths: uniteNames(occurrence.paths, inIndex, inTree),
      // At the edge of a shallow clone everything looks new.
      introducedBy: occurrence.introducedBy.filter((commit) => !boundary.has(commit)),
      refs,
      reachable: refs.length > 0 || inIndex.length > 0,
    };
  });
}

async function stagedPaths(repository: Repository): Promise<Map<string, string[]>> {
  const paths = new Map<string, string[]>();
  // A damaged index has been named already: the walk over what is reachable reads it too.
  for (const entry of await readAllIndexes(repository).catch(() => [])) {
    const known = paths.get(entry.objectId);
    if (known === undefined) paths.set(entry.objectId, [entry.path]);
    else known.push(entry.path);
  }
  return paths;
}
