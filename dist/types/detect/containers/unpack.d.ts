import { type Position } from "../position.js";
import type { EntryWriter } from "./archive.js";
/** Where something stands within the outermost bytes. */
export interface InnerPlace {
    /** From the outside to the inside: `gzip`, `zip:deploy/.env`. */
    readonly steps: readonly string[];
    /** Where the outermost entry that it is in begins, in the outermost bytes. */
    readonly outer: Position;
}
/** Takes what archives hold. Bytes are its own during the call only. */
export interface Contents {
    /** The whole content of an entry. */
    whole(place: InnerPlace, bytes: Buffer): void;
    /** The content of a large entry, in pieces. */
    stream(place: InnerPlace): EntryWriter;
    /** A name, a comment or the like. */
    text(place: InnerPlace, bytes: Buffer): void;
    /** What should have been read and could not; by a limit, or because it is damaged or of no known form. */
    unread(steps: readonly string[], why: string, isLimit: boolean): void;
    /** What is not read in any scan. */
    leftOut(steps: readonly string[], why: string): void;
}
export interface UnpackLimits {
    /** Archives in one another. */
    readonly depth: number;
    readonly entries: number;
    /** Unpacked bytes of all depths together. */
    readonly bytes: number;
    /** Unpacked bytes for each byte of the outermost archive, beyond {@link freeBytes}. */
    readonly ratio: number;
    readonly freeBytes: number;
    /** Up to this size content is held, to be searched at once, and an archive to be read in any order. */
    readonly wholeBytes: number;
}
export declare const UNPACK_LIMITS: UnpackLimits;
/** Whether {@link unpackWhole} has anything to do. Cheap, for it is asked of everything. */
export declare function isContainer(bytes: Buffer): boolean;
/** Hands over what is in the bytes, if they are an archive. */
export declare function unpackWhole(bytes: Buffer, contents: Contents, limits?: UnpackLimits): void;
/** As {@link unpackWhole}, for bytes that come in pieces. */
export declare class Unpacking implements EntryWriter {
    #private;
    constructor(contents: Contents, limits?: UnpackLimits);
    write(bytes: Buffer): void;
    close(): void;
}
