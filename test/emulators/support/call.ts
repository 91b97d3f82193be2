// One request to an emulator, as a careful client would make it: no redirect followed, a limit on the time.
import type { MadeToken } from "../../support/token.ts";

export interface CallOptions {
  readonly method?: string;
  readonly token?: MadeToken | string;
  readonly body?: unknown;
  readonly timeoutMilliseconds?: number;
}

export interface CallResult {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where the body is no JSON. */
  readonly json: unknown;
}

export async function call(baseUrl: string, path: string, options: CallOptions = {}): Promise<CallResult> {
  const { token, body } = options;
  const raw = typeof token === "object" ? token.raw : token;
  const response = await fetch(`${baseUrl}${path}`, {
    method: options.method ?? (body === undefined ? "GET" : "POST"),
    redirect: "manual",
    headers: {
      ...(raw === undefined ? {} : { authorization: `Bearer ${raw}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    signal: AbortSignal.timeout(options.timeoutMilliseconds ?? 20_000),
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: asJson(text) };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
