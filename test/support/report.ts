// The JSON report as its readers see it, and the questions that tests ask of it. Written from the contract, not taken
// from the implementation: if the two drift apart, tests have to notice.
import { expect } from "vitest";
import type { CliRun, ScanRun } from "./cli.ts";
import type { MadeToken } from "./token.ts";

export interface CommitRef {
  readonly commit: string;
  readonly author: string;
  readonly date: string;
}

export interface Occurrence {
  readonly kind: string;
  readonly object?: string | null;
  readonly paths: readonly string[];
  readonly line: number;
  readonly column: number;
  readonly encoding: readonly string[];
  readonly container: readonly string[];
  readonly inner?: { readonly line: number; readonly column: number };
  readonly introducedBy: readonly CommitRef[];
  readonly removedBy: readonly CommitRef[];
  readonly refs: readonly string[];
  readonly reachable: boolean;
}

export interface ReportedToken {
  readonly fingerprint: string;
  readonly rule: string;
  readonly plane: string;
  readonly publicId: string;
  readonly masked: string;
  readonly confidence: string;
  readonly allowed: { readonly by: string; readonly reason: string } | null;
  readonly verdict: { readonly state: string; readonly reason: string };
  readonly misplaced: readonly string[];
  readonly occurrences: readonly Occurrence[];
}

export interface Report {
  readonly schema: number;
  readonly tool: { readonly name: string; readonly version: string };
  readonly scan: {
    readonly source: string;
    readonly target: string;
    readonly complete: boolean;
    readonly incomplete: readonly { readonly what: string; readonly why: string }[];
    readonly coverage: Readonly<Record<string, unknown>> & { readonly skipped: readonly unknown[] };
    readonly durationMs: number;
  };
  readonly policy: {
    readonly file: string | null;
    readonly unused: readonly unknown[];
    readonly expired: readonly unknown[];
  };
  readonly tokens: readonly ReportedToken[];
}

export function findToken(report: Report, token: MadeToken): ReportedToken | undefined {
  return report.tokens.find(({ fingerprint }) => fingerprint === token.fingerprint);
}

/** The report's entry for a token, which has to be there and say the right things about it. */
export function reported(run: ScanRun, token: MadeToken): ReportedToken {
  const entry = findToken(run.report, token);
  expect(entry, `${token.masked} is in the report`).toMatchObject({
    plane: token.plane,
    publicId: token.publicId,
    masked: token.masked,
    confidence: "certain",
    rule: `inferencekey-${token.plane}-token`,
  });
  return entry as ReportedToken;
}

/** Where a token was found; with a kind, only those of that kind, of which there has to be at least one. */
export function occurrencesOf(run: ScanRun, token: MadeToken, kind?: string): readonly Occurrence[] {
  const { occurrences } = reported(run, token);
  const chosen = kind === undefined ? occurrences : occurrences.filter((occurrence) => occurrence.kind === kind);
  const kinds = occurrences.map((occurrence) => occurrence.kind).join(", ");
  expect(chosen.length, `occurrences of kind ${kind ?? "any"} (there are: ${kinds})`).toBeGreaterThan(0);
  return chosen;
}

/** The one place where a token was found. */
export function onlyOccurrence(run: ScanRun, token: MadeToken, kind?: string): Occurrence {
  const [first, ...others] = occurrencesOf(run, token, kind);
  expect(others, `further occurrences of ${token.masked}`).toEqual([]);
  return first as Occurrence;
}

/** Exactly these tokens were found and everything was read. */
export function expectFound(run: ScanRun, tokens: readonly MadeToken[]): void {
  expect(maskedOf(run.report), "tokens in the report").toEqual(tokens.map(({ masked }) => masked).toSorted());
  for (const token of tokens) reported(run, token);
  expect(run.report.scan.incomplete).toEqual([]);
  expect(run.report.scan.complete).toBe(true);
  expect(run.status).toBe(tokens.length === 0 ? 0 : 1);
}

export function expectNothing(run: ScanRun): void {
  expectFound(run, []);
}

/** The scan says that it could not read everything, names `what`, and still reports `tokens`. */
export function expectIncomplete(run: ScanRun, what: string | RegExp, tokens: readonly MadeToken[] = []): void {
  expect(maskedOf(run.report), "tokens in the report").toEqual(tokens.map(({ masked }) => masked).toSorted());
  for (const token of tokens) reported(run, token);
  expect(run.report.scan.complete).toBe(false);
  const gaps = run.report.scan.incomplete.map((gap) => `${gap.what}: ${gap.why}`).join("\n");
  if (typeof what === "string") expect(gaps).toContain(what);
  else expect(gaps).toMatch(what);
  expect(run.status).toBe(tokens.length === 0 ? 3 : 1);
}

/** The commit ids of `introducedBy` or `removedBy`, in a fixed order. */
export function commitIds(commits: readonly CommitRef[]): string[] {
  return commits.map(({ commit }) => commit).toSorted();
}

/** Bad usage or configuration: status 2, a message on standard error, no stack trace. */
export function expectUsageError(run: CliRun, ...named: readonly (string | RegExp)[]): void {
  expect(run.status).toBe(2);
  for (const name of named) {
    if (typeof name === "string") expect(run.stderr).toContain(name);
    else expect(run.stderr).toMatch(name);
  }
  expect(run.stderr).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
}

function maskedOf(report: Report): string[] {
  return report.tokens.map(({ masked }) => masked).toSorted();
}
