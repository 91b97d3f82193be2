import {
  consumersOf,
  rotationGuide,
  rotationText
} from "./chunk-V4BE4OHC.js";
import "./chunk-C3GJQCGT.js";
import {
  MaskedOutput,
  readTokens
} from "./chunk-3IF4VQVU.js";
import {
  colorsFor,
  contradictionOf,
  describeResult,
  openProvider,
  revocationJson,
  revocationText,
  startVerification
} from "./chunk-XYLX2X7A.js";
import {
  escapeForTerminal
} from "./chunk-2IKMF2LE.js";
import {
  sleep
} from "./chunk-FAXX2T5O.js";
import "./chunk-FC2B4G5J.js";
import {
  ExitCode,
  strongestExitCode
} from "./chunk-5GGIWBK5.js";
import "./chunk-OUW7B544.js";
import {
  loadRules
} from "./chunk-LGACWI53.js";
import "./chunk-352LF2GJ.js";
import "./chunk-ZAKHNU3H.js";
import "./chunk-A5SOBSKO.js";
import "./chunk-LCFWLN64.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-O3REALUM.js";
import "./chunk-SEWDMQ6Q.js";

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

// src/cli/terminal-question.ts
import { closeSync, openSync } from "node:fs";
import { createInterface } from "node:readline";
import { ReadStream } from "node:tty";
async function askOnTerminal(ask, signal) {
  signal.throwIfAborted();
  let descriptor;
  try {
    descriptor = openSync("/dev/tty", "r");
  } catch {
    return null;
  }
  let input;
  try {
    input = new ReadStream(descriptor);
  } catch {
    closeSync(descriptor);
    return null;
  }
  const lines = createInterface({ input });
  try {
    ask();
    return await new Promise((resolve, reject) => {
      lines.once("line", resolve);
      lines.once("close", () => resolve(""));
      input.once("error", () => resolve(""));
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  } finally {
    lines.close();
    input.destroy();
  }
}

// src/cli/commands/revoke.ts
var WAIT_SECONDS = { http: 120, manual: 1800 };
async function runRevoke(flags, signal) {
  const rules = await loadRules([]);
  const verification = await startVerification(flags, { signal });
  try {
    const provider = await openProvider(flags, verification.user, signal);
    try {
      const { verifier } = verification;
      const tokens = await readTokens(process.stdin, rules);
      const verified = await verifier.verifyAll(tokens.map((token) => ({ token })));
      const found = tokens.map((token) => ({ token, before: verified.get(token.fingerprint) }));
      const targets = await confirmDead(found, { verifier, signal });
      const response = { flags, rules, output: new MaskedOutput(rules), signal, verifier, provider };
      const { reports, isInterrupted } = await respond(targets, response);
      await sayHowItEnded(reports, response);
      return strongestExitCode([...reports.map(exitCodeOf), ...isInterrupted ? [ExitCode.interrupted] : []]);
    } finally {
      await provider.close();
    }
  } finally {
    await verification.close();
  }
}
async function respond(targets, response) {
  const { flags, output, signal, verifier, provider } = response;
  const say = (text) => output.write(text, process.stderr);
  if (flags.dryRun === true) return { reports: targets.map(plannedOf), isInterrupted: false };
  const open = targets.filter(({ before }) => before.verdict.state !== "revoked");
  if (open.length > 0) {
    if (flags.yes !== true) await confirm(open, provider, say, signal);
    if (provider.isManual) {
      await sayManualSteps(open, response);
      say("Watching until they are dead; Ctrl-C ends that.\n");
    }
  }
  return revokeTokens(targets, {
    verifier,
    provider,
    waitMs: 1e3 * (flags.wait ?? (provider.isManual ? WAIT_SECONDS.manual : WAIT_SECONDS.http)),
    signal,
    onEvent: (event) => say(describeEvent(event, provider))
  });
}
async function sayHowItEnded(reports, response) {
  const { flags, output, provider } = response;
  if (flags.format === "json") {
    output.write(revocationJson(reports, provider.name));
    for (const report of reports) {
      const contradiction = contradictionOf(report, provider.name);
      if (contradiction !== null) output.write(`${report.token.masked}: ${contradiction}
`, process.stderr);
    }
  } else {
    output.write(revocationText(reports, provider.name, colorsFor(flags.color)));
  }
  if (provider.isManual) return;
  await sayManualSteps(
    reports.filter((report) => exitCodeOf(report) !== ExitCode.clean),
    response
  );
}
function plannedOf({ token, before }) {
  const state = before.verdict.state === "revoked" ? "already-dead" : "not-revoked";
  return { token, state, provider: null, before: before.verdict, verdict: before.verdict, containedAfterMs: null };
}
async function confirm(open, provider, say, signal) {
  const list = open.map(({ token, before }) => `  ${token.masked}  ${before.verdict.state}
`).join("");
  const answer = await askOnTerminal(
    () => say(`These tokens will stop working, and whatever uses them:
${list}Revoke through ${provider.name}? [y/N] `),
    signal
  );
  if (answer === null) {
    throw new KeyrecallError("usage", "revoking needs a yes, and there is no terminal to ask on", {
      hint: "look first with --dry-run, then give --yes"
    });
  }
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new KeyrecallError("usage", "nothing was revoked", { hint: "answer y, or give --yes" });
}
async function sayManualSteps(targets, { rules, output, signal }) {
  for (const { token } of targets) {
    const rule = rules.find(({ id }) => id === token.rule);
    const search = signal.aborted ? { paths: [], problem: "interrupted" } : await consumersOf(rule, signal);
    output.write(`${token.masked}
${rotationText(rotationGuide(rule, search))}
`, process.stderr);
  }
}
function describeEvent(event, provider) {
  switch (event.kind) {
    case "requested":
      return provider.isManual ? "" : `asked ${provider.name} to revoke ${namesOf(event.tokens)}
`;
    case "answered":
      return `${event.token.masked}: ${provider.name} says ${describeResult(event.result)}
`;
    case "verified":
      return `${event.token.masked}: ${event.verdict.state}: ${escapeForTerminal(event.verdict.reason)}
`;
  }
}
function namesOf(tokens) {
  const [first] = tokens;
  return tokens.length === 1 && first !== void 0 ? first.masked : `${tokens.length} tokens`;
}
function exitCodeOf({ state }) {
  switch (state) {
    case "contained":
    case "already-dead":
    case "dead":
    case "not-revoked":
      return ExitCode.clean;
    case "still-live":
      return ExitCode.stillLive;
    case "unconfirmed":
      return ExitCode.responseFailed;
  }
}
export {
  runRevoke
};
