/**
 * A version written as pieces of another one and bytes of its own.
 * Source: gitformat-pack, "Deltified representation"; git's patch-delta.c says what is refused.
 */
import { Damage } from "./damage.ts";

/** Below, a loop is faster than the call that copies. */
const SHORT_COPY_BYTES = 24;
/** Source: git, `get_size_from_delta`: a size that is not written is this one. */
const DEFAULT_COPY_BYTES = 0x10000;

/** Used again for every delta. */
export class Delta {
  baseSize = 0;
  resultSize = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #operations = 0;
  #position = 0;
  /** The operation that was read last: bytes of the base, or of the delta itself. */
  #isCopy = false;
  #from = 0;
  #size = 0;
  #list = new Int32Array(192);

  /** @throws {Damage} */
  open(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#position = 0;
    this.baseSize = this.#readSize();
    this.resultSize = this.#readSize();
    this.#operations = this.#position;
  }

  /**
   * Puts the version together.
   *
   * @param result takes it; at least {@link resultSize} long
   * @throws {Damage} where an operation reaches beyond the base or the result, or the result is not filled
   */
  apply(base: Buffer, result: Buffer): void {
    let filled = 0;
    this.#begin(base);
    while (this.#next(base, filled)) {
      filled = copy(this.#isCopy ? base : this.#bytes, this.#from, this.#size, result, filled);
    }
    this.#end(filled);
  }

  /**
   * What of the version is not plainly its base's: bytes of its own, and `context` bytes on both sides of each place
   * where two pieces meet, and at its beginning and end. Pieces that follow each other in the base as well are one. Whatever is left
   * out is left out without a trace, so bytes that stand side by side here need not do so in the version; those that do
   * within `context` of such a place stand so here. The first `head` bytes are always all there.
   *
   * @param result takes the pieces; at least {@link resultSize} long
   * @returns how many bytes they are
   * @throws {Damage} as {@link apply}
   */
  condense(base: Buffer, result: Buffer, context: number, head: number): number {
    let filled = 0;
    let written = 0;
    /** Where the copied piece that has not been written yet begins and ends in the base. */
    let pendingFrom = 0;
    let pendingTo = 0;
    this.#begin(base);
    while (this.#next(base, filled)) {
      const from = this.#from;
      const size = this.#size;
      const goesOn = this.#isCopy && from === pendingTo && pendingFrom !== pendingTo;
      if (!goesOn) written = writeEnds(base, pendingFrom, pendingTo, context, head, result, written);
      if (this.#isCopy) {
        if (!goesOn) pendingFrom = from;
        pendingTo = from + size;
      } else {
        pendingFrom = 0;
        pendingTo = 0;
        written = copy(this.#bytes, from, size, result, written);
      }
      filled += size;
    }
    this.#end(filled);
    return writeEnds(base, pendingFrom, pendingTo, context, head, result, written);
  }

  /**
   * @returns three numbers for each operation, valid until the next call: whether it copies, from where, and how many bytes
   * @throws {Damage} as {@link apply}
   */
  listOperations(base: Buffer): Int32Array {
    let filled = 0;
    let count = 0;
    this.#begin(base);
    while (this.#next(base, filled)) {
      if (count + 3 > this.#list.length) {
        const longer = new Int32Array(2 * this.#list.length);
        longer.set(this.#list);
        this.#list = longer;
      }
      this.#list[count++] = this.#isCopy ? 1 : 0;
      this.#list[count++] = this.#from;
      this.#list[count++] = this.#size;
      filled += this.#size;
    }
    this.#end(filled);
    return this.#list;
  }

  #begin(base: Buffer): void {
    if (base.length !== this.baseSize) throw new Damage(wrongBase(base, this.baseSize));
    this.#position = this.#operations;
  }

  /** Reads an operation, unless there are no more. @param filled bytes of the version that the earlier ones gave */
  #next(base: Buffer, filled: number): boolean {
    const bytes = this.#bytes;
    let position = this.#position;
    if (position >= bytes.length) return false;
    const operation = bytes[position++]!;
    let from = 0;
    let size = 0;
    this.#isCopy = operation >= 0x80;
    if (this.#isCopy) {
      if (operation & 0x01) from = byteAt(bytes, position++);
      if (operation & 0x02) from |= byteAt(bytes, position++) << 8;
      if (operation & 0x04) from |= byteAt(bytes, position++) << 16;
      if (operation & 0x08) from += byteAt(bytes, position++) * 0x1000000;
      if (operation & 0x10) size = byteAt(bytes, position++);
      if (operation & 0x20) size |= byteAt(bytes, position++) << 8;
      if (operation & 0x40) size |= byteAt(bytes, position++) << 16;
      if (size === 0) size = DEFAULT_COPY_BYTES;
      if (from + size > base.length) throw new Damage("copies from beyond the end of its base");
    } else {
      if (operation === 0) throw new Damage("has an operation that does not exist");
      from = position;
      size = operation;
      position += size;
      if (position > bytes.length) throw new Damage("ends in its own bytes");
    }
    if (filled + size > this.resultSize) throw new Damage("gives more bytes than it says");
    this.#from = from;
    this.#size = size;
    this.#position = position;
    return true;
  }

  #end(filled: number): void {
    if (filled !== this.resultSize) throw new Damage(`gives ${filled} bytes and says ${this.resultSize}`);
  }

  #readSize(): number {
    let size = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = byteAt(this.#bytes, this.#position++);
      size += (byte & 0x7f) * factor;
      if (size > Number.MAX_SAFE_INTEGER) throw new Damage("has an impossible size");
      if (byte < 0x80) return size;
    }
  }
}

/** The beginning and the end of a copied piece, or all of it where they meet. */
function writeEnds(
  base: Buffer,
  from: number,
  to: number,
  context: number,
  head: number,
  result: Buffer,
  written: number,
): number {
  const size = to - from;
  if (size === 0) return written;
  // Nothing has been left out yet while the head is not complete, so `written` is the place in the version.
  const first = Math.max(context, head - written);
  if (size <= first + context) return copy(base, from, size, result, written);
  const behind = copy(base, from, first, result, written);
  return copy(base, to - context, context, result, behind);
}

function copy(source: Buffer, from: number, size: number, target: Buffer, at: number): number {
  if (size <= SHORT_COPY_BYTES) {
    for (let index = 0; index < size; index++) target[at + index] = source[from + index]!;
  } else {
    source.copy(target, at, from, from + size);
  }
  return at + size;
}

function byteAt(bytes: Uint8Array, position: number): number {
  const byte = bytes[position];
  if (byte === undefined) throw new Damage("ends in an operation");
  return byte;
}

function wrongBase(base: Buffer, size: number): string {
  return `is for a base of ${size} bytes and its base has ${base.length}`;
}
