/** Reads fields one after the other, and none from beyond the end. */
import { Damage } from "./damage.ts";

export class ByteCursor {
  readonly bytes: Buffer;
  readonly end: number;
  position: number;

  constructor(bytes: Buffer, position: number = 0, end: number = bytes.length) {
    if (position > end || end > bytes.length) throw new Damage("leads out of itself");
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  get isAtEnd(): boolean {
    return this.position >= this.end;
  }

  uint8(): number {
    return this.bytes[this.#take(1)]!;
  }

  uint16(): number {
    return this.bytes.readUInt16BE(this.#take(2));
  }

  uint24(): number {
    return this.bytes.readUIntBE(this.#take(3), 3);
  }

  uint32(): number {
    return this.bytes.readUInt32BE(this.#take(4));
  }

  uint64(): number {
    const at = this.#take(8);
    const value = this.bytes.readUInt32BE(at) * 2 ** 32 + this.bytes.readUInt32BE(at + 4);
    if (value > Number.MAX_SAFE_INTEGER) throw new Damage("has an impossible number");
    return value;
  }

  /** As an offset delta in a pack writes the distance of its base. */
  varint(): number {
    let byte = this.uint8();
    let value = byte & 0x7f;
    while (byte >= 0x80) {
      byte = this.uint8();
      value = (value + 1) * 128 + (byte & 0x7f);
      if (value > Number.MAX_SAFE_INTEGER) throw new Damage("has an impossible number");
    }
    return value;
  }

  /** Valid as long as the bytes that are read. */
  take(length: number): Buffer {
    const at = this.#take(length);
    return this.bytes.subarray(at, at + length);
  }

  id(length: number): string {
    const at = this.#take(length);
    return this.bytes.toString("hex", at, at + length);
  }

  /** Up to the next byte of this value, which is read too and left out. */
  until(byte: number): Buffer {
    const at = this.bytes.indexOf(byte, this.position);
    if (at === -1 || at >= this.end) throw new Damage("ends in a name");
    const taken = this.bytes.subarray(this.position, at);
    this.position = at + 1;
    return taken;
  }

  #take(length: number): number {
    const at = this.position;
    if (at + length > this.end) throw new Damage("ends too early");
    this.position = at + length;
    return at;
  }
}
