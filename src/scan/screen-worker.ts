/** The other side of `ScreenThread`: looks through files and says which of them need a closer look. */
import { parentPort, workerData } from "node:worker_threads";
import { isContainer } from "../detect/containers/unpack.ts";
import { Detector } from "../detect/detector.ts";
import { compileRules } from "../rules/ruleset.ts";
import { FileReader, makeFileBuffer } from "../sources/file-reader.ts";
import { Coverage, type Sink, type StreamLook } from "../sources/sink.ts";
import { ContainerLook } from "./containers.ts";
import type { ScreenAnswer, ScreenRequest, ScreenSetup } from "./screen-thread.ts";

const { rules, minConfidence } = workerData as ScreenSetup;
const detector = new Detector(compileRules(rules), { minConfidence });

// One request after the other: large files are read piece by piece, and all readers share a buffer.
let before: Promise<void> = Promise.resolve();
parentPort?.on("message", (request: ScreenRequest) => {
  before = before.then(() => lookThrough(request));
});

async function lookThrough({ root, files }: ScreenRequest): Promise<void> {
  const remaining: number[] = [];
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
    // It is counted where it is read again.
    remaining.push(position);
    count += countBefore;
    bytes += bytesBefore;
    sink = new ScreenSink();
    reader = new FileReader(root, sink, { buffer, looksOnly: true });
  }
  const answer: ScreenAnswer = Float64Array.of(count + sink.coverage.files, bytes + sink.coverage.bytes, ...remaining);
  parentPort?.postMessage(answer, [answer.buffer as ArrayBuffer]);
}

const buffer = makeFileBuffer();

class ScreenSink implements Sink {
  readonly coverage = new Coverage();
  #hasHit = false;

  needsALook(): boolean {
    return this.#hasHit || this.coverage.hasGaps || this.coverage.skipped.length > 0;
  }

  holdsAnything(bytes: Buffer): boolean {
    return detector.needsALook(bytes);
  }

  scan(_origin: unknown, bytes: Buffer): void {
    if (this.holdsAnything(bytes) || isContainer(bytes)) this.#hasHit = true;
  }

  look(): StreamLook {
    const look = new ContainerLook(detector);
    return {
      write: (bytes) => look.write(bytes),
      close: () => {
        if (look.sawAnything()) this.#hasHit = true;
      },
      sawAnything: () => look.sawAnything(),
    };
  }

  /** What and where is found out on the other side, so nothing is opened here. */
  open(): never {
    throw new Error("this reader only looks");
  }
}
