/** The facts of a repository as they are now. */
import type { LeakingRepository } from "../incident.ts";
import type { GitHubClient } from "./client.ts";
import { orRefusal, type Refusal } from "./refusal.ts";

export interface RepositoryFacts extends LeakingRepository {
  readonly kind: "repository";
  readonly ownerId: number;
  readonly owner: string;
  readonly name: string;
  readonly hasIssues: boolean;
  /** For git over https. */
  readonly cloneUrl: string;
}

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
  };
}

/** By its number, which survives renames and transfers. */
export async function repositoryById(client: GitHubClient, id: number): Promise<RepositoryFacts | Refusal> {
  return orRefusal(`read the repository ${id}`, async () => {
    const { data } = await client.request("GET /repositories/{id}", { id });
    return repositoryFacts(data as RepositoryAnswer);
  });
}

/** By `owner/name`; a former name leads to the repository that has it now. */
export async function repositoryByName(client: GitHubClient, fullName: string): Promise<RepositoryFacts | Refusal> {
  const { owner, repo } = splitName(fullName);
  return orRefusal(`read ${fullName}`, async () => {
    const { data } = await client.rest.repos.get({ owner, repo });
    return repositoryFacts(data);
  });
}

/** By its name, and by its number where another repository has that name now or none has. */
export async function findRepository(
  client: GitHubClient,
  { id, fullName }: { readonly id: number; readonly fullName: string },
): Promise<RepositoryFacts | Refusal> {
  const named = await repositoryByName(client, fullName);
  if (named.kind === "repository" ? named.id === id : named.reason !== "missing") return named;
  return repositoryById(client, id);
}

export function splitName(fullName: string): { owner: string; repo: string } {
  const [owner = "", repo = ""] = fullName.split("/");
  return { owner, repo };
}
