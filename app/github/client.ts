/** The way to GitHub's REST API: one client for the App, and one for each installation. */
import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import Bottleneck from "bottleneck";
import { requireSecureUrl } from "keyrecall";
import { createProbotAuth } from "octokit-auth-probot";
import { Probot, type ProbotOctokit } from "probot";
import {
  GitHubError,
  GitHubUnreachableError,
  MissingPermissionError,
  RateLimitedError,
  requireAnswer,
  toGitHubError,
} from "./errors.ts";
import { followingFetch } from "./following-fetch.ts";
import { type GitHubLog, messagesOnly } from "./log.ts";

export interface GitHubSettings {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  /** `https://api.github.com`, or `https://HOST/api/v3`. */
  readonly baseUrl: string;
  readonly log: GitHubLog;
  readonly timeoutMs?: number;
  /** Between two writes of an installation, and between two that notify people. GitHub's advice is the default. */
  readonly pace?: { readonly writeMs: number; readonly notifyMs: number };
}

export type GitHubClient = InstanceType<typeof Client>;

export interface GitHub {
  /** Signed in as the App: installations, tokens, deliveries. */
  forApp(): Promise<GitHubClient>;
  forInstallation(installationId: number): Promise<GitHubClient>;
  /** Its permissions have changed: a token that lacks one is replaced at once. */
  renew(installationId: number): void;
  /** Ends what is under way; nothing can be asked afterwards. */
  close(): void;
}

const API_VERSION = "2022-11-28";
const USER_AGENT = "keyrecall-app";
const TIMEOUT_MS = 30_000;
/** People grant permissions seldom; a question for a token is a question too. */
const RENEWAL_MS = 2000;
/** What changes nothing is asked again after these pauses: a step asks ten times, and would begin anew with each failure. */
const READ_AGAIN_AFTER_MS = [200, 1000];
/** Who lets one wait that long is not to be asked again at once. */
const SLOW_MS = 5000;
const PACE = { writeMs: 1000, notifyMs: 3000 };

const Client = Octokit.plugin(throttling);

export function createGitHub(settings: GitHubSettings): GitHub {
  const baseUrl = requireSecureUrl(settings.baseUrl, "the URL of GitHub's API").href.replace(/\/+$/, "");
  const { writeMs, notifyMs } = settings.pace ?? PACE;
  const closing = new AbortController();
  const fetch = followingFetch(baseUrl, settings.timeoutMs ?? TIMEOUT_MS, closing.signal);
  const log = messagesOnly(settings.log);
  /** By installation: a limit that one request ran into holds for the next ones too. */
  const closedUntil = new Map<string, number>();
  /** By installation: when a token was last replaced because it lacks a permission, which may have been granted since. */
  const renewedAt = new Map<string, number>();
  const mayHaveChanged = (id: string, error: unknown): boolean => {
    if (!(error instanceof MissingPermissionError)) return false;
    if (Date.now() - (renewedAt.get(id) ?? 0) < RENEWAL_MS) return false;
    renewedAt.set(id, Date.now());
    return true;
  };
  // Of this App alone; the plug-in's own are shared by all that runs in the process.
  const limiters = {
    global: new Bottleneck.Group({ maxConcurrent: 10 }),
    auth: new Bottleneck.Group({ maxConcurrent: 1 }),
    search: new Bottleneck.Group({ maxConcurrent: 1, minTime: 2000 }),
    write: new Bottleneck.Group({ maxConcurrent: 1, minTime: writeMs }),
    notifications: new Bottleneck.Group({ maxConcurrent: 1, minTime: notifyMs }),
  };

  const OurClient = Client.plugin((octokit, options) => {
    const id = String(options.throttle?.id ?? "app");
    octokit.hook.before("request", (request) => {
      request.headers["x-github-api-version"] = API_VERSION;
    });
    octokit.hook.wrap("request", async (request, call) => {
      const route = `${call.method} ${templateOf(call)}`;
      const wait = (closedUntil.get(id) ?? 0) - Date.now();
      if (wait > 0) throw new RateLimitedError(wait, { httpStatus: 0, route, requestId: null });
      try {
        return await orAgain(changesNothing(call), route, async () => {
          const response = await orWithFreshToken(
            async () => request(call),
            octokit,
            options,
            call.url,
            (refused) => mayHaveChanged(id, toGitHubError(refused, route)),
          );
          requireAnswer(response, route);
          return response;
        });
      } catch (error) {
        const converted = toGitHubError(error, route);
        if (converted instanceof RateLimitedError) closedUntil.set(id, Date.now() + converted.retryAfterMs);
        throw converted;
      }
    });
    return {};
  }).defaults((given: OctokitOptions) => {
    // Without `request`, tokens are asked for through the client itself: with its address, headers and errors.
    const { request: _, ...auth } = given.auth ?? {};
    return {
      ...given,
      authStrategy: createProbotAuth,
      auth,
      baseUrl,
      userAgent: USER_AGENT,
      request: { ...given.request, fetch, log },
      throttle: {
        ...given.throttle,
        ...limiters,
        enabled: true,
        // The queue waits, not a client that holds a worker while it sleeps.
        onRateLimit: () => false,
        onSecondaryRateLimit: () => false,
      },
    };
  });

  const probot = new Probot({
    appId: settings.appId,
    privateKey: settings.privateKey,
    baseUrl,
    // Probot's own class has a plug-in that repeats calls, creating ones too.
    Octokit: OurClient as unknown as typeof ProbotOctokit,
    log: log as never,
    // Nothing is received here, and Probot's default would be known to everybody.
    secret: randomBytes(32).toString("hex"),
  });
  return {
    forApp: async () => (await probot.auth()) as unknown as GitHubClient,
    forInstallation: async (installationId) => (await probot.auth(installationId)) as unknown as GitHubClient,
    renew: (installationId) => void renewedAt.delete(String(installationId)),
    close: () => closing.abort(new Error("the App is stopping")),
  };
}

interface OctokitOptions {
  readonly auth?: Record<string, unknown>;
  readonly request?: Record<string, unknown>;
  readonly throttle?: Record<string, unknown>;
}

/** A token that was made for an answer that never came dies by itself. */
function changesNothing({ method, url }: { readonly method?: string; readonly url: string }): boolean {
  return method === "GET" || method === "HEAD" || url.endsWith("/access_tokens");
}

async function orAgain<Result>(isRepeatable: boolean, route: string, ask: () => Promise<Result>): Promise<Result> {
  for (const pause of isRepeatable ? READ_AGAIN_AFTER_MS : []) {
    const startedAt = Date.now();
    try {
      return await ask();
    } catch (error) {
      if (!mayPass(error, route) || Date.now() - startedAt > SLOW_MS) throw error;
      await setTimeout(pause, undefined, { ref: false });
    }
  }
  return ask();
}

/** No answer, one of a proxy, or one that says that the server failed. */
function mayPass(error: unknown, route: string): boolean {
  const converted = toGitHubError(error, route);
  if (!(converted instanceof GitHubError)) return false;
  // The question for a token, which this one brought about, was repeated already.
  if (converted.route !== route) return false;
  return converted instanceof GitHubUnreachableError || converted.httpStatus >= 500;
}

/**
 * A cached token can die before its time, and has the permissions of when it was made: it is asked for once more, and so
 * is what was refused with it, which GitHub has not carried out.
 */
async function orWithFreshToken<Result>(
  call: () => Promise<Result>,
  octokit: Pick<GitHubClient, "auth">,
  { auth }: { readonly auth?: unknown },
  url: string,
  mayHaveChanged: (error: unknown) => boolean,
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    const isSignedIn = typeof auth === "object" && auth !== null && "installationId" in auth;
    if (!isSignedIn || url.includes("/access_tokens") || error instanceof GitHubError) throw error;
    const isRefused = error instanceof Error && "status" in error && error.status === 401;
    if (!isRefused && !mayHaveChanged(error)) throw error;
    await octokit.auth({ type: "installation", refresh: true });
    return await call();
  }
}

/** The address without what is filled in, where the call still has it. */
function templateOf({ url, baseUrl }: { readonly url: string; readonly baseUrl?: string }): string {
  return url.replace(baseUrl ?? "", "").replace(/\?.*$/, "");
}
