/** The part that works: GitHub's client, the clones, and the jobs that use them. A front alone never loads it. */
import { builtinRules, HttpProvider } from "keyrecall";
import { RepositoryCache } from "./git/repository-cache.ts";
import { createGitHub, type GitHub } from "./github/client.ts";
import { GitTokens } from "./github/git-tokens.ts";
import { type AppIdentity, readIdentity } from "./github/identity.ts";
import type { JobContext } from "./jobs/context.ts";
import { forgetAbandonedClones } from "./jobs/erase.ts";
import { startWorkers } from "./jobs/workers.ts";
import type { Settings } from "./settings.ts";
import { VERSION } from "./version.ts";

/** Of this process's own directory; a job of the queue may be another host's. */
const UPKEEP_MS = 15 * 60_000;

export type WorkParts = Pick<JobContext, "settings" | "database" | "sealer" | "queue" | "metrics" | "log">;

export interface Work {
  readonly github: GitHub;
  /** Ends requests to GitHub that are still under way. */
  end(): void;
}

export async function startWork(parts: WorkParts): Promise<Work> {
  const { settings, database, log } = parts;
  const cache = new RepositoryCache({
    directory: settings.cacheDirectory,
    maxBytes: settings.cacheMaxBytes,
    serverUrl: settings.gitHubServerUrl,
    onProblem: (problem) => log.error({ problem }, "the cache of clones has a problem"),
  });
  const github = connectGitHub(settings, log);
  try {
    await startWorkers({
      ...parts,
      github,
      identity: identityOf(github),
      gitTokens: new GitTokens(github),
      cache,
      rules: builtinRules,
      openProvider: providerOf(settings),
    });
  } catch (error) {
    github.close();
    throw error;
  }
  const ended = new AbortController();
  const upkeep = setInterval(() => {
    forgetAbandonedClones({ database, cache }, ended.signal).catch((error: unknown) => {
      if (!ended.signal.aborted) log.error({ err: error }, "clones of uninstalled accounts could not be taken away");
    });
  }, UPKEEP_MS);
  upkeep.unref();
  const end = (): void => {
    clearInterval(upkeep);
    ended.abort(new Error("the App is stopping"));
    github.close();
  };
  return { github, end };
}

export function connectGitHub(settings: Settings, log: JobContext["log"]): GitHub {
  return createGitHub({
    appId: settings.appId,
    privateKey: settings.privateKey,
    baseUrl: settings.gitHubApiUrl,
    pace: { writeMs: settings.gitHubWritePauseMs, notifyMs: 3 * settings.gitHubWritePauseMs },
    log,
  });
}

/** An App that is renamed has another login from then on. */
const IDENTITY_HOLDS_MS = 10 * 60_000;

/** Asked for when it is needed first: webhooks are taken while GitHub's API does not answer. */
function identityOf(github: GitHub): () => Promise<AppIdentity> {
  let known: { readonly identity: AppIdentity; readonly until: number } | null = null;
  return async () => {
    if (known !== null && known.until > Date.now()) return known.identity;
    const identity = await readIdentity(await github.forApp());
    known = { identity, until: Date.now() + IDENTITY_HOLDS_MS };
    return identity;
  };
}

function providerOf({ revocation }: Settings): JobContext["openProvider"] {
  if (revocation === null) return null;
  const { url, secrets } = revocation;
  return () => new HttpProvider({ url, secrets, userAgent: `keyrecall-app/${VERSION}` });
}
