// Reading what a client sends, up to a limit: an emulator must not be the thing that runs out of memory.
import type { IncomingMessage } from "node:http";

export interface RequestBody {
  /** What was kept: everything, or nothing of a body over the limit. */
  readonly bytes: Buffer;
  /** How much came, also of a body over the limit. */
  readonly length: number;
  readonly isTooLarge: boolean;
}

export async function readRequestBody(request: IncomingMessage, limit: number): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
    }
  } catch {
    // The client hung up in the middle. What came is what there is; nobody is left to be answered.
  }
  const isTooLarge = length > limit;
  return { bytes: isTooLarge ? Buffer.alloc(0) : Buffer.concat(chunks), length, isTooLarge };
}

/** The body as JSON, or undefined where it is none. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** An object of JSON: no array, no null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
