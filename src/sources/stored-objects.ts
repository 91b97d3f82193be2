/**
 * Every object of a repository's storage, read without git: packs are looked through where they lie, and only objects that hold
 * something are put together. What cannot be read so is read by git, and counted.
 */
import { setImmediate } from "node:timers/promises";
import { messageOf, systemCodeOf } from "../core/errors.ts";
import type { Gap } from "../core/gap.ts";
import { listObjectIds, objectDirectoriesOf, readObjects } from "../git/object-store.ts";
import type { ObjectReceiver, ObjectType } from "../git/object-stream.ts";
import { idBytesOf, type Repository } from "../git/repository.ts";
import { Damage, NotForUs } from "../git/storage/damage.ts";
import { readLooseObject } from "../git/storage/loose-object.ts";
import { type SharedNames, shareNames } from "../git/storage/name-lookup.ts";
import { OBJECT_TYPES } from "../git/storage/pack-entry.ts";
import { type References, BLOB, type Reference } from "../git/storage/references.ts";
import { Storage, type StoredPack } from "../git/storage/storage.ts";
import type { ReadPack } from "./pack-memory.ts";
import { ReferenceCheck } from "./reference-check.ts";
import type { Coverage } from "./sink.ts";

/** Looks through packs for objects that hold anything; knows how to tell, and where: here, or in other threads. */
export interface PackScreen {
  /** @param names of the objects of all these packs, or none where it does not matter what objects name */
  screen(
    packs: readonly StoredPack[],
    names: readonly SharedNames[],
    onPart: (pack: StoredPack, part: ScreenedPart) => void,
  ): Promise<void>;
}

export interface ScreenedPart {
  /** Objects that hold nothing, by the number of their type in packs, and in place 0 the bytes of all of them. */
  readonly counts: Float64Array;
  /** Entries to be read here. */
  readonly flagged: Uint32Array;
  /** Entries that have to be read in another way. */
  readonly left: Uint32Array;
  readonly damage: readonly (readonly [entry: number, why: string])[];
  /** What the objects name; their holders are told as entries. */
  readonly references: References;
}

/** What has come of a store. */
export interface StoreReading {
  /** Packs that have been read to their end, those that were known among them. */
  readonly read: ReadPack[];
  /** What they name that is in none of them; null where that is not known. */
  readonly references: readonly Reference[] | null;
  readonly check: ReferenceCheck;
}

/** So many small files are read before others have their turn. */
const LOOSE_AT_A_TIME = 64;

/**
 * @param known packs that need not be read again
 * @param knownReferences what they name that is in none of them; null where that is not known
 * @param readsReferences whether anybody asks what is lacking
 */
export async function readStoredObjects(
  repository: Repository,
  objects: ObjectReceiver,
  screen: PackScreen,
  coverage: Coverage,
  known: readonly ReadPack[],
  knownReferences: readonly Reference[] | null,
  readsReferences: boolean,
): Promise<StoreReading> {
  const { storage, damaged } = await Storage.open(
    objectDirectoriesOf(repository),
    idBytesOf(repository),
    repository.git.signal,
    known.map(({ path }) => path),
  );
  const names = readsReferences ? storage.packs.map((pack) => shareNames(pack)) : [];
  const check = new ReferenceCheck(repository, storage, names, idBytesOf(repository));
  const receiver = check.watch(objects);
  const onGap = (gap: Gap): void => {
    check.doubt();
    coverage.gap(gap);
  };
  try {
    for (const gap of damaged) onGap(gap);
    if (!readsReferences || (known.length > 0 && knownReferences === null)) check.doubt();
    for (const reference of knownReferences ?? []) check.addFromPacks(reference);
    for (const { counts } of known) {
      countObjects(coverage, counts);
      coverage.reused += counts.slice(1).reduce((sum, count) => sum + count, 0);
    }
    await readObjects(
      repository,
      known.flatMap(({ noted }) => noted),
      receiver,
      onGap,
    );
    const reading = new StorageReading(repository, storage, receiver, coverage, check);
    const read = await reading.read(screen, names);
    if (damaged.length === 0) {
      const isAllKnown = readsReferences && read.length === storage.packs.length && !reading.hasLeftNames;
      // What is in a pack that is known need not be looked for again.
      const references = check.fromPacks.filter(({ objectId }) => !storage.isPassedOver(objectId));
      return { read: [...known, ...read], references: isAllKnown ? references : null, check };
    }
    await readElsewhere(repository, storage, countFallback(receiver, coverage), onGap);
    // Which copies the damaged packs have, and which of the others' are left to them, is not known for sure.
    return { read: [], references: null, check };
  } finally {
    storage.close();
  }
}

/** What the storage does not have, because a pack or an index was refused: git may read it all the same. */
async function readElsewhere(
  repository: Repository,
  storage: Storage,
  receiver: ObjectReceiver,
  onGap: (gap: Gap) => void,
): Promise<void> {
  const objectIds = await listObjectIds(repository, onGap);
  const others = objectIds.filter((objectId) => !storage.has(objectId));
  await readObjects(repository, others, receiver, onGap);
}

function countObjects(coverage: Coverage, counts: ArrayLike<number>): void {
  coverage.bytes += counts[0]!;
  coverage.commits += counts[1]!;
  coverage.trees += counts[2]!;
  coverage.blobs += counts[3]!;
  coverage.tags += counts[4]!;
}

/** What has come of a pack. */
class PackTally {
  readonly counts: number[] = [0, 0, 0, 0, 0];
  readonly noted: string[] = [];
  isWhole: boolean;

  constructor({ mapped }: StoredPack) {
    // What another file has to be read for does not hang on this one alone.
    this.isWhole = mapped.hasRightChecksum && mapped.apart.length === 0 && mapped.damage.size === 0;
  }

  add(counts: ArrayLike<number>): void {
    for (let kind = 0; kind < this.counts.length; kind++) this.counts[kind]! += counts[kind]!;
  }

  /** @param hasOutcome whether something was found in it, or something of it could not be read */
  addObject(objectId: string, type: ObjectType, length: number, hasOutcome: boolean): void {
    if (hasOutcome) {
      this.noted.push(objectId);
      return;
    }
    this.counts[0]! += length;
    this.counts[OBJECT_TYPES.indexOf(type)]! += 1;
  }
}

class StorageReading {
  readonly #repository: Repository;
  readonly #storage: Storage;
  readonly #receiver: ObjectReceiver;
  readonly #coverage: Coverage;
  /** Names of what is left to git, with what is wrong with it where that is known. */
  readonly #left = new Map<string, Gap | null>();
  readonly #tallies: Map<StoredPack, PackTally>;
  /** The pack of what is left to git. */
  readonly #packOfLeft = new Map<string, StoredPack>();
  readonly #check: ReferenceCheck;
  /** Whether git reads something of packs that names other objects. */
  hasLeftNames = false;

  constructor(
    repository: Repository,
    storage: Storage,
    receiver: ObjectReceiver,
    coverage: Coverage,
    check: ReferenceCheck,
  ) {
    this.#repository = repository;
    this.#storage = storage;
    this.#receiver = receiver;
    this.#coverage = coverage;
    this.#check = check;
    this.#tallies = new Map(storage.packs.map((pack) => [pack, new PackTally(pack)]));
  }

  /** @returns the first packs up to one that was not read to its end: the others' doubles are left to them */
  async read(screen: PackScreen, names: readonly SharedNames[]): Promise<ReadPack[]> {
    for (const pack of this.#storage.packs) {
      if (pack.mapped.hasRightChecksum) continue;
      this.#check.doubt();
      this.#coverage.gap({
        what: `pack ${pack.name}`,
        why: "damaged: its checksum is not that of its bytes; run git fsck and fetch its objects from another copy",
      });
    }
    const packs = screen.screen(this.#storage.packs, names, (pack, part) => this.#takePart(pack, part));
    const loose = this.#readLoose();
    await Promise.allSettled([packs, loose]);
    await packs;
    await loose;
    for (const pack of this.#storage.packs) this.#readApart(pack);
    await this.#readLeft();
    const whole: ReadPack[] = [];
    for (const pack of this.#storage.packs) {
      const { isWhole, counts, noted } = this.#tallies.get(pack)!;
      if (!isWhole) break;
      whole.push({ path: pack.path, counts, noted });
    }
    return whole;
  }

  #takePart(pack: StoredPack, { counts, flagged, left, damage, references }: ScreenedPart): void {
    countObjects(this.#coverage, counts);
    this.#check.takePart(pack, references);
    this.#tallies.get(pack)!.add(counts);
    for (const entry of flagged) this.#readEntry(pack, entry);
    for (const entry of left) {
      if (pack.mapped.map.types[entry] !== BLOB) this.hasLeftNames = true;
      this.#leave(pack.nameOf(entry), pack);
    }
    for (const [entry, why] of damage) this.#leaveDamaged(pack, entry, why);
    this.#coverage.onProgress?.();
  }

  async #readLoose(): Promise<void> {
    for (const [position, { objectId, path }] of this.#storage.loose.entries()) {
      if (position % LOOSE_AT_A_TIME === 0) {
        await setImmediate();
        this.#repository.git.signal?.throwIfAborted();
      }
      try {
        const { type, bytes } = readLooseObject(path, objectId);
        this.#receiver.object(objectId, type, bytes);
      } catch (error) {
        // git says what is wrong with it.
        requireUnreadable(error);
        this.#leave(objectId, null);
      }
    }
  }

  #readApart(pack: StoredPack): void {
    for (const entry of pack.mapped.apart) {
      if (pack.doubles[entry] === 0) this.#readEntry(pack, entry);
    }
  }

  #readEntry(pack: StoredPack, entry: number): void {
    try {
      const { type, bytes } = this.#storage.readEntry(pack, entry);
      const objectId = pack.nameOf(entry);
      const before = this.#coverage.outcomes;
      this.#receiver.object(objectId, type, bytes);
      this.#tallies.get(pack)!.addObject(objectId, type, bytes.length, this.#coverage.outcomes > before);
    } catch (error) {
      requireUnreadable(error);
      if (error instanceof NotForUs) this.#leave(pack.nameOf(entry), pack);
      else this.#leaveDamaged(pack, entry, messageOf(error));
    }
  }

  #leave(objectId: string, pack: StoredPack | null): void {
    if (pack !== null) this.#packOfLeft.set(objectId, pack);
    if (!this.#left.has(objectId)) this.#left.set(objectId, null);
  }

  #leaveDamaged(pack: StoredPack, entry: number, why: string): void {
    const objectId = pack.nameOf(entry);
    this.#tallies.get(pack)!.isWhole = false;
    this.#check.doubt();
    const offset = pack.mapped.map.offsets[entry]!;
    const gap: Gap = {
      what: `object ${objectId}`,
      why: `damaged in ${pack.name} at ${offset}: it ${why}; another copy was read; run git fsck`,
    };
    // Another pack's copy stands for it, and is read there.
    if (pack.doubles[entry] === 1) this.#coverage.gap(gap);
    else this.#left.set(objectId, gap);
  }

  /** Notes of what git reads for a pack what came of it. */
  #tallied(receiver: ObjectReceiver): ObjectReceiver {
    const settle = (objectId: string, type: ObjectType, length: number, hasOutcome: boolean): void => {
      const pack = this.#packOfLeft.get(objectId);
      if (pack === undefined) return;
      this.#packOfLeft.delete(objectId);
      this.#tallies.get(pack)!.addObject(objectId, type, length, hasOutcome);
    };
    return {
      ...receiver,
      object: (objectId, type, bytes) => {
        const before = this.#coverage.outcomes;
        receiver.object(objectId, type, bytes);
        settle(objectId, type, bytes.length, this.#coverage.outcomes > before);
      },
      largeObject: (objectId, type) => {
        const before = this.#coverage.outcomes;
        const writer = receiver.largeObject(objectId, type);
        let length = 0;
        return {
          write: (bytes) => {
            length += bytes.length;
            writer.write(bytes);
          },
          close: () => {
            writer.close();
            settle(objectId, "blob", length, this.#coverage.outcomes > before);
          },
        };
      },
      misshapen: (objectId) => {
        receiver.misshapen?.(objectId);
        // It can have swallowed others.
        for (const tally of this.#tallies.values()) tally.isWhole = false;
      },
    };
  }

  /** git names what it cannot read either. What it reads from another copy is damaged all the same. */
  async #readLeft(): Promise<void> {
    const receiver = countFallback(this.#tallied(this.#receiver), this.#coverage);
    await readObjects(this.#repository, [...this.#left.keys()], receiver, (gap) => {
      this.#check.doubt();
      this.#coverage.gap(gap);
    });
    // What git has not given in one piece, and as what it is, was not read.
    for (const pack of this.#packOfLeft.values()) this.#tallies.get(pack)!.isWhole = false;
    const named = new Set(this.#coverage.gaps.map(({ what }) => what));
    for (const gap of this.#left.values()) if (gap !== null && !named.has(gap.what)) this.#coverage.gap(gap);
  }
}

function requireUnreadable(error: unknown): void {
  if (error instanceof Damage || error instanceof NotForUs || systemCodeOf(error) !== undefined) return;
  throw error;
}

/** Of what git reads because the reader of storage did not. */
function countFallback(receiver: ObjectReceiver, coverage: Coverage): ObjectReceiver {
  return {
    ...receiver,
    object(objectId, type, bytes) {
      coverage.fallback += 1;
      receiver.object(objectId, type, bytes);
    },
    largeObject(objectId, type) {
      coverage.fallback += 1;
      return receiver.largeObject(objectId, type);
    },
  };
}
