/** Scans what commits, or the index, bring in. */
import { decodeByteText, encodeByteText } from "../core/byte-text.ts";
import { KeyrecallError } from "../core/errors.ts";
import type { Gap } from "../core/gap.ts";
import type { Detector } from "../detect/detector.ts";
import { type Change, type ChangeVisitor, indexChanges, IndexUnreadableError, visitChanges } from "../git/changes.ts";
import { checkIndex } from "../git/index-checksum.ts";
import { typesOf } from "../git/object-store.ts";
import { type KnownSide, outgoing, type RefUpdate } from "../git/outgoing.ts";
import { listRefs, type Ref } from "../git/refs.ts";
import type { Repository } from "../git/repository.ts";
import {
  emptyTree,
  headCommit,
  mergeHeads,
  newCommits,
  type ObtainObjects,
  reachableCommits,
  resolveRange,
} from "../git/revisions.ts";
import { shallowCommits } from "../git/shallow.ts";
import { tagTargets } from "../git/tags.ts";
import { readListed } from "../sources/objects.ts";
import type { Collector, Find } from "./collector.ts";
import { CommitGraph } from "./commit-graph.ts";
import { type HistoryLookup, lookupInGraph, lookupInIndex } from "./history-lookup.ts";
import { type Holders, holdersOf, holdersOfCommits, namesOfHolders, uniteNames } from "./holders.ts";
import { type Occurrence, type OccurrenceKind, plainOccurrence } from "./occurrence.ts";
import { renamesOf } from "./renames.ts";
import { TokenIndex } from "./token-index.ts";
import { byCommit, traceTokens, type Traces } from "./trace.ts";

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

function visitList(changes: readonly Change[]): VisitChanges {
  return (visitor) => {
    for (const change of changes) {
      const rawPath = encodeByteText(change.path).toString("latin1");
      if (visitor.wants(change.newId, change.oldIds, rawPath)) visitor.change(change);
    }
    return Promise.resolve();
  };
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

/** Goes through the changes from the first to the last, as often as it is asked to: millions are not kept. */
type VisitChanges = (visitor: Pick<ChangeVisitor, "wants" | "change">) => Promise<void>;

/** Changes up to this number are kept: nearly every push has fewer. */
const MAX_REMEMBERED_CHANGES = 20_000;

/** Where the first visit shows few changes, those after it need no git. */
function rememberFew(visit: VisitChanges): VisitChanges {
  let remembered: Change[] | null = null;
  return async (visitor) => {
    if (remembered !== null) {
      await visitList(remembered)(visitor);
      return;
    }
    let changes: Change[] | null = [];
    let isWanted = false;
    await visit({
      wants(newId, oldIds, rawPath) {
        isWanted = visitor.wants(newId, oldIds, rawPath);
        return isWanted || changes !== null;
      },
      change(change) {
        if (changes !== null && changes.push(change) > MAX_REMEMBERED_CHANGES) changes = null;
        if (isWanted) visitor.change(change);
      },
    });
    remembered = changes;
  };
}

interface ChangesToScan {
  readonly visit: VisitChanges;
  /** Objects that are read together with the contents. */
  readonly besides: readonly string[];
  readonly obtain: ObtainObjects | null;
}

/** Reads what the changes put in place, and where a token stands there, what stood there before. */
async function scanChanges(
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
        encoding: hit.encoding,
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
