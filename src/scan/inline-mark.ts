/** `keyrecall:allow` on the line of a token. */

const MARK = Buffer.from("keyrecall:allow");

/** How far from a token its line is searched; lines can be many megabytes long. */
export const MARK_CONTEXT_BYTES = 4096;

/** The mark's reason (what follows it, possibly empty), or null without a mark. */
export function findInlineMark(bytes: Buffer, start: number, end: number): string | null {
  const before = bytes.subarray(Math.max(0, start - MARK_CONTEXT_BYTES), start);
  const after = bytes.subarray(end, end + MARK_CONTEXT_BYTES);
  const feed = after.indexOf("\n");
  const line = Buffer.concat([before.subarray(before.lastIndexOf("\n") + 1), SPACE, feed === -1 ? after : after.subarray(0, feed)]);
  const at = line.indexOf(MARK);
  if (at === -1) return null;
  return line.toString("utf8", at + MARK.length).replace(/(\*\/|-->)\s*$/, "").trim().slice(0, 200);
}

const SPACE = Buffer.from(" ");
