/** What commits change against their parents, from `git diff-tree`. */
import { join } from "node:path";
import { decodeByteText } from "../core/byte-text.ts";
import type { Gap } from "../core/gap.ts";
import { errorLines, type GitContext, type GitResult, runGit, streamGit } from "./process.ts";
import type { Repository } from "./repository.ts";

/**
 * One path that differs from every parent. In a merge, a path that equals one parent's is not a change:
 * its content came in with that parent.
 */
export interface Change {
  readonly commit: string;
  readonly path: string;
  /** The blob; null where the path is gone, and for a submodule, which has no content here. */
  readonly newId: string | null;
  /** The blob that each parent has at the path, null where it has none; a root commit has one empty parent. */
  readonly oldIds: readonly (string | null)[];
  /** No parent has the path. */
  readonly isAdded: boolean;
  readonly isDeleted: boolean;
}

export interface CommitNode {
  readonly id: string;
  readonly parents: readonly string[];
}

export interface ChangeVisitor {
  commit(node: CommitNode): void;
  /** Decides by ids and raw path bytes (latin1) whether the change is wanted, before it is built. */
  wants(newId: string | null, oldIds: readonly (string | null)[], rawPath: string): boolean;
  change(change: Change): void;
}

/** In a clone without trees no commit can be compared, and each one costs a process to find that out. */
const MAX_FAILURES = 50;

/** Visits the changes of the given commits in the given order. A commit that git cannot compare becomes a gap. */
export async function visitChanges(
  repository: Repository,
  commits: readonly string[],
  visitor: ChangeVisitor,
  onGap: (gap: Gap) => void,
): Promise<void> {
  let position = 0;
  for (let failures = 0; position < commits.length; failures++) {
    if (failures === MAX_FAILURES) {
      const rest = commits.length - position;
      onGap({ what: `changes of ${rest} more commits`, why: `${MAX_FAILURES} others cannot be compared; see there` });
      return;
    }
    const batch = position === 0 ? commits : commits.slice(position);
    const { last, result } = await runDiffTree(repository, batch, visitor);
    if (result.status === 0) return;
    // git prints a commit's line before it compares, so the last one printed is most often the one that failed.
    const failed = last ?? batch[0]!;
    onGap({ what: `changes of commit ${failed}`, why: `${errorLines(result.errorText).join("; ")}; run git fsck` });
    position = Math.max(position, commits.indexOf(failed, position)) + 1;
  }
}

/**
 * What each merge changes against each of its parents by itself, at the given paths. The commit that the
 * visitor sees has the one parent that it was compared with.
 */
export async function visitMerges(
  repository: Repository,
  merges: readonly CommitNode[],
  paths: readonly string[],
  visitor: ChangeVisitor,
  onGap: (gap: Gap) => void,
): Promise<void> {
  if (merges.length === 0) return;
  const pairs = merges.flatMap((merge) => merge.parents.map((parent) => `${merge.id} ${parent}`));
  // Where the paths do not fit on a command line, or are not UTF-8, every path is looked at.
  const isPassable =
    paths.length <= MAX_PATH_ARGUMENTS &&
    paths.join("").length <= MAX_PATH_BYTES &&
    paths.every((path) => !/[\udc00-\udcff]/.test(path));
  const limited = isPassable ? paths : [];
  const { result } = await runDiffTree(repository, pairs, visitor, limited);
  if (result.status !== 0) onGap({ what: "merges", why: `${errorLines(result.errorText).join("; ")}; run git fsck` });
}

const MAX_PATH_ARGUMENTS = 500;
const MAX_PATH_BYTES = 32_768;

async function runDiffTree(
  repository: Repository,
  commits: readonly string[],
  visitor: ChangeVisitor,
  paths: readonly string[] = [],
): Promise<{ last: string | null; result: GitResult }> {
  const parser = new DiffTreeParser(visitor);
  const result = await streamGit(
    withoutIndex(repository),
    [
      "diff-tree",
      "--stdin",
      "-r",
      "-c",
      "--root",
      "--raw",
      "-z",
      "--no-renames",
      "--no-abbrev",
      "--no-relative",
      "--ignore-submodules=none",
      "--always",
      "--format=commit %H %P",
      "--",
      ...paths,
    ],
    { input: withLineFeeds(commits), onData: (bytes) => parser.push(bytes) },
  );
  return { last: parser.last, result };
}

function* withLineFeeds(items: readonly string[]): Generator<string> {
  for (const item of items) yield `${item}\n`;
}

/** diff-tree reads the index although it compares commits; one that is damaged would end it. */
function withoutIndex({ git, gitDirectory }: Repository): GitContext {
  return { ...git, environment: { ...git.environment, GIT_INDEX_FILE: join(gitDirectory, "keyrecall.no-index") } };
}

class DiffTreeParser {
  readonly #visitor: ChangeVisitor;
  /** The commit that came last. */
  last: string | null = null;
  #rest = "";
  #commit: CommitNode = { id: "", parents: [] };
  #pending: string | null = null;

  constructor(visitor: ChangeVisitor) {
    this.#visitor = visitor;
  }

  push(bytes: Buffer): void {
    const text = this.#rest + bytes.toString("latin1");
    let start = 0;
    for (let end = text.indexOf("\0"); end !== -1; end = text.indexOf("\0", start)) {
      this.#field(text.slice(start, end));
      start = end + 1;
    }
    this.#rest = text.slice(start);
  }

  #field(field: string): void {
    if (this.#pending !== null) {
      const header = this.#pending;
      this.#pending = null;
      this.#change(header, field);
      return;
    }
    const text = field.startsWith("\n") ? field.slice(1) : field;
    if (text.startsWith(":")) this.#pending = text;
    else if (text.startsWith("commit ")) {
      const [, id = "", ...parents] = text.split(" ");
      this.#commit = { id: ownCopy(id), parents: parents.filter((parent) => parent !== "").map(ownCopy) };
      this.last = this.#commit.id;
      this.#visitor.commit(this.#commit);
    }
  }

  /** `:<old mode>… <new mode> <old id>… <new id> <status>`, with as many colons as parents. */
  #change(header: string, rawPath: string): void {
    const change = parseChange(header, header.lastIndexOf(":") + 1);
    if (!this.#visitor.wants(change.newId, change.oldIds, rawPath)) return;
    this.#visitor.change({
      ...change,
      commit: this.#commit.id,
      path: textOf(rawPath),
    });
  }
}

/** A piece of a string keeps all of it in memory: here everything that git has printed. */
function ownCopy(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}

function parseChange(header: string, parents: number): Omit<Change, "commit" | "path"> {
  const fields = header.slice(parents).split(" ");
  const modes = fields.slice(0, parents + 1);
  const ids = fields.slice(parents + 1, 2 * parents + 2).map((id, index) => blobId(modes[index]!, id));
  return {
    newId: ids[parents] ?? null,
    oldIds: ids.slice(0, parents),
    isAdded: modes.slice(0, parents).every((mode) => mode === ABSENT_MODE),
    isDeleted: modes[parents] === ABSENT_MODE,
  };
}

const ABSENT_MODE = "000000";
const SUBMODULE_MODE = "160000";

function blobId(mode: string, id: string): string | null {
  return mode === ABSENT_MODE || mode === SUBMODULE_MODE ? null : ownCopy(id);
}

export interface Rename {
  readonly source: string;
  readonly target: string;
  /** The blob at the source. */
  readonly sourceId: string;
}

export interface CommitPair {
  readonly commit: string;
  readonly parent: string;
}

const MAX_RENAMES = 1000;
const FIND_RENAMES = [
  "--raw",
  "-z",
  "--no-abbrev",
  "--no-relative",
  "--find-renames",
  `-l${MAX_RENAMES}`,
  "--diff-filter=R",
];

/** Files that commits have renamed, as git's rename detection sees them. */
export async function findRenames(
  repository: Repository,
  pairs: readonly CommitPair[],
  onRename: (commit: string, rename: Rename) => void,
  onGap: (gap: Gap) => void,
): Promise<void> {
  if (pairs.length === 0) return;
  const { status, output, errorText } = await runGit(
    withoutIndex(repository),
    ["diff-tree", "--stdin", "-r", "--always", "--format=commit %H", ...FIND_RENAMES, "--"],
    pairs.map(({ commit, parent }) => `${commit} ${parent}\n`),
  );
  if (status !== 0) onGap({ what: "renames", why: `${errorLines(errorText).join("; ")}; run git fsck` });
  let commit = "";
  eachRename(
    output,
    (rename) => onRename(commit, rename),
    (line) => {
      commit = line.slice("commit ".length);
    },
  );
}

/** The blobs that {@link findRenames} compares: of paths that are gone, and of those that are new. */
export async function contentsOfRenames(
  repository: Repository,
  pairs: readonly CommitPair[],
  onGap: (gap: Gap) => void,
): Promise<string[]> {
  const blobs: string[] = [];
  let gone: string[] = [];
  let added: string[] = [];
  const endPair = (): void => {
    // Above its limit git pairs equal contents only, for which it needs none.
    if (gone.length * added.length <= MAX_RENAMES ** 2) blobs.push(...gone, ...added);
    gone = [];
    added = [];
  };
  const { result } = await runDiffTree(
    repository,
    pairs.map(({ commit, parent }) => `${commit} ${parent}`),
    {
      commit: endPair,
      wants(newId, [oldId = null]) {
        if (newId === null && oldId !== null) gone.push(oldId);
        if (newId !== null && oldId === null) added.push(newId);
        return false;
      },
      change: () => {},
    },
  );
  endPair();
  if (result.status !== 0) onGap({ what: "renames", why: `${errorLines(result.errorText).join("; ")}; run git fsck` });
  return blobs;
}

/** Files that the index has renamed against a tree. */
export async function findStagedRenames(
  repository: Repository,
  against: string,
  onRename: (rename: Rename) => void,
  onGap: (gap: Gap) => void,
): Promise<void> {
  const { status, output, errorText } = await runGit(repository.git, [
    "diff-index",
    "--cached",
    ...FIND_RENAMES,
    against,
    "--",
  ]);
  if (status !== 0) onGap({ what: "renames in the index", why: errorLines(errorText).join("; ") });
  eachRename(output, onRename, () => {});
}

/** `:<modes> <source id> <target id> R<score>`, the source and the target, each ended by a zero byte. */
function eachRename(output: Buffer, onRename: (rename: Rename) => void, onHeading: (line: string) => void): void {
  const fields = output.toString("latin1").split("\0");
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index]!.replace(/^\n/, "");
    if (!field.startsWith(":")) {
      if (field !== "") onHeading(field);
      continue;
    }
    const [, , sourceId = ""] = field.split(" ");
    onRename({ source: textOf(fields[index + 1] ?? ""), target: textOf(fields[index + 2] ?? ""), sourceId });
    index += 2;
  }
}

function textOf(rawPath: string): string {
  return decodeByteText(Buffer.from(rawPath, "latin1"));
}

/**
 * What the index holds against one tree, in the form of a commit that has not been made yet.
 *
 * @param onUnmerged an unmerged path has no single content, and nothing can be committed before it is resolved
 */
export async function indexChanges(
  repository: Repository,
  against: string,
  onUnmerged: (path: string) => void,
): Promise<Omit<Change, "commit">[]> {
  const { status, output, errorText } = await runGit(repository.git, [
    "diff-index",
    "--cached",
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-relative",
    "--no-renames",
    "--ignore-submodules=none",
    // The next commit will not have what is only announced.
    "--ita-invisible-in-index",
    against,
    "--",
  ]);
  if (status !== 0) throw new IndexUnreadableError(errorLines(errorText).join("; "));
  const fields = output.toString("latin1").split("\0");
  const changes: Omit<Change, "commit">[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const header = fields[index]!;
    if (header.endsWith(" U")) {
      onUnmerged(textOf(fields[index + 1]!));
      continue;
    }
    changes.push({ ...parseChange(header, 1), path: textOf(fields[index + 1]!) });
  }
  return changes;
}

/** The index is damaged, or not of a version that git reads. */
export class IndexUnreadableError extends Error {
  override readonly name = "IndexUnreadableError";
}
