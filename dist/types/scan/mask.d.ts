/** Names, messages and paths are shown to people, and each of them can hold a token. */
import type { BlastRadius } from "../core/blast-radius.js";
import type { Detector } from "../detect/detector.js";
import type { Rule } from "../rules/schema.js";
/**
 * As {@link mask}, for messages of git, which cut what they quote: a piece of a token is no token any more, but
 * most of its secret.
 */
export declare function maskPieces(detector: Detector, rules: readonly Rule[], text: string): string;
/** The text with every token in it replaced by its masked form. */
export declare function mask(detector: Detector, text: string): string;
/** As {@link mask}, for a line of a file that can be of any length. */
export declare function maskNote(detector: Detector, text: string): string;
/** As {@link mask}; no token stands across the border of two pieces. */
export declare function maskEach(detector: Detector, pieces: Iterable<string>): Generator<string>;
/** Before anything is cut or escaped: what is left of a token then is no token any more, but can be its secret. */
export declare function maskRule(detector: Detector, rule: Rule): Rule;
export declare function maskBlastRadius(detector: Detector, { notes, workloads, ...rest }: BlastRadius): BlastRadius;
