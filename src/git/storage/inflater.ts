/**
 * Inflates many small streams. zlib in Node makes a handle, its streams and their garbage for each, which takes longer than
 * inflating itself; this does it in WebAssembly and leaves to zlib what is large or not as it should be.
 */
import { instantiatorOf } from "../../core/web-assembly.ts";
import { INFLATE_MODULE } from "./inflate.generated.ts";
import { inflateExactly } from "./inflate.ts";

/** Where the module's own tables end. */
const INPUT_START = 16_384;
/** The module reads and writes a few bytes too far. */
const SLACK_BYTES = 64;

interface InflateModule {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly inflate: (input: number, inputEnd: number, output: number, outputEnd: number) => number;
}

const instantiate = instantiatorOf(INFLATE_MODULE) as () => InflateModule | null;

export class Inflater {
  readonly #memory: Buffer;
  readonly #inflate: InflateModule["inflate"] | null;

  constructor() {
    const instance = instantiate();
    this.#memory = instance === null ? Buffer.alloc(0) : Buffer.from(instance.memory.buffer);
    this.#inflate = instance === null ? null : instance.inflate;
  }

  /**
   * @param input the stream and nothing behind it
   * @returns the bytes, valid until the next call
   * @throws {Damage} where it is not `size` bytes long, its checksum is wrong, or something follows it
   */
  inflate(input: Buffer, size: number): Buffer {
    const inputEnd = INPUT_START + input.length;
    const output = inputEnd + SLACK_BYTES;
    const outputEnd = output + size;
    if (this.#inflate === null || outputEnd + SLACK_BYTES > this.#memory.length) return inflateExactly(input, size);
    this.#memory.set(input, INPUT_START);
    if (this.#inflate(INPUT_START, inputEnd, output, outputEnd) === inputEnd) {
      return this.#memory.subarray(output, outputEnd);
    }
    return inflateExactly(input, size);
  }
}
