/** Takes tokens out of service and stops when the API says that they are dead, not when somebody says so. */
import type { ApiHints } from "../../core/api-hints.ts";
import { sleep } from "../../core/sleep.ts";
import type { Token } from "../../core/token.ts";
import type { Verdict } from "../../core/verdict.ts";
import type { VerifiedToken, Verifier } from "../../verify/verifier.ts";
import type { RevocationProvider, RevocationResult } from "./provider.ts";

export type RevocationState =
  /** Live, then dead, on the same API and route. */
  | "contained"
  /** Dead before anything was done. */
  | "already-dead"
  /** Dead now; the API was never seen to accept it. */
  | "dead"
  /** The API accepts it still. */
  | "still-live"
  /** The API does not tell. */
  | "unconfirmed";

export interface RevocationReport {
  readonly token: Token;
  readonly state: RevocationState;
  /** What the provider said last; null where it was not asked. */
  readonly provider: RevocationResult | null;
  readonly before: Verdict;
  readonly verdict: Verdict;
  /** From the request to the provider to the first answer that the token is dead; null where there was none. */
  readonly containedAfterMs: number | null;
}

export interface RevokeOptions {
  readonly verifier: Verifier;
  readonly provider: RevocationProvider;
  /** How long a token is asked about until it is dead. */
  readonly waitMs: number;
  /** Between two questions about one token. */
  readonly pollMs?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: (event: RevocationEvent) => void;
}

export type RevocationEvent =
  | { readonly kind: "requested"; readonly tokens: readonly Token[] }
  | { readonly kind: "answered"; readonly token: Token; readonly result: RevocationResult }
  | { readonly kind: "verified"; readonly token: Token; readonly verdict: Verdict };

export interface TokenToRevoke {
  readonly token: Token;
  readonly hints?: ApiHints;
  /** What verification has said before: with it a later 403 is a difference. */
  readonly before: VerifiedToken;
}

/** A provider that says no, or nothing, may have acted all the same; longer than this it is not waited for. */
const GRACE_MS = 10_000;
const FIRST_POLL_MS = 500;
const DEFAULT_POLL_MS = 5000;

/** @throws the signal's reason, when it is aborted */
export async function revokeTokens(
  targets: readonly TokenToRevoke[],
  options: RevokeOptions,
): Promise<RevocationReport[]> {
  const distinct = [...new Map(targets.map((target) => [target.token.fingerprint, target])).values()];
  const open = distinct.filter(({ before }) => before.verdict.state !== "revoked");
  const startedAt = Date.now();
  const answers = await request(open, options);
  const latest = new Map<string, VerifiedToken>();
  const deadAfter = new Map<string, number>();
  await watch(open, options, answers, latest, (fingerprint) => deadAfter.set(fingerprint, Date.now() - startedAt));
  return distinct.map(({ token, before }): RevocationReport => {
    const after = latest.get(token.fingerprint) ?? before;
    return {
      token,
      state: stateOf(before, after),
      provider: answers.get(token.fingerprint) ?? null,
      before: before.verdict,
      verdict: after.verdict,
      containedAfterMs: deadAfter.get(token.fingerprint) ?? null,
    };
  });
}

async function request(
  open: readonly TokenToRevoke[],
  { provider, onEvent }: RevokeOptions,
): Promise<Map<string, RevocationResult>> {
  if (open.length === 0) return new Map();
  onEvent?.({ kind: "requested", tokens: open.map(({ token }) => token) });
  const answers = await provider.revoke(open.map(({ token }) => ({ token, url: "", source: "unknown" })));
  for (const { token } of open) {
    const result = answers.get(token.fingerprint);
    if (result !== undefined && !provider.isManual) onEvent?.({ kind: "answered", token, result });
  }
  return answers;
}

/** Asks the API, and the provider about what is pending, until all are dead or the time is over. */
async function watch(
  targets: readonly TokenToRevoke[],
  options: RevokeOptions,
  answers: Map<string, RevocationResult>,
  latest: Map<string, VerifiedToken>,
  onDead: (fingerprint: string) => void,
): Promise<void> {
  const { verifier, provider, signal } = options;
  const startedAt = Date.now();
  const deadlineOf = (token: Token): number => {
    const status = answers.get(token.fingerprint)?.status;
    const isHopeless = status === undefined || status === "failed" || status === "not_owned";
    // An answer that says nothing, given to a token that the provider has done with, will not say more later.
    const known = latest.get(token.fingerprint);
    const isMute = status !== "pending" && known?.verdict.state === "unknown" && !known.isFailure;
    return startedAt + (isHopeless || isMute ? Math.min(GRACE_MS, options.waitMs) : options.waitMs);
  };
  const pollMs = options.pollMs ?? DEFAULT_POLL_MS;
  let open = [...targets];
  for (let pause = Math.min(FIRST_POLL_MS, pollMs); open.length > 0; pause = Math.min(pollMs, pause * 2)) {
    const verified = await Promise.all(open.map(async (target) => ({ target, result: await verifier.verify(target) })));
    for (const { target, result } of verified) {
      const { fingerprint } = target.token;
      const known = latest.get(fingerprint);
      // An answer that could not be had does not take the place of one that could.
      if (result.isFailure && known !== undefined && !known.isFailure) continue;
      if ((known ?? target.before).verdict.state !== result.verdict.state) {
        options.onEvent?.({ kind: "verified", token: target.token, verdict: result.verdict });
      }
      latest.set(fingerprint, result);
      if (result.verdict.state === "revoked") onDead(fingerprint);
    }
    open = open.filter(
      ({ token }) =>
        latest.get(token.fingerprint)?.verdict.state !== "revoked" && Date.now() + pause < deadlineOf(token),
    );
    if (open.length === 0) return;
    await sleep(pause, signal);
    const pending = open
      .map(({ token }) => token)
      .filter((token) => answers.get(token.fingerprint)?.status === "pending");
    for (const [fingerprint, result] of await provider.poll(pending.map((token) => token.fingerprint))) {
      answers.set(fingerprint, result);
      const token = pending.find((one) => one.fingerprint === fingerprint);
      if (token !== undefined && result.status !== "pending") options.onEvent?.({ kind: "answered", token, result });
    }
  }
}

function stateOf(before: VerifiedToken, after: VerifiedToken): RevocationState {
  if (before.verdict.state === "revoked") return "already-dead";
  if (after.verdict.state === "live") return "still-live";
  if (after.verdict.state !== "revoked") return "unconfirmed";
  const isSameQuestion =
    before.route !== null && before.route === after.route && before.verdict.api === after.verdict.api;
  return before.verdict.state === "live" && isSameQuestion ? "contained" : "dead";
}
