/** The forms in which a token's characters can stand in bytes. */
export type CharacterEncoding = "plain" | "utf-16le" | "utf-16be";
/** Bytes for one character. */
export declare function unitBytes(encoding: CharacterEncoding): 1 | 2;
/** The character code of the unit at `position`, or -1 outside of the bytes and above U+00FF. */
export declare function unitAt(bytes: Uint8Array, position: number, encoding: CharacterEncoding): number;
