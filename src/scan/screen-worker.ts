/** The other side of `ScreenThread`: reads small files and says which of them need a closer look. */
import { parentPort, workerData } from "node:worker_threads";
import { Detector } from "../detect/detector.ts";
import { compileRules } from "../rules/ruleset.ts";
import { FileReader, makeFileBuffer } from "../sources/file-reader.ts";
import { Coverage, type Sink } from "../sources/sink.ts";
import type { ScreenAnswer, ScreenRequest, ScreenSetup } from "./screen-thread.ts";

const { rules, minConfidence } = workerData as ScreenSetup;
const detector = new Detector(compileRules(rules), { minConfidence });

parentPort?.on("message", ({ root, files }: ScreenRequest) => {
  const remaining: number[] = [];
  let count = 0;
  let bytes = 0;
  let sink = new ScreenSink();
  let reader = new FileReader(root, sink, { buffer });
  for (const [position, file] of files.entries()) {
    const { files: countBefore, bytes: bytesBefore } = sink.coverage;
    if (reader.read(file) !== "directory" && !sink.needsALook()) continue;
    // It is counted where it is read again.
    remaining.push(position);
    count += countBefore;
    bytes += bytesBefore;
    sink = new ScreenSink();
    reader = new FileReader(root, sink, { buffer });
  }
  const answer: ScreenAnswer = Float64Array.of(count + sink.coverage.files, bytes + sink.coverage.bytes, ...remaining);
  parentPort?.postMessage(answer, [answer.buffer as ArrayBuffer]);
});

const buffer = makeFileBuffer();

class ScreenSink implements Sink {
  readonly coverage = new Coverage();
  #hasHit = false;

  needsALook(): boolean {
    return this.#hasHit || this.coverage.hasGaps || this.coverage.skipped.length > 0;
  }

  holdsAnything(bytes: Buffer): boolean {
    return detector.find(bytes).length > 0;
  }

  scan(_origin: unknown, bytes: Buffer): void {
    if (this.holdsAnything(bytes)) this.#hasHit = true;
  }

  /** A large file is read where it can be searched piece by piece; the reader notes this as a gap and ends. */
  open(): never {
    throw new Error("too large for a look");
  }
}
