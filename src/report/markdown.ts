/** The report as Markdown, for the summary of a workflow's job, an issue or a comment. Strangers' words stand in code spans only. */
import type { Report, ReportedToken } from "../scan/report.ts";
import { escapeForMarkdown, escapeForTerminal } from "./escape.ts";
import { type Disclosure, listPlaces, type Place, placesOf, severity, withoutPublicIds } from "./places.ts";

export interface MarkdownOptions extends Disclosure {
  /** What was scanned, as Markdown. */
  readonly scope: string;
  /** What else the reader has to know. */
  readonly notes: readonly string[];
  /** How many places have no annotation. */
  readonly hiddenAnnotations: number;
  /** How to rotate, by rule. */
  readonly rotation: ReadonlyMap<string, { readonly steps: readonly string[] }>;
}

/** GitHub takes no summary of a step over 1 MiB, and nobody reads one of that length. */
const MAX_BYTES = 256 * 1024;
const MAX_PLACES_OF_TOKEN = 20;
const MAX_GAPS = 50;
const MAX_NAME_LENGTH = 500;

export function formatMarkdown(report: Report, options: MarkdownOptions): string {
  const tokens = report.tokens
    .filter((token) => token.allowed === null)
    .toSorted((a, b) => severity(a, options) - severity(b, options));
  const allowed = report.tokens.length - tokens.length;
  const head = [
    `## Keyrecall: ${headline(tokens.length, report.scan.complete)}`,
    "",
    `Read: ${options.scope}.`,
    "",
    ...(tokens.length === 0 ? [] : [ADVICE, ""]),
    ...(options.isPublic && tokens.length > 0 ? [PUBLIC_NOTE, ""] : []),
  ];
  const body = options.isPublic
    ? [...listPlaces(report, options).map((place) => `- ${placeText(place)}`), ""]
    : tokens.flatMap((token) => tokenBlock(token, options));
  const foot = [
    ...(options.hiddenAnnotations > 0
      ? [`${plural(options.hiddenAnnotations, "place")} more than GitHub shows as annotations.`, ""]
      : []),
    ...(allowed > 0
      ? [
          `${plural(allowed, "token")} allowed, and not counted: by the configuration, a baseline or a mark on the line.`,
          "",
        ]
      : []),
    ...gapLines(report, options),
    ...policyLines(report, options),
    ...options.notes.flatMap((note) => [`> ${plainText(note)}`, ""]),
  ];
  return `${[...head, ...limit(body), ...foot].join("\n").trimEnd()}\n`;
}

const ADVICE =
  "A token that was pushed is leaked, **also where a later commit takes it out again**: rewriting history does not help, rotating does. Mint a new one, move its users over, revoke the leaked one, then clean up.";

const PUBLIC_NOTE =
  "This page is public, so it says only where tokens stand. `keyrecall scan --verify` in a clone says the rest to whoever may know.";

function headline(tokens: number, isComplete: boolean): string {
  const found = tokens === 0 ? "no leaked token found" : plural(tokens, "leaked token");
  return isComplete ? found : `${found}, and not everything could be read`;
}

function tokenBlock(token: ReportedToken, options: MarkdownOptions): string[] {
  const { masked, plane, rule, confidence, verdict, blastRadius, misplaced, overruled } = token;
  const places = placesOf(token, options);
  const kind = plane === null ? escapeForMarkdown(rule) : `${plane} plane`;
  const state = verdict.state === "unchecked" ? "not verified" : `**${verdict.state}**`;
  const steps = options.rotation.get(rule)?.steps ?? [];
  return [
    `### ${escapeForMarkdown(masked)} ${kind}${confidence === "suspect" ? ", suspect" : ""}, ${state}`,
    "",
    ...(verdict.state === "unchecked" ? [] : [`Why: ${code(verdict.reason)}`, ""]),
    ...(verdict.state === "revoked" ? [] : [`Whoever has it ${plainText(blastRadius.summary)}.`, ""]),
    ...places.slice(0, MAX_PLACES_OF_TOKEN).map((place) => `- ${placeText(place)}`),
    ...(places.length > MAX_PLACES_OF_TOKEN
      ? [`- … and ${plural(places.length - MAX_PLACES_OF_TOKEN, "more place")}`]
      : []),
    ...misplaced.map((text) => `- misplaced: ${code(text)}`),
    ...(overruled === null ? [] : ["- it is allowed by the configuration, which does not hold for a token that works"]),
    "",
    ...(verdict.state === "revoked" || steps.length === 0 ? [] : [`Next: ${steps.map(plainText).join("; ")}.`, ""]),
  ];
}

function placeText({ before, name, after }: Place): string {
  return `${before}${name === null ? "" : code(name)}${after}`;
}

function code(text: string): string {
  return escapeForMarkdown(text.length > MAX_NAME_LENGTH ? `${text.slice(0, MAX_NAME_LENGTH)}…` : text);
}

/** Words of the operator and of the rules: no stranger's, and no Markdown. */
function plainText(text: string): string {
  return escapeForTerminal(text).replace(/[\\`*_{}[\]<>#|&~]/g, "\\$&");
}

function gapLines(report: Report, options: MarkdownOptions): string[] {
  const { complete, incomplete } = report.scan;
  if (complete) return [];
  const shown = incomplete.slice(0, MAX_GAPS);
  return [
    "### Not read",
    "",
    ...shown.map(({ what, why }) => `- ${code(withoutPublicIds(`${what}: ${why}`, options))}`),
    ...(incomplete.length > shown.length ? [`- … and ${incomplete.length - shown.length} more`] : []),
    "",
  ];
}

function policyLines({ policy }: Report, options: MarkdownOptions): string[] {
  const notes = [
    ...policy.expired.map((entry) => `expired: ${entry}`),
    ...policy.unused.map((entry) => `not needed: ${entry}`),
  ];
  if (notes.length === 0) return [];
  return [
    `Entries of ${code(policy.file ?? "the configuration")}:`,
    "",
    ...notes.slice(0, MAX_GAPS).map((note) => `- ${code(withoutPublicIds(note, options))}`),
    "",
  ];
}

function limit(lines: readonly string[]): string[] {
  let bytes = 0;
  const kept = lines.findIndex((line) => {
    bytes += Buffer.byteLength(line) + 1;
    return bytes > MAX_BYTES;
  });
  if (kept === -1) return [...lines];
  return [...lines.slice(0, kept), "", "… and more than fits here: see the report.", ""];
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
