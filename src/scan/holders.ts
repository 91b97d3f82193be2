/** Which refs and reflog entries hold on to an object. */
import { decodeByteText } from "../core/byte-text.ts";
import type { Gap } from "../core/gap.ts";
import { typesOf } from "../git/object-store.ts";
import { errorLines, runGit } from "../git/process.ts";
import type { Ref } from "../git/refs.ts";
import type { Repository } from "../git/repository.ts";
import { tagTargets } from "../git/tags.ts";
import type { CommitGraph } from "./commit-graph.ts";

export interface Holders {
  /** Refs and reflog entries, peeled to the commit that they stand for. */
  readonly commits: readonly Ref[];
  /** Names of the refs that hold an object directly: a tag object, or a blob or tree without a commit. */
  readonly byObject: ReadonlyMap<string, readonly string[]>;
  /** Paths in trees that a ref holds without a commit. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
}

export async function holdersOf(
  repository: Repository,
  refs: readonly Ref[],
  onGap: (gap: Gap) => void,
): Promise<Holders> {
  const byObject = new Map<string, string[]>();
  const paths = new Map<string, string[]>();
  const hold = (objectId: string, name: string): void => {
    const names = byObject.get(objectId);
    if (names === undefined) byObject.set(objectId, [name]);
    else if (!names.includes(name)) names.push(name);
  };
  const commits: Ref[] = [];
  let open = [...refs];
  while (open.length > 0) {
    const ids = [...new Set(open.map((ref) => ref.objectId))];
    const types = await typesOf(repository, ids, onGap);
    const targets = await tagTargets(
      repository,
      ids.filter((id) => types.get(id) === "tag"),
      onGap,
    );
    const next: Ref[] = [];
    for (const ref of open) {
      const type = types.get(ref.objectId);
      if (type === "commit") commits.push(ref);
      else if (type !== undefined) hold(ref.objectId, ref.name);
      const target = targets.get(ref.objectId);
      if (target !== undefined) next.push({ name: ref.name, objectId: target });
      if (type === "tree") {
        for (const entry of await entriesOfTree(repository, ref.objectId, onGap)) {
          hold(entry.objectId, ref.name);
          paths.set(entry.objectId, [...new Set([...(paths.get(entry.objectId) ?? []), entry.path])]);
        }
      }
    }
    open = next;
  }
  return { commits, byObject, paths };
}

async function entriesOfTree(
  repository: Repository,
  treeId: string,
  onGap: (gap: Gap) => void,
): Promise<{ objectId: string; path: string }[]> {
  const { status, output, errorText } = await runGit(repository.git, [
    "ls-tree",
    "-r",
    "-t",
    "-z",
    "--full-tree",
    treeId,
  ]);
  if (status !== 0) onGap({ what: `tree ${treeId}`, why: `${errorLines(errorText).join("; ")}; run git fsck` });
  return output
    .toString("latin1")
    .split("\0")
    .filter((record) => record !== "")
    .map((record) => {
      const tab = record.indexOf("\t");
      const path = decodeByteText(Buffer.from(record.slice(tab + 1), "latin1"));
      return { objectId: record.slice(0, tab).split(" ")[2] ?? "", path };
    });
}

/** For each set of commits the refs that reach it; where none does, the latest entry of each reflog that does. */
export function namesOfHolders(
  graph: CommitGraph,
  holders: Holders,
  sets: readonly ReadonlySet<string>[],
): (readonly string[])[] {
  const refs = holders.commits.filter(({ name }) => !isReflogEntry(name));
  const names = new Map<number, string[]>();
  const shared = graph.refsReaching(sets, refs, (position, { name }) => {
    const known = names.get(position);
    if (known === undefined) names.set(position, [name]);
    else known.push(name);
  });
  const unreached = sets.map((set, position) => (names.has(shared[position]!) ? NONE : set));
  const latest = latestReflogEntries(graph, holders, unreached);
  return shared.map((position) => names.get(position) ?? latest.get(position) ?? []);
}

const NONE: ReadonlySet<string> = new Set();

/** Of fifty thousand entries of a log one is kept. */
function latestReflogEntries(
  graph: CommitGraph,
  holders: Holders,
  sets: readonly ReadonlySet<string>[],
): Map<number, string[]> {
  const byLog = new Map<number, Map<string, string>>();
  const entries = holders.commits.filter(({ name }) => isReflogEntry(name));
  graph.refsReaching(sets, entries, (position, { name }) => {
    const latest = byLog.get(position) ?? new Map<string, string>();
    const log = name.slice(0, name.lastIndexOf("@{"));
    const other = latest.get(log);
    if (other === undefined || entryNumber(name) < entryNumber(other)) latest.set(log, name);
    byLog.set(position, latest);
  });
  return new Map([...byLog].map(([position, latest]) => [position, [...latest.values()]]));
}

/** Lists of names as one, without doubles. Most often only one of them has any, and thousands of places share it. */
export function uniteNames(...lists: readonly (readonly string[])[]): readonly string[] {
  const filled = lists.filter((list) => list.length > 0);
  return filled.length === 1 ? filled[0]! : [...new Set(filled.flat())];
}

/** A ref's name cannot hold `@{`. Source: git-check-ref-format, rule 8. */
function isReflogEntry(name: string): boolean {
  return name.includes("@{");
}

function entryNumber(name: string): number {
  return Number.parseInt(name.slice(name.lastIndexOf("@{") + 2), 10);
}
