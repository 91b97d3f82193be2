/**
 * Whether an index is the one that was written. git reads a damaged one without a word, as long as it can make entries
 * of it. Source: gitformat-index: the last bytes are the hash of all before them, or zeros with `index.skipHash`.
 */
import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import path from "node:path";
import { systemCodeOf } from "../core/errors.ts";
import type { Gap } from "../core/gap.ts";
import type { Repository } from "./repository.ts";

const PIECE_BYTES = 1024 * 1024;

/** The index of this working tree, or the one that GIT_INDEX_FILE names. */
function indexFileOf({ git, gitDirectory }: Repository): string {
  return git.environment?.["GIT_INDEX_FILE"] ?? path.join(gitDirectory, "index");
}

export function checkIndex(repository: Repository, onGap: (gap: Gap) => void): void {
  const file = indexFileOf(repository);
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    // Before anything was staged there is none; for everything else git finds words.
    if (systemCodeOf(error) === "ENOENT") return;
    onGap({ what: `index ${file}`, why: "cannot be read" });
    return;
  }
  try {
    if (fstatSync(descriptor).isFile() && !hasRightChecksum(descriptor, repository.objectIdLength)) {
      onGap({
        what: `index ${file}`,
        why: "is damaged: its checksum is another; rebuild it with git read-tree HEAD",
      });
    }
  } finally {
    closeSync(descriptor);
  }
}

function hasRightChecksum(descriptor: number, objectIdLength: 40 | 64): boolean {
  const hash = createHash(objectIdLength === 64 ? "sha256" : "sha1");
  const checksumBytes = objectIdLength / 2;
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  let held = 0;
  for (;;) {
    const count = readSync(descriptor, buffer, held, buffer.length - held, null);
    if (count === 0) break;
    const length = held + count;
    const hashed = Math.max(0, length - checksumBytes);
    hash.update(buffer.subarray(0, hashed));
    buffer.copyWithin(0, hashed, length);
    held = length - hashed;
  }
  const checksum = buffer.subarray(0, held);
  return checksum.every((byte) => byte === 0) || checksum.equals(hash.digest());
}
