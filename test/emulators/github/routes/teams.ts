// Teams of organizations and who is in them.
import { hasAny } from "../access.ts";
import { forbidden, notFound } from "../github-error.ts";
import { ok, type Call, type Route } from "../route.ts";
import { fullTeam } from "../shapes/accounts.ts";
import type { Account, Team } from "../world/entities.ts";

const needs = [{ members: "read" }] as const;

export const teamRoutes: readonly Route[] = [
  {
    route: "GET /orgs/{org}/teams/{team_slug}",
    by: "token",
    needs,
    handle: (call) => {
      const { organization, team } = findTeam(call);
      return ok(fullTeam(call.github.urls, organization, team));
    },
  },
  {
    route: "GET /orgs/{org}/teams/{team_slug}/memberships/{username}",
    by: "token",
    needs,
    handle: (call) => {
      const { organization, team } = findTeam(call);
      const account = call.github.world.findAccount(call.params["username"] ?? "");
      if (account === undefined || !team.members.has(account.id)) throw notFound();
      const url = `${call.github.urls.origin}/organizations/${organization.id}/team/${team.id}/memberships/${account.login}`;
      return ok({ url, role: "member", state: "active" });
    },
  },
];

function findTeam({ github, principal, params }: Call): { organization: Account; team: Team } {
  const organization = github.world.findAccount(params["org"] ?? "");
  if (organization === undefined || principal.kind !== "installation") throw notFound();
  const { installation, permissions } = principal.token;
  if (installation.account !== organization) throw notFound();
  if (!hasAny(permissions, needs)) throw forbidden();
  const team = organization.teams.find(({ slug }) => slug === params["team_slug"]);
  if (team === undefined) throw notFound();
  return { organization, team };
}
