/** The graph of commits, held in numbers, and which refs reach what. */
import type { CommitNode } from "../git/changes.ts";
import type { Ref } from "../git/refs.ts";

/** How many sets of commits are followed in one walk over the graph: the bits of a number. */
const SETS_PER_WALK = 31;
const MAX_REMEMBERED = 16;

function keyOf(commits: ReadonlySet<string>): string {
  return commits.size === 1 ? [...commits][0]! : [...commits].toSorted().join(" ");
}

export class CommitGraph {
  readonly #index = new Map<string, number>();
  readonly #nodes: CommitNode[] = [];
  #order: Int32Array | null = null;
  /** The other way round: where each node stands in the order. */
  #positions: Int32Array | null = null;
  /** The last answers, by the names of the ancestors. */
  readonly #reachedBy = new Map<string, Int32Array>();

  add(node: CommitNode): void {
    if (this.#index.has(node.id)) return;
    this.#index.set(node.id, this.#nodes.length);
    this.#nodes.push(node);
    this.#order = null;
    this.#positions = null;
  }

  parentsOf(id: string): readonly string[] {
    return this.#nodes[this.#index.get(id) ?? -1]?.parents ?? [];
  }

  merges(): CommitNode[] {
    return this.#nodes.filter((node) => node.parents.length > 1);
  }

  /** Rises from ancestors to descendants; -1 for a commit that is not in the graph. */
  orderOf(id: string): number {
    if (this.#positions === null) {
      const positions = new Int32Array(this.#nodes.length);
      this.#order ??= this.#parentsFirst();
      for (const [position, index] of this.#order.entries()) positions[index] = position;
      this.#positions = positions;
    }
    const index = this.#index.get(id);
    return index === undefined ? -1 : this.#positions[index]!;
  }

  /** Whether one of `ancestors`, a set that no longer changes, is the commit itself or stands in its history. */
  isReachedBy(commit: string, ancestors: ReadonlySet<string>): boolean {
    const key = keyOf(ancestors);
    let reached = this.#reachedBy.get(key);
    if (reached === undefined) {
      if (this.#reachedBy.size === MAX_REMEMBERED) this.#reachedBy.clear();
      reached = this.#reachFrom([ancestors]);
      this.#reachedBy.set(key, reached);
    }
    return reached[this.#index.get(commit) ?? -1] === 1;
  }

  /**
   * Which refs have one of the commits of a set in their history.
   *
   * @param refs with `objectId` peeled to a commit
   * @param onReached is called with the position of the set, for each ref in turn
   * @returns for each set the position whose answer it shares: a thousand files of one commit are one set
   */
  refsReaching(
    sets: readonly ReadonlySet<string>[],
    refs: readonly Ref[],
    onReached: (position: number, ref: Ref) => void,
  ): number[] {
    const firstOf = new Map<string, number>();
    const shared = sets.map((set, position) => {
      const key = keyOf(set);
      if (!firstOf.has(key)) firstOf.set(key, position);
      return firstOf.get(key)!;
    });
    const distinct = [...firstOf.values()].filter((position) => sets[position]!.size > 0);
    for (let first = 0; first < distinct.length; first += SETS_PER_WALK) {
      const group = distinct.slice(first, first + SETS_PER_WALK);
      const reached = this.#reachFrom(group.map((position) => sets[position]!));
      for (const ref of refs) {
        const bits = reached[this.#index.get(ref.objectId) ?? -1] ?? 0;
        for (let bit = 0; bits >>> bit !== 0; bit++) if ((bits >>> bit) & 1) onReached(group[bit]!, ref);
      }
    }
    return shared;
  }

  /** For each commit the sets, as bits, that have a commit in its history or the commit itself. */
  #reachFrom(sets: readonly ReadonlySet<string>[]): Int32Array {
    const reached = new Int32Array(this.#nodes.length);
    for (const [bit, set] of sets.entries()) {
      for (const id of set) {
        const index = this.#index.get(id);
        if (index !== undefined) reached[index]! |= 1 << bit;
      }
    }
    this.#order ??= this.#parentsFirst();
    for (const index of this.#order) {
      for (const parent of this.#nodes[index]!.parents) {
        const parentIndex = this.#index.get(parent);
        if (parentIndex !== undefined) reached[index]! |= reached[parentIndex]!;
      }
    }
    return reached;
  }

  /** Every commit behind its parents. Walked with an own stack: histories are deeper than any call stack. */
  #parentsFirst(): Int32Array {
    const order = new Int32Array(this.#nodes.length);
    const state = new Uint8Array(this.#nodes.length);
    let length = 0;
    const stack: number[] = [];
    for (let root = 0; root < this.#nodes.length; root++) {
      stack.push(root);
      while (stack.length > 0) {
        const index = stack[stack.length - 1]!;
        if (state[index] === 0) {
          state[index] = 1;
          for (const parent of this.#nodes[index]!.parents) {
            const parentIndex = this.#index.get(parent);
            if (parentIndex !== undefined && state[parentIndex] === 0) stack.push(parentIndex);
          }
        } else {
          stack.pop();
          if (state[index] === 1) {
            state[index] = 2;
            order[length++] = index;
          }
        }
      }
    }
    return order;
  }
}
