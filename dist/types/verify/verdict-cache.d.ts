/** Verdicts that need no second question for a while, and what was seen live: that makes a later 403 a difference. */
import type { Verdict } from "../core/verdict.js";
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
/** Whether a verdict of that age still holds. One from the future does not. */
export declare function isFresh({ state, checkedAt }: CachedVerdict, now: number): boolean;
/** Whether it is of use still: as a verdict, or as evidence that the token worked. */
export declare function isWorthKeeping(cached: CachedVerdict, now: number): boolean;
export declare function fromCache({ state, reason, checkedAt }: CachedVerdict, api: string): Verdict;
