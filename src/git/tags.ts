/** Tag objects. */
import type { Gap } from "../core/gap.ts";
import { readObjects } from "./object-store.ts";
import type { Repository } from "./repository.ts";

/** What each tag object points to. */
export async function tagTargets(
  repository: Repository,
  tagIds: readonly string[],
  onGap: (gap: Gap) => void,
): Promise<Map<string, string>> {
  const targets = new Map<string, string>();
  await readObjects(
    repository,
    tagIds,
    {
      object(objectId, _type, bytes) {
        const target = /^object ([0-9a-f]+)$/m.exec(bytes.toString("latin1", 0, 128))?.[1];
        if (target !== undefined) targets.set(objectId, target);
      },
      largeObject: () => ({ write: () => {}, close: () => {} }),
      missing: () => {},
    },
    onGap,
  );
  return targets;
}
