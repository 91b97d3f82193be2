/** `keyrecall hook run`: what the installed hooks call. */
import { CONFIGURATION_FILE, loadBaseline, type LoadedConfiguration, parseConfiguration } from "../../config/load.ts";
import { Policy } from "../../config/policy.ts";
import { KeyrecallError } from "../../core/errors.ts";
import { ExitCode, strongestExitCode } from "../../core/exit-code.ts";
import { VERSION } from "../../core/version.generated.ts";
import type { KnownSide, RefUpdate } from "../../git/outgoing.ts";
import { errorLines, runGit } from "../../git/process.ts";
import { isSameRepository, urlsOfRemote } from "../../git/remotes.ts";
import { readPushLines, readReceiveLines } from "../../hooks/push-protocol.ts";
import { type HookStage, passOnceCommand, subjectOf } from "../../hooks/stages.ts";
import { formatStopped, formatUnchecked, type Stopped } from "../../report/stopped.ts";
import { buildReport } from "../../scan/build-report.ts";
import { mask } from "../../scan/mask.ts";
import type { Report } from "../../scan/report.ts";
import type { ScanSource } from "../../scan/scan.ts";
import { currentDirectory, scanByFlags, type ScanRun } from "./source-options.ts";

export interface HookRunFlags {
  readonly config?: string;
  readonly baseline?: string;
  readonly rules?: string[];
  readonly gitleaksIgnore?: string[];
  readonly allowSignature?: string[];
  readonly maxSeconds?: number;
  readonly onTimeout: "pass" | "fail";
}

export async function runHook(
  stage: HookStage,
  args: readonly string[],
  flags: HookRunFlags,
  signal: AbortSignal,
): Promise<ExitCode> {
  try {
    return await check(stage, args, flags, signal);
  } catch (error) {
    // What went wrong is told behind this, by whoever reports errors.
    if (!signal.aborted) process.stderr.write(nothingChecked(stage));
    throw error;
  }
}

function nothingChecked(stage: HookStage): string {
  const passOnce = passOnceCommand(stage);
  const lines = [
    `keyrecall: nothing was checked, so this ${subjectOf(stage)} is stopped.`,
    ...(passOnce === null ? [] : [`  To pass it once, unchecked: ${passOnce}`]),
  ];
  return `${lines.join("\n")}\n`;
}

async function check(
  stage: HookStage,
  args: readonly string[],
  flags: HookRunFlags,
  signal: AbortSignal,
): Promise<ExitCode> {
  const baseline = flags.baseline === undefined ? null : await loadBaseline(flags.baseline);
  const source = await sourceOf(stage, args);
  if (source === null) {
    await requireRepository();
    return ExitCode.clean;
  }
  const limit = flags.maxSeconds === undefined ? null : timeLimit(flags.maxSeconds);
  const run = await scanByFlags(
    source,
    { ...flags, ignore: true, minConfidence: "certain" },
    limit === null ? signal : AbortSignal.any([signal, limit]),
    { isServer: stage === "pre-receive" },
  );
  const configuration = run.configuration ?? (stage === "pre-receive" ? await configurationOfBase() : null);
  const report = reportOf(run, configuration, baseline, stage);
  const isTimeUp = limit?.aborted === true && run.result.isInterrupted && !signal.aborted;
  const { code, text } = conclude(stage, report, run, flags, isTimeUp);
  process.stderr.write(mask(run.result.detector, text));
  return code;
}

/** Where nothing comes in nothing is read, and nothing else would notice that this is no place for a hook. */
async function requireRepository(): Promise<void> {
  const { status, errorText } = await runGit({ directory: currentDirectory() }, ["rev-parse", "--git-dir"]);
  if (status === 0) return;
  throw new KeyrecallError("not-a-repository", errorLines(errorText).join("; ") || "git opens no repository here", {
    hint: "git runs hooks in a repository",
  });
}

/** From the start of the process: what Node took to start counts, as whoever ends slow hooks counts it. */
function timeLimit(seconds: number): AbortSignal {
  return AbortSignal.timeout(Math.max(0, Math.round(seconds * 1000 - performance.now())));
}

/** Null where nothing comes in. */
async function sourceOf(stage: HookStage, args: readonly string[]): Promise<ScanSource | null> {
  const path = currentDirectory();
  // Managers of hooks call the one check for both stages.
  if (stage === "pre-commit" || stage === "pre-merge-commit") {
    return { kind: "index", path, mergeHeads: headsOfMerge() };
  }
  const text = await readInput();
  const source = (updates: readonly RefUpdate[], known: KnownSide): ScanSource | null =>
    updates.length === 0 ? null : { kind: "push", path, updates, known };
  if (stage === "pre-receive") return source(readReceiveLines(text), "all-refs");
  const [remote, url] = args;
  if (remote !== undefined) return source(readPushLines(text), await knownSide(remote, url));
  if (text.trim() !== "") return source(readPushLines(text), "nothing");
  // The pre-commit framework keeps what git said to itself, and names of what is pushed one ref only, and not always.
  const named = process.env["PRE_COMMIT_REMOTE_NAME"];
  if (named !== undefined && named !== "") {
    return { kind: "push", path, updates: "local-refs", known: { remote: named } };
  }
  throw new KeyrecallError("usage", "pre-push was given neither a remote nor what is pushed", {
    hint: "the hook has to hand on its arguments and its standard input; keyrecall hook install does so",
  });
}

/** What was last seen of the remote says nothing about another repository that its `pushurl` names. */
async function knownSide(remote: string, url: string | undefined): Promise<KnownSide> {
  if (url === undefined) return { remote };
  const sources = await urlsOfRemote({ directory: currentDirectory() }, remote);
  return sources.length === 0 || sources.some((one) => isSameRepository(one, url)) ? { remote } : "nothing";
}

/** git merge writes MERGE_HEAD after this hook; until then its variables name what is merged. Source: git's merge.c. */
function headsOfMerge(): string[] {
  return Object.keys(process.env).flatMap((name) => /^GITHEAD_([0-9a-f]{40,64})$/.exec(name)?.[1] ?? []);
}

async function readInput(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new KeyrecallError("usage", "this hook reads from standard input which refs change", {
      hint: "git calls it; to look at commits by hand, use keyrecall scan --range A..B",
    });
  }
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}

/** Before a push is taken, HEAD is what was there before it: the base, which the push cannot have changed. */
async function configurationOfBase(): Promise<LoadedConfiguration | null> {
  const name = `HEAD:${CONFIGURATION_FILE}`;
  const { status, output } = await runGit({ directory: currentDirectory() }, ["cat-file", "blob", name]);
  return status === 0 ? parseConfiguration(name, output.toString("utf8")) : null;
}

function reportOf(
  run: ScanRun,
  configuration: LoadedConfiguration | null,
  baseline: Awaited<ReturnType<typeof loadBaseline>> | null,
  stage: HookStage,
): Report {
  const policy = new Policy(configuration?.configuration ?? null, baseline, {
    today: new Date().toISOString().slice(0, 10),
    // On a server they are whoever pushes'.
    honoursInlineMarks: stage !== "pre-receive",
    ignored: run.ignored,
  });
  return buildReport(run.result, {
    version: VERSION,
    target: ".",
    rules: run.rules,
    response: () => undefined,
    policyFile: configuration?.file ?? null,
    judge: (token, occurrences) => policy.judge(token, occurrences),
    policyNotes: () => ({ ...policy.notes(), unused: [] }),
  });
}

function conclude(
  stage: HookStage,
  report: Report,
  run: ScanRun,
  flags: HookRunFlags,
  isTimeUp: boolean,
): { code: ExitCode; text: string } {
  const stopped: Stopped = {
    subject: subjectOf(stage),
    isServer: stage === "pre-receive",
    passOnce: passOnceCommand(stage),
    variableOf: (id) => run.rules.find((rule) => rule.id === id)?.variable,
  };
  const isFound = report.tokens.some((token) => token.allowed === null);
  if (isFound) return { code: ExitCode.found, text: formatStopped(report, stopped) };
  if (isTimeUp) {
    const { coverage } = report.scan;
    const read = `${coverage.commits} commits and ${coverage.blobs} files of it were read`;
    const limit = `the time limit of ${flags.maxSeconds} s was reached`;
    return flags.onTimeout === "pass"
      ? {
          code: ExitCode.clean,
          text: `keyrecall: ${limit}: this ${stopped.subject} passes WITHOUT having been checked to its end (${read}), as --on-timeout pass says.\n`,
        }
      : {
          code: ExitCode.incomplete,
          text: `keyrecall: ${limit}: this ${stopped.subject} was not checked to its end (${read}) and is stopped, as --on-timeout fail says.\n  Push less at a time, or ask the operator for a higher limit.\n`,
        };
  }
  if (report.scan.complete) return { code: ExitCode.clean, text: "" };
  const code = strongestExitCode([ExitCode.incomplete, ...(run.result.isInterrupted ? [ExitCode.interrupted] : [])]);
  return { code, text: formatUnchecked(report, stopped) };
}
