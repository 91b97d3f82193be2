/**
 * The anchors, derived from the rules: what survives of the beginning of a token in each form, however it is cut. Where pieces
 * of a token are three characters or longer, its first three, the three from the second or those behind a cut stand
 * together.
 */
import type { Ruleset } from "../../rules/ruleset.js";
export interface AnchorTables {
    /** Six tables of two times 16 masks: four for the bytes of an anchor, one each for base64 and for hex. */
    readonly halves: Uint8Array;
    /** By the first byte of an anchor, the kinds that it can be of. */
    readonly kinds: Uint8Array;
    /** Four characters of base64 that stand where a token begins, and at which places of a group of four they can. */
    readonly base64Grams: ReadonlyMap<number, number>;
    /** Four characters of base64 that an archive begins with. */
    readonly archiveGrams: ReadonlySet<number>;
}
/** Kinds of an anchor, as bits. */
export declare const STARTS = 1;
export declare const SECOND = 2;
export declare const BEHIND_A_CUT = 4;
export declare const BASE64 = 8;
export declare const HEX = 16;
export declare const ESCAPE = 32;
export declare const ARCHIVE = 64;
export declare function makeTables(ruleset: Ruleset): AnchorTables;
/** The four bytes at `at`, all of them ASCII where it matters, as one small number. */
export declare function gramKey(text: Uint8Array, at: number): number;
