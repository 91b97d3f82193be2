/** One file of a commit. */
import { KeyrecallError } from "../core/errors.ts";
import { errorLines, runGit } from "./process.ts";
import type { Repository } from "./repository.ts";

/**
 * The blob at a path of a commit's tree, or null where there is none.
 *
 * @throws {KeyrecallError} where something else than a regular file stands there
 */
export async function blobAt({ git }: Repository, commit: string, path: string): Promise<string | null> {
  const { status, output, errorText } = await runGit(git, ["ls-tree", "-z", "--full-tree", commit, "--", path]);
  if (status !== 0) {
    throw new KeyrecallError(
      "unresolvable-range",
      `the files of ${commit} cannot be listed: ${errorLines(errorText).join("; ")}`,
    );
  }
  const record = output.toString("utf8").split("\0")[0] ?? "";
  if (record === "") return null;
  const [mode = "", , objectId = ""] = record.slice(0, record.indexOf("\t")).split(" ");
  // `directory/` would name the first of its files.
  const isNamed = record.slice(record.indexOf("\t") + 1) === path;
  if (!isNamed || !mode.startsWith("100")) {
    throw new KeyrecallError("configuration", `${path} is no regular file in ${commit}`, {
      hint: "a link or a directory is not followed there",
    });
  }
  return objectId;
}

/** @throws {KeyrecallError} where it is longer than `limit` or cannot be read */
export async function readBlob({ git }: Repository, objectId: string, limit: number): Promise<Buffer> {
  const size = await runGit(git, ["cat-file", "-s", objectId]);
  const bytes = Number(size.output.toString("latin1"));
  if (size.status !== 0) {
    throw new KeyrecallError("configuration", `${objectId} cannot be read: ${errorLines(size.errorText).join("; ")}`);
  }
  if (bytes > limit) throw new KeyrecallError("configuration", `${objectId} is larger than ${limit} bytes`);
  return (await runGit(git, ["cat-file", "blob", objectId])).output;
}
