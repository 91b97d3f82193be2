// Writes a pack index as git would, for packs that git would not index.
import { createHash } from "node:crypto";

/** @param entries offsets and names, in the order of the names */
export function writeIndexFile(
  entries: readonly (readonly [offset: number, id: string])[],
  packChecksum: Buffer,
): Buffer {
  const fanOut = Buffer.alloc(1024);
  const offsets = Buffer.alloc(entries.length * 4);
  for (const [position, [offset, id]] of entries.entries()) {
    for (let byte = Number.parseInt(id.slice(0, 2), 16); byte < 256; byte++)
      fanOut.writeUInt32BE(position + 1, byte * 4);
    offsets.writeUInt32BE(offset, position * 4);
  }
  const bytes = Buffer.concat([
    Buffer.from([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]),
    fanOut,
    ...entries.map(([, id]) => Buffer.from(id, "hex")),
    // Checksums of the packed objects, which nothing here looks at.
    Buffer.alloc(entries.length * 4),
    offsets,
    packChecksum,
  ]);
  return Buffer.concat([bytes, createHash("sha1").update(bytes).digest()]);
}
