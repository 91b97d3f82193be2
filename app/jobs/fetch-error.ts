/** A fetch that failed and may succeed when it is made again: the queue does so. */
import type { Failed, FailureKind } from "../git/failure.ts";

/** Also where git cannot tell what is wrong: a commit that was not read is asked for again, and never done with. */
export const PASSING: ReadonlySet<FailureKind> = new Set(["unauthorized", "timed-out", "server-error", "unreadable"]);

export class FetchError extends Error {
  constructor({ message }: Failed) {
    super(message);
    this.name = "FetchError";
  }
}
