// Who may do what: by the permissions of a token, by the role of a user, and by what is public anyway.
import type { Principal } from "./credentials.ts";
import { forbidden, GitHubError, notFound } from "./github-error.ts";
import type { Account, Level, Permissions, Repository } from "./world/entities.ts";
import type { World } from "./world/world.ts";

/** Each is a set of permissions that suffices. */
export type Needs = readonly Permissions[];

const LEVELS: readonly Level[] = ["read", "write", "admin"];

/** The value of `X-Accepted-GitHub-Permissions`. */
export function describeNeeds(needs: Needs): string {
  return needs
    .map((set) =>
      Object.entries(set)
        .map(([name, level]) => `${name}=${level}`)
        .join(","),
    )
    .join("; ");
}

export function isWrite(needs: Needs): boolean {
  return needs.some((set) => Object.values(set).some((level) => level !== "read"));
}

/** Throws what GitHub answers to a principal that may not use a repository in this way. */
export function checkAccess(
  world: World,
  principal: Principal,
  repository: Repository,
  { needs, isSensitive }: { readonly needs: Needs; readonly isSensitive: boolean },
): void {
  if (!canSee(world, principal, repository)) throw notFound();
  const isPublicRead = !repository.isPrivate && !isWrite(needs) && !isSensitive;
  if (isPublicRead) return;
  switch (principal.kind) {
    case "anonymous":
      throw new GitHubError(401, "Requires authentication");
    case "app":
      throw new GitHubError(401, "A JSON web token could not be decoded");
    case "installation":
      if (!isCovered(world, principal, repository) || !hasAny(principal.token.permissions, needs)) throw forbidden();
      return;
    case "user":
      if (isSensitive && !isWriter(world, principal.account, repository)) throw notFound();
      if (isWrite(needs) && !maySomehowWrite(world, principal.account, repository, needs)) {
        throw new GitHubError(403, "Must have push access to repository");
      }
  }
}

export function canSee(world: World, principal: Principal, repository: Repository): boolean {
  if (!repository.isPrivate) return true;
  if (principal.kind === "installation") return isCovered(world, principal, repository);
  return principal.kind === "user" && world.roleOf(principal.account, repository) !== "none";
}

/** Whether a token reaches a repository beyond what everybody sees of it. */
export function isCovered(
  world: World,
  { token }: Extract<Principal, { kind: "installation" }>,
  repository: Repository,
): boolean {
  if (!world.covers(token.installation, repository)) return false;
  return token.repositories === "all" || token.repositories.has(repository.id);
}

export function hasAny(granted: Permissions, needs: Needs): boolean {
  return needs.some((set) => Object.entries(set).every(([name, level]) => hasLevel(granted[name], level)));
}

/** @param asked null where nothing is asked for */
export function hasLevel(granted: Level | undefined, asked: Level): boolean {
  return granted !== undefined && LEVELS.indexOf(granted) >= LEVELS.indexOf(asked);
}

function isWriter(world: World, account: Account, repository: Repository): boolean {
  return ["write", "maintain", "admin"].includes(world.roleOf(account, repository));
}

/** Everybody may open issues and comment; the rest needs a role. */
function maySomehowWrite(world: World, account: Account, repository: Repository, needs: Needs): boolean {
  return isWriter(world, account, repository) || needs.some((set) => set["issues"] === "write");
}
