import { existsSync } from "node:fs";
import { pressAction, requestSuite, rerequestRun } from "./domain/checks.ts";
// What tests and other programs do with this GitHub beside its API: build the world, let people act in it, look at what
// has come of it. Everything here takes and gives plain values, so that it can be called from another process.
import { addComment, changeComment, changeIssue, deleteComment, openIssue, type IssueFields } from "./domain/issues.ts";
import { editPull, openPull, setPullState } from "./domain/pulls.ts";
import { receivePush } from "./domain/pushes.ts";
import { emitAlert, emitAlertLocation } from "./domain/secret-alerts.ts";
import { runGit } from "./git/run-git.ts";
import { initRepository, makeCommit, readRefs, setRef, wikiDirOf, type FileChange, type Person } from "./git/store.ts";
import type { GitHub } from "./github.ts";
import type { Resource, SecondaryLimit } from "./rate-limits.ts";
import type { GitFrontend } from "./serve-git.ts";
import type { Settings } from "./settings.ts";
import {
  fullOrganization,
  installationShape,
  repositoryReference,
  simpleInstallation,
  simpleOrganization,
  simpleUser,
} from "./shapes/accounts.ts";
import { annotationShape, checkRunShape } from "./shapes/checks.ts";
import { commentShape, fullIssue } from "./shapes/issues.ts";
import { isPull, type PullIssue } from "./shapes/pulls.ts";
import { emailOf, repositoryShape } from "./shapes/repositories.ts";
import { exampleOf } from "./webhooks/examples.ts";
import type { DeliverOptions, Delivery } from "./webhooks/sender.ts";
import type {
  Account,
  AlertLocation,
  CheckRun,
  Comment,
  Installation,
  Issue,
  Repository,
  Role,
  SecretAlert,
} from "./world/entities.ts";
import type { InstallationFields, RepositoryFields } from "./world/world.ts";

export interface CommitFields {
  readonly files: Readonly<Record<string, string | null>>;
  readonly message?: string;
  /** The default branch, unless another is named. */
  readonly branch?: string;
  /** Login of whoever writes, commits and pushes. */
  readonly by?: string;
  /** Instead of those of the account. */
  readonly author?: { readonly name: string; readonly email: string };
  /** Instead of the tip of the branch, which makes the push a forced one; null makes a root. */
  readonly parent?: string | null;
  /** No webhook tells of it. */
  readonly silent?: boolean;
}

export interface PullRequestFields {
  readonly head: string;
  readonly base?: string;
  readonly title?: string;
  readonly body?: string;
  readonly draft?: boolean;
  /** `owner/name` of the fork that it comes from. */
  readonly from?: string;
  readonly by?: string;
}

export interface AlertFields {
  readonly secret: string;
  readonly secretType?: string;
  readonly locations?: readonly AlertLocation[];
  /** No webhook tells of it. */
  readonly silent?: boolean;
}

const SOMEBODY = "ada";

export class Steering {
  protected readonly github: GitHub;
  private readonly git: GitFrontend;

  constructor(github: GitHub, git: GitFrontend) {
    this.github = github;
    this.git = git;
  }

  /** What an App is configured with. */
  appCredentials() {
    const { appId, clientId, privateKeyPem } = this.github.credentials;
    return { appId, clientId, privateKey: privateKeyPem, slug: this.github.app.slug, botLogin: this.github.bot.login };
  }

  settings(): Settings {
    return this.github.settings;
  }

  /** Turns some; the others stay as they are. */
  set(settings: Partial<Settings>): void {
    this.github.settings = { ...this.github.settings, ...settings };
    this.github.credentials.clockSkewSeconds = this.github.settings.clockSkewSeconds;
  }

  // ---- accounts

  addOrganization(login: string, fields: { members?: readonly string[]; email?: string } = {}): number {
    const account = this.github.world.addAccount(login, "Organization", fields);
    for (const member of fields.members ?? []) account.members.add(this.person(member).id);
    return account.id;
  }

  /** Addresses with the name of before go on to the new one; whoever has the App on it is told. */
  renameOrganization(login: string, newLogin: string): void {
    const account = this.github.world.requireAccount(login);
    this.github.world.renameAccount(account, newLogin);
    const changes = { login: { from: login } };
    for (const installation of this.github.world.installations) {
      if (installation.isDeleted || installation.account !== account) continue;
      this.github.webhooks.deliver("installation_target", {
        action: "renamed",
        account: { ...fullOrganization(this.github.urls, account, 0), description: null },
        changes,
        target_type: "Organization",
        installation: simpleInstallation(installation),
        organization: simpleOrganization(this.github.urls, account),
        sender: simpleUser(this.github.urls, this.person(SOMEBODY)),
      });
    }
  }

  /** A team of that name, made anew where there was one. */
  addTeam(organization: string, slug: string, members: readonly string[] = []): number {
    const { teams } = this.github.world.requireAccount(organization);
    const known = teams.findIndex((team) => team.slug === slug);
    if (known >= 0) teams.splice(known, 1);
    const id = this.github.world.nextId();
    teams.push({ id, slug, members: new Set(members.map((login) => this.person(login).id)) });
    return id;
  }

  addUser(login: string, fields: { name?: string; email?: string } = {}): number {
    return this.github.world.addAccount(login, "User", fields).id;
  }

  addCollaborator(repository: string, login: string, role: Role = "write"): void {
    this.repository(repository).collaborators.set(this.person(login).id, role);
  }

  /** What a person pushes and calls the API with. */
  createUserToken(login: string): string {
    return this.github.credentials.mintUserToken(this.person(login));
  }

  // ---- repositories

  async addRepository(name: string, fields: RepositoryFields = {}) {
    const repository = this.github.world.addRepository(name, fields);
    await initRepository(repository.gitDir, repository.defaultBranch);
    const { installations } = this.github.world;
    for (const installation of installations) {
      const isCovered = installation.selection === "all" && installation.account === repository.owner;
      if (isCovered && !installation.isDeleted) this.emitRepositories(installation, "added", [repository]);
    }
    return this.describe(repository);
  }

  /** As somebody does it, which an App on all repositories is told of twice. */
  async createRepository(name: string, fields: RepositoryFields = {}, by = SOMEBODY) {
    const described = await this.addRepository(name, fields);
    this.emitRepository(this.repository(name), "created", by);
    return described;
  }

  async fork(name: string, into: string) {
    const parent = this.repository(name);
    const fork = this.github.world.addRepository(`${into}/${parent.name}`, { private: parent.isPrivate }, parent);
    await initRepository(fork.gitDir, parent.defaultBranch);
    fork.defaultBranch = parent.defaultBranch;
    await runGit(fork.gitDir, [
      "fetch",
      "--quiet",
      parent.gitDir,
      "+refs/heads/*:refs/heads/*",
      "+refs/tags/*:refs/tags/*",
    ]);
    return this.describe(fork);
  }

  has(name: string): boolean {
    const [owner = "", repository = ""] = name.split("/");
    return this.github.world.findRepository(owner, repository) !== undefined;
  }

  repositoryOf(name: string) {
    return this.describe(this.repository(name));
  }

  renameRepository(name: string, newName: string, by = SOMEBODY): void {
    const repository = this.repository(name);
    const changes = { repository: { name: { from: repository.name } } };
    this.github.world.move(repository, repository.owner, newName);
    this.emitRepository(repository, "renamed", by, { changes });
  }

  /** Only the new owner is told; an installation of the old one loses it. */
  transferRepository(name: string, newOwner: string, by = SOMEBODY): void {
    const repository = this.repository(name);
    const { owner } = repository;
    const lost = this.covering(repository).filter(({ selection }) => selection === "selected");
    const target = this.github.world.findAccount(newOwner) ?? this.github.world.addAccount(newOwner, "Organization");
    this.github.world.move(repository, target, repository.name);
    for (const installation of lost) {
      installation.repositories.delete(repository.id);
      this.emitRepositories(installation, "removed", [repository]);
    }
    const kind = owner.type === "Organization" ? "organization" : "user";
    const described =
      kind === "user" ? simpleUser(this.github.urls, owner) : simpleOrganization(this.github.urls, owner);
    this.emitRepository(repository, "transferred", by, { changes: { owner: { from: { [kind]: described } } } });
  }

  deleteRepository(name: string, by = SOMEBODY): void {
    const repository = this.repository(name);
    this.emitRepository(repository, "deleted", by);
    for (const installation of this.covering(repository)) this.emitRepositories(installation, "removed", [repository]);
    repository.isDeleted = true;
  }

  archiveRepository(name: string, isArchived = true, by = SOMEBODY): void {
    const repository = this.repository(name);
    repository.isArchived = isArchived;
    this.emitRepository(repository, isArchived ? "archived" : "unarchived", by);
  }

  publicizeRepository(name: string, by = SOMEBODY): void {
    const repository = this.repository(name);
    repository.isPrivate = false;
    this.emitRepository(repository, "publicized", by);
    this.github.emit("public", repository, {}, { sender: this.person(by) });
  }

  privatizeRepository(name: string, by = SOMEBODY): void {
    const repository = this.repository(name);
    repository.isPrivate = true;
    this.emitRepository(repository, "privatized", by);
  }

  setIssuesEnabled(name: string, isEnabled: boolean): void {
    this.repository(name).hasIssues = isEnabled;
  }

  /** Commits and pushes without a client; returns the commit. */
  async commit(name: string, fields: CommitFields): Promise<string> {
    const repository = this.repository(name);
    const by = this.person(fields.by ?? SOMEBODY);
    const now = `${Math.floor(Date.now() / 1000)} +0000`;
    const committer: Person = { name: by.name ?? by.login, email: emailOf(by), date: now };
    const branch = fields.branch ?? repository.defaultBranch;
    const files = Object.entries(fields.files).map(([path, content]): FileChange => ({ path, content }));
    let commit = "";
    await this.push(name, by, fields.silent === true, async () => {
      commit = await makeCommit(repository.gitDir, {
        branch,
        files,
        message: fields.message ?? "Change things",
        author: { ...committer, ...fields.author },
        committer,
        ...(fields.parent === undefined ? {} : { parent: fields.parent }),
      });
    });
    return commit;
  }

  /** Points a ref elsewhere, as a push does; null deletes it. */
  async pushRef(name: string, ref: string, id: string | null, options: { by?: string; silent?: boolean } = {}) {
    const { gitDir } = this.repository(name);
    await this.push(name, this.person(options.by ?? SOMEBODY), options.silent === true, () => setRef(gitDir, ref, id));
  }

  private async push(name: string, by: Account, silent: boolean, work: () => Promise<void>): Promise<void> {
    const repository = this.repository(name);
    await this.git.alone(repository, async () => {
      const before = await readRefs(repository.gitDir);
      await work();
      await receivePush(this.github, repository, by, before, await readRefs(repository.gitDir), { silent });
    });
  }

  // ---- installations

  addInstallation(account: string, fields: InstallationFields & { readonly silent?: boolean } = {}): number {
    const { world, app } = this.github;
    const installation = world.addInstallation(account, app.permissions, app.events, fields);
    if (fields.silent !== true) {
      const repositories = this.coveredBy(installation);
      this.emitOf(installation, "installation", { action: "created", repositories, requester: null });
    }
    return installation.id;
  }

  suspendInstallation(id: number): void {
    const installation = this.installation(id);
    installation.suspendedAt = new Date();
    this.emitOf(installation, "installation", { action: "suspend" });
  }

  unsuspendInstallation(id: number): void {
    const installation = this.installation(id);
    installation.suspendedAt = null;
    this.emitOf(installation, "installation", { action: "unsuspend" });
  }

  deleteInstallation(id: number): void {
    const installation = this.installation(id);
    installation.isDeleted = true;
    const repositories = this.coveredBy(installation);
    this.emitOf(installation, "installation", { action: "deleted", repositories });
  }

  /** Takes a repository out of what is covered; if that was all of them, the others are chosen one by one from now on. */
  uncoverRepository(id: number, name: string): void {
    const installation = this.installation(id);
    const repository = this.repository(name);
    const { world } = this.github;
    if (installation.selection === "all") {
      for (const covered of world.repositoriesOf(installation)) installation.repositories.add(covered.id);
      installation.selection = "selected";
    }
    installation.repositories.delete(repository.id);
    this.emitRepositories(installation, "removed", [repository]);
  }

  setPermissions(id: number, permissions: Installation["permissions"]): void {
    const installation = this.installation(id);
    installation.permissions = permissions;
    installation.updatedAt = new Date();
    const repositories = this.coveredBy(installation);
    this.emitOf(installation, "installation", { action: "new_permissions_accepted", repositories });
  }

  addRepositoriesTo(id: number, names: readonly string[]): void {
    const installation = this.installation(id);
    const added = names.map((name) => this.repository(name));
    for (const repository of added) installation.repositories.add(repository.id);
    this.emitRepositories(installation, "added", added);
  }

  removeRepositoriesFrom(id: number, names: readonly string[]): void {
    const installation = this.installation(id);
    const removed = names.map((name) => this.repository(name));
    for (const repository of removed) installation.repositories.delete(repository.id);
    this.emitRepositories(installation, "removed", removed);
  }

  installationOf(id: number) {
    return installationShape(this.github.urls, this.github.app, this.installation(id));
  }

  /** Ends every token that the installation holds, as an hour does. */
  expireTokens(id: number): void {
    this.github.credentials.forget((token) => token.installation.id === id);
  }

  // ---- issues, pull requests and checks, by people

  addIssue(name: string, fields: IssueFields & { readonly title: string; readonly by?: string }): number {
    const { by = SOMEBODY, ...rest } = fields;
    return openIssue(this.github, this.repository(name), this.person(by), rest).number;
  }

  changeIssue(name: string, number: number, fields: IssueFields, by = SOMEBODY): void {
    const repository = this.repository(name);
    changeIssue(this.github, repository, this.issue(repository, number), fields, this.person(by));
  }

  addComment(name: string, number: number, body: string, by = SOMEBODY): number {
    const repository = this.repository(name);
    return addComment(this.github, repository, this.issue(repository, number), body, this.person(by)).id;
  }

  /** By an account of a program. */
  addBotComment(name: string, number: number, body: string, bot: string): number {
    const account = this.github.world.botOf(bot);
    const repository = this.repository(name);
    return addComment(this.github, repository, this.issue(repository, number), body, account).id;
  }

  changeComment(name: string, id: number, body: string, by = SOMEBODY): void {
    const repository = this.repository(name);
    changeComment(this.github, repository, this.comment(repository, id), body, this.person(by));
  }

  deleteComment(name: string, id: number, by = SOMEBODY): void {
    const repository = this.repository(name);
    deleteComment(this.github, repository, this.comment(repository, id), this.person(by));
  }

  /**
   * Tells of something that is written here and not kept: a review, a discussion, a release. It is what GitHub's own
   * example of the event says, with the given fields in the place of its own.
   */
  tellOf(
    name: string,
    event: string,
    action: string | null,
    fields: Readonly<Record<string, unknown>>,
    by = SOMEBODY,
  ): void {
    const repository = this.repository(name);
    const payload = exampleOf(event, action, fields, this.github.urls.html(repository));
    this.github.emit(event, repository, payload, { sender: this.person(by) });
  }

  nextId(): number {
    return this.github.world.nextId();
  }

  /** Writes pages of the wiki, which nothing but an event without a text tells of. @returns the version */
  async writeWiki(name: string, pages: Readonly<Record<string, string | null>>, by = SOMEBODY): Promise<string> {
    const repository = this.repository(name);
    const gitDir = wikiDirOf(repository);
    if (!existsSync(gitDir)) await initRepository(gitDir, "master");
    const person = this.person(by);
    const date = `${Math.floor(Date.now() / 1000)} +0000`;
    const author: Person = { name: person.name ?? person.login, email: emailOf(person), date };
    const isNew = (await readRefs(gitDir)).size === 0;
    const files = Object.entries(pages).map(([page, content]): FileChange => ({ path: `${page}.md`, content }));
    const sha = await makeCommit(gitDir, {
      branch: "master",
      files,
      message: "Updated the wiki",
      author,
      committer: author,
    });
    const told = Object.keys(pages).map((page) => ({
      page_name: page,
      title: page,
      summary: null,
      action: isNew ? "created" : "edited",
      sha,
      html_url: this.github.urls.html(repository, `/wiki/${page}`),
    }));
    this.github.emit("gollum", repository, { pages: told }, { sender: person });
    return sha;
  }

  /** Puts a commit into the merge queue, and asks for its checks. @returns the commit */
  async queueMerge(name: string, files: Readonly<Record<string, string>>, by = SOMEBODY): Promise<string> {
    const repository = this.repository(name);
    const { defaultBranch } = repository;
    const base = (await readRefs(repository.gitDir)).get(`refs/heads/${defaultBranch}`);
    if (base === undefined) throw new Error(`${name} has no ${defaultBranch}`);
    const branch = `gh-readonly-queue/${defaultBranch}/pr-1-${base}`;
    const head = await this.commit(name, { files, branch, parent: base, by, silent: true });
    const group = {
      head_sha: head,
      head_ref: `refs/heads/${branch}`,
      base_sha: base,
      base_ref: `refs/heads/${defaultBranch}`,
    };
    this.tellOf(name, "merge_group", "checks_requested", { merge_group: group }, by);
    return head;
  }

  async createPullRequest(name: string, fields: PullRequestFields): Promise<number> {
    const { by = SOMEBODY, from, title = "Change things", ...rest } = fields;
    const repository = this.repository(name);
    const options = { ...rest, title, ...(from === undefined ? {} : { from: this.repository(from) }) };
    return (await openPull(this.github, repository, this.person(by), options)).number;
  }

  async closePullRequest(name: string, number: number, by = SOMEBODY): Promise<void> {
    const repository = this.repository(name);
    await setPullState(this.github, repository, this.pull(repository, number), "closed", this.person(by));
  }

  async reopenPullRequest(name: string, number: number, by = SOMEBODY): Promise<void> {
    const repository = this.repository(name);
    await setPullState(this.github, repository, this.pull(repository, number), "open", this.person(by));
  }

  async editPullRequest(name: string, number: number, fields: { title?: string; body?: string }, by = SOMEBODY) {
    const repository = this.repository(name);
    await editPull(this.github, repository, this.pull(repository, number), fields, this.person(by));
  }

  /** The button of a check run that starts it again. */
  rerunCheck(name: string, id: number, by = SOMEBODY): void {
    const repository = this.repository(name);
    rerequestRun(this.github, repository, this.run(repository, id), this.person(by));
  }

  async rerunSuite(name: string, headSha: string, by = SOMEBODY): Promise<void> {
    const repository = this.repository(name);
    const suite = repository.checkSuites.find((entry) => entry.headSha === headSha);
    if (suite === undefined) throw new Error(`there is no check suite of ${headSha}`);
    await requestSuite(this.github, repository, suite, "rerequested", this.person(by));
  }

  pressCheckAction(name: string, id: number, identifier: string, by = SOMEBODY): void {
    const repository = this.repository(name);
    pressAction(this.github, repository, this.run(repository, id), identifier, this.person(by));
  }

  addSecretAlert(name: string, fields: AlertFields): number {
    const repository = this.repository(name);
    const { alerts } = repository;
    const now = new Date();
    const alert: SecretAlert = {
      number: alerts.length + 1,
      secretType: fields.secretType ?? "inferencekey_token",
      secret: fields.secret,
      state: "open",
      resolution: null,
      resolutionComment: null,
      validity: "unknown",
      resolvedAt: null,
      resolvedBy: null,
      createdAt: now,
      updatedAt: now,
      locations: fields.locations ?? [],
    };
    alerts.push(alert);
    if (fields.silent !== true) emitAlert(this.github, repository, alert, "created", this.person(SOMEBODY));
    return alerts.length;
  }

  /** The same secret, found in one place more. */
  addAlertLocation(name: string, number: number, location: { readonly type: string; readonly details: object }): void {
    const repository = this.repository(name);
    const alert = repository.alerts.find((entry) => entry.number === number);
    if (alert === undefined) throw new Error(`there is no alert ${number}`);
    emitAlertLocation(this.github, repository, alert, location, this.person(SOMEBODY));
  }

  closeSecretAlert(name: string, number: number, resolution: SecretAlert["resolution"], by = SOMEBODY): void {
    const repository = this.repository(name);
    const alert = repository.alerts.find((entry) => entry.number === number);
    if (alert === undefined) throw new Error(`there is no alert ${number}`);
    Object.assign(alert, { state: "resolved", resolution, resolvedAt: new Date(), resolvedBy: this.person(by) });
    emitAlert(this.github, repository, alert, "resolved", this.person(by));
  }

  // ---- what has come of it, in the shapes of the API

  issuesOf(name: string) {
    const repository = this.repository(name);
    return repository.issues
      .filter((issue) => !isPull(issue))
      .map((issue) => ({
        ...fullIssue(this.github, repository, issue),
        comment_bodies: repository.comments.filter((comment) => comment.issue === issue.number).map(({ body }) => body),
      }));
  }

  commentsOf(name: string, number: number) {
    const repository = this.repository(name);
    return repository.comments
      .filter((comment) => comment.issue === number)
      .map((comment) => commentShape(this.github, repository, comment));
  }

  reactionsTo(name: string, id: number) {
    return this.comment(this.repository(name), id).reactions.map(({ content, user }) => ({ content, by: user.login }));
  }

  checkRunsOf(name: string, headSha?: string) {
    const repository = this.repository(name);
    return repository.checkRuns
      .filter((run) => headSha === undefined || run.headSha === headSha)
      .map((run) => ({
        ...checkRunShape(this.github, repository, run),
        annotations: run.annotations.map((annotation) => annotationShape(this.github, repository, run, annotation)),
        actions: run.actions,
      }));
  }

  advisoriesOf(name: string) {
    return this.repository(name).advisories.map(({ author, ...advisory }) => ({ ...advisory, author: author.login }));
  }

  alertsOf(name: string) {
    return this.repository(name).alerts.map(({ secret: _secret, resolvedBy: _by, ...alert }) => alert);
  }

  // ---- webhooks

  /** Sends any payload. It is delivered as it is: an installation, say, has to be in it. */
  deliver(
    event: string,
    payload: Readonly<Record<string, unknown>>,
    options: DeliverOptions = {},
  ): Delivery | undefined {
    return this.github.webhooks.deliver(event, payload, options);
  }

  deliveries(): readonly Delivery[] {
    return this.github.webhooks.deliveries;
  }

  redeliver(id: number): void {
    const original = this.github.webhooks.deliveries.find((delivery) => delivery.id === id);
    if (original === undefined) throw new Error(`there is no delivery ${id}`);
    this.github.webhooks.redeliver(original);
  }

  /** Events whose payload was over 25 MB, and that were never sent. */
  undeliverable() {
    return this.github.webhooks.tooLarge;
  }

  holdWebhooks(): void {
    this.github.webhooks.hold();
  }

  releaseWebhooks(order: "as-is" | "reversed" = "as-is"): void {
    this.github.webhooks.release(order);
  }

  /** Waits until every push is worked up and every webhook is answered. */
  async settled(): Promise<void> {
    await this.git.settled();
    await this.github.webhooks.settled();
  }

  // ---- limits

  leaveRequests(installation: number, remaining: number, resetInSeconds = 3600, resource: Resource = "core"): void {
    this.github.limits.leave(installation, remaining, resetInSeconds, resource);
  }

  limitSecondary(limit: SecondaryLimit = {}): void {
    this.github.limits.limit(limit);
  }

  // ---- finding things

  private repository(name: string): Repository {
    return this.github.world.requireRepository(name);
  }

  private installation(id: number): Installation {
    return this.github.world.requireInstallation(id);
  }

  private person(login: string): Account {
    return this.github.world.findAccount(login) ?? this.github.world.addAccount(login, "User");
  }

  private issue(repository: Repository, number: number): Issue {
    const issue = repository.issues[number - 1];
    if (issue === undefined) throw new Error(`there is no issue ${number}`);
    return issue;
  }

  private comment(repository: Repository, id: number): Comment {
    const comment = repository.comments.find((entry) => entry.id === id);
    if (comment === undefined) throw new Error(`there is no comment ${id}`);
    return comment;
  }

  private pull(repository: Repository, number: number): PullIssue {
    const issue = this.issue(repository, number);
    if (!isPull(issue)) throw new Error(`${number} is no pull request`);
    return issue;
  }

  private run(repository: Repository, id: number): CheckRun {
    const run = repository.checkRuns.find((entry) => entry.id === id);
    if (run === undefined) throw new Error(`there is no check run ${id}`);
    return run;
  }

  private describe(repository: Repository) {
    return { ...repositoryShape(this.github.urls, repository), gitDir: repository.gitDir };
  }

  private coveredBy(installation: Installation) {
    return this.github.world.repositoriesOf(installation).map((repository) => repositoryReference(repository));
  }

  private covering(repository: Repository): Installation[] {
    const { world } = this.github;
    return world.installations.filter((entry) => !entry.isDeleted && world.covers(entry, repository));
  }

  private emitOf(installation: Installation, event: string, payload: Readonly<Record<string, unknown>>): void {
    const sender = installation.account.type === "User" ? installation.account : this.person(SOMEBODY);
    this.github.emitInstallation(event, installation, payload, sender);
  }

  private emitRepositories(installation: Installation, action: "added" | "removed", changed: readonly Repository[]) {
    const named = changed.map((repository) => repositoryReference(repository));
    this.emitOf(installation, "installation_repositories", {
      action,
      repository_selection: installation.selection,
      repositories_added: action === "added" ? named : [],
      repositories_removed: action === "removed" ? named : [],
      requester: null,
    });
  }

  private emitRepository(
    repository: Repository,
    action: string,
    by: string,
    more: Readonly<Record<string, unknown>> = {},
  ): void {
    this.github.emit("repository", repository, { action, ...more }, { sender: this.person(by) });
  }
}
