/**
 * Looks through the families of packs for objects that hold anything. What and where is found out where they are
 * read again, so this runs in any thread.
 */
import { BEGINNING_BYTES, mayBecomeContainer } from "../detect/containers/recognise.ts";
import { isContainer } from "../detect/containers/unpack.ts";
import type { Detector } from "../detect/detector.ts";
import { Damage, type NotForUs } from "../git/storage/damage.ts";
import { type FamilyVisitor, FamilyWalk } from "../git/storage/family-walk.ts";
import type { SharedNames } from "../git/storage/name-lookup.ts";
import type { IdBytes } from "../git/storage/pack-index.ts";
import { descendantsOf, type PackMap } from "../git/storage/pack-map.ts";
import { RandomAccessFile } from "../git/storage/random-access-file.ts";
import { NO_REFERENCES, ReferenceReader, type References } from "../git/storage/references.ts";

/** A pack as threads share it. */
export interface SharedPack {
  readonly path: string;
  readonly idBytes: IdBytes;
  readonly map: PackMap;
  readonly doubles: Uint8Array;
}

/** What has come of some families of a pack. */
export interface ScreenedFamilies {
  /** Objects that hold nothing, by the number of their type, and in place 0 the bytes of all of them. */
  readonly counts: Float64Array;
  /** Entries that hold something, or may. */
  readonly flagged: Uint32Array;
  /** Entries that have to be read in another way. */
  readonly left: Uint32Array;
  /** What is wrong with some of those. */
  readonly damage: readonly (readonly [entry: number, why: string])[];
  /** What the objects name; their holders are told as entries. */
  readonly references: References;
}

export class PackScreener implements FamilyVisitor {
  readonly contextBytes: number;
  readonly headBytes: number = BEGINNING_BYTES;
  readonly #detector: Detector;
  readonly #pack: SharedPack;
  readonly #file: RandomAccessFile;
  readonly #walk: FamilyWalk;
  readonly #references: ReferenceReader | null;
  #counts = new Float64Array(5);
  #flagged: number[] = [];
  #left: number[] = [];
  #damage: [number, string][] = [];

  /**
   * @param names of the objects of all packs, or none where it does not matter what objects name
   * @throws where the pack cannot be opened any more
   */
  constructor(pack: SharedPack, names: readonly SharedNames[], detector: Detector) {
    this.#pack = pack;
    this.#detector = detector;
    this.contextBytes = detector.anchorContextBytes;
    this.#file = new RandomAccessFile(pack.path);
    this.#references = names.length === 0 ? null : new ReferenceReader(names, pack.idBytes);
    this.#walk = new FamilyWalk(this.#file, pack.map, pack.idBytes, this, this.#references);
  }

  /** @param from first of the roots, up to `to` */
  screen(from: number, to: number): void {
    for (let root = from; root < to; root++) this.#walk.walk(this.#pack.map.roots[root]!);
  }

  /** What has come together since the last call. */
  take(): ScreenedFamilies {
    const taken = {
      counts: this.#counts,
      flagged: Uint32Array.from(this.#flagged),
      left: Uint32Array.from(this.#left),
      damage: this.#damage,
      references: this.#references?.take() ?? NO_REFERENCES,
    };
    this.#counts = new Float64Array(5);
    this.#flagged = [];
    this.#left = [];
    this.#damage = [];
    return taken;
  }

  close(): void {
    this.#file.close();
  }

  whole(entry: number, bytes: Buffer): boolean {
    const hasAnchor = this.#detector.mayHold(bytes);
    const mayBecomeArchive = mayBecomeContainer(bytes);
    const isFlagged = (mayBecomeArchive && isContainer(bytes)) || (hasAnchor && this.#detector.needsALook(bytes));
    if (!isFlagged) this.#count(entry, bytes.length);
    else if (this.#pack.doubles[entry] === 0) this.#flagged.push(entry);
    return mayBecomeArchive || hasAnchor;
  }

  pieces(entry: number, pieces: Buffer, size: number): boolean {
    if (mayBecomeContainer(pieces) || this.#detector.mayHold(pieces)) return true;
    this.#count(entry, size);
    return false;
  }

  left(entry: number, why: Damage | NotForUs): void {
    for (const one of descendantsOf(this.#pack.map, [entry])) if (this.#pack.doubles[one] === 0) this.#left.push(one);
    if (why instanceof Damage) this.#damage.push([entry, why.message]);
  }

  #count(entry: number, bytes: number): void {
    if (this.#pack.doubles[entry] === 1) return;
    this.#counts[this.#pack.map.types[entry]!]! += 1;
    this.#counts[0]! += bytes;
  }
}
