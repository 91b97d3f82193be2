/** The forms in which a token's characters can stand in bytes. */
export type CharacterEncoding = "plain" | "utf-16le" | "utf-16be";
/** What can be peeled off a token, in the words of the report. */
export type Encoding = "base64" | "base64url" | "bzip2" | "concatenation" | "gzip" | "hex" | "html-entity" | "percent" | "quoted-printable" | "tar" | "unicode-escape" | "utf-16be" | "utf-16le" | "zip";
/** How the text is written that a token with these encodings stands in. */
export declare function characterEncodingOf(encodings: readonly Encoding[]): CharacterEncoding;
/** Bytes for one character. */
export declare function unitBytes(encoding: CharacterEncoding): 1 | 2;
/** The character code of the unit at `position`, or -1 outside of the bytes and above U+00FF. */
export declare function unitAt(bytes: Uint8Array, position: number, encoding: CharacterEncoding): number;
