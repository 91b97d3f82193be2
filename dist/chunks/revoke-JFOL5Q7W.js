import {
  consumersOf
} from "./chunk-4VA5ZJQJ.js";
import {
  readTokens
} from "./chunk-4MJIHYP2.js";
import {
  MaskedOutput
} from "./chunk-TFELEZRF.js";
import {
  openProvider,
  startVerification
} from "./chunk-MP2XHNFX.js";
import {
  colorsFor
} from "./chunk-LJTDFDZZ.js";
import {
  contradictionOf,
  describeResult,
  revocationJson,
  revocationText
} from "./chunk-LATJWJRG.js";
import "./chunk-QLWOTBFR.js";
import {
  confirmDead,
  revokeTokens
} from "./chunk-PECEW3DD.js";
import {
  rotationGuide
} from "./chunk-2THB4TKU.js";
import {
  rotationText
} from "./chunk-LYABZVZF.js";
import "./chunk-PEBQGXPO.js";
import "./chunk-QBGYM6EC.js";
import "./chunk-65EHQVBC.js";
import "./chunk-DH6TFNSH.js";
import "./chunk-EKP7VN57.js";
import "./chunk-RYGG6NHQ.js";
import {
  ExitCode,
  strongestExitCode
} from "./chunk-5GGIWBK5.js";
import "./chunk-T52IQ7HH.js";
import "./chunk-HWHZQRO4.js";
import {
  loadRules
} from "./chunk-XTIAGWPS.js";
import "./chunk-A5SOBSKO.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-6D63HNZV.js";
import {
  escapeForTerminal
} from "./chunk-WXEWRWTG.js";
import "./chunk-6Q7DFGK3.js";
import "./chunk-BNOIKOU6.js";
import "./chunk-O7S4ABFV.js";
import "./chunk-LCFWLN64.js";
import "./chunk-QQ2TBE5L.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";
import "./chunk-YV5PFDMU.js";
import "./chunk-SEWDMQ6Q.js";

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
