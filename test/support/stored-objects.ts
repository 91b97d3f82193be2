// What git says is in a repository's storage, and what the reader of storage makes of it, in the same shape.
import { createHash } from "node:crypto";
import type { Damage, NotForUs } from "../../src/git/storage/damage.ts";
import { type FamilyVisitor, FamilyWalk } from "../../src/git/storage/family-walk.ts";
import { shareNames } from "../../src/git/storage/name-lookup.ts";
import { OBJECT_TYPES } from "../../src/git/storage/pack-entry.ts";
import { RandomAccessFile } from "../../src/git/storage/random-access-file.ts";
import { ReferenceReader } from "../../src/git/storage/references.ts";
import type { Storage, StoredPack } from "../../src/git/storage/storage.ts";
import type { GitRepository } from "./git-repository.ts";

/** By name: the type, and a digest of the bytes that costs less room than they do. */
export type ObjectDigests = Map<string, string>;

export function digestOf(type: string, bytes: Uint8Array): string {
  return `${type} ${bytes.length} ${createHash("md5").update(bytes).digest("hex")}`;
}

/** Every object, by git's own plumbing. */
export function objectsByGit(repository: GitRepository, env: Readonly<Record<string, string>> = {}): ObjectDigests {
  return new Map([...contentsByGit(repository, env)].map(([id, { type, bytes }]) => [id, digestOf(type, bytes)]));
}

export function contentsByGit(
  repository: GitRepository,
  env: Readonly<Record<string, string>> = {},
): Map<string, { type: string; bytes: Buffer }> {
  const output = repository.gitBytes(["cat-file", "--batch-all-objects", "--batch"], { env });
  const objects = new Map<string, { type: string; bytes: Buffer }>();
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0x0a, at);
    const [id = "", type = "", size = ""] = output.toString("latin1", at, end).split(" ");
    const bytes = output.subarray(end + 1, end + 1 + Number(size));
    objects.set(id, { type, bytes });
    at = end + 2 + Number(size);
  }
  return objects;
}

/** Every object by its name, one after the other. */
export function objectsByName(storage: Storage): ObjectDigests {
  const digests: ObjectDigests = new Map();
  const read = (objectId: string): void => {
    const object = storage.read(objectId);
    if (object !== null) digests.set(objectId, digestOf(object.type, object.bytes));
  };
  for (const pack of storage.packs) {
    for (let entry = 0; entry < pack.index.count; entry++) if (pack.doubles[entry] === 0) read(pack.nameOf(entry));
  }
  for (const { objectId } of storage.loose) read(objectId);
  return digests;
}

export interface WalkedPack {
  readonly digests: ObjectDigests;
  readonly left: ReadonlyMap<string, Damage | NotForUs>;
  readonly visits: number;
}

/** Every object of a pack by way of its families, each put together whole. */
export function walkPack(pack: StoredPack): WalkedPack {
  const digests: ObjectDigests = new Map();
  const left = new Map<string, Damage | NotForUs>();
  let visits = 0;
  const file = new RandomAccessFile(pack.path);
  const { map } = pack.mapped;
  const references = new ReferenceReader([shareNames(pack)], pack.index.idBytes);
  const visitor: FamilyVisitor = {
    contextBytes: 8,
    headBytes: 8,
    whole(entry, bytes) {
      visits += 1;
      digests.set(pack.nameOf(entry), digestOf(OBJECT_TYPES[map.types[entry]!] ?? "none", bytes));
      return true;
    },
    pieces: () => true,
    left: (entry, why) => left.set(pack.nameOf(entry), why),
  };
  const walk = new FamilyWalk(file, map, pack.index.idBytes, visitor, references);
  for (const root of map.roots) walk.walk(root);
  file.close();
  return { digests, left, visits };
}
