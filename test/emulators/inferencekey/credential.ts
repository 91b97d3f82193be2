// What a request brings to identify itself. From here on it is known by its fingerprint alone.
import type { IncomingHttpHeaders } from "node:http";
import { fingerprintOf } from "../../support/token.ts";

/** `other` is a credential that is no InferenceKey token by its prefix. */
export type CredentialKind = "none" | "control" | "data" | "other";

export interface Credential {
  readonly kind: CredentialKind;
  /** Null where there is none. */
  readonly fingerprint: string | null;
}

const TOKEN_ANYWHERE = /ik_(?:sdk|live)_[\w-]+/gi;

export function readCredential(headers: IncomingHttpHeaders): Credential {
  const [, raw] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  if (raw === undefined) return { kind: headers.authorization === undefined ? "none" : "other", fingerprint: null };
  return { kind: kindOf(raw), fingerprint: fingerprintOf(raw) };
}

function kindOf(raw: string): CredentialKind {
  if (raw.startsWith("ik_sdk_")) return "control";
  return raw.startsWith("ik_live_") ? "data" : "other";
}

/** The text without what looks like a token, also behind percent-encoding. */
export function withoutTokens(text: string): string {
  const decoded = text.replaceAll(/%([0-9a-f]{2})/gi, (_encoded, hex: string) =>
    String.fromCodePoint(Number.parseInt(hex, 16)),
  );
  return decoded.replaceAll(TOKEN_ANYWHERE, "[token]");
}

export interface Places {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Where else than in `Authorization` a token stands: a client must have none of these. */
export function misplacedTokens({ url, headers, body }: Places): string[] {
  const others = Object.entries(headers).filter(([name]) => name !== "authorization");
  return [
    ...(hasToken(url) ? ["url"] : []),
    ...others.filter(([, value]) => hasToken(String(value))).map(([name]) => `header ${name}`),
    ...(hasToken(body.toString("latin1")) ? ["body"] : []),
  ];
}

function hasToken(text: string): boolean {
  return withoutTokens(text).includes("[token]");
}
