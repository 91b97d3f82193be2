/** Which files hold a text, as `git grep` finds them. */
import { decodeByteText } from "../core/byte-text.ts";
import { runGit } from "./process.ts";
import type { Repository } from "./repository.ts";

const MAX_FILES = 200;

export interface FilesWithText {
  readonly paths: readonly string[];
  /** There are more. */
  readonly isCut: boolean;
}

/**
 * Files with one of the texts, as words: in the working tree, ignored files left out, or in HEAD where there is none.
 *
 * @returns null where git cannot look
 */
export async function filesWithText(repository: Repository, texts: readonly string[]): Promise<FilesWithText | null> {
  if (repository.refusal !== null) return null;
  const where = repository.workTree === null ? ["HEAD", "--"] : ["--untracked", "--exclude-standard", "--"];
  const { status, output } = await runGit(repository.git, [
    "grep",
    "--files-with-matches",
    "-z",
    "--fixed-strings",
    "--word-regexp",
    "-I",
    "--no-recurse-submodules",
    "--full-name",
    ...texts.flatMap((text) => ["-e", text]),
    ...where,
  ]);
  if (status > 1) return null;
  const names = output
    .toString("latin1")
    .split("\0")
    .filter((name) => name !== "");
  const paths = names
    .slice(0, MAX_FILES)
    .map((name) => decodeByteText(Buffer.from(repository.workTree === null ? name.slice(5) : name, "latin1")));
  return { paths, isCut: names.length > paths.length };
}
