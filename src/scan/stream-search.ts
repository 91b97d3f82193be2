/**
 * Searches a unit that comes in pieces. The end of what is there is held back until enough has followed
 * to decide on it, so that no border between pieces can hide a token.
 */
import type { Detector, Hit } from "../detect/detector.ts";
import type { StreamLook, UnitWriter } from "../sources/sink.ts";
import { MARK_CONTEXT_BYTES } from "./inline-mark.ts";
import { NEAR_BYTES } from "./near-token.ts";

export interface StreamEvents {
  /** The next bytes of the unit that are decided on; those up to a hit come before it. */
  readonly passed: (bytes: Buffer) => void;
  /** @param bytes a window of the unit, in which the hit's offsets are */
  readonly hit: (hit: Hit, bytes: Buffer) => void;
  /** Something of the unit was not read. */
  readonly unread: (why: string) => void;
}

export class StreamSearch implements UnitWriter {
  readonly #detector: Detector;
  readonly #events: StreamEvents;
  readonly #holdBackBytes: number;
  /** The last bytes that came: those before `#decided` as context, those behind it undecided. */
  #tail: Buffer = Buffer.alloc(0);
  #decided = 0;
  /** Where `#tail` begins in the unit. */
  #base = 0;

  constructor(detector: Detector, events: StreamEvents) {
    this.#detector = detector;
    this.#events = events;
    this.#holdBackBytes = Math.max(detector.windowBytes, MARK_CONTEXT_BYTES, NEAR_BYTES);
  }

  write(bytes: Buffer): void {
    this.#search(bytes, false);
  }

  close(): void {
    this.#search(Buffer.alloc(0), true);
  }

  #search(piece: Buffer, isLast: boolean): void {
    const bytes = Buffer.concat([this.#tail, piece]);
    const limit = isLast ? bytes.length : Math.max(this.#decided, bytes.length - this.#holdBackBytes);
    const listener = { isCut: !isLast, unread: (_start: number, why: string) => this.#events.unread(why) };
    const hits = this.#detector
      .find(bytes, this.#decided, limit, this.#base, listener)
      .toSorted((a, b) => a.start - b.start);
    let passed = this.#decided;
    for (const hit of hits) {
      this.#events.passed(bytes.subarray(passed, hit.start));
      passed = hit.start;
      this.#events.hit(hit, bytes);
    }
    this.#events.passed(bytes.subarray(passed, limit));
    const keepFrom = Math.max(0, limit - this.#holdBackBytes);
    // A copy: the tail of a large piece would keep all of it in memory.
    this.#tail = Buffer.from(bytes.subarray(keepFrom));
    this.#decided = limit - keepFrom;
    this.#base += keepFrom;
  }
}

/**
 * Only whether there is a hit, without lines and copies, which take longer than the search. Each piece is searched by
 * itself, and what stands around each border once more: a cut can make a hit where there is none, and hide none.
 */
export class QuickLook implements StreamLook {
  readonly #detector: Detector;
  #tail: Buffer = Buffer.alloc(0);
  /** Where the next piece begins in the unit. */
  #offset = 0;
  #hasHit = false;

  constructor(detector: Detector) {
    this.#detector = detector;
  }

  write(bytes: Buffer): void {
    const { windowBytes } = this.#detector;
    const border = Buffer.concat([this.#tail, bytes.subarray(0, windowBytes)]);
    this.#hasHit ||= this.#holds(border, this.#offset - this.#tail.length) || this.#holds(bytes, this.#offset);
    this.#offset += bytes.length;
    const end = bytes.length < windowBytes ? Buffer.concat([this.#tail, bytes]) : bytes;
    this.#tail = Buffer.from(end.subarray(Math.max(0, end.length - windowBytes)));
  }

  #holds(bytes: Buffer, base: number): boolean {
    return this.#detector.needsALook(bytes, base, true);
  }

  close(): void {}

  sawAnything(): boolean {
    return this.#hasHit;
  }
}
