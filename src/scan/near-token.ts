/** What stands near a token: the variable that holds it, and what it may be for. All of it is scanned content. */
import { type ApiHints, NO_HINTS } from "../core/api-hints.ts";
import type { CharacterEncoding } from "../detect/encoding.ts";

/** How far from a token something may stand and still be about it. */
export const NEAR_BYTES = 2048;
const ASSIGNMENT_BYTES = 160;
const MAX_HINTS = 8;

/**
 * The variable that is given the token, or null.
 *
 * @param known names that may be told: any other word in that place can be a piece of another token
 */
export function findVariable(
  bytes: Buffer,
  start: number,
  encoding: CharacterEncoding,
  known: ReadonlySet<string>,
): string | null {
  if (encoding !== "plain") return null;
  const before = bytes.toString("latin1", Math.max(0, start - ASSIGNMENT_BYTES), start);
  const name = (ASSIGNMENT.exec(before) ?? KEY_AND_VALUE.exec(before))?.[1];
  return name !== undefined && known.has(name) ? name : null;
}

/** `NAME=`, `NAME: "`, `"NAME": "`, `NAME => '`, `environ["NAME"] = "`, `ENV NAME `, `setx NAME `. */
const ASSIGNMENT =
  /([A-Z][A-Z0-9_]{3,63})["'`]?\]?(?:[ \t]{0,8}(?::=|=>|[:=])[ \t]{0,8}|[ \t]{1,8})(?:Bearer )?["'`]?$/;

/** `- name: NAME`, and on the next line `value: "`, as Kubernetes has it. */
const KEY_AND_VALUE = /name"?:[ \t]{0,8}["']?([A-Z][A-Z0-9_]{3,63})["']?,?\s{1,40}"?value"?:[ \t]{0,8}["']?$/;

export function findHints(bytes: Buffer, start: number, end: number, encoding: CharacterEncoding): ApiHints {
  if (encoding !== "plain") return NO_HINTS;
  const text = bytes.toString("latin1", Math.max(0, start - NEAR_BYTES), end + NEAR_BYTES);
  const projects = collect(text, PROJECT, (match) => match[1]!);
  const endpoints = collect(text, ENDPOINT, (match) => `${match[1]!}/${match[2]!}`);
  const hosts = collect(text, API_ADDRESS, (match) =>
    (match[1] ?? match[2]!).toLowerCase().replace(/[0-9a-f]{16,}/g, "…"),
  );
  if (projects.length + endpoints.length + hosts.length === 0) return NO_HINTS;
  return { projects, endpoints, hosts };
}

/** Long hex is no slug that people choose; it can be somebody's secret. */
const SLUG = "(?![a-z0-9-]*[0-9a-f]{16})[a-z0-9](?:[a-z0-9-]{0,62})";
/** Between a variable and its value: `=`, `: "`, a blank, `", "` of a call, or the next line as Kubernetes has it. */
const TO_VALUE =
  "[\"'`)]{0,2}\\]?(?:[ \\t]{0,8}(?::=|=>|\\?\\?|\\|\\||[:=,])[ \\t]{0,8}|[ \\t]{1,8}|,?\\s{1,40}[\"']?value[\"']?:[ \\t]{0,8})[\"'`]?";
const PROJECT = new RegExp(
  `(?:INFERENCEKEY_PROJECT${TO_VALUE}|\\bproject["']?[ \\t]{0,8}[:=][ \\t]{0,8}["'\`]?|--project[ =]["']?|/api/projects/)(${SLUG})(?![\\w-])`,
  "g",
);
const ENDPOINT = new RegExp(`/endpoint/(${SLUG})/(${SLUG})(?![\\w-])`, "g");
/** An address that is used as the API's: by its variable, a client's argument, or one of its paths. */
const API_ADDRESS = new RegExp(
  `(?:INFERENCEKEY_BASE_URL${TO_VALUE}|\\bbase[_-]?url["'\`]?[ \\t]{0,8}[ :=][ \\t]{0,8}["'\`]?)https?://([a-z0-9.-]{1,253}(?::\\d{1,5})?)` +
    "|https?://([a-z0-9.-]{1,253}(?::\\d{1,5})?)(?=/(?:[\\w.-]{1,64}/){0,3}?(?:endpoint|api/projects|api/workloads)/)",
  "gi",
);

function collect(text: string, pattern: RegExp, read: (match: RegExpMatchArray) => string): string[] {
  const found = new Set<string>();
  for (const match of text.matchAll(pattern)) {
    found.add(read(match));
    if (found.size === MAX_HINTS) break;
  }
  return [...found];
}

/** The hints of several places as one. */
export function mergeHints(all: readonly ApiHints[]): ApiHints {
  const unite = (read: (hints: ApiHints) => readonly string[]): string[] =>
    [...new Set(all.flatMap(read))].slice(0, MAX_HINTS);
  return {
    projects: unite((hints) => hints.projects),
    endpoints: unite((hints) => hints.endpoints),
    hosts: unite((hints) => hints.hosts),
  };
}
