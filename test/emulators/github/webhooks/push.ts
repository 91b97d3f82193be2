// From the refs before and after a push to what its webhooks say.
import { runGit } from "../git/run-git.ts";
import { isAncestor, readCommitsWithPaths, type CommitFacts, type Refs } from "../git/store.ts";

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

type LoggedCommit = Awaited<ReturnType<typeof readCommitsWithPaths>>[number];

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
    ? await readCommitsWithPaths(gitDir, [`--max-count=${MOST_COMMITS}`, "--stdin"], [after, ...exclusions].join("\n"))
    : [];
  const head = listed[0]?.commit.id === after ? listed[0] : await readHead(gitDir, after);
  const isAllNew = isBranch && (created || others.length === 0);
  const fresh = isAllNew
    ? new Set(listed.map(({ commit }) => commit.id))
    : await readFresh(
        gitDir,
        after,
        known.map(([, id]) => id),
      );
  // The range of a push that goes forward ends at where the branch was.
  const isForward =
    listed.some(({ commit }) => commit.parents.includes(before)) ||
    (listed.length === MOST_COMMITS && (await isAncestor(gitDir, before, after)));
  return {
    ...facts,
    forced: !created && (isBranch ? !isForward : !(await isAncestor(gitDir, before, after))),
    commits: listed.map((entry) => describe(entry, fresh)).toReversed(),
    headCommit: head === undefined ? null : describe(head, fresh),
  };
}

/** A tag can be of something that is no commit. */
async function readHead(gitDir: string, id: string): Promise<LoggedCommit | undefined> {
  const { status, text } = await runGit(gitDir, ["rev-parse", "--verify", "--quiet", `${id}^{commit}`], {
    mayFail: true,
  });
  return status === 0 ? (await readCommitsWithPaths(gitDir, ["--max-count=1", text]))[0] : undefined;
}

/** The commits that no branch has reached before. */
async function readFresh(gitDir: string, after: string, known: readonly string[]): Promise<ReadonlySet<string>> {
  const input = [after, ...new Set(known)].map((id, index) => (index === 0 ? id : `^${id}`)).join("\n");
  return new Set((await runGit(gitDir, ["rev-list", "--stdin"], { input, mayFail: true })).text.split("\n"));
}

function describe({ commit, paths }: LoggedCommit, fresh: ReadonlySet<string>): PushedCommit {
  const all = paths.slice(0, MOST_PATHS);
  const having = (letters: string): string[] =>
    all.filter(([letter]) => letters.includes(letter)).map(([, path]) => path);
  return {
    ...commit,
    distinct: fresh.has(commit.id),
    added: having("A"),
    removed: having("D"),
    modified: having("MTRC"),
  };
}
