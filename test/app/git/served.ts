// Repositories behind a git server, as the App meets them.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { builtinRules } from "keyrecall";
import { afterAll } from "vitest";
import type { Clone, FetchRequest, Scanned } from "../../../app/git/clone.ts";
import type { Remote } from "../../../app/git/remote.ts";
import { RepositoryCache, type RepositoryCacheOptions } from "../../../app/git/repository-cache.ts";
import { GitRepository, type InitOptions } from "../../support/git-repository.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { GitHttpServer } from "./git-server.ts";

const servers: GitHttpServer[] = [];

afterAll(async () => {
  for (const server of servers) await server.stop();
});

export interface World {
  readonly server: GitHttpServer;
  readonly root: string;
  readonly cacheDirectory: string;
}

export async function startWorld(): Promise<World> {
  const root = makeTempDir("served");
  const server = await GitHttpServer.start(root);
  servers.push(server);
  return { server, root, cacheDirectory: makeTempDir("cache") };
}

let count = 0;

export interface Served {
  readonly repository: GitRepository;
  readonly remote: Remote;
}

export function serveRepository(
  { server, root }: World,
  options: InitOptions & Partial<Remote> & { readonly isFilterRefused?: boolean } = {},
): Served {
  count += 1;
  const name = `r${count}`;
  const dir = join(root, name);
  mkdirSync(dir);
  const repository = GitRepository.init({ ...options, dir });
  repository.git(["config", "uploadpack.allowFilter", String(options.isFilterRefused !== true)]);
  return { repository, remote: remoteOf(`${server.url}/${name}/.git`, options) };
}

export function remoteOf(url: string, options: Partial<Remote> = {}): Remote {
  return {
    id: options.id ?? count,
    url,
    sizeBytes: options.sizeBytes ?? null,
    credential: options.credential ?? (() => Promise.resolve(null)),
  };
}

export function cacheOf(world: World, options: Partial<RepositoryCacheOptions> = {}): RepositoryCache {
  return new RepositoryCache({
    directory: world.cacheDirectory,
    maxBytes: 1024 ** 3,
    serverUrl: world.server.url,
    gitTimeoutMs: 60_000,
    ...options,
  });
}

/** Fetches and scans a push; both have to come to their end. */
export async function scanPush(clone: Clone, request: FetchRequest): Promise<Scanned> {
  const fetched = await clone.fetch(request);
  if (fetched.outcome !== "ok") throw new Error(`${fetched.outcome}: ${fetched.message}`);
  const scanned = await clone.scan({
    tips: fetched.tips.map((id) => ({ id })),
    known: fetched.known,
    rules: builtinRules,
    minConfidence: "certain",
  });
  if (scanned.outcome !== "ok") throw new Error(`${scanned.outcome}: ${scanned.message}`);
  return scanned;
}

/** The fingerprints that were found, in a scan that read everything. */
export function foundIn({ result, failed }: Scanned): string[] {
  if (failed !== null) throw new Error(`${failed.outcome}: ${failed.message}`);
  if (result.coverage.hasGaps) throw new Error(JSON.stringify(result.coverage.gaps));
  return [...new Set(result.occurrences.map(({ token }) => token.fingerprint))].toSorted();
}
