import { randomBytes } from "node:crypto";
import { isRecord } from "../../http/request-body.ts";
// What an App asks about itself: its installations, tokens and webhooks.
import { hasLevel } from "../access.ts";
import type { InstallationToken } from "../credentials.ts";
import { forbidden, GitHubError, notFound } from "../github-error.ts";
import type { GitHub } from "../github.ts";
import { pageSize } from "../pagination.ts";
import { created, list, nothing, ok, type Call, type Result, type Route } from "../route.ts";
import { fullOrganization, installationShape, integration, publicUser, time } from "../shapes/accounts.ts";
import { fullRepository, repositoryShape } from "../shapes/repositories.ts";
import type { Delivery } from "../webhooks/sender.ts";
import type { Installation, Level, Permissions, Repository } from "../world/entities.ts";

const MOST_REPOSITORIES = 500;

export const appRoutes: readonly Route[] = [
  {
    route: "GET /app",
    by: "app",
    handle: ({ github }) => {
      const count = github.world.installations.filter(({ isDeleted }) => !isDeleted).length;
      return ok({ ...integration(github.urls, github.app), installations_count: count });
    },
  },
  {
    route: "POST /app-manifests/{code}/conversions",
    by: "anybody",
    handle: ({ github, params }) => {
      const { credentials, settings } = github;
      if (!credentials.spendCode(params["code"] ?? "")) throw notFound();
      return created({
        ...integration(github.urls, github.app),
        client_id: credentials.clientId,
        client_secret: randomBytes(20).toString("hex"),
        webhook_secret: settings.webhookSecret === "" ? null : settings.webhookSecret,
        pem: credentials.privateKeyPem,
      });
    },
  },
  {
    route: "GET /app/installations",
    by: "app",
    handle: ({ github }) =>
      list(
        github.world.installations.filter(({ isDeleted }) => !isDeleted),
        (installation) => installationShape(github.urls, github.app, installation),
      ),
  },
  {
    route: "GET /app/installations/{installation_id}",
    by: "app",
    handle: (call) => ok(installationShape(call.github.urls, call.github.app, findInstallation(call))),
  },
  {
    route: "DELETE /app/installations/{installation_id}",
    by: "app",
    handle: (call) => {
      findInstallation(call).isDeleted = true;
      return nothing();
    },
  },
  { route: "POST /app/installations/{installation_id}/access_tokens", by: "app", handle: createToken },
  { route: "GET /repos/{owner}/{repo}/installation", by: "app", handle: installationOfRepository },
  { route: "GET /orgs/{org}/installation", by: "app", handle: (call) => installationOfAccount(call, "org") },
  { route: "GET /users/{username}/installation", by: "app", handle: (call) => installationOfAccount(call, "username") },
  {
    route: "GET /installation/repositories",
    by: "installation",
    handle: ({ github, principal }) => {
      if (principal.kind !== "installation") throw forbidden();
      const { installation, repositories } = principal.token;
      const covered = github.world
        .repositoriesOf(installation)
        .filter(({ id }) => repositories === "all" || repositories.has(id));
      return list(
        covered,
        (repository) => repositoryShape(github.urls, repository),
        (page, total) => ({
          total_count: total,
          repository_selection: installation.selection,
          repositories: page,
        }),
      );
    },
  },
  {
    route: "DELETE /installation/token",
    by: "installation",
    handle: ({ github, principal }) => {
      if (principal.kind === "installation") github.credentials.forget((token) => token === principal.token);
      return nothing();
    },
  },
  { route: "GET /app/hook/config", by: "app", handle: ({ github }) => ok(hookConfig(github)) },
  { route: "PATCH /app/hook/config", by: "app", handle: changeHookConfig },
  { route: "GET /app/hook/deliveries", by: "app", handle: listDeliveries },
  {
    route: "GET /app/hook/deliveries/{delivery_id}",
    by: "app",
    handle: (call) => ok(fullDelivery(findDelivery(call))),
  },
  {
    route: "POST /app/hook/deliveries/{delivery_id}/attempts",
    by: "app",
    handle: (call) => {
      call.github.webhooks.redeliver(findDelivery(call));
      return ok({}, 202);
    },
  },
  {
    route: "GET /rate_limit",
    by: "anybody",
    handle: ({ github, principal }) => {
      const core = github.limits.facts(principal, "core");
      return ok({ resources: { core, search: github.limits.facts(principal, "search") }, rate: core });
    },
  },
  {
    route: "GET /users/{username}",
    by: "anybody",
    handle: ({ github, params }) => {
      const account = github.world.findAccount(params["username"] ?? "");
      if (account === undefined) throw notFound();
      return ok(publicUser(github.urls, account, github.world.repositories.filter(isPublicOf(account.id)).length));
    },
  },
  {
    route: "GET /orgs/{org}",
    by: "anybody",
    handle: ({ github, params }) => {
      const account = github.world.findAccount(params["org"] ?? "");
      if (account === undefined || account.type !== "Organization") throw notFound();
      return ok(
        fullOrganization(github.urls, account, github.world.repositories.filter(isPublicOf(account.id)).length),
      );
    },
  },
  {
    route: "GET /repos/{owner}/{repo}",
    by: "repository",
    needs: [{ metadata: "read" }],
    handle: ({ github, repository }) => {
      const parent = repository.parent === undefined ? undefined : github.world.findRepositoryById(repository.parent);
      return ok(fullRepository(github.urls, repository, parent));
    },
  },
];

function isPublicOf(owner: number): (repository: Repository) => boolean {
  return (repository) => repository.owner.id === owner && !repository.isPrivate && !repository.isDeleted;
}

function findInstallation({ github, params }: Call): Installation {
  const found = github.world.findInstallation(Number(params["installation_id"]));
  if (found === undefined) throw notFound();
  return found;
}

function installationOfRepository({ github, params }: Call): Result {
  const { owner = "", repo = "" } = params;
  const repository = github.world.findRepository(owner, repo);
  const moved = repository === undefined ? github.world.findMoved(owner, repo) : undefined;
  if (moved !== undefined) {
    const location = github.addressByNumber(moved, "/installation");
    throw new GitHubError(301, "Moved Permanently", { headers: { location }, url: location });
  }
  const covering =
    repository === undefined
      ? undefined
      : github.world.installations.find((entry) => !entry.isDeleted && github.world.covers(entry, repository));
  if (covering === undefined) throw notFound();
  return ok(installationShape(github.urls, github.app, covering));
}

function installationOfAccount({ github, params }: Call, name: string): Result {
  const account = github.world.findAccount(params[name] ?? "");
  const found = github.world.installations.find((entry) => !entry.isDeleted && entry.account === account);
  if (account === undefined || found === undefined) throw notFound();
  return ok(installationShape(github.urls, github.app, found));
}

function createToken(call: Call): Result {
  const { github, body, headers } = call;
  const installation = findInstallation(call);
  if (installation.suspendedAt !== null) throw new GitHubError(403, "This installation has been suspended");
  const permissions = narrowedPermissions(installation, body["permissions"]);
  const repositories = narrowedRepositories(github, installation, body);
  const { tokenLifetimeSeconds, tokenFormat } = github.settings;
  const token: InstallationToken = {
    installation,
    permissions,
    repositories: repositories === undefined ? "all" : new Set(repositories.map(({ id }) => id)),
    expiresAt: new Date(Date.now() + tokenLifetimeSeconds * 1000),
  };
  const wish = headers["x-github-stateless-s2s-token"];
  const format = wish === "enabled" ? "stateless" : wish === "disabled" ? "opaque" : tokenFormat;
  return created({
    token: github.credentials.mintInstallationToken(token, format),
    expires_at: time(token.expiresAt),
    permissions,
    repository_selection: repositories === undefined ? installation.selection : "selected",
    ...(repositories === undefined
      ? {}
      : { repositories: repositories.map((repository) => repositoryShape(github.urls, repository)) }),
  });
}

function narrowedPermissions(installation: Installation, asked: unknown): Permissions {
  if (!isRecord(asked)) return installation.permissions;
  for (const [name, level] of Object.entries(asked)) {
    if (!hasLevel(installation.permissions[name], level as Level)) {
      throw new GitHubError(422, "The permissions requested are not granted to this installation.");
    }
  }
  return { metadata: "read", ...asked };
}

function narrowedRepositories(
  github: GitHub,
  installation: Installation,
  body: Call["body"],
): Repository[] | undefined {
  const ids = Array.isArray(body["repository_ids"]) ? (body["repository_ids"] as number[]) : [];
  const names = Array.isArray(body["repositories"]) ? (body["repositories"] as string[]) : [];
  if (ids.length === 0 && names.length === 0) return undefined;
  const tooMany = new GitHubError(422, `The number of repositories is limited to ${MOST_REPOSITORIES}.`);
  if (ids.length + names.length > MOST_REPOSITORIES) throw tooMany;
  const covered = github.world.repositoriesOf(installation);
  const found = [
    ...ids.map((id) => covered.find((repository) => repository.id === id)),
    ...names.map((name) => covered.find((repository) => repository.name === name)),
  ];
  if (found.includes(undefined)) {
    const why = "There is at least one repository that does not exist or is not accessible to the parent installation.";
    throw new GitHubError(422, why);
  }
  return [...new Set(found)] as Repository[];
}

function hookConfig({ settings }: GitHub) {
  return {
    content_type: "json",
    insecure_ssl: "0",
    ...(settings.webhookSecret === "" ? {} : { secret: "********" }),
    url: settings.webhookUrl ?? "",
  };
}

function changeHookConfig({ github, body }: Call): Result {
  const { url, secret } = body;
  github.settings = {
    ...github.settings,
    ...(typeof url === "string" ? { webhookUrl: url } : {}),
    ...(typeof secret === "string" ? { webhookSecret: secret } : {}),
  };
  return ok(hookConfig(github));
}

function findDelivery({ github, params }: Call): Delivery {
  const found = github.webhooks.kept().find(({ id }) => id === Number(params["delivery_id"]));
  if (found === undefined) throw notFound();
  return found;
}

/** Paged by a cursor, which is where the page before ended. */
function listDeliveries({ github, query }: Call): Result {
  const status = query.get("status");
  const isFailure = ({ statusCode }: Delivery): boolean => statusCode >= 400 && statusCode <= 599;
  const all = github.webhooks
    .kept()
    .filter((delivery) => status === null || isFailure(delivery) === (status === "failure"))
    .filter((delivery) => status !== "success" || (delivery.statusCode >= 200 && delivery.statusCode < 400));
  const cursor = query.get("cursor");
  const start = cursor === null ? 0 : all.findIndex(({ id }) => `v1_${id}` === cursor);
  if (start < 0) throw new GitHubError(422, "Invalid cursor");
  const size = pageSize(query, github.settings.largestPage);
  const next = all[start + size];
  const target = new URL("/app/hook/deliveries", github.urls.origin);
  for (const [name, value] of query) target.searchParams.set(name, value);
  if (next !== undefined) target.searchParams.set("cursor", `v1_${next.id}`);
  const link = next === undefined ? undefined : `<${target.href}>; rel="next"`;
  return { kind: "page", value: all.slice(start, start + size).map((delivery) => briefDelivery(delivery)), link };
}

function briefDelivery(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt.toISOString(),
    redelivery: delivery.isRedelivery,
    duration: delivery.duration,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

function fullDelivery(delivery: Delivery) {
  return {
    ...briefDelivery(delivery),
    url: delivery.url,
    request: { headers: delivery.requestHeaders, payload: JSON.parse(delivery.body) as unknown },
    response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
  };
}
