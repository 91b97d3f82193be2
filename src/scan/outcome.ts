/** How a scan ended: which tokens fail it, and the exit code. */
import { ExitCode, strongestExitCode } from "../core/exit-code.ts";
import type { Report, ReportedToken } from "./report.ts";

export type FailOn = "found" | "live" | "never";

export interface OutcomeOptions {
  readonly failOn: FailOn;
  readonly isInterrupted: boolean;
}

/** What could not be read fails whatever tokens are to fail. */
export function exitCodeOf(report: Report, { failOn, isInterrupted }: OutcomeOptions): ExitCode {
  return strongestExitCode([
    ...(isInterrupted ? [ExitCode.interrupted] : []),
    ...(failingTokens(report, failOn).length > 0 ? [ExitCode.found] : []),
    ...(report.scan.complete ? [] : [ExitCode.incomplete]),
  ]);
}

export function failingTokens(report: Report, failOn: FailOn): ReportedToken[] {
  const counted = countedTokens(report);
  // Unknown and unchecked count as live: only a token that is known to be dead does not.
  if (failOn === "live") return counted.filter((token) => token.verdict.state !== "revoked");
  return failOn === "never" ? [] : counted;
}

/** Without those that are allowed. */
export function countedTokens(report: Report): ReportedToken[] {
  return report.tokens.filter((token) => token.allowed === null);
}
