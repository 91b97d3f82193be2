/** How to rotate: the guide, for a terminal and for Markdown, and what the rules say of it. */
import type { RotationGuide } from "../respond/rotation.js";
import type { Rule } from "../rules/schema.js";
/** What rules say of it, by rule. */
export declare function rotationsOf(rules: readonly Rule[]): ReadonlyMap<string, Rule["rotation"]>;
export declare function rotationText(guide: RotationGuide): string;
/** @param level of the heading */
export declare function rotationMarkdown(guide: RotationGuide, level?: number): string;
