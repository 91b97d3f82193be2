/** Names of commits, as people write them. */
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
 * @param range as git writes it: `A..B`, `A...B`, `B ^A`, `B`
 * @throws {KeyrecallError} `unresolvable-range`
 */
export async function resolveRange(repository: Repository, range: string): Promise<ResolvedRange> {
  const words = range.split(/\s+/).filter((word) => word !== "");
  if (words.length === 0 || words.some((word) => word.startsWith("-"))) throw unresolvable(range, "it is not a range");
  const listed = await runGit(repository.git, ["rev-list", ...words, "--"]);
  if (listed.status !== 0) throw unresolvable(range, errorLines(listed.errorText)[0] ?? "git cannot resolve it");
  const parsed = await runGit(repository.git, ["rev-parse", "--revs-only", ...words]);
  const tips = textLines(parsed.output).filter((line) => !line.startsWith("^"));
  return { commits: textLines(listed.output), tips };
}

function unresolvable(range: string, why: string): KeyrecallError {
  return new KeyrecallError("unresolvable-range", `cannot resolve the range ${range}: ${why}`, {
    hint: "check both names; in a shallow or single-branch clone fetch them first (git fetch --unshallow, git fetch origin <name>)",
  });
}

/** The commit that HEAD names, or null before the first commit. */
export async function headCommit(repository: Repository): Promise<string | null> {
  return resolveCommit(repository, "HEAD");
}

export async function resolveCommit(repository: Repository, name: string): Promise<string | null> {
  const { status, output } = await runGit(repository.git, ["rev-parse", "--verify", "--quiet", name]);
  return status === 0 ? output.toString("latin1").trim() : null;
}

/** The commits that are being merged, while a merge is not yet committed. */
export async function mergeHeads(repository: Repository): Promise<string[]> {
  const { status, output } = await runGit(repository.git, ["rev-parse", "--revs-only", "MERGE_HEAD"]);
  return status === 0 ? textLines(output) : [];
}

/** The tree without entries, which git knows without storing it. */
export async function emptyTree(repository: Repository): Promise<string> {
  const { output } = await runGit(repository.git, ["hash-object", "-t", "tree", "--stdin"], []);
  return output.toString("latin1").trim();
}

function textLines(output: Buffer): string[] {
  return output.toString("latin1").split("\n").filter((line) => line !== "");
}
