// What the server saw, without a raw token.
import type { ServerResponse } from "node:http";
import type { Fault } from "../http/faults.ts";
import type { SignatureVerdict } from "./signature.ts";

/** What a body asks for; `unreadable` where it is not as the contract has it. */
export type RevocationRoute = "revoke" | "status" | "unreadable";

export interface LoggedCall {
  /** From 1, in the order of arrival. */
  readonly number: number;
  /** Of HTTP; the contract has `POST` alone. */
  readonly method: string;
  readonly path: string;
  readonly signature: SignatureVerdict;
  readonly route: RevocationRoute;
  readonly idempotencyKey: string | null;
  /** What it asks about, in its order. */
  readonly fingerprints: readonly string[];
  readonly bodyBytes: number;
  readonly receivedAt: Date;
  /** Null while the call is not over. */
  readonly durationMilliseconds: number | null;
  /** Null where no headers were sent. */
  readonly status: number | null;
  readonly fault: Fault["kind"] | null;
}

export type OpenCall = { -readonly [Field in keyof LoggedCall]: LoggedCall[Field] };

/** Completes the line when the exchange is over, however it ends. */
export function closeCall(call: OpenCall, response: ServerResponse): void {
  const start = performance.now();
  response.once("close", () => {
    call.durationMilliseconds = performance.now() - start;
    call.status = response.headersSent ? response.statusCode : null;
  });
}
