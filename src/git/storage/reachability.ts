/**
 * Whether something that a pack's objects name is named by any that can be reached: from what lacks it back to what names
 * that, as far as there are names. Nothing is walked that has no part in it.
 */
import { Damage, NotForUs } from "./damage.ts";
import { descendantsOf } from "./pack-map.ts";
import { COMMIT, type Reference, TAG, TREE } from "./references.ts";
import type { Storage, StoredPack } from "./storage.ts";

/** With more objects to be read again it is left to git. */
const MAX_READS = 20_000;
const NONE = -1;

export class Reachability {
  readonly #storage: Storage;
  readonly #pack: StoredPack;
  readonly #holders: Int32Array;
  readonly #targets: Int32Array;
  /** Of each place in the index the link to it that came last; of each link the one before. */
  readonly #lastTo: Int32Array;
  readonly #before: Int32Array;
  readonly #isReached: Uint8Array;
  #reads = 0;

  /** @param parts as in `References.links`: of all objects of the only pack, and -1 for holders that can be reached */
  constructor(storage: Storage, pack: StoredPack, parts: readonly Int32Array[]) {
    this.#storage = storage;
    this.#pack = pack;
    const count = parts.reduce((sum, { length }) => sum + length / 2, 0);
    this.#holders = new Int32Array(count);
    this.#targets = new Int32Array(count);
    this.#lastTo = new Int32Array(pack.index.count).fill(NONE);
    this.#before = new Int32Array(count);
    let link = 0;
    for (const part of parts) {
      for (let at = 0; at < part.length; at += 2, link++) {
        const target = part[at + 1]!;
        this.#holders[link] = part[at]!;
        this.#targets[link] = target;
        this.#before[link] = this.#lastTo[target]!;
        this.#lastTo[target] = link;
      }
    }
    this.#isReached = this.#reach();
  }

  /** @returns false where one of them may be named by what can be reached */
  areOutOfReach(references: readonly Reference[]): boolean {
    try {
      return references.every((reference) => this.#isOutOfReach(reference));
    } catch (error) {
      if (error instanceof Damage || error instanceof NotForUs) return false;
      throw error;
    }
  }

  #isOutOfReach({ objectId, holder }: Reference): boolean {
    if (typeof holder !== "number") return false;
    const open = this.#withCopiesOf(holder, Buffer.from(objectId, "hex"));
    const seen = new Set(open);
    for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
      const type = this.#pack.mapped.map.types[entry]!;
      const position = this.#pack.positions[entry]!;
      if (this.#isReached[position] === 1) return false;
      // Of commits it is known whether they are reached. What leads to a tag is not looked for.
      if (type === COMMIT) continue;
      if (type !== TREE) return false;
      const name = this.#pack.index.nameAt(position);
      for (let link = this.#lastTo[position]!; link !== NONE; link = this.#before[link]!) {
        for (const copy of this.#withCopiesOf(this.#holders[link]!, name)) {
          if (!seen.has(copy)) open.push(copy);
          seen.add(copy);
        }
      }
    }
    return true;
  }

  /** The object, and of all that is made from it what has these bytes as well. */
  #withCopiesOf(entry: number, name: Buffer): number[] {
    const { map } = this.#pack.mapped;
    if (map.types[entry] !== TREE) return [entry];
    return descendantsOf(map, [entry]).filter((one) => {
      this.#reads += 1;
      if (this.#reads > MAX_READS) throw new NotForUs("has too many copies");
      return this.#storage.readEntry(this.#pack, one).bytes.includes(name);
    });
  }

  /** Marks what is named by no entry, and from there on what commits and tags name. */
  #reach(): Uint8Array {
    const { index, positions, mapped } = this.#pack;
    const lastOf = new Int32Array(index.count).fill(NONE);
    const before = new Int32Array(this.#holders.length);
    const isReached = new Uint8Array(index.count);
    const open: number[] = [];
    const reach = (position: number): void => {
      if (isReached[position] === 0) open.push(position);
      isReached[position] = 1;
    };
    for (const [link, holder] of this.#holders.entries()) {
      if (holder === NONE) {
        reach(this.#targets[link]!);
        continue;
      }
      const type = mapped.map.types[holder];
      if (type !== COMMIT && type !== TAG) continue;
      before[link] = lastOf[positions[holder]!]!;
      lastOf[positions[holder]!] = link;
    }
    for (let position = open.pop(); position !== undefined; position = open.pop()) {
      for (let link = lastOf[position]!; link !== NONE; link = before[link]!) reach(this.#targets[link]!);
    }
    return isReached;
  }
}
