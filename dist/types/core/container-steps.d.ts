/** The way into an archive: steps from the outside to the inside, each `FORMAT` or `FORMAT:ENTRY`. */
/** The names on the way. Formats of one thing only have none. */
export declare function entryNamesOf(steps: readonly string[]): string[];
/** The formats on the way. */
export declare function formatsOf(steps: readonly string[]): string[];
