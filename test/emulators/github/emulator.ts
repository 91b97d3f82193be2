// An emulator of GitHub, as far as an App needs it that answers leaks: the REST API by its published description,
// webhooks, and repositories over smart HTTP.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer } from "../http/answer.ts";
import { answerExchange } from "../http/exchange.ts";
import { FaultQueue, type FaultTarget } from "../http/fault-queue.ts";
import type { Fault } from "../http/faults.ts";
import { readRequestBody } from "../http/request-body.ts";
import { startServer, type ServerOptions } from "../http/server.ts";
import { Credentials } from "./credentials.ts";
import { matchGit } from "./git/http.ts";
import { GitHubError } from "./github-error.ts";
import { GitHub } from "./github.ts";
import { RouteTable } from "./match-route.ts";
import { RateLimits } from "./rate-limits.ts";
import { closeEntry, openEntry, type LoggedRequest, type OpenRequest } from "./request-log.ts";
import { allRoutes } from "./routes/all.ts";
import { errorAnswer, serveApi, withoutAlias } from "./serve-api.ts";
import { GitFrontend } from "./serve-git.ts";
import { DEFAULT_SETTINGS, type Settings } from "./settings.ts";
import { Urls } from "./shapes/urls.ts";
import { Steering } from "./steering.ts";
import { isRegistration, registerApp } from "./web.ts";
import { WebhookSender } from "./webhooks/sender.ts";
import type { Permissions } from "./world/entities.ts";
import { World } from "./world/world.ts";

export interface GitHubOptions extends ServerOptions {
  readonly settings?: Partial<Settings>;
  readonly app?: {
    readonly id?: number;
    readonly slug?: string;
    /** PEM; a new one by default. */
    readonly privateKey?: string;
    readonly permissions?: Permissions;
    readonly events?: readonly string[];
  };
}

/** A route as in the description of the API, `git-info-refs`, `git-upload-pack`, `git-receive-pack`, or `unknown`. */
export type RouteName = string;

const BODY_LIMIT = 32 * 1024 * 1024;
const DEFAULT_APP = { id: 424_242, slug: "keyrecall-test", clientId: "Iv23liEmulatedGitHub", hookId: 515_151 };
const DEFAULT_PERMISSIONS: Permissions = {
  metadata: "read",
  contents: "read",
  pull_requests: "read",
  issues: "write",
  checks: "write",
};
const DEFAULT_EVENTS = ["push", "pull_request", "repository", "public", "issues", "issue_comment"];
/** As a GitHub Enterprise Server has it, and what clients add for one. */
const ENTERPRISE_PREFIX = /^\/api\/v3(?=\/)/;

export class GitHubEmulator extends Steering {
  readonly baseUrl: string;
  readonly port: number;
  /** Every request since the start, or since `clearRequests`, in the order of arrival. */
  readonly requests: readonly LoggedRequest[];
  private readonly faults: FaultQueue<RouteName>;
  private readonly shutDown: () => Promise<void>;

  constructor(parts: {
    readonly github: GitHub;
    readonly git: GitFrontend;
    readonly requests: readonly LoggedRequest[];
    readonly faults: FaultQueue<RouteName>;
    readonly port: number;
    readonly shutDown: () => Promise<void>;
  }) {
    super(parts.github, parts.git);
    this.baseUrl = parts.github.urls.origin;
    this.port = parts.port;
    this.requests = parts.requests;
    this.faults = parts.faults;
    this.shutDown = parts.shutDown;
  }

  clearRequests(): void {
    (this.requests as LoggedRequest[]).length = 0;
  }

  /** Plays a fault on requests to come; returns what takes it away. */
  inject(fault: Fault, target: FaultTarget<RouteName> = {}): () => void {
    const { route } = target;
    if (route !== undefined && !ROUTE_NAMES.has(route)) throw new Error(`there is no route ${route}`);
    return this.faults.inject(fault, target);
  }

  clearFaults(): void {
    this.faults.clear();
    this.github.limits.clear();
  }

  /** Throws if there was a request that this GitHub does not know, or that is not as described, or an answer that is not. */
  assertNothingUnknown(): void {
    const complaints = this.takeComplaints();
    if (complaints.length > 0) throw new Error(`the emulator of GitHub complains:\n${complaints.join("\n")}`);
  }

  /** What there is to complain about, for a test that meant it; `close` says nothing of it then. */
  takeComplaints(): string[] {
    return this.github.complaints.splice(0);
  }

  /** Ends everything; throws as `assertNothingUnknown` does. */
  async close(): Promise<void> {
    await this.shutDown();
    this.assertNothingUnknown();
  }
}

const ROUTE_NAMES: ReadonlySet<string> = new Set([
  ...allRoutes.map(({ route }) => route),
  "git-info-refs",
  "git-upload-pack",
  "git-receive-pack",
  "unknown",
]);

export async function startGitHub(options: GitHubOptions = {}): Promise<GitHubEmulator> {
  const dataDir = await mkdtemp(join(tmpdir(), "keyrecall-github-"));
  const table = new RouteTable(allRoutes);
  const faults = new FaultQueue<RouteName>();
  const requests: OpenRequest[] = [];
  let number = 0;

  // What handles requests needs to know the port, which is known when the server listens.
  const server = await startServer(async (request, response) => {
    number += 1;
    const url = (request.url ?? "/").replace(ENTERPRISE_PREFIX, "");
    const asked = matchGit(url);
    if (asked !== undefined) {
      const entry = openEntry(request, asked.route, { bytes: Buffer.alloc(0), length: 0, isTooLarge: false }, number);
      requests.push(entry);
      closeEntry(entry, response);
      const trouble = faults.take(entry.route, entry.fingerprint);
      entry.fault = trouble.fault?.kind ?? (trouble.delayMilliseconds > 0 ? "latency" : null);
      await git.serve(asked, request, response, trouble);
      return;
    }
    const body = await readRequestBody(request, BODY_LIMIT);
    if (isRegistration(request.method ?? "", url)) {
      const entry = openEntry(request, "web-register-app", body, number);
      requests.push(entry);
      closeEntry(entry, response);
      registerApp(github, url, body, response);
      return;
    }
    const real = withoutAlias(github, url);
    const matched = table.match(request.method ?? "", real.split("?", 1).join(""));
    const entry = openEntry(request, matched?.route.route ?? "unknown", body, number);
    requests.push(entry);
    closeEntry(entry, response);
    if (matched === undefined) github.complaints.push(`${entry.method} ${entry.path} is not emulated`);
    const misfortune = faults.take(entry.route, entry.fingerprint);
    entry.fault = misfortune.fault?.kind ?? (misfortune.delayMilliseconds > 0 ? "latency" : null);
    const act = (): Promise<Answer> => serveApi(github, { request, url: real, matched, body, entry });
    await answerExchange(
      {
        request,
        response,
        act,
        describe: ({ status, message, headers }) =>
          errorAnswer(new GitHubError(status, message, headers === undefined ? {} : { headers })),
      },
      misfortune,
    );
  }, options);

  const github = makeGitHub(options, dataDir, server.origin);
  const git = new GitFrontend(github);
  return new GitHubEmulator({
    github,
    git,
    requests,
    faults,
    port: server.port,
    shutDown: async () => {
      github.webhooks.stop();
      try {
        await server.close();
        await git.settled();
        await github.webhooks.settled();
      } finally {
        await rm(dataDir, { recursive: true, force: true });
      }
    },
  });
}

function makeGitHub({ app = {}, settings }: GitHubOptions, dataDir: string, origin: string): GitHub {
  const world = new World(dataDir);
  const id = app.id ?? DEFAULT_APP.id;
  const slug = app.slug ?? DEFAULT_APP.slug;
  const { clientId, hookId } = DEFAULT_APP;
  const complaints: string[] = [];
  const credentials = new Credentials({
    id,
    clientId,
    ...(app.privateKey === undefined ? {} : { privateKey: app.privateKey }),
  });
  // The settings are the GitHub's, which comes last; whoever needs them asks for those of the moment.
  const current = (): Settings => github.settings;
  const github: GitHub = new GitHub({
    world,
    urls: new Urls(origin),
    app: {
      id,
      clientId,
      slug,
      name: slug,
      owner: world.addAccount("keyrecall", "Organization"),
      permissions: app.permissions ?? DEFAULT_PERMISSIONS,
      events: app.events ?? DEFAULT_EVENTS,
      createdAt: new Date(),
    },
    credentials,
    webhooks: new WebhookSender({ id, hookId }, current, (problem) => complaints.push(problem)),
    limits: new RateLimits(current),
    settings: { ...DEFAULT_SETTINGS, ...settings },
    complaints,
  });
  return github;
}
