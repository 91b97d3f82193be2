import {
  Coverage,
  FileReader,
  makeFileBuffer
} from "./chunks/chunk-DW23MBLM.js";
import {
  Detector
} from "./chunks/chunk-5XV2ACY7.js";
import {
  compileRules
} from "./chunks/chunk-LCFWLN64.js";
import "./chunks/chunk-U52VU3KD.js";
import "./chunks/chunk-CQ52GEHY.js";

// src/scan/screen-worker.ts
import { parentPort, workerData } from "node:worker_threads";
var { rules, minConfidence } = workerData;
var detector = new Detector(compileRules(rules), { minConfidence });
parentPort?.on("message", ({ root, files }) => {
  const remaining = [];
  let count = 0;
  let bytes = 0;
  for (const [position, file] of files.entries()) {
    const sink = new ScreenSink();
    if (new FileReader(root, sink, buffer).read(file) === "directory" || sink.needsALook()) remaining.push(position);
    else {
      count += sink.coverage.files;
      bytes += sink.coverage.bytes;
    }
  }
  const answer = Float64Array.of(count, bytes, ...remaining);
  parentPort?.postMessage(answer, [answer.buffer]);
});
var buffer = makeFileBuffer();
var ScreenSink = class {
  coverage = new Coverage();
  #hasHit = false;
  needsALook() {
    return this.#hasHit || this.coverage.gaps.length > 0 || this.coverage.skipped.length > 0;
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
