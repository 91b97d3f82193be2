import type { RevocationEntry, RevocationProvider, RevocationResult } from "./provider.js";
export interface HttpProviderOptions {
    /** From `requireSecureUrl`. */
    readonly url: URL;
    /** One, or two while one takes the other's place. */
    readonly secrets: readonly string[];
    readonly userAgent: string;
    readonly timeoutMs?: number;
    readonly signal?: AbortSignal | undefined;
}
export declare class HttpProvider implements RevocationProvider {
    #private;
    readonly name: string;
    readonly isManual = false;
    constructor(options: HttpProviderOptions);
    revoke(entries: readonly RevocationEntry[], key?: string): Promise<Map<string, RevocationResult>>;
    poll(fingerprints: readonly string[]): Promise<Map<string, RevocationResult>>;
    /** Ends a call that is under way: its promise is rejected. */
    close(): Promise<void>;
}
