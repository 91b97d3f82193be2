/** Going through changes more than once: from git, from a list, or from memory where they are few. */
import { encodeByteText } from "../core/byte-text.ts";
import type { Change, ChangeVisitor } from "../git/changes.ts";

/** Goes through the changes from the first to the last, as often as it is asked to: millions are not kept. */
export type VisitChanges = (visitor: Pick<ChangeVisitor, "wants" | "change">) => Promise<void>;

export function visitList(changes: readonly Change[]): VisitChanges {
  return (visitor) => {
    for (const change of changes) {
      const rawPath = encodeByteText(change.path).toString("latin1");
      if (visitor.wants(change.newId, change.oldIds, rawPath)) visitor.change(change);
    }
    return Promise.resolve();
  };
}

/** Changes up to this number are kept: nearly every push has fewer. */
const MAX_REMEMBERED_CHANGES = 20_000;

/** Where the first visit shows few changes, those after it need no git. */
export function rememberFew(visit: VisitChanges): VisitChanges {
  let remembered: Change[] | null = null;
  return async (visitor) => {
    if (remembered !== null) {
      await visitList(remembered)(visitor);
      return;
    }
    let changes: Change[] | null = [];
    let isWanted = false;
    await visit({
      wants(newId, oldIds, rawPath) {
        isWanted = visitor.wants(newId, oldIds, rawPath);
        return isWanted || changes !== null;
      },
      change(change) {
        if (changes !== null && changes.push(change) > MAX_REMEMBERED_CHANGES) changes = null;
        if (isWanted) visitor.change(change);
      },
    });
    remembered = changes;
  };
}
