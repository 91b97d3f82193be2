/** One place where a token stands, before it is made ready for a report. */
import type { Token } from "../core/token.js";
import type { Encoding } from "../detect/encoding.js";
import type { Position } from "../detect/position.js";
export type OccurrenceKind = "blob" | "path" | "commit-message" | "commit-identity" | "tag-message" | "tag-identity" | "ref-name" | "reflog" | "index" | "file" | "stdin";
export interface CommitFacts {
    readonly commit: string;
    readonly author: string | null;
    /** ISO 8601 with offset. */
    readonly date: string | null;
}
/** Strings are as they are in the repository, tokens in them included: only the report masks them. */
export interface Occurrence {
    readonly token: Token;
    readonly kind: OccurrenceKind;
    readonly object: string | null;
    readonly paths: readonly string[];
    readonly line: number;
    readonly column: number;
    /** Behind its last byte, where it is decoded and in no archive. */
    readonly end: Position | null;
    /** What was peeled off the token, outermost first. */
    readonly encoding: readonly Encoding[];
    /** Archives that it stands in; line and column are those of the outermost entry. */
    readonly container: readonly string[];
    /** Where it stands in the innermost text of these. */
    readonly inner: Position | null;
    readonly introducedBy: readonly string[];
    readonly removedBy: readonly string[];
    readonly refs: readonly string[];
    readonly reachable: boolean;
    readonly inlineMark: string | null;
    readonly variable: string | null;
}
/** An occurrence outside of history: it has a place, and no commit. */
export declare function plainOccurrence(kind: OccurrenceKind, find: {
    readonly token: Token;
    readonly position: Position;
    readonly end: Position | null;
    readonly encoding: readonly Encoding[];
    readonly container: readonly string[];
    readonly inner: Position | null;
    readonly inlineMark: string | null;
    readonly variable: string | null;
}, fields?: Partial<Pick<Occurrence, "object" | "paths" | "refs" | "reachable" | "introducedBy" | "removedBy">>): Occurrence;
