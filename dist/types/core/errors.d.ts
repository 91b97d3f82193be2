/** What went wrong, as far as a caller has to tell cases apart. The message is for people and is never parsed. */
export type ErrorCode = "usage" | "configuration" | "not-a-repository" | "path-not-found" | "unresolvable-range" | "git-unavailable" | "fetch-failed" | "interrupted" | "output";
/**
 * An operational failure: something outside the program is not as it has to be.
 * `message` says what failed and names the thing; `hint` says what to do about it.
 */
export declare class KeyrecallError extends Error {
    readonly code: ErrorCode;
    readonly hint: string | undefined;
    constructor(code: ErrorCode, message: string, options?: {
        hint?: string;
        cause?: unknown;
    });
}
/** The message of anything that was thrown. */
export declare function messageOf(error: unknown): string;
/** The `code` of a Node system error (`ENOENT`, `EPIPE`, …), or undefined. */
export declare function systemCodeOf(error: unknown): string | undefined;
