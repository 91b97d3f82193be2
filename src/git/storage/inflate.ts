/** zlib streams whose length is known: anything else than exactly that is damage. */
import { type Inflate, inflateSync } from "node:zlib";
import { messageOf, systemCodeOf } from "../../core/errors.ts";
import { Damage, NotForUs } from "./damage.ts";

/** zlib takes no less. */
const MIN_CHUNK_BYTES = 64;

/**
 * @param input the stream and nothing behind it
 * @returns the bytes, the caller's to keep
 * @throws {Damage} where it is not `size` bytes long, its checksum is wrong, or something follows it
 */
export function inflateExactly(input: Buffer, size: number): Buffer {
  const { buffer, consumed } = inflateAll(input, size);
  if (buffer.length !== size) throw new Damage(`is ${buffer.length} bytes long and says ${size}`);
  if (consumed !== input.length)
    throw new Damage(`is followed by ${input.length - consumed} bytes that are no part of it`);
  return buffer;
}

function inflateAll(input: Buffer, size: number): { buffer: Buffer; consumed: number } {
  try {
    return inflate(input, size);
  } catch (error) {
    throw error instanceof NotForUs ? new Damage(`is longer than the ${size} bytes that it says`) : error;
  }
}

/**
 * @param limit the most bytes that it may give
 * @throws {Damage}
 * @throws {NotForUs} where it gives more
 */
export function inflate(
  input: Buffer,
  limit: number,
  chunkSize: number = limit + 1,
): { buffer: Buffer; consumed: number } {
  try {
    // One more than there should be: zlib then sees the end of the stream without another turn.
    const options = { chunkSize: Math.max(MIN_CHUNK_BYTES, chunkSize), maxOutputLength: limit + 1, info: true };
    const result = inflateSync(input, options) as unknown as { buffer: Buffer; engine: Inflate };
    return { buffer: result.buffer, consumed: result.engine.bytesWritten };
  } catch (error) {
    if (systemCodeOf(error) === "ERR_BUFFER_TOO_LARGE") throw new NotForUs(`is longer than ${limit} bytes`);
    throw new Damage(`cannot be inflated: ${messageOf(error)}`, { cause: error });
  }
}
