/** Counts lines for every encoding that a hit may turn out to have. */
import type { CharacterEncoding } from "../detect/encoding.ts";
import { eachLineFeed, LineCounter, type Position } from "../detect/position.ts";

export class LineCounters {
  #offset = 0;
  readonly #plain = new LineCounter("plain", 0);
  /** By encoding and parity; only where the text has zero bytes from its beginning on. */
  #wide: { encoding: CharacterEncoding; parity: number; counter: LineCounter }[] = [];
  #all: readonly LineCounter[] = [this.#plain];

  advance(bytes: Buffer): void {
    if (this.#offset === 0 && bytes.includes(0)) {
      this.#wide = (["utf-16le", "utf-16be"] as const).flatMap((encoding) =>
        [0, 1].map((parity) => ({ encoding, parity, counter: new LineCounter(encoding, parity) })),
      );
      this.#all = [this.#plain, ...this.#wide.map(({ counter }) => counter)];
    }
    // One search for line feeds serves all counters: in binary files that is most of the work.
    for (const counter of this.#all) counter.begin(bytes);
    eachLineFeed(bytes, (at) => {
      for (const counter of this.#all) counter.lineFeed(bytes, at);
    });
    for (const counter of this.#all) counter.end(bytes);
    this.#offset += bytes.length;
  }

  position(encoding: CharacterEncoding): Position {
    const wide = this.#wide.find((entry) => entry.encoding === encoding && entry.parity === this.#offset % 2);
    return (wide?.counter ?? this.#plain).positionOf(this.#offset);
  }
}
