/** One line on standard error that says how far a long scan has come. */
import type { Coverage } from "../sources/sink.ts";

const QUIET_MS = 1000;
const EVERY_MS = 100;

export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #startedAt = performance.now();
  #shownAt = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(coverage: Coverage): void {
    const now = performance.now();
    if (!this.#stream.isTTY || now - this.#startedAt < QUIET_MS || now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    const objects = coverage.blobs + coverage.trees + coverage.commits + coverage.tags;
    const read =
      objects > 0 ? `${objects.toLocaleString("en")} objects` : `${coverage.files.toLocaleString("en")} files`;
    this.#stream.write(`\r\u001b[Kreading: ${read}, ${(coverage.bytes / 1e6).toFixed(0)} MB`);
  }

  clear(): void {
    if (this.#shownAt > 0) this.#stream.write("\r\u001b[K");
  }
}
