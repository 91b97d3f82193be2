// The reference server for the vendor's side of docs/revocation-api.openapi.yaml. Faults aside, a real one looks like
// this: read the raw body, check the signature, read the request, act once, answer by fingerprint.
import { createHash } from "node:crypto";
import { jsonAnswer, type Answer, type ApiError } from "../http/answer.ts";
import { answerExchange } from "../http/exchange.ts";
import { FaultQueue, type FaultTarget } from "../http/fault-queue.ts";
import type { Fault } from "../http/faults.ts";
import { readRequestBody } from "../http/request-body.ts";
import { startServer, type ServerOptions } from "../http/server.ts";
import { InvalidRequest, type LeakedToken, type Result } from "./contract.ts";
import { openCall, readIncoming, type Incoming } from "./incoming.ts";
import { RevocationLedger, type Decision } from "./ledger.ts";
import { distort, type Misbehaviour } from "./misbehaviour.ts";
import { closeCall, type LoggedCall, type OpenCall, type RevocationRoute } from "./request-log.ts";

export interface RevocationServerOptions extends ServerOptions {
  /** One, or two while the secret is being changed. */
  readonly secrets: readonly string[];
  /** Takes a token out of service. What it throws is answered as `failed`. */
  readonly revoke: (entry: LeakedToken) => Decision | Promise<Decision>;
  readonly path?: string;
}

export interface RevocationServer {
  /** What the operator configures. */
  readonly url: string;
  readonly port: number;
  /** Every call since the start, or since `clearRequests`, in the order of arrival. */
  readonly requests: readonly LoggedCall[];
  clearRequests(): void;
  /** From now on; what is not named is as the contract has it. */
  misbehave(behaviour: Misbehaviour): void;
  /** Plays a fault on calls to come; returns what takes it away. */
  inject(fault: Fault, target?: FaultTarget<RevocationRoute>): () => void;
  clearFaults(): void;
  /** Takes other secrets, as a rotation does. */
  rotate(secrets: readonly string[]): void;
  close(): Promise<void>;
}

const BODY_LIMIT = 1024 * 1024;
const RETRY_AFTER_SECONDS = 1;
const SHORTEST_SECRET = 16;

export async function startRevocationServer(options: RevocationServerOptions): Promise<RevocationServer> {
  const path = options.path ?? "/revocations";
  const ledger = new RevocationLedger();
  const faults = new FaultQueue<RevocationRoute>();
  const requests: OpenCall[] = [];
  const pendingLeft = new Map<string, number>();
  let secrets = checkSecrets(options.secrets);
  let behaviour: Misbehaviour = {};

  const server = await startServer(async (request, response) => {
    const body = await readRequestBody(request, BODY_LIMIT);
    const incoming = readIncoming(request, body, secrets, nowSeconds(behaviour));
    const call = openCall(incoming, requests.length + 1);
    requests.push(call);
    closeCall(call, response);
    const misfortune = faults.take(call.route, null);
    call.fault = misfortune.fault?.kind ?? null;
    const act = async (): Promise<Answer> => {
      const answer = await serve(incoming);
      const date = new Date(nowSeconds(behaviour) * 1000).toUTCString();
      return { ...answer, headers: { ...answer.headers, date } };
    };
    await answerExchange({ request, response, act, describe: describeError }, misfortune);
  }, options);

  const serve = async ({ request, body, signature, asked }: Incoming): Promise<Answer> => {
    if (!(request.url ?? "").startsWith(path)) return failure(404, "not_found", "there is nothing here");
    if (request.method !== "POST")
      return failure(405, "method_not_allowed", "POST is the only method", { allow: "POST" });
    if (body.isTooLarge) return failure(413, "payload_too_large", `the limit is ${BODY_LIMIT} bytes`);
    if (signature === "stale") return failure(401, "stale_timestamp", "the signature is too old, or a clock is wrong");
    if (signature !== "valid") return failure(401, "invalid_signature", "no signature matches this body");
    if (asked instanceof InvalidRequest) return failure(400, "invalid_request", asked.message);
    if (asked.method === "status") {
      const results = await ledger.status(asked.idempotencyKey, asked.fingerprints);
      if (results === "unknown") return failure(400, "invalid_request", "nothing is known under this key");
      return outcome(asked.idempotencyKey, results, []);
    }
    const digest = createHash("sha256").update(body.bytes).digest("hex");
    const results = await ledger.revoke(asked.idempotencyKey, digest, asked.entries, decide);
    if (results === "conflict") return failure(409, "idempotency_conflict", "this key was used with another body");
    return outcome(asked.idempotencyKey, results, asked.entries);
  };

  const decide = async (entry: LeakedToken): Promise<Decision> => {
    if (behaviour.pretend !== undefined) return { status: behaviour.pretend };
    const left = pendingLeft.get(entry.fingerprint) ?? behaviour.pendingAnswers ?? 0;
    pendingLeft.set(entry.fingerprint, Math.max(0, left - 1));
    if (left > 0) return { status: "pending" };
    try {
      return await options.revoke(entry);
    } catch {
      // The error may name the token; what the client gets does not.
      return { status: "failed", message: "the token could not be revoked" };
    }
  };

  const url = `${server.origin}${path}`;
  const outcome = (key: string, results: readonly Result[], entries: readonly LeakedToken[]): Answer => {
    const isPending = results.some(({ status }) => status === "pending");
    const polling = { retry_after_seconds: RETRY_AFTER_SECONDS, poll_url: behaviour.pollUrl ?? url };
    return jsonAnswer(200, {
      idempotency_key: key,
      results: distort(results, behaviour, entries),
      ...(isPending ? polling : {}),
    });
  };

  return {
    url,
    port: server.port,
    requests,
    clearRequests: () => {
      requests.length = 0;
    },
    misbehave: (next) => {
      behaviour = next;
    },
    inject: (fault, target) => faults.inject(fault, target),
    clearFaults: () => faults.clear(),
    rotate: (next) => {
      secrets = checkSecrets(next);
    },
    close: () => server.close(),
  };
}

function checkSecrets(secrets: readonly string[]): readonly string[] {
  if (secrets.length === 0 || secrets.length > 2) throw new Error("there is one secret, or two during a rotation");
  if (secrets.some((secret) => secret.length < SHORTEST_SECRET)) {
    throw new Error(`a secret has ${SHORTEST_SECRET} characters or more`);
  }
  return secrets;
}

function nowSeconds({ clockSkewSeconds = 0 }: Misbehaviour): number {
  return Math.floor(Date.now() / 1000) + clockSkewSeconds;
}

function failure(status: number, code: string, message: string, headers: Record<string, string> = {}): Answer {
  return jsonAnswer(status, { error: { code, message } }, headers);
}

function describeError({ status, code, message, headers }: ApiError): Answer {
  return failure(status, code ?? "error", message, { ...headers });
}
