import { KeyrecallError } from "../core/errors.ts";
import type { Report } from "../scan/report.ts";

/** A scan whose signal was aborted. Its name is that of every aborted operation in JavaScript. */
export class ScanInterruptedError extends KeyrecallError {
  /** What was read and found until then: incomplete, and nothing of it is lost. Null where nothing was read. */
  readonly report: Report | null;

  constructor(report: Report | null, cause: unknown) {
    super("interrupted", "the scan was interrupted", { cause });
    this.name = "AbortError";
    this.report = report;
  }
}
