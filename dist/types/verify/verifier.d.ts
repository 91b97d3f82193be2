/** Asks the API about tokens: one request a token, one control a route, a bounded number at a time. */
import { type ApiHints } from "../core/api-hints.js";
import type { Plane, Token } from "../core/token.js";
import { type Verdict } from "../core/verdict.js";
import { type ApiAnswer, type Workload } from "./answer.js";
import { type Reach } from "./reach.js";
import { type VerdictCache } from "./verdict-cache.js";
export interface VerifierOptions {
    /** From `requireApiUrl`. */
    readonly baseUrl: string;
    readonly userAgent: string;
    /** Slugs of projects that the operator names as theirs: only these are ever listed. */
    readonly projects?: readonly string[];
    /** `project/workload`, named by the operator. */
    readonly workloads?: readonly string[];
    readonly cache?: VerdictCache;
    /** Take answers from the cache that still hold. Without it only what was seen live before is. */
    readonly reusesAnswers?: boolean;
    /** Requests at a time. */
    readonly concurrency?: number;
    /** For one token, repeated attempts included. */
    readonly timeoutMs?: number;
    /** For all tokens together; those that are left then are unknown. */
    readonly totalTimeoutMs?: number;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: (done: number, total: number) => void;
}
export interface TokenToVerify {
    readonly token: Token;
    readonly hints?: ApiHints;
}
export interface VerifiedToken {
    readonly verdict: Verdict;
    /** What was asked; null where the verdict was not asked for now. Two verdicts compare only by the same route. */
    readonly route: string | null;
    /** There was no answer to judge: the verdict says why. */
    readonly isFailure: boolean;
}
export declare class Verifier {
    #private;
    readonly api: string;
    constructor(options: VerifierOptions);
    /**
     * Each distinct token once.
     *
     * @returns by fingerprint
     * @throws the signal's reason, when it is aborted
     */
    verifyAll(tokens: readonly TokenToVerify[]): Promise<Map<string, VerifiedToken>>;
    /** As {@link verifyAll}; an interrupted run gives what it has, and of the rest that it was not asked. */
    verifyUntilInterrupted(tokens: readonly TokenToVerify[]): Promise<Map<string, VerifiedToken>>;
    verify({ token, hints }: TokenToVerify): Promise<VerifiedToken>;
    /** The last answer about it is not to be taken from the cache: another one contradicts it, or nothing confirms it. */
    distrust({ fingerprint }: Token): void;
    /** What a live data token opens, as far as the API tells it by a workload that the operator names. */
    reach(token: Token, endpoint: string): Promise<Reach>;
    /** The workloads of a project that the operator names as theirs, as the token sees them. */
    listWorkloads(token: Token, project: string): Promise<WorkloadList>;
    /** What the API says to a random token, which it cannot know. */
    askControl(plane: Plane): Promise<ApiAnswer>;
    close(): Promise<void>;
}
export type WorkloadList = {
    readonly kind: "listed";
    readonly project: string;
    readonly workloads: readonly Workload[];
}
/** The token lacks `workload:read`. */
 | {
    readonly kind: "refused";
    readonly project: string;
} | {
    readonly kind: "other-project";
    readonly project: string;
} | {
    readonly kind: "unavailable";
    readonly project: string;
    readonly why: string;
};
