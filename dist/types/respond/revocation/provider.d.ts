/** Whoever takes tokens out of service for the operator. */
import type { Token } from "../../core/token.js";
export interface RevocationEntry {
    readonly token: Token;
    /** Where it leaked, or empty. */
    readonly url: string;
    /** What kind of place that is, in GitHub's words: `content`, `commit`, `issue_body`, `unknown`. */
    readonly source: string;
}
export type RevocationStatus = "revoked" | "already" | "not_owned" | "pending" | "failed";
export interface RevocationResult {
    readonly status: RevocationStatus;
    /** What the provider says, or why there is no answer of it. It is a stranger's text. */
    readonly message: string | null;
    /** There was no answer that says so: it may have acted, or may still, and the same request can be made again. */
    readonly isUnanswered?: boolean;
}
export interface RevocationProvider {
    /** For people: who was asked. */
    readonly name: string;
    /** Whether a person has to act: then nobody answers, and the token dies some time later. */
    readonly isManual: boolean;
    /**
     * Never throws for what the provider does.
     *
     * @param idempotencyKey a UUID where the same request may have been made before; one for each request otherwise
     * @returns by fingerprint, one for each entry
     */
    revoke(entries: readonly RevocationEntry[], idempotencyKey?: string): Promise<Map<string, RevocationResult>>;
    /** How the pending ones are getting on. @returns by fingerprint, for those that there is news of */
    poll(fingerprints: readonly string[]): Promise<Map<string, RevocationResult>>;
    close(): Promise<void>;
}
