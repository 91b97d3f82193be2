/**
 * Asks one server, within limits of time and size: no redirect is followed, TLS is always checked, and nothing of
 * what was sent or received gets into a message.
 */
import { Agent, type Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import { KeyrecallError, systemCodeOf } from "../core/errors.ts";
import { sleep } from "../core/sleep.ts";
import { isLoopback } from "./api-url.ts";

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

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 5000;
const MAX_ATTEMPTS = 6;
/** Nothing that is asked here is worth a longer wait. */
const MAX_ATTEMPT_MS = 10_000;
/** A wrong date must not keep a long run from ever asking again. */
const MAX_WAIT_MS = 60 * 60_000;

export class HttpClient {
  readonly #dispatcher: Dispatcher;
  readonly #limits: HttpLimits;
  readonly #signal: AbortSignal | undefined;
  /** The server asked everybody to wait until then. */
  #pausedUntil = 0;
  #troubledAt = 0;

  /**
   * @param baseUrl whose host is asked
   * @throws {KeyrecallError} `usage` for a proxy that cannot be used
   */
  constructor(baseUrl: string, limits: HttpLimits, connections: number, signal?: AbortSignal) {
    this.#limits = limits;
    this.#signal = signal;
    this.#dispatcher = makeDispatcher(new URL(baseUrl), connections);
  }

  /** When the server last failed (`Date.now()`): what it said before may not hold any more. */
  get troubledAt(): number {
    return this.#troubledAt;
  }

  /** Asks again after 429, 5xx and what looks like a passing failure, until the time is over. */
  async send(request: HttpRequest): Promise<HttpResult> {
    const deadline = Date.now() + this.#limits.totalMs;
    let last: HttpResult | null = null;
    for (let attempt = 0; attempt < (this.#limits.maxAttempts ?? MAX_ATTEMPTS); attempt++) {
      const askedFor = this.#pausedUntil - Date.now();
      const pause = Math.max(askedFor, attempt === 0 ? 0 : jitter(attempt));
      if (Date.now() + pause >= deadline) return withWait(last, askedFor);
      await sleep(pause, this.#signal);
      const result = await this.#attempt(request, Math.min(MAX_ATTEMPT_MS, deadline - Date.now()));
      // Cut off by the end of all time, it says less than the attempt before, which came to an end of its own.
      if (result.kind === "failure" && result.hasTimedOut && last !== null && Date.now() >= deadline) return last;
      if (!isPassing(result)) return result;
      if (result.kind === "failure" || result.status !== 429) this.#troubledAt = Date.now();
      if (result.kind === "answer" && result.retryAfterMs !== null) {
        this.#pausedUntil = Math.max(this.#pausedUntil, Date.now() + result.retryAfterMs);
      }
      last = result;
    }
    return last ?? NEVER_ASKED;
  }

  async #attempt(request: HttpRequest, timeoutMs: number): Promise<HttpResult> {
    const timeout = AbortSignal.timeout(Math.max(1, timeoutMs));
    const signal = this.#signal === undefined ? timeout : AbortSignal.any([timeout, this.#signal]);
    const url = new URL(request.url);
    try {
      const response = await this.#dispatcher.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: { ...request.headers(), "accept-encoding": "identity" },
        body: request.body ?? null,
        signal,
      });
      const body = await readBody(response.body, this.#limits.maxBytes);
      if (body === null) return { kind: "failure", why: `answered with more than ${this.#limits.maxBytes} bytes` };
      return {
        kind: "answer",
        status: response.statusCode,
        contentType: header(response.headers["content-type"]),
        contentEncoding: header(response.headers["content-encoding"]),
        location: hostOf(header(response.headers["location"]), url),
        retryAfterMs: waitAskedFor(response.headers),
        body,
      };
    } catch (error) {
      this.#signal?.throwIfAborted();
      if (timeout.aborted)
        return { kind: "failure", hasTimedOut: true, why: `did not answer within ${Math.ceil(timeoutMs / 1000)} s` };
      return { kind: "failure", why: reasonOf(error) };
    }
  }

  async close(): Promise<void> {
    // What is still open is an answer that nobody waits for.
    await this.#dispatcher.destroy();
  }
}

function makeDispatcher(url: URL, connections: number): Dispatcher {
  // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise hold.
  const tls = { rejectUnauthorized: true };
  const options = { connections, connect: tls, keepAliveTimeout: 4000 };
  // A proxy would read what goes to this machine in plain text.
  if (isLoopback(url.hostname)) return new Agent(options);
  try {
    const proxy = proxyOfEnvironment();
    return new EnvHttpProxyAgent({
      ...options,
      requestTls: tls,
      proxyTls: tls,
      clientFactory: proxyClient,
      // Blank is none: what it would read of the environment by itself is not looked through.
      httpProxy: "",
      httpsProxy: proxy ?? "",
    });
  } catch (error) {
    throw new KeyrecallError("usage", "the proxy that HTTPS_PROXY or ALL_PROXY names cannot be used", {
      hint: "give an http:// or https:// address, or unset the variable",
      cause: error,
    });
  }
}

const PROXY_VARIABLES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy", "HTTP_PROXY"];

/** @throws for what is no address of an HTTP proxy */
function proxyOfEnvironment(): string | null {
  const named = PROXY_VARIABLES.map((name) => process.env[name]?.trim() ?? "").find((value) => value !== "");
  if (named === undefined) return null;
  const url = new URL(named.includes("://") ? named : `http://${named}`);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new Error("speaks another protocol");
  return url.href;
}

/** That there is no tunnel is an error of its own: one of the socket would have undici try again without end. */
class NoTunnelError extends Error {
  readonly code = "NO_TUNNEL";
}

function proxyClient(origin: URL, options: object): Dispatcher {
  const pool = new Pool(origin, options);
  const connect = pool.connect.bind(pool);
  return Object.assign(pool, {
    connect: async (connectOptions: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> => {
      try {
        return await connect({ ...connectOptions, signal: AbortSignal.timeout(MAX_ATTEMPT_MS) });
      } catch (error) {
        throw new NoTunnelError("the proxy made no tunnel", { cause: error });
      }
    },
  });
}

async function readBody(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    // Leaving the loop ends the connection: an answer can be endless.
    if (length > maxBytes) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function header(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function hostOf(location: string | null, base: URL): string | null {
  if (location === null) return null;
  const host = URL.canParse(location, base.href) ? new URL(location, base).host : "";
  // A host can be made of what was sent.
  return /^[\w.:[\]-]{1,255}$/.test(host) && !/[0-9a-f]{12}/i.test(host) ? host : "an unreadable address";
}

/** `Retry-After` is a number of seconds or a date; a date is read by the server's own clock. */
function waitAskedFor(headers: Record<string, string | string[] | undefined>): number | null {
  const text = header(headers["retry-after"]);
  if (text === null) return null;
  if (/^\s*\d+\s*$/.test(text)) return Math.min(Number(text) * 1000, MAX_WAIT_MS);
  const date = Date.parse(text);
  if (Number.isNaN(date)) return null;
  const serverNow = Date.parse(header(headers["date"]) ?? "");
  return Math.min(Math.max(0, date - (Number.isNaN(serverNow) ? Date.now() : serverNow)), MAX_WAIT_MS);
}

function isPassing(result: HttpResult): boolean {
  if (result.kind === "answer") return result.status === 429 || result.status >= 500;
  return !LASTING_REASONS.has(result.why) && !result.why.startsWith("answered with more than");
}

const NEVER_ASKED: HttpFailure = { kind: "failure", why: "was not asked: the time for it was over" };

/**
 * @param last what was answered before; null where the wait was asked for in an answer to another request
 * @param askedForMs what the server wants to have waited; 0 or less where it asked for nothing
 */
function withWait(last: HttpResult | null, askedForMs: number): HttpResult {
  if (askedForMs <= 0 || last?.kind === "failure") return last ?? NEVER_ASKED;
  const answered = last === null ? "" : `answered ${last.status} and `;
  return {
    kind: "failure",
    why: `${answered}asks to wait ${Math.ceil(askedForMs / 1000)} s, longer than there is time; ask again later`,
  };
}

/** Exponential with full jitter, so that many that failed together do not come back together. */
function jitter(attempt: number): number {
  return Math.random() * Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
}

const NOT_FOUND = "could not be found (DNS); check the address and the network";
const EXPIRED = "has a TLS certificate that is not valid now; check the clock of this machine, then the server";
const WRONG_NAME = "has a TLS certificate for another host";
const UNTRUSTED =
  "has a TLS certificate that this machine does not trust; a proxy's can be added with NODE_EXTRA_CA_CERTS";

/** Asking again would give the same. */
const LASTING_REASONS: ReadonlySet<string> = new Set([NOT_FOUND, EXPIRED, WRONG_NAME, UNTRUSTED]);

/** A library's message can quote what was sent, so only the code of an error is used. */
function reasonOf(error: unknown): string {
  const code = systemCodeOf(error) ?? systemCodeOf((error as { cause?: unknown } | null)?.cause) ?? "";
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return NOT_FOUND;
    case "ECONNREFUSED":
      return "refused the connection; check the address, and whether a proxy is needed";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return "cannot be reached from this network";
    case "NO_TUNNEL":
    // The proxy answered, and refused; our own ending is not told here.
    case "UND_ERR_ABORTED":
      return "cannot be reached through the proxy of this environment (HTTPS_PROXY)";
    case "ECONNRESET":
    case "EPIPE":
    case "UND_ERR_SOCKET":
      return "dropped the connection";
    case "CERT_HAS_EXPIRED":
    case "CERT_NOT_YET_VALID":
      return EXPIRED;
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return WRONG_NAME;
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
      return UNTRUSTED;
    case "UND_ERR_CONNECT_TIMEOUT":
    case "UND_ERR_HEADERS_TIMEOUT":
    case "UND_ERR_BODY_TIMEOUT":
    case "ETIMEDOUT":
      return "did not answer in time";
    default:
      return code === "" ? "did not answer as a web server does" : `could not be asked (${code})`;
  }
}
