/** How a scan ended: which tokens fail it, and the exit code. */
import { ExitCode } from "../core/exit-code.js";
import type { Report, ReportedToken } from "./report.js";
export type FailOn = "found" | "live" | "never";
export interface OutcomeOptions {
    readonly failOn: FailOn;
    readonly isInterrupted: boolean;
}
/** What could not be read fails whatever tokens are to fail. */
export declare function exitCodeOf(report: Report, { failOn, isInterrupted }: OutcomeOptions): ExitCode;
export declare function failingTokens(report: Report, failOn: FailOn): ReportedToken[];
/** Without those that are allowed. */
export declare function countedTokens(report: Report): ReportedToken[];
