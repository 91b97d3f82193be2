import type { Detector } from "../detect/detector.js";
import type { Rule } from "../rules/schema.js";
/**
 * As {@link mask}, for messages of git, which cut what they quote: a piece of a token is no token any more, but
 * most of its secret.
 */
export declare function maskPieces(detector: Detector, rules: readonly Rule[], text: string): string;
/** The text with every token in it replaced by its masked form. */
export declare function mask(detector: Detector, text: string): string;
