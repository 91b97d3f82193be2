/** Where the new paths of commits come from. */
import type { Change, CommitPair, Rename } from "../git/changes.ts";
import type { HistoryLookup } from "./history-lookup.ts";

/** What one commit has renamed, against any of its parents. */
export class Renames {
  readonly #byTarget = new Map<string, Rename[]>();
  readonly #bySource = new Map<string, Rename[]>();

  add(rename: Rename): void {
    append(this.#byTarget, rename.target, rename);
    append(this.#bySource, rename.source, rename);
  }

  to(target: string): readonly Rename[] {
    return this.#byTarget.get(target) ?? NONE;
  }

  from(source: string): readonly Rename[] {
    return this.#bySource.get(source) ?? NONE;
  }

  all(): Rename[] {
    return [...this.#byTarget.values()].flat();
  }
}

export const NO_RENAMES = new Renames();
const NONE: readonly Rename[] = [];

function append(map: Map<string, Rename[]>, key: string, rename: Rename): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [rename]);
  else known.push(rename);
}

/**
 * By commit. git's rename detection is asked only where a marked path is new to a parent and something could
 * have been renamed to it.
 *
 * @param commits each with those of its changes that matter
 */
export async function renamesOf(
  commits: ReadonlyMap<string, readonly Change[]>,
  isMarked: (change: Change) => boolean,
  history: HistoryLookup,
): Promise<ReadonlyMap<string, Renames>> {
  const pairs: CommitPair[] = [];
  for (const [commit, changes] of commits) {
    const parents = history.parentsOf(commit);
    // A merge can take a rename from one side, of which the other side's path shows nothing.
    if (parents.length <= 1 && !changes.some((change) => change.isDeleted)) continue;
    for (const [position, parent] of parents.entries()) {
      const isNew = (change: Change): boolean =>
        isMarked(change) && !change.isDeleted && (change.oldIds[position] ?? null) === null;
      if (changes.some(isNew)) pairs.push({ commit, parent });
    }
  }
  const renames = new Map<string, Renames>();
  await history.findRenames(pairs, (commit, rename) => {
    const known = renames.get(commit) ?? new Renames();
    known.add(rename);
    renames.set(commit, known);
  });
  return renames;
}
