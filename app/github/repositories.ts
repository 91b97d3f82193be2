/** The facts of a repository as they are now. */
import type { LeakingRepository } from "../incident.ts";
import type { GitHubClient } from "./client.ts";
import { isRefusal, orRefusal, type Refusal, refused } from "./refusal.ts";

export interface RepositoryFacts extends LeakingRepository {
  readonly kind: "repository";
  readonly ownerId: number;
  readonly owner: string;
  readonly name: string;
  readonly hasIssues: boolean;
  /** For git over https. */
  readonly cloneUrl: string;
  /** As GitHub counts it; null where it does not say. */
  readonly sizeBytes: number | null;
  readonly pushedAt: string | null;
}

const PAGE = 100;

/** The part of an answer that is used, in webhooks too. */
export interface RepositoryAnswer {
  readonly id: number;
  readonly name: string;
  readonly full_name: string;
  readonly private: boolean;
  readonly default_branch: string;
  readonly archived?: boolean | undefined;
  readonly has_issues?: boolean | undefined;
  readonly clone_url: string;
  /** In kilobytes. */
  readonly size?: number | undefined;
  readonly pushed_at?: string | null | undefined;
  readonly owner: { readonly id: number; readonly login: string };
}

export function repositoryFacts(answer: RepositoryAnswer): RepositoryFacts {
  return {
    kind: "repository",
    id: answer.id,
    owner: answer.owner.login,
    ownerId: answer.owner.id,
    name: answer.name,
    fullName: answer.full_name,
    isPrivate: answer.private,
    defaultBranch: answer.default_branch,
    isArchived: answer.archived ?? false,
    hasIssues: answer.has_issues ?? true,
    cloneUrl: answer.clone_url,
    sizeBytes: answer.size === undefined ? null : answer.size * 1024,
    pushedAt: answer.pushed_at ?? null,
  };
}

/** By `owner/name`; a former name leads to the repository that has it now. */
export async function repositoryByName(client: GitHubClient, fullName: string): Promise<RepositoryFacts | Refusal> {
  const { owner, repo } = splitName(fullName);
  return orRefusal(`read ${fullName}`, async () => {
    const { data } = await client.rest.repos.get({ owner, repo });
    return repositoryFacts(data);
  });
}

/**
 * The one of that number, whatever it is called now. A renamed repository is reached by its former name; where another
 * one has that name, it is looked for among all that the installation covers: no documented route takes a number.
 */
export async function findRepository(
  client: GitHubClient,
  { id, fullName }: { readonly id: number; readonly fullName: string },
): Promise<RepositoryFacts | Refusal> {
  const named = await repositoryByName(client, fullName);
  if (named.kind === "repository" ? named.id === id : named.reason !== "missing") return named;
  return orRefusal(`read ${fullName}`, async () => {
    for await (const repository of installedRepositories(client)) if (repository.id === id) return repository;
    return isRefusal(named)
      ? named
      : refused("missing", `Keyrecall cannot read ${fullName}: another repository has that name.`);
  });
}

/** @param client of the installation */
export async function* installedRepositories(client: GitHubClient): AsyncGenerator<RepositoryFacts> {
  const pages = client.paginate.iterator(client.rest.apps.listReposAccessibleToInstallation, { per_page: PAGE });
  for await (const { data } of pages) for (const repository of data) yield repositoryFacts(repository);
}

/** A page of them, and how many there are in all. */
export async function installedPage(
  client: GitHubClient,
  page: number,
): Promise<{ readonly repositories: readonly RepositoryFacts[]; readonly total: number; readonly isLast: boolean }> {
  const { data, headers } = await client.rest.apps.listReposAccessibleToInstallation({ per_page: PAGE, page });
  const repositories = data.repositories.map(repositoryFacts);
  // A page can have fewer than were asked for, and be none of the last.
  return { repositories, total: data.total_count, isLast: !/\brel="?next\b/.test(headers.link ?? "") };
}

export function splitName(fullName: string): { owner: string; repo: string } {
  const [owner = "", repo = ""] = fullName.split("/");
  return { owner, repo };
}
