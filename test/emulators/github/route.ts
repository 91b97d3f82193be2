// A route of the API, and what a handler of one gets and gives.
import type { Needs } from "./access.ts";
import type { Principal } from "./credentials.ts";
import type { GitHub } from "./github.ts";
import type { Account, Repository } from "./world/entities.ts";

export interface Call {
  readonly github: GitHub;
  readonly principal: Principal;
  /** Decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly accept: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A call to a route below a repository, by somebody who may. */
export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

export type Result =
  | { readonly kind: "value"; readonly status: number; readonly value: unknown }
  | { readonly kind: "nothing"; readonly status: number }
  /** Something else than JSON. */
  | { readonly kind: "text"; readonly text: string | Buffer; readonly contentType: string }
  | {
      readonly kind: "list";
      readonly items: readonly unknown[];
      /** Puts a page into what the answer is. */
      readonly wrap: ((page: readonly unknown[], total: number) => unknown) | undefined;
    }
  /** A list that is paged by something else than numbers. */
  | { readonly kind: "page"; readonly value: unknown; readonly link: string | undefined };

interface RouteFields {
  /** As in the description of the API, such as `GET /repos/{owner}/{repo}`. */
  readonly route: string;
  readonly needs?: Needs;
  /** Never public, also where the repository is. */
  readonly isSensitive?: boolean;
  /** Works in an archived repository although it changes something. */
  readonly worksWhenArchived?: boolean;
  /** Counts for the limit of new content. */
  readonly createsContent?: boolean;
}

export interface PlainRoute extends RouteFields {
  /** Who may use it; `token` is anybody but the App itself. */
  readonly by: "app" | "token" | "installation" | "anybody";
  readonly handle: (call: Call) => Result | Promise<Result>;
}

export interface RepositoryRoute extends RouteFields {
  readonly by: "repository";
  readonly needs: Needs;
  readonly handle: (call: RepositoryCall) => Result | Promise<Result>;
}

export type Route = PlainRoute | RepositoryRoute;

export function ok(value: unknown, status = 200): Result {
  return { kind: "value", status, value };
}

export function created(value: unknown): Result {
  return { kind: "value", status: 201, value };
}

export function nothing(status = 204): Result {
  return { kind: "nothing", status };
}

export function list<Item>(
  items: readonly Item[],
  render: (item: Item) => unknown,
  wrap?: (page: readonly unknown[], total: number) => unknown,
): Result {
  // A lazy map would be no gain: lists are short here, and rendering is cheap.
  return { kind: "list", items: items.map((item) => render(item)), wrap };
}

/** Who a change is by. */
export function actorOf({ github, principal }: Call): Account {
  return principal.kind === "user" ? principal.account : github.bot;
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
