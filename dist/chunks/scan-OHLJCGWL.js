import {
  destinationsOf
} from "./chunk-PE3XONTD.js";
import {
  scanByFlags,
  sourceOf
} from "./chunk-RWVHMTZ6.js";
import {
  requireWritable,
  writeOutput
} from "./chunk-ZTC5UFCG.js";
import {
  colorsFor
} from "./chunk-LJTDFDZZ.js";
import {
  ProgressLine
} from "./chunk-NZAQVFYM.js";
import {
  formatText,
  formatTextSummary
} from "./chunk-4B2BIL4T.js";
import "./chunk-LATJWJRG.js";
import {
  formatJson
} from "./chunk-QLWOTBFR.js";
import "./chunk-OL32UFLE.js";
import "./chunk-XW6A2BDD.js";
import {
  exitCodeOf,
  failingTokens
} from "./chunk-IAX2J7PB.js";
import {
  rotationsOf
} from "./chunk-LYABZVZF.js";
import {
  buildReport
} from "./chunk-YSEUQL3H.js";
import {
  Policy
} from "./chunk-R5P76PMI.js";
import {
  targetOf
} from "./chunk-3RIRM5UU.js";
import {
  openRepository
} from "./chunk-PEBQGXPO.js";
import "./chunk-K6UY2E7L.js";
import "./chunk-QBGYM6EC.js";
import "./chunk-65EHQVBC.js";
import {
  verifyTokens
} from "./chunk-F2JRGL22.js";
import "./chunk-N5BVK3PW.js";
import "./chunk-RYGG6NHQ.js";
import {
  ExitCode,
  strongestExitCode
} from "./chunk-5GGIWBK5.js";
import {
  mask,
  maskEach,
  maskRule
} from "./chunk-T52IQ7HH.js";
import "./chunk-HWHZQRO4.js";
import {
  loadBaseline
} from "./chunk-XTIAGWPS.js";
import "./chunk-A5SOBSKO.js";
import {
  escapeForMarkdown
} from "./chunk-WXEWRWTG.js";
import {
  VERSION
} from "./chunk-6Q7DFGK3.js";
import "./chunk-HRH34NPA.js";
import "./chunk-BNOIKOU6.js";
import "./chunk-W4QFXAZX.js";
import "./chunk-KTHQ3RLY.js";
import "./chunk-O7S4ABFV.js";
import "./chunk-LCFWLN64.js";
import "./chunk-QQ2TBE5L.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";
import "./chunk-77BUEL6G.js";
import "./chunk-YV5PFDMU.js";
import "./chunk-SEWDMQ6Q.js";

// src/cli/scan-reports.ts
import { readFileSync } from "node:fs";

// src/core/field.ts
function field(value, ...path) {
  return path.reduce(
    (inner, key) => typeof inner === "object" && inner !== null ? inner[key] : void 0,
    value
  );
}

// src/cli/scan-reports.ts
async function writeReports(report, destinations, given) {
  const { run } = given;
  const options = { ...given, run: { ...run, rules: run.rules.map((rule) => maskRule(run.result.detector, rule)) } };
  const failures = [];
  for (const { format, file } of destinations) {
    try {
      const pieces = await formatReport(report, format, file !== null, options);
      writeOutput(maskEach(run.result.detector, pieces), file);
    } catch (error) {
      failures.push(error);
    }
  }
  if (!destinations.some(({ file }) => file === null)) sayHowItWent(report, options);
  if (failures.length > 0) throw asOne(failures);
}
function asOne(failures) {
  const expected = failures.filter((failure) => failure instanceof KeyrecallError);
  const [first] = expected;
  if (first === void 0 || expected.length < failures.length) {
    return failures.find((failure) => !(failure instanceof KeyrecallError));
  }
  if (failures.length === 1) return first;
  return new KeyrecallError(first.code, expected.map(({ message }) => message).join("\n"), {
    ...first.hint === void 0 ? {} : { hint: first.hint },
    cause: new AggregateError(failures)
  });
}
function sayHowItWent(report, { run, color }) {
  const text = formatTextSummary(report, textOptions(run, colorsFor(color, process.stderr)));
  process.stderr.write(mask(run.result.detector, text));
}
async function formatReport(report, format, toFile, options) {
  const { run, failOn } = options;
  const now = Date.now();
  switch (format) {
    case "text":
      return [formatText(report, textOptions(run, colorsFor(options.color, toFile ? null : process.stdout)))];
    case "json":
      return formatJson(report);
    case "sarif": {
      const { formatSarif } = await import("./sarif-MONSMOPC.js");
      return [formatSarif(report, await sarifOptions(report, options))];
    }
    case "html": {
      const { formatHtml } = await import("./page-I5V3APSX.js");
      return formatHtml(report, { now, rotation: rotationsOf(run.rules) });
    }
    case "markdown": {
      const { formatMarkdown } = await import("./markdown-TBVYG4K5.js");
      const rest = { scope: scopeOf(report), notes: [], hiddenAnnotations: 0, rotation: rotationsOf(run.rules) };
      return [formatMarkdown(report, { ...disclosureTo(run, false), ...rest })];
    }
    case "github": {
      const { formatGithub } = await import("./github-5SQDJPYP.js");
      const { scan } = report;
      const found = report.tokens.filter(({ allowed }) => allowed === null).length;
      const summary = `${found} leaked token${found === 1 ? "" : "s"}; read: ${SCOPES[scan.source]}`;
      return [formatGithub(report, disclosureTo(run, isShownToStrangers()), summary)];
    }
    case "junit": {
      const { formatJunit } = await import("./junit-XV365FHG.js");
      const failing = new Set(failingTokens(report, failOn));
      return formatJunit(report, { fails: (token) => failing.has(token), now, rules: run.rules });
    }
  }
}
function textOptions(run, colors) {
  return { colors, now: Date.now(), rotation: rotationsOf(run.rules) };
}
function disclosureTo({ rules }, isPublic) {
  return { isPublic, prefixes: rules.map(({ grammar }) => grammar.prefix), honoursInlineMarks: true };
}
var SCOPES = {
  history: "the whole history",
  range: "the commits of a range",
  index: "what is staged",
  tree: "the files",
  stdin: "standard input"
};
function scopeOf({ scan }) {
  const range = scan.range === void 0 ? "" : ` ${escapeForMarkdown(scan.range)}`;
  return `${SCOPES[scan.source]}${range} of ${escapeForMarkdown(scan.target)}`;
}
function isShownToStrangers() {
  if (process.env["GITHUB_ACTIONS"] !== "true") return false;
  try {
    const event = JSON.parse(readFileSync(process.env["GITHUB_EVENT_PATH"] ?? "", "utf8"));
    return field(event, "repository", "private") !== true;
  } catch {
    return true;
  }
}
async function sarifOptions(report, { run, source }) {
  const [{ SourceLines }, { readBlobs, readFiles }, { originOf }] = await Promise.all([
    import("./source-lines-IAG2EIIN.js"),
    import("./contents-PCSLQ4YA.js"),
    import("./remotes-U3TDCHKF.js")
  ]);
  const tokens = new Map(run.result.occurrences.map(({ token }) => [token.fingerprint, token]));
  const lines = new SourceLines(report, (fingerprint) => tokens.get(fingerprint)?.isGuessable === false);
  const { root } = run.result;
  if (root !== null) readFiles(lines.paths, root, (path, bytes) => lines.take({ path }, bytes));
  const repository = await openRepositoryOf(source);
  let origin = null;
  try {
    if (repository !== null) {
      await readBlobs(repository, lines.objects, (object, bytes) => lines.take({ object }, bytes));
      origin = await originOf(repository.git);
    }
  } finally {
    repository?.dispose();
  }
  return {
    rules: run.rules,
    isPublic: false,
    honoursInlineMarks: true,
    lengthOf: (fingerprint) => tokens.get(fingerprint)?.reveal().length ?? 1,
    lines,
    provenance: origin === null ? null : { repositoryUri: origin.url, revisionId: origin.revision, branch: origin.branch }
  };
}
async function openRepositoryOf(source) {
  if (source.kind === "stdin") return null;
  try {
    return await openRepository(targetOf(source).directory);
  } catch (error) {
    if (error instanceof KeyrecallError) return null;
    throw error;
  }
}

// src/cli/commands/scan.ts
async function runScan(path, flags, signal) {
  const destinations = destinationsOf(flags.destinations);
  for (const { file } of destinations) if (file !== null) requireWritable(file);
  const baseline = flags.baseline === void 0 ? null : await loadBaseline(flags.baseline);
  const progress = new ProgressLine(process.stderr);
  const verification = flags.verify === true ? await openVerification(flags, progress, signal) : null;
  try {
    const source = sourceOf(path, flags);
    const run = await scanByFlags(source, flags, signal);
    const answers = verification === null ? NOTHING_ASKED : await verifyFound(run, verification, signal);
    progress.clear();
    const report = reportOf(path, flags, run, baseline, answers);
    await writeReports(report, destinations, {
      run,
      failOn: flags.failOn,
      color: flags.color,
      source
    });
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
  const { startVerification } = await import("./verification-options-TJA32Z4C.js");
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
    honoursInlineMarks: true,
    ignored: run.ignored
  });
  const readsEverything = run.result.source === "history" || run.result.source === "tree";
  return buildReport(run.result, {
    version: VERSION,
    target: path ?? (flags.stdin ? "-" : "."),
    rules: run.rules,
    response: (fingerprint) => answers.get(fingerprint),
    policyFile: run.configuration?.file ?? null,
    judge: (token, occurrences) => policy.judge(token, occurrences),
    policyNotes: () => {
      const notes = policy.notes(run.result.source === "history");
      return readsEverything && path === void 0 ? notes : { ...notes, unused: [] };
    }
  });
}
export {
  runScan
};
