/** The only requests that verifying ever makes. Source: the vendor's wire format and async-jobs guides. */
import { randomBytes } from "node:crypto";
import type { Plane } from "../core/token.ts";

/** One request, whatever the token. */
export interface Route {
  /** What is asked about: the same in every run, and what two verdicts are compared by. */
  readonly about: string;
  readonly method: "GET" | "POST";
  /** Behind the base URL. */
  readonly path: string;
  readonly body?: string;
}

const NOBODYS_SLUG = `keyrecall-${randomBytes(16).toString("hex")}`;

/**
 * Names a project that does not exist, so it reads nobody's data: what counts is how the API refuses it.
 * On the data plane the jobs route, which is checked by the platform itself; a `/v1/…` route can wake a GPU and
 * reach the workload's own process. A kind of job that does not exist is refused at submission and nothing runs.
 */
export function firstRoute(plane: Plane): Route {
  const route = plane === "control" ? workloadsRoute(NOBODYS_SLUG) : jobsRoute(NOBODYS_SLUG, NOBODYS_SLUG);
  return { ...route, about: "nobody's project" };
}

export function workloadsRoute(project: string): Route {
  return { about: project, method: "GET", path: `/api/projects/${encodeURIComponent(project)}/workloads` };
}

export function jobsRoute(project: string, workload: string): Route {
  return {
    about: `${project}/${workload}`,
    method: "POST",
    path: `/endpoint/${encodeURIComponent(project)}/${encodeURIComponent(workload)}/jobs`,
    body: JSON.stringify({ kind: "keyrecall-no-such-kind", body: {} }),
  };
}

/** A random token of the plane's shape: the API cannot know it. */
export function controlToken(plane: Plane): string {
  const prefix = plane === "control" ? "ik_sdk_" : "ik_live_";
  return `${prefix}${randomBytes(4).toString("hex")}_${randomBytes(32).toString("hex")}`;
}
