/**
 * Compressed sets of numbers, as git writes them. Source: git, `ewah/ewah_rlw.h` and gitformat-bitmap, appendix A: words of 64 bits, of
 * which every so many one says how many words of equal bits and how many words as they are come next.
 */
import type { ByteCursor } from "./byte-cursor.ts";
import { Damage } from "./damage.ts";

/**
 * Reads one set, and what stands behind it no longer belongs to it.
 *
 * @param limit no number of it may be this large
 * @returns the numbers in rising order
 * @throws {Damage}
 */
export function readEwah(cursor: ByteCursor, limit: number): number[] {
  cursor.uint32();
  const words = cursor.uint32();
  const body = cursor.take(words * 8);
  // Where writing would go on.
  cursor.uint32();
  const numbers: number[] = [];
  let first = 0;
  for (let word = 0; word < words;) {
    const high = body.readUInt32BE(word * 8);
    const low = body.readUInt32BE(word * 8 + 4);
    word += 1;
    const equalWords = (low >>> 1) + (high & 1) * 2 ** 31;
    const plainWords = high >>> 1;
    const next = first + equalWords * 64;
    if ((low & 1) === 1) {
      if (next > limit + 63) throw new Damage("has a set of more than there is");
      for (let number = first; number < next; number++) addNumber(numbers, number, limit);
    }
    if (word + plainWords > words) throw new Damage("has a set that ends too early");
    first = next;
    for (const stop = word + plainWords; word < stop; word++, first += 64) {
      // The lower half of a word stands behind its upper half.
      addBits(numbers, body.readUInt32BE(word * 8 + 4), first, limit);
      addBits(numbers, body.readUInt32BE(word * 8), first + 32, limit);
    }
  }
  return numbers;
}

function addBits(numbers: number[], bits: number, first: number, limit: number): void {
  for (let rest = bits; rest !== 0;) {
    const bit = 31 - Math.clz32(rest & -rest);
    addNumber(numbers, first + bit, limit);
    rest &= rest - 1;
  }
}

function addNumber(numbers: number[], number: number, limit: number): void {
  if (number >= limit) throw new Damage("has a set of more than there is");
  numbers.push(number);
}
