// Finds things, and makes the bare ones. What follows from a change (webhooks, say) is no business of this file.
import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  fullName,
  type Account,
  type AccountType,
  type Installation,
  type Permissions,
  type Repository,
  type Role,
} from "./entities.ts";

export interface RepositoryFields {
  readonly private?: boolean;
  readonly hasIssues?: boolean;
  readonly archived?: boolean;
  readonly defaultBranch?: string;
  readonly description?: string;
  /** In kilobytes, as GitHub says it. */
  readonly size?: number;
  /** Whether outsiders can report vulnerabilities in private. */
  readonly privateReporting?: boolean;
  readonly collaborators?: Readonly<Record<string, Role>>;
}

export interface InstallationFields {
  /** Names, or everything that the account has and will have. */
  readonly repositories?: "all" | readonly string[];
  readonly permissions?: Permissions;
  readonly events?: readonly string[];
  readonly suspended?: boolean;
}

const FIRST_ID = 1000;
const GITHUB_LABELS = [
  ["bug", "d73a4a", "Something isn't working"],
  ["documentation", "0075ca", "Improvements or additions to documentation"],
  ["enhancement", "a2eeef", "New feature or request"],
] as const;

export class World {
  readonly accounts: Account[] = [];
  readonly repositories: Repository[] = [];
  readonly installations: Installation[] = [];
  /** Names that repositories had before, in lower case. */
  private readonly oldNames = new Map<string, number>();
  private lastId = FIRST_ID;
  private readonly dataDir: string;

  constructor(dataDir: string) {
    this.dataDir = dataDir;
  }

  nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  addAccount(login: string, type: AccountType, fields: { name?: string; email?: string } = {}): Account {
    const known = this.findAccount(login);
    if (known !== undefined) {
      if (known.type !== type) throw new Error(`${login} is there already, and of another type`);
      return known;
    }
    const account: Account = {
      id: this.nextId(),
      login,
      type,
      name: fields.name ?? null,
      email: fields.email ?? null,
      createdAt: new Date(),
      members: new Set(),
      teams: [],
    };
    this.accounts.push(account);
    return account;
  }

  /** Logins are the same in upper and lower case. */
  findAccount(login: string): Account | undefined {
    return this.accounts.find((account) => isSame(account.login, login));
  }

  requireAccount(login: string): Account {
    const found = this.findAccount(login);
    if (found === undefined) throw new Error(`there is no account ${login}`);
    return found;
  }

  addRepository(name: string, fields: RepositoryFields = {}, parent?: Repository): Repository {
    const [login = "", short = ""] = name.split("/");
    if (this.findRepository(login, short) !== undefined) throw new Error(`${name} is there already`);
    const owner = this.findAccount(login) ?? this.addAccount(login, "Organization");
    const id = this.nextId();
    const now = new Date();
    const repository: Repository = {
      id,
      owner,
      name: short,
      description: fields.description ?? null,
      isPrivate: fields.private ?? false,
      hasIssues: fields.hasIssues ?? true,
      isArchived: fields.archived ?? false,
      isDeleted: false,
      hasPrivateReporting: fields.privateReporting ?? false,
      defaultBranch: fields.defaultBranch ?? "main",
      parent: parent?.id,
      createdAt: now,
      updatedAt: now,
      pushedAt: null,
      collaborators: new Map(),
      gitDir: join(this.dataDir, `${id}.git`),
      size: fields.size ?? 0,
      issues: [],
      comments: [],
      labels: GITHUB_LABELS.map(([label, color, description]) => ({
        id: this.nextId(),
        name: label,
        color,
        description,
      })),
      checkSuites: [],
      checkRuns: [],
      activity: [],
      alerts: [],
      advisories: [],
    };
    for (const [collaborator, role] of Object.entries(fields.collaborators ?? {})) {
      repository.collaborators.set(this.addAccount(collaborator, "User").id, role);
    }
    this.oldNames.delete(name.toLowerCase());
    this.repositories.push(repository);
    return repository;
  }

  findRepository(owner: string, name: string): Repository | undefined {
    return this.repositories.find(
      (entry) => !entry.isDeleted && isSame(entry.owner.login, owner) && isSame(entry.name, name),
    );
  }

  findRepositoryById(id: number): Repository | undefined {
    return this.repositories.find((entry) => !entry.isDeleted && entry.id === id);
  }

  /** By `owner/name`, also by one that it had before. */
  requireRepository(name: string): Repository {
    const [owner = "", short = ""] = name.split("/");
    const found = this.findRepository(owner, short) ?? this.findMoved(owner, short);
    if (found === undefined) throw new Error(`there is no repository ${name}`);
    return found;
  }

  /** What has had this name and has another one now. */
  findMoved(owner: string, name: string): Repository | undefined {
    const id = this.oldNames.get(`${owner}/${name}`.toLowerCase());
    return id === undefined ? undefined : this.findRepositoryById(id);
  }

  move(repository: Repository, owner: Account, name: string): void {
    this.oldNames.set(fullName(repository).toLowerCase(), repository.id);
    repository.owner = owner;
    repository.name = name;
    repository.updatedAt = new Date();
    this.oldNames.delete(fullName(repository).toLowerCase());
  }

  renameAccount(account: Account, login: string): void {
    const owned = this.repositories.filter(({ owner }) => owner === account);
    for (const repository of owned) this.oldNames.set(fullName(repository).toLowerCase(), repository.id);
    account.login = login;
    for (const repository of owned) this.oldNames.delete(fullName(repository).toLowerCase());
  }

  addInstallation(login: string, permissions: Permissions, events: readonly string[], fields: InstallationFields) {
    const account = this.findAccount(login) ?? this.addAccount(login, "Organization");
    const selected = fields.repositories ?? "all";
    const now = new Date();
    const installation: Installation = {
      id: this.nextId(),
      account,
      permissions: fields.permissions ?? permissions,
      selection: selected === "all" ? "all" : "selected",
      repositories: new Set(selected === "all" ? [] : selected.map((name) => this.requireRepository(name).id)),
      events: fields.events ?? events,
      suspendedAt: fields.suspended === true ? now : null,
      isDeleted: false,
      createdAt: now,
      updatedAt: now,
    };
    this.installations.push(installation);
    return installation;
  }

  findInstallation(id: number): Installation | undefined {
    return this.installations.find((entry) => !entry.isDeleted && entry.id === id);
  }

  requireInstallation(id: number): Installation {
    const found = this.findInstallation(id);
    if (found === undefined) throw new Error(`there is no installation ${id}`);
    return found;
  }

  covers(installation: Installation, repository: Repository): boolean {
    if (repository.isDeleted || repository.owner.id !== installation.account.id) return false;
    return installation.selection === "all" || installation.repositories.has(repository.id);
  }

  repositoriesOf(installation: Installation): Repository[] {
    return this.repositories.filter((repository) => this.covers(installation, repository));
  }

  roleOf(account: Account, repository: Repository): Role | "none" {
    if (account.id === repository.owner.id) return "admin";
    const role = repository.collaborators.get(account.id);
    if (role !== undefined) return role;
    const isMember = repository.owner.members.has(account.id);
    return isMember || !repository.isPrivate ? "read" : "none";
  }

  /** Of an account of its own for each App: `name[bot]`. */
  botOf(slug: string): Account {
    return this.addAccount(`${slug}[bot]`, "Bot");
  }

  association(account: Account, repository: Repository): string {
    if (account.id === repository.owner.id) return "OWNER";
    if (repository.owner.members.has(account.id)) return "MEMBER";
    return repository.collaborators.has(account.id) ? "COLLABORATOR" : "NONE";
  }

  canBeAssigned(account: Account, repository: Repository): boolean {
    if (account.type === "Organization") return false;
    if (account.id === repository.owner.id || repository.owner.members.has(account.id)) return true;
    return repository.collaborators.has(account.id);
  }
}

/** The number of a thing in the form of GitHub's global ids. */
export function nodeId(kind: string, id: number | string): string {
  return `${kind}_${createHash("sha256").update(`${kind} ${id}`).digest("base64url").slice(0, 14)}`;
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
