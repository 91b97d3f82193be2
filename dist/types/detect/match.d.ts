import type { CompiledRule } from "../rules/ruleset.js";
import { type CharacterEncoding } from "./encoding.js";
/** How many characters behind a token decide on it. */
export declare const LOOKAHEAD_LENGTH: number;
/** Whether a text can end before a byte because of how it is written, although it seems to go on. */
export type MayEnd = (end: number) => boolean;
/**
 * @param start byte offset of the rule's prefix
 * @returns the byte offset behind the token, or -1 where the documented shape does not stand there
 */
export declare function matchCertain(bytes: Uint8Array, start: number, rule: CompiledRule, encoding: CharacterEncoding, mayEnd?: MayEnd): number;
/** Whether a byte can stand behind the prefix's character number `index`. */
export declare function canFollow({ prefix, parts: [part] }: CompiledRule, index: number, byte: number): boolean;
/** How far the documented shape goes that begins at `start`: the byte offset of what does not belong to it. */
export declare function reachOfCertain(bytes: Uint8Array, start: number, rule: CompiledRule): number;
/** As {@link matchCertain}, for the shape that is merely worth a look: a whole word with the prefix. */
export declare function matchSuspect(bytes: Uint8Array, start: number, rule: CompiledRule, encoding: CharacterEncoding): number;
/** @returns the byte offset behind the literal, or -1 where another text stands */
export declare function matchLiteral(bytes: Uint8Array, start: number, literal: Uint8Array, encoding: CharacterEncoding): number;
/**
 * Whether the run goes on behind its end and is a longer token of somebody else's: more characters of the same
 * class up to the end of a word. A word that goes on with other letters, binary data whose next byte happens to
 * look like one more digit, a filler and a long dump are not: there the token is merely glued to what follows.
 */
export declare function isPartOfLongerShape(bytes: Uint8Array, end: number, table: Uint8Array, encoding: CharacterEncoding): boolean;
