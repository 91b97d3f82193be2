/** Whether a token still works. */
export type VerdictState = "live" | "revoked" | "unknown" | "unchecked";
export interface Verdict {
    readonly state: VerdictState;
    /** One sentence for people; names the API that answered. */
    readonly reason: string;
    /** The origin that was asked. */
    readonly api?: string;
    /** ISO 8601, UTC. */
    readonly checkedAt?: string;
}
export declare const UNCHECKED: Verdict;
