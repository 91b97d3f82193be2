import type { Token } from "../core/token.js";
import type { CompiledRule, Ruleset } from "../rules/ruleset.js";
import { type AnchorScanner } from "./anchors/anchor-scanner.js";
import { type AnchorTables } from "./anchors/anchor-tables.js";
import type { CharacterEncoding, Encoding } from "./encoding.js";
import { type MayEnd } from "./match.js";
export interface Hit {
    readonly token: Token;
    /** Byte offsets in the bytes that were searched. */
    readonly start: number;
    readonly end: number;
    /** What was peeled off, outermost first; empty where the token stands as it is. */
    readonly encoding: readonly Encoding[];
}
export interface SearchTools {
    readonly ruleset: Ruleset;
    readonly scanner: AnchorScanner;
    readonly tables: AnchorTables;
    /** How long a form of a token is at most. */
    readonly reach: number;
    /** How long it is at least. */
    readonly minBytes: number;
    /** A token that stands in the text as it is, in one byte a character or two. */
    readonly matchAt: (text: Buffer, start: number, rule: CompiledRule, encoding: CharacterEncoding, base: number, mayEnd: MayEnd | undefined) => Hit | null;
    /** A token by its characters, or null for a placeholder. */
    readonly judge: (raw: string, rule: CompiledRule) => Token | null;
}
/** Is told what of a text should have been read and was not. */
export interface UnreadListener {
    /** Whether more follows behind the text, so that what reaches its end is not all of it. */
    readonly isCut: boolean;
    unread(start: number, why: string): void;
}
export declare class TextSearch {
    #private;
    private constructor();
    /** @param base where the bytes begin in their unit; units of two bytes are aligned to that */
    static search(tools: SearchTools, text: Buffer, base: number, listener?: UnreadListener): Hit[];
}
