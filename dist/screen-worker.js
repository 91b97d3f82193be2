import {
  ContainerLook,
  Coverage,
  FileReader,
  makeFileBuffer
} from "./chunks/chunk-HRH34NPA.js";
import "./chunks/chunk-BNOIKOU6.js";
import {
  Detector,
  isContainer
} from "./chunks/chunk-O7S4ABFV.js";
import {
  compileRules
} from "./chunks/chunk-LCFWLN64.js";
import "./chunks/chunk-QQ2TBE5L.js";
import "./chunks/chunk-U52VU3KD.js";
import "./chunks/chunk-YV5PFDMU.js";
import "./chunks/chunk-SEWDMQ6Q.js";

// src/scan/screen-worker.ts
import { parentPort, workerData } from "node:worker_threads";
var { rules, minConfidence } = workerData;
var detector = new Detector(compileRules(rules), { minConfidence });
var before = Promise.resolve();
parentPort?.on("message", (request) => {
  before = before.then(() => lookThrough(request));
});
async function lookThrough({ root, files }) {
  const remaining = [];
  let count = 0;
  let bytes = 0;
  let sink = new ScreenSink();
  let reader = new FileReader(root, sink, { buffer, looksOnly: true });
  for (const [position, file] of files.entries()) {
    const { files: countBefore, bytes: bytesBefore } = sink.coverage;
    const outcome = reader.read(file);
    if (outcome !== "directory") {
      if (outcome !== "done") await outcome;
      if (!sink.needsALook()) continue;
    }
    remaining.push(position);
    count += countBefore;
    bytes += bytesBefore;
    sink = new ScreenSink();
    reader = new FileReader(root, sink, { buffer, looksOnly: true });
  }
  const answer = Float64Array.of(count + sink.coverage.files, bytes + sink.coverage.bytes, ...remaining);
  parentPort?.postMessage(answer, [answer.buffer]);
}
var buffer = makeFileBuffer();
var ScreenSink = class {
  coverage = new Coverage();
  #hasHit = false;
  needsALook() {
    return this.#hasHit || this.coverage.hasGaps || this.coverage.skipped.length > 0;
  }
  holdsAnything(bytes) {
    return detector.needsALook(bytes);
  }
  scan(_origin, bytes) {
    if (this.holdsAnything(bytes) || isContainer(bytes)) this.#hasHit = true;
  }
  look() {
    const look = new ContainerLook(detector);
    return {
      write: (bytes) => look.write(bytes),
      close: () => {
        if (look.sawAnything()) this.#hasHit = true;
      },
      sawAnything: () => look.sawAnything()
    };
  }
  /** What and where is found out on the other side, so nothing is opened here. */
  open() {
    throw new Error("this reader only looks");
  }
};
