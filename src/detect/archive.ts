/** Formats whose contents do not stand in their bytes as they are: a token in them shows only once they are unpacked. */

const MAGICS: readonly Buffer[] = [
  [0x1f, 0x8b], // gzip
  [0x1f, 0x9d], // compress
  [0x1f, 0xa0],
  "BZh",
  "PK\x03\x04",
  "PK\x05\x06",
  "PK\x07\x08",
  [0xfd, "7zXZ", 0x00],
  [0x5d, 0x00, 0x00], // lzma
  [0x28, 0xb5, 0x2f, 0xfd], // zstd
  [0x04, 0x22, 0x4d, 0x18], // lz4
  ["7z", 0xbc, 0xaf, 0x27, 0x1c],
  "Rar!\x1a\x07",
  "!<arch>\n",
  [0xed, 0xab, 0xee, 0xdb], // rpm
  "MSCF",
  "070701", // cpio
  "070702",
  "070707",
  [0xc7, 0x71],
].map(toBytes);

const TAR_MAGIC = Buffer.from("ustar");
const TAR_MAGIC_OFFSET = 257;
const ZIP_DIRECTORY_END = Buffer.from("PK\x05\x06", "latin1");

/** From so many bytes on {@link beginsAsArchive} can tell. */
export const ARCHIVE_HEAD_BYTES = TAR_MAGIC_OFFSET + TAR_MAGIC.length;

export function beginsAsArchive(bytes: Buffer): boolean {
  return MAGICS.some((magic) => startsWith(bytes, magic, 0)) || startsWith(bytes, TAR_MAGIC, TAR_MAGIC_OFFSET);
}

/** The end of a zip file's directory, which may stand behind a program. */
export function hasZipDirectory(bytes: Buffer): boolean {
  return bytes.includes(ZIP_DIRECTORY_END);
}

function startsWith(bytes: Buffer, magic: Buffer, offset: number): boolean {
  for (let index = 0; index < magic.length; index++) if (bytes[offset + index] !== magic[index]) return false;
  return true;
}

function toBytes(magic: string | readonly (number | string)[]): Buffer {
  if (typeof magic === "string") return Buffer.from(magic, "latin1");
  return Buffer.concat(magic.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.of(part))));
}
