/** Scans what commits bring in: those of a range, of tips that are named, of a push. */
import { decodeByteText, encodeByteText } from "../core/byte-text.ts";
import { KeyrecallError } from "../core/errors.ts";
import type { Gap } from "../core/gap.ts";
import type { Detector } from "../detect/detector.ts";
import { visitChanges } from "../git/changes.ts";
import { typesOf } from "../git/object-store.ts";
import { type KnownSide, outgoing, type RefUpdate } from "../git/outgoing.ts";
import { listRefs, type Ref } from "../git/refs.ts";
import type { Repository } from "../git/repository.ts";
import { newCommits, type ObtainObjects, reachableCommits, resolveRange } from "../git/revisions.ts";
import { shallowCommits } from "../git/shallow.ts";
import { tagTargets } from "../git/tags.ts";
import { readListed } from "../sources/objects.ts";
import { type ChangesToScan, scanChanges } from "./changes.ts";
import type { Collector, Find } from "./collector.ts";
import { CommitGraph } from "./commit-graph.ts";
import { lookupInGraph } from "./history-lookup.ts";
import { type Holders, holdersOf, holdersOfCommits, namesOfHolders, uniteNames } from "./holders.ts";
import { type Occurrence, plainOccurrence } from "./occurrence.ts";
import { rememberFew, type VisitChanges } from "./visit-changes.ts";

/** Everything that the commits of a range bring in, each commit by itself and not the end state only. */
export async function scanRange(
  repository: Repository,
  range: string,
  detector: Detector,
  collector: Collector,
): Promise<Occurrence[]> {
  const { commits, tips } = await resolveRange(repository, range);
  const { tags } = await peel(repository, tips, (gap) => collector.coverage.gap(gap));
  noteBoundary(repository, commits, collector);
  return withRefs(repository, await scanCommits(repository, commits, tags, detector, collector), collector);
}

/** What a push brings in, or would: all that its tips reach and that is not known to be elsewhere already. */
export interface TipRange {
  readonly tips: readonly {
    readonly id: string;
    /** The name that occurrences are reported to be reachable under. */
    readonly ref?: string;
  }[];
  /** Objects whose history is not scanned. One that is not here is left out of account. */
  readonly known: readonly string[];
  /** Brings in what the repository, a partial clone, lacks and the scan needs, in few large lists. */
  readonly obtain?: ObtainObjects;
}

/** @throws {KeyrecallError} `unresolvable-range` where a tip is not here */
export async function scanTips(
  repository: Repository,
  range: TipRange,
  detector: Detector,
  collector: Collector,
): Promise<Occurrence[]> {
  const { tips, known } = range;
  const obtain = range.obtain ?? null;
  const onGap = (gap: Gap): void => collector.coverage.gap(gap);
  const ids = [...new Set(tips.map(({ id }) => id))];
  for (const id of [...ids, ...known]) {
    if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) throw new KeyrecallError("usage", `not an object id: ${id}`);
  }
  const commits = await newCommits(repository, ids, known);
  const { tags, ends } = await peel(repository, ids, onGap, new Set(commits));
  const lost = ids.find((id) => !ends.has(id));
  if (lost !== undefined) {
    throw new KeyrecallError("unresolvable-range", `cannot scan ${lost}: it is not in ${repository.gitDirectory}`, {
      hint: "fetch it first",
    });
  }
  const knownObjects = new Set(known);
  const newTags = tags.filter((id) => !knownObjects.has(id));
  noteBoundary(repository, commits, collector);
  const graph = new CommitGraph();
  const occurrences = await scanCommits(repository, commits, newTags, detector, collector, { graph, obtain });
  const bare = [...ends.values()].flatMap(({ id, type }) => (type === "commit" || knownObjects.has(id) ? [] : [id]));
  if (occurrences.length === 0 && bare.length === 0) return [];
  const refs = tips.map(({ id, ref = id }): Ref => ({ name: ref, objectId: id }));
  const isPlain = tags.length === 0 && bare.length === 0;
  const holders = isPlain ? holdersOfCommits(refs) : await holdersOf(repository, refs, onGap);
  const inBare = bare.length === 0 ? [] : await scanWithoutCommits(repository, bare, holders, obtain, collector);
  const named = new Set(tips.flatMap(({ ref }) => ref ?? []));
  return withHolders([...occurrences, ...inBare], graph, holders).map((occurrence) => ({
    ...occurrence,
    refs: occurrence.refs.filter((name) => named.has(name)),
  }));
}

/** Tags can name a file or a directory directly: no commit brings that in. */
async function scanWithoutCommits(
  repository: Repository,
  bare: readonly string[],
  holders: Holders,
  obtain: ObtainObjects | null,
  collector: Collector,
): Promise<Occurrence[]> {
  const before = collector.finds.length;
  await readListed(repository, [...new Set([...bare, ...holders.paths.keys()])], collector, obtain);
  return collector.finds.slice(before).flatMap((find): Occurrence[] => {
    const { place } = find;
    if (place.kind === "tree-entry") {
      return [plainOccurrence("path", find, { object: place.objectId, paths: [decodeByteText(place.name)] })];
    }
    if (place.kind !== "blob") return [];
    return [
      plainOccurrence("blob", find, { object: place.objectId, paths: [...(holders.paths.get(place.objectId) ?? [])] }),
    ];
  });
}

/** Reading stops at the end of a shallow clone, and nobody can tell there what is news. */
function noteBoundary(repository: Repository, commits: readonly string[], collector: Collector): void {
  const boundary = shallowCommits(repository);
  for (const commit of commits) {
    if (boundary.has(commit)) {
      collector.coverage.gap({
        what: `commit ${commit}`,
        why: "the clone is shallow and ends here, inside of the range; run git fetch --unshallow, or fetch deeper",
      });
    }
  }
}

/** What a push brings to the other side: its commits, each by itself, its tags, and the names of its refs. */
export async function scanPush(
  repository: Repository,
  updates: readonly RefUpdate[] | "local-refs",
  known: KnownSide,
  detector: Detector,
  collector: Collector,
): Promise<Occurrence[]> {
  const { coverage } = collector;
  const onGap = (gap: Gap): void => coverage.gap(gap);
  const named = updates === "local-refs" ? await localRefs(repository, onGap) : updates;
  coverage.refs = named.length;
  for (const { ref } of named) collector.scan({ kind: "ref-name", ref }, encodeByteText(ref));
  const { commits, tags, others } = await outgoing(repository, named, known, onGap);
  // Where a shallow clone ends, nothing more leaves: the commit there is read whole.
  const found = await scanCommits(repository, commits, tags, detector, collector);
  await readListed(repository, others, collector);
  const loose = new Set(others);
  const names = collector.finds.flatMap((find): Occurrence[] => {
    const { place } = find;
    if (place.kind === "ref-name") return [plainOccurrence("ref-name", find, { refs: [place.ref] })];
    if (place.kind === "blob" && loose.has(place.objectId))
      return [plainOccurrence("blob", find, { object: place.objectId })];
    if (place.kind === "tree-entry" && loose.has(place.objectId))
      return [plainOccurrence("path", find, { object: place.objectId, paths: [decodeByteText(place.name)] })];
    return [];
  });
  return [...found, ...names];
}

/** Branches and tags, where it is not known which of them are pushed. */
async function localRefs(repository: Repository, onGap: (gap: Gap) => void): Promise<RefUpdate[]> {
  const refs = await listRefs(repository, onGap);
  return refs
    .filter(({ name }) => name.startsWith("refs/heads/") || name.startsWith("refs/tags/") || name === "HEAD")
    .map(({ name, objectId }) => ({ ref: name, oldId: null, newId: objectId }));
}

async function scanCommits(
  repository: Repository,
  commits: readonly string[],
  tags: readonly string[],
  detector: Detector,
  collector: Collector,
  { graph = new CommitGraph(), obtain = null }: { graph?: CommitGraph; obtain?: ObtainObjects | null } = {},
): Promise<Occurrence[]> {
  const onGap = (gap: Gap): void => collector.coverage.gap(gap);
  const visit: VisitChanges = async (visitor) => {
    if (commits.length === 0) return;
    await visitChanges(repository, commits, { ...visitor, commit: (node) => graph.add(node) }, onGap);
  };
  const lookup = lookupInGraph(repository, graph, false, onGap, obtain);
  const changes: ChangesToScan = { visit: rememberFew(visit), besides: [...commits, ...tags], obtain };
  const found = await scanChanges(repository, changes, lookup, "blob", detector, collector);
  return [...found, ...collector.finds.flatMap((find) => messageOccurrence(find))];
}

interface PeeledEnd {
  readonly id: string;
  readonly type: string;
}

interface Peeled {
  /** Tag objects in front of what the ids stand for. */
  readonly tags: readonly string[];
  /** What each id stands for; without those that are not here. */
  readonly ends: ReadonlyMap<string, PeeledEnd>;
}

/** @param commits what is known to be one, and need not be asked for */
async function peel(
  repository: Repository,
  ids: readonly string[],
  onGap: (gap: Gap) => void,
  commits: ReadonlySet<string> = new Set(),
): Promise<Peeled> {
  const tags: string[] = [];
  const ends = new Map<string, PeeledEnd>();
  for (const id of ids) if (commits.has(id)) ends.set(id, { id, type: "commit" });
  for (let open = new Map(ids.flatMap((id) => (ends.has(id) ? [] : [[id, id]]))); open.size > 0;) {
    const types = await typesOf(repository, [...new Set(open.values())], onGap);
    const found = [...new Set(open.values())].filter((objectId) => types.get(objectId) === "tag");
    const targets = await tagTargets(repository, found, onGap);
    tags.push(...found);
    const next = new Map<string, string>();
    for (const [id, objectId] of open) {
      const type = types.get(objectId);
      const target = targets.get(objectId);
      if (target !== undefined) next.set(id, target);
      else if (type !== undefined) ends.set(id, { id: objectId, type });
    }
    open = next;
  }
  return { tags, ends };
}

function messageOccurrence(find: Find): Occurrence[] {
  const { place } = find;
  if (place.kind === "commit-message" || place.kind === "commit-identity") {
    return [plainOccurrence(place.kind, find, { object: place.objectId, introducedBy: [place.objectId] })];
  }
  if (place.kind === "tag-message" || place.kind === "tag-identity") {
    return [plainOccurrence(place.kind, find, { object: place.objectId })];
  }
  return [];
}

async function withRefs(
  repository: Repository,
  occurrences: readonly Occurrence[],
  collector: Collector,
): Promise<Occurrence[]> {
  if (occurrences.length === 0) return [];
  const { coverage } = collector;
  const onGap = (gap: Gap): void => coverage.gap(gap);
  const refs = await listRefs(repository, onGap);
  const holders = await holdersOf(repository, refs, onGap);
  const graph = new CommitGraph();
  const tips = [...new Set(holders.commits.map((ref) => ref.objectId))];
  for (const node of await reachableCommits(repository, tips, onGap)) graph.add(node);
  return withHolders(occurrences, graph, holders);
}

function withHolders(occurrences: readonly Occurrence[], graph: CommitGraph, holders: Holders): Occurrence[] {
  const names = namesOfHolders(
    graph,
    holders,
    occurrences.map(({ introducedBy }) => new Set(introducedBy)),
  );
  return occurrences.map((occurrence, position) => {
    const held = occurrence.object === null ? [] : (holders.byObject.get(occurrence.object) ?? []);
    const reached = uniteNames(names[position]!, held);
    return { ...occurrence, refs: reached, reachable: reached.length > 0 };
  });
}
