/** Where a repository is fetched from, and with what. */
import type { Remote } from "../git/remote.ts";
import { isRefusal } from "../github/refusal.ts";
import type { CoveredRepository } from "../store/repositories.ts";
import type { JobContext } from "./context.ts";
import { PermanentError } from "./permanent-error.ts";

/** The wiki beside it: the same token opens it. */
export function wikiOf(context: JobContext, repository: CoveredRepository): Remote {
  const remote = remoteOf(context, { ...repository, sizeBytes: null });
  return { ...remote, url: remote.url.replace(/\.git$/, ".wiki.git"), isWiki: true };
}

export function remoteOf(context: JobContext, repository: CoveredRepository): Remote {
  const { id, installationId, fullName, sizeBytes } = repository;
  return {
    id,
    url: `${context.settings.gitHubServerUrl}/${fullName}.git`,
    sizeBytes,
    credential: async (isRefused) => {
      const token = await context.gitTokens.get(installationId, id, isRefused);
      if (isRefusal(token)) throw new PermanentError(token.sentence);
      return token.reveal();
    },
  };
}
