/** Names of commits, as people write them. */
import { existsSync } from "node:fs";
import path from "node:path";
import { encodeByteText } from "../core/byte-text.ts";
import { KeyrecallError } from "../core/errors.ts";
import type { Gap } from "../core/gap.ts";
import type { CommitNode } from "./changes.ts";
import { errorLines, runGit } from "./process.ts";
import { readRegularFile } from "./regular-file.ts";
import type { Repository } from "./repository.ts";

export interface ResolvedRange {
  /** Every commit of the range, on whatever line of history and with whatever date. */
  readonly commits: readonly string[];
  /** The objects that the range's ends name: commits, or tags. */
  readonly tips: readonly string[];
}

/**
 * @param range as git writes it: `A..B` or `A...B`
 * @throws {KeyrecallError} `unresolvable-range`
 */
export async function resolveRange(repository: Repository, range: string): Promise<ResolvedRange> {
  // A lone name would silently mean its whole history; an empty base, as from a variable that nobody set, would
  // mean HEAD, and so nothing at all.
  if (!range.includes("..") || range.startsWith("-") || range.startsWith("..")) {
    throw new KeyrecallError("usage", `--range ${range}: not a range`, {
      hint: "write it as A..B, for example main..HEAD",
    });
  }
  const parsed = await runGit(repository.git, ["rev-parse", "--revs-only", range]);
  const ends = textLines(parsed.output).map((line) => line.replace(/^\^/, ""));
  for (const end of ends) {
    const peeled = await runGit(repository.git, ["rev-parse", "--verify", "--quiet", `${end}^{commit}`]);
    if (peeled.status !== 0 && (await exists(repository, end))) throw unresolvable(range, `${end} is not a commit`);
  }
  const listed = await runGit(repository.git, ["rev-list", range, "--"]);
  if (listed.status !== 0) throw unresolvable(range, errorLines(listed.errorText)[0] ?? "git cannot resolve it");
  const tips = textLines(parsed.output).filter((line) => !line.startsWith("^"));
  return { commits: textLines(listed.output), tips };
}

/** Brings objects in that a repository lacks on purpose. What is missing afterwards is a gap. */
export type ObtainObjects = (objectIds: readonly string[]) => Promise<void>;

/**
 * All that the tips reach and the known objects do not. A known object that is not here is left out of account: then
 * more is listed, never less.
 *
 * @param tips object ids that exist
 * @throws {KeyrecallError} `unresolvable-range`
 */
export async function newCommits(
  repository: Repository,
  tips: readonly string[],
  known: readonly string[],
): Promise<string[]> {
  const { status, output, errorText } = await runGit(
    repository.git,
    ["rev-list", "--ignore-missing", "--stdin"],
    [...tips.map((id) => `${id}\n`), ...known.map((id) => `^${id}\n`)],
  );
  if (status === 0) return textLines(output);
  throw new KeyrecallError(
    "unresolvable-range",
    `cannot list what is new: ${errorLines(errorText)[0] ?? `git rev-list ended with ${status}`}`,
    { hint: "run git fsck; fetch what is missing from another copy" },
  );
}

async function exists(repository: Repository, objectId: string): Promise<boolean> {
  return (await runGit(repository.git, ["cat-file", "-e", objectId])).status === 0;
}

function unresolvable(range: string, why: string): KeyrecallError {
  return new KeyrecallError("unresolvable-range", `cannot resolve --range ${range}: ${why}`, {
    hint: "check both names; in a shallow or single-branch clone fetch them first (git fetch --unshallow, git fetch origin <name>)",
  });
}

/** The commit that HEAD names, or null before the first commit. */
export async function headCommit(repository: Repository): Promise<string | null> {
  const { status, output } = await runGit(repository.git, ["rev-parse", "--verify", "--quiet", "HEAD"]);
  if (status === 0) return output.toString("latin1").trim();
  const branch = (await runGit(repository.git, ["symbolic-ref", "--quiet", "HEAD"])).output.toString("utf8").trim();
  if (branch !== "" && existsSync(path.join(repository.commonDirectory, branch))) {
    throw new KeyrecallError("unresolvable-range", `HEAD names ${branch}, which is no readable ref`, {
      hint: "correct the ref; git fsck and git reflog say what it was",
    });
  }
  return null;
}

/** All commits that the given ones reach, themselves included. */
export async function reachableCommits(
  repository: Repository,
  tips: readonly string[],
  onGap: (gap: Gap) => void,
): Promise<CommitNode[]> {
  if (tips.length === 0) return [];
  const { status, output, errorText } = await runGit(
    repository.git,
    ["rev-list", "--parents", "--stdin"],
    tips.map((tip) => `${tip}\n`),
  );
  if (status !== 0) onGap({ what: "reachable history", why: `${errorLines(errorText).join("; ")}; run git fsck` });
  return textLines(output).map((line) => {
    const [id = "", ...parents] = line.split(" ");
    return { id, parents };
  });
}

/** The commits that are being merged, while a merge is not yet committed. */
export function mergeHeads(repository: Repository): string[] {
  // Each working tree has its own. rev-parse would give the first line only; an octopus merge has more.
  const file = path.join(repository.gitDirectory, "MERGE_HEAD");
  return existsSync(file) ? textLines(readRegularFile(file)) : [];
}

/** The tree without entries, which git knows without storing it. */
export async function emptyTree(repository: Repository): Promise<string> {
  const { output } = await runGit(repository.git, ["hash-object", "-t", "tree", "--stdin"], []);
  return output.toString("latin1").trim();
}

/** Files and directories, a character for a byte. */
async function pathsOfCommit(repository: Repository, commit: string, onGap: (gap: Gap) => void): Promise<string[]> {
  const { status, output, errorText } = await runGit(repository.git, [
    "ls-tree",
    "-r",
    "-t",
    "-z",
    "--full-tree",
    commit,
  ]);
  if (status !== 0) onGap({ what: `tree of ${commit}`, why: `${errorLines(errorText).join("; ")}; run git fsck` });
  return output
    .toString("latin1")
    .split("\0")
    .map((record) => record.slice(record.indexOf("\t") + 1));
}

export interface PathInCommit {
  readonly commit: string;
  readonly path: string;
}

/** Which of the paths exist, as files or directories. */
export async function existingPaths(
  repository: Repository,
  paths: readonly PathInCommit[],
  onGap: (gap: Gap) => void,
): Promise<(path: PathInCommit) => boolean> {
  const nameOf = ({ commit, path: file }: PathInCommit): string =>
    `${commit}:${encodeByteText(file).toString("latin1")}`;
  const names = [...new Set(paths.map(nameOf))];
  const existing = new Set<string>();
  // What ends lines cannot be asked for in a list of lines.
  // Of a file whose content a partial clone lacks, git would say that the name is missing.
  const isUnaskable = (name: string): boolean => repository.isPartial || /[\n\r]/.test(name);
  const listed = names.filter((name) => !isUnaskable(name));
  for (const commit of new Set(names.filter(isUnaskable).map((name) => name.slice(0, name.indexOf(":"))))) {
    for (const file of await pathsOfCommit(repository, commit, onGap)) existing.add(`${commit}:${file}`);
  }
  if (listed.length === 0) return (one) => existing.has(nameOf(one));
  const input = listed.map((name) => `${name}\n`);
  const { status, output, errorText } = await runGit(repository.git, ["cat-file", "--batch-check"], input);
  const answers = textLines(output);
  if (status !== 0 || answers.length !== listed.length) {
    onGap({ what: "names in history", why: `${errorLines(errorText).join("; ")}; run git fsck` });
  }
  for (const [position, answer] of answers.entries()) {
    if (!answer.endsWith(" missing")) existing.add(listed[position] ?? "");
  }
  return (one) => existing.has(nameOf(one));
}

function textLines(output: Buffer): string[] {
  return output
    .toString("latin1")
    .split("\n")
    .filter((line) => line !== "");
}
