/** What an answer of the API says, where it is recognisably the API's own. Source: the vendor's wire format page. */
import type { HttpResult } from "./http-client.ts";
import type { Route } from "./route.ts";

export interface Workload {
  readonly slug: string;
  readonly name: string | null;
  readonly task: string | null;
  readonly model: string | null;
  readonly backend: string | null;
  /** GPUs are provisioned for it, and go when it is deleted. */
  readonly gpu: boolean;
}

/** An answer that is recognisably the API's own. */
export type OwnAnswer =
  | { readonly kind: "workloads"; readonly status: 200; readonly workloads: readonly Workload[] }
  /** The code is null where the body is the API's own and names none. */
  | { readonly kind: "error"; readonly status: number; readonly code: string | null };

export type ApiAnswer =
  | OwnAnswer
  /** Something answered, and it cannot be told that it was the API: a captive portal, a proxy, another service. */
  | { readonly kind: "foreign"; readonly status: number; readonly why: string }
  | { readonly kind: "none"; readonly why: string };

export function isOwnAnswer(answer: ApiAnswer): answer is OwnAnswer {
  return answer.kind === "workloads" || answer.kind === "error";
}

/** Answers are compared by this, and shown by it. */
export function describeAnswer(answer: ApiAnswer): string {
  if (answer.kind === "workloads") return "200 with workloads";
  if (answer.kind === "error") return answer.code === null ? String(answer.status) : `${answer.status} ${answer.code}`;
  return answer.why;
}

export function readAnswer(result: HttpResult, { method }: Pick<Route, "method">): ApiAnswer {
  if (result.kind === "failure") return { kind: "none", why: result.why };
  const { status } = result;
  const foreign = (why: string): ApiAnswer => ({ kind: "foreign", status, why: `answered ${status} ${why}` });
  if (status >= 300 && status < 400) {
    return foreign(`and redirects to ${result.location ?? "nowhere"}, which is not followed`);
  }
  if (status === 429 || status >= 500) return { kind: "none", why: `answered ${status} each time it was asked` };
  if (result.contentEncoding !== null && result.contentEncoding !== "identity")
    return foreign("in an encoding that was not asked for");
  if (result.body.length === 0) return foreign("with an empty body");
  if (result.contentType !== null && !/^application\/([\w.+-]+\+)?json\b/i.test(result.contentType)) {
    return foreign("with something that is not JSON (a login page or a proxy?)");
  }
  const value = parseJson(result.body);
  if (value === undefined) return foreign("with broken JSON");
  if (status < 300) {
    // Only the list of workloads is read; what accepts a job of no kind is not the documented API.
    const workloads = status === 200 && method === "GET" ? readWorkloads(value) : null;
    return workloads === null
      ? foreign("with JSON that is not InferenceKey's")
      : { kind: "workloads", status: 200, workloads };
  }
  const error = readError(value);
  return error === null ? foreign("with JSON that is not InferenceKey's") : { kind: "error", status, code: error.code };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** `{ "error": "<code>" }` (as the SDK reads it) or `{ "error": { "code": "<code>", "message": "…" } }` (as documented). */
function readError(value: unknown): { code: string | null } | null {
  if (!isRecord(value) || OTHERS_FIELDS.some((field) => field in value)) return null;
  const { error } = value;
  if (typeof error === "string") return isCode(error) ? { code: error } : null;
  // A model server behind a workload answers in OpenAI's shape, which has these; its word on a token is not the API's.
  if (!isRecord(error) || "type" in error || "param" in error) return null;
  const { code = null, message } = error;
  if (code === null) return typeof message === "string" ? { code: null } : null;
  return typeof code === "string" && isCode(code) ? { code } : null;
}

/** Beside `error`, these stand in the answers of OAuth proxies and of model servers. */
const OTHERS_FIELDS = ["error_description", "error_type"];

/**
 * Codes are words in snake_case; `Unauthorized` and `Forbidden` are what frameworks and proxies say. They are shown, so
 * nothing that can be a piece of a token passes for one.
 */
function isCode(text: string): boolean {
  return text.length <= 64 && /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(text) && !/[0-9a-f]{12}/.test(text);
}

/** An array of workloads, or `{ "workloads": […] }`: the SDK accepts both. */
function readWorkloads(value: unknown): Workload[] | null {
  const list = isRecord(value) ? value["workloads"] : value;
  if (!Array.isArray(list)) return null;
  const workloads: Workload[] = [];
  for (const item of list as unknown[]) {
    if (!isRecord(item) || typeof item["slug"] !== "string" || !("project_id" in item || "id" in item)) return null;
    workloads.push({
      slug: item["slug"],
      name: textOrNull(item["name"]),
      task: textOrNull(item["task_type"]),
      model: textOrNull(item["model_name"]),
      backend: textOrNull(item["backend"]),
      gpu: item["gpu_resource_id"] !== null && item["gpu_resource_id"] !== undefined,
    });
  }
  return workloads;
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
