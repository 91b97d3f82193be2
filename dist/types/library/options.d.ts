/** What a program can ask of a scan. */
import type { Confidence } from "../core/token.js";
import type { Rule } from "../rules/rule.js";
import type { VerdictCache } from "../verify/verdict-cache.js";
import type { Source } from "./source.js";
export interface ScanOptions {
    readonly source: Source;
    /** The built-in ones where this is left out. */
    readonly rules?: readonly Rule[];
    /** `suspect`: also what has the prefix, another shape and looks random. */
    readonly minConfidence?: Confidence;
    /** What does not count. Nothing is allowed that is not asked for here. */
    readonly allow?: AllowOptions;
    /** Ask InferenceKey's API which tokens still work. Without it, a scan touches no network. */
    readonly verify?: boolean | VerifyOptions;
    /** Ends the scan and everything that it has started. */
    readonly signal?: AbortSignal;
    /** Called now and then. */
    readonly onProgress?: (progress: Progress) => void;
}
export interface AllowOptions {
    /** A configuration file; true for `.keyrecall.yml` at the root of what is scanned. */
    readonly configuration?: string | true;
    /** A file of `keyrecall baseline`. */
    readonly baseline?: string;
    /** Files in the format of `.gitleaksignore`. */
    readonly gitleaksIgnore?: readonly string[];
    /** Whether `keyrecall:allow` on the line of a token counts. */
    readonly inlineMarks?: boolean;
    /** Marks of other tools, such as `gitleaks:allow`, that count as `keyrecall:allow` does, which then counts too. */
    readonly allowSignatures?: readonly string[];
}
export interface VerifyOptions {
    /** Where it is not https://api.inferencekey.com. The environment names none. */
    readonly baseUrl?: string;
    /** Slugs of projects that are yours: their workloads are listed. */
    readonly projects?: readonly string[];
    /** `project/workload`, of yours. */
    readonly workloads?: readonly string[];
    /** For one token. */
    readonly timeoutMs?: number;
    /** Where verdicts are kept. That a token was live is what makes a later 403 a revocation. */
    readonly cache?: VerdictCache;
}
export interface Progress {
    readonly phase: "reading" | "verifying";
    readonly commits: number;
    readonly trees: number;
    readonly blobs: number;
    readonly files: number;
    readonly bytes: number;
    /** Tokens that the API was asked about, of so many. */
    readonly verified: number;
    readonly toVerify: number;
}
