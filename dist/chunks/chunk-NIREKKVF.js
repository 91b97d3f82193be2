import {
  HttpClient
} from "./chunk-EKP7VN57.js";

// src/respond/revocation/http-provider.ts
import { randomUUID } from "node:crypto";

// src/respond/revocation/signature.ts
import { createHmac } from "node:crypto";
var SIGNATURE_HEADER = "x-inferencekey-signature";
function signBody(body, secrets, unixSeconds) {
  const signatures = secrets.map(
    (secret) => createHmac("sha256", secret).update(`${unixSeconds}.${body}`).digest("hex")
  );
  return [`t=${unixSeconds}`, ...signatures.map((signature) => `v1=${signature}`)].join(",");
}

// src/respond/revocation/http-provider.ts
var MAX_ENTRIES = 100;
var MAX_ANSWER_BYTES = 1024 * 1024;
var DEFAULT_TIMEOUT_MS = 6e4;
var MAX_MESSAGE_LENGTH = 200;
var STATUSES = /* @__PURE__ */ new Set(["revoked", "already", "not_owned", "pending", "failed"]);
var HttpProvider = class {
  name;
  isManual = false;
  #options;
  #client;
  #end = new AbortController();
  /** Of each call that has something pending: what to ask about, and where. */
  #pending = /* @__PURE__ */ new Map();
  /** Fingerprints that are in no request, because the token could be found from them; the API tells how it ends. */
  #unnamed = /* @__PURE__ */ new Set();
  constructor(options) {
    this.#options = options;
    this.name = options.url.origin;
    const limits = { totalMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES };
    const signals = [this.#end.signal, ...options.signal === void 0 ? [] : [options.signal]];
    this.#client = new HttpClient(options.url.href, limits, 1, AbortSignal.any(signals));
  }
  async revoke(entries, key) {
    const results = /* @__PURE__ */ new Map();
    for (let first = 0; first < entries.length; first += MAX_ENTRIES) {
      const batch = entries.slice(first, first + MAX_ENTRIES);
      const idempotencyKey = first === 0 && key !== void 0 ? key : randomUUID();
      const body = JSON.stringify({
        method: "revoke",
        idempotency_key: idempotencyKey,
        entries: batch.map(({ token, url, source }) => ({
          token: token.reveal(),
          type: TYPES[token.plane ?? "control"],
          url,
          source
        }))
      });
      const wanted = batch.map(({ token }) => token.fingerprint);
      for (const { token } of batch) if (token.isGuessable) this.#unnamed.add(token.fingerprint);
      const answer = await this.#call(this.#options.url.href, idempotencyKey, body, wanted);
      for (const [fingerprint, result] of answer) results.set(fingerprint, result);
    }
    return results;
  }
  async poll(fingerprints) {
    const results = /* @__PURE__ */ new Map();
    for (const [idempotencyKey, { url, fingerprints: pending, notBefore }] of this.#pending) {
      const wanted = pending.filter(
        (fingerprint) => fingerprints.includes(fingerprint) && !this.#unnamed.has(fingerprint)
      );
      if (wanted.length === 0 || Date.now() < notBefore) continue;
      const body = JSON.stringify({ method: "status", idempotency_key: idempotencyKey, fingerprints: wanted });
      const answer = await this.#call(url, idempotencyKey, body, wanted, "pending");
      for (const [fingerprint, result] of answer) results.set(fingerprint, result);
    }
    return results;
  }
  /** Ends a call that is under way: its promise is rejected. */
  async close() {
    this.#end.abort(new Error("the provider is closed"));
    await this.#client.close();
  }
  async #call(url, idempotencyKey, body, wanted, otherwise = "failed") {
    const result = await this.#client.send({
      method: "POST",
      url,
      // Signed when it is sent: an attempt can come minutes after the first, and a signature holds for 300 s.
      headers: () => ({
        "content-type": "application/json",
        accept: "application/json",
        "user-agent": this.#options.userAgent,
        [SIGNATURE_HEADER]: signBody(body, this.#options.secrets, Math.floor(Date.now() / 1e3))
      }),
      body
    });
    const answer = readOutcome(result, idempotencyKey);
    if (typeof answer === "string") {
      const isOpen = isPassing(result);
      const status = isOpen ? otherwise : "failed";
      const isUnanswered = isOpen || result.kind !== "failure" && result.status === 200;
      const pending = this.#pending.get(idempotencyKey);
      if (pending !== void 0) {
        this.#pending.set(idempotencyKey, { ...pending, notBefore: Date.now() + AFTER_FAILURE_MS });
      }
      const outcome = { status, message: answer, ...isUnanswered ? { isUnanswered } : {} };
      return new Map(wanted.map((fingerprint) => [fingerprint, outcome]));
    }
    const results = new Map(wanted.map((fingerprint) => [fingerprint, answer.results.get(fingerprint) ?? NO_RESULT]));
    this.#remember(idempotencyKey, results, answer);
    return results;
  }
  #remember(idempotencyKey, results, answer) {
    const pending = [...results].filter(([, { status }]) => status === "pending").map(([fingerprint]) => fingerprint);
    this.#pending.delete(idempotencyKey);
    if (pending.length === 0) return;
    const url = answer.pollUrl ?? this.#options.url.href;
    const isSameOrigin = URL.canParse(url) && new URL(url).origin === this.#options.url.origin;
    this.#pending.set(idempotencyKey, {
      url: isSameOrigin ? url : this.#options.url.href,
      fingerprints: pending,
      notBefore: Date.now() + answer.retryAfterMs
    });
  }
};
var TYPES = {
  control: "inferencekey_control_token",
  data: "inferencekey_data_token"
};
var NO_RESULT = { status: "failed", message: "the provider's answer does not mention it" };
function isPassing(result) {
  return result.kind === "failure" || result.status === 429 || result.status >= 500;
}
var MIN_POLL_MS = 500;
var MAX_POLL_MS = 6e4;
var AFTER_FAILURE_MS = 5e3;
function readOutcome(result, idempotencyKey) {
  if (result.kind === "failure") return `the provider ${result.why}`;
  const value = parseJson(result.body);
  if (result.location !== null) return `the provider redirects to ${result.location}, which is not followed`;
  if (result.status !== 200) {
    const code = isRecord(value) && isRecord(value["error"]) ? value["error"]["code"] : void 0;
    const named = typeof code === "string" && /^[a-z_]{1,64}$/.test(code) ? ` ${code}` : "";
    return `the provider answered ${result.status}${named}`;
  }
  if (!isRecord(value) || !Array.isArray(value["results"]) || value["idempotency_key"] !== idempotencyKey) {
    return "the provider answered 200 with something that is not the contract's";
  }
  const results = /* @__PURE__ */ new Map();
  for (const item of value["results"]) {
    if (!isRecord(item)) continue;
    const { fingerprint, status, message } = item;
    if (typeof fingerprint !== "string" || typeof status !== "string" || !STATUSES.has(status)) continue;
    const text = typeof message === "string" ? withoutSecrets(message).slice(0, MAX_MESSAGE_LENGTH) : null;
    results.set(fingerprint, { status, message: text });
  }
  const { poll_url: pollUrl, retry_after_seconds: seconds } = value;
  const wait = typeof seconds === "number" && seconds >= 0 ? seconds * 1e3 : 0;
  return {
    results,
    pollUrl: typeof pollUrl === "string" ? pollUrl : null,
    retryAfterMs: Math.min(MAX_POLL_MS, Math.max(MIN_POLL_MS, wait))
  };
}
function withoutSecrets(message) {
  return message.replace(/[\w+/=%-]{16,}/g, (run) => /\d/.test(run) ? "…" : run);
}
function parseJson(body) {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return void 0;
  }
}
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export {
  SIGNATURE_HEADER,
  signBody,
  HttpProvider
};
