/**
 * Whether all that objects, refs and indexes name is in the store. Where it is, nothing that is reachable can be missing, and
 * nobody has to walk. Where it is not, and what names it cannot be told to be out of reach, git walks.
 */
import { typesOf } from "../git/object-store.ts";
import type { ObjectReceiver, ObjectType } from "../git/object-stream.ts";
import type { Repository } from "../git/repository.ts";
import { shallowCommits } from "../git/shallow.ts";
import type { SharedNames } from "../git/storage/name-lookup.ts";
import { OBJECT_TYPES } from "../git/storage/pack-entry.ts";
import type { IdBytes } from "../git/storage/pack-index.ts";
import { Reachability } from "../git/storage/reachability.ts";
import { ANY, COMMIT, type Reference, ReferenceReader, type References } from "../git/storage/references.ts";
import type { Storage, StoredPack } from "../git/storage/storage.ts";

/** Of more objects that are not in packs git is asked. */
const MAX_SEEN = 200_000;

export class ReferenceCheck {
  readonly #repository: Repository;
  readonly #storage: Storage;
  readonly #links: Int32Array[] = [];
  /** Of what is read here. */
  readonly #reader: ReferenceReader;
  /** Types of what was read here. */
  readonly #seen = new Map<string, number>();
  /** Named by objects of packs, and in none that was read. */
  readonly #fromPacks = new Map<string, Reference>();
  /** Where a shallow clone ends. */
  readonly #ends: ReadonlySet<string>;
  #isDoubtful = false;

  /** @param names of the objects of all packs that are read */
  constructor(repository: Repository, storage: Storage, names: readonly SharedNames[], idBytes: IdBytes) {
    this.#repository = repository;
    this.#storage = storage;
    this.#ends = shallowCommits(repository);
    this.#reader = new ReferenceReader(names, idBytes);
  }

  /** What objects of packs name that lies in none of those that are read. */
  get fromPacks(): Reference[] {
    return [...this.#fromPacks.values()];
  }

  /** Something of which it is not known what it names. */
  doubt(): void {
    this.#isDoubtful = true;
  }

  takePart(pack: StoredPack, { absent, links, isDoubtful }: References): void {
    if (isDoubtful) this.#isDoubtful = true;
    this.#links.push(links);
    const ends = this.#ends;
    for (const reference of absent) {
      const { holder } = reference;
      // Of the last commits of a shallow clone the parents are left out on purpose.
      const isEnd = ends.size > 0 && typeof holder === "number" && ends.has(pack.nameOf(holder));
      if (!isEnd || reference.type !== COMMIT) this.addFromPacks(reference);
    }
  }

  addFromPacks(reference: Reference): void {
    const { objectId, type, holder } = reference;
    this.#fromPacks.set(`${objectId} ${type} ${holder}`, reference);
  }

  /** @returns a receiver that looks at what comes before it is handed on */
  watch(receiver: ObjectReceiver): ObjectReceiver {
    const note = (objectId: string, type: ObjectType): number => {
      const number = OBJECT_TYPES.indexOf(type);
      if (this.#seen.size < MAX_SEEN) this.#seen.set(objectId, number);
      return number;
    };
    return {
      ...receiver,
      object: (objectId, type, bytes) => {
        this.#reader.read(note(objectId, type), objectId, bytes);
        receiver.object(objectId, type, bytes);
      },
      largeObject: (objectId, type) => {
        note(objectId, type);
        if (type !== "blob") this.doubt();
        return receiver.largeObject(objectId, type);
      },
      missing: (objectId) => {
        this.doubt();
        receiver.missing(objectId);
      },
      misshapen: (objectId) => {
        this.doubt();
        receiver.misshapen?.(objectId);
      },
      misnamed: (objectId) => {
        this.doubt();
        receiver.misnamed?.(objectId);
      },
    };
  }

  /**
   * @param roots what refs and indexes name
   * @param logged what logs name; it may be gone
   * @returns whether nothing that can be reached is lacking; false also where that is not known
   */
  async holds(roots: Iterable<Pick<Reference, "objectId" | "type">>, logged: Iterable<string>): Promise<boolean> {
    for (const { objectId, type } of roots) this.#reader.refer(objectId, type);
    const { absent, links, isDoubtful } = this.#reader.take();
    if (isDoubtful || this.#isDoubtful) return false;
    const own = absent.filter(({ type, holder }) => type !== COMMIT || !this.#ends.has(String(holder)));
    const open = [...own, ...this.#fromPacks.values()].filter(({ objectId, type }) => {
      const seen = this.#seen.get(objectId);
      return seen === undefined || !isOfType(seen, type);
    });
    if (open.length === 0) return true;
    let isTold = true;
    const ids = new Set(open.map(({ objectId }) => objectId));
    const types = await typesOf(this.#repository, [...ids], () => (isTold = false));
    const lacking = open.filter(({ objectId, type }) => !isOfType(numberOf(types.get(objectId)), type));
    if (!isTold || lacking.length === 0) return isTold;
    const [pack, ...others] = this.#storage.packs;
    if (pack === undefined || others.length > 0 || this.#storage.hasPassedOver) return false;
    for (const objectId of logged) this.#reader.refer(objectId, ANY);
    const reachability = new Reachability(this.#storage, pack, [...this.#links, links, this.#reader.take().links]);
    try {
      return reachability.areOutOfReach(lacking);
    } finally {
      this.#storage.close();
    }
  }
}

function isOfType(found: number, wanted: number): boolean {
  return wanted === ANY ? found > 0 : found === wanted;
}

function numberOf(type: string | undefined): number {
  return type === undefined ? -1 : OBJECT_TYPES.indexOf(type as ObjectType);
}
