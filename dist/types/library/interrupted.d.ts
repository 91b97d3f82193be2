import { KeyrecallError } from "../core/errors.js";
import type { Report } from "../scan/report.js";
/** A scan whose signal was aborted. Its name is that of every aborted operation in JavaScript. */
export declare class ScanInterruptedError extends KeyrecallError {
    /** What was read and found until then: incomplete, and nothing of it is lost. Null where nothing was read. */
    readonly report: Report | null;
    constructor(report: Report | null, cause: unknown);
}
