/** The object store as a whole: every object read, or named as unreadable. */
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { messageOf, systemCodeOf } from "../core/errors.ts";
import type { Gap } from "../core/gap.ts";
import {
  MAX_WHOLE_BLOB_BYTES,
  type ObjectReceiver,
  type ObjectStreamResult,
  readListedObjects,
} from "./object-stream.ts";
import { errorLines, runGit, streamGit } from "./process.ts";
import type { Repository } from "./repository.ts";
import { Damage, NotForUs } from "./storage/damage.ts";
import { readLooseObject, type WholeObject } from "./storage/loose-object.ts";
import { alternatesOf, listObjectDirectories } from "./storage/object-directories.ts";

/** Of a longer list most are in packs, and a process is quickly paid for. */
const MAX_LOOSE_LIST = 1000;

/** Reads the objects of a list; one that cannot be read becomes a gap and the read goes on behind it. */
export async function readObjects(
  repository: Repository,
  objectIds: readonly string[],
  receiver: ObjectReceiver,
  onGap: (gap: Gap) => void,
): Promise<void> {
  const rest = objectIds.slice(readLooseFirst(repository, objectIds, receiver));
  if (rest.length === 0) return;
  const present = repository.hasPromisorRemote ? await presentObjects(repository, rest, receiver, onGap) : rest;
  await readPresent(repository, present, receiver, onGap);
}

/**
 * Objects with files of their own up to the first without: what was just written needs no process to be read.
 *
 * @returns how many of the list that were
 */
function readLooseFirst(repository: Repository, objectIds: readonly string[], receiver: ObjectReceiver): number {
  if (objectIds.length === 0 || objectIds.length > MAX_LOOSE_LIST) return 0;
  const directories = objectDirectoriesOf(repository);
  for (const [position, objectId] of objectIds.entries()) {
    const object = readLoose(directories, objectId);
    if (object === null) return position;
    receiver.object(objectId, object.type, object.bytes);
  }
  return objectIds.length;
}

/** @returns null where there is none that this reader can read; git says why, and hands large ones over piece by piece */
function readLoose(directories: readonly string[], objectId: string): WholeObject | null {
  for (const directory of directories) {
    try {
      const object = readLooseObject(path.join(directory, objectId.slice(0, 2), objectId.slice(2)), objectId);
      return object.bytes.length > MAX_WHOLE_BLOB_BYTES ? null : object;
    } catch (error) {
      if (systemCodeOf(error) === "ENOENT") continue;
      if (error instanceof Damage || error instanceof NotForUs || systemCodeOf(error) !== undefined) return null;
      throw error;
    }
  }
  return null;
}

/** The repository's own, and those that it borrows from. */
export function objectDirectoriesOf({ objectDirectory, git }: Repository): string[] {
  const environment = { ...process.env, ...git.environment };
  // The survey of the store has named what is not there.
  return listObjectDirectories(objectDirectory, environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"], () => {});
}

/** git would try to fetch what a partial clone lacks, and give up at the first object of a list. */
async function presentObjects(
  repository: Repository,
  objectIds: readonly string[],
  receiver: ObjectReceiver,
  onGap: (gap: Gap) => void,
): Promise<string[]> {
  if (objectIds.length === 0) return [];
  const wanted = new Set(objectIds);
  const present = new Set<string>();
  const onLine = (line: Buffer): void => {
    const objectId = line.toString("latin1");
    if (wanted.has(objectId)) present.add(objectId);
  };
  await listStore(repository, "%(objectname)", onLine, onGap);
  for (const objectId of wanted) if (!present.has(objectId)) receiver.missing(objectId);
  return objectIds.filter((objectId) => present.has(objectId));
}

async function readPresent(
  repository: Repository,
  objectIds: readonly string[],
  receiver: ObjectReceiver,
  onGap: (gap: Gap) => void,
): Promise<void> {
  let position = 0;
  while (position < objectIds.length) {
    const rest = position === 0 ? objectIds : objectIds.slice(position);
    const result = await readListedObjects(repository.git, rest, receiver);
    if (result.status === 0) return;
    position += result.completed;
    const damaged = result.interrupted ?? objectIds[position];
    if (damaged === undefined) {
      onGap(storeGap(errorLines(result.errorText).join("; ")));
      return;
    }
    onGap(damagedObject(damaged, result));
    position += 1;
  }
}

function damagedObject(objectId: string, result: ObjectStreamResult): Gap {
  const why = errorLines(result.errorText).join("; ") || `git cat-file ended with ${result.status}`;
  return { what: `object ${objectId}`, why: `damaged: ${why}; fetch it again from another copy` };
}

function storeGap(why: string): Gap {
  return { what: "object store", why: `${why}; run git fsck` };
}

/** Names of all objects that git sees, in the order of the packs. */
export async function listObjectIds(repository: Repository, onGap: (gap: Gap) => void): Promise<string[]> {
  const objectIds: string[] = [];
  await listStore(repository, "%(objectname)", (line) => objectIds.push(line.toString("latin1")), onGap);
  return objectIds;
}

/** Names of all commits of the store, reachable or not, in the order of the packs. */
export async function listCommitIds(repository: Repository, onGap: (gap: Gap) => void): Promise<string[]> {
  const prefix = Buffer.from("commit ");
  const commits: string[] = [];
  const onLine = (line: Buffer): void => {
    if (line.subarray(0, prefix.length).equals(prefix)) commits.push(line.toString("latin1", prefix.length));
  };
  await listStore(repository, "%(objecttype) %(objectname)", onLine, onGap);
  return commits;
}

/** A line for each object of the store: there are millions, so they are handed over as they come. */
async function listStore(
  repository: Repository,
  format: string,
  onLine: (line: Buffer) => void,
  onGap: (gap: Gap) => void,
): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  const { status, errorText } = await streamGit(
    repository.git,
    ["cat-file", "--batch-all-objects", "--unordered", "--buffer", `--batch-check=${format}`],
    {
      onData(bytes) {
        const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
        let start = 0;
        for (let end = all.indexOf(0x0a); end !== -1; end = all.indexOf(0x0a, start)) {
          onLine(all.subarray(start, end));
          start = end + 1;
        }
        rest = all.subarray(start);
      },
    },
  );
  if (status !== 0) onGap(storeGap(errorLines(errorText).join("; ")));
}

/** The type of each object that exists. */
export async function typesOf(
  repository: Repository,
  objectIds: readonly string[],
  onGap: (gap: Gap) => void,
): Promise<Map<string, string>> {
  const { status, output, errorText } = await runGit(
    repository.git,
    ["cat-file", "--batch-check=%(objectname) %(objecttype)"],
    objectIds.map((objectId) => `${objectId}\n`),
  );
  if (status !== 0) onGap(storeGap(errorLines(errorText).join("; ")));
  const types = output
    .toString("latin1")
    .split("\n")
    .map((line): [string, string] => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]);
  return new Map(types.filter(([, type]) => type !== "missing" && type !== ""));
}

/** Which of the objects the store lacks. */
export async function missingObjects(
  repository: Repository,
  objectIds: readonly string[],
  onGap: (gap: Gap) => void,
): Promise<string[]> {
  if (objectIds.length === 0) return [];
  const types = await typesOf(repository, objectIds, onGap);
  return objectIds.filter((objectId) => !types.has(objectId));
}

export interface StoreSurvey {
  readonly packs: number;
  /** Names of objects that have a file of their own. */
  readonly loose: ReadonlySet<string>;
  readonly gaps: readonly Gap[];
}

/**
 * Counts the packs, and finds what git passes over without a word: a pack without its index, and directories
 * of the store and its alternates that cannot be listed.
 */
export function surveyStore(objectDirectory: string, seen: Set<string> = new Set()): StoreSurvey {
  const loose = new Set<string>();
  if (seen.has(objectDirectory)) return { packs: 0, loose, gaps: [] };
  seen.add(objectDirectory);
  const gaps: Gap[] = [];
  const top = listDirectory(objectDirectory, gaps);
  for (const name of top) {
    if (!/^[0-9a-f]{2}$/.test(name)) continue;
    for (const rest of listDirectory(path.join(objectDirectory, name), gaps)) loose.add(name + rest);
  }
  const names = new Set(top.includes("pack") ? listDirectory(path.join(objectDirectory, "pack"), gaps) : []);
  const packs = [...names].filter((name) => name.endsWith(".pack"));
  for (const name of names) {
    if (/\.(pack|idx)$/.test(name)) checkReadable(path.join(objectDirectory, "pack", name), gaps);
    if (name.endsWith(".pack") && !names.has(name.replace(/\.pack$/, ".idx"))) {
      gaps.push({ what: `pack ${name}`, why: "has no index, so git cannot read it; run git index-pack on it" });
    }
    if (name.endsWith(".idx") && !names.has(name.replace(/\.idx$/, ".pack"))) {
      const pack = name.replace(/\.idx$/, ".pack");
      gaps.push({ what: `pack ${pack}`, why: "is missing, its index is there; fetch its objects again" });
    }
  }
  let count = packs.length;
  for (const directory of alternatesOf(objectDirectory, (gap) => gaps.push(gap))) {
    if (!existsSync(directory)) {
      gaps.push({ what: `alternate object store ${directory}`, why: "does not exist or cannot be reached" });
      continue;
    }
    const survey = surveyStore(directory, seen);
    count += survey.packs;
    for (const objectId of survey.loose) loose.add(objectId);
    gaps.push(...survey.gaps);
  }
  return { packs: count, loose, gaps };
}

function checkReadable(file: string, gaps: Gap[]): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    gaps.push({ what: `file ${file}`, why: `cannot be read: ${messageOf(error)}` });
  }
}

function listDirectory(directory: string, gaps: Gap[]): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    gaps.push({ what: `directory ${directory}`, why: `cannot be read: ${messageOf(error)}` });
    return [];
  }
}

export interface MissingObjects {
  readonly objectIds: readonly string[];
  /** Why not everything that is reachable could be walked. */
  readonly failure: Gap | null;
}

/**
 * Objects that something reachable names and the store does not have. A store can be whole in itself and
 * still lack them, so all that is reachable from refs, reflogs and index is walked.
 */
export async function findMissingObjects(repository: Repository): Promise<MissingObjects> {
  const { status, output, errorText } = await runGit(repository.git, [
    "rev-list",
    "--objects",
    "--all",
    "--reflog",
    "--indexed-objects",
    "--missing=print",
    "--quiet",
  ]);
  const objectIds = output
    .toString("latin1")
    .split("\n")
    .filter((line) => line.startsWith("?"))
    .map((line) => line.slice(1));
  const failure =
    status === 0 ? null : { what: "reachable history", why: `${errorLines(errorText).join("; ")}; run git fsck` };
  return { objectIds, failure };
}

export function gapOfMissing(repository: Repository, objectId: string): Gap {
  const why = repository.isPartial
    ? "left out of this partial clone; run git fetch --refetch in it, or scan a full clone"
    : "missing from the repository; fetch it again from another copy";
  return { what: `object ${objectId}`, why };
}
