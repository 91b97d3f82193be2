/** Reads the files that tokens stand in once more, for the hashes by which code scanning knows a line again. */
import { readFileSync, statSync } from "node:fs";
import { encodeByteText } from "../core/byte-text.ts";
import { readObjects } from "../git/object-store.ts";
import type { Repository } from "../git/repository.ts";
import { lineHashes } from "../report/line-hash.ts";
import type { Report, ReportedOccurrence } from "../scan/report.ts";

const MAX_BYTES = 1024 * 1024;

/** @param isHashable whether a hash of the token may leave this machine */
export async function readLineHashes(
  report: Report,
  isHashable: (fingerprint: string) => boolean,
  from: { readonly repository: Repository | null; readonly root: string },
): Promise<(occurrence: ReportedOccurrence) => string | null> {
  const wanted = new Map<string, Set<number>>();
  for (const { fingerprint, occurrences } of report.tokens) {
    if (!isHashable(fingerprint)) continue;
    for (const occurrence of occurrences) {
      const file = fileOf(occurrence);
      if (file !== null) wanted.set(file, (wanted.get(file) ?? new Set()).add(occurrence.line));
    }
  }
  const hashes = new Map<string, Map<number, string>>();
  const take = (file: string, bytes: Buffer): void => {
    if (bytes.length <= MAX_BYTES) hashes.set(file, lineHashes(bytes.toString("utf8"), wanted.get(file) ?? new Set()));
  };
  if (from.repository === null) readFiles(wanted.keys(), from.root, take);
  else await readBlobs(from.repository, [...wanted.keys()], take);
  const hashable = new Set(report.tokens.filter(({ fingerprint }) => isHashable(fingerprint)).flatMap(placesOf));
  return (occurrence) =>
    hashable.has(occurrence) ? (hashes.get(fileOf(occurrence) ?? "")?.get(occurrence.line) ?? null) : null;
}

function placesOf({ occurrences }: Report["tokens"][number]): readonly ReportedOccurrence[] {
  return occurrences;
}

/** What names the content: an object, or a path. */
function fileOf({ kind, object, paths, container }: ReportedOccurrence): string | null {
  // Lines of an archive are none, and all entries could be on the same.
  if (container.length > 0) return null;
  if (kind === "blob") return object;
  return kind === "file" ? (paths[0] ?? null) : null;
}

function readFiles(files: Iterable<string>, root: string, take: (file: string, bytes: Buffer) => void): void {
  for (const file of files) {
    try {
      const name = encodeByteText(`${root}/${file}`);
      if (statSync(name).size <= MAX_BYTES) take(file, readFileSync(name));
    } catch {
      // Its alert then goes by its place.
    }
  }
}

async function readBlobs(
  repository: Repository,
  objectIds: readonly string[],
  take: (file: string, bytes: Buffer) => void,
): Promise<void> {
  await readObjects(
    repository,
    objectIds,
    {
      object: (objectId, _type, bytes) => take(objectId, bytes),
      largeObject: () => ({ write: () => {}, close: () => {} }),
      missing: () => {},
    },
    () => {},
  );
}
