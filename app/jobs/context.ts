/** What every job is given. */
import type { RevocationProvider, Rule } from "keyrecall";
import type { RepositoryCache } from "../git/repository-cache.ts";
import type { GitHub } from "../github/client.ts";
import type { GitTokens } from "../github/git-tokens.ts";
import type { AppIdentity } from "../github/identity.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Queue } from "../queue/queue.ts";
import type { Settings } from "../settings.ts";
import type { Database } from "../store/database.ts";
import type { Sealer } from "../store/seal.ts";

export interface JobContext {
  readonly settings: Settings;
  readonly database: Database;
  readonly sealer: Sealer;
  readonly queue: Queue;
  readonly github: GitHub;
  readonly identity: () => Promise<AppIdentity>;
  readonly gitTokens: GitTokens;
  readonly cache: RepositoryCache;
  readonly rules: readonly Rule[];
  /** Null where none is configured: people revoke in the dashboard. */
  readonly openProvider: (() => RevocationProvider) | null;
  readonly metrics: Metrics;
  readonly log: Log;
}
