/** The rotation guide, for a terminal and for Markdown. */
import type { RotationGuide } from "../respond/rotation.js";
export declare function rotationText(guide: RotationGuide): string;
/** @param level of the heading */
export declare function rotationMarkdown(guide: RotationGuide, level?: number): string;
