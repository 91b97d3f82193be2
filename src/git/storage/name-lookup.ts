/** Whether packs have an object, and of which type, for threads that share what is known of them. */
import type { IdBytes } from "./pack-index.ts";
import type { StoredPack } from "./storage.ts";

/** The names of a pack, in shared memory. */
export interface SharedNames {
  readonly idBytes: IdBytes;
  /** In rising order, each followed by its type as in {@link PackMap}, and room up to the next. */
  readonly rows: Uint8Array;
  /** Which row is the first whose name begins with this number in as many bits, and behind the last one their count. */
  readonly begins: Uint32Array;
  /** How many of the first 32 bits are passed over. */
  readonly shift: number;
}

const TYPE_BYTES = 4;

export function shareNames({ index, mapped, positions }: StoredPack): SharedNames {
  const { count, idBytes } = index;
  const step = idBytes + TYPE_BYTES;
  const rows = new Uint8Array(new SharedArrayBuffer(count * step));
  // About a name for each number: as these are hashes, they lie evenly.
  const bits = Math.min(24, Math.max(1, Math.ceil(Math.log2(count + 1))));
  const shift = 32 - bits;
  const begins = new Uint32Array(new SharedArrayBuffer((2 ** bits + 1) * 4));
  let filled = 0;
  for (let position = 0; position < count; position++) {
    const name = index.nameAt(position);
    rows.set(name, position * step);
    const number = name.readUInt32BE(0) >>> shift;
    while (filled <= number) begins[filled++] = position;
  }
  begins.fill(count, filled);
  for (let entry = 0; entry < count; entry++) rows[positions[entry]! * step + idBytes] = mapped.map.types[entry]!;
  return { idBytes, rows, begins, shift };
}

/** @returns the place of the name in the index, or -1 */
export function findName({ idBytes, rows, begins, shift }: SharedNames, bytes: Uint8Array, at: number): number {
  const head = ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
  const number = head >>> shift;
  const step = idBytes + TYPE_BYTES;
  const end = begins[number + 1]!;
  for (let position = begins[number]!; position < end; position++) {
    const row = position * step;
    let byte = 0;
    while (byte < idBytes && rows[row + byte] === bytes[at + byte]) byte++;
    if (byte === idBytes) return position;
  }
  return -1;
}

/** The type of the object whose name has this place, 0 where it is not known. */
export function typeAt({ idBytes, rows }: SharedNames, position: number): number {
  return rows[position * (idBytes + TYPE_BYTES) + idBytes]!;
}
