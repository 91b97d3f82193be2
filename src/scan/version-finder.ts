/** Which commits have put the content in place that a commit has at a path. */
import type { Change } from "../git/changes.ts";
import type { HistoryLookup } from "./history-lookup.ts";

function contentKey(objectId: string, path: string): string {
  return `${objectId}\0${path}`;
}

/** A path in one commit. */
export function placeKey(commit: string, path: string): string {
  return `${commit}\0${path}`;
}

export class VersionFinder {
  readonly #history: HistoryLookup;
  /** By {@link contentKey} the commits that put the content at the path. */
  readonly #putBy = new Map<string, Set<string>>();
  readonly #oldest = new Map<string, number>();
  /** Where a commit makes a path differ from all of its parents, as {@link placeKey}. */
  readonly #changed = new Set<string>();
  /** Paths that a merge has not as a parent has them. */
  readonly #differing = new Set<string>();
  /** Contents that more than one commit has put somewhere: only for these the way back has to be gone. */
  readonly #ambiguous = new Set<string>();

  constructor(commits: ReadonlyMap<string, readonly Change[]>, history: HistoryLookup) {
    this.#history = history;
    for (const { commit, path, newId } of [...commits.values()].flat()) {
      this.#changed.add(placeKey(commit, path));
      if (newId === null) continue;
      const key = contentKey(newId, path);
      const known = this.#putBy.get(key);
      if (known === undefined) this.#putBy.set(key, new Set([commit]));
      else known.add(commit);
      if (known !== undefined || !history.isWhole) this.#ambiguous.add(newId);
    }
  }

  isAmbiguous(objectId: string): boolean {
    return this.#ambiguous.has(objectId);
  }

  addDifference(merge: string, parent: string, path: string): void {
    this.#differing.add(`${placeKey(merge, path)}\0${parent}`);
  }

  /** All commits that have put the content at the path. */
  all(objectId: string, path: string): ReadonlySet<string> {
    return this.#putBy.get(contentKey(objectId, path)) ?? NONE;
  }

  /** The place of the first of them in the order of history. */
  #oldestOf(objectId: string, path: string): number {
    const key = contentKey(objectId, path);
    let oldest = this.#oldest.get(key);
    if (oldest === undefined) {
      oldest = Infinity;
      for (const commit of this.all(objectId, path)) oldest = Math.min(oldest, this.#history.orderOf(commit));
      this.#oldest.set(key, oldest);
    }
    return oldest;
  }

  /**
   * Those of them that `commit`, which has the content at the path, has it from: the same content can be put there,
   * taken out and put there again.
   */
  behind(commit: string, objectId: string, path: string): readonly string[] {
    const candidates = this.all(objectId, path);
    if (candidates.size === 0 || (candidates.size === 1 && this.#history.isWhole)) return [...candidates];
    const oldest = this.#oldestOf(objectId, path);
    const found: string[] = [];
    const seen = new Set<string>([commit]);
    for (let open = [commit]; open.length > 0;) {
      const next: string[] = [];
      for (const id of open) {
        if (candidates.has(id)) found.push(id);
        if (this.#changed.has(placeKey(id, path))) continue;
        for (const parent of this.#history.parentsOf(id)) {
          const isOut = seen.has(parent) || this.#history.orderOf(parent) < oldest;
          if (isOut || this.#differing.has(`${placeKey(id, path)}\0${parent}`)) continue;
          seen.add(parent);
          next.push(parent);
        }
      }
      open = next;
    }
    return found;
  }
}

const NONE: ReadonlySet<string> = new Set();
