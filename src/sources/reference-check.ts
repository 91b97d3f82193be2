/**
 * Whether all that objects, refs and indexes name is in the store. Where it is, nothing that is reachable can be missing, and
 * nobody has to walk. Where it is not, that may be far from anything that is reachable: then git walks.
 */
import { typesOf } from "../git/object-store.ts";
import type { ObjectReceiver, ObjectType } from "../git/object-stream.ts";
import type { Repository } from "../git/repository.ts";
import { shallowCommits } from "../git/shallow.ts";
import type { SharedNames } from "../git/storage/name-lookup.ts";
import { OBJECT_TYPES } from "../git/storage/pack-entry.ts";
import type { IdBytes } from "../git/storage/pack-index.ts";
import { type AbsentReferences, ANY, type Reference, ReferenceReader } from "../git/storage/references.ts";
import type { StoredPack } from "../git/storage/storage.ts";

/** Of more objects that are not in packs git is asked. */
const MAX_SEEN = 200_000;

export class ReferenceCheck {
  readonly #repository: Repository;
  /** Of what is read here. */
  readonly #reader: ReferenceReader;
  /** Types of what was read here. */
  readonly #seen = new Map<string, number>();
  /** Named by objects of packs, and in none that was read. */
  readonly #fromPacks = new Map<string, Reference>();
  #isDoubtful = false;

  /** @param names of the objects of all packs that are read */
  constructor(repository: Repository, names: readonly SharedNames[], idBytes: IdBytes) {
    this.#repository = repository;
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

  takePart(pack: StoredPack, { absent, isDoubtful }: AbsentReferences): void {
    if (isDoubtful) this.#isDoubtful = true;
    for (const { objectId, type, child } of absent) {
      this.addFromPacks({ objectId, type, child: typeof child === "number" ? pack.nameOf(child) : child });
    }
  }

  addFromPacks(reference: Reference): void {
    const { objectId, type, child } = reference;
    this.#fromPacks.set(`${objectId} ${type} ${child}`, reference);
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
   * @returns whether nothing is lacking; false also where that is not known
   */
  async holds(roots: Iterable<Pick<Reference, "objectId" | "type">>): Promise<boolean> {
    for (const { objectId, type } of roots) this.#reader.refer(objectId, type);
    const { absent, isDoubtful } = this.#reader.take();
    if (isDoubtful || this.#isDoubtful) return false;
    const ends = shallowCommits(this.#repository);
    const open = [...absent, ...this.#fromPacks.values()].filter(({ objectId, type, child }) => {
      const seen = this.#seen.get(objectId);
      return !(seen !== undefined && isOfType(seen, type)) && !(typeof child === "string" && ends.has(child));
    });
    if (open.length === 0) return true;
    let isTold = true;
    const ids = new Set(open.map(({ objectId }) => objectId));
    const types = await typesOf(this.#repository, [...ids], () => (isTold = false));
    return isTold && open.every(({ objectId, type }) => isOfType(numberOf(types.get(objectId)), type));
  }
}

function isOfType(found: number, wanted: number): boolean {
  return wanted === ANY ? found > 0 : found === wanted;
}

function numberOf(type: string | undefined): number {
  return type === undefined ? -1 : OBJECT_TYPES.indexOf(type as ObjectType);
}
