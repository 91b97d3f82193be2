/** What people see of a run: annotations, the step's log, the job's summary. */
import { error, info, notice, warning } from "@actions/core";
import { KeyrecallError, messageOf, systemCodeOf } from "../core/errors.ts";
import { Detector } from "../detect/detector.ts";
import { annotationsOf } from "../report/annotations.ts";
import { escapeForWorkflow } from "../report/escape.ts";
import { formatMarkdown } from "../report/markdown.ts";
import { listPlaces, withoutPublicIds } from "../report/places.ts";
import { rotationsOf } from "../report/rotation.ts";
import { builtinRules } from "../rules/builtin.generated.ts";
import { compileRules } from "../rules/ruleset.ts";
import type { Rule } from "../rules/schema.ts";
import { mask, maskPieces } from "../scan/mask.ts";
import { countedTokens } from "../scan/outcome.ts";
import type { Report } from "../scan/report.ts";

export interface Shown {
  readonly rules: readonly Rule[];
  readonly isPublic: boolean;
  readonly notes: readonly string[];
  readonly scope: string;
  readonly detector: Detector;
}

const ANNOTATE = { error, warning, notice };
const MAX_LOG_LINES = 1000;

/** @returns the summary */
export function showReport(report: Report, { rules, isPublic, notes, scope, detector }: Shown): string {
  const disclosure = { isPublic, prefixes: rules.map(({ grammar }) => grammar.prefix), honoursInlineMarks: false };
  const { shown, hidden } = annotationsOf(report, disclosure, notes);
  for (const { level, title, message, file, line } of shown) {
    ANNOTATE[level](mask(detector, message), {
      title,
      ...(file === null ? {} : { file }),
      ...(line === null ? {} : { startLine: line }),
    });
  }
  const places = listPlaces(report, disclosure);
  const found = countedTokens(report).length;
  info(`keyrecall: ${found} leaked token${found === 1 ? "" : "s"}; read: ${scope}`);
  // A line of the log must not begin with a stranger's words.
  for (const { before, name, after } of places.slice(0, MAX_LOG_LINES)) {
    info(`- ${mask(detector, escapeForWorkflow(`${before}${name ?? ""}${after}`))}`);
  }
  if (places.length > MAX_LOG_LINES) info(`- and ${places.length - MAX_LOG_LINES} places more`);
  const rotation = rotationsOf(rules);
  return mask(detector, formatMarkdown(report, { ...disclosure, scope, notes, hiddenAnnotations: hidden, rotation }));
}

/** Why there is nothing to scan; a ref's name in it is whoever pushed it's. */
export function showNothing(why: string): void {
  info(`keyrecall: ${escapeForWorkflow(forEverybody(why))}`);
}

/** What kept the run from its end, or its result from where it belongs. */
export function showFailure(failure: unknown, isInterrupted: boolean): void {
  const isOperational = failure instanceof KeyrecallError || systemCodeOf(failure) !== undefined;
  if (isOperational && !isInterrupted) {
    const hint = failure instanceof KeyrecallError ? failure.hint : undefined;
    const text = [messageOf(failure), ...(hint === undefined ? [] : [hint])].join("; ");
    error(forEverybody(text).split("\n").map(escapeForWorkflow).join("\n"), { title: TITLE });
    return;
  }
  if (isInterrupted) {
    error("The run was interrupted: nothing is known.", { title: TITLE });
    return;
  }
  // The message of a foreign error can quote what was being read; its type and place cannot.
  const name = failure instanceof Error ? failure.name : typeof failure;
  const places =
    failure instanceof Error ? (failure.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)) : [];
  error(`This is a bug in keyrecall (${name}); please report it with the lines of the log.`, { title: TITLE });
  for (const place of places) info(`- ${escapeForWorkflow(place.trim())}`);
}

/** Without tokens, and, where it is not known who reads, without what strangers may not know. */
function forEverybody(text: string): string {
  const detector = new Detector(compileRules(builtinRules), { minConfidence: "suspect" });
  const prefixes = builtinRules.map(({ grammar }) => grammar.prefix);
  const disclosure = { isPublic: true, prefixes, honoursInlineMarks: false };
  return withoutPublicIds(maskPieces(detector, builtinRules, text), disclosure);
}

const TITLE = "Keyrecall could not do its work";
