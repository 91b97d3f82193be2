/** The report of a scan in the formats that were asked for. What only some need is loaded only for them. */
import { readFileSync } from "node:fs";
import { KeyrecallError } from "../core/errors.ts";
import { field } from "../core/field.ts";
import { openRepository, type Repository } from "../git/repository.ts";
import { escapeForMarkdown } from "../report/escape.ts";
import { formatJson } from "../report/json.ts";
import { rotationsOf } from "../report/rotation.ts";
import type { SarifOptions } from "../report/sarif.ts";
import { formatText, formatTextSummary, type TextOptions } from "../report/text.ts";
import { mask, maskEach, maskRule } from "../scan/mask.ts";
import { failingTokens, type FailOn } from "../scan/outcome.ts";
import type { Report, SourceKind } from "../scan/report.ts";
import { type ScanSource, targetOf } from "../scan/scan.ts";
import { colorsFor } from "./colors.ts";
import type { ScanRun } from "./commands/source-options.ts";
import type { Destination, ReportFormat } from "./destinations.ts";
import { writeOutput } from "./output.ts";

export interface ReportingOptions {
  readonly run: ScanRun;
  readonly failOn: FailOn;
  readonly color: boolean;
  readonly source: ScanSource;
}

/** Writes what can be written, also where another file cannot. */
export async function writeReports(
  report: Report,
  destinations: readonly Destination[],
  given: ReportingOptions,
): Promise<void> {
  const { run } = given;
  const options = { ...given, run: { ...run, rules: run.rules.map((rule) => maskRule(run.result.detector, rule)) } };
  const failures: unknown[] = [];
  for (const { format, file } of destinations) {
    try {
      // Rules and configurations are text of people too; nothing leaves unmasked.
      const pieces = await formatReport(report, format, file !== null, options);
      writeOutput(maskEach(run.result.detector, pieces), file);
    } catch (error) {
      failures.push(error);
    }
  }
  if (!destinations.some(({ file }) => file === null)) sayHowItWent(report, options);
  if (failures.length > 0) throw asOne(failures);
}

/** Each report that is missing is named. What is no failure to write is a bug, and comes before. */
function asOne(failures: readonly unknown[]): unknown {
  const expected = failures.filter((failure) => failure instanceof KeyrecallError);
  const [first] = expected;
  if (first === undefined || expected.length < failures.length) {
    return failures.find((failure) => !(failure instanceof KeyrecallError));
  }
  if (failures.length === 1) return first;
  return new KeyrecallError(first.code, expected.map(({ message }) => message).join("\n"), {
    ...(first.hint === undefined ? {} : { hint: first.hint }),
    cause: new AggregateError(failures),
  });
}

/** Where all reports are files, the terminal says how it went. */
function sayHowItWent(report: Report, { run, color }: ReportingOptions): void {
  const text = formatTextSummary(report, textOptions(run, colorsFor(color, process.stderr)));
  process.stderr.write(mask(run.result.detector, text));
}

async function formatReport(
  report: Report,
  format: ReportFormat,
  toFile: boolean,
  options: ReportingOptions,
): Promise<Iterable<string>> {
  const { run, failOn } = options;
  const now = Date.now();
  switch (format) {
    case "text":
      return [formatText(report, textOptions(run, colorsFor(options.color, toFile ? null : process.stdout)))];
    case "json":
      return formatJson(report);
    case "sarif": {
      const { formatSarif } = await import("../report/sarif.ts");
      return [formatSarif(report, await sarifOptions(report, options))];
    }
    case "html": {
      const { formatHtml } = await import("../report/html/page.ts");
      return formatHtml(report, { now, rotation: rotationsOf(run.rules) });
    }
    case "markdown": {
      const { formatMarkdown } = await import("../report/markdown.ts");
      const rest = { scope: scopeOf(report), notes: [], hiddenAnnotations: 0, rotation: rotationsOf(run.rules) };
      return [formatMarkdown(report, { ...disclosureTo(run, false), ...rest })];
    }
    case "github": {
      const { formatGithub } = await import("../report/github.ts");
      const { scan } = report;
      const found = report.tokens.filter(({ allowed }) => allowed === null).length;
      const summary = `${found} leaked token${found === 1 ? "" : "s"}; read: ${SCOPES[scan.source]}`;
      return [formatGithub(report, disclosureTo(run, isShownToStrangers()), summary)];
    }
    case "junit": {
      const { formatJunit } = await import("../report/junit.ts");
      const failing = new Set(failingTokens(report, failOn));
      return formatJunit(report, { fails: (token) => failing.has(token), now, rules: run.rules });
    }
  }
}

function textOptions(run: ScanRun, colors: TextOptions["colors"]): TextOptions {
  return { colors, now: Date.now(), rotation: rotationsOf(run.rules) };
}

function disclosureTo({ rules }: ScanRun, isPublic: boolean) {
  return { isPublic, prefixes: rules.map(({ grammar }) => grammar.prefix), honoursInlineMarks: true };
}

const SCOPES: Readonly<Record<SourceKind, string>> = {
  history: "the whole history",
  range: "the commits of a range",
  index: "what is staged",
  tree: "the files",
  stdin: "standard input",
};

function scopeOf({ scan }: Report): string {
  const range = scan.range === undefined ? "" : ` ${escapeForMarkdown(scan.range)}`;
  return `${SCOPES[scan.source]}${range} of ${escapeForMarkdown(scan.target)}`;
}

/**
 * The log of a workflow of a public repository is public too, and so are its annotations. What cannot be told is taken for
 * public.
 */
function isShownToStrangers(): boolean {
  if (process.env["GITHUB_ACTIONS"] !== "true") return false;
  try {
    const event: unknown = JSON.parse(readFileSync(process.env["GITHUB_EVENT_PATH"] ?? "", "utf8"));
    return field(event, "repository", "private") !== true;
  } catch {
    return true;
  }
}

async function sarifOptions(report: Report, { run, source }: ReportingOptions): Promise<SarifOptions> {
  const [{ SourceLines }, { readBlobs, readFiles }, { originOf }] = await Promise.all([
    import("../report/source-lines.ts"),
    import("../sources/contents.ts"),
    import("../git/remotes.ts"),
  ]);
  const tokens = new Map(run.result.occurrences.map(({ token }) => [token.fingerprint, token]));
  const lines = new SourceLines(report, (fingerprint) => tokens.get(fingerprint)?.isGuessable === false);
  const { root } = run.result;
  if (root !== null) readFiles(lines.paths, root, (path, bytes) => lines.take({ path }, bytes));
  const repository = await openRepositoryOf(source);
  let origin: Awaited<ReturnType<typeof originOf>> = null;
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
    provenance:
      origin === null ? null : { repositoryUri: origin.url, revisionId: origin.revision, branch: origin.branch },
  };
}

/** Null where there is none, or none that can be read: columns and hashes then go by what the scan knows. */
async function openRepositoryOf(source: ScanSource): Promise<Repository | null> {
  if (source.kind === "stdin") return null;
  try {
    return await openRepository(targetOf(source).directory);
  } catch (error) {
    if (error instanceof KeyrecallError) return null;
    throw error;
  }
}
