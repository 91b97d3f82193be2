/** The App was uninstalled, or taken off a repository: what was kept of it is erased. */
import type { RepositoryCache } from "../git/repository-cache.ts";
import type { Database } from "../store/database.ts";
import { abandonedRepositories, eraseKept, repositoriesOfInstallation } from "../store/erasure.ts";
import { findInstallation } from "../store/repositories.ts";
import type { JobContext } from "./context.ts";

export async function eraseInstallation(
  { database, cache, log }: JobContext,
  installationId: number,
  signal: AbortSignal,
): Promise<void> {
  const installation = await findInstallation(database, installationId);
  const isGone = installation?.state === "deleted";
  if (isGone) await eraseKept(database, installationId);
  const repositories = await repositoriesOfInstallation(database, installationId);
  const abandoned = await abandonedRepositories(database, repositories);
  for (const id of abandoned) await cache.forget(id, signal);
  log.info(
    { installation: installationId, isGone, clones: abandoned.length },
    "what is not needed any more was erased",
  );
}

/** The clones in this process's own directory, which another host's worker does not reach. */
export async function forgetAbandonedClones(
  { database, cache }: { readonly database: Database; readonly cache: RepositoryCache },
  signal: AbortSignal,
): Promise<number> {
  const abandoned = await abandonedRepositories(database, cache.repositoryIds());
  for (const id of abandoned) await cache.forget(id, signal);
  return abandoned.length;
}
