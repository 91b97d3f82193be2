import type { Occurrence } from "keyrecall";

/** What was found, by the fingerprint of the token. */
export function byToken<Item>(items: readonly Item[], occurrence: (item: Item) => Occurrence): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const { fingerprint } = occurrence(item).token;
    const group = groups.get(fingerprint);
    if (group === undefined) groups.set(fingerprint, [item]);
    else group.push(item);
  }
  return groups;
}
