/** How to rotate a token: mint, move the consumers over, revoke, check, then clean up. */
import type { Rule } from "../rules/schema.js";
export interface RotationGuide {
    readonly title: string;
    readonly steps: readonly RotationStep[];
}
export interface RotationStep {
    readonly what: string;
    /** Files that the step is about. */
    readonly files?: readonly Consumer[];
}
/** A file of the repository that reads the variable. */
export interface Consumer {
    readonly path: string;
    readonly kind: ConsumerKind;
}
export type ConsumerKind = "workflow" | "manifest" | "environment file" | "documentation" | "code";
/** Where consumers were looked for. */
export interface ConsumerSearch {
    readonly paths: readonly string[];
    /** There are more than are named. */
    readonly isCut?: boolean;
    /** Why nothing could be looked at; null where it was. */
    readonly problem: string | null;
}
export declare function rotationGuide(rule: Rule, { paths, isCut, problem }: ConsumerSearch): RotationGuide;
