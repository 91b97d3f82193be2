/** Verdicts that need no second question for a while, and what was seen live: that makes a later 403 a difference. */
import type { Verdict } from "../core/verdict.ts";

export interface CachedVerdict {
  readonly state: "live" | "revoked";
  readonly reason: string;
  /** ISO 8601. */
  readonly checkedAt: string;
  /** When it was last seen to work, and what was asked about then: by that a later 403 is a difference. */
  readonly lastLive: LastLive | null;
}

export interface LastLive {
  readonly route: string;
  /** ISO 8601. */
  readonly at: string;
  /** What a random token got then. */
  readonly control: string;
}

/** By API (its whole address) and fingerprint. */
export interface VerdictCache {
  get(api: string, fingerprint: string): CachedVerdict | null;
  set(api: string, fingerprint: string, verdict: CachedVerdict): void;
}

const LIVE_MS = 5 * 60_000;
const REVOKED_MS = 24 * 60 * 60_000;
const EVIDENCE_MS = 30 * 24 * 60 * 60_000;

/** Whether a verdict of that age still holds. One from the future does not. */
export function isFresh({ state, checkedAt }: CachedVerdict, now: number): boolean {
  const age = now - Date.parse(checkedAt);
  return age >= 0 && age < (state === "live" ? LIVE_MS : REVOKED_MS);
}

/** Whether it is of use still: as a verdict, or as evidence that the token worked. */
export function isWorthKeeping(cached: CachedVerdict, now: number): boolean {
  return isFresh(cached, now) || (cached.lastLive !== null && now - Date.parse(cached.lastLive.at) < EVIDENCE_MS);
}

export function fromCache({ state, reason, checkedAt }: CachedVerdict, api: string): Verdict {
  return { state, api, checkedAt, reason: `${reason} (answered before, not asked again)` };
}
