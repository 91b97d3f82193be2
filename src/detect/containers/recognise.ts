/** Which archive something is, by its bytes and never by its name. */
import { beginsLikeBzip2 } from "./bzip2.ts";
import { beginsLikeGzip } from "./gzip.ts";
import { beginsLikeTar, BLOCK_BYTES } from "./tar.ts";
import { beginsLikeZip, endsAsZip, findZipEnd, hasZipEndMark, mayEndZip, ZIP_TAIL_BYTES } from "./zip.ts";

export type ContainerFormat = "gzip" | "bzip2" | "zip" | "tar";

/** So many bytes from the beginning say which one it is. */
export const BEGINNING_BYTES = BLOCK_BYTES;

export function formatByBeginning(bytes: Buffer): ContainerFormat | null {
  if (beginsLikeGzip(bytes)) return "gzip";
  if (beginsLikeBzip2(bytes)) return "bzip2";
  if (beginsLikeZip(bytes)) return "zip";
  return beginsLikeTar(bytes) ? "tar" : null;
}

/** As {@link formatByBeginning}, and a zip archive that something else stands in front of. */
export function formatsOf(bytes: Buffer): ContainerFormat[] {
  const first = formatByBeginning(bytes);
  if (first === "zip") return [first];
  if (findZipEnd(bytes) === -1) return first === null ? [] : [first];
  if (first === null) return ["zip"];
  // The last file of an archive can be an archive; with nothing behind it, it is this one's neighbour.
  return first !== "tar" && endsAsZip(bytes) ? [first, "zip"] : [first];
}

/** So many bytes from the end say whether an archive may be behind something else. */
export const TAIL_BYTES = ZIP_TAIL_BYTES;

export function mayEndAsContainer(tail: Buffer): boolean {
  return mayEndZip(tail);
}

/** As {@link mayEndAsContainer}, with nothing behind it. */
export function endsAsContainer(tail: Buffer): boolean {
  return endsAsZip(tail);
}

/** Archives that are not opened. Their first bytes are long enough to be no chance. */
const UNOPENED: readonly { readonly name: string; readonly magic: Buffer }[] = [
  { name: "xz", magic: Buffer.from("fd377a585a00", "hex") },
  { name: "7z", magic: Buffer.from("377abcaf271c", "hex") },
  { name: "RAR", magic: Buffer.from("526172211a07", "hex") },
  { name: "Zstandard", magic: Buffer.from("28b52ffd", "hex") },
];

/** The name of the format, of one that is not opened. */
export function unopenedFormat(bytes: Buffer): string | null {
  for (const { name, magic } of UNOPENED) {
    if (bytes[0] === magic[0] && bytes[1] === magic[1] && bytes.subarray(0, magic.length).equals(magic)) return name;
  }
  return null;
}

/**
 * Whether these bytes, or some of which only the beginning is known to be the same, can be an archive, opened or not. The
 * mark of a zip archive's end can stand anywhere: how much follows it decides whether it is one.
 */
export function mayBecomeContainer(bytes: Buffer): boolean {
  return formatByBeginning(bytes) !== null || unopenedFormat(bytes) !== null || hasZipEndMark(bytes);
}
