/** Which API a token may be sent to, and where it says so. */
import { KeyrecallError } from "../core/errors.ts";

export const DEFAULT_API = "https://api.inferencekey.com";

/** Who named the address: a repository's tooling can set the environment, and names a host of its own there. */
export type ApiSource = "option" | "configuration" | "environment";

const NAMES: Readonly<Record<ApiSource, string>> = {
  option: "--base-url",
  configuration: "the base URL of the user configuration",
  environment: "INFERENCEKEY_BASE_URL",
};

/**
 * @returns without a slash at its end
 * @throws {KeyrecallError} `usage` where a token must not go there
 */
export function requireApiUrl(text: string, source: ApiSource): string {
  const url = requireSecureUrl(text, NAMES[source]);
  if (source === "environment" && !isLoopback(url.hostname) && !isVendorHost(url.hostname)) {
    throw new KeyrecallError("usage", `INFERENCEKEY_BASE_URL names ${url.host}, which is not InferenceKey's`, {
      hint: "a repository can set the environment; if tokens may be sent there, say so: --base-url",
    });
  }
  return url.href.replace(/\/+$/, "");
}

/**
 * An address that a raw token may be sent to: encrypted, or on this machine.
 *
 * @param name of the setting, for messages
 * @throws {KeyrecallError} `usage`
 */
export function requireSecureUrl(text: string, name: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new KeyrecallError("usage", `${name} is no URL`, { hint: `write it as ${DEFAULT_API}` });
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new KeyrecallError("usage", `${name} has a user, a query or a fragment`, {
      hint: "give origin and path only",
    });
  }
  const isPlainLoopback = url.protocol === "http:" && isLoopback(url.hostname);
  if (url.protocol !== "https:" && !isPlainLoopback) {
    throw new KeyrecallError("usage", `${name} is not encrypted: ${url.protocol}//${url.host}`, {
      hint: "tokens are sent by https only; plain http is for this machine (127.0.0.1, ::1, localhost)",
    });
  }
  return url;
}

function isVendorHost(hostname: string): boolean {
  return hostname === "inferencekey.com" || hostname.endsWith(".inferencekey.com");
}

export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
