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
  for (const [position, file] of files.entries()) {
    const sink = new ScreenSink();
    if (new FileReader(root, sink, buffer).read(file) === "directory" || sink.needsALook()) remaining.push(position);
    else {
      count += sink.coverage.files;
      bytes += sink.coverage.bytes;
    }
  }
  const answer: ScreenAnswer = Float64Array.of(count, bytes, ...remaining);
  parentPort?.postMessage(answer, [answer.buffer as ArrayBuffer]);
});

const buffer = makeFileBuffer();

class ScreenSink implements Sink {
  readonly coverage = new Coverage();
  #hasHit = false;

  needsALook(): boolean {
    return this.#hasHit || this.coverage.gaps.length > 0 || this.coverage.skipped.length > 0;
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
