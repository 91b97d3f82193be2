// A call as it comes in, before anything of it is believed.
import type { IncomingMessage } from "node:http";
import { parseJson, type RequestBody } from "../http/request-body.ts";
import { withoutTokens } from "../inferencekey/credential.ts";
import { InvalidRequest, readRevocationRequest } from "./contract.ts";
import type { OpenCall } from "./request-log.ts";
import { checkSignature, type SignatureVerdict } from "./signature.ts";

/** A call, read as far as it can be read. Whether any of it may be believed is for `signature` to say. */
export interface Incoming {
  readonly request: IncomingMessage;
  readonly body: RequestBody;
  readonly signature: SignatureVerdict;
  readonly asked: ReturnType<typeof readRevocationRequest> | InvalidRequest;
}

export function readIncoming(
  request: IncomingMessage,
  body: RequestBody,
  secrets: readonly string[],
  now: number,
): Incoming {
  const header = request.headers["x-inferencekey-signature"];
  const signature = checkSignature(Array.isArray(header) ? header.join(",") : header, body.bytes, secrets, now);
  try {
    return { request, body, signature, asked: readRevocationRequest(parseJson(body.bytes)) };
  } catch (error) {
    if (!(error instanceof InvalidRequest)) throw error;
    return { request, body, signature, asked: error };
  }
}

/** Its line of the log. */
export function openCall({ request, body, signature, asked }: Incoming, number: number): OpenCall {
  const common = {
    number,
    method: request.method ?? "",
    path: withoutTokens(request.url ?? ""),
    signature,
    bodyBytes: body.length,
    receivedAt: new Date(),
    durationMilliseconds: null,
    status: null,
    fault: null,
  };
  if (asked instanceof InvalidRequest) {
    return { ...common, route: "unreadable", idempotencyKey: null, fingerprints: [] };
  }
  const fingerprints =
    asked.method === "status" ? asked.fingerprints : asked.entries.map(({ fingerprint }) => fingerprint);
  return { ...common, route: asked.method, idempotencyKey: asked.idempotencyKey, fingerprints };
}
