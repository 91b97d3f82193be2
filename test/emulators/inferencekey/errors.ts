// The errors of the API, in its own words, and the two shapes that they are documented in.
import { jsonAnswer, type Answer, type ApiError } from "../http/answer.ts";
import type { Refusal, Switches } from "./switches.ts";

export function describeError(error: ApiError, switches: Switches): Answer {
  if (error.code === null && switches.bareForbidden === "empty-body") {
    return { status: error.status, headers: { ...error.headers }, body: "" };
  }
  return jsonAnswer(error.status, bodyOf(error, switches), error.headers);
}

function bodyOf({ status, code, message }: ApiError, switches: Switches): unknown {
  const named = code ?? (switches.bareForbidden === "generic-code" && status === 403 ? "forbidden" : null);
  if (switches.errorShape === "flat") return named === null ? { message } : { error: named };
  return { error: named === null ? { message } : { code: named, message } };
}

export const unauthorized: ApiError = {
  status: 401,
  code: "unauthorized",
  message: "invalid or expired credentials",
};

export function wrongPlane(wanted: "control" | "data"): ApiError {
  const prefix = wanted === "control" ? "an ik_sdk_ control-plane token" : "an ik_live_ data-plane key";
  return { status: 403, code: "wrong_credential_type", message: `This route requires ${prefix}.` };
}

export function projectMismatch(project: string): ApiError {
  return { status: 403, code: "project_scope_mismatch", message: `token is not scoped to project "${project}"` };
}

export const scopeInsufficient: ApiError = {
  status: 403,
  code: "scope_insufficient",
  message: "this credential cannot perform the requested operation",
};

export const bareForbidden: ApiError = { status: 403, code: null, message: "Forbidden" };

export function notFound(what: string): ApiError {
  return { status: 404, code: "not_found", message: `${what} not found` };
}

export function invalid(code: string, message: string): ApiError {
  return { status: 400, code, message };
}

/** How a token that no longer works is turned away. */
export function refuse(how: Refusal, code: string): ApiError {
  if (how === "401") return unauthorized;
  return how === "403" ? bareForbidden : { status: 403, code, message: `This credential is refused: ${code}.` };
}
