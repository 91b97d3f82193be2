/** A second thread that looks through files; what it finds is found again here, so no token crosses over. */
import { Worker } from "node:worker_threads";
import type { Confidence } from "../core/token.ts";
import type { Rule } from "../rules/schema.ts";
import type { FileScreen, ScreenedFiles } from "../sources/tree.ts";
import { workerUrl } from "./worker-url.ts";

export interface ScreenSetup {
  readonly rules: readonly Rule[];
  readonly minConfidence: Confidence;
}

export interface ScreenRequest {
  readonly root: string;
  readonly files: readonly string[];
}

/** Positions in the request's files that remain, then how many others were read, and their bytes. */
export type ScreenAnswer = Float64Array;

export class ScreenThread implements FileScreen {
  readonly #worker: Worker;
  readonly #waiting: { files: readonly string[]; resolve: (screened: ScreenedFiles) => void }[] = [];
  #hasFailed = false;

  constructor(setup: ScreenSetup) {
    this.#worker = new Worker(workerUrl("screen-worker"), { workerData: setup });
    this.#worker.on("message", (answer: ScreenAnswer) => {
      const request = this.#waiting.shift();
      request?.resolve({
        remaining: Array.from(answer.subarray(2), (position) => request.files[position]!),
        files: answer[0]!,
        bytes: answer[1]!,
      });
    });
    this.#worker.on("error", () => this.#fail());
    this.#worker.on("exit", () => this.#fail());
  }

  screen(root: string, files: readonly string[]): Promise<ScreenedFiles> {
    if (this.#hasFailed) return Promise.resolve({ remaining: files, files: 0, bytes: 0 });
    return new Promise((resolve) => {
      this.#waiting.push({ files, resolve });
      this.#worker.postMessage({ root, files } satisfies ScreenRequest);
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  /** Whatever the thread did not answer for is read here. */
  #fail(): void {
    this.#hasFailed = true;
    for (const { files, resolve } of this.#waiting.splice(0)) resolve({ remaining: files, files: 0, bytes: 0 });
  }
}
