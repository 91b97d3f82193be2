/** A fetch that failed and may succeed when it is made again: the queue does so. */
import type { Failed, FailureKind } from "../git/failure.ts";

export const PASSING: ReadonlySet<FailureKind> = new Set(["unauthorized", "timed-out", "server-error"]);

export class FetchError extends Error {
  constructor({ message }: Failed) {
    super(message);
    this.name = "FetchError";
  }
}
