/** Lines and columns of byte offsets, in plain text and in UTF-16. */
import type { CharacterEncoding } from "./encoding.js";
export interface Position {
    /** From 1. */
    readonly line: number;
    /** Bytes from the start of the line, from 1. */
    readonly column: number;
}
/**
 * Counts the lines of a text that comes in pieces, up to offsets that are asked for in rising order.
 * The same byte ends a line in one encoding and is half of a letter in another (U+4E0A is `0A 4E`), so a
 * count is kept for one encoding at a time; a unit has hits in one as good as always.
 */
export declare class LineCounter {
    #private;
    constructor(encoding: CharacterEncoding, parity: number);
    /** Counts on over the next bytes of the text. */
    advance(bytes: Buffer): void;
    /** For several counters over one search: {@link advance} in its parts. */
    begin(bytes: Buffer): void;
    lineFeed(bytes: Buffer, at: number): void;
    end(bytes: Buffer): void;
    /** The position of an offset that stands at or behind all that was counted, on the same line. */
    positionOf(offset: number): Position;
}
/** The position behind bytes that begin at another one. */
export declare function positionBehind(bytes: Buffer, { line, column }: Position, encoding: CharacterEncoding): Position;
/** Calls back with each place of a line feed. */
export declare function eachLineFeed(bytes: Buffer, at: (position: number) => void): void;
