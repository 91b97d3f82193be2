/** `keyrecall scan` */
import pc from "picocolors";
import { loadBaseline } from "../../config/load.ts";
import { Policy } from "../../config/policy.ts";
import { ExitCode, strongestExitCode } from "../../core/exit-code.ts";
import type { Detector } from "../../detect/detector.ts";
import { formatJson } from "../../report/json.ts";
import { formatText } from "../../report/text.ts";
import { buildReport } from "../../scan/build-report.ts";
import { mask } from "../../scan/mask.ts";
import type { Report } from "../../scan/report.ts";
import { writeOutput } from "../output.ts";
import { VERSION } from "../version.generated.ts";
import { requireWritable, scanByFlags, type ScanRun, type SourceFlags, sourceOf } from "./source-options.ts";

export interface ScanFlags extends SourceFlags {
  readonly baseline?: string;
  readonly format?: "text" | "json";
  readonly output?: string;
  readonly failOn: "found" | "live" | "never";
  readonly color: boolean;
}

export async function runScan(path: string | undefined, flags: ScanFlags, signal: AbortSignal): Promise<ExitCode> {
  if (flags.output !== undefined) requireWritable(flags.output);
  const baseline = flags.baseline === undefined ? null : await loadBaseline(flags.baseline);
  const run = await scanByFlags(sourceOf(path, flags), flags, signal);
  const policy = new Policy(run.configuration?.configuration ?? null, baseline, {
    today: new Date().toISOString().slice(0, 10),
    honoursInlineMarks: true,
  });
  const readsEverything = run.result.source === "history" || run.result.source === "tree";
  const report = buildReport(run.result, {
    version: VERSION,
    target: path ?? (flags.stdin ? "-" : "."),
    rules: run.rules,
    policyFile: run.configuration?.file ?? null,
    judge: (token, occurrences) => policy.judge(token.fingerprint, occurrences),
    policyNotes: () => {
      const notes = policy.notes();
      // A part of a repository cannot say what of the whole is unused.
      return readsEverything && path === undefined ? notes : { ...notes, unused: [] };
    },
  });
  print(report, run, flags);
  return exitCodeOf(report, run, flags);
}

function print(report: Report, run: ScanRun, flags: ScanFlags): void {
  const format = flags.format ?? (flags.output?.endsWith(".json") ? "json" : "text");
  const pieces = format === "json" ? formatJson(report) : [formatForPeople(report, run, flags)];
  writeOutput(maskEach(pieces, run.result.detector), flags.output);
}

/** Rules and configurations are text of people too; nothing leaves unmasked. */
function* maskEach(pieces: Iterable<string>, detector: Detector): Generator<string> {
  for (const piece of pieces) yield mask(detector, piece);
}

function formatForPeople(report: Report, run: ScanRun, flags: ScanFlags): string {
  const isTerminal = flags.output === undefined && process.stdout.isTTY && process.env["TERM"] !== "dumb";
  const hasColors = isTerminal && flags.color && (process.env["NO_COLOR"] ?? "") === "";
  return formatText(report, {
    colors: pc.createColors(hasColors),
    now: Date.now(),
    rotation: new Map(run.rules.map((rule) => [rule.id, rule.rotation])),
  });
}

function exitCodeOf(report: Report, run: ScanRun, flags: ScanFlags): ExitCode {
  const counted = report.tokens.filter((token) => token.allowed === null);
  // Unknown and unchecked count as live: only a token that is known to be dead does not.
  const failing =
    flags.failOn === "never"
      ? []
      : flags.failOn === "live"
        ? counted.filter((token) => token.verdict.state !== "revoked")
        : counted;
  return strongestExitCode([
    ...(run.result.isInterrupted ? [ExitCode.interrupted] : []),
    ...(failing.length > 0 ? [ExitCode.found] : []),
    ...(report.scan.complete ? [] : [ExitCode.incomplete]),
  ]);
}
