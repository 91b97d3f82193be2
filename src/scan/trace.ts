/** Follows every token through the changes of commits, by content and by file name. */
import type { Gap } from "../core/gap.ts";
import { type Change, type CommitNode, findRenames, INDEX_STATE, type Rename, visitMerges } from "../git/changes.ts";
import { runGit } from "../git/process.ts";
import type { Repository } from "../git/repository.ts";
import type { CommitGraph } from "./commit-graph.ts";
import { Lineage } from "./lineage.ts";

/** The fingerprints that a blob's content, or a path's text, holds. */
export interface TokenLookup {
  inBlob(objectId: string): ReadonlySet<string>;
  inPath(path: string): ReadonlySet<string>;
}

/** How commits hang together, or the one commit that the index will become. */
export interface HistoryLookup {
  parentsOf(commit: string): readonly string[];
  merges(): readonly CommitNode[];
  /** Whether one of `ancestors` is the commit itself or stands in its history. */
  isReachedBy(commit: string, ancestors: ReadonlySet<string>): boolean;
  /** The tree-ish of the new state: a commit, or {@link INDEX_STATE}. */
  stateOf(commit: string): string;
}

export function lookupOf(graph: CommitGraph): HistoryLookup {
  return {
    parentsOf: (commit) => graph.parentsOf(commit),
    merges: () => graph.merges(),
    isReachedBy: (commit, ancestors) => graph.isReachedBy(commit, ancestors),
    stateOf: (commit) => commit,
  };
}

export interface Traces {
  /** By fingerprint; keys are {@link contentKey}. */
  readonly contents: ReadonlyMap<string, Lineage>;
  /** By fingerprint; keys are {@link tokenPath}. */
  readonly names: ReadonlyMap<string, Lineage>;
  /** Every path that a blob with a token has stood at. */
  readonly pathsOfBlob: ReadonlyMap<string, ReadonlySet<string>>;
}

export function contentKey(objectId: string, path: string): string {
  return `${objectId}\0${path}`;
}

/** The path up to the component that holds the token: a directory's name is one place, whatever it holds. */
export function tokenPath(path: string, isIn: (component: string) => boolean): string {
  const components = path.split("/");
  const last = components.findIndex(isIn);
  return components.slice(0, last + 1).join("/");
}

/** @param renames by commit, of those commits where a token turns up at a path that is new to a parent */
export async function traceTokens(
  repository: Repository,
  changes: readonly Change[],
  tokens: TokenLookup,
  history: HistoryLookup,
  renames: ReadonlyMap<string, RenameSources>,
  onGap: (gap: Gap) => void,
): Promise<Traces> {
  const contents = new Map<string, Lineage>();
  const names = new Map<string, Lineage>();
  const pathsOfBlob = new Map<string, Set<string>>();
  const known = new Map<string, boolean>();
  for (const group of byCommit(changes)) {
    const { commit } = group[0]!;
    const sources = renames.get(commit) ?? new Map<string, readonly Rename[]>();
    for (const change of group) {
      traceContent(change, tokens, sources, contents, pathsOfBlob);
      await traceName(repository, change, tokens, history, sources, names, known);
    }
    traceRemovals(group, commit, tokens, sources, contents);
  }
  for (const lineage of [...contents.values(), ...names.values()]) lineage.settle();
  const isMoved = (change: Change, fingerprint: string): boolean =>
    isMovedAway(change, fingerprint, changes, renames, tokens);
  await traceMerges(repository, tokens, history, contents, pathsOfBlob, isMoved, onGap);
  for (const lineage of contents.values()) lineage.settle();
  return { contents, names, pathsOfBlob };
}

export function* byCommit(changes: readonly Change[]): Generator<Change[]> {
  let group: Change[] = [];
  for (const change of changes) {
    if (group.length > 0 && group[0]!.commit !== change.commit) {
      yield group;
      group = [];
    }
    group.push(change);
  }
  if (group.length > 0) yield group;
}

/**
 * For each new path of a commit, where git's rename detection says that it comes from, by parent.
 * git is asked only where a path is new to a parent and something could have been renamed to it.
 */
export async function findRenameSources(
  repository: Repository,
  group: readonly Change[],
  isMarked: (change: Change) => boolean,
  history: HistoryLookup,
): Promise<RenameSources> {
  const { commit } = group[0]!;
  const parents = history.parentsOf(commit);
  const isMerge = parents.length > 1;
  const sources = new Map<string, Rename[]>();
  // A merge can take a rename from one side, of which the other side's path shows nothing.
  if (!isMerge && !group.some((change) => change.isDeleted)) return sources;
  for (const [position, parent] of parents.entries()) {
    const isNew = (change: Change): boolean =>
      isMarked(change) && !change.isDeleted && (change.oldIds[position] ?? null) === null;
    if (!group.some(isNew)) continue;
    for (const rename of await findRenames(repository, parent, history.stateOf(commit))) {
      sources.set(rename.target, [...(sources.get(rename.target) ?? []), rename]);
    }
  }
  return sources;
}

export type RenameSources = ReadonlyMap<string, readonly Rename[]>;

function traceContent(
  change: Change,
  tokens: TokenLookup,
  sources: RenameSources,
  contents: Map<string, Lineage>,
  pathsOfBlob: Map<string, Set<string>>,
): void {
  const { newId, path, commit } = change;
  if (newId === null) return;
  const fingerprints = tokens.inBlob(newId);
  if (fingerprints.size === 0) return;
  getOrCreate(pathsOfBlob, newId, () => new Set<string>()).add(path);
  for (const fingerprint of fingerprints) {
    const from = previousKeys(change, fingerprint, tokens, sources);
    getOrCreate(contents, fingerprint, () => new Lineage()).appear(contentKey(newId, path), commit, from);
  }
}

/** The parents' versions of a path, or of the path that it was renamed from, that hold the token. */
function previousKeys(change: Change, fingerprint: string, tokens: TokenLookup, sources: RenameSources): string[] {
  const holdsToken = (id: string | null): id is string => id !== null && tokens.inBlob(id).has(fingerprint);
  const samePath = change.oldIds.filter(holdsToken).map((id) => contentKey(id, change.path));
  const renamed = (sources.get(change.path) ?? [])
    .filter((rename) => holdsToken(rename.sourceId))
    .map((rename) => contentKey(rename.sourceId, rename.source));
  return [...samePath, ...renamed];
}

function traceRemovals(
  group: readonly Change[],
  commit: string,
  tokens: TokenLookup,
  sources: RenameSources,
  contents: Map<string, Lineage>,
): void {
  for (const change of group) {
    for (const id of new Set(change.oldIds)) {
      if (id === null) continue;
      for (const fingerprint of tokens.inBlob(id)) {
        const isKept =
          (change.newId !== null && tokens.inBlob(change.newId).has(fingerprint)) ||
          isRenamedAway(
            change,
            group,
            sources,
            (target) => target.newId !== null && tokens.inBlob(target.newId).has(fingerprint),
          );
        if (!isKept)
          getOrCreate(contents, fingerprint, () => new Lineage()).disappear(contentKey(id, change.path), commit);
      }
    }
  }
}

/** Whether a commit has renamed the path to another that holds the token. */
function isMovedAway(
  { commit, path }: Change,
  fingerprint: string,
  changes: readonly Change[],
  renames: ReadonlyMap<string, RenameSources>,
  tokens: TokenLookup,
): boolean {
  const targets = [...(renames.get(commit) ?? [])].filter(([, sources]) =>
    sources.some(({ source }) => source === path),
  );
  return targets.some(([target]) =>
    changes.some(
      (change) =>
        change.commit === commit &&
        change.path === target &&
        change.newId !== null &&
        tokens.inBlob(change.newId).has(fingerprint),
    ),
  );
}

/**
 * A merge that takes the side without the token has taken it out, unless that side had it once: then the
 * commit that took it out there has. Such a path equals a parent's, so it is no change of the merge itself.
 */
async function traceMerges(
  repository: Repository,
  tokens: TokenLookup,
  history: HistoryLookup,
  contents: Map<string, Lineage>,
  pathsOfBlob: ReadonlyMap<string, ReadonlySet<string>>,
  isMoved: (change: Change, fingerprint: string) => boolean,
  onGap: (gap: Gap) => void,
): Promise<void> {
  const paths = new Set([...pathsOfBlob.values()].flatMap((known) => [...known]));
  if (paths.size === 0) return;
  const drops: { change: Change; parent: string }[] = [];
  const parentsWithToken = new Map<string, Set<string>>();
  let parent = "";
  const holdsToken = (id: string | null): boolean => id !== null && tokens.inBlob(id).size > 0;
  await visitMerges(
    repository,
    history.merges(),
    [...paths],
    {
      commit: (node) => {
        parent = node.parents[0] ?? "";
      },
      wants: (_newId, oldIds) => oldIds.some(holdsToken),
      change: (change) => {
        drops.push({ change, parent });
        getOrCreate(parentsWithToken, `${change.commit}\0${change.path}`, () => new Set<string>()).add(parent);
      },
    },
    onGap,
  );
  for (const { change } of drops) {
    const oldId = change.oldIds[0];
    if (oldId === null || oldId === undefined) continue;
    for (const fingerprint of tokens.inBlob(oldId)) {
      if (change.newId !== null && tokens.inBlob(change.newId).has(fingerprint)) continue;
      if (isMoved(change, fingerprint)) continue;
      const version = contents.get(fingerprint)?.get(contentKey(oldId, change.path));
      if (version === undefined) continue;
      const withToken = parentsWithToken.get(`${change.commit}\0${change.path}`);
      const others = history.parentsOf(change.commit).filter((other) => !withToken?.has(other));
      if (!others.some((other) => history.isReachedBy(other, version.introducedBy))) {
        contents.get(fingerprint)?.disappear(contentKey(oldId, change.path), change.commit);
      }
    }
  }
}

function isRenamedAway(
  change: Change,
  group: readonly Change[],
  sources: RenameSources,
  holdsToken: (target: Change) => boolean,
): boolean {
  return group.some(
    (target) => (sources.get(target.path) ?? []).some((rename) => rename.source === change.path) && holdsToken(target),
  );
}

async function traceName(
  repository: Repository,
  change: Change,
  tokens: TokenLookup,
  history: HistoryLookup,
  sources: RenameSources,
  names: Map<string, Lineage>,
  known: Map<string, boolean>,
): Promise<void> {
  if (!change.isAdded && !change.isDeleted) return;
  const state = history.stateOf(change.commit);
  for (const fingerprint of tokens.inPath(change.path)) {
    const key = tokenPath(change.path, (component) => tokens.inPath(component).has(fingerprint));
    const lineage = getOrCreate(names, fingerprint, () => new Lineage());
    if (change.isAdded) {
      const renamedFrom = (sources.get(change.path) ?? []).filter(({ source }) =>
        tokens.inPath(source).has(fingerprint),
      );
      const isOld = await isInAny(repository, history.parentsOf(change.commit), key, known);
      const from = renamedFrom.map(({ source }) =>
        tokenPath(source, (component) => tokens.inPath(component).has(fingerprint)),
      );
      lineage.appear(key, change.commit, isOld ? [key, ...from] : from);
    } else if (state === INDEX_STATE || !(await isInAny(repository, [state], key, known))) {
      lineage.disappear(key, change.commit);
    }
  }
}

async function isInAny(
  repository: Repository,
  states: readonly string[],
  path: string,
  known: Map<string, boolean>,
): Promise<boolean> {
  for (const state of states) {
    const name = `${state}:${path}`;
    let exists = known.get(name);
    if (exists === undefined) {
      exists = (await runGit(repository.git, ["cat-file", "-e", name])).status === 0;
      known.set(name, exists);
    }
    if (exists) return true;
  }
  return false;
}

function getOrCreate<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}
