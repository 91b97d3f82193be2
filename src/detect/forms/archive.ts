import { formatsOf } from "../../core/container-steps.ts";
/** Archives that stand in text in base64: a compressed release of Helm, `gz+b64` of cloud-init, a zip archive in JSON. */
import { gramKey } from "../anchors/anchor-tables.ts";
import { formatByBeginning } from "../containers/recognise.ts";
import { type Contents, unpackWhole, type UnpackLimits } from "../containers/unpack.ts";
import type { Encoding } from "../encoding.ts";
import { decodeBase64, isBase64, isUrlSafeOnly, readBase64Run } from "./base64.ts";
import { cutsBetween } from "./decoded.ts";

/** As much of a text is read as one archive, or up to twice that: it is looked at in growing steps. */
const MAX_ENCODED_BYTES = 2 * 1024 ** 2;
/** So many tell whether it is one. */
const BEGINNING_CHARACTERS = 1024;
const MAX_LAYERS = 2;
/** An empty gzip member is 20 bytes and an empty zip archive 22: whatever is shorter is the mark of one, or chance. */
const MIN_ARCHIVE_BYTES = 20;

const LIMITS: UnpackLimits = {
  depth: 3,
  entries: 1000,
  bytes: 16 * 1024 ** 2,
  ratio: 100,
  // As much as one piece of a stream can be.
  freeBytes: 8 * 1024 ** 2,
  wholeBytes: 16 * 1024 ** 2,
};

export interface EncodedArchive {
  readonly bytes: Buffer;
  /** Where its text ends. */
  readonly end: number;
  /** False where the text goes on, and no more of it is read. */
  readonly isWhole: boolean;
  /** What was peeled off, outermost first. */
  readonly layers: readonly Encoding[];
}

/** The archive that begins at `at` in base64, or in base64 of it; null where none does. */
export function readEncodedArchive(text: Buffer, at: number, grams: ReadonlySet<number>): EncodedArchive | null {
  const layers: Encoding[] = [];
  let end = -1;
  let isWhole = true;
  let bytes = text;
  for (let from = at; layers.length < MAX_LAYERS; from = 0) {
    const beginning = decodeBase64(bytes, readBase64Run(bytes, from, 0, BEGINNING_CHARACTERS), 0).bytes;
    if (!grams.has(gramKey(beginning, 0)) && formatByBeginning(beginning) === null) return null;
    const one = endOfOne(bytes, from, grams);
    isWhole &&= one.isWhole;
    const run = readBase64Run(bytes, from, 0, one.end - from);
    const last = run.positionOf(run.length - 1) + 1;
    const alphabet = bytes.subarray(from, last).some(isUrlSafeOnly) ? "base64url" : "base64";
    layers.push(...cutsBetween(run.cuts, from, last), alphabet);
    if (end === -1) end = last;
    bytes = decodeBase64(bytes, run, 0).bytes;
    if (formatByBeginning(bytes) !== null)
      return bytes.length < MIN_ARCHIVE_BYTES ? null : { bytes, end, isWhole, layers };
  }
  return null;
}

/** Where the next archive begins in a list of them, or as far as is read. */
function endOfOne(text: Buffer, at: number, grams: ReadonlySet<number>): Pick<EncodedArchive, "end" | "isWhole"> {
  let next = at + 1;
  // In growing steps, because in a list the next one is near.
  for (let length = BEGINNING_CHARACTERS; ; length *= 4) {
    const { end } = readBase64Run(text, at, 0, length);
    for (; next < end; next++) {
      if (grams.has(gramKey(text, next)) && !isBase64(text[next - 1]!)) return { end: next, isWhole: true };
    }
    if (end < at + length) return { end, isWhole: true };
    if (length >= MAX_ENCODED_BYTES) return { end, isWhole: end === text.length };
  }
}

/**
 * Calls back with each text that an archive holds, and the formats on the way to it. What is damaged ends there: text can
 * begin like an archive by chance, or be a shortened example of one.
 *
 * @returns whether the limits left nothing out
 */
export function eachInArchive(bytes: Buffer, found: (steps: Encoding[], bytes: Buffer) => void): boolean {
  let isWhole = true;
  const contents: Contents = {
    whole: ({ steps }, content) => found(formatsOf(steps) as Encoding[], content),
    text: ({ steps }, content) => found(formatsOf(steps) as Encoding[], content),
    stream: () => {
      isWhole = false;
      return { write() {}, close() {} };
    },
    unread: (_steps, _why, isLimit) => {
      if (isLimit) isWhole = false;
    },
    leftOut() {},
  };
  unpackWhole(bytes, contents, LIMITS);
  return isWhole;
}
