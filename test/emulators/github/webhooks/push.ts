// From the refs before and after a push to what its webhooks say.
import { runGit } from "../git/run-git.ts";
import { isAncestor, readCommits, type CommitFacts, type Refs } from "../git/store.ts";

export interface RefUpdate {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

export interface PushFacts extends RefUpdate {
  readonly created: boolean;
  readonly deleted: boolean;
  readonly forced: boolean;
  readonly baseRef: string | null;
  readonly commits: readonly PushedCommit[];
  readonly headCommit: PushedCommit | null;
}

export interface PushedCommit extends CommitFacts {
  readonly distinct: boolean;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly modified: readonly string[];
}

export const ZERO_ID = "0".repeat(40);
const MOST_COMMITS = 2048;
const MOST_PATHS = 3000;
const MOST_BRANCHES = 5000;
const MOST_TAGS = 3;

export function refUpdates(before: Refs, after: Refs): RefUpdate[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].filter((ref) => /^refs\/(heads|tags)\//.test(ref));
  return names
    .map((ref) => ({ ref, before: before.get(ref) ?? ZERO_ID, after: after.get(ref) ?? ZERO_ID }))
    .filter((update) => update.before !== update.after);
}

/** Of too many branches or tags at once there are no webhooks at all. */
export function announced(updates: readonly RefUpdate[]): RefUpdate[] {
  const branches = updates.filter(({ ref }) => ref.startsWith("refs/heads/"));
  const tags = updates.filter(({ ref }) => ref.startsWith("refs/tags/"));
  return [...(branches.length > MOST_BRANCHES ? [] : branches), ...(tags.length > MOST_TAGS ? [] : tags)];
}

export async function readPush(gitDir: string, update: RefUpdate, refsBefore: Refs): Promise<PushFacts> {
  const { ref, before, after } = update;
  const created = before === ZERO_ID;
  const deleted = after === ZERO_ID;
  const known = [...refsBefore].filter(([name]) => name.startsWith("refs/heads/"));
  const base = created ? known.find(([name, id]) => id === after && name !== ref)?.[0] : undefined;
  const facts = { ...update, created, deleted, baseRef: base ?? null };
  if (deleted) return { ...facts, forced: false, commits: [], headCommit: null };
  const others = known.filter(([name]) => name !== ref).map(([, id]) => `^${id}`);
  const exclusions = [...new Set(created ? others : [`^${before}`])];
  const isBranch = ref.startsWith("refs/heads/");
  // A tag brings no commits of its own.
  const listed = isBranch
    ? await readCommits(gitDir, [`--max-count=${MOST_COMMITS}`, "--stdin"], [after, ...exclusions].join("\n"))
    : [];
  const head = listed[0]?.id === after ? undefined : await readHead(gitDir, after);
  const isAllNew = isBranch && (created || others.length === 0);
  const fresh = isAllNew
    ? new Set(listed.map(({ id }) => id))
    : await readFresh(
        gitDir,
        after,
        known.map(([, id]) => id),
      );
  const described = await describe(gitDir, head === undefined ? listed : [...listed, head], fresh);
  const headCommit = head === undefined ? described[0] : described.at(-1);
  return {
    ...facts,
    forced: !created && !(await isAncestor(gitDir, before, after)),
    commits: described.slice(0, listed.length).toReversed(),
    headCommit: headCommit ?? null,
  };
}

/** A tag can be of something that is no commit. */
async function readHead(gitDir: string, id: string): Promise<CommitFacts | undefined> {
  const { status, text } = await runGit(gitDir, ["rev-parse", "--verify", "--quiet", `${id}^{commit}`], {
    mayFail: true,
  });
  return status === 0 ? (await readCommits(gitDir, ["--max-count=1", text]))[0] : undefined;
}

/** The commits that no branch has reached before. */
async function readFresh(gitDir: string, after: string, known: readonly string[]): Promise<ReadonlySet<string>> {
  const input = [after, ...new Set(known)].map((id, index) => (index === 0 ? id : `^${id}`)).join("\n");
  return new Set((await runGit(gitDir, ["rev-list", "--stdin"], { input, mayFail: true })).text.split("\n"));
}

async function describe(
  gitDir: string,
  commits: readonly CommitFacts[],
  fresh: ReadonlySet<string>,
): Promise<PushedCommit[]> {
  const paths = await readPaths(
    gitDir,
    commits.map(({ id }) => id),
  );
  return commits.map((commit) => {
    const all = (paths.get(commit.id) ?? []).slice(0, MOST_PATHS);
    const having = (letters: string): string[] =>
      all.filter(([letter]) => letters.includes(letter)).map(([, path]) => path);
    return {
      ...commit,
      distinct: fresh.has(commit.id),
      added: having("A"),
      removed: having("D"),
      modified: having("MTRC"),
    };
  });
}

type ChangedPath = readonly [letter: string, path: string];

/** What each commit changed against its first parent. */
async function readPaths(gitDir: string, ids: readonly string[]): Promise<Map<string, ChangedPath[]>> {
  const args = [
    "log",
    "--no-walk=unsorted",
    "--stdin",
    "--diff-merges=first-parent",
    "--no-renames",
    "-z",
    "--name-status",
  ];
  if (ids.length === 0) return new Map();
  const { text } = await runGit(gitDir, [...args, "--format=tformat:commit %H"], { input: ids.join("\n") });
  const byCommit = new Map<string, ChangedPath[]>();
  let current: ChangedPath[] = [];
  const fields = text.split("\0");
  for (let index = 0; index < fields.length; index += 1) {
    // Git puts a line feed between the commit and its list.
    const field = (fields[index] ?? "").replace(/^\n/, "");
    const [, id] = /^commit ([0-9a-f]{40,64})$/.exec(field) ?? [];
    if (id !== undefined) {
      current = [];
      byCommit.set(id, current);
    } else if (/^[A-Z]\d*$/.test(field)) {
      current.push([field.slice(0, 1), fields[index + 1] ?? ""]);
      index += 1;
    }
  }
  return byCommit;
}
