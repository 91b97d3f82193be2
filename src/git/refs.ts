/** Refs, HEADs and reflogs: the names that git keeps and the objects that they hold on to. */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { decodeByteText, encodeByteText } from "../core/byte-text.ts";
import { messageOf, systemCodeOf } from "../core/errors.ts";
import type { Gap } from "../core/gap.ts";
import { errorLines, runGit } from "./process.ts";
import { readRegularFile } from "./regular-file.ts";
import { idBytesOf, type Repository } from "./repository.ts";
import { Damage, NotForUs } from "./storage/damage.ts";
import { parseLog } from "./storage/ref-files.ts";
import type { LogEntry } from "./storage/ref-names.ts";
import { isReftable, OWN_REFS, readRefStore } from "./storage/ref-store.ts";
import { readRefStack } from "./storage/reftable-stack.ts";

export interface Ref {
  /** `refs/heads/main`, `HEAD`, `refs/stash@{1}`. Bytes that are not UTF-8 as in byte-text. */
  readonly name: string;
  readonly objectId: string;
}

/**
 * Names of refs that hold no object yet or no more, and that `git for-each-ref` leaves out: the branch of a HEAD
 * before its first commit, symbolic refs that lead nowhere, and where those lead.
 */
export function listDanglingNames(repository: Repository, refs: readonly Ref[]): string[] {
  const known = new Set(refs.map((ref) => ref.name));
  const heads = [
    repository.gitDirectory,
    ...linkedWorkTrees(repository).map((name) => workTreeDirectory(repository, name)),
  ];
  const loose = listFiles(path.join(repository.commonDirectory, "refs"), () => {}).map((name) => `refs/${name}`);
  const unknown = loose.filter((name) => !known.has(name));
  const files = [
    ...heads.map((directory) => `${directory}/HEAD`),
    ...unknown.map((name) => `${repository.commonDirectory}/${name}`),
  ];
  const targets = files.flatMap((file) => symbolicTarget(file) ?? []);
  return [...new Set([...unknown, ...targets])].filter((name) => !known.has(name));
}

function symbolicTarget(file: string): string | null {
  try {
    const text = decodeByteText(readRegularFile(encodeByteText(file)).subarray(0, MAX_REF_FILE_BYTES));
    return /^ref: *(.+?)\s*$/.exec(text)?.[1] ?? null;
  } catch {
    // A ref that cannot be read has been named when refs were listed.
    return null;
  }
}

const MAX_REF_FILE_BYTES = 8192;

function workTreeDirectory(repository: Repository, name: string): string {
  return path.join(repository.commonDirectory, "worktrees", name);
}

/**
 * Refs and HEADs of all working trees.
 *
 * @param onFallback called where git is asked, because something is not as the reader of storage knows it
 */
export async function listRefs(
  repository: Repository,
  onGap: (gap: Gap) => void,
  onFallback: () => void = () => {},
): Promise<Ref[]> {
  // What of them cannot be listed hides refs, and git passes over it.
  const workTrees = path.join(repository.commonDirectory, "worktrees");
  if (existsSync(workTrees)) listFiles(workTrees, onGap);
  const stored = readStoredRefs(repository);
  if (stored !== null) return stored;
  onFallback();
  return listRefsByGit(repository, onGap);
}

/** @returns null where git has to say what there is, and what is wrong with it */
function readStoredRefs(repository: Repository): Ref[] | null {
  try {
    const refs: Ref[] = [];
    const heads: Ref[] = [];
    for (const { directory, prefix } of allWorkTrees(repository)) {
      const store = readRefStore(directory, repository.commonDirectory, idBytesOf(repository));
      if (store.dangling.length > 0) return null;
      const isHere = directory === repository.gitDirectory;
      for (const { name, objectId } of store.refs) {
        const text = decodeByteText(name);
        if (isHere) refs.push({ name: text, objectId });
        else if (OWN_REFS.some((own) => text.startsWith(`${own}/`))) refs.push({ name: prefix + text, objectId });
      }
      const { head } = store;
      if (head !== null && "objectId" in head && !heads.some(({ objectId }) => objectId === head.objectId)) {
        heads.push({ name: isHere ? "HEAD" : `${prefix}HEAD`, objectId: head.objectId });
      }
    }
    return [...refs, ...heads];
  } catch (error) {
    requireUnreadable(error);
    return null;
  }
}

/** This working tree comes first. */
function allWorkTrees(repository: Repository): { directory: string; prefix: string }[] {
  const others = [
    { directory: repository.commonDirectory, prefix: "main-worktree/" },
    ...linkedWorkTrees(repository).map((name) => ({
      directory: workTreeDirectory(repository, name),
      prefix: `worktrees/${name}/`,
    })),
  ].filter(({ directory }) => directory !== repository.gitDirectory);
  return [{ directory: repository.gitDirectory, prefix: "" }, ...others];
}

async function listRefsByGit(repository: Repository, onGap: (gap: Gap) => void): Promise<Ref[]> {
  const { status, output, errorText } = await runGit(repository.git, [
    "for-each-ref",
    "--format=%(refname) %(objectname)",
  ]);
  // A ref that git cannot read is passed over with a warning.
  for (const line of errorLines(errorText)) onGap({ what: "refs", why: `${line}; correct or delete the ref` });
  if (status !== 0 && errorText === "") onGap({ what: "refs", why: `git for-each-ref ended with ${status}` });
  // git passes over a directory of refs that it may not list.
  const refDirectory = path.join(repository.commonDirectory, "refs");
  if (existsSync(refDirectory)) listFiles(refDirectory, onGap);
  const refs = readRefs(output);
  return [...refs, ...(await listRefsOfOtherWorkTrees(repository, onGap)), ...(await listDetachedHeads(repository))];
}

async function listRefsOfOtherWorkTrees(repository: Repository, onGap: (gap: Gap) => void): Promise<Ref[]> {
  const refs: Ref[] = [];
  for (const { directory, prefix } of allWorkTrees(repository).slice(1)) {
    if (!OWN_REFS.some((name) => existsSync(path.join(directory, name)))) continue;
    const environment = { ...repository.git.environment, GIT_DIR: directory, GIT_WORK_TREE: undefined };
    const git = { ...repository.git, directory, environment };
    const { output, errorText } = await runGit(git, ["for-each-ref", "--format=%(refname) %(objectname)", ...OWN_REFS]);
    for (const line of errorLines(errorText)) {
      onGap({ what: `refs of ${prefix}`, why: `${line}; correct or delete the ref` });
    }
    for (const ref of readRefs(output)) refs.push({ name: prefix + ref.name, objectId: ref.objectId });
  }
  return refs;
}

function readRefs(output: Buffer): Ref[] {
  return splitLines(output).map((line): Ref => {
    const space = line.lastIndexOf(0x20);
    return { name: decodeByteText(line.subarray(0, space)), objectId: line.toString("latin1", space + 1) };
  });
}

/** HEAD holds on to a commit by itself only where it is detached, here or in a linked working tree. */
async function listDetachedHeads(repository: Repository): Promise<Ref[]> {
  const names = ["HEAD", "main-worktree/HEAD", ...linkedWorkTrees(repository).map((name) => `worktrees/${name}/HEAD`)];
  const heads: Ref[] = [];
  for (const name of names) {
    const symbolic = await runGit(repository.git, ["symbolic-ref", "--quiet", name]);
    if (symbolic.status === 0) continue;
    const { status, output } = await runGit(repository.git, ["rev-parse", "--verify", "--quiet", name]);
    const objectId = output.toString("latin1").trim();
    if (status === 0 && !heads.some((head) => head.objectId === objectId)) heads.push({ name, objectId });
  }
  return heads;
}

export function linkedWorkTrees(repository: Repository): string[] {
  try {
    return readdirSync(path.join(repository.commonDirectory, "worktrees"));
  } catch {
    // None, or not for us to list, which listRefs names.
    return [];
  }
}

export interface Reflog {
  readonly ref: string;
  readonly bytes: Buffer;
}

/** Source: gitrepository-layout, `logs`: a file for each ref, shared ones in the common directory. */
export function listReflogs(repository: Repository, onGap: (gap: Gap) => void): Reflog[] {
  if (isReftable(repository.commonDirectory)) return listReflogsInTables(repository, onGap);
  const roots = [...gitDirectoriesOf(repository)].map((directory) => path.join(directory, "logs"));
  const logs: Reflog[] = [];
  for (const root of roots) {
    if (!existsSync(root)) continue;
    const prefix = refPrefix(repository, root);
    for (const name of listFiles(root, onGap)) {
      try {
        logs.push({ ref: prefix + name, bytes: readRegularFile(encodeByteText(`${root}/${name}`)) });
      } catch (error) {
        onGap({ what: `reflog ${prefix}${name}`, why: `cannot be read: ${messageOf(error)}` });
      }
    }
  }
  return logs;
}

/** As the lines that they would be in files. */
function listReflogsInTables(repository: Repository, onGap: (gap: Gap) => void): Reflog[] {
  const reflogs: Reflog[] = [];
  for (const directory of gitDirectoriesOf(repository)) {
    const prefix = refPrefix(repository, path.join(directory, "logs"));
    const tables = path.join(directory, "reftable");
    try {
      const { logs } = readRefStack(tables, idBytesOf(repository));
      for (const [name, entries] of logs) {
        const ref = prefix + decodeByteText(Buffer.from(name, "latin1"));
        reflogs.push({ ref, bytes: Buffer.concat(entries.toReversed().flatMap(lineOf)) });
      }
    } catch (error) {
      requireUnreadable(error);
      onGap({ what: `reflogs of ${tables}`, why: `cannot be read: ${messageOf(error)}; run git fsck` });
    }
  }
  return reflogs;
}

function lineOf({ oldId, newId, who, message }: LogEntry): Buffer[] {
  return [Buffer.from(`${oldId} ${newId} `), who, Buffer.from("\t"), message, Buffer.from("\n")];
}

/** Of all working trees. */
function gitDirectoriesOf(repository: Repository): Set<string> {
  const linked = linkedWorkTrees(repository).map((name) => workTreeDirectory(repository, name));
  return new Set([repository.commonDirectory, repository.gitDirectory, ...linked]);
}

function requireUnreadable(error: unknown): void {
  if (error instanceof Damage || error instanceof NotForUs || systemCodeOf(error) !== undefined) return;
  throw error;
}

/** Files that lead to objects and are neither refs nor reflogs: every index, and the ends of a shallow clone. */
export function filesOfRoots(repository: Repository): string[] {
  const files: string[] = [];
  for (const directory of gitDirectoriesOf(repository)) {
    const names = readdirSync(directory).filter((name) => /^(index|sharedindex\..*|shallow)$/.test(name));
    for (const name of names.toSorted()) files.push(path.join(directory, name));
  }
  return files;
}

function refPrefix(repository: Repository, root: string): string {
  const relative = path.relative(repository.commonDirectory, path.dirname(root));
  return relative === "" || relative.startsWith("..") ? "" : `${relative.split(path.sep).join("/")}/`;
}

/** Names below a directory, with `/` between; they are bytes and need not be UTF-8. */
function listFiles(root: string, onGap: (gap: Gap) => void, below = ""): string[] {
  const directory = below === "" ? root : `${root}/${below}`;
  let entries;
  try {
    entries = readdirSync(encodeByteText(directory), { withFileTypes: true, encoding: "buffer" });
  } catch (error) {
    onGap({ what: `directory ${directory}`, why: `cannot be read: ${messageOf(error)}` });
    return [];
  }
  return entries.flatMap((entry) => {
    const name = below === "" ? decodeByteText(entry.name) : `${below}/${decodeByteText(entry.name)}`;
    return entry.isDirectory() ? listFiles(root, onGap, name) : [name];
  });
}

/** What a reflog holds on to: `HEAD@{0}` is its last line. */
export function reflogEntries(reflog: Reflog, objectIdLength: 40 | 64): Ref[] {
  const entries = parseLog(reflog.bytes, idBytesOf({ objectIdLength }));
  return entries.flatMap(({ newId }, index) =>
    /^0+$/.test(newId) ? [] : [{ name: `${reflog.ref}@{${entries.length - 1 - index}}`, objectId: newId }],
  );
}

/** What a log names, before and after each change. */
export function loggedObjects(reflog: Reflog, objectIdLength: 40 | 64): string[] {
  const entries = parseLog(reflog.bytes, idBytesOf({ objectIdLength }));
  return [...new Set(entries.flatMap(({ oldId, newId }) => [oldId, newId]))];
}

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0x0a, start);
    lines.push(bytes.subarray(start, end === -1 ? bytes.length : end));
    start = end === -1 ? bytes.length : end + 1;
  }
  return lines;
}
