// What the emulator saw: no token of GitHub, and nothing that looks like one of InferenceKey.
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Fault } from "../http/faults.ts";
import type { RequestBody } from "../http/request-body.ts";
import { misplacedTokens, withoutTokens } from "../inferencekey/credential.ts";
import { isAppJwt, secretOf } from "./credentials.ts";

export type CredentialKind = "none" | "app" | "installation" | "user" | "other";

export interface LoggedRequest {
  /** From 1, in the order of arrival. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  /** Without the question mark; empty where there is none. */
  readonly query: string;
  /** As in the description of the API; `git-upload-pack` or `git-receive-pack`; or `unknown`. */
  readonly route: string;
  readonly credential: CredentialKind;
  /** Of the credential as it was sent. */
  readonly fingerprint: string | null;
  readonly userAgent: string;
  readonly apiVersion: string | null;
  /** JSON text with tokens masked; empty where there is none. */
  readonly body: string;
  readonly bodyBytes: number;
  /** Where a token of InferenceKey stood: in the `url`, the `body` or a `header`. */
  readonly leakedTokens: readonly string[];
  /** Where a token of GitHub stood that does not belong there. */
  readonly misplacedCredentials: readonly string[];
  readonly receivedAt: Date;
  /** Null while the request is not over. */
  readonly durationMilliseconds: number | null;
  /** Null where no headers were sent. */
  readonly status: number | null;
  readonly fault: Fault["kind"] | null;
  /** What is wrong with the request by the description of the API. */
  readonly problems: readonly string[];
}

export type OpenRequest = { -readonly [Field in keyof LoggedRequest]: LoggedRequest[Field] };

const GITHUB_TOKEN = /gh[opsur]_[\w.-]{36,}|github_pat_\w{20,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+/g;
const LONGEST_BODY = 200_000;

export function openEntry(request: IncomingMessage, route: string, body: RequestBody, number: number): OpenRequest {
  const url = request.url ?? "";
  const [path = "", query = ""] = url.split("?", 2);
  const raw = secretOf(request.headers.authorization);
  const text = body.bytes.subarray(0, LONGEST_BODY).toString("utf8");
  return {
    number,
    method: request.method ?? "",
    path: masked(path),
    query: masked(query),
    route,
    credential: kindOf(raw),
    fingerprint: raw === undefined ? null : `sha256:${createHash("sha256").update(raw).digest("hex")}`,
    userAgent: request.headers["user-agent"] ?? "",
    apiVersion: (request.headers["x-github-api-version"] as string | undefined) ?? null,
    body: masked(text),
    bodyBytes: body.length,
    leakedTokens: misplacedTokens({ url, headers: request.headers, body: body.bytes }),
    misplacedCredentials: [...(hasCredential(url) ? ["url"] : []), ...(hasCredential(text) ? ["body"] : [])],
    receivedAt: new Date(),
    durationMilliseconds: null,
    status: null,
    fault: null,
    problems: [],
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

/** Percent-encoding is only undone where there is something behind it that must not be seen. */
function masked(text: string): string {
  const hidden = text.replaceAll(GITHUB_TOKEN, "[credential]");
  const decoded = withoutTokens(hidden);
  return decoded.includes("[token]") ? decoded : hidden;
}

function hasCredential(text: string): boolean {
  return text.replaceAll(GITHUB_TOKEN, "[credential]") !== text;
}

function kindOf(raw: string | undefined): CredentialKind {
  if (raw === undefined) return "none";
  if (isAppJwt(raw)) return "app";
  if (raw.startsWith("ghs_")) return "installation";
  return raw.startsWith("ghp_") ? "user" : "other";
}
