import type { Occurrence } from "keyrecall";

/** What was found, by the fingerprint of the token. */
export function byToken<Item>(items: readonly Item[], occurrence: (item: Item) => Occurrence): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const { fingerprint } = occurrence(item).token;
    groups.set(fingerprint, [...(groups.get(fingerprint) ?? []), item]);
  }
  return groups;
}
