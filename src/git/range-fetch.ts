/**
 * Fetches the commits of a range with all that a scan of them reads, and little else: first commits alone, which say
 * exactly what the range is; then the trees that its changes show in; then the blobs that it brings in.
 */
import { KeyrecallError } from "../core/errors.ts";
import { type CommitNode, visitChanges, visitMerges } from "./changes.ts";
import { errorLines, runGit } from "./process.ts";
import type { Repository } from "./repository.ts";
import type { FetchOptions, ScratchRepository } from "./scratch.ts";

/** One end of a range. */
export interface RangeEnd {
  /** A commit, or a tag. */
  readonly objectId: string;
  /** Where the server has it, for one that gives out no object by its name alone. */
  readonly ref: string | null;
}

export interface FetchedRange {
  /** `A..B` */
  readonly range: string;
  readonly commits: number;
  /** The commit that the range begins at; null where everything is new. */
  readonly base: string | null;
  readonly scratch: ScratchRepository;
  readonly repository: Repository;
  /** Fetches files by their ids, unless they are here. @throws {KeyrecallError} */
  readonly fetchBlobs: (objectIds: readonly string[]) => Promise<void>;
  /** Fetches what the changes have taken the place of, which only a find needs. @throws {KeyrecallError} */
  readonly fetchOldVersions: () => Promise<void>;
}

/** From so many commits on, a whole copy is less work for the server than a list of all that is missing. */
const MAX_LISTED_COMMITS = 5000;

/** git knows them without storing them, so no server need have them. */
const EMPTY_TREES = new Set([
  "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
  "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
]);

/**
 * @param makeScratch gives an empty repository; most often one is enough
 * @param base null where all of the head's history is new
 * @throws {KeyrecallError} `unresolvable-range` where the server does not have an end of it
 */
export async function fetchRange(
  makeScratch: () => Promise<ScratchRepository>,
  head: RangeEnd,
  base: RangeEnd | null,
): Promise<FetchedRange> {
  let scratch = await makeScratch();
  await fetchEnds(scratch, head, base, base === null ? {} : { filter: "tree:0" });
  const from = base?.objectId ?? (await scratch.makeEmptyCommit());
  const range = `${from}..${head.objectId}`;
  const nodes = await listRange(scratch, range);
  let isPartial = base !== null && !scratch.hasEverything;
  // Servers that speak an older protocol give out no tree by its name.
  if (isPartial && (nodes.length > MAX_LISTED_COMMITS || !(await fetchTrees(scratch, nodes, from)))) {
    scratch = await makeScratch();
    await fetchEnds(scratch, head, base, {});
    isPartial = false;
  }
  const repository = await scratch.open();
  const fetched = new Set<string>();
  const fetchBlobs = async (objectIds: Iterable<string>): Promise<void> => {
    const wanted = [...new Set(objectIds)].filter((id) => !fetched.has(id));
    if (!isPartial || wanted.length === 0) return;
    const failure = await scratch.fetch(wanted, { withoutNegotiation: true });
    if (failure !== null) {
      throw new KeyrecallError("fetch-failed", `${wanted.length} files cannot be fetched: ${failure}`);
    }
    for (const id of wanted) fetched.add(id);
  };
  const ids = nodes.map(({ id }) => id);
  const changed = isPartial ? await changedBlobs(repository, ids) : { news: [], old: [] };
  await fetchBlobs(changed.news);
  return {
    range,
    commits: nodes.length,
    base: base === null ? null : await commitOf(scratch, base.objectId),
    scratch,
    repository,
    fetchBlobs,
    fetchOldVersions: async () => fetchBlobs([...changed.old, ...(await renamedInMerges(repository, nodes))]),
  };
}

async function fetchEnds(
  scratch: ScratchRepository,
  head: RangeEnd,
  base: RangeEnd | null,
  options: FetchOptions,
): Promise<void> {
  const ends = [{ ...head, what: "head" }, ...(base === null ? [] : [{ ...base, what: "base" }])];
  if ((await scratch.fetch([...new Set(ends.map(({ objectId }) => objectId))], options)) === null) return;
  // One name that the server does not know ends the fetch of all of them.
  for (const { objectId, ref, what } of ends) {
    if (await scratch.has(objectId)) continue;
    const why = await scratch.fetch([objectId], options);
    if (why === null) continue;
    // Servers that speak an older protocol give out what a ref names, and nothing else.
    if (ref !== null) await scratch.fetch([ref], options);
    if (await scratch.has(objectId)) continue;
    throw new KeyrecallError("unresolvable-range", `the ${what} of the range, ${objectId}, cannot be fetched: ${why}`, {
      hint: "it may have been taken away on the server; push again, or scan the whole history",
    });
  }
}

interface RangeNode extends CommitNode {
  readonly tree: string;
}

async function listRange(scratch: ScratchRepository, range: string): Promise<RangeNode[]> {
  const { status, output, errorText } = await runGit(scratch.local, ["rev-list", "--format=%H %T %P", range, "--"]);
  if (status !== 0) {
    throw new KeyrecallError(
      "unresolvable-range",
      `the commits of ${range} cannot be listed: ${errorLines(errorText).join("; ")}`,
      { hint: "the server lacks commits, as one with a shallow or damaged repository does" },
    );
  }
  return readNodes(output);
}

function readNodes(output: Buffer): RangeNode[] {
  return output
    .toString("latin1")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("commit "))
    .map((line) => {
      const [id = "", tree = "", ...parents] = line.split(" ");
      return { id, tree, parents: parents.filter((parent) => parent !== "") };
    });
}

/**
 * The trees of the range's commits and of their parents, without which no change can be seen.
 *
 * @returns whether the server gives them out
 */
async function fetchTrees(scratch: ScratchRepository, nodes: readonly RangeNode[], base: string): Promise<boolean> {
  const inside = new Set(nodes.map(({ id }) => id));
  const outside = new Set(nodes.flatMap(({ parents }) => parents).filter((parent) => !inside.has(parent)));
  outside.add(await commitOf(scratch, base));
  const { output } = await runGit(
    scratch.local,
    ["rev-list", "--no-walk", "--stdin", "--format=%H %T %P"],
    [...outside].map((id) => `${id}\n`),
  );
  const trees = new Set([...nodes, ...readNodes(output)].map(({ tree }) => tree));
  const wanted = [...trees].filter((tree) => !EMPTY_TREES.has(tree));
  if (wanted.length === 0) return true;
  return (await scratch.fetch(wanted, { filter: "blob:none", withoutNegotiation: true })) === null;
}

async function commitOf(scratch: ScratchRepository, base: string): Promise<string> {
  const commit = await scratch.commitOf(base);
  if (commit === null) {
    throw new KeyrecallError("unresolvable-range", `the base of the range, ${base}, is not a commit`);
  }
  return commit;
}

/** What the commits put in place, and what was there before. Whatever cannot be compared, the scan will name. */
async function changedBlobs(
  repository: Repository,
  commits: readonly string[],
): Promise<{ news: readonly string[]; old: readonly string[] }> {
  const news = new Set<string>();
  const old = new Set<string>();
  await visitChanges(
    repository,
    commits,
    {
      commit: () => {},
      wants(newId, oldIds) {
        if (newId !== null) news.add(newId);
        for (const id of oldIds) if (id !== null) old.add(id);
        return false;
      },
      change: () => {},
    },
    () => {},
  );
  return { news: [...news], old: [...old] };
}

/** Files that a merge has and one of its parents has not: one can be the other under another name. */
async function renamedInMerges(repository: Repository, nodes: readonly CommitNode[]): Promise<string[]> {
  const candidates = new Set<string>();
  const merges = nodes.filter(({ parents }) => parents.length > 1);
  await visitMerges(
    repository,
    merges,
    [],
    {
      commit: () => {},
      wants(newId, oldIds) {
        const known = [newId, ...oldIds].filter((id) => id !== null);
        if (known.length === 1) candidates.add(known[0]!);
        return false;
      },
      change: () => {},
    },
    () => {},
  );
  return [...candidates];
}
