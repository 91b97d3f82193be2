import {
  sleep
} from "./chunk-EKP7VN57.js";

// src/respond/revocation/watched.ts
var CONFIRMATIONS = 2;
var CONFIRMATIONS_AFTER_FLAPPING = 5;
function newWatched(target) {
  return {
    target,
    answer: null,
    answeredAt: null,
    latest: null,
    lastLive: null,
    deadAnswers: 0,
    deadAt: null,
    hasFlapped: false
  };
}
function isDead({ deadAnswers, hasFlapped }) {
  return deadAnswers >= (hasFlapped ? CONFIRMATIONS_AFTER_FLAPPING : CONFIRMATIONS);
}
function note(watched, result) {
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
function reportOf(watched, startedAt) {
  const { target, answer, deadAt } = watched;
  const state = stateOf(watched);
  return {
    token: target.token,
    state,
    provider: state === "already-dead" ? null : answer ?? UNANSWERED,
    before: target.before.verdict,
    verdict: verdictOf(watched),
    containedAfterMs: deadAt === null || !isDead(watched) ? null : deadAt - startedAt
  };
}
var UNANSWERED = { status: "pending", message: "no answer yet" };
function stateOf(watched) {
  const { target, latest, hasFlapped } = watched;
  const { before } = target;
  if (before.verdict.state === "revoked") return "already-dead";
  if (!isDead(watched)) return latest?.verdict.state === "live" || hasFlapped ? "still-live" : "unconfirmed";
  const isSameQuestion = before.route !== null && before.route === latest?.route && before.verdict.api === latest.verdict.api;
  return before.verdict.state === "live" && isSameQuestion ? "contained" : "dead";
}
function verdictOf(watched) {
  const { target, latest, lastLive, hasFlapped } = watched;
  const { verdict: before } = target.before;
  if (before.state === "revoked") return before;
  if (latest === null)
    return { state: "unknown", reason: "the API was not asked again after the request to revoke it" };
  if (latest.verdict.state !== "revoked" || isDead(watched)) return latest.verdict;
  if (hasFlapped && lastLive !== null) {
    const { verdict: verdict2 } = lastLive;
    return {
      ...verdict2,
      reason: `${verdict2.reason}; other answers say that it is dead, so not all of the API knows yet`
    };
  }
  const { verdict } = latest;
  return { ...verdict, state: "unknown", reason: `${verdict.reason}, once; it could not be asked whether that holds` };
}

// src/respond/revocation/revoke.ts
var GRACE_MS = 1e4;
var FIRST_POLL_MS = 500;
var DEFAULT_POLL_MS = 5e3;
var DEFAULT_CONFIRM_MS = 1e3;
async function confirmDead(targets, { verifier, confirmMs = DEFAULT_CONFIRM_MS, signal }) {
  if (!targets.some(({ before }) => before.verdict.state === "revoked")) return [...targets];
  await sleep(confirmMs, signal);
  return Promise.all(
    targets.map(
      async (target) => target.before.verdict.state === "revoked" ? { ...target, before: await verifier.verify(target) } : target
    )
  );
}
async function revokeTokens(targets, options) {
  const distinct = [...new Map(targets.map((target) => [target.token.fingerprint, target])).values()];
  const watched = distinct.map(newWatched);
  const open = watched.filter(({ target }) => target.before.verdict.state !== "revoked");
  const startedAt = Date.now();
  const isInterrupted = open.length > 0 && !await respondTo(open, options);
  return { reports: watched.map((one) => reportOf(one, startedAt)), isInterrupted };
}
async function respondTo(open, options) {
  const { signal } = options;
  const over = new AbortController();
  const talk = converse(open, options, over.signal);
  const talkFails = new Promise((_, reject) => {
    talk.catch((error) => over.signal.aborted ? void 0 : reject(error));
  });
  talkFails.catch(() => void 0);
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
var NOWHERE = { url: "", source: "unknown" };
async function converse(open, options, over) {
  const { provider, onEvent } = options;
  const take = (answers) => {
    for (const one of open) {
      const result = answers.get(one.target.token.fingerprint);
      if (result === void 0 || over.aborted) continue;
      const isNews = one.answer?.status !== result.status;
      one.answer = result;
      one.answeredAt ??= Date.now();
      if (isNews && !provider.isManual) onEvent?.({ kind: "answered", token: one.target.token, result });
    }
  };
  onEvent?.({ kind: "requested", tokens: open.map(({ target }) => target.token) });
  const entries = open.map(({ target }) => ({ token: target.token, ...target.leak ?? NOWHERE }));
  take(await provider.revoke(entries, options.idempotencyKey));
  if (provider.isManual) return;
  for (; ; ) {
    const pending = open.filter((one) => one.answer?.status === "pending" && !isDead(one));
    if (pending.length === 0) return;
    await sleep(FIRST_POLL_MS, over);
    take(await provider.poll(pending.map(({ target }) => target.token.fingerprint)));
  }
}
async function watch(targets, options) {
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
      })
    );
    open = open.filter((one) => !isDead(one) && Date.now() < deadlineOf(one, options.waitMs));
    if (open.length === 0) return;
    const wanted = open.some(({ deadAnswers }) => deadAnswers > 0) ? confirmMs : pause;
    const left = Math.max(...open.map((one) => deadlineOf(one, options.waitMs))) - Date.now();
    await sleep(Math.min(wanted, Math.max(left, 1)), signal);
  }
}
function deadlineOf({ answer, answeredAt, latest, deadAnswers }, waitMs) {
  if (answer === null || answeredAt === null) return Infinity;
  const isHopeless = answer.status === "failed" || answer.status === "not_owned";
  const isMute = answer.status !== "pending" && latest?.verdict.state === "unknown" && !latest.isFailure;
  const deadline = answeredAt + (isHopeless || isMute ? Math.min(GRACE_MS, waitMs) : waitMs);
  return deadAnswers > 0 ? deadline + GRACE_MS : deadline;
}

export {
  confirmDead,
  revokeTokens
};
