/** Where a repository is fetched from, and with what. */
import type { Remote } from "../git/repository-cache.ts";
import type { CoveredRepository } from "../store/repositories.ts";
import type { JobContext } from "./context.ts";

export function remoteOf({ settings, github }: JobContext, repository: CoveredRepository): Remote {
  return {
    id: repository.id,
    url: `${settings.gitHubServerUrl}/${repository.fullName}.git`,
    credential: () => github.tokenForGit(repository.installationId, repository.id),
  };
}
