/** Every fetch adds a pack, and git looks through all of them for each object: small ones become one. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
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
  const stems = small.map(({ name }) => name.slice(0, -".pack".length));
  const objectIds = new Set(stems.flatMap((stem) => objectsOf(path.join(clone.packDirectory, `${stem}.idx`), clone)));
  // A list of names: from commits, or from packs, git would walk through the history behind them as well.
  const end = await git(
    ["pack-objects", "--quiet", path.join(clone.packDirectory, "pack")],
    [...objectIds].map((id) => `${id}\n`).join(""),
  );
  const id = /^([0-9a-f]{40}|[0-9a-f]{64})$/m.exec(end.output.toString("latin1"))?.[1];
  if (end.status !== 0 || id === undefined) {
    throw new CloneDamagedError(`its packs cannot be joined: ${end.errorText.trim()}`);
  }
  // The contents that it names are left out on purpose, as they were of the packs that it is made of.
  writeFileSync(path.join(clone.packDirectory, `pack-${id}.promisor`), "");
  for (const stem of stems) {
    if (stem === `pack-${id}`) continue;
    // Without its index a pack is not looked into, so the index goes first.
    for (const extension of ["idx", "rev", "promisor", "keep", "pack"]) {
      rmSync(path.join(clone.packDirectory, `${stem}.${extension}`), { force: true });
    }
  }
}

const FAN_OUT_AT = 8;
const NAMES_AT = FAN_OUT_AT + 256 * 4;

/** Source: gitformat-pack, "Version 2 pack-*.idx files": a header, 256 counts, the names in order. */
function objectsOf(file: string, clone: CloneDirectory): string[] {
  const bytes = readFileSync(file);
  const idBytes = clone.objectIdBytes;
  if (bytes.length < NAMES_AT || bytes.readUInt32BE(0) !== 0xff744f63 || bytes.readUInt32BE(4) !== 2) {
    throw new CloneDamagedError(`${path.basename(file)} is no index of a pack`);
  }
  const count = bytes.readUInt32BE(NAMES_AT - 4);
  if (NAMES_AT + count * idBytes > bytes.length) throw new CloneDamagedError(`${path.basename(file)} is cut short`);
  return Array.from({ length: count }, (_, index) =>
    bytes.toString("hex", NAMES_AT + index * idBytes, NAMES_AT + (index + 1) * idBytes),
  );
}
