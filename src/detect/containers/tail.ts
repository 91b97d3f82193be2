/** The last bytes of what comes in pieces. */
import { TAIL_BYTES } from "./recognise.ts";

export class Tail {
  #bytes: Buffer = Buffer.alloc(0);

  get bytes(): Buffer {
    return this.#bytes;
  }

  write(bytes: Buffer): void {
    const end = bytes.length < TAIL_BYTES ? Buffer.concat([this.#bytes, bytes]) : bytes;
    this.#bytes = Buffer.from(end.subarray(Math.max(0, end.length - TAIL_BYTES)));
  }
}
