// Which route a request means.
import type { Route } from "./route.ts";

export interface Matched {
  readonly route: Route;
  /** Decoded. */
  readonly params: Readonly<Record<string, string>>;
}

interface Compiled {
  readonly route: Route;
  readonly method: string;
  readonly pattern: RegExp;
}

/** Parameters that can hold slashes, encoded or not. */
const WITH_SLASHES = new Set(["ref", "basehead", "branch", "tree_sha"]);

export class RouteTable {
  private readonly compiled: readonly Compiled[];

  /** @param routes the more special before the more general */
  constructor(routes: readonly Route[]) {
    this.compiled = routes.map((route) => {
      const [method = "", path = ""] = route.route.split(" ");
      return { route, method, pattern: compile(path) };
    });
  }

  /** @param path as it stands in the request line, without a query */
  match(method: string, path: string): Matched | undefined {
    for (const { route, method: own, pattern } of this.compiled) {
      const match = method === own ? pattern.exec(path) : null;
      if (match === null) continue;
      // A group that took no part in the match has no value, whatever its type says.
      const groups: Readonly<Record<string, string | undefined>> = match.groups ?? {};
      const params = Object.entries(groups).map(([name, value = ""]) => [name, decode(value)] as const);
      return { route, params: Object.fromEntries(params) };
    }
    return undefined;
  }
}

function compile(path: string): RegExp {
  const pattern = path.replaceAll(/\/\{(\w+)\}/g, (_whole, name: string) => {
    // The root of a repository is a path too.
    if (name === "path") return "(?:/(?<path>.*))?";
    return WITH_SLASHES.has(name) ? `/(?<${name}>.+)` : `/(?<${name}>[^/]+)`;
  });
  return new RegExp(`^${pattern}$`);
}

/** What is not properly encoded stays as it is: it names nothing. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
