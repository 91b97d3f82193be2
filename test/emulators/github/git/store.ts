// The bare repositories, as files that git itself reads and writes.
import { appendFile, rm } from "node:fs/promises";
import { runGit } from "./run-git.ts";

export type Refs = ReadonlyMap<string, string>;

export interface Person {
  readonly name: string;
  readonly email: string;
  /** As git prints it in strict ISO 8601. */
  readonly date: string;
}

export interface CommitFacts {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}

export interface ChangedFile {
  readonly path: string;
  readonly previous: string | undefined;
  readonly status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed";
  readonly blob: string;
  readonly additions: number;
  readonly deletions: number;
}

export interface TreeEntry {
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly id: string;
  readonly size: number | undefined;
  readonly path: string;
}

export interface FileChange {
  readonly path: string;
  /** Null deletes it. */
  readonly content: string | Buffer | null;
}

export interface CommitRequest {
  readonly branch: string;
  readonly files: readonly FileChange[];
  readonly message: string;
  readonly author: Person;
  readonly committer: Person;
  /** Without it, the tip of the branch; null makes a root. */
  readonly parent?: string | null;
}

const NO_OBJECT = "0".repeat(40);
const FIELDS = ["%H", "%T", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%B"].join("%x00");
const FIELD_COUNT = 10;
/** As github.com is: any object that is there can be asked for, and parts of it left out. */
const CONFIGURATION = `
[uploadpack]
  allowFilter = true
  allowAnySHA1InWant = true
[http]
  receivepack = true
[receive]
  autogc = false
  hideRefs = refs/pull
[gc]
  auto = 0
# What a forced push leaves behind stays, and can be fetched.
  pruneExpire = never
`;

export async function initRepository(gitDir: string, defaultBranch: string): Promise<void> {
  await runGit(gitDir, ["init", "--quiet", "--bare", `--initial-branch=${defaultBranch}`, gitDir]);
  await appendFile(`${gitDir}/config`, CONFIGURATION);
}

export async function readRefs(gitDir: string, prefix = "refs/"): Promise<Refs> {
  const { text } = await runGit(gitDir, ["for-each-ref", "--format=%(objectname) %(refname)", prefix]);
  const lines = text === "" ? [] : text.split("\n");
  return new Map(lines.map((line) => [line.slice(line.indexOf(" ") + 1), line.slice(0, line.indexOf(" "))]));
}

export async function isEmpty(gitDir: string): Promise<boolean> {
  return (await readRefs(gitDir)).size === 0;
}

/** A commit by its id, by a ref or by the short name of one; a tag is peeled. */
export async function findCommit(gitDir: string, name: string): Promise<string | undefined> {
  if (name === "" || name.startsWith("-")) return undefined;
  for (const candidate of [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name]) {
    if (candidate === name && !/^[0-9a-f]{4,40}$|^HEAD$|^refs\//.test(name)) continue;
    const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${candidate}^{commit}`];
    const { status, text } = await runGit(gitDir, args, { mayFail: true });
    if (status === 0) return text;
  }
  return undefined;
}

/** @param args what `git log` is to walk */
export async function readCommits(gitDir: string, args: readonly string[], input = ""): Promise<CommitFacts[]> {
  const { text } = await runGit(gitDir, ["log", "-z", `--format=tformat:${FIELDS}`, "--no-patch", ...args], { input });
  const fields = text.split("\0");
  const commits: CommitFacts[] = [];
  for (let start = 0; start + FIELD_COUNT <= fields.length; start += FIELD_COUNT) {
    const [id = "", tree = "", parents = "", an = "", ae = "", ad = "", cn = "", ce = "", cd = "", message = ""] =
      fields.slice(start, start + FIELD_COUNT);
    commits.push({
      id,
      tree,
      parents: parents === "" ? [] : parents.split(" "),
      author: { name: an, email: ae, date: ad },
      committer: { name: cn, email: ce, date: cd },
      message: message.replace(/\n+$/, ""),
    });
  }
  return commits;
}

export async function readCommit(gitDir: string, id: string): Promise<CommitFacts> {
  const [commit] = await readCommits(gitDir, ["--max-count=1", id]);
  if (commit === undefined) throw new Error(`there is no commit ${id}`);
  return commit;
}

export async function mergeBase(gitDir: string, left: string, right: string): Promise<string | undefined> {
  const { status, text } = await runGit(gitDir, ["merge-base", left, right], { mayFail: true });
  return status === 0 ? text : undefined;
}

export async function isAncestor(gitDir: string, ancestor: string, descendant: string): Promise<boolean> {
  const args = ["merge-base", "--is-ancestor", ancestor, descendant];
  return (await runGit(gitDir, args, { mayFail: true })).status === 0;
}

export async function countCommits(gitDir: string, range: string): Promise<number> {
  return Number((await runGit(gitDir, ["rev-list", "--count", range])).text);
}

/** @param from undefined compares with the empty tree */
export async function readDiff(gitDir: string, from: string | undefined, to: string): Promise<ChangedFile[]> {
  const base = from ?? (await runGit(gitDir, ["hash-object", "-t", "tree", "--stdin"])).text;
  const range = ["-r", "-z", "-M", base, to];
  const [raw, counted] = await Promise.all([
    runGit(gitDir, ["diff-tree", "--raw", "--no-abbrev", ...range]),
    runGit(gitDir, ["diff-tree", "--numstat", ...range]),
  ]);
  const counts = readNumstat(counted.text.split("\0"));
  const fields = raw.text.split("\0");
  const files: ChangedFile[] = [];
  for (let index = 0; index + 1 < fields.length;) {
    const [, , oldId = "", newId = "", letter = ""] = (fields[index] ?? "").split(" ");
    const isMove = /^[RC]/.test(letter);
    const path = fields[index + (isMove ? 2 : 1)] ?? "";
    const previous = isMove ? fields[index + 1] : undefined;
    const { additions, deletions } = counts.get(path) ?? { additions: 0, deletions: 0 };
    files.push({
      path,
      previous,
      status: statusOf(letter),
      blob: newId === NO_OBJECT ? oldId : newId,
      additions,
      deletions,
    });
    index += isMove ? 3 : 2;
  }
  return files;
}

function readNumstat(fields: readonly string[]): Map<string, { additions: number; deletions: number }> {
  const counts = new Map<string, { additions: number; deletions: number }>();
  for (let index = 0; index < fields.length;) {
    const [added = "", deleted = "", path = ""] = (fields[index] ?? "").split("\t");
    const isMove = path === "" && added !== "";
    const name = isMove ? (fields[index + 2] ?? "") : path;
    // Of a binary file git counts no lines: `-`.
    if (name !== "") counts.set(name, { additions: Number(added) || 0, deletions: Number(deleted) || 0 });
    index += isMove ? 3 : 1;
  }
  return counts;
}

function statusOf(letter: string): ChangedFile["status"] {
  const names: Readonly<Record<string, ChangedFile["status"]>> = {
    A: "added",
    D: "removed",
    R: "renamed",
    C: "copied",
    T: "changed",
  };
  return names[letter.slice(0, 1)] ?? "modified";
}

export async function readPatch(gitDir: string, from: string | undefined, to: string, path?: string): Promise<string> {
  const base = from ?? (await runGit(gitDir, ["hash-object", "-t", "tree", "--stdin"])).text;
  const limit = path === undefined ? [] : ["--", `:(literal)${path}`];
  return (await runGit(gitDir, ["diff-tree", "-p", "-M", base, to, ...limit])).text;
}

export async function readTree(gitDir: string, treeish: string, options: { readonly recursive: boolean }) {
  const flags = options.recursive ? ["-r", "-t"] : [];
  const { status, text } = await runGit(gitDir, ["ls-tree", "-z", "--long", ...flags, treeish], { mayFail: true });
  if (status !== 0) return undefined;
  return text
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => treeEntry(line, line.slice(line.indexOf("\t") + 1)));
}

export async function findInTree(gitDir: string, commit: string, path: string): Promise<TreeEntry | undefined> {
  const { text } = await runGit(gitDir, ["ls-tree", "-z", "--long", commit, "--", path]);
  const line = text.replace(/\0$/, "");
  if (line === "") return undefined;
  return treeEntry(line, path);
}

function treeEntry(line: string, path: string): TreeEntry {
  const [mode = "", type = "", id = "", size = "-"] = line.slice(0, line.indexOf("\t")).split(/ +/);
  return { mode, type: type as TreeEntry["type"], id, size: size === "-" ? undefined : Number(size), path };
}

export async function readObject(
  gitDir: string,
  type: "blob" | "commit" | "tag",
  id: string,
): Promise<Buffer | undefined> {
  const { status, bytes } = await runGit(gitDir, ["cat-file", type, id], { mayFail: true });
  return status === 0 ? bytes : undefined;
}

export async function typeOf(gitDir: string, id: string): Promise<string | undefined> {
  const { status, text } = await runGit(gitDir, ["cat-file", "-t", id], { mayFail: true });
  return status === 0 ? text : undefined;
}

export async function setRef(gitDir: string, ref: string, id: string | null): Promise<void> {
  await runGit(gitDir, id === null ? ["update-ref", "-d", ref] : ["update-ref", ref, id]);
}

/** Brings a commit over from another repository, as the forks of github.com share their objects. */
export async function bringOver(gitDir: string, from: string, id: string, ref: string): Promise<void> {
  await runGit(gitDir, ["fetch", "--quiet", "--no-tags", from, `+${id}:${ref}`]);
}

/** What merging would give, or null where there is a conflict. */
export async function tryMerge(gitDir: string, base: string, head: string): Promise<string | null> {
  const merged = await runGit(gitDir, ["merge-tree", "--write-tree", base, head], { mayFail: true });
  if (merged.status !== 0) return null;
  const [tree = ""] = merged.text.split("\n");
  const env = identity(
    { name: "GitHub", email: "noreply@github.com", date: "" },
    { name: "GitHub", email: "noreply@github.com", date: "" },
  );
  const args = ["commit-tree", tree, "-p", base, "-p", head, "-m", `Merge ${head} into ${base}`];
  return (await runGit(gitDir, args, { env })).text;
}

/** Makes a commit without a working tree, and does not move any ref. */
export async function makeCommit(gitDir: string, request: CommitRequest): Promise<string> {
  const tip = await findCommit(gitDir, `heads/${request.branch}`);
  const parent = request.parent === undefined ? (tip ?? null) : request.parent;
  const index = `${gitDir}/index-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const env = { GIT_INDEX_FILE: index };
  if (parent !== null) await runGit(gitDir, ["read-tree", parent], { env });
  const lines: string[] = [];
  for (const { path, content } of request.files) {
    if (content === null) lines.push(`0 ${NO_OBJECT}\t${path}`);
    else {
      const { text } = await runGit(gitDir, ["hash-object", "-w", "--stdin"], { input: content });
      lines.push(`100644 ${text}\t${path}`);
    }
  }
  await runGit(gitDir, ["update-index", "-z", "--index-info"], {
    env,
    input: lines.map((line) => `${line}\0`).join(""),
  });
  const { text: tree } = await runGit(gitDir, ["write-tree"], { env });
  const args = ["commit-tree", tree, ...(parent === null ? [] : ["-p", parent])];
  const { text: commit } = await runGit(gitDir, args, {
    input: request.message,
    env: identity(request.author, request.committer),
  });
  await rm(index, { force: true });
  return commit;
}

function identity(author: Person, committer: Person): Record<string, string> {
  const dates = {
    ...(author.date === "" ? {} : { GIT_AUTHOR_DATE: author.date }),
    ...(committer.date === "" ? {} : { GIT_COMMITTER_DATE: committer.date }),
  };
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    ...dates,
  };
}
