/** Which packs a store has, and what tells that one is still the file that it was. */
import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { hashName, type IdBytes } from "./pack-index.ts";

const READ_BYTES = 1 << 20;
/** Others have their turn every so many bytes. */
const PAUSE_BYTES = 16 * READ_BYTES;

export interface PackFile {
  readonly path: string;
  /** What the pack and its index end in, and their lengths: the same for the same bytes. Null where it cannot be told. */
  readonly content: string | null;
  /** What the system knows of both. While that is the same nobody has written to them; git sets their times, too. */
  readonly stamp: string;
}

/** @param directories as for Storage; those that cannot be listed are named by whoever surveys the store */
export function listPackFiles(directories: readonly string[], idBytes: IdBytes): PackFile[] {
  return directories.flatMap((directory) => {
    const inside = path.join(directory, "pack");
    return listDirectory(inside)
      .filter((name) => name.endsWith(".pack"))
      .map((name) => describePack(path.join(inside, name), idBytes));
  });
}

/** Whether pack and index have the checksums that they end in. */
export async function hasRightChecksums(
  pack: PackFile,
  idBytes: IdBytes,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    for (const file of [pack.path, indexOf(pack.path)]) {
      if (!(await endsInItsChecksum(file, idBytes, signal))) return false;
    }
    return true;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

function indexOf(pack: string): string {
  return pack.replace(/\.pack$/, ".idx");
}

/** Of a pack without an index of its own nothing is told: it is read by one that stands for others as well. */
function describePack(pack: string, idBytes: IdBytes): PackFile {
  try {
    const [inPack, inIndex] = [describeFile(pack, idBytes), describeFile(indexOf(pack), idBytes)];
    return { path: pack, content: `${inPack.content} ${inIndex.content}`, stamp: `${inPack.stamp} ${inIndex.stamp}` };
  } catch {
    return { path: pack, content: null, stamp: "" };
  }
}

function describeFile(file: string, idBytes: IdBytes): { content: string; stamp: string } {
  return withFile(file, (descriptor) => {
    const stat = fstatSync(descriptor, { bigint: true });
    if (!stat.isFile() || stat.size < idBytes) throw new Error("is no pack");
    const checksum = Buffer.alloc(idBytes);
    readSync(descriptor, checksum, 0, idBytes, Number(stat.size) - idBytes);
    return {
      content: `${checksum.toString("hex")}:${stat.size}`,
      // The time of change is the system's: whoever writes into the file cannot set it back.
      stamp: `${stat.ino}:${stat.mtimeNs}:${stat.ctimeNs}`,
    };
  });
}

async function endsInItsChecksum(file: string, idBytes: IdBytes, signal: AbortSignal | undefined): Promise<boolean> {
  const descriptor = openSync(file, OPEN_FLAGS);
  try {
    const end = fstatSync(descriptor).size - idBytes;
    const hash = createHash(hashName(idBytes));
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (let start = 0; start < end;) {
      if (start % PAUSE_BYTES === 0) {
        await setImmediate();
        signal?.throwIfAborted();
      }
      const length = readSync(descriptor, buffer, 0, Math.min(READ_BYTES, end - start), start);
      if (length === 0) return false;
      hash.update(buffer.subarray(0, length));
      start += length;
    }
    const checksum = Buffer.alloc(idBytes);
    readSync(descriptor, checksum, 0, idBytes, end);
    return hash.digest().equals(checksum);
  } finally {
    closeSync(descriptor);
  }
}

/** O_NONBLOCK: opening a named pipe must not wait for its writer. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

function withFile<T>(file: string, use: (descriptor: number) => T): T {
  const descriptor = openSync(file, OPEN_FLAGS);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function listDirectory(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
