import type { Account, Installation, Permissions, Repository, Team } from "../world/entities.ts";
import { fullName } from "../world/entities.ts";
import { nodeId } from "../world/world.ts";
import type { Urls } from "./urls.ts";

export interface AppFacts {
  readonly id: number;
  readonly clientId: string;
  readonly slug: string;
  readonly name: string;
  readonly owner: Account;
  permissions: Permissions;
  events: readonly string[];
  readonly createdAt: Date;
}

export function time(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

export function maybeTime(date: Date | null): string | null {
  return date === null ? null : time(date);
}

export function simpleUser(urls: Urls, account: Account) {
  const { login, id, type } = account;
  const slug = login.replace("[bot]", "");
  return {
    login,
    id,
    node_id: nodeId(type === "Organization" ? "O" : type === "Bot" ? "BOT" : "U", id),
    avatar_url: `${urls.origin}/avatars/u/${id}?v=4`,
    gravatar_id: "",
    url: urls.user(encodeURIComponent(login)),
    html_url: type === "Bot" ? `${urls.origin}/apps/${slug}` : `${urls.origin}/${login}`,
    followers_url: urls.user(login, "/followers"),
    following_url: urls.user(login, "/following{/other_user}"),
    gists_url: urls.user(login, "/gists{/gist_id}"),
    starred_url: urls.user(login, "/starred{/owner}{/repo}"),
    subscriptions_url: urls.user(login, "/subscriptions"),
    organizations_url: urls.user(login, "/orgs"),
    repos_url: urls.user(login, "/repos"),
    events_url: urls.user(login, "/events{/privacy}"),
    received_events_url: urls.user(login, "/received_events"),
    type,
    user_view_type: "public",
    site_admin: false,
  };
}

export function publicUser(urls: Urls, account: Account, repositories: number) {
  return {
    ...simpleUser(urls, account),
    name: account.name,
    company: null,
    blog: "",
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: repositories,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: time(account.createdAt),
    updated_at: time(account.createdAt),
  };
}

export function simpleOrganization(urls: Urls, { login, id }: Account) {
  const url = `${urls.origin}/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId("O", id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${urls.origin}/avatars/u/${id}?v=4`,
    description: "",
  };
}

export function fullOrganization(urls: Urls, account: Account, repositories: number) {
  return {
    ...simpleOrganization(urls, account),
    name: account.name ?? account.login,
    html_url: `${urls.origin}/${account.login}`,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: repositories,
    public_gists: 0,
    followers: 0,
    following: 0,
    type: "Organization",
    created_at: time(account.createdAt),
    updated_at: time(account.createdAt),
    archived_at: null,
  };
}

/** As most webhooks name it. */
export function simpleInstallation({ id }: Installation) {
  return { id, node_id: nodeId("MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9u", id) };
}

export function fullTeam(urls: Urls, organization: Account, { id, slug, members }: Team) {
  const url = `${urls.origin}/organizations/${organization.id}/team/${id}`;
  return {
    id,
    node_id: nodeId("T", id),
    url,
    html_url: `${urls.origin}/orgs/${organization.login}/teams/${slug}`,
    name: slug,
    slug,
    description: null,
    privacy: "closed",
    notification_setting: "notifications_enabled",
    permission: "pull",
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    parent: null,
    members_count: members.size,
    repos_count: 0,
    created_at: time(organization.createdAt),
    updated_at: time(organization.createdAt),
    organization: fullOrganization(urls, organization, 0),
    type: "organization",
    organization_id: organization.id,
  };
}

export function integration(urls: Urls, app: AppFacts) {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId("A", app.id),
    owner: simpleUser(urls, app.owner),
    name: app.name,
    description: "",
    external_url: `${urls.origin}/apps/${app.slug}`,
    html_url: `${urls.origin}/apps/${app.slug}`,
    created_at: time(app.createdAt),
    updated_at: time(app.createdAt),
    permissions: app.permissions,
    events: app.events,
  };
}

/** The description of webhooks lists the events that it knows where it shows an App, and is older than some. */
const NEWER_EVENTS = new Set(["installation_target", "merge_group", "secret_scanning_alert_location"]);

export function integrationInWebhooks(urls: Urls, app: AppFacts) {
  const described = integration(urls, app);
  return { ...described, events: described.events.filter((event) => !NEWER_EVENTS.has(event)) };
}

export function installationShape(urls: Urls, app: AppFacts, installation: Installation) {
  const { id, account } = installation;
  const settings = account.type === "Organization" ? `organizations/${account.login}/settings` : "settings";
  return {
    id,
    client_id: app.clientId,
    account: simpleUser(urls, account),
    repository_selection: installation.selection,
    access_tokens_url: `${urls.origin}/app/installations/${id}/access_tokens`,
    repositories_url: `${urls.origin}/installation/repositories`,
    html_url: `${urls.origin}/${settings}/installations/${id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions,
    events: installation.events,
    created_at: time(installation.createdAt),
    updated_at: time(installation.updatedAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: installation.suspendedAt === null ? null : simpleUser(urls, account),
    suspended_at: maybeTime(installation.suspendedAt),
  };
}

/** As webhooks name repositories that an installation covers. */
export function repositoryReference(repository: Repository) {
  const { id, name, isPrivate } = repository;
  return { id, node_id: nodeId("R", id), name, full_name: fullName(repository), private: isPrivate };
}
