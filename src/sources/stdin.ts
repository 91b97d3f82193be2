/** Standard input, as it comes. */
import type { Readable } from "node:stream";
import { messageOf, systemCodeOf } from "../core/errors.ts";
import type { Sink } from "./sink.ts";

export async function readStdin(input: Readable, sink: Sink, signal?: AbortSignal): Promise<void> {
  const writer = sink.open({ kind: "stdin" });
  try {
    for await (const chunk of untilAborted(input, signal)) {
      sink.coverage.bytes += chunk.length;
      writer.write(chunk);
      sink.coverage.onProgress?.();
    }
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    sink.coverage.gap({ what: "standard input", why: `cannot be read: ${messageOf(error)}` });
  } finally {
    // What came before an error or an interruption has been read.
    writer.close();
  }
}

/** The chunks of a stream; on abort the stream is destroyed, so that a silent writer cannot hold the process. */
export async function* untilAborted(input: Readable, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const stop = (): void => {
    input.destroy();
  };
  signal?.throwIfAborted();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    for await (const chunk of input) yield chunk as Buffer;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  signal?.throwIfAborted();
}
