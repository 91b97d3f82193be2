/** A rule, as programs see it. `schema.ts` says the same to whoever writes rule files, and the compiler that they agree. */
import type { CharacterClassName } from "./character-class.js";
export interface Rule {
    readonly id: string;
    readonly name: string;
    readonly plane?: "control" | "data" | undefined;
    readonly variable?: string | undefined;
    readonly grammar: {
        readonly prefix: string;
        readonly parts: readonly RulePart[];
        readonly publicId?: string | undefined;
        readonly secret: string;
    };
    readonly suspect?: {
        readonly class: CharacterClassName;
        readonly length: {
            readonly min: number;
            readonly max: number;
        };
    } | undefined;
    readonly placeholders: readonly string[];
    readonly blastRadius: {
        readonly summary: string;
        readonly can: readonly string[];
        readonly cannot: readonly string[];
    };
    readonly rotation: {
        readonly dashboard: string;
        readonly leastAccess?: string | undefined;
        readonly readBy: readonly string[];
        readonly steps: readonly string[];
    };
}
export type RulePart = {
    readonly literal: string;
} | {
    readonly name: string;
    readonly class: CharacterClassName;
    readonly length: number | {
        readonly min: number;
        readonly max: number;
    };
};
