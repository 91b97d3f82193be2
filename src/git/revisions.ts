/** Names of commits, as people write them. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { KeyrecallError } from "../core/errors.ts";
import { errorLines, runGit } from "./process.ts";
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

/** The commits that are being merged, while a merge is not yet committed. */
export async function mergeHeads(repository: Repository): Promise<string[]> {
  // rev-parse gives the first line only; an octopus merge has more.
  const { output } = await runGit(repository.git, ["rev-parse", "--path-format=absolute", "--git-path", "MERGE_HEAD"]);
  const file = output.toString("utf8").replace(/\n$/, "");
  return existsSync(file) ? textLines(readFileSync(file)) : [];
}

/** The tree without entries, which git knows without storing it. */
export async function emptyTree(repository: Repository): Promise<string> {
  const { output } = await runGit(repository.git, ["hash-object", "-t", "tree", "--stdin"], []);
  return output.toString("latin1").trim();
}

function textLines(output: Buffer): string[] {
  return output
    .toString("latin1")
    .split("\n")
    .filter((line) => line !== "");
}
