/** Where a soak happens: GitHub, InferenceKey and who revokes, with organisations on them, and all that people do there. */
import { setTimeout as wait } from "node:timers/promises";
import { ALL_EVENTS, FULL_PERMISSIONS } from "../../../test/app/support/full-app.ts";
import { type GitHubEmulator, startGitHub } from "../../../test/emulators/github/emulator.ts";
import type { Fault } from "../../../test/emulators/http/faults.ts";
import { type InferenceKeyEmulator, startInferenceKey } from "../../../test/emulators/inferencekey/emulator.ts";
import { type RevocationServer, startRevocationServer } from "../../../test/emulators/revocation/server.ts";
import { revokingIn } from "../../../test/emulators/revocation/wire.ts";
import type { MadeToken } from "../../../test/support/token.ts";
import { Seeded } from "../seeded.ts";
import { ORGANIZATIONS, type PlannedToken, REPOSITORIES, SELECTED_ORGANIZATION, type Step } from "./plan.ts";

/** What has to come of a token that leaked. */
export interface Leak {
  readonly token: MadeToken;
  readonly planned: PlannedToken;
  /** Number of the account. */
  readonly account: number;
  readonly organization: string;
  /** `repository kind`, as the App names the kinds; `git` for whatever is in commits. */
  readonly places: Set<string>;
}

/** What has to be said of a commit. */
export interface Head {
  readonly repository: string;
  readonly head: string;
  readonly conclusions: readonly string[];
}

export interface GivenCommand {
  readonly repository: string;
  readonly comment: number;
  readonly token: MadeToken;
  readonly isDone: boolean;
}

export interface Alert {
  readonly repository: string;
  readonly number: number;
  /** What it is about, if that is a token. */
  readonly leak: PlannedToken | null;
}

const PUBLIC_REPOSITORIES = 2;
const SUSPENDED_MS = 1500;
const WRITER = "grace";
const READER = "ada";

interface Written {
  readonly repository: string;
  readonly id: number;
}

export class Town {
  readonly github: GitHubEmulator;
  readonly api: InferenceKeyEmulator;
  readonly provider: RevocationServer;
  readonly leaks = new Map<number, Leak>();
  readonly heads: Head[] = [];
  readonly commands: GivenCommand[] = [];
  readonly alerts: Alert[] = [];
  readonly repositories: string[] = [];
  readonly #accounts = new Map<number, number>();
  readonly #installations = new Map<number, number>();
  /** Commands whose issue is not there yet. */
  #waiting: Step[] = [];
  readonly #issues: Written[] = [];
  readonly #comments: Written[] = [];
  /** Private repositories that may become public. */
  readonly #private = new Set<string>();
  /** Those that hold a leaking commit: what a later push brings may hold it too. */
  readonly #leaking = new Set<string>();
  readonly #added: string[] = [];

  private constructor(github: GitHubEmulator, api: InferenceKeyEmulator, provider: RevocationServer) {
    this.github = github;
    this.api = api;
    this.provider = provider;
  }

  static async start(secret: string): Promise<Town> {
    const [github, api] = await Promise.all([
      startGitHub({ app: { permissions: FULL_PERMISSIONS, events: ALL_EVENTS } }),
      startInferenceKey(),
    ]);
    const provider = await startRevocationServer({ secrets: [secret], revoke: revokingIn(api) });
    api.addProject("acme");
    github.set({ contentPerMinute: null, rateLimit: 1_000_000 });
    return new Town(github, api, provider);
  }

  /** The organisations, and the App on them. */
  async found(): Promise<void> {
    for (let organization = 0; organization < ORGANIZATIONS; organization += 1) {
      const names: string[] = [];
      const account = this.github.addOrganization(nameOf(organization), { members: [READER] });
      this.#accounts.set(organization, account);
      for (let index = 0; index < REPOSITORIES; index += 1) {
        const name = repositoryOf(organization, index);
        names.push(name);
        await this.#build(name, index >= PUBLIC_REPOSITORIES);
        await this.github.commit(name, { files: { "README.md": `# ${name}\n` }, silent: true });
      }
      const installation = this.github.addInstallation(
        nameOf(organization),
        organization === SELECTED_ORGANIZATION ? { repositories: names } : {},
      );
      this.#installations.set(organization, installation);
    }
  }

  async #build(name: string, isPrivate: boolean): Promise<void> {
    await this.github.addRepository(name, { private: isPrivate, size: 100, collaborators: { [WRITER]: "write" } });
    this.repositories.push(name);
    if (isPrivate) this.#private.add(name);
  }

  /** A third, say, of all requests goes wrong from now on. @returns what ends that */
  inject(rate: number, seed: string): () => void {
    const kinds: readonly { readonly fault: Fault; readonly weight: number }[] = [
      { fault: { kind: "unavailable", status: 500 }, weight: 2 },
      { fault: { kind: "unavailable", status: 502 }, weight: 1 },
      { fault: { kind: "unavailable", status: 503, retryAfterSeconds: 1 }, weight: 1 },
      { fault: { kind: "unavailable", status: 500, actFirst: true }, weight: 1 },
      { fault: { kind: "rate-limit", retryAfterSeconds: 1 }, weight: 1 },
      { fault: { kind: "reset-before-headers" }, weight: 1 },
      { fault: { kind: "reset-before-headers", actFirst: true }, weight: 1 },
      { fault: { kind: "reset-after-headers" }, weight: 1 },
      { fault: { kind: "latency", milliseconds: 1500 }, weight: 2 },
    ];
    const all = kinds.reduce((sum, { weight }) => sum + weight, 0);
    const endings: (() => void)[] = [];
    for (const [name, where] of Object.entries({ github: this.github, api: this.api, provider: this.provider })) {
      const { next: random } = new Seeded(seed, `faults of ${name}`);
      let left = 1;
      for (const { fault, weight } of kinds) {
        // Each is drawn after those before it were not.
        const share = (weight / all) * rate;
        endings.push(where.inject(fault, { share: share / left, random }));
        left -= share;
      }
    }
    return () => {
      for (const end of endings) end();
    };
  }

  async do(step: Step): Promise<void> {
    const { github } = this;
    const { kind, index } = step;
    const name = repositoryOf(step.organization, step.repository);
    const text = (about: string): string => this.#text(step, about);
    const at = (place: string, repository = name): void => this.#expectPlace(step, repository, place);
    const tell = (event: string, action: string, holder: string, place: string, fields: Record<string, unknown>) => {
      github.tellOf(name, event, action, { [holder]: { id: github.nextId(), ...fields } });
      at(place);
    };
    switch (kind) {
      case "push":
        this.#expectHead(step, name, await github.commit(name, { files: { [`src/${index}.txt`]: text("pushed") } }));
        return at("git");
      case "branch": {
        const branch = `topic-${index}`;
        await this.#expectBranch(step, name, branch, text("on a branch"));
        return at("git");
      }
      case "pull-request": {
        const branch = `change-${index}`;
        await this.#expectBranch(step, name, branch, text("for review"));
        await github.createPullRequest(name, { head: branch });
        return at("git");
      }
      case "pull-request-text": {
        const branch = `texts-${index}`;
        await this.#expectBranch({ ...step, leak: null }, name, branch, "nothing to see\n");
        await github.createPullRequest(name, { head: branch, body: text("in the text of a pull request") });
        return at("pull-request");
      }
      case "issue":
        this.#issues.push({
          repository: name,
          id: github.addIssue(name, { title: `Help ${index}`, body: text("asked") }),
        });
        return at("issue");
      case "issue-edit": {
        const known = this.#issues.findLast(({ repository }) => isOf(repository, step.organization));
        const issue = known ?? { repository: name, id: github.addIssue(name, { title: `To be edited ${index}` }) };
        github.changeIssue(issue.repository, issue.id, { body: text("edited") });
        return at("issue", issue.repository);
      }
      case "comment": {
        this.#comment(name, index, text("said"));
        return at("issue-comment");
      }
      case "comment-edit": {
        const known = this.#comments.findLast(({ repository }) => isOf(repository, step.organization));
        const comment = known ?? this.#comment(name, index, "to be edited");
        github.changeComment(comment.repository, comment.id, text("said otherwise"));
        return at("issue-comment", comment.repository);
      }
      case "review":
        return tell("pull_request_review", "submitted", "review", "review", { body: text("reviewed") });
      case "review-comment":
        return tell("pull_request_review_comment", "created", "comment", "review-comment", { body: text("noted") });
      case "discussion":
        return tell("discussion", "created", "discussion", "discussion", { title: "Why", body: text("discussed") });
      case "discussion-comment":
        return tell("discussion_comment", "created", "comment", "discussion-comment", { body: text("answered") });
      case "release":
        return tell("release", "published", "release", "release", { body: text("released") });
      case "commit-comment":
        return tell("commit_comment", "created", "comment", "commit-comment", { body: text("remarked") });
      case "wiki":
        await github.writeWiki(name, { [`Page-${index}`]: text("explained") });
        return at("wiki");
      case "merge-group":
        this.#expectHead(step, name, await github.queueMerge(name, { [`merged/${index}.txt`]: text("merged") }));
        return at("git");
      case "alert": {
        const secret = step.leak === null ? `none of ours ${index}` : this.#leakOf(step.leak).token.raw;
        const number = github.addSecretAlert(name, { secret });
        this.alerts.push({ repository: name, number, leak: step.leak });
        return at("alert");
      }
      case "new-installation": {
        const organization = nameOf(step.organization);
        this.#accounts.set(step.organization, github.addOrganization(organization, { members: [READER] }));
        const past = `${organization}/past`;
        await this.#build(past, true);
        await github.commit(past, { files: { "old.txt": text("long ago") }, silent: true });
        this.#installations.set(step.organization, github.addInstallation(organization));
        return at("git", past);
      }
      case "added-repository": {
        const added = `${nameOf(step.organization)}/added-${index}`;
        await this.#build(added, true);
        await github.commit(added, { files: { "old.txt": text("before the App") }, silent: true });
        github.addRepositoriesTo(this.#installations.get(step.organization)!, [added]);
        if (step.leak === null) this.#added.push(added);
        return at("git", added);
      }
      case "remove-repository": {
        const removed = this.#added.shift();
        if (removed !== undefined) {
          github.removeRepositoriesFrom(this.#installations.get(step.organization)!, [removed]);
        }
        return;
      }
      case "publicize":
        if (this.#private.delete(name)) github.publicizeRepository(name);
        return;
      case "permissions":
        return github.setPermissions(this.#installations.get(step.organization)!, FULL_PERMISSIONS);
      case "suspend":
        github.suspendInstallation(this.#installations.get(step.organization)!);
        await wait(SUSPENDED_MS);
        return github.unsuspendInstallation(this.#installations.get(step.organization)!);
      case "command":
        this.#waiting.push(step);
        return;
    }
  }

  #comment(repository: string, index: number, text: string): Written {
    const issue = this.github.addIssue(repository, { title: `Talk ${index}` });
    const comment = { repository, id: this.github.addComment(repository, issue, text) };
    this.#comments.push(comment);
    return comment;
  }

  /** Commands that can be written by now. @returns how many still wait for their issue */
  command(): number {
    this.#waiting = this.#waiting.filter((step) => !this.#writeCommand(step));
    return this.#waiting.length;
  }

  #writeCommand({ command, index }: Step): boolean {
    const { token: planned, name, mayWrite } = command!;
    const leak = this.leaks.get(planned.index);
    const [issue] = leak === undefined ? [] : this.issuesAbout(leak);
    if (issue === undefined) return false;
    const reason = name === "verify" ? "" : ` because of ${index}`;
    const body = `/keyrecall ${name}${reason}`;
    const comment = this.github.addComment(issue.repository, issue.number, body, mayWrite ? WRITER : READER);
    this.commands.push({ repository: issue.repository, comment, token: leak!.token, isDone: mayWrite });
    return true;
  }

  issuesAbout({ token, organization }: Leak) {
    const { botLogin } = this.github.appCredentials();
    return this.repositories
      .filter((name) => name.startsWith(`${organization}/`))
      .flatMap((repository) =>
        this.github
          .issuesOf(repository)
          .filter(({ user, body }) => user?.login === botLogin && (body ?? "").includes(token.fingerprint))
          .map((issue) => ({ ...issue, repository })),
      );
  }

  #text({ leak, index }: Step, about: string): string {
    const line = `${index}: what was ${about}\n`;
    return leak === null ? line : `${line}INFERENCEKEY_SDK_TOKEN=${this.#leakOf(leak).token.raw}\n`;
  }

  #leakOf(planned: PlannedToken): Leak {
    const known = this.leaks.get(planned.index);
    if (known !== undefined) return known;
    const token = planned.plane === "control" ? this.api.mintControlToken("acme") : this.api.mintDataToken([]);
    if (planned.isDead) this.api.revoke(token);
    const organization = nameOf(planned.organization);
    const account = this.#accounts.get(planned.organization)!;
    const leak = { token, planned, account, organization, places: new Set<string>() };
    this.leaks.set(planned.index, leak);
    return leak;
  }

  #expectPlace({ leak }: Step, repository: string, place: string): void {
    if (leak !== null) this.#leakOf(leak).places.add(`${repository} ${place}`);
  }

  async #expectBranch(step: Step, name: string, branch: string, text: string): Promise<void> {
    const head = await this.github.commit(name, { files: { [`src/${step.index}.txt`]: text }, branch });
    this.#expectHead(step, name, head);
  }

  #expectHead({ leak }: Step, repository: string, head: string): void {
    if (leak !== null) this.#leaking.add(repository);
    const mayReach = this.#leaking.has(repository);
    const conclusions = leak !== null ? ["failure"] : mayReach ? ["success", "failure"] : ["success"];
    this.heads.push({ repository, head, conclusions });
  }

  async close(): Promise<void> {
    await this.provider.close();
    await this.api.close();
    await this.github.close();
  }
}

function nameOf(organization: number): string {
  return organization < ORGANIZATIONS ? `acme-${organization}` : `late-${organization}`;
}

function isOf(repository: string, organization: number): boolean {
  return repository.startsWith(`${nameOf(organization)}/`);
}

function repositoryOf(organization: number, index: number): string {
  return `${nameOf(organization)}/shop-${index}`;
}
