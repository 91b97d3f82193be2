/** Follows every token through the changes of commits, by content and by file name. */
import type { Gap } from "../core/gap.ts";
import { type Change, visitMerges } from "../git/changes.ts";
import type { Repository } from "../git/repository.ts";
import type { PathInCommit } from "../git/revisions.ts";
import type { HistoryLookup } from "./history-lookup.ts";
import { Lineage } from "./lineage.ts";
import { NO_RENAMES, type Renames } from "./renames.ts";

/** The fingerprints that a blob's content, or a path's text, holds. */
export interface TokenLookup {
  inBlob(objectId: string): ReadonlySet<string>;
  inPath(path: string): ReadonlySet<string>;
}

export interface Traces {
  /** By fingerprint; keys are {@link contentKey}. */
  readonly contents: ReadonlyMap<string, Lineage>;
  /** By fingerprint; keys are paths that end in a component that holds the token. */
  readonly names: ReadonlyMap<string, Lineage>;
  /** Every path that a blob with a token has stood at. */
  readonly pathsOfBlob: ReadonlyMap<string, ReadonlySet<string>>;
}

export function contentKey(objectId: string, path: string): string {
  return `${objectId}\0${path}`;
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
  const contents = new Map<string, Lineage>();
  const pathsOfBlob = new Map<string, Set<string>>();
  for (const [commit, changes] of commits) {
    const steps = new CommitSteps(changes, renames.get(commit) ?? NO_RENAMES, tokens);
    for (const change of changes) traceContent(change, tokens, steps, contents, pathsOfBlob);
    for (const change of changes) traceRemoval(change, tokens, steps, contents);
  }
  const names = await traceNames(commits, tokens, history, renames);
  for (const lineage of [...contents.values(), ...names.values()]) lineage.settle();
  const isMoved = ({ commit, path }: Change, fingerprint: string): boolean =>
    new CommitSteps(commits.get(commit) ?? [], renames.get(commit) ?? NO_RENAMES, tokens).isMoved(path, fingerprint);
  const isNameMoved = ({ commit, path }: Change, fingerprint: string): boolean =>
    (renames.get(commit) ?? NO_RENAMES).from(path).some(({ target }) => tokens.inPath(target).has(fingerprint));
  const drops = await dropsOfMerges(repository, tokens, history, pathsOfBlob, names, onGap);
  traceDroppedContents(drops, tokens, history, contents, isMoved);
  await traceDroppedNames(drops, tokens, history, names, isNameMoved);
  for (const lineage of [...contents.values(), ...names.values()]) lineage.settle();
  return { contents, names, pathsOfBlob };
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

  /** The parents' versions of a path, or of the path that it was renamed from, that hold the token. */
  previousKeys(change: Change, fingerprint: string): string[] {
    const holdsToken = (id: string | null): id is string => id !== null && this.#tokens.inBlob(id).has(fingerprint);
    const samePath = change.oldIds.filter(holdsToken).map((id) => contentKey(id, change.path));
    const renamed = this.#renames
      .to(change.path)
      .filter((rename) => holdsToken(rename.sourceId))
      .map((rename) => contentKey(rename.sourceId, rename.source));
    return [...samePath, ...renamed];
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

function traceContent(
  change: Change,
  tokens: TokenLookup,
  steps: CommitSteps,
  contents: Map<string, Lineage>,
  pathsOfBlob: Map<string, Set<string>>,
): void {
  const { newId, path, commit } = change;
  if (newId === null) return;
  const fingerprints = tokens.inBlob(newId);
  if (fingerprints.size === 0) return;
  getOrCreate(pathsOfBlob, newId, () => new Set<string>()).add(path);
  for (const fingerprint of fingerprints) {
    const from = steps.previousKeys(change, fingerprint);
    getOrCreate(contents, fingerprint, () => new Lineage()).appear(contentKey(newId, path), commit, from);
  }
}

function traceRemoval(change: Change, tokens: TokenLookup, steps: CommitSteps, contents: Map<string, Lineage>): void {
  for (const id of new Set(change.oldIds)) {
    if (id === null) continue;
    for (const fingerprint of tokens.inBlob(id)) {
      const isKept = change.newId !== null && tokens.inBlob(change.newId).has(fingerprint);
      if (isKept || steps.isMoved(change.path, fingerprint)) continue;
      getOrCreate(contents, fingerprint, () => new Lineage()).disappear(contentKey(id, change.path), change.commit);
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
      wants: (_newId, oldIds) => namePaths.length > 0 || oldIds.some(holdsToken),
      change: (change) => {
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
  isMoved: (change: Change, fingerprint: string) => boolean,
): void {
  const parentsWithToken = new Map<string, Set<string>>();
  for (const { change, parent } of drops) {
    if (!change.oldIds.some((id) => id !== null && tokens.inBlob(id).size > 0)) continue;
    getOrCreate(parentsWithToken, `${change.commit}\0${change.path}`, () => new Set<string>()).add(parent);
  }
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
