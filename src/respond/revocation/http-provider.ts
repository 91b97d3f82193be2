/** The published contract, `docs/revocation-api.openapi.yaml`: one signed, idempotent POST, and polling the same way. */
import { randomUUID } from "node:crypto";
import type { Plane } from "../../core/token.ts";
import { HttpClient, type HttpResult } from "../../verify/http-client.ts";
import type { RevocationEntry, RevocationProvider, RevocationResult, RevocationStatus } from "./provider.ts";
import { signBody, SIGNATURE_HEADER } from "./signature.ts";

export interface HttpProviderOptions {
  /** From `requireSecureUrl`. */
  readonly url: URL;
  /** One, or two while one takes the other's place. */
  readonly secrets: readonly string[];
  readonly userAgent: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

const MAX_ENTRIES = 100;
const MAX_ANSWER_BYTES = 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 60_000;
const MAX_MESSAGE_LENGTH = 200;
const STATUSES: ReadonlySet<string> = new Set(["revoked", "already", "not_owned", "pending", "failed"]);

export class HttpProvider implements RevocationProvider {
  readonly name: string;
  readonly isManual = false;
  readonly #options: HttpProviderOptions;
  readonly #client: HttpClient;
  readonly #end = new AbortController();
  /** Of each call that has something pending: what to ask about, and where. */
  readonly #pending = new Map<string, PendingCall>();
  /** Fingerprints that are in no request, because the token could be found from them; the API tells how it ends. */
  readonly #unnamed = new Set<string>();

  constructor(options: HttpProviderOptions) {
    this.#options = options;
    this.name = options.url.origin;
    const limits = { totalMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES };
    const signals = [this.#end.signal, ...(options.signal === undefined ? [] : [options.signal])];
    this.#client = new HttpClient(options.url.href, limits, 1, AbortSignal.any(signals));
  }

  async revoke(entries: readonly RevocationEntry[], key?: string): Promise<Map<string, RevocationResult>> {
    const results = new Map<string, RevocationResult>();
    for (let first = 0; first < entries.length; first += MAX_ENTRIES) {
      const batch = entries.slice(first, first + MAX_ENTRIES);
      // A key stands for one body; of what does not fit into one request the rest is a request of its own.
      const idempotencyKey = first === 0 && key !== undefined ? key : randomUUID();
      const body = JSON.stringify({
        method: "revoke",
        idempotency_key: idempotencyKey,
        entries: batch.map(({ token, url, source }) => ({
          token: token.reveal(),
          type: TYPES[token.plane ?? "control"],
          url,
          source,
        })),
      });
      const wanted = batch.map(({ token }) => token.fingerprint);
      for (const { token } of batch) if (token.isGuessable) this.#unnamed.add(token.fingerprint);
      const answer = await this.#call(this.#options.url.href, idempotencyKey, body, wanted);
      for (const [fingerprint, result] of answer) results.set(fingerprint, result);
    }
    return results;
  }

  async poll(fingerprints: readonly string[]): Promise<Map<string, RevocationResult>> {
    const results = new Map<string, RevocationResult>();
    for (const [idempotencyKey, { url, fingerprints: pending, notBefore }] of this.#pending) {
      const wanted = pending.filter(
        (fingerprint) => fingerprints.includes(fingerprint) && !this.#unnamed.has(fingerprint),
      );
      if (wanted.length === 0 || Date.now() < notBefore) continue;
      const body = JSON.stringify({ method: "status", idempotency_key: idempotencyKey, fingerprints: wanted });
      const answer = await this.#call(url, idempotencyKey, body, wanted, "pending");
      for (const [fingerprint, result] of answer) results.set(fingerprint, result);
    }
    return results;
  }

  /** Ends a call that is under way: its promise is rejected. */
  async close(): Promise<void> {
    this.#end.abort(new Error("the provider is closed"));
    await this.#client.close();
  }

  async #call(
    url: string,
    idempotencyKey: string,
    body: string,
    wanted: readonly string[],
    /** What is known to hold where there is no answer. */
    otherwise: "failed" | "pending" = "failed",
  ): Promise<Map<string, RevocationResult>> {
    const result = await this.#client.send({
      method: "POST",
      url,
      // Signed when it is sent: an attempt can come minutes after the first, and a signature holds for 300 s.
      headers: () => ({
        "content-type": "application/json",
        accept: "application/json",
        "user-agent": this.#options.userAgent,
        [SIGNATURE_HEADER]: signBody(body, this.#options.secrets, Math.floor(Date.now() / 1000)),
      }),
      body,
    });
    const answer = readOutcome(result, idempotencyKey);
    if (typeof answer === "string") {
      // A question that could not be asked changes nothing of what the provider is about to do.
      const isOpen = isPassing(result);
      const status = isOpen ? otherwise : "failed";
      const isUnanswered = isOpen || (result.kind !== "failure" && result.status === 200);
      const pending = this.#pending.get(idempotencyKey);
      if (pending !== undefined) {
        this.#pending.set(idempotencyKey, { ...pending, notBefore: Date.now() + AFTER_FAILURE_MS });
      }
      const outcome = { status, message: answer, ...(isUnanswered ? { isUnanswered } : {}) };
      return new Map(wanted.map((fingerprint) => [fingerprint, outcome]));
    }
    const results = new Map(wanted.map((fingerprint) => [fingerprint, answer.results.get(fingerprint) ?? NO_RESULT]));
    this.#remember(idempotencyKey, results, answer);
    return results;
  }

  #remember(idempotencyKey: string, results: ReadonlyMap<string, RevocationResult>, answer: Outcome): void {
    const pending = [...results].filter(([, { status }]) => status === "pending").map(([fingerprint]) => fingerprint);
    this.#pending.delete(idempotencyKey);
    if (pending.length === 0) return;
    const url = answer.pollUrl ?? this.#options.url.href;
    // A token, or what is known of one, goes to the operator's provider only.
    const isSameOrigin = URL.canParse(url) && new URL(url).origin === this.#options.url.origin;
    this.#pending.set(idempotencyKey, {
      url: isSameOrigin ? url : this.#options.url.href,
      fingerprints: pending,
      notBefore: Date.now() + answer.retryAfterMs,
    });
  }
}

interface PendingCall {
  readonly url: string;
  readonly fingerprints: readonly string[];
  readonly notBefore: number;
}

const TYPES: Readonly<Record<Plane, string>> = {
  control: "inferencekey_control_token",
  data: "inferencekey_data_token",
};

const NO_RESULT: RevocationResult = { status: "failed", message: "the provider's answer does not mention it" };

function isPassing(result: HttpResult): boolean {
  return result.kind === "failure" || result.status === 429 || result.status >= 500;
}

interface Outcome {
  readonly results: ReadonlyMap<string, RevocationResult>;
  readonly pollUrl: string | null;
  readonly retryAfterMs: number;
}

const MIN_POLL_MS = 500;
const MAX_POLL_MS = 60_000;
const AFTER_FAILURE_MS = 5000;

/** @returns a sentence where the answer is none */
function readOutcome(result: HttpResult, idempotencyKey: string): Outcome | string {
  if (result.kind === "failure") return `the provider ${result.why}`;
  const value = parseJson(result.body);
  if (result.location !== null) return `the provider redirects to ${result.location}, which is not followed`;
  if (result.status !== 200) {
    const code = isRecord(value) && isRecord(value["error"]) ? value["error"]["code"] : undefined;
    const named = typeof code === "string" && /^[a-z_]{1,64}$/.test(code) ? ` ${code}` : "";
    return `the provider answered ${result.status}${named}`;
  }
  if (!isRecord(value) || !Array.isArray(value["results"]) || value["idempotency_key"] !== idempotencyKey) {
    return "the provider answered 200 with something that is not the contract's";
  }
  const results = new Map<string, RevocationResult>();
  for (const item of value["results"] as unknown[]) {
    if (!isRecord(item)) continue;
    const { fingerprint, status, message } = item;
    if (typeof fingerprint !== "string" || typeof status !== "string" || !STATUSES.has(status)) continue;
    const text = typeof message === "string" ? withoutSecrets(message).slice(0, MAX_MESSAGE_LENGTH) : null;
    results.set(fingerprint, { status: status as RevocationStatus, message: text });
  }
  const { poll_url: pollUrl, retry_after_seconds: seconds } = value;
  const wait = typeof seconds === "number" && seconds >= 0 ? seconds * 1000 : 0;
  return {
    results,
    pollUrl: typeof pollUrl === "string" ? pollUrl : null,
    retryAfterMs: Math.min(MAX_POLL_MS, Math.max(MIN_POLL_MS, wait)),
  };
}

/**
 * A provider can repeat a token against the contract, whole, in part or encoded, and a cut through one leaves a piece
 * that nothing recognises: so a long run with digits in it is taken out, whatever it is.
 */
function withoutSecrets(message: string): string {
  return message.replace(/[\w+/=%-]{16,}/g, (run) => (/\d/.test(run) ? "…" : run));
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
