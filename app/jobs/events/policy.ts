/** What tells that an organisation's policy may be another one now: a push to its repository, or a change of that. */
import { POLICY_REPOSITORIES } from "../../policy.ts";
import { findPolicy, savePolicy } from "../../store/policies.ts";
import type { JobContext } from "../context.ts";
import type { RepositoryPayload } from "./payloads.ts";

const MAX_COMMITS = 2048;

export interface PolicyPlace {
  readonly id: number;
  readonly name: string;
  readonly accountId: number;
}

export function policyPlaceOf({ id, full_name: fullName, owner }: RepositoryPayload): PolicyPlace {
  return { id, name: fullName.split("/").at(-1) ?? "", accountId: owner.id };
}

export async function notePolicyPush(
  { database, queue }: JobContext,
  repository: PolicyPlace,
  push: { readonly by: string | null; readonly after: string; readonly commits: readonly string[] },
): Promise<void> {
  if (!isPolicyRepository(repository.name)) return;
  const { accountId } = repository;
  await database.transaction(async (transaction) => {
    if (push.by !== null) {
      const commits = [...new Set([push.after, ...push.commits])].slice(0, MAX_COMMITS);
      await savePolicy(transaction, accountId, { push: { by: push.by, commits } }, false);
    }
    await queue.send("policy", { accountId }, { within: transaction.boss });
  });
}

/** @param isGone the repository was deleted: what it said holds no longer, and the next one counts */
export async function notePolicyRepository(
  { database, queue }: JobContext,
  repository: PolicyPlace,
  isGone: boolean,
): Promise<void> {
  const { accountId } = repository;
  await database.transaction(async (transaction) => {
    const source = (await findPolicy(transaction, accountId))?.source ?? null;
    const isSource = source?.repositoryId === repository.id;
    if (!isSource && !isPolicyRepository(repository.name)) return;
    // Only its name is forgotten, by which it would be waited for; what it said holds until the next reading.
    if (isGone && isSource) {
      await savePolicy(transaction, accountId, { source: { ...source, repository: "", repositoryId: 0 } }, false);
    }
    await queue.send("policy", { accountId }, { within: transaction.boss });
  });
}

function isPolicyRepository(name: string): boolean {
  return (POLICY_REPOSITORIES as readonly string[]).includes(name.toLowerCase());
}
