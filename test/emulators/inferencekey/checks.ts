// Everything that stands between a request and its effect, each check by itself; the switches decide in which order they
// are made, because that order is what a client can observe and what the documents do not say.
import type { ApiError } from "../http/answer.ts";
import { isRecord } from "../http/request-body.ts";
import type { Credential } from "./credential.ts";
import {
  bareForbidden,
  invalid,
  notFound,
  projectMismatch,
  refuse,
  scopeInsufficient,
  unauthorized,
  wrongPlane,
} from "./errors.ts";
import type { Route } from "./routes.ts";
import type { DataTokenRecord, PlatformState, Scope, TokenRecord } from "./state.ts";
import type { Refusal, Switches } from "./switches.ts";
import { modalityOfJob, validateBody } from "./validate.ts";
import type { Modality, Project, Workload } from "./workload.ts";

/** A request while it is being judged; the checks fill in what they find out. */
export interface Case {
  readonly route: Route;
  readonly credential: Credential;
  /** Undefined where it is no JSON. */
  readonly body: unknown;
  readonly state: PlatformState;
  readonly switches: Switches;
  token: TokenRecord | undefined;
  readonly project: Project | undefined;
  readonly workload: Workload | undefined;
}

type Check = (request: Case) => ApiError | undefined;

/** The first error of the checks in their order, or undefined where the request may have its effect. */
export function judge(request: Case): ApiError | undefined {
  for (const check of orderOf(request.switches)) {
    const error = check(request);
    if (error !== undefined) return error;
  }
  return undefined;
}

function orderOf({ planeCheck, lookup, validation, projectCheck }: Switches): Check[] {
  const movable = (when: Switches["lookup"]): Check[] => [
    ...(lookup === when ? [checkExistence] : []),
    ...(validation === when ? [checkBody] : []),
  ];
  const authentication =
    planeCheck === "before-authentication" ? [checkPlane, authenticate] : [authenticate, checkPlane];
  const authorization = projectCheck === "before-scope" ? [checkProject, checkScope] : [checkScope, checkProject];
  return [
    ...movable("before-authentication"),
    ...authentication,
    ...movable("before-authorization"),
    ...authorization,
    ...movable("after-authorization"),
    checkToggles,
  ];
}

function checkPlane({ route, credential }: Case): ApiError | undefined {
  if (credential.kind !== "control" && credential.kind !== "data") return undefined;
  return credential.kind === route.plane ? undefined : wrongPlane(route.plane);
}

function authenticate(request: Case): ApiError | undefined {
  const { credential, state, switches } = request;
  const token = credential.fingerprint === null ? undefined : state.findToken(credential.fingerprint);
  if (token === undefined) return unauthorized;
  if (token.status !== "live") return refuse(refusalOf(token, switches), `token_${token.status}`);
  request.token = token;
  return undefined;
}

function refusalOf({ plane, status }: TokenRecord, switches: Switches): Refusal {
  if (status === "suspended") return switches.suspended;
  if (status === "expired") return plane === "control" ? switches.expiredControl : switches.expiredData;
  return plane === "control" ? switches.revokedControl : switches.revokedData;
}

function checkExistence({ route, project, workload }: Case): ApiError | undefined {
  if (route.project !== undefined && project === undefined) return notFound(`project "${route.project}"`);
  if (route.workload === undefined || workload !== undefined) return undefined;
  return notFound(`workload "${route.workload}"`);
}

function checkBody({ route, body }: Case): ApiError | undefined {
  return validateBody(route, body);
}

function checkProject({ route, token, project, switches }: Case): ApiError | undefined {
  const slug = project?.slug ?? route.project;
  if (token === undefined || slug === undefined) return undefined;
  if (token.plane === "data")
    return hasGrantIn(token, slug) ? suspension(project, switches) : ungranted(slug, switches);
  if (token.project === slug) return suspension(project, switches);
  return route.project === undefined && switches.foreignWorkload === "404"
    ? notFound(`workload "${route.workload}"`)
    : projectMismatch(slug);
}

function suspension(project: Project | undefined, switches: Switches): ApiError | undefined {
  return project?.suspended === true ? refuse(switches.suspended, "project_suspended") : undefined;
}

function ungranted(project: string, { grantMismatch }: Switches): ApiError {
  if (grantMismatch === "404") return notFound(`project "${project}"`);
  return grantMismatch === "403" ? bareForbidden : projectMismatch(project);
}

function checkScope(request: Case): ApiError | undefined {
  const { token, switches } = request;
  if (token === undefined) return undefined;
  if (token.plane === "control")
    return neededScopes(request).every((any) => any.some((scope) => token.scopes.includes(scope)))
      ? undefined
      : scopeInsufficient;
  return checkGrant(token, request) ? undefined : grantError(request, switches);
}

/** Every group has to be met; within a group one scope suffices. */
function neededScopes({ route, body, switches }: Case): Scope[][] {
  const assigns =
    isRecord(body) && (typeof body["worker_id"] === "string" || typeof body["gpu_resource_id"] === "string");
  switch (route.name) {
    case "list-workloads":
    case "readiness-events":
      return [switches.listScope === "read" ? ["workload:read"] : ["workload:read", "workload:write"]];
    case "create-workload":
    case "update-workload":
      return assigns ? [["workload:write"], ["assignment:write"]] : [["workload:write"]];
    default:
      return [["workload:write"]];
  }
}

function checkGrant(token: DataTokenRecord, { route, project }: Case): boolean {
  const slug = project?.slug ?? route.project;
  return token.grants.some((grant) => grant === `${slug}/*` || grant === `${slug}/${route.workload}`);
}

function grantError({ route }: Case, { grantMismatch }: Switches): ApiError {
  if (grantMismatch === "404") return notFound(`workload "${route.workload}"`);
  return grantMismatch === "403" ? bareForbidden : scopeInsufficient;
}

function hasGrantIn(token: DataTokenRecord, project: string): boolean {
  return token.grants.some((grant) => grant.startsWith(`${project}/`));
}

/** The dashboard's toggles: a job needs its own and that of its modality. */
function checkToggles({ route, body, workload, state, switches }: Case): ApiError | undefined {
  if (workload === undefined || route.plane === "control") return undefined;
  const modality = modalityOfJob(body);
  const needed = route.name === "jobs" ? ["jobs", ...(modality === null ? [] : [modality])] : [route.name as Modality];
  const off: readonly string[] = state.behaviourOf(workload).off ?? [];
  const missing = needed.find((toggle) => off.includes(toggle));
  if (missing === undefined) return undefined;
  const message = `the ${missing} endpoint of this workload is off`;
  if (switches.endpointOff === "400") return invalid("endpoint_disabled", message);
  return switches.endpointOff === "404" ? notFound(missing) : { status: 403, code: "endpoint_disabled", message };
}
