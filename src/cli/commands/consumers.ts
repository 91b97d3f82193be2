/** Which files of the repository that the command runs in read a rule's variable. */
import { KeyrecallError } from "../../core/errors.ts";
import { filesWithText } from "../../git/grep.ts";
import { openRepository } from "../../git/repository.ts";
import type { ConsumerSearch } from "../../respond/rotation.ts";
import type { Rule } from "../../rules/schema.ts";

export async function consumersOf({ variable, rotation }: Rule, signal: AbortSignal): Promise<ConsumerSearch> {
  if (variable === undefined) return { paths: [], problem: "its rule names no variable" };
  const repository = await openRepository(process.cwd(), signal).catch((error: unknown) => {
    if (error instanceof KeyrecallError) return null;
    throw error;
  });
  if (repository === null) return { paths: [], problem: "this is no repository" };
  try {
    const found = await filesWithText(repository, [variable, ...rotation.readBy]);
    return found === null ? { paths: [], problem: "git cannot read this repository" } : { ...found, problem: null };
  } finally {
    repository.dispose();
  }
}
