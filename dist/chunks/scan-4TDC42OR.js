import {
  buildReport,
  formatText
} from "./chunk-WYPVKI35.js";
import {
  Policy
} from "./chunk-INZUOBFC.js";
import {
  writeOutput
} from "./chunk-XMEZHILH.js";
import {
  requireWritable,
  scanByFlags,
  sourceOf
} from "./chunk-PFU4DPW4.js";
import {
  verifyTokens
} from "./chunk-F2JRGL22.js";
import {
  ProgressLine
} from "./chunk-NZAQVFYM.js";
import "./chunk-JCXLJ36Q.js";
import {
  colorsFor
} from "./chunk-EM2Y73B2.js";
import {
  formatJson
} from "./chunk-NOAJIJRT.js";
import {
  ExitCode,
  strongestExitCode
} from "./chunk-5GGIWBK5.js";
import {
  loadBaseline
} from "./chunk-FVYQQUXV.js";
import {
  VERSION
} from "./chunk-6Q7DFGK3.js";
import "./chunk-TOOHNDFG.js";
import "./chunk-N5BVK3PW.js";
import "./chunk-6A4SAM7B.js";
import "./chunk-2VCEG26J.js";
import {
  mask
} from "./chunk-X4R47LK2.js";
import "./chunk-RYGG6NHQ.js";
import "./chunk-5STT7YKU.js";
import "./chunk-QQ2TBE5L.js";
import "./chunk-BNOIKOU6.js";
import "./chunk-5OCBXS53.js";
import "./chunk-77BUEL6G.js";
import "./chunk-A5SOBSKO.js";
import "./chunk-LCFWLN64.js";
import "./chunk-U52VU3KD.js";
import "./chunk-SEWDMQ6Q.js";

// src/scan/outcome.ts
function exitCodeOf(report, { failOn, isInterrupted }) {
  return strongestExitCode([
    ...isInterrupted ? [ExitCode.interrupted] : [],
    ...failingTokens(report, failOn).length > 0 ? [ExitCode.found] : [],
    ...report.scan.complete ? [] : [ExitCode.incomplete]
  ]);
}
function failingTokens(report, failOn) {
  const counted = countedTokens(report);
  if (failOn === "live") return counted.filter((token) => token.verdict.state !== "revoked");
  return failOn === "never" ? [] : counted;
}
function countedTokens(report) {
  return report.tokens.filter((token) => token.allowed === null);
}

// src/cli/commands/scan.ts
async function runScan(path, flags, signal) {
  if (flags.output !== void 0) requireWritable(flags.output);
  const baseline = flags.baseline === void 0 ? null : await loadBaseline(flags.baseline);
  const progress = new ProgressLine(process.stderr);
  const verification = flags.verify === true ? await openVerification(flags, progress, signal) : null;
  try {
    const run = await scanByFlags(sourceOf(path, flags), flags, signal);
    const answers = verification === null ? NOTHING_ASKED : await verifyFound(run, verification, signal);
    progress.clear();
    const report = reportOf(path, flags, run, baseline, answers);
    print(report, run, flags);
    return strongestExitCode([
      exitCodeOf(report, { failOn: flags.failOn, isInterrupted: run.result.isInterrupted }),
      ...signal.aborted ? [ExitCode.interrupted] : [],
      ...[...answers.values()].some(({ isFailure }) => isFailure) ? [ExitCode.responseFailed] : []
    ]);
  } finally {
    progress.clear();
    await verification?.close();
  }
}
async function openVerification(flags, progress, signal) {
  const { startVerification } = await import("./verification-options-2XQD2WED.js");
  return startVerification(flags, {
    signal,
    reusesAnswers: true,
    onProgress: (done, total) => progress.show(() => `verifying: ${done} of ${total}`)
  });
}
var NOTHING_ASKED = /* @__PURE__ */ new Map();
async function verifyFound(run, verification, signal) {
  if (run.result.isInterrupted) return NOTHING_ASKED;
  const tokens = [...new Map(run.result.occurrences.map(({ token }) => [token.fingerprint, token])).values()];
  const targets = tokens.map((token) => ({ token, hints: run.result.hintsOf(token.fingerprint) }));
  return verifyTokens(targets, verification, run.rules, signal);
}
function reportOf(path, flags, run, baseline, answers) {
  const policy = new Policy(run.configuration?.configuration ?? null, baseline, {
    today: (/* @__PURE__ */ new Date()).toISOString().slice(0, 10),
    honoursInlineMarks: true
  });
  const readsEverything = run.result.source === "history" || run.result.source === "tree";
  return buildReport(run.result, {
    version: VERSION,
    target: path ?? (flags.stdin ? "-" : "."),
    rules: run.rules,
    response: (fingerprint) => answers.get(fingerprint),
    policyFile: run.configuration?.file ?? null,
    judge: (token, occurrences) => policy.judge(token.fingerprint, occurrences),
    policyNotes: () => {
      const notes = policy.notes();
      return readsEverything && path === void 0 ? notes : { ...notes, unused: [] };
    }
  });
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
export {
  runScan
};
