/** GitHub counts some lengths in characters and some in bytes; bytes hold for both. */
export function cutToBytes(text: string, max: number): string {
  if (Buffer.byteLength(text) <= max) return text;
  const more = "\n\n…";
  const bytes = Buffer.from(text).subarray(0, max - Buffer.byteLength(more));
  // What is cut within a character decodes to a mark of replacement.
  return bytes.toString("utf8").replace(/\ufffd+$/, "") + more;
}
