export interface HttpRequest {
    readonly method: "GET" | "POST";
    readonly url: string;
    /** Made anew for each attempt. */
    readonly headers: () => Readonly<Record<string, string>>;
    readonly body?: string;
}
export interface HttpAnswer {
    readonly kind: "answer";
    readonly status: number;
    readonly contentType: string | null;
    readonly contentEncoding: string | null;
    /** The host of a redirect, or null. */
    readonly location: string | null;
    /** How long the server asks to wait, or null. */
    readonly retryAfterMs: number | null;
    readonly body: Buffer;
}
export interface HttpFailure {
    readonly kind: "failure";
    /** For people, and with nothing of a stranger's in it. */
    readonly why: string;
    /** It was given up, whatever the server was about to do. */
    readonly hasTimedOut?: boolean;
}
export type HttpResult = HttpAnswer | HttpFailure;
export interface HttpLimits {
    /** From the first attempt to the end of the last. */
    readonly totalMs: number;
    readonly maxBytes: number;
    /** Where somebody else asks again; a few by default. */
    readonly maxAttempts?: number;
}
export declare class HttpClient {
    #private;
    /**
     * @param baseUrl whose host is asked
     * @throws {KeyrecallError} `usage` for a proxy that cannot be used
     */
    constructor(baseUrl: string, limits: HttpLimits, connections: number, signal?: AbortSignal);
    /** When the server last failed (`Date.now()`): what it said before may not hold any more. */
    get troubledAt(): number;
    /** Asks again after 429, 5xx and what looks like a passing failure, until the time is over. */
    send(request: HttpRequest): Promise<HttpResult>;
    close(): Promise<void>;
}
