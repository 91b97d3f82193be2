/** What later steps of the job can read. */
import * as core from "@actions/core";
import { KeyrecallError, messageOf } from "../core/errors.ts";

export interface Outputs {
  readonly found: number;
  readonly live: number;
  readonly incomplete: boolean;
  /** Files; empty where there is none. */
  readonly report: string;
  readonly sarif: string;
  readonly html: string;
}

/** Of a run that came to nothing. */
export const NOTHING_KNOWN: Outputs = { found: 0, live: 0, incomplete: true, report: "", sarif: "", html: "" };

/** @throws {KeyrecallError} `output` */
export function setOutputs(outputs: Outputs): void {
  try {
    // Without the file the library prints a command that no runner heeds any more.
    if ((process.env["GITHUB_OUTPUT"] ?? "") === "") throw new Error("GITHUB_OUTPUT names no file");
    for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
  } catch (error) {
    throw notWritten("the outputs", "GITHUB_OUTPUT", error);
  }
}

/** @throws {KeyrecallError} `output` */
export async function writeSummary(markdown: string): Promise<void> {
  try {
    await core.summary.addRaw(markdown).write();
  } catch (error) {
    throw notWritten("the job summary", "GITHUB_STEP_SUMMARY", error);
  }
}

function notWritten(what: string, variable: string, error: unknown): KeyrecallError {
  return new KeyrecallError("output", `cannot write ${what}: ${messageOf(error)}`, {
    hint: `the runner names a file for it in ${variable}`,
    cause: error,
  });
}
