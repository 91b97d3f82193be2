/** What GitHub's refusals mean. None of these carries a request or a response, so none can bring a body into a log. */
import { cut, plain } from "../issues/markdown.ts";

/** GitHub answered, and not with what was asked for. */
export class GitHubError extends Error {
  override readonly name: string = "GitHubError";
  /** Not `status`: plug-ins of the client take whatever has one for an error of their own. */
  readonly httpStatus: number;
  /** `POST /repos/{owner}/{repo}/issues` */
  readonly route: string;
  readonly requestId: string | null;

  constructor(message: string, facts: ErrorFacts) {
    super(`${facts.route}: ${message}`);
    this.httpStatus = facts.httpStatus;
    this.route = facts.route;
    this.requestId = facts.requestId;
  }
}

export interface ErrorFacts {
  readonly httpStatus: number;
  readonly route: string;
  readonly requestId: string | null;
}

/** Nothing more is to be asked before that time is over; nothing was done. */
export class RateLimitedError extends GitHubError {
  override readonly name = "RateLimitedError";
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number, facts: ErrorFacts) {
    super(`rate limit, to be asked again in ${Math.ceil(retryAfterMs / 1000)} s`, facts);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The App's registration, or the installation, lacks a permission. */
export class MissingPermissionError extends GitHubError {
  override readonly name = "MissingPermissionError";
  /** As GitHub names them: `issues=write`; empty where it did not say. */
  readonly permissions: string;

  constructor(permissions: string, facts: ErrorFacts) {
    super(`the App lacks a permission${permissions === "" ? "" : `: ${permissions}`}`, facts);
    this.permissions = permissions;
  }
}

/** The App may not act for the account any more, or for now. */
export class InstallationUnavailableError extends GitHubError {
  override readonly name = "InstallationUnavailableError";
  readonly why: "uninstalled" | "suspended";

  constructor(why: "uninstalled" | "suspended", facts: ErrorFacts) {
    super(why === "uninstalled" ? "the App is not installed any more" : "the installation is suspended", facts);
    this.why = why;
  }
}

/** No answer at all, or one of a proxy: whether the request was carried out is not known. */
export class GitHubUnreachableError extends GitHubError {
  override readonly name = "GitHubUnreachableError";
}

/** Waits are bounded: a wrong clock on either side must not stop the work for a day. */
const LONGEST_WAIT_MS = 65 * 60_000;
const SHORTEST_WAIT_MS = 1000;
/** What GitHub asks for where it names no time. */
const DEFAULT_WAIT_MS = 60_000;
const MAX_MESSAGE = 300;

type Headers = Readonly<Record<string, string | number | undefined>>;

interface ErrorLike {
  readonly status: number;
  readonly message: string;
  readonly response?: { readonly status: number; readonly headers: Headers; readonly data: unknown };
}

function isErrorLike(error: unknown): error is ErrorLike {
  return error instanceof Error && "status" in error && typeof error.status === "number";
}

/** @param route the template, which names nobody */
export function toGitHubError(error: unknown, route: string, now: number = Date.now()): unknown {
  if (error instanceof GitHubError || !isErrorLike(error)) return error;
  const { response } = error;
  if (response === undefined) {
    return new GitHubUnreachableError(`no answer: ${plain(error.message, MAX_MESSAGE)}`, {
      httpStatus: 0,
      route,
      requestId: null,
    });
  }
  const { headers } = response;
  const facts: ErrorFacts = { httpStatus: response.status, route, requestId: header(headers, "x-github-request-id") };
  const message = messageIn(response.data);
  const wait = waitOf(response.status, headers, message ?? "", now);
  if (wait !== null) return new RateLimitedError(wait, facts);
  // A proxy's page says nothing of whether something is gone or forbidden.
  if (message === null) return new GitHubUnreachableError(`${response.status}, and no answer of GitHub's`, facts);
  if (route.endsWith("/access_tokens")) {
    if (response.status === 404) return new InstallationUnavailableError("uninstalled", facts);
    if (response.status === 403 && /suspended/i.test(message))
      return new InstallationUnavailableError("suspended", facts);
  }
  if (response.status === 403 && /installation has been suspended/i.test(message)) {
    return new InstallationUnavailableError("suspended", facts);
  }
  if (response.status === 403 && /not accessible by integration/i.test(message)) {
    return new MissingPermissionError(permissionsIn(headers), facts);
  }
  if (response.status === 422 && /permissions requested are not granted/i.test(message)) {
    return new MissingPermissionError(permissionsIn(headers), facts);
  }
  return new GitHubError(`${response.status} ${plain(message, MAX_MESSAGE)}`, facts);
}

function messageIn(data: unknown): string | null {
  if (typeof data === "object" && data !== null && "message" in data && typeof data.message === "string") {
    const errors = "errors" in data && Array.isArray(data.errors) ? (data.errors as unknown[]) : [];
    return [data.message, ...errors.slice(0, 5).map(describeFieldError)].join(" ");
  }
  return null;
}

/** What is no JSON object or list comes from somebody else, or was cut on its way. */
export function requireAnswer(response: { readonly status: number; readonly data: unknown }, route: string): void {
  // Of what is only asked for, "accepted" can be all that is said.
  const isAccepted = response.status === 202 && route.endsWith("/attempts") && response.data === "";
  const isEmpty = response.status === 204 || response.status === 205 || isAccepted;
  if (isEmpty || (typeof response.data === "object" && response.data !== null)) return;
  throw new GitHubUnreachableError(`${response.status}, and no answer of GitHub's`, {
    httpStatus: response.status,
    route,
    requestId: null,
  });
}

/** Resource, field and code, never the value. */
function describeFieldError(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  const { resource, field, code } = error as Readonly<Record<string, unknown>>;
  return [resource, field, code].filter((part) => typeof part === "string").join(" ");
}

function waitOf(status: number, headers: Headers, message: string, now: number): number | null {
  const isNamed = /\brate limit|abuse detection/i.test(message);
  const isUsedUp = header(headers, "x-ratelimit-remaining") === "0";
  const retryAfter = header(headers, "retry-after");
  const isLimit = status === 429 || (status === 403 && (isNamed || isUsedUp || retryAfter !== null));
  if (!isLimit) return null;
  // The server's clock counts, not ours.
  const serverTime = Date.parse(header(headers, "date") ?? "");
  const today = Number.isNaN(serverTime) ? now : serverTime;
  return Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, named(retryAfter, isUsedUp, headers, today)));
}

function named(retryAfter: string | null, isUsedUp: boolean, headers: Headers, today: number): number {
  if (retryAfter !== null) {
    const seconds = Number(retryAfter);
    if (Number.isFinite(seconds)) return seconds * 1000;
    const date = Date.parse(retryAfter);
    if (!Number.isNaN(date)) return date - today;
  }
  const reset = Number(header(headers, "x-ratelimit-reset"));
  // One second more, because the reset itself is cut to seconds.
  return isUsedUp && reset > 0 ? reset * 1000 - today + 1000 : DEFAULT_WAIT_MS;
}

/** `issues=write; pull_requests=write` names two ways, `contents=read,issues=write` one that needs both. */
function permissionsIn(headers: Headers): string {
  const text = header(headers, "x-accepted-github-permissions") ?? "";
  return /^[a-z_=,; ]*$/.test(text) ? cut(text.trim(), 200) : "";
}

function header(headers: Headers, name: string): string | null {
  const value = headers[name];
  return value === undefined || value === "" ? null : String(value);
}
