/** Text in UTF-16 as one byte a character, so that what is encoded in it can be looked for. */
import { type Decoded, DecodedText, isTextByte } from "./decoded.ts";

/** How many characters are looked at to tell text from numbers of two bytes. */
const SAMPLE_UNITS = 7;

/**
 * The characters below U+0100 around `at`, `reach` bytes to the left and twice as many to the right, or null where this is no
 * text.
 *
 * @param at where a character's byte stands that is not zero
 * @param zeroBefore whether the zero comes first
 */
export function readWide(text: Uint8Array, at: number, zeroBefore: boolean, reach: number): Decoded | null {
  const zero = zeroBefore ? -1 : 1;
  const isUnit = (index: number): boolean => text[index] !== undefined && text[index] !== 0 && text[index + zero] === 0;
  for (let unit = 0; unit < SAMPLE_UNITS; unit++) {
    const index = at + 2 * unit;
    if (!isUnit(index) || !isTextByte(text[index]!)) return null;
  }
  let from = at;
  while (from - 2 >= at - reach && isUnit(from - 2)) from -= 2;
  const limit = Math.min(text.length, at + 2 * reach);
  const decoded = new DecodedText((limit - from + 2) >> 1);
  for (let index = from; index < limit && isUnit(index); index += 2) {
    const start = zeroBefore ? index - 1 : index;
    decoded.push(text[index]!, start, start + 2);
  }
  return decoded;
}
