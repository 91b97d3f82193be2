/** Which refs of a repository are read next, and what of them was read before. Pure. */
import { createHash } from "node:crypto";
import type { ReadTips } from "../store/backfill.ts";

export interface RemoteRef {
  readonly name: string;
  readonly id: string;
}

export interface Batch {
  /** Their tips were read before, under whatever name. */
  readonly settled: readonly RemoteRef[];
  /** To be read now. */
  readonly fresh: readonly RemoteRef[];
  /** What is reachable from these was read. */
  readonly known: readonly string[];
  /** Refs that wait for the next batches. */
  readonly left: number;
}

/** A killed worker loses what it did for one batch. */
const MAX_REFS = 200;
/** More of them cost more to ask for than they save. */
const MAX_KNOWN = 200;

/** GitHub makes these itself of a pull request and its base, anew with each push to either. */
const MADE_BY_GITHUB = /^refs\/pull\/\d+\/merge$/;

export function refHash(name: string): string {
  return createHash("sha256").update(name).digest("hex");
}

/** @returns null where nothing is left in this run */
export function nextBatch(
  refs: readonly RemoteRef[],
  read: ReadTips,
  { run, defaultBranch }: { readonly run: number; readonly defaultBranch: string },
): Batch | null {
  const ranked = refs
    .filter(({ name }) => !MADE_BY_GITHUB.test(name))
    .map((ref) => ({ ...ref, rank: rankOf(ref.name, defaultBranch), before: read.get(refHash(ref.name)) }))
    .toSorted((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  // What comes to a ref after it was read in this run, its webhook brings.
  const open = ranked.filter(({ before }) => before?.run !== run);
  if (open.length === 0) return null;
  const whole = new Set([...read.values()].flatMap(({ tip }) => tip ?? []));
  const settled = open.filter(({ id }) => whole.has(id));
  const unread = open.filter(({ id }) => !whole.has(id));
  // Most of a history stands behind the default branch, and all others end in what is known then.
  const fresh = unread.slice(0, unread[0]?.rank === 0 ? 1 : MAX_REFS);
  const known = new Set([
    ...fresh.flatMap(({ before }) => before?.tip ?? []),
    ...ranked.filter(({ id }) => whole.has(id)).map(({ id }) => id),
    // A default branch that moved on is reached from most others all the same.
    ...ranked.filter(({ rank }) => rank === 0).flatMap(({ before }) => before?.tip ?? []),
  ]);
  return {
    settled: settled.map(plain),
    fresh: fresh.map(plain),
    known: [...known].slice(0, MAX_KNOWN),
    left: unread.length - fresh.length,
  };
}

function plain({ name, id }: RemoteRef): RemoteRef {
  return { name, id };
}

function rankOf(name: string, defaultBranch: string): number {
  if (name === `refs/heads/${defaultBranch}`) return 0;
  if (name.startsWith("refs/heads/")) return 1;
  return name.startsWith("refs/tags/") ? 2 : 3;
}
