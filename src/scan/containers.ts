/** Searches what archives hold, and names what of them could not be read. */
import { entryNamesOf } from "../core/container-steps.ts";
import type { Token } from "../core/token.ts";
import { formatByBeginning, mayEndAsContainer, unopenedFormat } from "../detect/containers/recognise.ts";
import { Tail } from "../detect/containers/tail.ts";
import { type Contents, type InnerPlace, unpackWhole } from "../detect/containers/unpack.ts";
import type { Detector, Hit } from "../detect/detector.ts";
import { characterEncodingOf } from "../detect/encoding.ts";
import type { Position } from "../detect/position.ts";
import { Coverage, type Origin, type StreamLook } from "../sources/sink.ts";
import { LineCounters } from "./line-counters.ts";
import { QuickLook, StreamSearch } from "./stream-search.ts";

/** Where in an archive a hit stands. */
export interface Inside {
  readonly place: InnerPlace;
  /** The place in the innermost text; null in a name or a comment. */
  readonly inner: Position | null;
}

type Keep = (hit: Hit, bytes: Buffer, inside: Inside) => unknown;

/** What an origin of archives is called where something of it could not be read; null for what holds none. */
export function archiveName(origin: Origin): string | null {
  switch (origin.kind) {
    case "file":
      return `file ${origin.path}`;
    case "blob":
      return `object ${origin.objectId}`;
    case "stdin":
      return "standard input";
    default:
      return null;
  }
}

/** What any unit is called where something of it could not be read. */
export function unitName(origin: Origin): string {
  return archiveName(origin) ?? ("objectId" in origin ? `object ${origin.objectId}` : "a name or a patch");
}

export class ContentsSearch implements Contents {
  readonly #detector: Detector;
  readonly #coverage: Coverage;
  readonly #name: string;
  readonly #keep: Keep;
  /** A zip archive has each name twice. */
  readonly #keptTexts = new Set<string>();

  /** @param name of the outermost archive */
  constructor(detector: Detector, coverage: Coverage, name: string, keep: Keep) {
    this.#detector = detector;
    this.#coverage = coverage;
    this.#name = name;
    this.#keep = keep;
  }

  whole(place: InnerPlace, bytes: Buffer): void {
    const unread = (_start: number, why: string): void => this.unread(place.steps, why);
    const hits = this.#detector.find(bytes, 0, bytes.length, 0, { isCut: false, unread });
    if (hits.length === 0) return;
    const lines = new LineCounters();
    let passed = 0;
    for (const hit of hits.toSorted((a, b) => a.start - b.start)) {
      lines.advance(bytes.subarray(passed, hit.start));
      passed = hit.start;
      this.#keep(hit, bytes, { place, inner: lines.position(characterEncodingOf(hit.encoding)) });
    }
  }

  stream(place: InnerPlace): StreamSearch {
    const lines = new LineCounters();
    return new StreamSearch(this.#detector, {
      passed: (bytes) => lines.advance(bytes),
      hit: (hit, bytes) => this.#keep(hit, bytes, { place, inner: lines.position(characterEncodingOf(hit.encoding)) }),
      unread: (why) => this.unread(place.steps, why),
    });
  }

  text(place: InnerPlace, bytes: Buffer): void {
    for (const hit of this.#detector.find(bytes)) {
      const key = [hit.token.fingerprint, ...place.steps].join("\0");
      if (!this.#keptTexts.has(key)) this.#keep(hit, bytes, { place, inner: null });
      this.#keptTexts.add(key);
    }
  }

  unread(steps: readonly string[], why: string): void {
    this.#coverage.gap({ what: this.#nameOf(steps), why });
  }

  leftOut(steps: readonly string[], why: string): void {
    this.#coverage.skip({ what: this.#nameOf(steps), why });
  }

  #nameOf(steps: readonly string[]): string {
    return [this.#name, ...entryNamesOf(steps)].join("!");
  }
}

/** All tokens in the bytes, and in what they hold where they are an archive. */
export function tokensIn(detector: Detector, bytes: Buffer): Token[] {
  const tokens = detector.find(bytes).map(({ token }) => token);
  const search = new ContentsSearch(detector, new Coverage(), "", (hit) => tokens.push(hit.token));
  unpackWhole(bytes, search);
  return tokens;
}

/** An archive takes more than a look. */
export class ContainerLook implements StreamLook {
  readonly #look: QuickLook;
  #isContainer = false;
  #hasBegun = false;
  readonly #tail = new Tail();

  constructor(detector: Detector) {
    this.#look = new QuickLook(detector);
  }

  write(bytes: Buffer): void {
    this.#look.write(bytes);
    if (!this.#hasBegun) this.#isContainer = formatByBeginning(bytes) !== null || unopenedFormat(bytes) !== null;
    this.#hasBegun = true;
    this.#tail.write(bytes);
  }

  close(): void {
    this.#look.close();
    this.#isContainer ||= mayEndAsContainer(this.#tail.bytes);
  }

  sawAnything(): boolean {
    return this.#isContainer || this.#look.sawAnything();
  }
}
