// The primary limit (a bucket for each who asks, filled every hour) and the secondary ones.
import type { Principal } from "./credentials.ts";
import { GitHubError } from "./github-error.ts";
import type { Settings } from "./settings.ts";

export type Resource = "core" | "search";

interface Bucket {
  limit: number;
  used: number;
  resetAt: number;
}

export interface SecondaryLimit {
  /** How many requests it meets. */
  readonly times?: number;
  /** Without it there is no `retry-after`: GitHub asks for a minute then. */
  readonly retryAfterSeconds?: number;
  readonly status?: 403 | 429;
  /** Only requests to this route. */
  readonly route?: string;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const ANONYMOUS_LIMIT = 60;
const SEARCH_LIMIT = 30;
const MOST_AT_ONCE = 100;
const DOCUMENTATION = "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api";
const SECONDARY = `${DOCUMENTATION}#about-secondary-rate-limits`;

export class RateLimits {
  private readonly buckets = new Map<string, Bucket>();
  private readonly settings: () => Settings;
  private secondary: (SecondaryLimit & { left: number })[] = [];
  private contentTimes: number[] = [];
  private runningNow = 0;

  constructor(settings: () => Settings) {
    this.settings = settings;
  }

  /** Takes one from a bucket; throws where it is empty. */
  take(principal: Principal, resource: Resource): void {
    const bucket = this.bucket(keyOf(principal), resource);
    if (bucket.used >= bucket.limit) {
      throw new GitHubError(this.settings().limitStatus, `API rate limit exceeded for ${describe(principal)}.`, {
        documentationUrl: DOCUMENTATION,
      });
    }
    bucket.used += 1;
  }

  /** A conditional request whose answer is that nothing has changed costs nothing. */
  giveBack(principal: Principal, resource: Resource): void {
    const bucket = this.bucket(keyOf(principal), resource);
    bucket.used = Math.max(0, bucket.used - 1);
  }

  headers(principal: Principal, resource: Resource): Record<string, string> {
    const { limit, remaining, reset, used } = this.facts(principal, resource);
    return {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(remaining),
      "x-ratelimit-reset": String(reset),
      "x-ratelimit-used": String(used),
      "x-ratelimit-resource": resource,
    };
  }

  facts(principal: Principal, resource: Resource) {
    const { limit, used, resetAt } = this.bucket(keyOf(principal), resource);
    return { limit, used, remaining: limit - used, reset: Math.ceil(resetAt / 1000) };
  }

  /** Leaves an installation so many requests until its bucket is filled again. */
  leave(installation: number, remaining: number, resetInSeconds: number, resource: Resource = "core"): void {
    const bucket = this.bucket(`installation ${installation}`, resource);
    bucket.used = bucket.limit - remaining;
    bucket.resetAt = Date.now() + resetInSeconds * 1000;
  }

  limit(limit: SecondaryLimit): void {
    this.secondary.push({ ...limit, left: limit.times ?? 1 });
  }

  clear(): void {
    this.secondary = [];
    this.contentTimes = [];
  }

  /** Throws where a secondary limit stands in the way. */
  checkSecondary(request: { readonly route: string; readonly createsContent: boolean }): void {
    const planned = this.secondary.find(
      ({ left, route }) => left > 0 && (route === undefined || route === request.route),
    );
    if (planned !== undefined) {
      planned.left -= 1;
      throw this.exceeded(planned.retryAfterSeconds, planned.status);
    }
    if (this.runningNow > MOST_AT_ONCE) throw this.exceeded(undefined, undefined);
    const { contentPerMinute } = this.settings();
    if (!request.createsContent || contentPerMinute === null) return;
    const now = Date.now();
    this.contentTimes = this.contentTimes.filter((timeMs) => timeMs > now - MINUTE_MS);
    if (this.contentTimes.length >= contentPerMinute) {
      throw this.exceeded(Math.ceil(((this.contentTimes[0] ?? now) + MINUTE_MS - now) / 1000), undefined);
    }
    this.contentTimes.push(now);
  }

  begin(): void {
    this.runningNow += 1;
  }

  end(): void {
    this.runningNow -= 1;
  }

  private exceeded(retryAfterSeconds: number | undefined, status: number | undefined): GitHubError {
    return new GitHubError(
      status ?? this.settings().limitStatus,
      "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
      {
        documentationUrl: SECONDARY,
        headers: retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) },
      },
    );
  }

  private bucket(key: string, resource: Resource): Bucket {
    const name = `${key} ${resource}`;
    const known = this.buckets.get(name);
    if (known !== undefined && known.resetAt > Date.now()) return known;
    const core = key.startsWith("anonymous") ? ANONYMOUS_LIMIT : this.settings().rateLimit;
    const resetAt = Date.now() + (resource === "search" ? MINUTE_MS : HOUR_MS);
    const bucket = { limit: resource === "search" ? SEARCH_LIMIT : core, used: 0, resetAt };
    this.buckets.set(name, bucket);
    return bucket;
  }
}

function keyOf(principal: Principal): string {
  if (principal.kind === "installation") return `installation ${principal.token.installation.id}`;
  return principal.kind === "user" ? `user ${principal.account.id}` : principal.kind;
}

function describe(principal: Principal): string {
  if (principal.kind === "installation") return `installation ID ${principal.token.installation.id}`;
  return principal.kind === "user" ? `user ID ${principal.account.id}` : "127.0.0.1";
}
