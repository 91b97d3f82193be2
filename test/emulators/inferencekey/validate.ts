import type { ApiError } from "../http/answer.ts";
// What the platform itself checks of a body. What a workload's process checks is in `inference.ts`.
import { isRecord } from "../http/request-body.ts";
import { invalid } from "./errors.ts";
import type { Route } from "./routes.ts";
import type { Modality } from "./workload.ts";

/** The documented kinds of job; null for those that have no toggle in the emulator. */
const JOB_KINDS: ReadonlyMap<string, Modality | null> = new Map([
  ["chat", "chat"],
  ["chat_completions", "chat"],
  ["embeddings", "embeddings"],
  ["rerank", "rerank"],
  ["reranking", "rerank"],
  ["audio_speech", null],
  ["audio_generate", null],
  ["audio_transcriptions", null],
  ["images", null],
  ["images_generations", null],
  ["images_edits", null],
  ["images_variations", null],
  ["forecast", null],
]);

export function validateBody(route: Route, body: unknown): ApiError | undefined {
  switch (route.name) {
    case "create-workload":
      return validateNewWorkload(body);
    case "update-workload":
      return isRecord(body) ? undefined : invalid("invalid_request", "the body is no JSON object");
    case "jobs":
      return validateJob(body);
    default:
      return undefined;
  }
}

/** The modality that a job needs on, besides `jobs`. */
export function modalityOfJob(body: unknown): Modality | null {
  return JOB_KINDS.get(isRecord(body) ? String(body["kind"]) : "") ?? null;
}

function validateNewWorkload(body: unknown): ApiError | undefined {
  if (!isRecord(body)) return invalid("invalid_request", "the body is no JSON object");
  for (const field of ["name", "backend", "model_name"]) {
    if (!isText(body[field])) return invalid("validation_failed", `${field} must not be empty`);
  }
  return undefined;
}

function validateJob(body: unknown): ApiError | undefined {
  if (!isRecord(body)) return invalid("invalid_request", "the body is no JSON object");
  const kind = body["kind"];
  if (typeof kind !== "string" || !JOB_KINDS.has(kind)) {
    return invalid("unsupported_kind", `kind is one of ${[...JOB_KINDS.keys()].join(", ")}`);
  }
  const hasBytes = body["body_b64"] !== undefined;
  if (hasBytes === (body["body"] !== undefined)) return invalid("invalid_request", "send either body or body_b64");
  if (hasBytes && !isText(body["content_type"])) return invalid("invalid_request", "body_b64 needs content_type");
  if (hasBytes && modalityOfJob(body) === "chat") return invalid("invalid_request", "chat takes no body_b64");
  return undefined;
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}
