/**
 * The identity of a line for GitHub's code scanning, `primaryLocationLineHash`: a hash of the hundred characters from the
 * start of the line on, blanks and tabs left out, and which of the lines with that hash it is. It is what GitHub's own
 * upload action computes, so that an alert is the same one whoever uploads it.
 */

const BLOCK = 100;
const BASE = 37n;
/** The base to the power of the block's length: the weight of what leaves the block. */
const LEAVING_WEIGHT = BigInt.asUintN(64, BASE ** BigInt(BLOCK));
const END_OF_FILE = 65_535;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** @returns the hashes of the lines, by their number from 1 */
export function lineHashes(text: string, lines: ReadonlySet<number>): Map<number, string> {
  const hashes = new Map<number, string>();
  const counts = new Map<string, number>();
  const block = Array.from({ length: BLOCK }, () => 0);
  /** For each position of the block the line that starts there, or 0. */
  const starts = Array.from({ length: BLOCK }, () => 0);
  let hash = 0n;
  let position = 0;
  let line = 0;
  let isLineStart = true;

  const endLine = (): void => {
    const started = starts[position]!;
    if (started === 0) return;
    starts[position] = 0;
    const value = hash.toString(16);
    const count = (counts.get(value) ?? 0) + 1;
    counts.set(value, count);
    if (lines.has(started)) hashes.set(started, `${value}:${count}`);
  };
  const take = (character: number): void => {
    const leaving = block[position]!;
    block[position] = character;
    hash = BigInt.asUintN(64, BASE * hash + BigInt(character) - LEAVING_WEIGHT * BigInt(leaving));
    position = (position + 1) % BLOCK;
  };
  const read = (character: number): void => {
    endLine();
    if (isLineStart) {
      isLineStart = false;
      line += 1;
      starts[position] = line;
    }
    if (character === LINE_FEED) isLineStart = true;
    take(character);
  };

  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === 0x20 || character === 0x09) continue;
    if (character === LINE_FEED && text.charCodeAt(index - 1) === CARRIAGE_RETURN) continue;
    read(character === CARRIAGE_RETURN ? LINE_FEED : character);
  }
  read(END_OF_FILE);
  for (let rest = 0; rest < BLOCK; rest++) {
    endLine();
    take(0);
  }
  return hashes;
}
