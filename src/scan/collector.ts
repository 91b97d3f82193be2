/** Searches what a source hands over and keeps what is found: where sources and detection meet. */
import type { ApiHints } from "../core/api-hints.ts";
import type { Token } from "../core/token.ts";
import { isContainer, Unpacking, unpackWhole } from "../detect/containers/unpack.ts";
import type { Detector, Hit } from "../detect/detector.ts";
import { type CharacterEncoding, characterEncodingOf, type Encoding } from "../detect/encoding.ts";
import { LineCounter, type Position, positionBehind } from "../detect/position.ts";
import { authorOf, entryNameAt, fieldAt, type Identity } from "../git/object-text.ts";
import { Coverage, type Origin, type Sink, type StreamLook, type UnitWriter } from "../sources/sink.ts";
import { archiveName, ContainerLook, ContentsSearch, type Inside, unitName } from "./containers.ts";
import { findInlineMark } from "./inline-mark.ts";
import { LineCounters } from "./line-counters.ts";
import { findHints, findVariable, mergeHints } from "./near-token.ts";
import { StreamSearch } from "./stream-search.ts";

/** The text that a find stands in. */
export type FindPlace =
  | { readonly kind: "blob"; readonly objectId: string }
  | { readonly kind: "commit-message" | "commit-identity" | "tag-message" | "tag-identity"; readonly objectId: string }
  | { readonly kind: "tree-entry"; readonly objectId: string; readonly name: Buffer }
  | { readonly kind: "ref-name" | "reflog"; readonly ref: string }
  | { readonly kind: "file" | "path"; readonly path: string }
  | { readonly kind: "stdin"; readonly path: string | null; readonly section: number }
  | { readonly kind: "patch-old"; readonly path: string | null; readonly section: number };

export interface Find {
  readonly token: Token;
  readonly place: FindPlace;
  readonly position: Position;
  /** Behind its last byte, where it stands in another form than its characters one by one; else, and in archives, null. */
  readonly end: Position | null;
  /** What was peeled off the token, outermost first. */
  readonly encoding: readonly Encoding[];
  /** Archives that it stands in, from the outside to the inside; the position is where the outermost entry begins. */
  readonly container: readonly string[];
  /** The position in the innermost text; null outside of archives, and in a name or comment of one. */
  readonly inner: Position | null;
  /** The reason of a `keyrecall:allow` mark on the line, or null without one. */
  readonly inlineMark: string | null;
  /** What is given the token, such as an environment variable; null where that cannot be told. */
  readonly variable: string | null;
}

/** Hints are read at so many places of a token: the first ones are as good as the thousandth. */
const MAX_PLACES_WITH_HINTS = 32;

/** So many authors are remembered as they pass: those of a push, and not those of a long history. */
const MAX_AUTHORS = 256;

export class Collector implements Sink {
  readonly coverage = new Coverage();
  readonly finds: Find[] = [];
  /** By commit: of those that were read first. */
  readonly authors = new Map<string, Identity | null>();
  readonly #detector: Detector;
  /** By fingerprint. One token for each value: it can stand in a hundred thousand places. */
  readonly #known = new Map<string, { readonly token: Token; readonly hints: ApiHints[]; places: number }>();
  readonly #variables: ReadonlySet<string>;
  readonly #signatures: readonly string[];
  objectIdLength: 40 | 64 = 40;

  /**
   * @param variables names of environment variables that are told where they are given a token
   * @param signatures marks of other tools that count as `keyrecall:allow` does
   */
  constructor(detector: Detector, variables: ReadonlySet<string>, signatures: readonly string[] = []) {
    this.#detector = detector;
    this.#variables = variables;
    this.#signatures = signatures;
  }

  scan(origin: Origin, bytes: Buffer): void {
    const before = this.finds.length;
    this.#search(origin, bytes);
    if (archiveName(origin) === null || !isContainer(bytes)) return;
    unpackWhole(
      bytes,
      this.#contents(origin, () => {}),
    );
    this.#dropRepeats(this.finds.slice(before));
  }

  #search(origin: Origin, bytes: Buffer): void {
    if (origin.kind === "commit" && this.authors.size < MAX_AUTHORS) {
      const author = authorOf(bytes);
      // The bytes are valid during the call only.
      this.authors.set(origin.objectId, author && { ...author, text: Buffer.from(author.text) });
    }
    const unread = (_start: number, why: string): void => this.#unread(origin, why);
    const hits = this.#detector.find(bytes, 0, bytes.length, 0, { isCut: false, unread });
    if (hits.length === 0) return;
    const positions = new Positions(bytes);
    const whole = placeOfUnit(origin);
    for (const hit of hits.toSorted((a, b) => a.start - b.start)) {
      const located = whole ?? placeInFields(origin, bytes, hit.start, this.objectIdLength);
      const position = positions.of(located.start, hit.start, characterEncodingOf(hit.encoding));
      this.#keep(origin, located.place, bytes, hit, position);
    }
  }

  holdsAnything(bytes: Buffer): boolean {
    return this.#detector.needsALook(bytes);
  }

  #unread(origin: Origin, why: string): void {
    this.coverage.gap({ what: unitName(origin), why });
  }

  open(origin: Origin): UnitWriter {
    const place = placeInStream(origin);
    const lines = new LineCounters();
    const finds: Find[] = [];
    const search = new StreamSearch(this.#detector, {
      passed: (bytes) => lines.advance(bytes),
      hit: (hit, bytes) =>
        finds.push(this.#keep(origin, place, bytes, hit, lines.position(characterEncodingOf(hit.encoding)))),
      unread: (why) => this.#unread(origin, why),
    });
    if (archiveName(origin) === null) return search;
    const unpacking = new Unpacking(this.#contents(origin, (find) => finds.push(find)));
    return {
      write: (bytes) => {
        search.write(bytes);
        unpacking.write(bytes);
      },
      close: () => {
        search.close();
        unpacking.close();
        this.#dropRepeats(finds);
      },
    };
  }

  look(): StreamLook {
    return new ContainerLook(this.#detector);
  }

  #contents(origin: Origin, onFind: (find: Find) => void): ContentsSearch {
    const place = placeInStream(origin);
    return new ContentsSearch(this.#detector, this.coverage, archiveName(origin) ?? "", (hit, bytes, inside) =>
      onFind(this.#keep(origin, place, bytes, hit, inside.place.outer, inside)),
    );
  }

  /** What is not packed stands in its archive as it is, and was found there as well; the innermost place says most. */
  #dropRepeats(finds: readonly Find[]): void {
    const deeper = new Set(finds.flatMap(waysBefore));
    if (deeper.size === 0) return;
    const repeats = new Set(finds.filter((find) => !isInName(find) && deeper.has(wayTo(find, find.container.length))));
    if (repeats.size === 0) return;
    const kept = this.finds.filter((find) => !repeats.has(find));
    this.finds.splice(0, this.finds.length);
    for (const find of kept) this.finds.push(find);
  }

  /** What stands near the places of a token. */
  hintsOf(fingerprint: string): ApiHints {
    return mergeHints(this.#known.get(fingerprint)?.hints ?? []);
  }

  #keep(
    origin: Origin,
    place: FindPlace,
    bytes: Buffer,
    hit: Hit,
    { line, column }: Position,
    inside: Inside | null = null,
  ): Find {
    let known = this.#known.get(hit.token.fingerprint);
    if (known === undefined) {
      known = { token: hit.token, hints: [], places: 0 };
      this.#known.set(hit.token.fingerprint, known);
    }
    known.places += 1;
    const encoding = characterEncodingOf(hit.encoding);
    if (known.places <= MAX_PLACES_WITH_HINTS) known.hints.push(findHints(bytes, hit.start, hit.end, encoding));
    const position = { line: line + linesBefore(origin), column };
    const isDecoded = hit.encoding.length > (encoding === "plain" ? 0 : 1);
    const find: Find = {
      token: known.token,
      place,
      position,
      end: isDecoded && inside === null ? positionBehind(bytes.subarray(hit.start, hit.end), position, encoding) : null,
      encoding: hit.encoding,
      container: inside?.place.steps ?? NO_STEPS,
      inner: inside?.inner ?? null,
      inlineMark:
        IS_NAME.has(place.kind) || (inside !== null && inside.inner === null)
          ? null
          : findInlineMark(bytes, hit.start, hit.end, encoding, this.#signatures),
      variable: findVariable(bytes, hit.start, encoding, this.#variables),
    };
    this.finds.push(find);
    this.coverage.outcomes += 1;
    return find;
  }
}

const NO_STEPS: readonly string[] = [];

/** In a name or a comment of an archive. */
function isInName({ container, inner }: Find): boolean {
  return container.length > 0 && inner === null;
}

/** A token and the first steps into the archives that it stands in. */
function wayTo({ token, container }: Find, steps: number): string {
  return [token.fingerprint, ...container.slice(0, steps)].join("\0");
}

function waysBefore(find: Find): string[] {
  return Array.from({ length: find.container.length }, (_, steps) => wayTo(find, steps));
}

function linesBefore(origin: Origin): number {
  return origin.kind === "patch" ? origin.line - 1 : 0;
}

/** Positions of rising offsets in one unit; each counts on from the one before, however many there are. */
class Positions {
  readonly #bytes: Buffer;
  readonly #counters = new Map<string, { counter: LineCounter; counted: number }>();

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** @param start where the text begins that lines and columns count from */
  of(start: number, offset: number, encoding: CharacterEncoding): Position {
    const parity = encoding === "plain" ? 0 : (offset - start) % 2;
    const key = `${start} ${encoding} ${parity}`;
    let entry = this.#counters.get(key);
    if (entry === undefined) {
      entry = { counter: new LineCounter(encoding, parity), counted: start };
      this.#counters.set(key, entry);
    }
    entry.counter.advance(this.#bytes.subarray(entry.counted, offset));
    entry.counted = offset;
    return entry.counter.positionOf(offset - start);
  }
}

/** A mark is for a line of text; a name that holds one silences nothing. */
const IS_NAME: ReadonlySet<FindPlace["kind"]> = new Set(["tree-entry", "ref-name", "path"]);

interface LocatedPlace {
  readonly place: FindPlace;
  /** Where the text begins that lines and columns count from. */
  readonly start: number;
}

/** The place of every hit in a unit that is one text, or null where its fields are places of their own. */
function placeOfUnit(origin: Origin): LocatedPlace | null {
  return HAS_FIELDS.has(origin.kind) ? null : { place: placeInStream(origin), start: 0 };
}

const HAS_FIELDS: ReadonlySet<Origin["kind"]> = new Set(["commit", "tag", "tree"]);

function placeInFields(origin: Origin, bytes: Buffer, offset: number, objectIdLength: 40 | 64): LocatedPlace {
  switch (origin.kind) {
    case "commit":
    case "tag": {
      const field = fieldAt(bytes, offset);
      return { place: { kind: `${origin.kind}-${field.kind}`, objectId: origin.objectId }, start: field.start };
    }
    case "tree": {
      const entry = entryNameAt(bytes, offset, objectIdLength);
      // The bytes are the sink's during the call only.
      const name = Buffer.from(entry?.name ?? bytes.subarray(0, 0));
      return { place: { kind: "tree-entry", objectId: origin.objectId, name }, start: entry?.start ?? 0 };
    }
    default:
      return { place: placeInStream(origin), start: 0 };
  }
}

function placeInStream(origin: Origin): FindPlace {
  switch (origin.kind) {
    case "blob":
    case "commit":
    case "tag":
    case "tree":
      return { kind: "blob", objectId: origin.objectId };
    case "ref-name":
    case "reflog":
      return { kind: origin.kind, ref: origin.ref };
    case "file":
    case "path":
      return { kind: origin.kind, path: origin.path };
    case "stdin":
      return { kind: "stdin", path: null, section: 0 };
    case "patch":
      return { kind: origin.side === "new" ? "stdin" : "patch-old", path: origin.path, section: origin.section };
  }
}
