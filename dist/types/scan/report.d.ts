/** The report: what every output format is made from. `docs/schema/report.schema.json` describes it. */
import type { BlastRadius } from "../core/blast-radius.js";
import type { Gap } from "../core/gap.js";
import type { Confidence, Plane } from "../core/token.js";
import type { Verdict } from "../core/verdict.js";
import type { CommitFacts, OccurrenceKind } from "./occurrence.js";
export type SourceKind = "history" | "range" | "index" | "tree" | "stdin";
export interface Report {
    readonly schema: 1;
    readonly tool: {
        readonly name: "keyrecall";
        readonly version: string;
    };
    readonly scan: {
        readonly source: SourceKind;
        readonly target: string;
        readonly range?: string;
        /** False as soon as anything could not be read; `incomplete` says what and why. */
        readonly complete: boolean;
        readonly incomplete: readonly Gap[];
        readonly coverage: {
            readonly refs: number;
            readonly packs: number;
            readonly commits: number;
            readonly trees: number;
            readonly blobs: number;
            readonly tags: number;
            readonly files: number;
            readonly bytes: number;
            readonly fallback: number;
            readonly reused: number;
            readonly skipped: readonly Gap[];
        };
        readonly durationMs: number;
    };
    /** What a configuration file allows that nothing needed, or that no longer holds. */
    readonly policy: {
        readonly file: string | null;
        readonly unused: readonly string[];
        readonly expired: readonly string[];
        /** Lines of an imported .gitleaksignore that say nothing here; left out where there are none. */
        readonly notUnderstood?: readonly string[];
    };
    readonly tokens: readonly ReportedToken[];
}
export interface ReportedToken {
    readonly fingerprint: string;
    readonly rule: string;
    readonly plane: Plane | null;
    readonly publicId: string | null;
    readonly masked: string;
    readonly confidence: Confidence;
    readonly allowed: Allowance | null;
    /** An allowance that does not hold, because the token verifies live. */
    readonly overruled: Allowance | null;
    readonly verdict: Verdict;
    readonly blastRadius: BlastRadius;
    /** Where the token stands in a place for the other plane, or beside a token of it: least privilege is gone there. */
    readonly misplaced: readonly string[];
    readonly occurrences: readonly ReportedOccurrence[];
}
/** Why a token does not count. */
export interface Allowance {
    readonly by: "fingerprint" | "path" | "inline" | "baseline" | "gitleaks-ignore";
    readonly reason: string;
}
export interface ReportedOccurrence {
    readonly kind: OccurrenceKind;
    readonly object: string | null;
    readonly paths: readonly string[];
    /** In the outermost file: in an archive, where the entry begins that it is in. */
    readonly line: number;
    /** Bytes, from 1. */
    readonly column: number;
    /** Behind the last byte of what is decoded; left out where the token stands there as it is. */
    readonly end?: {
        readonly line: number;
        readonly column: number;
    };
    readonly encoding: readonly string[];
    /** Archives that it stands in, from the outside to the inside, as `FORMAT` or `FORMAT:ENTRY`. */
    readonly container: readonly string[];
    /**
     * Where it stands in the innermost entry, while `line` and `column` are those of the outermost file; left out outside of
     * archives, and in the name or a comment of an entry.
     */
    readonly inner?: {
        readonly line: number;
        readonly column: number;
    };
    readonly introducedBy: readonly CommitFacts[];
    readonly removedBy: readonly CommitFacts[];
    readonly refs: readonly string[];
    /** How many more refs reach it than are listed; left out where all are. */
    readonly moreRefs?: number;
    readonly reachable: boolean;
    /** The line carries a `keyrecall:allow` mark. */
    readonly inlineMark: boolean;
    /** The variable or key that is given the token, where that can be told. */
    readonly variable: string | null;
}
