// A client of the revocation contract, as small as it can be: it signs and sends.
import { randomUUID } from "node:crypto";
import type { MadeToken } from "../../support/token.ts";
import { signatureHeader } from "../revocation/signature.ts";

export interface RevocationCall {
  readonly url: string;
  readonly secrets: readonly string[];
  readonly body: unknown;
  /** Of the signature; now by default. */
  readonly seconds?: number;
  /** Instead of the signature. */
  readonly header?: string | null;
  /** How long to wait for an answer. */
  readonly timeoutMilliseconds?: number;
}

export interface RevocationAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export async function callRevocation(options: RevocationCall): Promise<RevocationAnswer> {
  const body = typeof options.body === "string" ? options.body : JSON.stringify(options.body);
  const seconds = options.seconds ?? Math.floor(Date.now() / 1000);
  const header = options.header === undefined ? signatureHeader(body, options.secrets, seconds) : options.header;
  const response = await fetch(options.url, {
    method: "POST",
    redirect: "manual",
    headers: {
      "content-type": "application/json",
      ...(header === null ? {} : { "x-inferencekey-signature": header }),
    },
    signal: AbortSignal.timeout(options.timeoutMilliseconds ?? 20_000),
    body,
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: text === "" ? undefined : JSON.parse(text) };
}

export function revokeBody(tokens: readonly MadeToken[], key: string = randomUUID()) {
  const entries = tokens.map(({ raw, plane }) => ({
    token: raw,
    type: `inferencekey_${plane}_token`,
    url: "",
    source: "unknown",
  }));
  return { method: "revoke", idempotency_key: key, entries };
}

export function statusBody(tokens: readonly MadeToken[], key: string) {
  return { method: "status", idempotency_key: key, fingerprints: tokens.map(({ fingerprint }) => fingerprint) };
}
