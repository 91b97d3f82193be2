// An answer before it is sent: faults can still change it.
import type { ServerResponse } from "node:http";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An error as the API means it; in which shape it is written is another question. */
export interface ApiError {
  readonly status: number;
  /** Null where the API names none. */
  readonly code: string | null;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) };
}

export function sendAnswer(response: ServerResponse, answer: Answer): void {
  // A 204 has no body, and so no length either.
  const length: Record<string, string> =
    answer.status === 204 ? {} : { "content-length": String(Buffer.byteLength(answer.body)) };
  response.writeHead(answer.status, { ...answer.headers, ...length });
  response.end(answer.body);
}
