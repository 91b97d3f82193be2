/** Numbers that look random and come again with the same seed. */
import { createHash } from "node:crypto";

export class Seeded {
  #state: number;

  /** @param name tells one series of the seed from another */
  constructor(seed: string, name: string) {
    this.#state = createHash("sha256").update(`${seed} ${name}`).digest().readUInt32LE(0);
  }

  /** From 0 on and below 1. */
  readonly next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  /** A whole number from 0 on and below the limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  isIn(share: number): boolean {
    return this.next() < share;
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)]!;
  }

  /** @param weights of each value, of whatever sum */
  weighted<Value extends string>(weights: Readonly<Record<Value, number>>): Value {
    const entries = Object.entries(weights) as [Value, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [value, weight] of entries) {
      left -= weight;
      if (left < 0) return value;
    }
    return entries.at(-1)![0];
  }

  shuffled<Value>(values: readonly Value[]): Value[] {
    const all = [...values];
    for (let index = all.length - 1; index > 0; index -= 1) {
      const other = this.below(index + 1);
      [all[index], all[other]] = [all[other]!, all[index]!];
    }
    return all;
  }
}
