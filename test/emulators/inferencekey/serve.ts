// From a request to its outcome.
import type { IncomingMessage } from "node:http";
import { parseJson, type RequestBody } from "../http/request-body.ts";
import { judge, type Case } from "./checks.ts";
import { performControl, type Outcome } from "./control-plane.ts";
import { readCredential } from "./credential.ts";
import { performData } from "./data-plane.ts";
import { describeError, notFound } from "./errors.ts";
import type { Route } from "./routes.ts";
import type { PlatformState } from "./state.ts";
import type { Switches } from "./switches.ts";
import type { Project } from "./workload.ts";

/** Judges a request and, where it passes, does what it asks for. */
export function serve(
  request: IncomingMessage,
  route: Route | undefined,
  body: RequestBody,
  state: PlatformState,
  switches: Switches,
): Outcome {
  if (route === undefined) return { answer: describeError(notFound("route"), switches), effect: "none" };
  const project = route.project === undefined ? undefined : state.findProject(route.project);
  const known: Case = {
    route,
    credential: readCredential(request.headers),
    body: parseJson(body.bytes),
    state,
    switches,
    token: undefined,
    ...locate(route, project, state),
  };
  const error = judge(known);
  if (error !== undefined) return { answer: describeError(error, switches), effect: "none" };
  return route.plane === "control" ? performControl(known) : performData(known);
}

/** What a path names, as far as it exists. */
function locate(route: Route, project: Project | undefined, state: PlatformState): Pick<Case, "project" | "workload"> {
  if (route.workload === undefined) return { project, workload: undefined };
  if (route.project !== undefined) {
    return { project, workload: project === undefined ? undefined : state.findWorkload(project, route.workload) };
  }
  const workload = state.findWorkloadById(route.workload);
  return { project: workload === undefined ? undefined : state.findProject(workload.project_id), workload };
}
