/** What a data token opens, by the difference between what it is told at one workload and at another. */
import { randomBytes } from "node:crypto";
import type { ApiAnswer } from "./answer.ts";
import { jobsRoute, type Route } from "./route.ts";

/** In a project that may exist, a workload that does not. */
export function missingWorkloadRoute(project: string): Route {
  return jobsRoute(project, `keyrecall-${randomBytes(16).toString("hex")}`);
}

export interface Reach {
  /** Whether it opens the workload; null where the API does not tell. */
  readonly workload: boolean | null;
  /** Whether it opens every workload of the project, later ones included; null where the API does not tell. */
  readonly project: boolean | null;
}

/**
 * Each answer is to a job of a kind that does not exist.
 *
 * @param nowhere in nobody's project
 * @param there at the workload
 * @param missing at a workload of the same project that does not exist
 */
export function readReach(nowhere: ApiAnswer, there: ApiAnswer, missing: ApiAnswer): Reach {
  // Only where scope is checked before all else does a later error say that the scope was enough.
  const isScopeFirst = nowhere.kind === "error" && nowhere.status === 403;
  if (isRefusedForScope(there)) return { workload: false, project: false };
  const workload = isScopeFirst && isError(there, 400) ? true : null;
  if (isRefusedForScope(missing)) return { workload, project: false };
  const isLetThrough = workload === true && (isError(missing, 404) || isError(missing, 400));
  return { workload, project: isLetThrough ? true : null };
}

function isError(answer: ApiAnswer, status: number): boolean {
  return answer.kind === "error" && answer.status === status;
}

function isRefusedForScope(answer: ApiAnswer): boolean {
  if (answer.kind !== "error" || answer.status !== 403) return false;
  return answer.code === "project_scope_mismatch" || answer.code === "scope_insufficient";
}
