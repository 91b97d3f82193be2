import { hasLevel } from "./access.ts";
// The whole of this GitHub: its world, its one App, and how both are told of changes.
import type { Credentials } from "./credentials.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { Settings } from "./settings.ts";
import {
  installationShape,
  simpleInstallation,
  simpleOrganization,
  simpleUser,
  type AppFacts,
} from "./shapes/accounts.ts";
import type { ShapeContext } from "./shapes/issues.ts";
import { repositoryShape } from "./shapes/repositories.ts";
import type { Urls } from "./shapes/urls.ts";
import type { WebhookSender } from "./webhooks/sender.ts";
import type { Account, Installation, Level, Repository } from "./world/entities.ts";
import type { World } from "./world/world.ts";

type Payload = Readonly<Record<string, unknown>>;

/** Which permission an App needs to be told of an event; those that are missing here need none. */
const PERMISSION_OF: Readonly<Record<string, readonly [string, Level]>> = {
  push: ["contents", "read"],
  pull_request: ["pull_requests", "read"],
  issues: ["issues", "read"],
  issue_comment: ["issues", "read"],
  pull_request_review: ["pull_requests", "read"],
  pull_request_review_comment: ["pull_requests", "read"],
  discussion: ["discussions", "read"],
  discussion_comment: ["discussions", "read"],
  release: ["contents", "read"],
  commit_comment: ["contents", "read"],
  gollum: ["contents", "read"],
  merge_group: ["merge_queues", "read"],
  check_run: ["checks", "read"],
  check_suite: ["checks", "read"],
  repository: ["metadata", "read"],
  public: ["metadata", "read"],
  secret_scanning_alert: ["secret_scanning_alerts", "read"],
  secret_scanning_alert_location: ["secret_scanning_alerts", "read"],
};

export interface EmitOptions {
  readonly sender: Account;
  /** Sent to whoever may write checks, subscribed or not. */
  readonly isForCheckWriters?: boolean;
}

export class GitHub implements ShapeContext {
  readonly world: World;
  readonly urls: Urls;
  readonly app: AppFacts;
  readonly bot: Account;
  readonly credentials: Credentials;
  readonly webhooks: WebhookSender;
  readonly limits: RateLimits;
  settings: Settings;
  /** Whatever a test must not overlook. */
  readonly complaints: string[];
  /** Repositories that clients were sent to by their number. */
  readonly #sentTo = new Set<number>();

  constructor(parts: {
    readonly world: World;
    readonly urls: Urls;
    readonly app: AppFacts;
    readonly credentials: Credentials;
    readonly webhooks: WebhookSender;
    readonly limits: RateLimits;
    readonly settings: Settings;
    readonly complaints: string[];
  }) {
    this.world = parts.world;
    this.urls = parts.urls;
    this.app = parts.app;
    this.bot = parts.world.botOf(parts.app.slug);
    this.credentials = parts.credentials;
    this.webhooks = parts.webhooks;
    this.limits = parts.limits;
    this.settings = parts.settings;
    this.complaints = parts.complaints;
  }

  /** Where a repository is that has another name now: by its number, an address that only a redirect gives. */
  addressByNumber({ id }: Repository, rest: string): string {
    this.#sentTo.add(id);
    return `${this.urls.origin}/repositories/${id}${rest}`;
  }

  wasSentTo(id: number): boolean {
    return this.#sentTo.has(id);
  }

  /** Tells every installation that covers a repository, that may know, and that wants to. */
  emit(event: string, repository: Repository, payload: Payload, options: EmitOptions): void {
    for (const installation of this.world.installations) {
      if (!this.listens(installation, event, repository, options)) continue;
      this.webhooks.deliver(event, {
        ...payload,
        repository: payload["repository"] ?? repositoryShape(this.urls, repository),
        ...this.organizationOf(repository.owner),
        sender: simpleUser(this.urls, options.sender),
        installation: simpleInstallation(installation),
      });
    }
  }

  /** Tells of an installation itself: nobody can unsubscribe from that, and suspension does not silence it. */
  emitInstallation(event: string, installation: Installation, payload: Payload, sender: Account): void {
    this.webhooks.deliver(event, {
      ...payload,
      installation: installationShape(this.urls, this.app, installation),
      ...this.organizationOf(installation.account),
      sender: simpleUser(this.urls, sender),
    });
  }

  private organizationOf(account: Account): Payload {
    return account.type === "Organization" ? { organization: simpleOrganization(this.urls, account) } : {};
  }

  private listens(installation: Installation, event: string, repository: Repository, options: EmitOptions): boolean {
    if (installation.isDeleted || installation.suspendedAt !== null) return false;
    const owns = repository.owner.id === installation.account.id;
    const isNamed = installation.selection === "all" || installation.repositories.has(repository.id);
    if (!owns || !isNamed) return false;
    if (options.isForCheckWriters === true) return hasLevel(installation.permissions["checks"], "write");
    const [permission = "", level = "read"] = PERMISSION_OF[event] ?? [];
    if (permission !== "" && !hasLevel(installation.permissions[permission], level)) return false;
    return installation.events.includes(event);
  }
}
