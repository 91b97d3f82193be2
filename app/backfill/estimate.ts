/** How long it will take, by how long it took so far. Pure. */
import type { Amount } from "../store/backfill.ts";

/** What a repository costs beside its size: asking for it, listing it, writing down what came of it. */
const FIXED_BYTES = 1024 * 1024;

/** Of one worker that does nothing else; null while nothing was read that it could be told by. */
export function secondsLeft(done: Amount, left: Amount): number | null {
  if (left.repositories === 0) return 0;
  if (done.repositories === 0) return null;
  return ((done.ms / weightOf(done)) * weightOf(left)) / 1000;
}

/**
 * The same for several installations that take turns: as long as one has something left, it takes as much time from
 * another as that one needs itself.
 */
export function takingTurns(own: number, all: readonly (number | null)[]): number {
  return all.reduce<number>((sum, other) => sum + Math.min(own, other ?? own), 0);
}

function weightOf({ repositories, bytes }: Amount): number {
  return repositories * FIXED_BYTES + bytes;
}
