// The ways in which a server can keep to the form of the contract and still be wrong.
import { randomBytes } from "node:crypto";
import type { LeakedToken, Result, ResultStatus } from "./contract.ts";

export interface Misbehaviour {
  /** Answers this without doing anything; `revoked` is the liar. */
  readonly pretend?: ResultStatus;
  /** So many answers about a token say `pending` before it is revoked; `Infinity` for ever. */
  readonly pendingAnswers?: number;
  /** Leaves out so many results at the end. */
  readonly missingResults?: number;
  /** Fingerprints that nobody asked about. */
  readonly wrongFingerprints?: boolean;
  /** The results in another order. */
  readonly reversed?: boolean;
  /** Repeats raw tokens in the messages, which the contract forbids. */
  readonly echoTokens?: boolean;
  /** Instead of the server's own address; on another origin the client has to refuse it. */
  readonly pollUrl?: string;
  /** How far the server's clock is ahead. */
  readonly clockSkewSeconds?: number;
}

export function distort(
  results: readonly Result[],
  behaviour: Misbehaviour,
  entries: readonly LeakedToken[],
): Result[] {
  const kept = results.slice(0, results.length - (behaviour.missingResults ?? 0)).map((result) => {
    const entry = entries.find(({ fingerprint }) => fingerprint === result.fingerprint);
    const echo = behaviour.echoTokens === true && entry !== undefined ? { message: `done: ${entry.token}` } : {};
    const other =
      behaviour.wrongFingerprints === true ? { fingerprint: `sha256:${randomBytes(32).toString("hex")}` } : {};
    return { ...result, ...echo, ...other };
  });
  return behaviour.reversed === true ? kept.toReversed() : kept;
}
