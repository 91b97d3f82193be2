/** Text in base64 of either alphabet, however it is wrapped. */
import { type Decoded, endsPiece, isText, type Run, RunBuilder } from "./decoded.ts";
import { canStartGap, joinsEncoded, readGap } from "./gaps.ts";

const NONE = 0xff;
const VALUES = new Uint8Array(256).fill(NONE);
for (const [value, character] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries()) {
  VALUES[character.charCodeAt(0)] = value;
}
VALUES[0x2d] = 62;
VALUES[0x5f] = 63;

/** The run that the character at `at` belongs to, `reach` bytes to its left and twice as many to its right. */
export function readBase64Run(text: Uint8Array, at: number, reach: number): Run {
  const limit = Math.min(text.length, at + 2 * reach);
  const run = new RunBuilder();
  let index = runStart(text, at, reach);
  while (index < limit) {
    const byte = text[index]!;
    if (VALUES[byte] !== NONE) {
      run.push(byte, index++);
      continue;
    }
    const gap = canStartGap(byte) ? readGap(text, index, isBase64) : null;
    if (gap !== null && joinsEncoded(gap)) {
      run.cut(index, gap.by);
      index = gap.end;
      continue;
    }
    if (index > at) break;
    run.restart();
    index += 1;
  }
  return run.run(index);
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
export function decodeBase64(text: Uint8Array, run: Run, first: number): Decoded {
  const { characters, positions } = run;
  const lastOf = (index: number): number => first + Math.floor((8 * index + 7) / 6);
  return {
    bytes: Buffer.from(characters.toString("latin1", first), "base64"),
    startOf: (index) => positions[first + Math.floor((8 * index) / 6)]!,
    endOf: (index) => positions[lastOf(index)]! + 1,
    mayEnd: (index) => endsPiece(text, run, lastOf(index - 1)),
  };
}

const SAMPLE_GROUPS = 7;
/** Characters that tell text from other bytes, with three more for the place where a group can begin. */
const SAMPLE_CHARACTERS = 4 * SAMPLE_GROUPS + 3;

const sample = new Uint8Array(3 * SAMPLE_GROUPS);

/** Of each value: 1 where a byte of ASCII can begin with it, 2 where it can be the second, 4 where it can be the third. */
const IN_ASCII = VALUES.map((value) =>
  value === NONE ? 0 : (value < 32 ? 1 : 0) | ((value & 8) === 0 ? 2 : 0) | ((value & 2) === 0 ? 4 : 0),
);

/**
 * Where a group of four can begin among the first four of these characters, all of them of base64, so that they decode to
 * text: a bit for each place.
 */
export function textPlaces(text: Uint8Array, at: number): number {
  let places = 0;
  for (let place = 0; place < 4; place++) if (isTextAt(text, at + place)) places |= 1 << place;
  return places;
}

function isTextAt(text: Uint8Array, at: number): boolean {
  for (let index = at, byte = 0; byte < sample.length; index += 4, byte += 3) {
    const [first, second, third] = [text[index]!, text[index + 1]!, text[index + 2]!];
    if ((IN_ASCII[first]! & (IN_ASCII[second]! >> 1) & (IN_ASCII[third]! >> 2)) === 0) return false;
    const [b, c] = [VALUES[second]!, VALUES[third]!];
    sample[byte] = (VALUES[first]! << 2) | (b >> 4);
    sample[byte + 1] = (b << 4) | (c >> 2);
    sample[byte + 2] = (c << 6) | VALUES[text[index + 3]!]!;
  }
  return isText(sample);
}

const inLines = Buffer.alloc(SAMPLE_CHARACTERS);
const MAX_LINES_BYTES = 160;

/** As {@link textPlaces}, over the ends of lines. */
export function textPlacesInLines(text: Uint8Array, at: number): number {
  let length = 0;
  for (let index = at; length < SAMPLE_CHARACTERS; index++) {
    const byte = text[index];
    if (byte === undefined || index === at + MAX_LINES_BYTES) return 0;
    if (byte === BACKSLASH && (text[index + 1] === 0x6e || text[index + 1] === 0x72)) index += 1;
    else if (isBase64(byte)) inLines[length++] = byte;
    else if (byte !== 0x0a && byte !== 0x0d) return 0;
  }
  return textPlaces(inLines, 0);
}

const BACKSLASH = 0x5c;

export function isBase64(byte: number): boolean {
  return VALUES[byte] !== NONE;
}

/** Whether a byte is of the URL-safe alphabet only. */
export function isUrlSafeOnly(byte: number): boolean {
  return byte === 0x2d || byte === 0x5f;
}
