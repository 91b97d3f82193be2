/** What a source hands over: units of bytes, each with where it comes from, and what it could not read. */
import type { Gap } from "../core/gap.js";
/** Where a run of bytes comes from. */
export type Origin = {
    readonly kind: "blob" | "tree" | "commit" | "tag";
    readonly objectId: string;
} | {
    readonly kind: "ref-name" | "reflog";
    readonly ref: string;
} | {
    readonly kind: "file" | "path";
    readonly path: string;
} | {
    readonly kind: "stdin";
} | {
    /** Lines of a patch: what it brings in (`new`), or what was there before (`old`). */
    readonly kind: "patch";
    readonly side: "new" | "old";
    /** The path that the lines have in the new state; null outside of any file. */
    readonly path: string | null;
    /** Which file of the patch, from 0: only within one does the old side say what is not news. */
    readonly section: number;
    /** The line that the first byte stands on. */
    readonly line: number;
};
export interface UnitWriter {
    write(bytes: Buffer): void;
    close(): void;
}
/** Says whether a unit that comes in pieces holds anything, with nothing kept. */
export interface StreamLook extends UnitWriter {
    sawAnything(): boolean;
}
export interface Sink {
    readonly coverage: Coverage;
    /** Whether a search of the bytes would find anything, with nothing kept. */
    holdsAnything(bytes: Buffer): boolean;
    /** A unit that is all there. The bytes belong to the source again after the call. */
    scan(origin: Origin, bytes: Buffer): void;
    /** A unit that comes in pieces. */
    open(origin: Origin): UnitWriter;
    /** For a unit that can be read a second time: a look costs less than a search that tells places. */
    look(): StreamLook;
}
/** What was read, and what could not be. */
export declare class Coverage {
    #private;
    refs: number;
    packs: number;
    commits: number;
    trees: number;
    blobs: number;
    tags: number;
    files: number;
    bytes: number;
    /** What git read because the reader of storage did not: objects, and lists of refs. */
    fallback: number;
    /** Things that hold no bytes of their own and were left out: sockets, submodules that are not checked out. */
    readonly skipped: Gap[];
    /** Objects that an earlier scan has read, in packs that have not changed since. */
    reused: number;
    /** Rises with everything that is found or cannot be read: whether a unit gave anything shows in the difference. */
    outcomes: number;
    /** A commit or tag under the name of another object: its graph can lead in a circle, in which git would go on. */
    hasFalseCommits: boolean;
    /** Called now and then while a source reads. */
    onProgress: (() => void) | null;
    gap(gap: Gap): void;
    get gaps(): Gap[];
    get hasGaps(): boolean;
    skip(gap: Gap): void;
}
