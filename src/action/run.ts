/** One run of the Action: from the environment that a runner gives to outputs, annotations and a summary. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { loadRules } from "../config/load.ts";
import { Policy } from "../config/policy.ts";
import { ExitCode, strongestExitCode } from "../core/exit-code.ts";
import type { Token } from "../core/token.ts";
import { VERSION } from "../core/version.generated.ts";
import { formatHtml } from "../report/html/page.ts";
import { formatJson } from "../report/json.ts";
import { rotationsOf } from "../report/rotation.ts";
import { formatSarif, type Provenance } from "../report/sarif.ts";
import { SourceLines } from "../report/source-lines.ts";
import { type TokenAnswer, verifyTokens } from "../respond/token-answers.ts";
import { compileRules } from "../rules/ruleset.ts";
import type { Rule } from "../rules/schema.ts";
import { buildReport } from "../scan/build-report.ts";
import { mask, maskEach } from "../scan/mask.ts";
import { countedTokens, exitCodeOf } from "../scan/outcome.ts";
import type { Report } from "../scan/report.ts";
import { scan, type ScanResult } from "../scan/scan.ts";
import { readBlobs, readFiles } from "../sources/contents.ts";
import { Verifier } from "../verify/verifier.ts";
import { isolateGit, remoteOf, temporaryDirectory, workspaceDirectory } from "./environment.ts";
import { type Plan, planScan, readEvent, type WorkflowEvent, withoutSecrets } from "./event.ts";
import { writeInWorkspace, writePieces } from "./files.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { NOTHING_KNOWN, setOutputs, writeSummary } from "./outputs.ts";
import { type PolicyFiles, readPolicyFiles } from "./policy-files.ts";
import { prepareReading, type Reading } from "./reading.ts";
import { maskInLog } from "./secrets.ts";
import { showFailure, showNothing, showReport } from "./show.ts";
import { isPublicRepository } from "./visibility.ts";

/** @returns whether the step succeeds */
export async function run(signal: AbortSignal): Promise<boolean> {
  isolateGit();
  let directory: string | null = null;
  try {
    const inputs = readInputs();
    const event = readEvent(process.env);
    const plan = planScan(event, inputs.scan);
    if (plan.kind === "nothing") return await passOver(plan.why);
    directory = mkdtempSync(path.join(temporaryDirectory(), "keyrecall-"));
    const outcome = await scanPlan(plan, inputs, event, directory, signal);
    return await deliver(outcome, inputs, event, directory);
  } catch (error) {
    showFailure(error, signal.aborted);
    if (directory !== null) rmSync(directory, { recursive: true, force: true });
    await attempt([], () => setOutputs(NOTHING_KNOWN));
    return false;
  }
}

async function passOver(why: string): Promise<boolean> {
  setOutputs({ ...NOTHING_KNOWN, incomplete: false });
  showNothing(why);
  await writeSummary("## Keyrecall: nothing to scan\n");
  return true;
}

interface Outcome {
  readonly report: Report;
  readonly tokens: readonly Token[];
  readonly rules: readonly Rule[];
  readonly result: ScanResult;
  readonly scope: string;
  readonly notes: readonly string[];
  readonly sarif: ((isPublic: boolean) => Promise<string>) | null;
  /** A token could not be asked about. */
  readonly hasFailure: boolean;
  readonly dispose: () => void;
}

async function scanPlan(
  plan: Exclude<Plan, { kind: "nothing" }>,
  inputs: Inputs,
  event: WorkflowEvent,
  directory: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const fetched = path.join(directory, "fetched");
  mkdirSync(fetched);
  const workspace = workspaceDirectory();
  const remote = remoteOf(event.repository, inputs.token);
  const reading = await prepareReading(plan, { remote, directory: fetched, workspace, signal });
  const policyFiles = await readPolicyFiles(reading.policy, inputs);
  const rules = await loadRules([]);
  const result = await scanAll(reading, rules, inputs, signal);
  const tokens = [...new Map(result.occurrences.map(({ token }) => [token.fingerprint, token])).values()];
  // Before anything else is printed, whatever it is.
  maskInLog(tokens, compileRules(rules));

  const noSecrets = withoutSecrets(event);
  const isVerified = (inputs.verify ?? noSecrets === null) && !result.isInterrupted;
  const answers = isVerified ? await verify(tokens, result, rules, inputs, signal) : NOTHING_ASKED;
  const report = makeReport(result, rules, answers, policyFiles);
  const isWorthSaying = noSecrets !== null || tokens.length > 0;
  const unchecked = isVerified || !isWorthSaying ? [] : [uncheckedNote(noSecrets)];
  return {
    report,
    tokens,
    rules,
    result,
    scope: reading.scope,
    notes: [...plan.notes, ...policyFiles.notes, ...unchecked],
    sarif:
      inputs.sarifFile === null
        ? null
        : (isPublic) =>
            sarifOf(report, tokens, rules, isPublic, {
              repository: reading.repository,
              provenance: provenanceOf(plan, remote.url),
            }),
    hasFailure: [...answers.values()].some(({ isFailure }) => isFailure),
    dispose: () => rmSync(fetched, { recursive: true, force: true }),
  };
}

/** What a find needs beyond a clean range is fetched only once there is one. */
async function scanAll(
  reading: Reading,
  rules: readonly Rule[],
  { minConfidence }: Inputs,
  signal: AbortSignal,
): Promise<ScanResult> {
  const options = { source: reading.source, rules, minConfidence, signal };
  const result = await scan(options);
  return (await reading.fetchMore(result)) ? scan(options) : result;
}

type Answers = ReadonlyMap<string, TokenAnswer>;

const NOTHING_ASKED: Answers = new Map();
/** Whose the repository is does not say whose the projects are: nothing is listed. */
const NOTHING_OWN = { projects: [], workloads: [] };

async function verify(
  tokens: readonly Token[],
  result: ScanResult,
  rules: readonly Rule[],
  { baseUrl }: Inputs,
  signal: AbortSignal,
): Promise<Answers> {
  if (tokens.length === 0) return NOTHING_ASKED;
  const verifier = new Verifier({ baseUrl, userAgent: `keyrecall/${VERSION}`, signal });
  try {
    const targets = tokens.map((token) => ({ token, hints: result.hintsOf(token.fingerprint) }));
    return await verifyTokens(targets, { verifier, own: NOTHING_OWN }, rules, signal);
  } finally {
    await verifier.close();
  }
}

function makeReport(
  result: ScanResult,
  rules: readonly Rule[],
  answers: Answers,
  { file, configuration, baseline }: PolicyFiles,
): Report {
  const today = new Date().toISOString().slice(0, 10);
  const policy = new Policy(configuration, baseline, { today, honoursInlineMarks: false });
  return buildReport(result, {
    version: VERSION,
    target: ".",
    rules,
    response: (fingerprint) => answers.get(fingerprint),
    policyFile: file,
    judge: (token, occurrences) => policy.judge(token.fingerprint, occurrences),
    policyNotes: () => {
      const notes = policy.notes();
      // A range cannot say what of the whole is unused.
      return result.source === "range" ? { ...notes, unused: [] } : notes;
    },
  });
}

function uncheckedNote(noSecrets: string | null): string {
  const why = noSecrets === null ? "the input verify is false" : `this is ${noSecrets}, which has no secrets`;
  return `Not checked: whether a token still works, because ${why}. Take what is found for working.`;
}

/** The commit that was read: of a pull request its head, and not the merge that GitHub made of it. */
function provenanceOf(plan: Plan, { href }: URL): Provenance {
  const head = plan.kind === "range" ? plan.head.objectId : process.env["GITHUB_SHA"] || null;
  return { repositoryUri: href, revisionId: head, branch: null };
}

async function sarifOf(
  report: Report,
  tokens: readonly Token[],
  rules: readonly Rule[],
  isPublic: boolean,
  { repository, provenance }: Pick<Reading, "repository"> & { readonly provenance: Provenance },
): Promise<string> {
  const byFingerprint = new Map(tokens.map((token) => [token.fingerprint, token]));
  const lines = new SourceLines(report, (fingerprint) => !byFingerprint.get(fingerprint)!.isGuessable);
  readFiles(lines.paths, workspaceDirectory(), (file, bytes) => lines.take({ path: file }, bytes));
  if (repository !== null) {
    await readBlobs(repository, lines.objects, (object, bytes) => lines.take({ object }, bytes));
  }
  return formatSarif(report, {
    rules,
    isPublic,
    honoursInlineMarks: false,
    lengthOf: (fingerprint) => byFingerprint.get(fingerprint)!.reveal().length,
    lines,
    provenance,
  });
}

const NO_PAGE =
  "The page of html-file was not written: it says more than strangers may know, and this repository is taken for public.";

/** Hands the result to people and to later steps; what cannot be handed over fails the step, and the rest still is. */
async function deliver(
  { report, rules, result, scope, notes, sarif, hasFailure, dispose }: Outcome,
  inputs: Inputs,
  event: WorkflowEvent,
  directory: string,
): Promise<boolean> {
  const { detector, isInterrupted } = result;
  const failures: unknown[] = [];
  const isPublic = await isPublicRepository(event, inputs.token);
  const summary = showReport(report, {
    rules,
    isPublic,
    notes: [...notes, ...(isPublic && inputs.htmlFile !== null ? [NO_PAGE] : [])],
    scope,
    detector,
  });
  await attempt(failures, () => writeSummary(summary));
  const reportFile = path.join(directory, "report.json");
  writePieces(reportFile, maskEach(detector, formatJson(report)));
  let sarifFile = "";
  await attempt(failures, async () => {
    if (sarif === null || inputs.sarifFile === null) return;
    const text = mask(detector, await sarif(isPublic));
    sarifFile = writeInWorkspace(workspaceDirectory(), inputs.sarifFile, [text], "sarif-file");
  });
  let htmlFile = "";
  await attempt(failures, () => {
    if (inputs.htmlFile === null || isPublic) return;
    const pieces = maskEach(detector, formatHtml(report, { now: Date.now(), rotation: rotationsOf(rules) }));
    htmlFile = writeInWorkspace(workspaceDirectory(), inputs.htmlFile, pieces, "html-file");
  });
  dispose();
  const counted = countedTokens(report);
  await attempt(failures, () =>
    setOutputs({
      found: counted.length,
      live: counted.filter(({ verdict }) => verdict.state === "live").length,
      incomplete: !report.scan.complete,
      report: reportFile,
      sarif: sarifFile,
      html: htmlFile,
    }),
  );
  for (const failure of failures) showFailure(failure, false);
  const exitCode = strongestExitCode([
    exitCodeOf(report, { failOn: inputs.failOn, isInterrupted }),
    hasFailure ? ExitCode.responseFailed : ExitCode.clean,
    failures.length > 0 ? ExitCode.usage : ExitCode.clean,
  ]);
  return exitCode === ExitCode.clean;
}

async function attempt(failures: unknown[], work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    failures.push(error);
  }
}
