/** Bytes in, hits out: finds every place where a token of the rules stands. Pure, and it keeps nothing. */
import { Token, type Confidence } from "../core/token.js";
import type { CompiledRule, Ruleset } from "../rules/ruleset.js";
import { type CharacterEncoding } from "./encoding.js";
export interface Hit {
    readonly token: Token;
    /** Byte offsets in the bytes that were searched. */
    readonly start: number;
    readonly end: number;
    readonly encoding: CharacterEncoding;
}
export interface DetectorOptions {
    readonly minConfidence?: Confidence;
}
export declare class Detector {
    #private;
    /** A hit's bytes and all that decides on it lie within this many bytes from its start. */
    readonly windowBytes: number;
    /** The most bytes that an anchor takes: what {@link mayHold} looks for, and what every hit begins with. */
    readonly anchorBytes: number;
    constructor(ruleset: Ruleset, options?: DetectorOptions);
    /**
     * All hits that start from `from` on and before `limit`, in no order.
     *
     * @param bytes owned by the caller and not kept
     * @param base where the bytes begin in their unit; units of two bytes are aligned to that
     */
    find(bytes: Buffer, from?: number, limit?: number, base?: number): Hit[];
    /**
     * Whether an anchor stands somewhere in the bytes. Every hit of {@link find} has one in it, whole and in one piece,
     * whatever stands around it: bytes without any hold no token, and do not become part of one unless an anchor
     * is put together or added. A form that `find` learns to read needs its anchor here.
     */
    mayHold(bytes: Buffer): boolean;
}
/** The named parts of a raw token that has matched the grammar. */
export declare function splitParts(raw: string, rule: CompiledRule): {
    publicId: string | null;
    secret: string;
};
