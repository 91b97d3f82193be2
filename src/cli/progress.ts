/** One line on standard error that says how far a long run has come. */
import type { Coverage } from "../sources/sink.ts";

const QUIET_MS = 1000;
const EVERY_MS = 100;

export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #startedAt = performance.now();
  #shownAt = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(describe: () => string): void {
    const now = performance.now();
    if (!this.#stream.isTTY || now - this.#startedAt < QUIET_MS || now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    this.#stream.write(`\r\u001b[K${describe()}`);
  }

  clear(): void {
    if (this.#shownAt > 0) this.#stream.write("\r\u001b[K");
    this.#shownAt = 0;
  }
}

export function describeReading(coverage: Coverage): string {
  const objects = coverage.blobs + coverage.trees + coverage.commits + coverage.tags;
  const read = objects > 0 ? `${objects.toLocaleString("en")} objects` : `${coverage.files.toLocaleString("en")} files`;
  return `reading: ${read}, ${(coverage.bytes / 1e6).toFixed(0)} MB`;
}
