/** The report for people at a terminal. */
import type pc from "picocolors";
import { formatsOf } from "../core/container-steps.ts";
import type { Gap } from "../core/gap.ts";
import type { CommitFacts } from "../scan/occurrence.ts";
import type { Report, ReportedOccurrence, ReportedToken } from "../scan/report.ts";
import { entryOf } from "./entry.ts";
import { escapeForTerminal } from "./escape.ts";
import { verdictWord, workloadLines } from "./verification.ts";
import { ALLOWED_BY, plural, readingOf } from "./words.ts";

export interface TextOptions {
  readonly colors: ReturnType<typeof pc.createColors>;
  /** Milliseconds since the epoch, for ages. */
  readonly now: number;
  /** How to rotate, by rule. */
  readonly rotation: ReadonlyMap<string, { readonly dashboard: string; readonly steps: readonly string[] }>;
}

const MAX_PLACES = 10;
const MAX_GAPS = 20;
const MAX_SKIPPED = 5;

export function formatText(report: Report, options: TextOptions): string {
  const counted = report.tokens.filter((token) => token.allowed === null);
  const allowed = report.tokens.filter((token) => token.allowed !== null);
  const blocks = [
    ...counted.map((token) => formatToken(token, options)),
    ...(allowed.length === 0 ? [] : [allowed.map((token) => formatAllowed(token, options)).join("\n")]),
    ...(report.scan.complete ? [] : [formatGaps(report.scan.incomplete, options)]),
    ...formatSkipped(report.scan.coverage.skipped, options),
    ...formatPolicy(report, options),
    formatSummary(report, counted.length, allowed.length, options),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** Where reports go to files: how it went, and what was not read. */
export function formatTextSummary(report: Report, options: TextOptions): string {
  const allowed = report.tokens.filter((token) => token.allowed !== null).length;
  const blocks = [
    ...(report.scan.complete ? [] : [formatGaps(report.scan.incomplete, options)]),
    formatSummary(report, report.tokens.length - allowed, allowed, options),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function formatToken(token: ReportedToken, options: TextOptions): string {
  const { colors } = options;
  const kind = token.plane === null ? token.rule : `${token.plane} plane`;
  const confidence = token.confidence === "suspect" ? " · suspect" : "";
  const shown = token.occurrences.slice(0, MAX_PLACES);
  const hidden = token.occurrences.length - shown.length;
  const rotation = options.rotation.get(token.rule);
  return [
    `${colors.red(colors.bold(token.masked))}  ${kind}${confidence} · ${verdictWord(token.verdict, colors)}`,
    ...(token.verdict.state === "unchecked" ? [] : [`  ${escapeForTerminal(token.verdict.reason)}`]),
    ...formatBlastRadius(token),
    ...token.misplaced.map((place) => `  ${colors.yellow("Misplaced:")} ${escapeForTerminal(place)}.`),
    ...formatOverruled(token),
    ...shown.map((occurrence) => `  ${formatOccurrence(occurrence, options)}`),
    ...(hidden > 0 ? [`  … and ${plural(hidden, "more place")} (all of them with --format json)`] : []),
    ...(rotation === undefined ? [] : [`  ${colors.bold("Next:")} ${rotation.steps.join("; ")}.`]),
    colors.dim(`  ${token.fingerprint}`),
  ].join("\n");
}

function formatBlastRadius({ verdict, blastRadius }: ReportedToken): string[] {
  // A dead token opens nothing.
  if (verdict.state === "revoked") return [];
  const { summary, cannot, workloads = [], notes = [] } = blastRadius;
  return [
    `  Whoever has it ${escapeForTerminal(summary)}.`,
    ...(cannot.length === 0 ? [] : [`  It cannot ${cannot.join("; ")}.`]),
    ...workloadLines(workloads).map((line) => `  At risk: ${escapeForTerminal(line)}`),
    ...notes.map((note) => `  Note: ${escapeForTerminal(note)}.`),
  ];
}

function formatOverruled({ overruled }: ReportedToken): string[] {
  if (overruled === null) return [];
  return [`  Allowed (${escapeForTerminal(overruled.reason)}), and counted all the same: it verifies live.`];
}

function formatAllowed(token: ReportedToken, { colors }: TextOptions): string {
  const { by: how, reason } = token.allowed!;
  return colors.dim(
    `${token.masked}  allowed ${ALLOWED_BY[how]}: ${escapeForTerminal(reason)} (${plural(token.occurrences.length, "place")})`,
  );
}

function formatOccurrence(occurrence: ReportedOccurrence, options: TextOptions): string {
  const { colors } = options;
  const place = colors.cyan(placeOf(occurrence));
  const more = occurrence.paths.length > 1 ? ` (and ${plural(occurrence.paths.length - 1, "other path")})` : "";
  const form = [...occurrence.encoding, ...formatsOf(occurrence.container)].join(", ");
  const facts = [
    ...(form === "" ? [] : [form]),
    ...(occurrence.end === undefined ? [] : [`up to ${occurrence.end.line}:${occurrence.end.column}`]),
    ...(occurrence.inlineMark ? ["marked keyrecall:allow"] : []),
    ...(occurrence.introducedBy.length === 0 ? [] : [`in with ${formatCommits(occurrence.introducedBy, options)}`]),
    ...(occurrence.removedBy.length === 0 ? [] : [`out with ${formatCommits(occurrence.removedBy, options)}`]),
    ...formatRefs(occurrence),
  ];
  return `${place}${more}${facts.length === 0 ? "" : `  ${facts.join(", ")}`}`;
}

/** Where it stands, in one word or a few. */
export function placeOf(occurrence: ReportedOccurrence): string {
  const [path] = occurrence.paths;
  const at = placeInFile(occurrence);
  const object = occurrence.object?.slice(0, 12) ?? "";
  switch (occurrence.kind) {
    case "blob":
      return `${path === undefined ? `blob ${object}` : escapeForTerminal(path)}${at}`;
    case "index":
    case "file":
      return `${escapeForTerminal(path ?? "")}${at}`;
    case "stdin":
      return `${path === undefined ? "standard input" : escapeForTerminal(path)}${at}`;
    case "path":
      return `name of ${escapeForTerminal(path ?? "")}`;
    case "ref-name":
      return `name of ${escapeForTerminal(occurrence.refs[0] ?? "")}`;
    case "reflog":
      return `reflog of ${escapeForTerminal(occurrence.refs[0] ?? "")}${at}`;
    case "commit-message":
      return `message of commit ${object}${at}`;
    case "commit-identity":
      return `author or committer of commit ${object}`;
    case "tag-message":
      return `message of tag ${object}${at}`;
    case "tag-identity":
      return `tagger of tag ${object}`;
  }
}

/** In an archive the line and column of the innermost file, unless it is in no file but in a name or a comment. */
function placeInFile(occurrence: ReportedOccurrence): string {
  const { line, column, container, inner } = occurrence;
  const entry = escapeForTerminal(entryOf(occurrence));
  if (inner !== undefined) return `${entry}:${inner.line}:${inner.column}`;
  return container.length === 0 ? `:${line}:${column}` : `${entry}:${line}:${column} (a name or a comment)`;
}

function formatCommits(commits: readonly CommitFacts[], { now }: TextOptions): string {
  const [first] = commits;
  if (first === undefined) return "";
  const author = first.author === null ? "" : ` by ${escapeForTerminal(first.author)}`;
  const age = first.date === null ? "" : `, ${ageOf(Date.parse(first.date), now)}`;
  const more = commits.length > 1 ? ` and ${plural(commits.length - 1, "other commit")}` : "";
  return `${first.commit.slice(0, 12)}${author}${age}${more}`;
}

function formatRefs({ kind, refs, reachable }: ReportedOccurrence): string[] {
  if (kind === "ref-name" || kind === "reflog") return [];
  if (!reachable) return ["no ref reaches it"];
  const [first] = refs;
  if (first === undefined) return [];
  return [`on ${escapeForTerminal(first)}${refs.length > 1 ? ` and ${plural(refs.length - 1, "other ref")}` : ""}`];
}

const AGES: readonly [number, string][] = [
  [365 * 86_400, "year"],
  [30 * 86_400, "month"],
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
];

function ageOf(then: number, now: number): string {
  const seconds = (now - then) / 1000;
  const unit = AGES.find(([length]) => seconds >= length);
  return unit === undefined ? "just now" : `${plural(Math.floor(seconds / unit[0]), unit[1])} ago`;
}

function formatGaps(gaps: readonly Gap[], { colors }: TextOptions): string {
  const shown = gaps.slice(0, MAX_GAPS);
  return [
    colors.yellow(colors.bold("Not everything could be read:")),
    ...shown.map((gap) => `  ${escapeForTerminal(gap.what)}: ${escapeForTerminal(gap.why)}`),
    ...(gaps.length > shown.length
      ? [`  … and ${gaps.length - shown.length} more (all of them with --format json)`]
      : []),
  ].join("\n");
}

/** No gaps, for it is no part of what was to be read; but whoever thinks that it is has to know. */
function formatSkipped(skipped: readonly Gap[], { colors }: TextOptions): string[] {
  if (skipped.length === 0) return [];
  const shown = skipped.slice(0, MAX_SKIPPED);
  const hidden = skipped.length - shown.length;
  const lines = [
    "Left out:",
    ...shown.map((gap) => `  ${escapeForTerminal(gap.what)}: ${escapeForTerminal(gap.why)}`),
    ...(hidden > 0 ? [`  … and ${hidden} more (all of them with --format json)`] : []),
  ];
  return [colors.dim(lines.join("\n"))];
}

function formatPolicy({ policy }: Report, { colors }: TextOptions): string[] {
  const lines = [
    ...policy.expired.map((entry) => `  expired: ${escapeForTerminal(entry)}`),
    ...policy.unused.map((entry) => `  unused: ${escapeForTerminal(entry)}`),
  ];
  const foreign = (policy.notUnderstood ?? []).map((entry) => `  ${escapeForTerminal(entry)}`);
  const imported =
    foreign.length === 0 ? [] : [["Lines of an imported file that allow nothing here:", ...foreign].join("\n")];
  if (lines.length === 0) return imported;
  return [
    ...imported,
    [colors.yellow(`Entries of ${escapeForTerminal(policy.file ?? "the configuration")} to take out:`), ...lines].join(
      "\n",
    ),
  ];
}

function formatSummary(report: Report, found: number, allowed: number, { colors }: TextOptions): string {
  const { complete } = report.scan;
  const tokens = found === 0 ? "No leaked token found" : `${plural(found, "leaked token")} found`;
  const also = allowed === 0 ? "" : `, ${allowed} allowed`;
  const verdict = complete ? "" : "; the scan is incomplete";
  const line = `${tokens}${also}${verdict}.`;
  const color = found > 0 ? colors.red : complete ? colors.green : colors.yellow;
  return `${color(line)} Read ${readingOf(report.scan)}`;
}
