// The faults that are merely another answer.
import { STATUS_CODES } from "node:http";
import type { Answer, ApiError } from "./answer.ts";
import type { AnswerFault } from "./faults.ts";

/** @param own the API's own answer, for the faults that spoil it. */
export function alterAnswer(fault: AnswerFault, own: Answer, describe: (error: ApiError) => Answer): Answer {
  switch (fault.kind) {
    case "html-page":
      return htmlPage(fault.status ?? 200);
    case "empty-body":
      return { status: fault.status ?? 200, headers: {}, body: "" };
    case "wrong-content-type":
      return { ...own, headers: { ...own.headers, "content-type": fault.contentType ?? "text/html; charset=utf-8" } };
    case "invalid-json":
      return { ...own, body: own.body === "" ? "{" : own.body.slice(0, Math.max(1, own.body.length - 2)) };
    case "redirect":
      return { status: fault.status ?? 307, headers: { location: fault.location }, body: "" };
    case "rate-limit":
      return describe(tooMany(fault.retryAfterSeconds, fault.retryAfterForm ?? "seconds"));
    case "unavailable":
      return describe(unavailable(fault.status ?? 503, fault.retryAfterSeconds));
    case "api-error":
      return describe({ status: fault.status, code: fault.code, message: fault.message ?? nameOf(fault.status) });
  }
}

function htmlPage(status: number): Answer {
  const title = status === 200 ? "Welcome to the guest network" : nameOf(status);
  const body = `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body };
}

function tooMany(seconds: number | undefined, form: "seconds" | "http-date"): ApiError {
  const error = { status: 429, code: "rate_limited", message: "Too many requests." };
  if (seconds === undefined) return error;
  const value = form === "seconds" ? String(seconds) : new Date(Date.now() + seconds * 1000).toUTCString();
  return { ...error, headers: { "retry-after": value } };
}

function unavailable(status: number, seconds: number | undefined): ApiError {
  const error = { status, code: "unavailable", message: nameOf(status) };
  return seconds === undefined ? error : { ...error, headers: { "retry-after": String(seconds) } };
}

function nameOf(status: number): string {
  return STATUS_CODES[status] ?? `Status ${status}`;
}
