// The documented routes, and which of them a request means.
import type { Plane } from "../../support/token.ts";

export type RouteName =
  | "list-workloads"
  | "create-workload"
  | "update-workload"
  | "delete-workload"
  | "readiness-events"
  | "chat"
  | "embeddings"
  | "rerank"
  | "jobs"
  | "undocumented";

export interface Route {
  readonly name: Exclude<RouteName, "undocumented">;
  readonly plane: Plane;
  /** Slug or id, as it stands in the path; the routes for one workload name no project. */
  readonly project: string | undefined;
  /** Slug or id, as it stands in the path. */
  readonly workload: string | undefined;
}

const TABLE: readonly (readonly [method: string, path: RegExp, plane: Plane, name: Route["name"]])[] = [
  ["GET", /^\/api\/projects\/(?<project>[^/]+)\/workloads$/, "control", "list-workloads"],
  ["POST", /^\/api\/projects\/(?<project>[^/]+)\/workloads$/, "control", "create-workload"],
  ["PATCH", /^\/api\/workloads\/(?<workload>[^/]+)$/, "control", "update-workload"],
  ["DELETE", /^\/api\/workloads\/(?<workload>[^/]+)$/, "control", "delete-workload"],
  [
    "GET",
    /^\/api\/projects\/(?<project>[^/]+)\/workloads\/(?<workload>[^/]+)\/readiness-events$/,
    "control",
    "readiness-events",
  ],
  ["POST", /^\/endpoint\/(?<project>[^/]+)\/(?<workload>[^/]+)\/v1\/chat\/completions$/, "data", "chat"],
  ["POST", /^\/endpoint\/(?<project>[^/]+)\/(?<workload>[^/]+)\/v1\/embeddings$/, "data", "embeddings"],
  ["POST", /^\/endpoint\/(?<project>[^/]+)\/(?<workload>[^/]+)\/v1\/rerank$/, "data", "rerank"],
  ["POST", /^\/endpoint\/(?<project>[^/]+)\/(?<workload>[^/]+)\/jobs$/, "data", "jobs"],
];

/** @param url as it stands in the request line */
export function matchRoute(method: string, url: string): Route | undefined {
  const path = decodePath(url.split("?", 1).join(""));
  for (const [routeMethod, pattern, plane, name] of TABLE) {
    const match = method === routeMethod ? pattern.exec(path) : null;
    if (match !== null)
      return { name, plane, project: match.groups?.["project"], workload: match.groups?.["workload"] };
  }
  return undefined;
}

/** A path that is not properly encoded is nobody's route. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
