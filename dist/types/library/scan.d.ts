import type { Report } from "../scan/report.js";
import { type Finding } from "./finding.js";
import type { ScanOptions } from "./options.js";
/**
 * Nothing is read before the first finding or the report is asked for.
 *
 * @example
 * for await (const finding of scan({ source: { kind: "history" } })) console.log(`${finding.token}`);
 */
export declare function scan(options: ScanOptions): Scan;
export declare class Scan implements AsyncIterable<Finding> {
    #private;
    constructor(options: ScanOptions);
    /**
     * The whole result, tokens masked.
     *
     * @throws {ScanInterruptedError} where the signal was aborted
     * @throws {KeyrecallError} where there is nothing to scan, or a file or an address that was named cannot be used
     */
    report(): Promise<Report>;
    /**
     * Each place once, as soon as it counts: in a history, a tree and a stream while it is read, in a range, a patch and
     * the index once it was compared with what was there before. It throws what {@link report} throws. A loop that is left
     * ends the scan, unless its report is wanted.
     */
    [Symbol.asyncIterator](): AsyncGenerator<Finding, void, undefined>;
}
