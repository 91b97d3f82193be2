/** Takes tokens out of service and stops when the API says that they are dead, not when somebody says so. */
import type { ApiHints } from "../../core/api-hints.ts";
import { sleep } from "../../core/sleep.ts";
import type { Token } from "../../core/token.ts";
import type { Verdict } from "../../core/verdict.ts";
import type { VerifiedToken, Verifier } from "../../verify/verifier.ts";
import type { RevocationEntry, RevocationProvider, RevocationResult } from "./provider.ts";
import { isDead, newWatched, note, reportOf, type Watched } from "./watched.ts";

export type RevocationState =
  /** Live, then dead, on the same API and route. */
  | "contained"
  /** Dead before anything was done. */
  | "already-dead"
  /** Dead now; the API was never seen to accept it. */
  | "dead"
  /** The API accepts it still, if not every time. */
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

export interface RevocationOutcome {
  readonly reports: readonly RevocationReport[];
  /** The signal was aborted: the reports say what was known by then. */
  readonly isInterrupted: boolean;
}

export interface RevokeOptions {
  readonly verifier: Verifier;
  readonly provider: RevocationProvider;
  /** Of a request that may have been made before, in a run that was cut off: then the targets have to be the same. */
  readonly idempotencyKey?: string;
  /** How long a token is asked about, once the provider has answered, until it is dead. */
  readonly waitMs: number;
  /** Between two questions about one token. */
  readonly pollMs?: number;
  /** Between an answer that a token is dead and the question whether that holds. */
  readonly confirmMs?: number;
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
  /** Where it leaked, for the provider. */
  readonly leak?: Pick<RevocationEntry, "url" | "source">;
}

/** A provider that says no, or nothing, may have acted all the same; longer than this it is not waited for. */
const GRACE_MS = 10_000;
const FIRST_POLL_MS = 500;
const DEFAULT_POLL_MS = 5000;
/** Two questions closer together can meet the same node of an API that has several. */
const DEFAULT_CONFIRM_MS = 1000;

/**
 * Asks a second time about those that are dead: one answer of an API with several nodes can be that of the only node
 * that knows.
 *
 * @throws the signal's reason, when it is aborted
 */
export async function confirmDead(
  targets: readonly TokenToRevoke[],
  { verifier, confirmMs = DEFAULT_CONFIRM_MS, signal }: Pick<RevokeOptions, "verifier" | "confirmMs" | "signal">,
): Promise<TokenToRevoke[]> {
  if (!targets.some(({ before }) => before.verdict.state === "revoked")) return [...targets];
  await sleep(confirmMs, signal);
  return Promise.all(
    targets.map(async (target) =>
      target.before.verdict.state === "revoked" ? { ...target, before: await verifier.verify(target) } : target,
    ),
  );
}

/** What is dead before is reported as that, and no provider is asked about it. */
export async function revokeTokens(
  targets: readonly TokenToRevoke[],
  options: RevokeOptions,
): Promise<RevocationOutcome> {
  const distinct = [...new Map(targets.map((target) => [target.token.fingerprint, target])).values()];
  const watched = distinct.map(newWatched);
  const open = watched.filter(({ target }) => target.before.verdict.state !== "revoked");
  const startedAt = Date.now();
  const isInterrupted = open.length > 0 && !(await respondTo(open, options));
  return { reports: watched.map((one) => reportOf(one, startedAt)), isInterrupted };
}

/**
 * Talks to the provider and asks the API at the same time: who acts may answer late, or never.
 *
 * @returns false if it was interrupted
 */
async function respondTo(open: readonly Watched[], options: RevokeOptions): Promise<boolean> {
  const { signal } = options;
  const over = new AbortController();
  const talk = converse(open, options, over.signal);
  const talkFails = new Promise<never>((_, reject) => {
    talk.catch((error: unknown) => (over.signal.aborted ? undefined : reject(error as Error)));
  });
  talkFails.catch(() => undefined);
  try {
    await Promise.race([talk, sleep(FIRST_POLL_MS, signal)]);
    await Promise.race([watch(open, options), talkFails]);
    return true;
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    return false;
  } finally {
    over.abort(new Error("nobody waits for the provider any more"));
    for (const one of open) if (!isDead(one)) options.verifier.distrust(one.target.token);
  }
}

const NOWHERE = { url: "", source: "unknown" };

async function converse(open: readonly Watched[], options: RevokeOptions, over: AbortSignal): Promise<void> {
  const { provider, onEvent } = options;
  const take = (answers: ReadonlyMap<string, RevocationResult>): void => {
    for (const one of open) {
      const result = answers.get(one.target.token.fingerprint);
      if (result === undefined || over.aborted) continue;
      const isNews = one.answer?.status !== result.status;
      one.answer = result;
      one.answeredAt ??= Date.now();
      if (isNews && !provider.isManual) onEvent?.({ kind: "answered", token: one.target.token, result });
    }
  };
  onEvent?.({ kind: "requested", tokens: open.map(({ target }) => target.token) });
  const entries = open.map(({ target }) => ({ token: target.token, ...(target.leak ?? NOWHERE) }));
  take(await provider.revoke(entries, options.idempotencyKey));
  if (provider.isManual) return;
  for (;;) {
    const pending = open.filter((one) => one.answer?.status === "pending" && !isDead(one));
    if (pending.length === 0) return;
    await sleep(FIRST_POLL_MS, over);
    take(await provider.poll(pending.map(({ target }) => target.token.fingerprint)));
  }
}

/** Asks the API until all are dead, or the time is over. */
async function watch(targets: readonly Watched[], options: RevokeOptions): Promise<void> {
  const { verifier, signal, pollMs = DEFAULT_POLL_MS, confirmMs = DEFAULT_CONFIRM_MS } = options;
  let open = [...targets];
  for (let pause = Math.min(FIRST_POLL_MS, pollMs); ; pause = Math.min(pollMs, pause * 2)) {
    await Promise.all(
      open.map(async (one) => {
        const result = await verifier.verify(one.target);
        const isNews = (one.latest ?? one.target.before).verdict.state !== result.verdict.state;
        if (note(one, result) && isNews) {
          options.onEvent?.({ kind: "verified", token: one.target.token, verdict: result.verdict });
        }
      }),
    );
    open = open.filter((one) => !isDead(one) && Date.now() < deadlineOf(one, options.waitMs));
    if (open.length === 0) return;
    const wanted = open.some(({ deadAnswers }) => deadAnswers > 0) ? confirmMs : pause;
    // The last question comes when the time is over, and not before.
    const left = Math.max(...open.map((one) => deadlineOf(one, options.waitMs))) - Date.now();
    await sleep(Math.min(wanted, Math.max(left, 1)), signal);
  }
}

function deadlineOf({ answer, answeredAt, latest, deadAnswers }: Watched, waitMs: number): number {
  // The provider has a limit of its own.
  if (answer === null || answeredAt === null) return Infinity;
  const isHopeless = answer.status === "failed" || answer.status === "not_owned";
  // An answer that says nothing, given to a token that the provider has done with, will not say more later.
  const isMute = answer.status !== "pending" && latest?.verdict.state === "unknown" && !latest.isFailure;
  const deadline = answeredAt + (isHopeless || isMute ? Math.min(GRACE_MS, waitMs) : waitMs);
  return deadAnswers > 0 ? deadline + GRACE_MS : deadline;
}
