/** What a multi-pack-index says of one pack, as an index of that pack alone. */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { Damage } from "./damage.ts";
import type { IndexedPlace, MultiPackIndex } from "./multi-pack-index.ts";
import { hashOf, type IdBytes, PackIndex } from "./pack-index.ts";

/**
 * @param indexName `pack-….idx`
 * @param pack the pack's file
 * @returns null where nothing is said of that pack
 * @throws {Damage}
 */
export function indexFromMulti(
  multi: MultiPackIndex,
  indexName: string,
  pack: string,
  idBytes: IdBytes,
): PackIndex | null {
  const number = multi.packs.indexOf(indexName);
  if (number === -1) return null;
  const places: IndexedPlace[] = [];
  for (let position = 0; position < multi.count; position++) {
    const place = multi.at(position);
    if (place.pack === number) places.push(place);
  }
  return new PackIndex(writeIndex(places, lastBytes(pack, idBytes), idBytes), idBytes);
}

/** Version 2, with every offset in the table for large ones and no checksums of objects, which nothing here reads. */
function writeIndex(places: readonly IndexedPlace[], packChecksum: Buffer, idBytes: IdBytes): Buffer {
  const head = Buffer.alloc(8 + 256 * 4);
  head.writeUInt32BE(0xff744f63, 0);
  head.writeUInt32BE(2, 4);
  let counted = 0;
  for (let byte = 0; byte < 256; byte++) {
    while (counted < places.length && places[counted]!.name[0]! <= byte) counted += 1;
    head.writeUInt32BE(counted, 8 + byte * 4);
  }
  const checksums = Buffer.alloc(places.length * 4);
  const rows = Buffer.alloc(places.length * 4);
  const offsets = Buffer.alloc(places.length * 8);
  for (const [position, { offset }] of places.entries()) {
    rows.writeUInt32BE(0x80000000 + position, position * 4);
    offsets.writeUInt32BE(Math.floor(offset / 2 ** 32), position * 8);
    offsets.writeUInt32BE(offset % 2 ** 32, position * 8 + 4);
  }
  const bytes = Buffer.concat([head, ...places.map(({ name }) => name), checksums, rows, offsets, packChecksum]);
  return Buffer.concat([bytes, hashOf(bytes, idBytes)]);
}

function lastBytes(file: string, count: number): Buffer {
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const bytes = Buffer.alloc(count);
    const { size } = fstatSync(descriptor);
    if (size < count || readSync(descriptor, bytes, 0, count, size - count) < count) throw new Damage("is too short");
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}
