/** The forms in which a token's characters can stand in bytes. */
export type CharacterEncoding = "plain" | "utf-16le" | "utf-16be";

/** What can be peeled off a token, in the words of the report. */
export type Encoding =
  | "base64"
  | "base64url"
  | "bzip2"
  | "concatenation"
  | "gzip"
  | "hex"
  | "html-entity"
  | "percent"
  | "quoted-printable"
  | "tar"
  | "unicode-escape"
  | "utf-16be"
  | "utf-16le"
  | "zip";

/** How the text is written that a token with these encodings stands in. */
export function characterEncodingOf(encodings: readonly Encoding[]): CharacterEncoding {
  const [outermost] = encodings;
  return outermost === "utf-16le" || outermost === "utf-16be" ? outermost : "plain";
}

/** Bytes for one character. */
export function unitBytes(encoding: CharacterEncoding): 1 | 2 {
  return encoding === "plain" ? 1 : 2;
}

/** The character code of the unit at `position`, or -1 outside of the bytes and above U+00FF. */
export function unitAt(bytes: Uint8Array, position: number, encoding: CharacterEncoding): number {
  if (position < 0) return -1;
  if (encoding === "plain") return bytes[position] ?? -1;
  const first = bytes[position];
  const second = bytes[position + 1];
  if (first === undefined || second === undefined) return -1;
  if (encoding === "utf-16le") return second === 0 ? first : -1;
  return first === 0 ? second : -1;
}
