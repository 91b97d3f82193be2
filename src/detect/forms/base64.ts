/** Text in base64 of either alphabet, however it is wrapped. */
import { type Cut, type Decoded, DecodedText, isTextByte, type Run } from "./decoded.ts";
import { canStartGap, readGap } from "./gaps.ts";

const NONE = 0xff;
const VALUES = new Uint8Array(256).fill(NONE);
for (const [value, character] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries()) {
  VALUES[character.charCodeAt(0)] = value;
}
VALUES[0x2d] = 62;
VALUES[0x5f] = 63;

/** The run that the character at `at` belongs to, `reach` bytes to its left and twice as many to its right. */
export function readBase64Run(text: Uint8Array, at: number, reach: number): Run {
  const from = runStart(text, at, reach);
  const limit = Math.min(text.length, at + 2 * reach);
  const positions = new Int32Array(limit - from);
  let cuts: Cut[] = [];
  let length = 0;
  let index = from;
  while (index < limit) {
    const byte = text[index]!;
    if (VALUES[byte] !== NONE) {
      positions[length++] = index++;
      continue;
    }
    const gap = canStartGap(byte) ? readGap(text, index) : null;
    const canGoOn = gap !== null && gap.quotes % 2 === 0 && VALUES[text[gap.end] ?? 0] !== NONE;
    if (canGoOn) {
      if (gap.by !== null) cuts.push({ at: index, by: gap.by });
      index = gap.end;
      continue;
    }
    if (index > at) break;
    length = 0;
    cuts = [];
    index += 1;
  }
  return { positions, length, cuts, end: index };
}

/** How far to the left a run can go: to a byte that stands in none, nor in a gap. */
function runStart(text: Uint8Array, at: number, reach: number): number {
  let from = at;
  const limit = Math.max(0, at - reach);
  while (from > limit && (MAY_STAND_IN_A_RUN[text[from - 1]!] === 1 || isSoftBreak(text, from - 1))) from -= 1;
  return from;
}

function isSoftBreak(text: Uint8Array, at: number): boolean {
  return text[at] === 0x3d && (text[at + 1] === 0x0a || text[at + 1] === 0x0d);
}

const MAY_STAND_IN_A_RUN = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  if (VALUES[byte] !== NONE || canStartGap(byte) || ".,&|<>~^()[]".includes(String.fromCharCode(byte))) {
    MAY_STAND_IN_A_RUN[byte] = 1;
  }
}
// It pads, and then another text begins.
MAY_STAND_IN_A_RUN[0x3d] = 0;

/** Decodes a run from the character number `first` on, which begins a group of four. */
export function decodeBase64(text: Uint8Array, { positions, length }: Run, first: number): Decoded {
  const decoded = new DecodedText(Math.floor(((length - first) * 3) / 4));
  for (let index = first; index + 1 < length; index += 4) {
    const [p, q] = [positions[index]!, positions[index + 1]!];
    const b = VALUES[text[q]!]!;
    decoded.push((VALUES[text[p]!]! << 2) | (b >> 4), p, q + 1);
    if (index + 2 === length) break;
    const r = positions[index + 2]!;
    const c = VALUES[text[r]!]!;
    decoded.push(((b & 15) << 4) | (c >> 2), q, r + 1);
    if (index + 3 === length) break;
    const s = positions[index + 3]!;
    decoded.push(((c & 3) << 6) | VALUES[text[s]!]!, r, s + 1);
  }
  return decoded;
}

/** Groups of four that tell text from other bytes: such bytes pass as text once in a hundred million. */
const SAMPLE_GROUPS = 6;

/** Whether the characters from `at` on, all of them of base64, decode to text where a group of four begins there. */
export function isTextInBase64(text: Uint8Array, at: number): boolean {
  let before = 1;
  for (let index = at; index < at + 4 * SAMPLE_GROUPS; index += 4) {
    const b = VALUES[text[index + 1]!]!;
    const first = ((VALUES[text[index]!]! << 2) | (b >> 4)) & 0xff;
    if (!isTextByte(first, before)) return false;
    const c = VALUES[text[index + 2]!]!;
    const second = ((b & 15) << 4) | (c >> 2);
    if (!isTextByte(second, first)) return false;
    before = ((c & 3) << 6) | VALUES[text[index + 3]!]!;
    if (!isTextByte(before, second)) return false;
  }
  return true;
}

/** As {@link isTextInBase64}, for a run from its character number `first` on. */
export function isTextInRun(text: Uint8Array, { positions, length }: Run, first: number): boolean {
  const size = 4 * SAMPLE_GROUPS;
  if (first + size > length) return false;
  const sample = Uint8Array.from({ length: size }, (_, index) => text[positions[first + index]!]!);
  return isTextInBase64(sample, 0);
}

export function isBase64(byte: number): boolean {
  return VALUES[byte] !== NONE;
}

/** Whether a byte is of the URL-safe alphabet only. */
export function isUrlSafeOnly(byte: number): boolean {
  return byte === 0x2d || byte === 0x5f;
}
