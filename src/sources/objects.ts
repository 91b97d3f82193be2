/** Git's objects as units, counted by type. */
import type { Gap } from "../core/gap.ts";
import { readObjects } from "../git/object-store.ts";
import { type ObjectReceiver, type ObjectType } from "../git/object-stream.ts";
import type { Repository } from "../git/repository.ts";
import type { ObtainObjects } from "../git/revisions.ts";
import type { Sink } from "./sink.ts";

const PROGRESS_EVERY_OBJECTS = 1024;

const NONE: ReadonlySet<string> = new Set();

/**
 * Hands every object that git delivers to the sink.
 *
 * @param checked objects of which the name is compared with the content
 */
export function objectReceiver(
  sink: Sink,
  { whyMissing, checked = NONE }: { whyMissing: string; checked?: ReadonlySet<string> },
): ObjectReceiver {
  const { coverage } = sink;
  let objects = 0;
  let lastType: ObjectType = "blob";
  const count = (type: ObjectType, bytes: number): void => {
    if (type === "blob") coverage.blobs += 1;
    else if (type === "tree") coverage.trees += 1;
    else if (type === "commit") coverage.commits += 1;
    else coverage.tags += 1;
    coverage.bytes += bytes;
    lastType = type;
    objects += 1;
    if (objects % PROGRESS_EVERY_OBJECTS === 0) coverage.onProgress?.();
  };
  return {
    object(objectId, type, bytes) {
      count(type, bytes.length);
      sink.scan({ kind: type, objectId }, bytes);
    },
    largeObject(objectId, type) {
      if (type !== "blob") {
        coverage.gap({
          what: `${type} ${objectId}`,
          why: "is too large to be told apart by its fields; only its bytes were searched",
        });
      }
      const writer = sink.open({ kind: "blob", objectId });
      let length = 0;
      return {
        write(bytes) {
          length += bytes.length;
          writer.write(bytes);
          coverage.onProgress?.();
        },
        close() {
          count("blob", length);
          writer.close();
        },
      };
    },
    misshapen(objectId) {
      coverage.gap({
        what: `object ${objectId}`,
        why: "damaged: it is not as long as it says; only the bytes behind it were searched; fetch it again from another copy",
      });
    },
    isChecked: (objectId) => checked.has(objectId),
    misnamed(objectId) {
      if (lastType === "commit" || lastType === "tag") coverage.hasFalseCommits = true;
      coverage.gap({
        what: `object ${objectId}`,
        why: "damaged: its content is another than its name says; fetch it again from another copy",
      });
    },
    missing(objectId) {
      coverage.gap({ what: `object ${objectId}`, why: whyMissing });
    },
  };
}

/** Reads the listed objects into the sink. */
export async function readListed(
  repository: Repository,
  objectIds: readonly string[],
  sink: Sink,
  obtain: ObtainObjects | null = null,
): Promise<void> {
  const receiver = objectReceiver(sink, { whyMissing: missingReason(repository) });
  const onGap = (gap: Gap): void => sink.coverage.gap(gap);
  if (obtain === null) {
    await readObjects(repository, objectIds, receiver, onGap);
    return;
  }
  const missing: string[] = [];
  await readObjects(repository, objectIds, { ...receiver, missing: (objectId) => missing.push(objectId) }, onGap);
  if (missing.length === 0) return;
  await obtain(missing);
  await readObjects(repository, missing, receiver, onGap);
}

export function missingReason(repository: Repository): string {
  if (repository.isPartial)
    return "left out of this partial clone; run git fetch --refetch in it, or scan a full clone";
  return "missing or damaged; run git fsck and fetch it again from another copy";
}
