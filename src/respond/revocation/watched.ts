/** What is known of one token while it is taken out of service, and what that makes of it. */
import type { Verdict } from "../../core/verdict.ts";
import type { VerifiedToken } from "../../verify/verifier.ts";
import type { RevocationResult } from "./provider.ts";
import type { RevocationReport, RevocationState, TokenToRevoke } from "./revoke.ts";

export interface Watched {
  readonly target: TokenToRevoke;
  /** Of the provider; null while there is none. */
  answer: RevocationResult | null;
  answeredAt: number | null;
  /** Of the API, after the request; null while there is none. */
  latest: VerifiedToken | null;
  /** The last answer after the request that it works. */
  lastLive: VerifiedToken | null;
  /** How many answers in a row say that it is dead, and when the first came. */
  deadAnswers: number;
  deadAt: number | null;
  /** It was dead and then live: parts of the API have not heard of it yet. */
  hasFlapped: boolean;
}

const CONFIRMATIONS = 2;
const CONFIRMATIONS_AFTER_FLAPPING = 5;

export function newWatched(target: TokenToRevoke): Watched {
  return {
    target,
    answer: null,
    answeredAt: null,
    latest: null,
    lastLive: null,
    deadAnswers: 0,
    deadAt: null,
    hasFlapped: false,
  };
}

/** One dead answer is not enough: it can come from the only node that knows. */
export function isDead({ deadAnswers, hasFlapped }: Watched): boolean {
  return deadAnswers >= (hasFlapped ? CONFIRMATIONS_AFTER_FLAPPING : CONFIRMATIONS);
}

/** @returns whether it counts: an answer that could not be had does not take the place of one that could */
export function note(watched: Watched, result: VerifiedToken): boolean {
  if (result.isFailure && watched.latest !== null && !watched.latest.isFailure) return false;
  watched.latest = result;
  if (result.isFailure) return true;
  if (result.verdict.state === "revoked") {
    watched.deadAnswers += 1;
    watched.deadAt ??= Date.now();
    return true;
  }
  if (result.verdict.state === "live") {
    watched.hasFlapped ||= watched.deadAnswers > 0;
    watched.lastLive = result;
  }
  watched.deadAnswers = 0;
  watched.deadAt = null;
  return true;
}

export function reportOf(watched: Watched, startedAt: number): RevocationReport {
  const { target, answer, deadAt } = watched;
  const state = stateOf(watched);
  return {
    token: target.token,
    state,
    provider: state === "already-dead" ? null : (answer ?? UNANSWERED),
    before: target.before.verdict,
    verdict: verdictOf(watched),
    containedAfterMs: deadAt === null || !isDead(watched) ? null : deadAt - startedAt,
  };
}

const UNANSWERED: RevocationResult = { status: "pending", message: "no answer yet" };

function stateOf(watched: Watched): RevocationState {
  const { target, latest, hasFlapped } = watched;
  const { before } = target;
  if (before.verdict.state === "revoked") return "already-dead";
  if (!isDead(watched)) return latest?.verdict.state === "live" || hasFlapped ? "still-live" : "unconfirmed";
  const isSameQuestion =
    before.route !== null && before.route === latest?.route && before.verdict.api === latest.verdict.api;
  return before.verdict.state === "live" && isSameQuestion ? "contained" : "dead";
}

function verdictOf(watched: Watched): Verdict {
  const { target, latest, lastLive, hasFlapped } = watched;
  const { verdict: before } = target.before;
  if (before.state === "revoked") return before;
  if (latest === null)
    return { state: "unknown", reason: "the API was not asked again after the request to revoke it" };
  if (latest.verdict.state !== "revoked" || isDead(watched)) return latest.verdict;
  if (hasFlapped && lastLive !== null) {
    const { verdict } = lastLive;
    return {
      ...verdict,
      reason: `${verdict.reason}; other answers say that it is dead, so not all of the API knows yet`,
    };
  }
  const { verdict } = latest;
  return { ...verdict, state: "unknown", reason: `${verdict.reason}, once; it could not be asked whether that holds` };
}
