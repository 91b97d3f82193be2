/** What a hook says when it stops something: at most ten lines, because they stand between a person and their work. */
import type { Report, ReportedOccurrence, ReportedToken } from "../scan/report.ts";
import { escapeForTerminal } from "./escape.ts";
import { placeOf } from "./text.ts";

export interface Stopped {
  readonly subject: "commit" | "merge" | "push";
  /** On a server nobody can pass once, and the operator allows. */
  readonly isServer: boolean;
  /** The command that passes it once without a check. */
  readonly passOnce: string | null;
  /** The environment variable that a token of the rule belongs into. */
  readonly variableOf: (rule: string) => string | undefined;
}

const MAX_PLACES = 3;
const MAX_GAPS = 5;

/** For tokens that count. */
export function formatStopped(report: Report, stopped: Stopped): string {
  const tokens = report.tokens.filter((token) => token.allowed === null);
  const places = tokens.flatMap((token) => token.occurrences.map((occurrence) => ({ token, occurrence })));
  const shown = places.slice(0, report.scan.complete ? MAX_PLACES : MAX_PLACES - 1);
  const count = tokens.length === 1 ? "a leaked token" : `${tokens.length} leaked tokens`;
  const variables = [...new Set(tokens.flatMap(({ rule }) => stopped.variableOf(rule) ?? []))];
  const planes = [...new Set(tokens.flatMap(({ plane }) => plane ?? []))];
  return lines([
    `keyrecall: this ${stopped.subject} is stopped: it would ${stopped.subject === "push" ? "publish" : "bring in"} ${count}.`,
    ...shown.map(({ token, occurrence }) => `  ${formatPlace(token, occurrence)}`),
    ...(places.length > shown.length ? [`  … and ${places.length - shown.length} more`] : []),
    ...(report.scan.complete ? [] : ["  Besides, not everything could be read: keyrecall scan says what."]),
    `  Take it out:  ${takeOut(
      shown.map(({ occurrence }) => occurrence),
      stopped,
    )}`,
    `  Instead:      read it from the environment${variables.length === 0 ? "" : ` (${variables.join(", ")})`}.`,
    `  If it was pushed before, it is leaked: rotate it (keyrecall explain ${planes.length === 1 ? planes[0] : "control|data"}).`,
    `  False alarm?  ${allow(tokens, stopped)}`,
    ...passOnceLine(stopped),
  ]);
}

/** For what could not be checked, where no token was found. */
export function formatUnchecked(report: Report, stopped: Stopped): string {
  const gaps = report.scan.incomplete;
  return lines([
    `keyrecall: this ${stopped.subject} is stopped: no token was found, but not everything could be checked.`,
    ...gaps.slice(0, MAX_GAPS).map(({ what, why }) => `  ${escapeForTerminal(what)}: ${escapeForTerminal(why)}`),
    ...(gaps.length > MAX_GAPS ? [`  … and ${gaps.length - MAX_GAPS} more`] : []),
    ...passOnceLine(stopped),
  ]);
}

function lines(list: readonly string[]): string {
  return `${list.join("\n")}\n`;
}

function formatPlace(token: ReportedToken, occurrence: ReportedOccurrence): string {
  const [commit] = occurrence.introducedBy;
  const where =
    commit === undefined || occurrence.kind.startsWith("commit-") ? "" : ` in ${commit.commit.slice(0, 12)}`;
  const plane = token.plane === null ? token.rule : `${token.plane} plane`;
  const forms = [...occurrence.encoding, ...occurrence.container];
  const form = forms.length === 0 ? "" : ` (${escapeForTerminal(forms.join(", "))})`;
  return `${placeOf(occurrence)}${form}${where}  ${token.masked}  ${plane}: ${escapeForTerminal(token.blastRadius.summary)}`;
}

function takeOut(occurrences: readonly ReportedOccurrence[], { subject }: Stopped): string {
  const commits = [...new Set(occurrences.flatMap(({ introducedBy }) => introducedBy.map(({ commit }) => commit)))];
  if (subject === "push") {
    const oldest = commits[0];
    return oldest === undefined
      ? "make the tag or ref anew without it, then push again."
      : `change the commit that brings it in (git rebase -i ${oldest.slice(0, 12)}^), not only the last one.`;
  }
  const files = [...new Set(occurrences.filter(({ kind }) => kind === "index").flatMap(({ paths }) => paths))];
  if (files.length === 0) return "give the file another name, and stage it again.";
  // git restore has nothing to restore from before the first commit.
  return `git reset -q -- ${files.map(quoteForShell).join(" ")}, then remove it there.`;
}

function allow(tokens: readonly ReportedToken[], { isServer }: Stopped): string {
  const [only, ...others] = tokens;
  // The hash of what can be guessed does not leave the machine.
  const isShown = others.length === 0 && !(isServer && only?.publicId === null);
  const named = isShown ? only!.fingerprint : "the fingerprints that keyrecall scan shows";
  return isServer
    ? `The server's operator, or its .keyrecall.yml, can allow ${named}.`
    : `Write keyrecall:allow and why on its line, or allow ${named} in .keyrecall.yml.`;
}

function passOnceLine({ passOnce }: Stopped): string[] {
  return passOnce === null ? [] : [`  To pass it once, unchecked: ${passOnce}`];
}

/** A name is whoever staged it's: in a command to copy it must stay one word. */
function quoteForShell(path: string): string {
  const visible = escapeForTerminal(path);
  return /^[\w./@%+=:,][\w./@%+=:,-]*$/.test(visible) ? visible : `'${visible.replaceAll("'", "'\\''")}'`;
}
