/** Annotations of a GitHub workflow: what is shown beside the lines of a pull request. */
import type { Report } from "../scan/report.ts";
import { escapeForWorkflow } from "./escape.ts";
import { type Disclosure, listPlaces, type Place, withoutPublicIds } from "./places.ts";

export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly title: string;
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
}

export interface Annotations {
  readonly shown: readonly Annotation[];
  /** How many places are not among them. */
  readonly hidden: number;
}

/** A step's annotations of one level; GitHub drops the others without a word. */
const MAX_OF_LEVEL = 10;

/** @param notes what else the reader has to know */
export function annotationsOf(report: Report, disclosure: Disclosure, notes: readonly string[]): Annotations {
  const gaps = report.scan.complete ? [] : [gapAnnotation(report, disclosure)];
  const places = listPlaces(report, disclosure).map((place) => placeAnnotation(place, disclosure));
  const others = notes.map((note): Annotation => ({
    level: "notice",
    title: "Keyrecall",
    message: note,
    file: null,
    line: null,
  }));
  const shown: Annotation[] = [];
  for (const level of ["error", "warning", "notice"] as const) {
    shown.push(...[...gaps, ...places, ...others].filter((one) => one.level === level).slice(0, MAX_OF_LEVEL));
  }
  return { shown, hidden: places.filter((place) => !shown.includes(place)).length };
}

const ADVICE =
  "What was pushed is leaked, also where a later commit takes it out again: only rotating it helps (mint a new one, move its users over, revoke this one).";

function placeAnnotation({ token, before, name, after, file, occurrence }: Place, disclosure: Disclosure): Annotation {
  const isDead = !disclosure.isPublic && token.verdict.state === "revoked";
  const place = `${before}${name === null ? "" : escapeForWorkflow(name)}${after}`;
  return {
    level: isDead ? "warning" : "error",
    title: isDead ? "A revoked InferenceKey token" : "A leaked InferenceKey token",
    message: `${disclosure.isPublic ? "A token" : tokenText(token)}: ${place}. ${isDead ? "It no longer works." : ADVICE}`,
    file,
    line: file === null ? null : occurrence.line,
  };
}

function tokenText({ masked, plane, rule, verdict }: Place["token"]): string {
  const kind = plane === null ? rule : `${plane} plane`;
  const state = verdict.state === "unchecked" ? "not verified" : verdict.state;
  return `${escapeForWorkflow(masked)} (${kind}, ${state})`;
}

function gapAnnotation(report: Report, disclosure: Disclosure): Annotation {
  const [first, ...others] = report.scan.incomplete;
  const more = others.length === 0 ? "" : ` (and ${others.length} more; the summary lists them)`;
  const what = withoutPublicIds(`${first?.what ?? "scan"}: ${first?.why ?? "incomplete"}`, disclosure);
  return {
    level: "error",
    title: "Not everything could be read",
    message: `${escapeForWorkflow(what)}${more}`,
    file: null,
    line: null,
  };
}
