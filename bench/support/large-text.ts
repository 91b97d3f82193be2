/** Text of any size, made when it is needed. */
import { closeSync, openSync, writeSync } from "node:fs";

const PIECE_BYTES = 4 * 1024 * 1024;
/** Prime, so that pieces and lines never line up. */
const LINE_BYTES = 97;

/** Lines of text without end. */
export function* ordinaryText(): Generator<Buffer> {
  yield* pieces("\n");
}

/** The same without a line feed. */
export function* oneLine(): Generator<Buffer> {
  yield* pieces(" ");
}

function* pieces(end: string): Generator<Buffer> {
  const piece = Buffer.alloc(PIECE_BYTES);
  for (let at = 0; at < piece.length; at += LINE_BYTES) piece.write(line(`pick_${at}`) + end, at, "latin1");
  for (let number = 0; ; number++) {
    piece.write(line(`task_${number}`), 0, "latin1");
    yield piece;
  }
}

function line(name: string): string {
  return `${name}("nothing to see in this line of ordinary text") // ik_`.padEnd(LINE_BYTES - 1);
}

export function writeText(file: string, text: Iterable<Buffer>, bytes: number): void {
  const descriptor = openSync(file, "w");
  for (const piece of takeBytes(text, bytes)) writeSync(descriptor, piece);
  closeSync(descriptor);
}

export function* takeBytes(text: Iterable<Buffer>, bytes: number): Generator<Buffer> {
  let left = bytes;
  for (const piece of text) {
    yield piece.subarray(0, left);
    left -= Math.min(left, piece.length);
    if (left === 0) return;
  }
}
