/** Deflated data that comes in pieces (RFC 1951): what can be unpacked is handed on, also of damaged data. */
import { inflateRawSync } from "node:zlib";
import { Z_NO_FLUSH, Z_OK, Z_STREAM_END, ZStream, zlibInflate, zlibInflateInit2, zlibInflateReset } from "pako";
import { type ByteInput, need, type Steps } from "./byte-input.ts";

const RAW_WINDOW_BITS = -15;
const OUTPUT_BYTES = 64 * 1024;
/** Where all of the input is there, node's own decoder, which is faster, unpacks up to this size at once. */
const MAX_AT_ONCE_BYTES = 8 * 1024 * 1024;
const MAX_ATTEMPT_BYTES = 256 * 1024;
/** node takes no smaller buffer for what it unpacks. */
const MIN_CHUNK_BYTES = 64;

/** `cut` where the input ends first. */
export type InflateOutcome = "whole" | "cut" | "broken";

export interface Inflated {
  readonly outcome: InflateOutcome;
  /** Bytes of the input that were used. */
  readonly used: number;
}

/** For one archive: what it needs is made once, because a stream can have a part for every twenty bytes. */
export class Inflater {
  #stream: ZStream | null = null;
  #output: Buffer<ArrayBuffer> = Buffer.alloc(0);

  /**
   * @param limit the data takes at most so many bytes of the input
   * @param size how long it is said to be when it is unpacked, or -1
   * @param onPiece gets bytes that are its own during the call only
   */
  *inflate(input: ByteInput, limit: number, size: number, onPiece: (bytes: Buffer) => void): Steps<Inflated> {
    const atOnce = inflateAtOnce(input, limit, size);
    if (atOnce !== null) {
      input.take(atOnce.used);
      onPiece(atOnce.bytes);
      return { outcome: "whole", used: atOnce.used };
    }
    const stream = this.#begin();
    let used = 0;
    while (used < limit) {
      if (!(yield* need(input, 1))) return { outcome: "cut", used };
      stream.input = input.rest.subarray(0, limit - used);
      stream.next_in = 0;
      stream.avail_in = stream.input.length;
      let status = Z_OK as number;
      do {
        stream.next_out = 0;
        stream.avail_out = OUTPUT_BYTES;
        status = zlibInflate(stream, Z_NO_FLUSH);
        if (stream.next_out > 0) onPiece(this.#output.subarray(0, stream.next_out));
      } while (status === Z_OK && stream.avail_out === 0);
      used += stream.next_in;
      input.take(stream.next_in);
      if (status === Z_STREAM_END) return { outcome: "whole", used };
      // Without an error all input is used up; a call that could do nothing is none.
      if (stream.avail_in > 0) return { outcome: "broken", used };
      if (status !== Z_OK && stream.msg !== "") return { outcome: "broken", used };
    }
    return { outcome: "cut", used };
  }

  #begin(): ZStream {
    if (this.#stream === null) {
      this.#stream = new ZStream();
      zlibInflateInit2(this.#stream, RAW_WINDOW_BITS);
      this.#output = Buffer.allocUnsafeSlow(OUTPUT_BYTES);
      this.#stream.output = this.#output;
    } else {
      zlibInflateReset(this.#stream);
      this.#stream.msg = "";
    }
    return this.#stream;
  }
}

/** Null where not all of the data is there, as far as can be told, or it is damaged or large. */
function inflateAtOnce(input: ByteInput, limit: number, size: number): { bytes: Buffer; used: number } | null {
  if (size > MAX_AT_ONCE_BYTES) return null;
  const isAllThere = input.isEnded || input.length >= limit;
  // Where nothing says how long it is, most often it ends soon.
  if (!isAllThere && (limit !== Infinity || input.length < MAX_ATTEMPT_BYTES)) return null;
  const bytes = input.rest.subarray(0, isAllThere ? limit : MAX_ATTEMPT_BYTES);
  if (bytes.length > MAX_AT_ONCE_BYTES) return null;
  // With room to spare all of it comes in one buffer.
  const room = size === -1 ? OUTPUT_BYTES : Math.max(size + 1, MIN_CHUNK_BYTES);
  try {
    const result = inflateRawSync(bytes, {
      info: true,
      maxOutputLength: MAX_AT_ONCE_BYTES,
      chunkSize: room,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    return { bytes: result.buffer, used: result.engine.bytesWritten };
  } catch {
    return null;
  }
}
