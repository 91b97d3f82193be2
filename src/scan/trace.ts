/** Follows every token through the changes of commits, by content and by file name. */
import type { Gap } from "../core/gap.ts";
import { type Change, type Rename, visitMerges } from "../git/changes.ts";
import type { Repository } from "../git/repository.ts";
import type { PathInCommit } from "../git/revisions.ts";
import type { HistoryLookup } from "./history-lookup.ts";
import { Lineage, type Version } from "./lineage.ts";
import { NO_RENAMES, type Renames } from "./renames.ts";
import { placeKey, VersionFinder } from "./version-finder.ts";

/** The fingerprints that a blob's content, or a path's text, holds. */
export interface TokenLookup {
  inBlob(objectId: string): ReadonlySet<string>;
  inPath(path: string): ReadonlySet<string>;
}

export interface Traces {
  /** What has become of a token that a blob has brought to a path, for each commit that has put the blob there. */
  readonly versionsOf: (fingerprint: string, objectId: string, path: string) => Version[];
  /** By fingerprint; keys are paths that end in a component that holds the token. */
  readonly names: ReadonlyMap<string, Lineage>;
  /** Every path that a blob with a token has stood at. */
  readonly pathsOfBlob: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The path up to each component that holds the token: a directory's name is one place, whatever it holds. */
function tokenPaths(path: string, fingerprint: string, tokens: TokenLookup): string[] {
  const components = path.split("/");
  return components.flatMap((component, index) =>
    tokens.inPath(component).has(fingerprint) ? [components.slice(0, index + 1).join("/")] : [],
  );
}

export function byCommit(changes: readonly Change[]): Map<string, Change[]> {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const group = groups.get(change.commit);
    if (group === undefined) groups.set(change.commit, [change]);
    else group.push(change);
  }
  return groups;
}

/** @param renames by commit, of those commits where a token turns up at a path that is new to a parent */
export async function traceTokens(
  repository: Repository,
  commits: ReadonlyMap<string, readonly Change[]>,
  tokens: TokenLookup,
  history: HistoryLookup,
  renames: ReadonlyMap<string, Renames>,
  onGap: (gap: Gap) => void,
): Promise<Traces> {
  const pathsOfBlob = pathsOfBlobs(commits, tokens);
  const names = await traceNames(commits, tokens, history, renames);
  for (const lineage of names.values()) lineage.settle();
  const finder = new VersionFinder(commits, history);
  const drops = await dropsOfMerges(repository, tokens, history, pathsOfBlob, names, finder, onGap);
  const contents = traceContents(commits, tokens, history, renames, finder);
  for (const lineage of contents.values()) lineage.settle();
  const isMoved = ({ commit, path }: Change, fingerprint: string): boolean =>
    new CommitSteps(commits.get(commit) ?? [], renames.get(commit) ?? NO_RENAMES, tokens).isMoved(path, fingerprint);
  const isNameMoved = ({ commit, path }: Change, fingerprint: string): boolean =>
    (renames.get(commit) ?? NO_RENAMES).from(path).some(({ target }) => tokens.inPath(target).has(fingerprint));
  traceDroppedContents(drops, tokens, history, contents, finder, isMoved);
  await traceDroppedNames(drops, tokens, history, names, isNameMoved);
  for (const lineage of [...contents.values(), ...names.values()]) lineage.settle();
  const versionsOf = (fingerprint: string, objectId: string, path: string): Version[] =>
    [...finder.all(objectId, path)].flatMap((commit) => contents.get(fingerprint)?.get(placeKey(commit, path)) ?? []);
  return { versionsOf, names, pathsOfBlob };
}

function pathsOfBlobs(
  commits: ReadonlyMap<string, readonly Change[]>,
  tokens: TokenLookup,
): ReadonlyMap<string, ReadonlySet<string>> {
  const paths = new Map<string, Set<string>>();
  for (const { newId, path } of [...commits.values()].flat()) {
    if (newId !== null && tokens.inBlob(newId).size > 0) getOrCreate(paths, newId, () => new Set()).add(path);
  }
  return paths;
}

function traceContents(
  commits: ReadonlyMap<string, readonly Change[]>,
  tokens: TokenLookup,
  history: HistoryLookup,
  renames: ReadonlyMap<string, Renames>,
  finder: VersionFinder,
): Map<string, Lineage> {
  const contents = new Map<string, Lineage>();
  for (const [commit, changes] of commits) {
    const steps = new CommitSteps(changes, renames.get(commit) ?? NO_RENAMES, tokens);
    const parents = history.parentsOf(commit);
    for (const change of changes) {
      const before = changesBefore(change, parents, steps);
      traceContent(change, before, tokens, finder, contents);
      traceRemoval(change, before, tokens, steps, finder, contents);
    }
  }
  return contents;
}

/** How the files of one commit follow from those of its parents. */
class CommitSteps {
  readonly #changes: readonly Change[];
  readonly #renames: Renames;
  readonly #tokens: TokenLookup;
  #byPath: Map<string, Change> | null = null;

  constructor(changes: readonly Change[], renames: Renames, tokens: TokenLookup) {
    this.#changes = changes;
    this.#renames = renames;
    this.#tokens = tokens;
  }

  renamesTo(path: string): readonly Rename[] {
    return this.#renames.to(path);
  }

  /** Whether the path was renamed to another that holds the token. */
  isMoved(path: string, fingerprint: string): boolean {
    const moves = this.#renames.from(path);
    if (moves.length === 0) return false;
    this.#byPath ??= new Map(this.#changes.map((change) => [change.path, change]));
    return moves.some(({ target }) => {
      const newId = this.#byPath?.get(target)?.newId ?? null;
      return newId !== null && this.#tokens.inBlob(newId).has(fingerprint);
    });
  }
}

/** A parent's content at a path. */
interface Before {
  readonly parent: string;
  readonly objectId: string;
  readonly path: string;
  /** It stands at the path that the file was renamed from. */
  readonly isRenamed: boolean;
}

function changesBefore(change: Change, parents: readonly string[], steps: CommitSteps): Before[] {
  const samePath = change.oldIds.flatMap((objectId, position): Before[] =>
    objectId === null ? [] : [{ parent: parents[position] ?? "", objectId, path: change.path, isRenamed: false }],
  );
  const renamed = steps
    .renamesTo(change.path)
    .flatMap(({ source, sourceId }) =>
      parents.map((parent): Before => ({ parent, objectId: sourceId, path: source, isRenamed: true })),
    );
  return [...samePath, ...renamed];
}

function traceContent(
  { newId, path, commit }: Change,
  before: readonly Before[],
  tokens: TokenLookup,
  finder: VersionFinder,
  contents: Map<string, Lineage>,
): void {
  if (newId === null) return;
  for (const fingerprint of tokens.inBlob(newId)) {
    const known = before.filter(({ objectId }) => tokens.inBlob(objectId).has(fingerprint));
    const from = known.flatMap((one) => keysBehind(one, finder));
    const lineage = getOrCreate(contents, fingerprint, () => new Lineage());
    lineage.appear(placeKey(commit, path), commit, from, known.length === 0);
  }
}

function keysBehind({ parent, objectId, path }: Before, finder: VersionFinder): string[] {
  return finder.behind(parent, objectId, path).map((commit) => placeKey(commit, path));
}

function traceRemoval(
  change: Change,
  before: readonly Before[],
  tokens: TokenLookup,
  steps: CommitSteps,
  finder: VersionFinder,
  contents: Map<string, Lineage>,
): void {
  for (const one of before) {
    if (one.isRenamed) continue;
    for (const fingerprint of tokens.inBlob(one.objectId)) {
      const isKept = change.newId !== null && tokens.inBlob(change.newId).has(fingerprint);
      if (isKept || steps.isMoved(change.path, fingerprint)) continue;
      const lineage = getOrCreate(contents, fingerprint, () => new Lineage());
      for (const key of keysBehind(one, finder)) lineage.disappear(key, change.commit);
    }
  }
}

/** What a merge does not take over from one of its parents. */
interface Drop {
  readonly change: Change;
  readonly parent: string;
}

/** Such a path may equal another parent's, and then it is no change of the merge itself. */
async function dropsOfMerges(
  repository: Repository,
  tokens: TokenLookup,
  history: HistoryLookup,
  pathsOfBlob: ReadonlyMap<string, ReadonlySet<string>>,
  names: ReadonlyMap<string, Lineage>,
  finder: VersionFinder,
  onGap: (gap: Gap) => void,
): Promise<Drop[]> {
  const namePaths = [...names.values()].flatMap((lineage) => [...lineage.entries()].map(([path]) => path));
  const paths = new Set([...[...pathsOfBlob.values()].flatMap((known) => [...known]), ...namePaths]);
  if (paths.size === 0) return [];
  const drops: Drop[] = [];
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
      wants: (newId, oldIds) =>
        namePaths.length > 0 || oldIds.some(holdsToken) || (newId !== null && finder.isAmbiguous(newId)),
      change: (change) => {
        finder.addDifference(change.commit, parent, change.path);
        const isName = change.isDeleted && namePaths.length > 0 && tokens.inPath(change.path).size > 0;
        if (isName || change.oldIds.some(holdsToken)) drops.push({ change, parent });
      },
    },
    onGap,
  );
  return drops;
}

/**
 * A merge that takes the side without the token has taken it out, unless that side had it once: then the
 * commit that took it out there has.
 */
function traceDroppedContents(
  drops: readonly Drop[],
  tokens: TokenLookup,
  history: HistoryLookup,
  contents: ReadonlyMap<string, Lineage>,
  finder: VersionFinder,
  isMoved: (change: Change, fingerprint: string) => boolean,
): void {
  const parentsWithToken = new Map<string, Set<string>>();
  const keyOf = (change: Change, fingerprint: string): string =>
    `${placeKey(change.commit, change.path)}\0${fingerprint}`;
  const lost: { drop: Drop; objectId: string; fingerprint: string }[] = [];
  for (const drop of drops) {
    const { change, parent } = drop;
    const [objectId = null] = change.oldIds;
    if (objectId === null) continue;
    for (const fingerprint of tokens.inBlob(objectId)) {
      getOrCreate(parentsWithToken, keyOf(change, fingerprint), () => new Set<string>()).add(parent);
      const isKept = change.newId !== null && tokens.inBlob(change.newId).has(fingerprint);
      if (!isKept && !isMoved(change, fingerprint)) lost.push({ drop, objectId, fingerprint });
    }
  }
  for (const { drop, objectId, fingerprint } of lost) {
    const { change, parent } = drop;
    const withToken = parentsWithToken.get(keyOf(change, fingerprint));
    const others = history.parentsOf(change.commit).filter((other) => !withToken?.has(other));
    const lineage = contents.get(fingerprint);
    const keys = finder.behind(parent, objectId, change.path).map((commit) => placeKey(commit, change.path));
    const introducedBy = new Set(keys.flatMap((key) => [...(lineage?.get(key)?.introducedBy ?? [])]));
    if (others.some((other) => history.isReachedBy(other, introducedBy))) continue;
    for (const key of keys) lineage?.disappear(key, change.commit);
  }
}

/** As {@link traceDroppedContents}, for names of files and directories. */
async function traceDroppedNames(
  drops: readonly Drop[],
  tokens: TokenLookup,
  history: HistoryLookup,
  names: ReadonlyMap<string, Lineage>,
  isMoved: (change: Change, fingerprint: string) => boolean,
): Promise<void> {
  const dropped = drops.flatMap(({ change }) =>
    (change.isDeleted ? [...tokens.inPath(change.path)] : [])
      .filter((fingerprint) => !isMoved(change, fingerprint))
      .flatMap((fingerprint) =>
        tokenPaths(change.path, fingerprint, tokens).map((path) => ({ commit: change.commit, fingerprint, path })),
      ),
  );
  const exists = await history.existing(
    dropped.flatMap(({ commit, path }) =>
      [commit, ...history.parentsOf(commit)].map((state) => ({ commit: state, path })),
    ),
  );
  for (const { commit, fingerprint, path } of dropped) {
    const lineage = names.get(fingerprint);
    const version = lineage?.get(path);
    if (version === undefined || exists({ commit, path })) continue;
    const others = history.parentsOf(commit).filter((parent) => !exists({ commit: parent, path }));
    if (!others.some((other) => history.isReachedBy(other, version.introducedBy))) lineage?.disappear(path, commit);
  }
}

/** A file, or a directory with all that is in it, whose name came in or went out with a commit. */
interface NameChange {
  readonly change: Change;
  readonly fingerprint: string;
  readonly path: string;
}

async function traceNames(
  commits: ReadonlyMap<string, readonly Change[]>,
  tokens: TokenLookup,
  history: HistoryLookup,
  renames: ReadonlyMap<string, Renames>,
): Promise<Map<string, Lineage>> {
  const steps: NameChange[] = [];
  for (const change of [...commits.values()].flat()) {
    if (!change.isAdded && !change.isDeleted) continue;
    for (const fingerprint of tokens.inPath(change.path)) {
      for (const path of tokenPaths(change.path, fingerprint, tokens)) steps.push({ change, fingerprint, path });
    }
  }
  const exists = await history.existing(steps.flatMap((step) => statesToAsk(step, history)));
  const names = new Map<string, Lineage>();
  for (const step of steps) {
    const { change, fingerprint, path } = step;
    const isThere = statesToAsk(step, history).some(exists);
    const lineage = getOrCreate(names, fingerprint, () => new Lineage());
    if (change.isAdded) {
      const renamed = (renames.get(change.commit) ?? NO_RENAMES)
        .to(change.path)
        .flatMap(({ source }) => tokenPaths(source, fingerprint, tokens));
      lineage.appear(path, change.commit, isThere ? [path, ...renamed] : renamed);
    } else if (!isThere) {
      lineage.disappear(path, change.commit);
    }
  }
  return names;
}

/** A name that comes in is no news where a parent has it; one that goes out may stay, as a directory's does. */
function statesToAsk({ change, path }: NameChange, history: HistoryLookup): PathInCommit[] {
  const states = change.isAdded ? history.parentsOf(change.commit) : [change.commit];
  return states.map((commit) => ({ commit, path }));
}

function getOrCreate<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}
