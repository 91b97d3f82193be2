import type { Readable } from "node:stream";
import type { ApiHints } from "../core/api-hints.js";
import type { Confidence } from "../core/token.js";
import { Detector } from "../detect/detector.js";
import type { KnownSide, RefUpdate } from "../git/outgoing.js";
import { type OwnRepository } from "../git/repository.js";
import type { Rule } from "../rules/schema.js";
import type { Coverage } from "../sources/sink.js";
import { type Target } from "../sources/target.js";
import { type TipRange } from "./commits.js";
import { type CommitFacts, type Occurrence } from "./occurrence.js";
import type { SourceKind } from "./report.js";
export type ScanSource = {
    readonly kind: "history";
    readonly path: string;
} | {
    readonly kind: "index";
    readonly path: string;
    /** Commits that are being merged and that git has not written down yet. */
    readonly mergeHeads?: readonly string[];
} | {
    readonly kind: "range";
    readonly path: string;
    readonly range: string;
} | ({
    readonly kind: "range";
    readonly path: string;
    readonly own?: OwnRepository;
} & TipRange) | {
    readonly kind: "push";
    readonly path: string;
    /** The refs that are pushed; `local-refs` where only the remote is known. */
    readonly updates: readonly RefUpdate[] | "local-refs";
    readonly known: KnownSide;
} | {
    readonly kind: "tree";
    /** Absolute; null for the whole working tree, or the directory, that `directory` is in. */
    readonly path: string | null;
    readonly directory: string;
    readonly useIgnoreRules: boolean;
} | {
    readonly kind: "stdin";
    readonly input: Readable;
    readonly isPatch: boolean;
};
export interface ScanOptions {
    readonly source: ScanSource;
    readonly rules: readonly Rule[];
    readonly minConfidence: Confidence;
    /** Marks of other tools that count as `keyrecall:allow` does. */
    readonly allowSignatures?: readonly string[];
    /** Threads that packs are shared between; by default one a core. */
    readonly jobs?: number | undefined;
    /** Seals what is remembered of a history's packs in the git directory. Without it nothing is remembered, or written. */
    readonly memoryKey?: Buffer | null;
    readonly signal?: AbortSignal;
    /** Called once it is clear what is scanned and before anything is read: what it throws ends the scan. */
    readonly onOpened?: (root: string | null) => Promise<void>;
    readonly onProgress?: (coverage: Coverage) => void;
    /**
     * Called with what was found since the last call, some of it again: while a source is read where every find counts,
     * and else once it is clear which do. Places have no commits and refs before the end.
     */
    readonly onOccurrences?: (occurrences: readonly Occurrence[], detector: Detector) => void;
}
export interface ScanResult {
    readonly source: SourceKind;
    readonly range: string | null;
    /** The top of what was scanned: where its configuration file is looked for. Null for standard input. */
    readonly root: string | null;
    readonly occurrences: readonly Occurrence[];
    readonly commits: ReadonlyMap<string, CommitFacts>;
    readonly coverage: Coverage;
    readonly detector: Detector;
    /** What stands near a token, by its fingerprint. */
    readonly hintsOf: (fingerprint: string) => ApiHints;
    readonly isInterrupted: boolean;
    readonly durationMs: number;
}
/**
 * @throws {KeyrecallError} where there is nothing to scan: no such path, no repository, a range that
 * cannot be resolved. What turns up while reading is a gap in the result's coverage.
 */
export declare function scan(options: ScanOptions): Promise<ScanResult>;
/** @throws {KeyrecallError} where there is nothing to scan */
export declare function targetOf(source: Exclude<ScanSource, {
    kind: "stdin";
}>): Target;
