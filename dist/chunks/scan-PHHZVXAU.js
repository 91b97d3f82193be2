import {
  writeOutput
} from "./chunk-LTIS6EZ7.js";
import {
  blastRadiusNow
} from "./chunk-6QBBSWIT.js";
import {
  colorsFor,
  startVerification
} from "./chunk-J5CFDY7Z.js";
import "./chunk-FAXX2T5O.js";
import {
  buildReport,
  formatText
} from "./chunk-CGM5LZGU.js";
import {
  Policy
} from "./chunk-OG5QDBAT.js";
import "./chunk-RSNUAYSX.js";
import {
  formatJson
} from "./chunk-HQ6VOY23.js";
import {
  mask
} from "./chunk-OUW7B544.js";
import {
  requireWritable,
  scanByFlags,
  sourceOf
} from "./chunk-XUJD7PDM.js";
import {
  ProgressLine
} from "./chunk-NZAQVFYM.js";
import "./chunk-2HXKVXJ2.js";
import "./chunk-2IKMF2LE.js";
import "./chunk-FC2B4G5J.js";
import {
  loadBaseline
} from "./chunk-IWSNM7W5.js";
import {
  ExitCode,
  strongestExitCode
} from "./chunk-5GGIWBK5.js";
import {
  VERSION
} from "./chunk-352LF2GJ.js";
import "./chunk-OUBDGCYQ.js";
import "./chunk-ZAKHNU3H.js";
import "./chunk-ADBWSUYU.js";
import "./chunk-LCFWLN64.js";
import "./chunk-U52VU3KD.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-O3REALUM.js";
import "./chunk-SEWDMQ6Q.js";

// src/cli/commands/scan.ts
async function runScan(path, flags, signal) {
  if (flags.output !== void 0) requireWritable(flags.output);
  const baseline = flags.baseline === void 0 ? null : await loadBaseline(flags.baseline);
  const run = await scanByFlags(sourceOf(path, flags), flags, signal);
  const responses = flags.verify === true ? await verifyFound(run, flags, signal) : NOTHING_ASKED;
  const policy = new Policy(run.configuration?.configuration ?? null, baseline, {
    today: (/* @__PURE__ */ new Date()).toISOString().slice(0, 10),
    honoursInlineMarks: true
  });
  const readsEverything = run.result.source === "history" || run.result.source === "tree";
  const report = buildReport(run.result, {
    version: VERSION,
    target: path ?? (flags.stdin ? "-" : "."),
    rules: run.rules,
    response: (fingerprint) => responses.byToken.get(fingerprint),
    policyFile: run.configuration?.file ?? null,
    judge: (token, occurrences) => policy.judge(token.fingerprint, occurrences),
    policyNotes: () => {
      const notes = policy.notes();
      return readsEverything && path === void 0 ? notes : { ...notes, unused: [] };
    }
  });
  print(report, run, flags);
  return strongestExitCode([
    exitCodeOf(report, run, flags),
    responses.hasFailure ? ExitCode.responseFailed : ExitCode.clean
  ]);
}
var NOTHING_ASKED = { byToken: /* @__PURE__ */ new Map(), hasFailure: false };
async function verifyFound(run, flags, signal) {
  const tokens = [...new Map(run.result.occurrences.map(({ token }) => [token.fingerprint, token])).values()];
  if (tokens.length === 0 || run.result.isInterrupted) return NOTHING_ASKED;
  const progress = new ProgressLine(process.stderr);
  const { verifier, projects, close } = await startVerification(flags, {
    signal,
    reusesAnswers: true,
    onProgress: (done, total) => progress.show(() => `verifying: ${done} of ${total}`)
  });
  try {
    const verified = await verifier.verifyAll(
      tokens.map((token) => ({ token, hints: run.result.hintsOf(token.fingerprint) }))
    );
    const byToken = /* @__PURE__ */ new Map();
    for (const token of tokens) {
      const { verdict } = verified.get(token.fingerprint);
      const rule = run.rules.find(({ id }) => id === token.rule);
      const blastRadius = await blastRadiusNow(rule, token, verdict, verifier, projects);
      byToken.set(token.fingerprint, { verdict, blastRadius });
    }
    return { byToken, hasFailure: [...verified.values()].some(({ isFailure }) => isFailure) };
  } finally {
    progress.clear();
    await close();
  }
}
function print(report, run, flags) {
  const format = flags.format ?? (flags.output?.endsWith(".json") ? "json" : "text");
  const pieces = format === "json" ? formatJson(report) : [formatForPeople(report, run, flags)];
  writeOutput(maskEach(pieces, run.result.detector), flags.output);
}
function* maskEach(pieces, detector) {
  for (const piece of pieces) yield mask(detector, piece);
}
function formatForPeople(report, run, flags) {
  return formatText(report, {
    colors: colorsFor(flags.color, flags.output !== void 0),
    now: Date.now(),
    rotation: new Map(run.rules.map((rule) => [rule.id, rule.rotation]))
  });
}
function exitCodeOf(report, run, flags) {
  const counted = report.tokens.filter((token) => token.allowed === null);
  const failing = flags.failOn === "never" ? [] : flags.failOn === "live" ? counted.filter((token) => token.verdict.state !== "revoked") : counted;
  return strongestExitCode([
    ...run.result.isInterrupted ? [ExitCode.interrupted] : [],
    ...failing.length > 0 ? [ExitCode.found] : [],
    ...report.scan.complete ? [] : [ExitCode.incomplete]
  ]);
}
export {
  runScan
};
