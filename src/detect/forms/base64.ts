/** Text in base64 of either alphabet, however it is wrapped. */
import { type Decoded, endsPiece, isText, Run } from "./decoded.ts";
import { canStartGap, joinsEncoded, readGap } from "./gaps.ts";

const NONE = 0xff;
const VALUES = new Uint8Array(256).fill(NONE);
for (const [value, byte] of Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/").entries()) {
  VALUES[byte] = value;
}
VALUES[0x2d] = 62;
VALUES[0x5f] = 63;

/** The run that the character at `at` belongs to, so many bytes to its left and to its right. */
export function readBase64Run(text: Uint8Array, at: number, toTheLeft: number, toTheRight: number): Run {
  const limit = Math.min(text.length, at + toTheRight);
  const run = new Run();
  let index = runStart(text, at, toTheLeft);
  while (index < limit) {
    let end = index;
    while (end < limit && VALUES[text[end]!] !== NONE) end += 1;
    if (end > index) {
      run.add(text, index, end);
      index = end;
      continue;
    }
    const byte = text[index]!;
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
  run.end = index;
  return run;
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
  const lastOf = (index: number): number => first + Math.floor((8 * index + 7) / 6);
  return {
    bytes: Buffer.from(run.characters.toString("latin1", first), "base64"),
    startOf: (index) => run.positionOf(first + Math.floor((8 * index) / 6)),
    endOf: (index) => run.positionOf(lastOf(index)) + 1,
    mayEnd: (index) => endsPiece(text, run, lastOf(index - 1)),
  };
}

/** Groups of four that are looked at, where there are so many: text that can hold a token goes on that long somewhere. */
const SAMPLE_GROUPS = 10;
/** So many tell text from other bytes. */
const MIN_SAMPLE_GROUPS = 7;

const sample = new Uint8Array(3 * SAMPLE_GROUPS);

/** Of each value: 1 where a byte of ASCII can begin with it, 2 where it can be the second, 4 where it can be the third. */
const IN_ASCII = VALUES.map((value) =>
  value === NONE ? 0 : (value < 32 ? 1 : 0) | ((value & 8) === 0 ? 2 : 0) | ((value & 2) === 0 ? 4 : 0),
);

/** Where a group of four can begin among the first four characters, so that what follows decodes to text: a bit for each. */
export function textPlaces(text: Uint8Array, at: number): number {
  let places = 0;
  for (let place = 0; place < 4; place++) if (isTextAt(text, at + place)) places |= 1 << place;
  return places;
}

function isTextAt(text: Uint8Array, at: number): boolean {
  let length = 0;
  for (let index = at; length < sample.length; index += 4, length += 3) {
    const first = text[index]!;
    const second = text[index + 1]!;
    const third = text[index + 2]!;
    const d = VALUES[text[index + 3]!];
    if (
      (IN_ASCII[first]! & (IN_ASCII[second]! >> 1) & (IN_ASCII[third]! >> 2)) === 0 ||
      d === NONE ||
      d === undefined
    ) {
      // The end of a line, or of all, is no other byte.
      const isAtEnd = !isBase64(first) || !isBase64(second) || !isBase64(third) || d === NONE || d === undefined;
      if (!isAtEnd || length < 3 * MIN_SAMPLE_GROUPS) return false;
      break;
    }
    const b = VALUES[second]!;
    const c = VALUES[third]!;
    sample[length] = (VALUES[first]! << 2) | (b >> 4);
    sample[length + 1] = (b << 4) | (c >> 2);
    sample[length + 2] = (c << 6) | d;
  }
  return isText(sample, length);
}

/** With three more for the place where a group can begin. */
const LINES_CHARACTERS = 4 * SAMPLE_GROUPS + 3;
const MAX_LINES_BYTES = 256;
const inLines = Buffer.alloc(LINES_CHARACTERS);

/** As {@link textPlaces}, over the ends of lines. */
export function textPlacesInLines(text: Uint8Array, at: number): number {
  let length = 0;
  for (let index = at; length < LINES_CHARACTERS && index < at + MAX_LINES_BYTES; index++) {
    const byte = text[index] ?? 0;
    if (byte === BACKSLASH && (text[index + 1] === 0x6e || text[index + 1] === 0x72)) index += 1;
    else if (isBase64(byte)) inLines[length++] = byte;
    else if (byte !== 0x0a && byte !== 0x0d) break;
  }
  return textPlaces(inLines.subarray(0, length), 0);
}

const BACKSLASH = 0x5c;

export function isBase64(byte: number): boolean {
  return VALUES[byte] !== NONE;
}

/** Whether a byte is of the URL-safe alphabet only. */
export function isUrlSafeOnly(byte: number): boolean {
  return byte === 0x2d || byte === 0x5f;
}
