/** What a source hands over: units of bytes, each with where it comes from, and what it could not read. */
import type { Gap } from "../core/gap.ts";

/** Where a run of bytes comes from. */
export type Origin =
  | { readonly kind: "blob" | "tree" | "commit" | "tag"; readonly objectId: string }
  | { readonly kind: "ref-name" | "reflog"; readonly ref: string }
  | { readonly kind: "file" | "path"; readonly path: string }
  | { readonly kind: "stdin" }
  | {
      /** Lines of a patch: what it brings in (`new`), or what was there before (`old`). */
      readonly kind: "patch";
      readonly side: "new" | "old";
      /** The path that the lines have in the new state; null outside of any file. */
      readonly path: string | null;
      /** Which file of the patch, from 0: only within one does the old side say what is not news. */
      readonly section: number;
      /** The line that the first byte stands on. */
      readonly line: number;
    };

export interface UnitWriter {
  write(bytes: Buffer): void;
  close(): void;
}

/** Says whether a unit that comes in pieces holds anything, with nothing kept. */
export interface StreamLook extends UnitWriter {
  sawAnything(): boolean;
}

export interface Sink {
  readonly coverage: Coverage;
  /** Whether a search of the bytes would find anything, with nothing kept. */
  holdsAnything(bytes: Buffer): boolean;
  /** A unit that is all there. The bytes belong to the source again after the call. */
  scan(origin: Origin, bytes: Buffer): void;
  /** A unit that comes in pieces. */
  open(origin: Origin): UnitWriter;
  /** For a unit that can be read a second time: a look costs less than a search that tells places. */
  look(): StreamLook;
}

/** What was read, and what could not be. */
export class Coverage {
  refs = 0;
  packs = 0;
  commits = 0;
  trees = 0;
  blobs = 0;
  tags = 0;
  files = 0;
  bytes = 0;
  /** What git read because the reader of storage did not: objects, and lists of refs. */
  fallback = 0;
  /** Things that hold no bytes of their own and were left out: sockets, submodules that are not checked out. */
  readonly skipped: Gap[] = [];
  /** Objects that an earlier scan has read, in packs that have not changed since. */
  reused = 0;
  readonly #gaps = new Map<string, Gap>();
  /** Rises with everything that is found or cannot be read: whether a unit gave anything shows in the difference. */
  outcomes = 0;
  /** A commit or tag under the name of another object: its graph can lead in a circle, in which git would go on. */
  hasFalseCommits = false;
  /** Called now and then while a source reads. */
  onProgress: (() => void) | null = null;

  gap(gap: Gap): void {
    this.outcomes += 1;
    this.#gaps.set(`${gap.what}\0${gap.why}`, gap);
  }

  get gaps(): Gap[] {
    return [...this.#gaps.values()];
  }

  get hasGaps(): boolean {
    return this.#gaps.size > 0;
  }

  skip(gap: Gap): void {
    this.outcomes += 1;
    this.skipped.push(gap);
  }
}
