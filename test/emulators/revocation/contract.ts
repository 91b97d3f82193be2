// The bodies of docs/revocation-api.openapi.yaml, and reading those that come in.
import { fingerprintOf } from "../../support/token.ts";
import { isRecord } from "../http/request-body.ts";

export const TOKEN_TYPES = ["inferencekey_control_token", "inferencekey_data_token"] as const;

export type TokenType = (typeof TOKEN_TYPES)[number];
export type ResultStatus = "revoked" | "already" | "not_owned" | "pending" | "failed";

export interface LeakedToken {
  /** The raw token. */
  readonly token: string;
  readonly fingerprint: string;
  readonly type: TokenType;
  readonly url: string;
  readonly source: string;
}

export interface RevokeRequest {
  readonly method: "revoke";
  readonly idempotencyKey: string;
  readonly entries: readonly LeakedToken[];
}

export interface StatusRequest {
  readonly method: "status";
  readonly idempotencyKey: string;
  readonly fingerprints: readonly string[];
}

export interface Result {
  readonly fingerprint: string;
  readonly status: ResultStatus;
  readonly message?: string;
}

/** What makes a body unreadable. Its message never repeats what was sent: that may be a token. */
export class InvalidRequest extends Error {}

const LIMIT = 100;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const FINGERPRINT = /^sha256:[0-9a-f]{64}$/;

/** @throws {InvalidRequest} where the body is not as the contract has it. */
export function readRevocationRequest(body: unknown): RevokeRequest | StatusRequest {
  if (!isRecord(body)) throw new InvalidRequest("the body is no JSON object");
  const idempotencyKey = body["idempotency_key"];
  if (typeof idempotencyKey !== "string" || !UUID.test(idempotencyKey)) {
    throw new InvalidRequest("idempotency_key is no UUID");
  }
  switch (body["method"]) {
    case "revoke": {
      const entries = readList(body["entries"], "entries").map((entry, index) => readEntry(entry, index));
      return { method: "revoke", idempotencyKey, entries };
    }
    case "status": {
      const fingerprints = readList(body["fingerprints"], "fingerprints");
      return { method: "status", idempotencyKey, fingerprints: fingerprints.map((one) => readFingerprint(one)) };
    }
    default:
      throw new InvalidRequest("method is neither revoke nor status");
  }
}

function readList(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0 && value.length <= LIMIT) return value;
  throw new InvalidRequest(`${name} is no list of 1 to ${LIMIT}`);
}

function readEntry(entry: unknown, index: number): LeakedToken {
  if (!isRecord(entry)) throw new InvalidRequest(`entries[${index}] is no object`);
  const token = readText(entry["token"], 1, 1024, `entries[${index}].token`);
  const type = TOKEN_TYPES.find((known) => known === entry["type"]);
  if (type === undefined) throw new InvalidRequest(`entries[${index}].type is none of ${TOKEN_TYPES.join(", ")}`);
  const url = readText(entry["url"], 0, 4096, `entries[${index}].url`);
  const source = readText(entry["source"], 1, 64, `entries[${index}].source`);
  return { token, fingerprint: fingerprintOf(token), type, url, source };
}

function readText(value: unknown, shortest: number, longest: number, name: string): string {
  if (typeof value === "string" && value.length >= shortest && value.length <= longest) return value;
  throw new InvalidRequest(`${name} is no text of ${shortest} to ${longest} characters`);
}

function readFingerprint(value: unknown): string {
  if (typeof value === "string" && FINGERPRINT.test(value)) return value;
  throw new InvalidRequest("a fingerprint is sha256: and 64 hex digits");
}
