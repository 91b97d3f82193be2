export declare const DEFAULT_API = "https://api.inferencekey.com";
/** Who named the address: a repository's tooling can set the environment, and names a host of its own there. */
export type ApiSource = "option" | "configuration" | "environment";
/**
 * @returns without a slash at its end
 * @throws {KeyrecallError} `usage` where a token must not go there
 */
export declare function requireApiUrl(text: string, source: ApiSource): string;
/**
 * An address that a raw token may be sent to: encrypted, or on this machine.
 *
 * @param name of the setting, for messages
 * @throws {KeyrecallError} `usage`
 */
export declare function requireSecureUrl(text: string, name: string): URL;
export declare function isLoopback(hostname: string): boolean;
