/** Reads bits, the highest of a byte first. */
export class OutOfBits extends Error {}

export class BitReader {
  readonly #bytes: Buffer;
  #next: number;
  #held = 0;
  #heldBits = 0;

  /** @param skippedBits bits of the first byte that belong to what came before, at most 7 */
  constructor(bytes: Buffer, skippedBits: number) {
    this.#bytes = bytes;
    this.#next = 0;
    if (skippedBits > 0) this.read(skippedBits);
  }

  /** How many bits have been read, the skipped ones among them. */
  get position(): number {
    return this.#next * 8 - this.#heldBits;
  }

  /**
   * @param count at most 24
   * @throws {OutOfBits}
   */
  read(count: number): number {
    while (this.#heldBits < count) this.#fetch();
    this.#heldBits -= count;
    return (this.#held >>> this.#heldBits) & ((1 << count) - 1);
  }

  read32(): number {
    return this.read(16) * 0x1_0000 + this.read(16);
  }

  read48(): number {
    return this.read(24) * 0x100_0000 + this.read(24);
  }

  /** The next bits without taking them; zeros where there are not so many. */
  peek(count: number): number {
    while (this.#heldBits < count && this.#next < this.#bytes.length) this.#fetch();
    const missing = count - this.#heldBits;
    const mask = (1 << count) - 1;
    return missing <= 0 ? (this.#held >>> -missing) & mask : (this.#held << missing) & mask;
  }

  #fetch(): void {
    if (this.#next >= this.#bytes.length) throw new OutOfBits();
    this.#held = (this.#held << 8) | this.#bytes[this.#next]!;
    this.#next += 1;
    this.#heldBits += 8;
  }
}
