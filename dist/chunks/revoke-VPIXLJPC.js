import {
  rotationGuide,
  rotationText
} from "./chunk-SPDEC2F6.js";
import {
  readTokens
} from "./chunk-MXJ25QSV.js";
import {
  MaskedOutput
} from "./chunk-7B4UAEXS.js";
import {
  colorsFor,
  openProvider,
  startVerification
} from "./chunk-J5CFDY7Z.js";
import {
  sleep
} from "./chunk-FAXX2T5O.js";
import {
  revocationJson,
  revocationText
} from "./chunk-RSNUAYSX.js";
import "./chunk-HQ6VOY23.js";
import "./chunk-OUW7B544.js";
import {
  escapeForTerminal
} from "./chunk-2IKMF2LE.js";
import "./chunk-FC2B4G5J.js";
import {
  loadRules
} from "./chunk-IWSNM7W5.js";
import {
  ExitCode,
  strongestExitCode
} from "./chunk-5GGIWBK5.js";
import "./chunk-352LF2GJ.js";
import "./chunk-ZAKHNU3H.js";
import "./chunk-ADBWSUYU.js";
import "./chunk-LCFWLN64.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-O3REALUM.js";
import "./chunk-SEWDMQ6Q.js";

// src/cli/commands/revoke.ts
import { closeSync, openSync, readSync } from "node:fs";

// src/respond/revocation/revoke.ts
var GRACE_MS = 1e4;
var FIRST_POLL_MS = 500;
var DEFAULT_POLL_MS = 5e3;
async function revokeTokens(targets, options) {
  const distinct = [...new Map(targets.map((target) => [target.token.fingerprint, target])).values()];
  const open = distinct.filter(({ before }) => before.verdict.state !== "revoked");
  const startedAt = Date.now();
  const answers = await request(open, options);
  const latest = /* @__PURE__ */ new Map();
  const deadAfter = /* @__PURE__ */ new Map();
  await watch(open, options, answers, latest, (fingerprint) => deadAfter.set(fingerprint, Date.now() - startedAt));
  return distinct.map(({ token, before }) => {
    const after = latest.get(token.fingerprint) ?? before;
    return {
      token,
      state: stateOf(before, after),
      provider: answers.get(token.fingerprint) ?? null,
      before: before.verdict,
      verdict: after.verdict,
      containedAfterMs: deadAfter.get(token.fingerprint) ?? null
    };
  });
}
async function request(open, { provider, onEvent }) {
  if (open.length === 0) return /* @__PURE__ */ new Map();
  onEvent?.({ kind: "requested", tokens: open.map(({ token }) => token) });
  const answers = await provider.revoke(open.map(({ token }) => ({ token, url: "", source: "unknown" })));
  for (const { token } of open) {
    const result = answers.get(token.fingerprint);
    if (result !== void 0 && !provider.isManual) onEvent?.({ kind: "answered", token, result });
  }
  return answers;
}
async function watch(targets, options, answers, latest, onDead) {
  const { verifier, provider, signal } = options;
  const startedAt = Date.now();
  const deadlineOf = (token) => {
    const status = answers.get(token.fingerprint)?.status;
    const isHopeless = status === void 0 || status === "failed" || status === "not_owned";
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
      if (result.isFailure && known !== void 0 && !known.isFailure) continue;
      if ((known ?? target.before).verdict.state !== result.verdict.state) {
        options.onEvent?.({ kind: "verified", token: target.token, verdict: result.verdict });
      }
      latest.set(fingerprint, result);
      if (result.verdict.state === "revoked") onDead(fingerprint);
    }
    open = open.filter(
      ({ token }) => latest.get(token.fingerprint)?.verdict.state !== "revoked" && Date.now() + pause < deadlineOf(token)
    );
    if (open.length === 0) return;
    await sleep(pause, signal);
    const pending = open.map(({ token }) => token).filter((token) => answers.get(token.fingerprint)?.status === "pending");
    for (const [fingerprint, result] of await provider.poll(pending.map((token) => token.fingerprint))) {
      answers.set(fingerprint, result);
      const token = pending.find((one) => one.fingerprint === fingerprint);
      if (token !== void 0 && result.status !== "pending") options.onEvent?.({ kind: "answered", token, result });
    }
  }
}
function stateOf(before, after) {
  if (before.verdict.state === "revoked") return "already-dead";
  if (after.verdict.state === "live") return "still-live";
  if (after.verdict.state !== "revoked") return "unconfirmed";
  const isSameQuestion = before.route !== null && before.route === after.route && before.verdict.api === after.verdict.api;
  return before.verdict.state === "live" && isSameQuestion ? "contained" : "dead";
}

// src/cli/commands/revoke.ts
var WAIT_SECONDS = { http: 120, manual: 1800 };
async function runRevoke(flags, signal) {
  const rules = await loadRules([]);
  const verification = await startVerification(flags, { signal });
  const output = new MaskedOutput(rules);
  try {
    const provider = await openProvider(flags, verification.user, signal);
    try {
      const tokens = await readTokens(process.stdin, rules);
      const verified = await verification.verifier.verifyAll(tokens.map((token) => ({ token })));
      const targets = tokens.map((token) => ({ token, before: verified.get(token.fingerprint) }));
      const response = { flags, rules, output, signal, verifier: verification.verifier };
      const reports = await respond(targets, provider, {
        flags,
        rules,
        output,
        signal,
        verifier: verification.verifier
      });
      output.write(
        flags.format === "json" ? revocationJson(reports, provider.name) : revocationText(reports, provider.name, colorsFor(flags.color))
      );
      const left = reports.filter(({ provider: said }) => said?.status === "failed" || said?.status === "not_owned");
      sayManualSteps(
        left.filter((report) => exitCodeOf(report) !== ExitCode.clean),
        response
      );
      return strongestExitCode(reports.map(exitCodeOf));
    } finally {
      await provider.close();
    }
  } finally {
    await verification.close();
  }
}
async function respond(targets, provider, response) {
  const open = targets.filter(({ before }) => before.verdict.state !== "revoked");
  const { flags, output, signal, verifier } = response;
  const say = (text) => output.write(text, process.stderr);
  if (flags.dryRun === true) return targets.map(plannedOf);
  if (open.length > 0) {
    if (flags.yes !== true) confirm(open, provider, say);
    if (provider.isManual) {
      sayManualSteps(open, response);
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
function plannedOf({ token, before }) {
  const state = before.verdict.state === "revoked" ? "already-dead" : "not-revoked";
  return { token, state, provider: null, before: before.verdict, verdict: before.verdict, containedAfterMs: null };
}
function confirm(open, provider, say) {
  const list = open.map(({ token, before }) => `  ${token.masked}  ${before.verdict.state}
`).join("");
  let terminal;
  try {
    terminal = openSync("/dev/tty", "r");
  } catch {
    throw new KeyrecallError("usage", "revoking needs a yes, and there is no terminal to ask on", {
      hint: "look first with --dry-run, then give --yes"
    });
  }
  try {
    say(`These tokens will stop working, and whatever uses them:
${list}Revoke through ${provider.name}? [y/N] `);
    const answer = Buffer.alloc(64);
    const length = readSync(terminal, answer);
    if (/^y(es)?\s*$/i.test(answer.toString("latin1", 0, length))) return;
  } finally {
    closeSync(terminal);
  }
  throw new KeyrecallError("usage", "nothing was revoked", { hint: "answer y, or give --yes" });
}
function sayManualSteps(targets, { rules, output }) {
  for (const { token } of targets) {
    const rule = rules.find(({ id }) => id === token.rule);
    output.write(`${token.masked}
${rotationText(rotationGuide(rule, []))}
`, process.stderr);
  }
}
function describeEvent(event, provider) {
  switch (event.kind) {
    case "requested":
      return provider.isManual ? "" : `asked ${provider.name} to revoke ${namesOf(event.tokens)}
`;
    case "answered": {
      const { status, message } = event.result;
      return `${event.token.masked}: ${provider.name} says ${status}${message === null ? "" : ` (${escapeForTerminal(message)})`}
`;
    }
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
