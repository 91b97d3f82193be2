// The bare repositories, as files that git itself reads and writes.
import { randomUUID } from "node:crypto";
import { appendFile, readFile, readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
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

/** Of the wiki beside a repository; it is there once a page was written. */
export function wikiDirOf({ gitDir }: { readonly gitDir: string }): string {
  return gitDir.replace(/\.git$/, ".wiki.git");
}

/** Read from the files, as they are read with every push: git would be a process each time. */
export async function readRefs(gitDir: string, prefix = "refs/"): Promise<Refs> {
  const refs = new Map<string, string>();
  const packed = await readFile(join(gitDir, "packed-refs"), "utf8").catch(() => "");
  for (const [, id = "", name = ""] of packed.matchAll(/^([0-9a-f]{40,64}) (refs\/.+)$/gm)) refs.set(name, id);
  const entries = await readdir(join(gitDir, "refs"), { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.endsWith(".lock")) continue;
    const path = join(entry.parentPath, entry.name);
    const id = (await readFile(path, "utf8").catch(() => "")).trim();
    if (/^[0-9a-f]{40,64}$/.test(id)) refs.set(relative(gitDir, path).split(sep).join("/"), id);
  }
  const found = [...refs].filter(([name]) => name.startsWith(prefix));
  return new Map(found.toSorted(([left], [right]) => (left < right ? -1 : 1)));
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
  return (await readLog(gitDir, ["--no-patch", ...args], input)).map(({ commit }) => commit);
}

export type ChangedPath = readonly [letter: string, path: string];

/** With what each commit changed against its first parent. */
export function readCommitsWithPaths(gitDir: string, args: readonly string[], input = "") {
  return readLog(gitDir, ["--name-status", "--diff-merges=first-parent", "--no-renames", ...args], input);
}

async function readLog(gitDir: string, args: readonly string[], input: string) {
  // What commits say cannot be taken for the start of one.
  const mark = randomUUID();
  const format = `--format=tformat:${mark}%x00${FIELDS}`;
  const fields = (await runGit(gitDir, ["log", "-z", format, ...args], { input })).text.split("\0");
  const found: { readonly commit: CommitFacts; readonly paths: ChangedPath[] }[] = [];
  for (let index = 0; index < fields.length;) {
    // Git puts a line feed between a commit and its paths.
    const field = (fields[index] ?? "").replace(/^\n/, "");
    if (field === mark) {
      found.push({ commit: commitOf(fields.slice(index + 1, index + 1 + FIELD_COUNT)), paths: [] });
      index += 1 + FIELD_COUNT;
    } else if (/^[A-Z]\d*$/.test(field)) {
      found.at(-1)?.paths.push([field.slice(0, 1), fields[index + 1] ?? ""]);
      index += 2;
    } else index += 1;
  }
  return found;
}

function commitOf(fields: readonly string[]): CommitFacts {
  const [id = "", tree = "", parents = "", an = "", ae = "", ad = "", cn = "", ce = "", cd = "", message = ""] = fields;
  return {
    id,
    tree,
    parents: parents === "" ? [] : parents.split(" "),
    author: { name: an, email: ae, date: ad },
    committer: { name: cn, email: ce, date: cd },
    message: message.replace(/\n+$/, ""),
  };
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
  if (path === "") {
    const { text: tree } = await runGit(gitDir, ["rev-parse", `${commit}^{tree}`]);
    return { mode: "040000", type: "tree", id: tree, size: undefined, path };
  }
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

/** Makes a commit without a working tree, and points the branch to it. */
export async function makeCommit(gitDir: string, request: CommitRequest): Promise<string> {
  const ref = `refs/heads/${request.branch}`;
  const { parent } = request;
  const person = ({ name, email, date }: Person): string => `${name} <${email}> ${date}`;
  const input = [
    // Without this, a branch that is there would be what the commit is put on.
    ...(parent === null ? [`reset ${ref}\n`] : []),
    `commit ${ref}\nmark :1\nauthor ${person(request.author)}\ncommitter ${person(request.committer)}\n`,
    data(request.message),
    ...(parent === null || parent === undefined ? [] : [`from ${parent}\n`]),
    ...(parent === undefined && (await readRefs(gitDir, ref)).has(ref) ? [`from ${ref}^0\n`] : []),
    ...request.files.flatMap(({ path, content }) =>
      content === null ? [`D ${quoted(path)}\n`] : [`M 100644 inline ${quoted(path)}\n`, data(content)],
    ),
    "\nget-mark :1\ndone\n",
  ];
  const args = ["fast-import", "--quiet", "--done", "--force", "--date-format=raw"];
  const bytes = Buffer.concat(input.map((part) => Buffer.from(part)));
  return (await runGit(gitDir, args, { input: bytes })).text;
}

function data(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from("\n")]);
}

function quoted(path: string): string {
  return `"${path.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll("\n", String.raw`\n`)}"`;
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
