/** Files of a repository that read a token's variable: whoever rotates has to move them over. */
import { filesWithText } from "keyrecall";
import type { CoveredRepository } from "../store/repositories.ts";
import type { JobContext } from "./context.ts";
import { remoteOf } from "./remote.ts";

/** Of a larger repository the App has no contents but those of pushes, and getting them costs more than it is worth. */
const MAX_REPOSITORY_BYTES = 16 * 1024 * 1024;

/** @returns null where nobody has looked */
export async function consumersIn(
  context: JobContext,
  repository: CoveredRepository,
  ruleId: string,
): Promise<string[] | null> {
  const variable = context.rules.find(({ id }) => id === ruleId)?.variable;
  const { sizeBytes, defaultBranch } = repository;
  if (variable === undefined || sizeBytes === null || sizeBytes > MAX_REPOSITORY_BYTES) return null;
  return context.cache.withClone(remoteOf(context, repository), async (clone) => {
    const tree = await clone.fetchTree(`refs/heads/${defaultBranch}`);
    if (tree.outcome !== "ok") return null;
    const found = await filesWithText({ directory: clone.path, treeish: tree.id, texts: [variable] });
    return found === null ? null : [...found.paths];
  });
}
