/** The body of a request as it came, within limits. */
import type { IncomingMessage } from "node:http";

/** GitHub sends no larger event. */
export const MAX_BODY_BYTES = 25 * 1024 * 1024;
/** Of all requests together: anybody can begin to send. */
const MAX_BYTES_AT_ONCE = 8 * MAX_BODY_BYTES;

export type RawBody =
  | { readonly kind: "body"; readonly bytes: Buffer }
  | { readonly kind: "too-large" }
  | { readonly kind: "busy" }
  | { readonly kind: "cut" };

export class BodyReader {
  #held = 0;

  async read(request: IncomingMessage): Promise<RawBody> {
    if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) return { kind: "too-large" };
    const pieces: Buffer[] = [];
    let length = 0;
    try {
      for await (const piece of request as AsyncIterable<Buffer>) {
        length += piece.length;
        this.#held += piece.length;
        if (length > MAX_BODY_BYTES) return { kind: "too-large" };
        if (this.#held > MAX_BYTES_AT_ONCE) return { kind: "busy" };
        pieces.push(piece);
      }
      return { kind: "body", bytes: Buffer.concat(pieces) };
    } catch {
      return { kind: "cut" };
    } finally {
      this.#held -= length;
    }
  }
}
