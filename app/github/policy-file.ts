import type { PolicyFile } from "../policy-schema.ts";
/** The file of an organisation's policy, as its default branch has it, and what the names in it stand for. */
import { MAX_POLICY_BYTES, type Policy, POLICY_FILE, POLICY_REPOSITORIES } from "../policy.ts";
import type { GitHubClient } from "./client.ts";
import { isRefusal, orRefusal } from "./refusal.ts";
import { repositoryByName, type RepositoryFacts, splitName } from "./repositories.ts";

export interface Account {
  readonly id: number;
  readonly login: string;
}

export type PolicyFileReading =
  /** Neither repository is there. */
  | { readonly kind: "no-repository" }
  | { readonly kind: "no-file"; readonly repository: RepositoryFacts }
  | { readonly kind: "file"; readonly repository: RepositoryFacts; readonly blob: string; readonly text: string }
  | { readonly kind: "no-text"; readonly repository: RepositoryFacts; readonly why: string }
  /** It cannot be told which. */
  | { readonly kind: "unreadable"; readonly why: string };

/** @param mustBe the name of the repository that had the policy last and is not known to be gone; another must not take its place */
export async function readPolicySource(
  client: GitHubClient,
  account: Account,
  mustBe: string | null,
): Promise<PolicyFileReading> {
  for (const name of POLICY_REPOSITORIES) {
    const fullName = `${account.login}/${name}`;
    const found = await repositoryByName(client, fullName);
    if (isRefusal(found)) {
      if (found.reason === "missing" && mustBe !== name) continue;
      return { kind: "unreadable", why: found.sentence };
    }
    // A former name leads to where a repository is now, under another name or with another owner.
    if (found.ownerId !== account.id || found.name.toLowerCase() !== name) continue;
    return readFile(client, found);
  }
  return { kind: "no-repository" };
}

async function readFile(client: GitHubClient, repository: RepositoryFacts): Promise<PolicyFileReading> {
  const { fullName, defaultBranch } = repository;
  const outcome = await orRefusal(`read ${POLICY_FILE} of ${fullName}`, () =>
    client.rest.repos.getContent({ ...splitName(fullName), path: POLICY_FILE, ref: `refs/heads/${defaultBranch}` }),
  );
  if (isRefusal(outcome)) {
    return outcome.reason === "missing"
      ? { kind: "no-file", repository }
      : { kind: "unreadable", why: outcome.sentence };
  }
  const { data } = outcome;
  const no = (why: string): PolicyFileReading => ({ kind: "no-text", repository, why });
  if (Array.isArray(data) || data.type !== "file" || !("content" in data)) return no(`${POLICY_FILE} is no file`);
  // The other answer of GitHub for a link: the file that it points to, under the name of the link.
  if (data.path !== POLICY_FILE) return no(`${POLICY_FILE} is a link`);
  if (data.size > MAX_POLICY_BYTES || data.encoding !== "base64") {
    return no(`${POLICY_FILE} has more than ${MAX_POLICY_BYTES} bytes`);
  }
  const text = decode(Buffer.from(data.content, "base64"));
  return text === null ? no(`${POLICY_FILE} is no UTF-8`) : { kind: "file", repository, blob: data.sha, text };
}

function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

export interface PolicyFileChange {
  readonly commit: string;
  /** By what the commit says of itself. */
  readonly author: string | null;
  /** Who brought it to the default branch, where GitHub still knows. */
  readonly pushedBy: string | null;
}

/** The newest commit that changed the file. */
export async function lastChangeOf(
  client: GitHubClient,
  { fullName, defaultBranch }: RepositoryFacts,
): Promise<PolicyFileChange | null> {
  const outcome = await orRefusal(`read the commits of ${fullName}`, () =>
    client.rest.repos.listCommits({ ...splitName(fullName), sha: defaultBranch, path: POLICY_FILE, per_page: 1 }),
  );
  if (isRefusal(outcome)) return null;
  const [commit] = outcome.data;
  if (commit === undefined) return null;
  const activity = await orRefusal(`read the activity of ${fullName}`, () =>
    client.rest.repos.listActivities({ ...splitName(fullName), ref: `refs/heads/${defaultBranch}`, per_page: 100 }),
  );
  const push = isRefusal(activity) ? undefined : activity.data.find(({ after }) => after === commit.sha);
  return { commit: commit.sha, author: commit.author?.login ?? null, pushedBy: push?.actor?.login ?? null };
}

export type NamesReading =
  | { readonly kind: "policy"; readonly policy: Policy }
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

/** Finds whom and what the names stand for. One that stands for nothing makes the file invalid: it may be misspelt. */
export async function settleNames(client: GitHubClient, account: Account, file: PolicyFile): Promise<NamesReading> {
  const names = new Names(client, account);
  const exceptions: Policy["revocation"]["exceptions"][number][] = [];
  for (const [index, { revoke, planes, repositories }] of file.revocation.exceptions.entries()) {
    const field = `revocation.exceptions[${index}].repositories`;
    const found: RepositoryFacts[] = [];
    for (const name of repositories ?? []) found.push(...(await names.repository(field, name)));
    exceptions.push({
      revoke,
      planes: planes ?? null,
      repositories: repositories === undefined ? null : found.map(({ id, fullName }) => ({ id, fullName })),
    });
  }
  const users: Policy["approvers"]["users"][number][] = [];
  for (const login of file.approvers.users) users.push(...(await names.user(login)));
  const teams: Policy["approvers"]["teams"][number][] = [];
  for (const slug of file.approvers.teams) teams.push(...(await names.team(slug)));
  const issueRepository =
    file.issues.repository === undefined ? null : await names.issueRepository(file.issues.repository);
  if (names.problems.length > 0) return { kind: "invalid", problems: names.problems };
  return {
    kind: "policy",
    policy: {
      revocation: { default: file.revocation.default, exceptions },
      approvers: { users, teams },
      issueRepository,
      assignees: file.issues.assignees,
      dryRunUntil: file.dryRun?.until ?? null,
    },
  };
}

class Names {
  readonly problems: string[] = [];
  readonly #client: GitHubClient;
  readonly #account: Account;

  constructor(client: GitHubClient, account: Account) {
    this.#client = client;
    this.#account = account;
  }

  async repository(field: string, name: string): Promise<RepositoryFacts[]> {
    const found = await repositoryByName(this.#client, `${this.#account.login}/${name}`);
    const isIt = !isRefusal(found) && found.ownerId === this.#account.id && isSame(found.name, name);
    if (isIt) return [found];
    this.problems.push(`${field}: ${name} is no repository of ${this.#account.login} that the App can read`);
    return [];
  }

  async issueRepository(name: string): Promise<Policy["issueRepository"]> {
    const field = "issues.repository";
    const [found] = await this.repository(field, name);
    if (found === undefined) return null;
    if (!found.isPrivate) this.problems.push(`${field}: ${name} is public`);
    if (found.isArchived || !found.hasIssues) this.problems.push(`${field}: ${name} cannot hold issues`);
    return { id: found.id, fullName: found.fullName };
  }

  async user(login: string): Promise<Policy["approvers"]["users"][number][]> {
    const outcome = await orRefusal(`read who ${login} is`, () =>
      this.#client.rest.users.getByUsername({ username: login }),
    );
    if (!isRefusal(outcome) && outcome.data.type === "User")
      return [{ id: outcome.data.id, login: outcome.data.login }];
    this.problems.push(`approvers.users: ${login} is no person on GitHub`);
    return [];
  }

  async team(slug: string): Promise<Policy["approvers"]["teams"][number][]> {
    const team = await teamOf(this.#client, this.#account.login, slug);
    if (typeof team === "number") return [{ id: team, slug }];
    this.problems.push(`approvers.teams: ${slug} ${team}`);
    return [];
  }
}

/** The number of a team, or why there is none. */
async function teamOf(client: GitHubClient, org: string, slug: string): Promise<number | string> {
  const outcome = await orRefusal(`read the team ${slug}`, () => client.rest.teams.getByName({ org, team_slug: slug }));
  if (!isRefusal(outcome)) return outcome.data.id;
  return outcome.reason === "missing"
    ? `is no team of ${org} that the App can read (it needs the permission members=read)`
    : `cannot be read: ${outcome.sentence}`;
}

/** Whether somebody is a member of a team now; null where it cannot be told. */
export async function isInTeam(
  client: GitHubClient,
  org: string,
  team: { readonly id: number; readonly slug: string },
  login: string,
): Promise<boolean | null> {
  // Whoever makes a team of a name that has become free is not the team that the policy means.
  const id = await teamOf(client, org, team.slug);
  if (id !== team.id) return typeof id === "number" ? false : null;
  const outcome = await orRefusal(`read the members of the team ${team.slug}`, () =>
    client.rest.teams.getMembershipForUserInOrg({ org, team_slug: team.slug, username: login }),
  );
  if (isRefusal(outcome)) return outcome.reason === "missing" ? false : null;
  return outcome.data.state === "active";
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
