/** @throws the signal's reason, when it is aborted before the time is over */
export declare function sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
