/** `keyrecall scan` */
import { loadBaseline } from "../../config/load.ts";
import { Policy } from "../../config/policy.ts";
import type { Baseline } from "../../config/schema.ts";
import { ExitCode, strongestExitCode } from "../../core/exit-code.ts";
import { VERSION } from "../../core/version.generated.ts";
import { type TokenAnswer, verifyTokens } from "../../respond/token-answers.ts";
import { buildReport } from "../../scan/build-report.ts";
import { exitCodeOf, type FailOn } from "../../scan/outcome.ts";
import type { Report } from "../../scan/report.ts";
import { type DestinationFlag, destinationsOf } from "../destinations.ts";
import { requireWritable } from "../output.ts";
import { ProgressLine } from "../progress.ts";
import { writeReports } from "../scan-reports.ts";
import { scanByFlags, type ScanRun, type SourceFlags, sourceOf } from "./source-options.ts";
import type { Verification, VerificationFlags } from "./verification-options.ts";

export interface ScanFlags extends SourceFlags, VerificationFlags {
  readonly verify?: boolean;
  readonly baseline?: string;
  /** In the order in which they were given. */
  readonly destinations: readonly DestinationFlag[];
  readonly failOn: FailOn;
  readonly color: boolean;
}

export async function runScan(path: string | undefined, flags: ScanFlags, signal: AbortSignal): Promise<ExitCode> {
  const destinations = destinationsOf(flags.destinations);
  for (const { file } of destinations) if (file !== null) requireWritable(file);
  const baseline = flags.baseline === undefined ? null : await loadBaseline(flags.baseline);
  const progress = new ProgressLine(process.stderr);
  // Before the scan: where tokens must not be sent shows at once.
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
      source,
    });
    return strongestExitCode([
      exitCodeOf(report, { failOn: flags.failOn, isInterrupted: run.result.isInterrupted }),
      ...(signal.aborted ? [ExitCode.interrupted] : []),
      ...([...answers.values()].some(({ isFailure }) => isFailure) ? [ExitCode.responseFailed] : []),
    ]);
  } finally {
    progress.clear();
    await verification?.close();
  }
}

async function openVerification(
  flags: VerificationFlags,
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<Verification> {
  // Loaded only where it is needed: start-up time counts.
  const { startVerification } = await import("./verification-options.ts");
  return startVerification(flags, {
    signal,
    reusesAnswers: true,
    onProgress: (done, total) => progress.show(() => `verifying: ${done} of ${total}`),
  });
}

type Answers = ReadonlyMap<string, TokenAnswer>;

const NOTHING_ASKED: Answers = new Map();

/** Asks about each token once, the allowed ones too: what is allowed may not be live. */
async function verifyFound(run: ScanRun, verification: Verification, signal: AbortSignal): Promise<Answers> {
  if (run.result.isInterrupted) return NOTHING_ASKED;
  const tokens = [...new Map(run.result.occurrences.map(({ token }) => [token.fingerprint, token])).values()];
  const targets = tokens.map((token) => ({ token, hints: run.result.hintsOf(token.fingerprint) }));
  return verifyTokens(targets, verification, run.rules, signal);
}

function reportOf(
  path: string | undefined,
  flags: ScanFlags,
  run: ScanRun,
  baseline: Baseline | null,
  answers: Answers,
): Report {
  const policy = new Policy(run.configuration?.configuration ?? null, baseline, {
    today: new Date().toISOString().slice(0, 10),
    honoursInlineMarks: true,
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
      // A part of a repository cannot say what of the whole is unused.
      return readsEverything && path === undefined ? notes : { ...notes, unused: [] };
    },
  });
}
