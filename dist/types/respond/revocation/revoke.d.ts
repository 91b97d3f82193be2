/** Takes tokens out of service and stops when the API says that they are dead, not when somebody says so. */
import type { ApiHints } from "../../core/api-hints.js";
import type { Token } from "../../core/token.js";
import type { Verdict } from "../../core/verdict.js";
import type { VerifiedToken, Verifier } from "../../verify/verifier.js";
import type { RevocationEntry, RevocationProvider, RevocationResult } from "./provider.js";
export type RevocationState = 
/** Live, then dead, on the same API and route. */
"contained"
/** Dead before anything was done. */
 | "already-dead"
/** Dead now; the API was never seen to accept it. */
 | "dead"
/** The API accepts it still, if not every time. */
 | "still-live"
/** The API does not tell. */
 | "unconfirmed";
export interface RevocationReport {
    readonly token: Token;
    readonly state: RevocationState;
    /** What the provider said last; null where it was not asked. */
    readonly provider: RevocationResult | null;
    readonly before: Verdict;
    readonly verdict: Verdict;
    /** From the request to the provider to the first answer that the token is dead; null where there was none. */
    readonly containedAfterMs: number | null;
}
export interface RevocationOutcome {
    readonly reports: readonly RevocationReport[];
    /** The signal was aborted: the reports say what was known by then. */
    readonly isInterrupted: boolean;
}
export interface RevokeOptions {
    readonly verifier: Verifier;
    readonly provider: RevocationProvider;
    /** Of a request that may have been made before, in a run that was cut off: then the targets have to be the same. */
    readonly idempotencyKey?: string;
    /** How long a token is asked about, once the provider has answered, until it is dead. */
    readonly waitMs: number;
    /** Between two questions about one token. */
    readonly pollMs?: number;
    /** Between an answer that a token is dead and the question whether that holds. */
    readonly confirmMs?: number;
    readonly signal?: AbortSignal | undefined;
    readonly onEvent?: (event: RevocationEvent) => void;
}
export type RevocationEvent = {
    readonly kind: "requested";
    readonly tokens: readonly Token[];
} | {
    readonly kind: "answered";
    readonly token: Token;
    readonly result: RevocationResult;
} | {
    readonly kind: "verified";
    readonly token: Token;
    readonly verdict: Verdict;
};
export interface TokenToRevoke {
    readonly token: Token;
    readonly hints?: ApiHints;
    /** What verification has said before: with it a later 403 is a difference. */
    readonly before: VerifiedToken;
    /** Where it leaked, for the provider. */
    readonly leak?: Pick<RevocationEntry, "url" | "source">;
}
/**
 * Asks a second time about those that are dead: one answer of an API with several nodes can be that of the only node
 * that knows.
 *
 * @throws the signal's reason, when it is aborted
 */
export declare function confirmDead(targets: readonly TokenToRevoke[], { verifier, confirmMs, signal }: Pick<RevokeOptions, "verifier" | "confirmMs" | "signal">): Promise<TokenToRevoke[]>;
/** What is dead before is reported as that, and no provider is asked about it. */
export declare function revokeTokens(targets: readonly TokenToRevoke[], options: RevokeOptions): Promise<RevocationOutcome>;
