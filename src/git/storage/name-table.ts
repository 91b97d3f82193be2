/** A set of object names that stand in indexes: it keeps where they stand, in four bytes each. */
import type { PackIndex } from "./pack-index.ts";

const FREE = 0;

export class NameTable {
  /** Numbers from 1 on; that of a name is the sum of its position and its index's beginning. */
  readonly #slots: Uint32Array;
  readonly #mask: number;
  readonly #begins: { readonly index: PackIndex; readonly first: number }[] = [];
  #next = 1;

  /** @param capacity how many names there can be */
  constructor(capacity: number) {
    let size = 16;
    while (size < 2 * capacity) size *= 2;
    this.#slots = new Uint32Array(size);
    this.#mask = size - 1;
  }

  /** @returns false where the name is there already */
  add(index: PackIndex, position: number): boolean {
    const first = this.#beginOf(index);
    const name = index.nameAt(position);
    // Names are hashes: any of their bytes are as good as a hash of them.
    for (let slot = name.readUInt32LE(0) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const number = this.#slots[slot]!;
      if (number === FREE) {
        this.#slots[slot] = first + position;
        return true;
      }
      if (this.#nameOf(number).equals(name)) return false;
    }
  }

  #beginOf(index: PackIndex): number {
    const last = this.#begins.at(-1);
    if (last?.index === index) return last.first;
    const first = this.#next;
    this.#begins.push({ index, first });
    this.#next += index.count;
    return first;
  }

  #nameOf(number: number): Buffer {
    let low = 0;
    let high = this.#begins.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#begins[middle]!.first <= number) low = middle;
      else high = middle - 1;
    }
    const { index, first } = this.#begins[low]!;
    return index.nameAt(number - first);
  }
}
