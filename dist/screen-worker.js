import {
  Coverage,
  FileReader,
  makeFileBuffer
} from "./chunks/chunk-MYIBFIEY.js";
import {
  Detector
} from "./chunks/chunk-ARZHV6UX.js";
import {
  compileRules
} from "./chunks/chunk-LCFWLN64.js";
import "./chunks/chunk-U52VU3KD.js";
import "./chunks/chunk-SEWDMQ6Q.js";

// src/scan/screen-worker.ts
import { parentPort, workerData } from "node:worker_threads";
var { rules, minConfidence } = workerData;
var detector = new Detector(compileRules(rules), { minConfidence });
parentPort?.on("message", ({ root, files }) => {
  const remaining = [];
  let count = 0;
  let bytes = 0;
  let sink = new ScreenSink();
  let reader = new FileReader(root, sink, { buffer });
  for (const [position, file] of files.entries()) {
    const { files: countBefore, bytes: bytesBefore } = sink.coverage;
    if (reader.read(file) !== "directory" && !sink.needsALook()) continue;
    remaining.push(position);
    count += countBefore;
    bytes += bytesBefore;
    sink = new ScreenSink();
    reader = new FileReader(root, sink, { buffer });
  }
  const answer = Float64Array.of(count + sink.coverage.files, bytes + sink.coverage.bytes, ...remaining);
  parentPort?.postMessage(answer, [answer.buffer]);
});
var buffer = makeFileBuffer();
var ScreenSink = class {
  coverage = new Coverage();
  #hasHit = false;
  needsALook() {
    return this.#hasHit || this.coverage.hasGaps || this.coverage.skipped.length > 0;
  }
  holdsAnything(bytes) {
    return detector.find(bytes).length > 0;
  }
  scan(_origin, bytes) {
    if (this.holdsAnything(bytes)) this.#hasHit = true;
  }
  /** A large file is read where it can be searched piece by piece; the reader notes this as a gap and ends. */
  open() {
    throw new Error("too large for a look");
  }
};
