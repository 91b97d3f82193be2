// Repositories over smart HTTP: who may fetch and push, and what a push brings about.
import { existsSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { answerExchange } from "../http/exchange.ts";
import type { Misfortune } from "../http/fault-queue.ts";
import { canSee, hasAny, isCovered } from "./access.ts";
import type { Principal } from "./credentials.ts";
import { receivePush } from "./domain/pushes.ts";
import { serveGit, type GitRequest } from "./git/http.ts";
import { readRefs, wikiDirOf } from "./git/store.ts";
import { GitHubError } from "./github-error.ts";
import type { GitHub } from "./github.ts";
import { errorAnswer } from "./serve-api.ts";
import type { Account, Repository } from "./world/entities.ts";
import { fullName } from "./world/entities.ts";

interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const CHALLENGE = { "www-authenticate": 'Basic realm="GitHub"' };
const unauthorized = (message: string): Refusal => ({ status: 401, message, headers: CHALLENGE });
const noSuchRepository: Refusal = { status: 404, message: "Repository not found." };
/** How much of an answer arrives that breaks off. */
const CUT_BYTES = 40;

export class GitFrontend {
  private readonly github: GitHub;
  private readonly pushing = new Map<number, Promise<void>>();

  constructor(github: GitHub) {
    this.github = github;
  }

  async serve(
    asked: GitRequest,
    request: IncomingMessage,
    response: ServerResponse,
    trouble: Misfortune,
  ): Promise<void> {
    const { fault } = trouble;
    const breaks = fault?.kind === "truncated-body" || fault?.kind === "reset-after-headers";
    if (fault !== undefined && !breaks) {
      request.resume();
      const act = () => Promise.resolve({ status: 200, headers: {}, body: "" });
      const describe = (error: { status: number; message: string }) =>
        errorAnswer(new GitHubError(error.status, error.message));
      await answerExchange({ request, response, act, describe }, trouble);
      return;
    }
    if (trouble.delayMilliseconds > 0) await new Promise((resolve) => setTimeout(resolve, trouble.delayMilliseconds));
    const judged = this.judge(asked, request);
    if ("status" in judged) {
      request.resume();
      response.writeHead(judged.status, { "content-type": "text/plain; charset=utf-8", ...judged.headers });
      response.end(`${judged.message}\n`);
      return;
    }
    const { repository, account, gitDir } = judged;
    const options = {
      user: account?.login ?? "",
      ...(breaks ? { cut: fault.kind === "truncated-body" ? CUT_BYTES : 0 } : {}),
    };
    if (asked.endpoint !== "/git-receive-pack" || account === undefined) {
      await serveGit(gitDir, asked, request, response, options);
      return;
    }
    await this.alone(repository, async () => {
      const before = await readRefs(repository.gitDir);
      await serveGit(gitDir, asked, request, response, options);
      // Of a wiki there are no pushes.
      if (gitDir !== repository.gitDir) return;
      await receivePush(this.github, repository, account, before, await readRefs(repository.gitDir));
    });
  }

  /** One push after the other: what changed is told by comparing refs. */
  async alone(repository: Repository, work: () => Promise<void>): Promise<void> {
    const before = this.pushing.get(repository.id) ?? Promise.resolve();
    const now = before.then(work, work);
    this.pushing.set(
      repository.id,
      now.catch(() => undefined),
    );
    await now;
  }

  async settled(): Promise<void> {
    await Promise.all(this.pushing.values());
  }

  private judge(
    asked: GitRequest,
    request: IncomingMessage,
  ): Refusal | { repository: Repository; account: Account | undefined; gitDir: string } {
    const { world } = this.github;
    const principal = this.identify(request);
    if (principal === undefined) return unauthorized("Invalid username or token.");
    const isWiki = asked.name.endsWith(".wiki");
    const repository = world.findRepository(asked.owner, isWiki ? asked.name.slice(0, -".wiki".length) : asked.name);
    if (repository === undefined) return this.elsewhere(asked, principal);
    const gitDir = isWiki ? wikiDirOf(repository) : repository.gitDir;
    const isWrite = asked.service === "git-receive-pack";
    if (!canSee(world, principal, repository)) {
      return principal.kind === "anonymous" ? unauthorized("Authentication required.") : noSuchRepository;
    }
    if (!existsSync(gitDir)) return noSuchRepository;
    if (principal.kind === "anonymous") {
      return isWrite ? unauthorized("Authentication required.") : { repository, account: undefined, gitDir };
    }
    if (!this.mayUse(principal, repository, isWrite)) {
      const message = `Permission to ${fullName(repository)}.git denied.`;
      return { status: 403, message };
    }
    if (isWrite && repository.isArchived) {
      return { status: 403, message: "This repository was archived so it is read-only." };
    }
    return { repository, account: principal.kind === "user" ? principal.account : this.github.bot, gitDir };
  }

  /** Undefined for credentials that are no good: those are refused where none at all would do. */
  private identify(request: IncomingMessage): Principal | undefined {
    try {
      const principal = this.github.credentials.identify(request.headers.authorization);
      return principal.kind === "app" ? undefined : principal;
    } catch (error) {
      if (error instanceof GitHubError) return undefined;
      throw error;
    }
  }

  private mayUse(principal: Principal, repository: Repository, isWrite: boolean): boolean {
    const { world } = this.github;
    if (principal.kind === "user") {
      return !isWrite || ["write", "maintain", "admin"].includes(world.roleOf(principal.account, repository));
    }
    if (principal.kind !== "installation") return false;
    if (!isWrite && !repository.isPrivate) return true;
    const needs = [{ contents: isWrite ? "write" : "read" }] as const;
    return isCovered(world, principal, repository) && hasAny(principal.token.permissions, needs);
  }

  private elsewhere({ owner, name, endpoint, query }: GitRequest, principal: Principal): Refusal {
    const { world, urls } = this.github;
    const moved = world.findMoved(owner, name);
    if (moved !== undefined && canSee(world, principal, moved)) {
      const location = `${urls.html(moved)}.git${endpoint}${query === "" ? "" : `?${query}`}`;
      return { status: 301, message: "Moved Permanently", headers: { location } };
    }
    // Whether there is a private repository is not for everybody to know.
    return principal.kind === "anonymous" ? unauthorized("Authentication required.") : noSuchRepository;
  }
}
