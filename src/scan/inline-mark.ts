/** `keyrecall:allow` on the line of a token, and the marks of other tools where the operator lets them count. */
import type { CharacterEncoding } from "../detect/encoding.ts";

const MARK = /(?<![\w:-])keyrecall:allow(?![\w:-])/;

const LINE_END = /[\n\r]/;

/** How far from a token its line is searched; lines can be many megabytes long. */
export const MARK_CONTEXT_BYTES = 4096;

/**
 * The mark's reason (what follows it, possibly empty), or null without a mark.
 *
 * @param signatures texts of other tools that count as a mark wherever they stand on the line
 */
export function findInlineMark(
  bytes: Buffer,
  start: number,
  end: number,
  encoding: CharacterEncoding,
  signatures: readonly string[] = [],
): string | null {
  const before = decode(bytes.subarray(Math.max(0, start - MARK_CONTEXT_BYTES), start), encoding);
  const after = decode(bytes.subarray(end, end + MARK_CONTEXT_BYTES), encoding);
  // A carriage return ends a line where it stands alone, as it did on old Macs.
  const line = `${before.split(LINE_END).at(-1)} ${after.split(LINE_END, 1)[0]}`;
  const mark = MARK.exec(line);
  if (mark !== null) return reasonBehind(line, mark.index + mark[0].length);
  const signature = signatures.find((text) => line.includes(text));
  if (signature === undefined) return null;
  const reason = reasonBehind(line, line.indexOf(signature) + signature.length);
  return `${signature} on its line${reason === "" ? "" : `: ${reason}`}`;
}

function reasonBehind(line: string, position: number): string {
  return line
    .slice(position)
    .replace(/(\*\/|-->)\s*$/, "")
    .trim();
}

function decode(bytes: Buffer, encoding: CharacterEncoding): string {
  if (encoding === "plain") return bytes.toString("utf8");
  const even = bytes.subarray(bytes.length % 2);
  if (encoding === "utf-16le") return even.toString("utf16le");
  return Buffer.from(even).swap16().toString("utf16le");
}
