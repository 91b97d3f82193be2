/** Which tracked files hold a text, as `git grep` finds them. */
import { decodeByteText } from "../core/byte-text.ts";
import { runGit } from "./process.ts";
import type { Repository } from "./repository.ts";

const MAX_FILES = 200;

/** In the working tree, or in HEAD where there is none. Empty where git finds none or cannot look. */
export async function filesWithText(repository: Repository, text: string): Promise<string[]> {
  if (repository.refusal !== null) return [];
  const where = repository.workTree === null ? ["HEAD", "--"] : ["--untracked", "--exclude-standard", "--"];
  const { output } = await runGit(repository.git, [
    "grep",
    "--files-with-matches",
    "-z",
    "--fixed-strings",
    "--word-regexp",
    "-I",
    "--no-recurse-submodules",
    "--full-name",
    "-e",
    text,
    ...where,
  ]);
  return output
    .toString("latin1")
    .split("\0")
    .filter((name) => name !== "")
    .slice(0, MAX_FILES)
    .map((name) => decodeByteText(Buffer.from(name.replace(/^HEAD:/, ""), "latin1")));
}
