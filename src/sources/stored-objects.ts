/**
 * Every object of a repository's storage, read without git: packs are looked through where they lie, and only objects that hold
 * something are put together. What cannot be read so is read by git, and counted.
 */
import { setImmediate } from "node:timers/promises";
import { messageOf, systemCodeOf } from "../core/errors.ts";
import type { Gap } from "../core/gap.ts";
import { readObjects, readStore } from "../git/object-store.ts";
import type { ObjectReceiver } from "../git/object-stream.ts";
import type { Repository } from "../git/repository.ts";
import { Damage, NotForUs } from "../git/storage/damage.ts";
import { readLooseObject } from "../git/storage/loose-object.ts";
import { listObjectDirectories } from "../git/storage/object-directories.ts";
import { Storage, type StoredPack } from "../git/storage/storage.ts";
import type { Coverage } from "./sink.ts";

/** Looks through packs for objects that hold anything; knows how to tell, and where: here, or in other threads. */
export interface PackScreen {
  screen(packs: readonly StoredPack[], onPart: (pack: StoredPack, part: ScreenedPart) => void): Promise<void>;
}

export interface ScreenedPart {
  /** Objects that hold nothing, by the number of their type in packs, and in place 0 the bytes of all of them. */
  readonly counts: Float64Array;
  /** Entries to be read here. */
  readonly flagged: Uint32Array;
  /** Entries that have to be read in another way. */
  readonly left: Uint32Array;
  readonly damage: readonly (readonly [entry: number, why: string])[];
}

/** So many small files are read before others have their turn. */
const LOOSE_AT_A_TIME = 64;

export async function readStoredObjects(
  repository: Repository,
  receiver: ObjectReceiver,
  screen: PackScreen,
  coverage: Coverage,
): Promise<void> {
  const onGap = (gap: Gap): void => coverage.gap(gap);
  const environment = { ...process.env, ...repository.git.environment };
  const directories = listObjectDirectories(
    repository.objectDirectory,
    environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"],
    // The survey of the store has named what is not there.
    () => {},
  );
  const idBytes = repository.objectIdLength === 64 ? 32 : 20;
  const { storage, damaged } = await Storage.open(directories, idBytes, repository.git.signal);
  try {
    if (damaged.length > 0) {
      for (const gap of damaged) coverage.gap(gap);
      await readStore(repository, countFallback(receiver, coverage), onGap);
      return;
    }
    await new StorageReading(repository, storage, receiver, coverage).read(screen);
  } finally {
    storage.close();
  }
}

class StorageReading {
  readonly #repository: Repository;
  readonly #storage: Storage;
  readonly #receiver: ObjectReceiver;
  readonly #coverage: Coverage;
  /** Names of what is left to git, with what is wrong with it where that is known. */
  readonly #left = new Map<string, Gap | null>();

  constructor(repository: Repository, storage: Storage, receiver: ObjectReceiver, coverage: Coverage) {
    this.#repository = repository;
    this.#storage = storage;
    this.#receiver = receiver;
    this.#coverage = coverage;
  }

  async read(screen: PackScreen): Promise<void> {
    for (const pack of this.#storage.packs) {
      if (pack.mapped.hasRightChecksum) continue;
      this.#coverage.gap({
        what: `pack ${pack.name}`,
        why: "damaged: its checksum is not that of its bytes; run git fsck and fetch its objects from another copy",
      });
    }
    const packs = screen.screen(this.#storage.packs, (pack, part) => this.#takePart(pack, part));
    const loose = this.#readLoose();
    await Promise.allSettled([packs, loose]);
    await packs;
    await loose;
    for (const pack of this.#storage.packs) this.#readApart(pack);
    await this.#readLeft();
  }

  #takePart(pack: StoredPack, { counts, flagged, left, damage }: ScreenedPart): void {
    const coverage = this.#coverage;
    coverage.bytes += counts[0]!;
    coverage.commits += counts[1]!;
    coverage.trees += counts[2]!;
    coverage.blobs += counts[3]!;
    coverage.tags += counts[4]!;
    for (const entry of flagged) this.#readEntry(pack, entry);
    for (const entry of left) this.#leave(pack.nameOf(entry));
    for (const [entry, why] of damage) this.#leaveDamaged(pack, entry, why);
    coverage.onProgress?.();
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
        this.#leave(objectId);
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
      this.#receiver.object(pack.nameOf(entry), type, bytes);
    } catch (error) {
      requireUnreadable(error);
      if (error instanceof NotForUs) this.#leave(pack.nameOf(entry));
      else this.#leaveDamaged(pack, entry, messageOf(error));
    }
  }

  #leave(objectId: string): void {
    if (!this.#left.has(objectId)) this.#left.set(objectId, null);
  }

  #leaveDamaged(pack: StoredPack, entry: number, why: string): void {
    const objectId = pack.nameOf(entry);
    const offset = pack.mapped.map.offsets[entry]!;
    const gap: Gap = {
      what: `object ${objectId}`,
      why: `damaged in ${pack.name} at ${offset}: it ${why}; another copy was read; run git fsck`,
    };
    // Another pack's copy stands for it, and is read there.
    if (pack.doubles[entry] === 1) this.#coverage.gap(gap);
    else this.#left.set(objectId, gap);
  }

  /** git names what it cannot read either. What it reads from another copy is damaged all the same. */
  async #readLeft(): Promise<void> {
    const receiver = countFallback(this.#receiver, this.#coverage);
    await readObjects(this.#repository, [...this.#left.keys()], receiver, (gap) => this.#coverage.gap(gap));
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
