/** What `keyrecall-app doctor` found out. */
import { builtinRules, compileRules, Detector, escapeForTerminal, mask } from "keyrecall";

/** `advice` could be better and works; `unknown` could not be found out. */
export type FindingState = "ok" | "problem" | "advice" | "unknown" | "skipped";

export interface Finding {
  readonly check: string;
  readonly state: FindingState;
  readonly what: string;
  /** Null where there is nothing to do. */
  readonly remedy: string | null;
}

export function ok(check: string, what: string): Finding {
  return { check, state: "ok", what, remedy: null };
}

export function finding(check: string, state: Exclude<FindingState, "ok">, what: string, remedy: string): Finding {
  return { check, state, what, remedy };
}

const CHECK_WIDTH = 14;

export function textOf(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ check, state, what, remedy }) => [
    `${state.padEnd(8)} ${check.padEnd(CHECK_WIDTH)} ${escapeForTerminal(what)}`,
    ...(remedy === null ? [] : [`${" ".repeat(9 + CHECK_WIDTH)} → ${escapeForTerminal(remedy)}`]),
  ]);
  const count = (wanted: FindingState): number => findings.filter(({ state }) => state === wanted).length;
  const summary =
    count("problem") > 0
      ? `Something has to be done: ${count("problem")} of ${findings.length} checks.`
      : count("unknown") > 0
        ? `Not everything could be found out: ${count("unknown")} of ${findings.length} checks.`
        : "Everything that was looked at works.";
  return `${[...lines, "", summary].join("\n")}\n`;
}

export function jsonOf(findings: readonly Finding[]): string {
  return `${JSON.stringify({ schema: 1, findings }, null, 2)}\n`;
}

/** 1 where something has to be done, 3 where something could not be found out, else 0: as of `keyrecall doctor`. */
export function exitCodeOf(findings: readonly Finding[]): number {
  if (findings.some(({ state }) => state === "problem")) return 1;
  return findings.some(({ state }) => state === "unknown") ? 3 : 0;
}

/**
 * Findings are made of our own words; should a server's or a library's ever hold more, it does not get out.
 *
 * @param secrets of the settings
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const detector = new Detector(compileRules(builtinRules), { minConfidence: "suspect" });
  let clean = mask(detector, text);
  for (const secret of secrets) if (secret.length >= 8) clean = clean.replaceAll(secret, "…");
  return clean;
}
