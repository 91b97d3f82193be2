/** What `keyrecall doctor` found out. */
import type pc from "picocolors";
import { escapeForTerminal } from "./escape.ts";
import { toJson } from "./json.ts";

/** `advice` could be better and works; `unknown` could not be found out. */
export type FindingState = "ok" | "problem" | "advice" | "unknown" | "skipped";

export interface Finding {
  readonly check: "tools" | "rules" | "configuration" | "hook" | "action" | "api";
  readonly state: FindingState;
  readonly what: string;
  /** Null where there is nothing to do. */
  readonly remedy: string | null;
}

/** The contract: `docs/schema/doctor.schema.json`. */
export function doctorJson(findings: readonly Finding[]): string {
  return `${toJson({ schema: 1, findings })}\n`;
}

export function doctorText(findings: readonly Finding[], colors: ReturnType<typeof pc.createColors>): string {
  const marks = {
    ok: colors.green("ok      "),
    problem: colors.red("problem "),
    advice: colors.yellow("advice  "),
    unknown: colors.yellow("unknown "),
    skipped: colors.dim("skipped "),
  };
  const lines = findings.flatMap(({ check, state, what, remedy }) => [
    `${marks[state]} ${check.padEnd(13)} ${escapeForTerminal(what)}`,
    ...(remedy === null ? [] : [`         ${" ".repeat(13)} → ${escapeForTerminal(remedy)}`]),
  ]);
  const count = (wanted: FindingState): number => findings.filter(({ state }) => state === wanted).length;
  const summary =
    count("problem") > 0
      ? colors.red(`Something has to be done: ${count("problem")} of ${findings.length} checks.`)
      : count("unknown") > 0
        ? colors.yellow(`Not everything could be found out: ${count("unknown")} of ${findings.length} checks.`)
        : colors.green("Everything that was looked at works.");
  return `${[...lines, "", summary].join("\n")}\n`;
}
