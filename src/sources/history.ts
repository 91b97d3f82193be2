/** All that a repository keeps: every object, reachable or not, and every name. */
import { createHash } from "node:crypto";
import { encodeByteText } from "../core/byte-text.ts";
import type { Gap } from "../core/gap.ts";
import { indexFiles, readStoredIndex } from "../git/index-entries.ts";
import {
  findMissingObjects,
  gapOfMissing,
  type MissingObjects,
  objectDirectoriesOf,
  surveyStore,
} from "../git/object-store.ts";
import {
  filesOfRoots,
  listDanglingNames,
  listReflogs,
  listRefs,
  loggedObjects,
  type Ref,
  reflogEntries,
} from "../git/refs.ts";
import { readRegularFile } from "../git/regular-file.ts";
import { idBytesOf, type Repository } from "../git/repository.ts";
import { DIRECTORY_MODE, SUBMODULE_MODE } from "../git/storage/index-file.ts";
import { listPackFiles, type PackFile } from "../git/storage/pack-files.ts";
import { ANY, BLOB, type Reference, TREE } from "../git/storage/references.ts";
import { listSubmoduleRepositories } from "../git/submodules.ts";
import { missingReason, objectReceiver } from "./objects.ts";
import type { PackMemory, ReadPack, Walk } from "./pack-memory.ts";
import type { Sink } from "./sink.ts";
import { type PackScreen, readStoredObjects, type StoreReading } from "./stored-objects.ts";

/**
 * @param memory of earlier scans; null where everything is to be read, and nothing written
 * @returns what holds on to objects: refs, then reflog entries
 */
export async function readHistory(
  repository: Repository,
  sink: Sink,
  screen: PackScreen,
  memory: PackMemory | null,
): Promise<Ref[]> {
  const { coverage } = sink;
  if (repository.refusal !== null) {
    coverage.gap({
      what: `refs, reflogs and index of ${repository.gitDirectory}`,
      why: `the installed git does not open this repository (${repository.refusal}); only its objects were read`,
    });
  }
  if (repository.isShallow) {
    coverage.gap({
      what: "history",
      why: "this is a shallow clone: older commits are not here; run git fetch --unshallow",
    });
  }
  const survey = surveyStore(repository.objectDirectory);
  coverage.packs = survey.packs;
  for (const gap of survey.gaps) coverage.gap(gap);

  const onGap = (gap: Gap): void => coverage.gap(gap);
  for (const submodule of listSubmoduleRepositories(repository, onGap)) {
    coverage.skip({
      what: `repository of a submodule ${submodule}`,
      why: `has a history of its own; scan it with keyrecall scan --history ${submodule}`,
    });
  }
  const packsBefore = memory === null ? [] : packFilesOf(repository);
  const known = (await memory?.reuse(packsBefore, idBytesOf(repository), repository.git.signal)) ?? [];
  const store = readStoredObjects(
    repository,
    objectReceiver(sink, { whyMissing: missingReason(repository), checked: survey.loose }),
    screen,
    coverage,
    known,
    memory?.referencesOf(known) ?? null,
    !lacksOnPurpose(repository),
  );
  const names = repository.refusal === null ? readNames(repository, sink) : Promise.resolve(NO_NAMES);
  // All take one core, so they run side by side; where one fails, the others come to their end before that is told.
  const stateWith = (read: readonly ReadPack[], { holders, reflogs }: Names): string | null =>
    stateOfRoots(repository, [storedState(packsBefore, read), [...survey.loose].toSorted(), holders, reflogs]);
  const walk = names.then((found) => {
    const state = memory === null ? null : stateWith(known, found);
    return findMissing(repository, store, found, state === null ? null : memory!.walkOf(state));
  });
  await Promise.allSettled([store, walk, names]);
  const { read, references } = await store;
  const { objectIds, failure } = await walk;
  const found = await names;
  for (const objectId of objectIds) coverage.gap(gapOfMissing(repository, objectId));
  if (failure !== null) coverage.gap(failure);
  if (memory !== null) {
    const state = failure === null ? stateWith(read, found) : null;
    const walked = state === null ? null : { state, missing: objectIds };
    // Where a shallow clone ends, what is named and is not here may have to be here later.
    memory.save(read, packsBefore, packFilesOf(repository), repository.isShallow ? null : references, walked);
  }
  return found.holders;
}

function packFilesOf(repository: Repository): PackFile[] {
  return listPackFiles(objectDirectoriesOf(repository), idBytesOf(repository));
}

/** Of a pack that was read to its end the bytes count, of others whether anybody has touched them. */
function storedState(packs: readonly PackFile[], read: readonly ReadPack[]): unknown {
  const whole = new Set(read.map(({ path }) => path));
  return packs.map(({ path, content, stamp }) => [path, content, whole.has(path) ? "" : stamp]);
}

const NOTHING_MISSING: MissingObjects = { objectIds: [], failure: null };

async function findMissing(
  repository: Repository,
  store: Promise<StoreReading>,
  { roots, logged }: Names,
  known: Walk | null,
): Promise<MissingObjects> {
  if (repository.refusal !== null) return NOTHING_MISSING;
  if (known !== null) return { objectIds: known.missing, failure: null };
  if (lacksOnPurpose(repository) || roots === null) return findMissingObjects(repository);
  const staged = stagedRoots(repository);
  if (staged === null) return findMissingObjects(repository);
  const { check } = await store;
  return (await check.holds([...roots, ...staged], logged())) ? NOTHING_MISSING : findMissingObjects(repository);
}

/** Then something is lacking for certain, and only a walk tells what: it need not wait. */
function lacksOnPurpose({ hasPromisorRemote }: Repository): boolean {
  return hasPromisorRemote;
}

type Root = Pick<Reference, "objectId" | "type">;

/** What the indexes of all working trees name; null where git has to read one. */
function stagedRoots(repository: Repository): Root[] | null {
  const roots: Root[] = [];
  for (const file of indexFiles(repository)) {
    const staged = readStoredIndex(file, repository);
    if (staged === null) return null;
    for (const { mode, objectId } of staged.entries) {
      if (mode !== SUBMODULE_MODE) roots.push({ objectId, type: mode === DIRECTORY_MODE ? TREE : BLOB });
    }
    for (const objectId of staged.cachedTrees) roots.push({ objectId, type: TREE });
    for (const objectId of staged.resolved) roots.push({ objectId, type: BLOB });
  }
  return roots;
}

/** @returns null where not all that a walk begins from can be told */
function stateOfRoots(repository: Repository, facts: unknown): string | null {
  const hash = createHash("sha256").update(JSON.stringify(facts));
  try {
    for (const file of filesOfRoots(repository)) hash.update(`\0${file}\0`).update(readRegularFile(file));
  } catch {
    return null;
  }
  return hash.digest("hex");
}

interface Names {
  /** Refs, then reflog entries. */
  readonly holders: Ref[];
  /** Digests of the whole logs: their lines name more objects than the entries do. */
  readonly reflogs: readonly string[];
  /** What refs lead to; null where not all of them could be told. Logs may lead to what is gone. */
  readonly roots: readonly Root[] | null;
  /** What lines of logs name. */
  readonly logged: () => Iterable<string>;
}

const NO_NAMES: Names = { holders: [], reflogs: [], roots: null, logged: () => [] };

async function readNames(repository: Repository, sink: Sink): Promise<Names> {
  const { coverage } = sink;
  let areAllTold = true;
  const onGap = (gap: Gap): void => {
    areAllTold = false;
    coverage.gap(gap);
  };
  const refs = await listRefs(repository, onGap, () => (coverage.fallback += 1));
  coverage.refs = refs.length;
  for (const ref of refs) sink.scan({ kind: "ref-name", ref: ref.name }, encodeByteText(ref.name));
  const dangling = listDanglingNames(repository, refs);
  const known = new Set([...refs.map((ref) => ref.name), ...dangling]);
  for (const name of dangling) {
    sink.scan({ kind: "ref-name", ref: name }, encodeByteText(name));
  }
  const reflogs = listReflogs(repository, (gap) => coverage.gap(gap));
  for (const reflog of reflogs) {
    coverage.bytes += reflog.bytes.length;
    // A log outlives its ref.
    if (!known.has(reflog.ref)) sink.scan({ kind: "ref-name", ref: reflog.ref }, encodeByteText(reflog.ref));
    sink.scan({ kind: "reflog", ref: reflog.ref }, reflog.bytes);
  }
  return {
    holders: [...refs, ...reflogs.flatMap((reflog) => reflogEntries(reflog, repository.objectIdLength))],
    reflogs: reflogs.map(({ ref, bytes }) => `${ref} ${createHash("sha256").update(bytes).digest("hex")}`),
    logged: () => reflogs.flatMap((reflog) => loggedObjects(reflog, repository.objectIdLength)),
    roots: areAllTold ? refs.map(({ objectId }) => ({ objectId, type: ANY })) : null,
  };
}
