// src/cli/progress.ts
var QUIET_MS = 1e3;
var EVERY_MS = 100;
var ProgressLine = class {
  #stream;
  #startedAt = performance.now();
  #shownAt = 0;
  constructor(stream) {
    this.#stream = stream;
  }
  show(describe) {
    const now = performance.now();
    if (!this.#stream.isTTY || now - this.#startedAt < QUIET_MS || now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    this.#stream.write(`\r\x1B[K${describe()}`);
  }
  clear() {
    if (this.#shownAt > 0) this.#stream.write("\r\x1B[K");
    this.#shownAt = 0;
  }
};
function describeReading(coverage) {
  const objects = coverage.blobs + coverage.trees + coverage.commits + coverage.tags;
  const read = objects > 0 ? `${objects.toLocaleString("en")} objects` : `${coverage.files.toLocaleString("en")} files`;
  return `reading: ${read}, ${(coverage.bytes / 1e6).toFixed(0)} MB`;
}

export {
  ProgressLine,
  describeReading
};
