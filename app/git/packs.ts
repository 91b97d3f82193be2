/** Every fetch adds a pack, and git looks through all of them for each object: small ones become one. */
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { CloneDirectory } from "./clone-directory.ts";
import { CloneDamagedError } from "./fetcher.ts";
import type { GitEnd } from "./git-process.ts";

/** Packs above this size stay as they are: writing them again costs more than looking into them. */
const MAX_SMALL_PACK_BYTES = 32 * 1024 * 1024;

export async function consolidatePacks(
  clone: CloneDirectory,
  git: (args: readonly string[], input: string) => Promise<GitEnd>,
): Promise<void> {
  const small = clone.packs().filter(({ bytes }) => bytes <= MAX_SMALL_PACK_BYTES);
  const end = await git(
    ["pack-objects", "--quiet", "--stdin-packs", path.join(clone.packDirectory, "pack")],
    small.map(({ name }) => `${name}\n`).join(""),
  );
  const id = /^([0-9a-f]{40}|[0-9a-f]{64})$/m.exec(end.output.toString("latin1"))?.[1];
  if (end.status !== 0 || id === undefined) {
    throw new CloneDamagedError(`its packs cannot be joined: ${end.errorText.trim()}`);
  }
  // The contents that it names are left out on purpose, as they were of the packs that it is made of.
  writeFileSync(path.join(clone.packDirectory, `pack-${id}.promisor`), "");
  for (const { name } of small) {
    const stem = name.slice(0, -".pack".length);
    if (stem === `pack-${id}`) continue;
    // Without its index a pack is not looked into, so the index goes first.
    for (const extension of ["idx", "rev", "promisor", "keep", "pack"]) {
      rmSync(path.join(clone.packDirectory, `${stem}.${extension}`), { force: true });
    }
  }
}
