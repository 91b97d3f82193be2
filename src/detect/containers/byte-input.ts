/** The bytes that a decoder takes, as they come. A decoder is a generator: it yields where it needs more of them. */
import { LineCounter, type Position } from "../position.ts";

export type Steps<Result> = Generator<void, Result, void>;

export class ByteInput {
  /** Counts lines over what has been taken; only for the outermost bytes, whose places are told. */
  readonly #lines: LineCounter | null;
  #bytes: Buffer = Buffer.alloc(0);
  #position = 0;
  /** Where `#bytes` begins in all that came. */
  #base = 0;
  /** Holds what is kept from one write to the next. */
  #kept: Buffer = Buffer.alloc(0);
  isEnded = false;

  /** @param base what `offset` begins at */
  constructor({ countsLines = false, base = 0 } = {}) {
    this.#base = base;
    this.#lines = countsLines ? new LineCounter("plain", 0) : null;
  }

  /** Where the next byte stands in all that came. */
  get offset(): number {
    return this.#base + this.#position;
  }

  /** The place of the next byte, where lines are counted. */
  get place(): Position | null {
    return this.#lines?.positionOf(this.offset) ?? null;
  }

  /** What is there and has not been taken. */
  get rest(): Buffer {
    return this.#bytes.subarray(this.#position);
  }

  get length(): number {
    return this.#bytes.length - this.#position;
  }

  take(count: number): Buffer {
    const bytes = this.#bytes.subarray(this.#position, this.#position + count);
    this.#lines?.advance(bytes);
    this.#position += bytes.length;
    return bytes;
  }

  /** @param bytes the caller's: they are not looked at after {@link keep} */
  add(bytes: Buffer): void {
    const { rest } = this;
    this.#base += this.#position;
    this.#position = 0;
    if (rest.length === 0) {
      this.#bytes = bytes;
      return;
    }
    // What is left over lies at the beginning of `#kept`, and most often there is room behind it.
    const needed = rest.length + bytes.length;
    const target = this.#kept.length >= needed ? this.#kept : Buffer.allocUnsafe(2 * needed);
    rest.copy(target);
    bytes.copy(target, rest.length);
    this.#kept = target;
    this.#bytes = target.subarray(0, needed);
  }

  /** Copies what has not been taken. */
  keep(): void {
    const { rest } = this;
    if (this.#kept.length < rest.length) this.#kept = Buffer.allocUnsafe(2 * rest.length);
    rest.copy(this.#kept);
    this.#base += this.#position;
    this.#position = 0;
    this.#bytes = this.#kept.subarray(0, rest.length);
  }
}

/** An input that is all there. */
export function wholeInput(bytes: Buffer, options: { countsLines?: boolean; base?: number } = {}): ByteInput {
  const input = new ByteInput(options);
  input.add(bytes);
  input.isEnded = true;
  return input;
}

/** Waits for so many bytes. False where the input ends before. */
export function* need(input: ByteInput, count: number): Steps<boolean> {
  while (input.length < count && !input.isEnded) yield;
  return input.length >= count;
}

/** Hands over the next so many bytes in pieces. False where the input ends before. */
export function* pass(input: ByteInput, count: number, onPiece: (bytes: Buffer) => void): Steps<boolean> {
  for (let remaining = count; remaining > 0;) {
    if (!(yield* need(input, 1))) return false;
    const piece = input.take(remaining);
    remaining -= piece.length;
    onPiece(piece);
  }
  return true;
}

export function skipPiece(): void {}

/** Drives a decoder with bytes that come in pieces. */
export class Decoding {
  readonly #input: ByteInput;
  readonly #steps: Steps<void>;
  #isDone = false;

  constructor(input: ByteInput, steps: Steps<void>) {
    this.#input = input;
    this.#steps = steps;
  }

  write(bytes: Buffer): void {
    if (this.#isDone || bytes.length === 0) return;
    this.#input.add(bytes);
    this.#run();
    if (!this.#isDone) this.#input.keep();
  }

  close(): void {
    if (this.#isDone) return;
    this.#input.isEnded = true;
    this.#run();
  }

  #run(): void {
    this.#isDone = this.#steps.next().done === true;
  }
}
