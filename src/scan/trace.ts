/** Follows every token through the changes of commits, by content and by file name. */
import { type Change, findRenames } from "../git/changes.ts";
import type { Repository } from "../git/repository.ts";
import { runGit } from "../git/process.ts";
import { Lineage } from "./lineage.ts";

/** The fingerprints that a blob's content, or a path's text, holds. */
export interface TokenLookup {
  inBlob(objectId: string): ReadonlySet<string>;
  inPath(path: string): ReadonlySet<string>;
}

/** What the changes are compared with: the parents of a commit, or of the commit that the index will become. */
export interface ParentLookup {
  parentsOf(commit: string): readonly string[];
  /** The tree-ish of the new state: a commit, or the index. */
  stateOf(commit: string): string | "index";
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

export async function traceTokens(
  repository: Repository,
  changes: readonly Change[],
  tokens: TokenLookup,
  parents: ParentLookup,
): Promise<Traces> {
  const contents = new Map<string, Lineage>();
  const names = new Map<string, Lineage>();
  const pathsOfBlob = new Map<string, Set<string>>();
  for (const group of byCommit(changes)) {
    const { commit } = group[0]!;
    const sources = await renameSources(repository, group, tokens, parents);
    for (const change of group) {
      traceContent(change, tokens, sources, contents, pathsOfBlob);
      await traceName(repository, change, tokens, parents, sources, names);
    }
    traceRemovals(group, commit, tokens, sources, contents);
  }
  for (const lineage of [...contents.values(), ...names.values()]) lineage.settle();
  return { contents, names, pathsOfBlob };
}

function* byCommit(changes: readonly Change[]): Generator<Change[]> {
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

/** For each new path of a commit, the changes whose path it was renamed from. */
type RenameSources = ReadonlyMap<string, readonly Change[]>;

/** git is asked only where a token both goes away and turns up. */
async function renameSources(
  repository: Repository,
  group: readonly Change[],
  tokens: TokenLookup,
  parents: ParentLookup,
): Promise<RenameSources> {
  const deleted = new Map(group.filter((change) => change.isDeleted).map((change) => [change.path, change]));
  const isMarked = (change: Change): boolean =>
    tokens.inPath(change.path).size > 0 ||
    [change.newId, ...change.oldIds].some((id) => id !== null && tokens.inBlob(id).size > 0);
  if (![...deleted.values()].some(isMarked) || !group.some((change) => change.isAdded && isMarked(change))) {
    return new Map();
  }
  const { commit } = group[0]!;
  const sources = new Map<string, Change[]>();
  for (const parent of parents.parentsOf(commit)) {
    for (const [target, source] of await findRenames(repository, parent, parents.stateOf(commit))) {
      const change = deleted.get(source);
      if (change !== undefined) sources.set(target, [...(sources.get(target) ?? []), change]);
    }
  }
  return sources;
}

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
  const previous = [change, ...(change.isAdded ? (sources.get(change.path) ?? []) : [])];
  return previous.flatMap(({ oldIds, path }) =>
    oldIds.flatMap((id) => (id !== null && tokens.inBlob(id).has(fingerprint) ? [contentKey(id, path)] : [])),
  );
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
          isRenamedAway(change, group, sources, (target) =>
            target.newId !== null && tokens.inBlob(target.newId).has(fingerprint),
          );
        if (!isKept) getOrCreate(contents, fingerprint, () => new Lineage()).disappear(contentKey(id, change.path), commit);
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
  return group.some((target) => (sources.get(target.path) ?? []).includes(change) && holdsToken(target));
}

async function traceName(
  repository: Repository,
  change: Change,
  tokens: TokenLookup,
  parents: ParentLookup,
  sources: RenameSources,
  names: Map<string, Lineage>,
): Promise<void> {
  if (!change.isAdded && !change.isDeleted) return;
  const state = parents.stateOf(change.commit);
  for (const fingerprint of tokens.inPath(change.path)) {
    const key = tokenPath(change.path, (component) => tokens.inPath(component).has(fingerprint));
    const isWhole = key === change.path;
    const lineage = getOrCreate(names, fingerprint, () => new Lineage());
    if (change.isAdded) {
      const renamedFrom = (sources.get(change.path) ?? []).filter((source) => tokens.inPath(source.path).has(fingerprint));
      const isOld = !isWhole && (await isInAny(repository, parents.parentsOf(change.commit), key));
      const from = renamedFrom.map((source) => tokenPath(source.path, (component) => tokens.inPath(component).has(fingerprint)));
      lineage.appear(key, change.commit, isOld ? [key, ...from] : from);
    } else if (isWhole || state === "index" || !(await isInAny(repository, [state], key))) {
      lineage.disappear(key, change.commit);
    }
  }
}

async function isInAny(repository: Repository, states: readonly string[], path: string): Promise<boolean> {
  for (const state of states) {
    const { status } = await runGit(repository.git, ["cat-file", "-e", `${state}:${path}`]);
    if (status === 0) return true;
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
