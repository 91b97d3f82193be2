/** Bytes in, hits out: finds every place where a token of the rules stands. Pure, and it keeps nothing. */
import { type Confidence } from "../core/token.js";
import type { CompiledRule, Ruleset } from "../rules/ruleset.js";
import { type Hit, type UnreadListener } from "./text-search.js";
export type { Hit, UnreadListener } from "./text-search.js";
export interface DetectorOptions {
    readonly minConfidence?: Confidence;
}
export declare class Detector {
    #private;
    /** A hit's bytes and all that decides on it lie within this many bytes from its start, to either side. */
    readonly windowBytes: number;
    /** What decides on an anchor ({@link mayHold}) lies within so many bytes of it, to either side. */
    readonly anchorContextBytes: number;
    constructor(ruleset: Ruleset, options?: DetectorOptions);
    /**
     * All hits that start from `from` on and before `limit`, in no order.
     *
     * @param bytes owned by the caller and not kept
     * @param base where the bytes begin in their unit; units of two bytes are aligned to that
     * @param listener is told what starts from `from` on and before `limit` and was not read
     */
    find(bytes: Buffer, from?: number, limit?: number, base?: number, listener?: UnreadListener): Hit[];
    /**
     * Whether {@link find} finds anything, or leaves something unread.
     *
     * @param isCut whether more of the unit may follow
     */
    needsALook(bytes: Buffer, base?: number, isCut?: boolean): boolean;
    /**
     * Whether an anchor stands somewhere in the bytes. Every hit of {@link find} has one in it, with all that decides on it
     * within {@link anchorContextBytes}: bytes without any hold no token, and do not become part of one unless an anchor
     * is put together or added. A form that `find` learns to read needs its anchor in `anchors/anchor-look.ts`.
     */
    mayHold(bytes: Buffer): boolean;
}
/** The named parts of a raw token that has matched the grammar. */
export declare function splitParts(raw: string, rule: CompiledRule): {
    publicId: string | null;
    secret: string;
};
