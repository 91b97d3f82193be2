/** The objects that were put together last, up to a number of bytes. */
import type { WholeObject } from "./loose-object.ts";

export class BytesCache {
  readonly #limit: number;
  readonly #objects = new Map<string, WholeObject>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): WholeObject | undefined {
    const object = this.#objects.get(key);
    if (object === undefined) return undefined;
    // A map keeps the order in which its keys came: the one that was not asked for longest is its first.
    this.#objects.delete(key);
    this.#objects.set(key, object);
    return object;
  }

  set(key: string, object: WholeObject): void {
    this.#bytes += object.bytes.length;
    this.#objects.set(key, object);
    for (const [oldest, { bytes }] of this.#objects) {
      if (this.#bytes <= this.#limit) break;
      this.#bytes -= bytes.length;
      this.#objects.delete(oldest);
    }
  }
}
