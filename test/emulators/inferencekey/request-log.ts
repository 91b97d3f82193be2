// What the emulator saw and did: enough to assert that a client asked nothing that it must not ask, and no raw token.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Fault } from "../http/faults.ts";
import type { RequestBody } from "../http/request-body.ts";
import { misplacedTokens, readCredential, withoutTokens, type CredentialKind } from "./credential.ts";
import type { Route, RouteName } from "./routes.ts";
import type { PlatformState } from "./state.ts";

/** What a request brought about. Only `none` and `read` cost nothing and change nothing. */
export type Effect = "none" | "read" | "write" | "inference" | "job";

export interface LoggedRequest {
  /** From 1, in the order of arrival. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  /** Without the question mark; empty where there is none. */
  readonly query: string;
  readonly host: string;
  readonly route: RouteName;
  readonly credential: CredentialKind;
  /** Of the credential as it was sent. */
  readonly fingerprint: string | null;
  /** Whether the platform ever minted that token. */
  readonly isKnownToken: boolean;
  /** Where else a token stood: in the `url`, the `body` or a `header`. */
  readonly misplacedTokens: readonly string[];
  readonly bodyBytes: number;
  readonly receivedAt: Date;
  /** Null while the request is not over. */
  readonly durationMilliseconds: number | null;
  /** Null where no headers were sent. */
  readonly status: number | null;
  readonly effect: Effect;
  readonly fault: Fault["kind"] | null;
}

/** A line of the log while its request is still going on. */
export type OpenRequest = { -readonly [Field in keyof LoggedRequest]: LoggedRequest[Field] };

/** Logs a request that has just been read. */
export function openEntry(
  request: IncomingMessage,
  route: Route | undefined,
  body: RequestBody,
  state: PlatformState,
  number: number,
): OpenRequest {
  const [path = "", query = ""] = (request.url ?? "").split("?", 2);
  const { kind, fingerprint } = readCredential(request.headers);
  return {
    number,
    method: request.method ?? "",
    path: withoutTokens(path),
    query: withoutTokens(query),
    host: withoutTokens(request.headers.host ?? ""),
    route: route?.name ?? "undocumented",
    credential: kind,
    fingerprint,
    isKnownToken: fingerprint !== null && state.findToken(fingerprint) !== undefined,
    misplacedTokens: misplacedTokens({ url: request.url ?? "", headers: request.headers, body: body.bytes }),
    bodyBytes: body.length,
    receivedAt: new Date(),
    durationMilliseconds: null,
    status: null,
    effect: "none",
    fault: null,
  };
}

/** Completes the line when the exchange is over, however it ends. */
export function closeEntry(entry: OpenRequest, response: ServerResponse): void {
  const start = performance.now();
  response.once("close", () => {
    entry.durationMilliseconds = performance.now() - start;
    entry.status = response.headersSent ? response.statusCode : null;
  });
}
