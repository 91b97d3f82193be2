import type { Rule } from "./schema.js";
export type CompiledPart = {
    readonly kind: "literal";
    readonly bytes: Uint8Array;
} | {
    readonly kind: "run";
    readonly name: string;
    readonly table: Uint8Array;
    readonly min: number;
    readonly max: number;
};
export interface CompiledRule {
    readonly rule: Rule;
    readonly prefix: Uint8Array;
    readonly parts: readonly CompiledPart[];
    readonly suspect: {
        readonly table: Uint8Array;
        readonly min: number;
        readonly max: number;
    } | null;
    readonly placeholders: ReadonlySet<string>;
    /** True where the secret has fewer than 128 random bits. */
    readonly isGuessable: boolean;
    /** The longest text that this rule can match, in characters. */
    readonly maxLength: number;
}
export interface Ruleset {
    readonly rules: readonly CompiledRule[];
    /** The longest text that any rule can match, in characters. */
    readonly maxLength: number;
}
export declare function compileRules(rules: readonly Rule[]): Ruleset;
export declare function lengthRange(length: number | {
    min: number;
    max: number;
}): {
    min: number;
    max: number;
};
