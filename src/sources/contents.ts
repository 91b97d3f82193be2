/** Reads single files and objects once more, whole, after a scan has found something in them. */
import { readFileSync, statSync } from "node:fs";
import { encodeByteText } from "../core/byte-text.ts";
import { readObjects } from "../git/object-store.ts";
import type { Repository } from "../git/repository.ts";

const MAX_BYTES = 1024 * 1024;

/** What is larger, or gone by now, is passed over. */
export function readFiles(paths: Iterable<string>, root: string, take: (path: string, bytes: Buffer) => void): void {
  for (const path of paths) {
    try {
      const name = encodeByteText(`${root}/${path}`);
      const facts = statSync(name);
      if (facts.isFile() && facts.size <= MAX_BYTES) take(path, readFileSync(name));
    } catch {
      // Whoever asks does without.
    }
  }
}

/** What is larger, or not a file's content, is passed over. */
export async function readBlobs(
  repository: Repository,
  objectIds: readonly string[],
  take: (objectId: string, bytes: Buffer) => void,
): Promise<void> {
  if (objectIds.length === 0) return;
  await readObjects(
    repository,
    objectIds,
    {
      object: (objectId, type, bytes) => {
        if (type === "blob" && bytes.length <= MAX_BYTES) take(objectId, bytes);
      },
      largeObject: () => ({ write: () => {}, close: () => {} }),
      missing: () => {},
    },
    () => {},
  );
}
