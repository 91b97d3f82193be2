/** Whether packs have an object, and of which type, for threads that share what is known of them. */
import type { IdBytes } from "./pack-index.ts";
import type { StoredPack } from "./storage.ts";

/** The names of a pack, in shared memory. */
export interface SharedNames {
  readonly idBytes: IdBytes;
  /** In rising order, without anything between them. */
  readonly names: Uint8Array;
  /** By the place of the name, as in {@link PackMap}. */
  readonly types: Uint8Array;
  /** Where among the names those begin whose first bits are this number, and behind the last one their count. */
  readonly begins: Uint32Array;
  /** How many of the first 32 bits are passed over. */
  readonly shift: number;
}

export function shareNames(pack: StoredPack): SharedNames {
  const { index, mapped } = pack;
  const { count, idBytes } = index;
  const names = new Uint8Array(new SharedArrayBuffer(count * idBytes));
  const types = new Uint8Array(new SharedArrayBuffer(count));
  // About a name for each number: as these are hashes, they lie evenly.
  const bits = Math.min(24, Math.max(1, Math.ceil(Math.log2(count + 1))));
  const shift = 32 - bits;
  const begins = new Uint32Array(new SharedArrayBuffer((2 ** bits + 1) * 4));
  let filled = 0;
  for (let position = 0; position < count; position++) {
    const name = index.nameAt(position);
    names.set(name, position * idBytes);
    const number = name.readUInt32BE(0) >>> shift;
    while (filled <= number) begins[filled++] = position;
  }
  begins.fill(count, filled);
  for (let entry = 0; entry < count; entry++) types[pack.positionOf(entry)] = mapped.map.types[entry]!;
  return { idBytes, names, types, begins, shift };
}

/** @returns the type, 0 where it is not known, or -1 where there is no object of this name */
export function typeOfName(shared: SharedNames, bytes: Uint8Array, at: number): number {
  const { idBytes, names, types, begins, shift } = shared;
  const head = ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
  const number = head >>> shift;
  const end = begins[number + 1]!;
  for (let position = begins[number]!; position < end; position++) {
    const name = position * idBytes;
    let byte = 0;
    while (byte < idBytes && names[name + byte] === bytes[at + byte]) byte++;
    if (byte === idBytes) return types[position]!;
  }
  return -1;
}
