/** A large file read in windows that are used again: never the whole of it in memory. */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { messageOf } from "../../core/errors.ts";
import { Damage } from "./damage.ts";

const WINDOW_BITS = 14;
const WINDOW_BYTES = 1 << WINDOW_BITS;
/** 16 MiB. Deltas lie scattered around their bases, so small windows and many of them cost the fewest bytes. */
const WINDOW_COUNT = 1024;

export class RandomAccessFile {
  readonly path: string;
  readonly size: number;
  readonly #descriptor: number;
  /** Window `n` of the file is kept in slot `n % WINDOW_COUNT`. */
  readonly #slots: (Buffer | undefined)[] = [];
  readonly #kept: Float64Array = new Float64Array(WINDOW_COUNT).fill(-1);
  #spanning: Buffer = Buffer.alloc(0);

  /** @throws where there is no such file, or it is none with an end */
  constructor(path: string) {
    this.path = path;
    // O_NONBLOCK: opening a named pipe must not wait for its writer.
    this.#descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(this.#descriptor);
    if (!stat.isFile()) {
      this.close();
      throw new Damage("is not a regular file");
    }
    this.size = stat.size;
  }

  /**
   * @returns the bytes from `start` on, `length` of them or as many as there are; valid until the next call
   */
  read(start: number, length: number): Buffer {
    const end = Math.min(start + length, this.size);
    if (end <= start) return EMPTY;
    const first = Math.floor(start / WINDOW_BYTES);
    const last = Math.floor((end - 1) / WINDOW_BYTES);
    const offset = start - first * WINDOW_BYTES;
    if (first === last) return this.#window(first).subarray(offset, offset + end - start);
    if (this.#spanning.length < end - start) this.#spanning = Buffer.allocUnsafeSlow(roundUp(end - start));
    if (last - first > 4) {
      this.#readInto(this.#spanning, end - start, start);
      return this.#spanning.subarray(0, end - start);
    }
    let filled = 0;
    for (let number = first; number <= last; number++) {
      const from = number === first ? offset : 0;
      const to = Math.min(WINDOW_BYTES, end - number * WINDOW_BYTES);
      filled += this.#window(number).copy(this.#spanning, filled, from, to);
    }
    if (filled < end - start) throw new Damage("has become shorter while it was read");
    return this.#spanning.subarray(0, filled);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #window(number: number): Buffer {
    const slot = number % WINDOW_COUNT;
    const window = (this.#slots[slot] ??= Buffer.allocUnsafeSlow(WINDOW_BYTES));
    const start = number * WINDOW_BYTES;
    const length = Math.min(WINDOW_BYTES, this.size - start);
    if (this.#kept[slot] !== number) {
      this.#kept[slot] = -1;
      this.#readInto(window, length, start);
      this.#kept[slot] = number;
    }
    return length === WINDOW_BYTES ? window : window.subarray(0, length);
  }

  #readInto(target: Buffer, length: number, start: number): void {
    let filled = 0;
    while (filled < length) {
      const count = this.#readSome(target, filled, length - filled, start + filled);
      if (count === 0) throw new Damage("has become shorter while it was read");
      filled += count;
    }
  }

  #readSome(target: Buffer, at: number, length: number, start: number): number {
    try {
      return readSync(this.#descriptor, target, at, length, start);
    } catch (error) {
      throw new Damage(`cannot be read: ${messageOf(error)}`, { cause: error });
    }
  }
}

const EMPTY = Buffer.alloc(0);

function roundUp(bytes: number): number {
  return Math.ceil(bytes / WINDOW_BYTES) * WINDOW_BYTES;
}
