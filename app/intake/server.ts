/** The front: takes webhooks, checks who signed them, stores them, answers. It does nothing else with them. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Acceptance, IncomingDelivery } from "../store/deliveries.ts";
import { readDelivery } from "./accept-delivery.ts";
import { BodyReader } from "./raw-body.ts";
import { isSigned } from "./signature.ts";

export interface FrontOptions {
  readonly webhookPath: string;
  readonly secrets: readonly string[];
  readonly store: (delivery: IncomingDelivery) => Promise<Acceptance>;
  /** Throws while a delivery could not be stored. */
  readonly checkReady: () => Promise<void>;
  /** Brings the gauges up to date. */
  readonly measure: () => Promise<void>;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** A sender that is slower than this is none that GitHub has. */
const REQUEST_TIMEOUT_MS = 30_000;

export function createFront(options: FrontOptions): Server {
  const bodies = new BodyReader();
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: 10_000 }, (request, response) => {
    answer(request, response, options, bodies).catch((error: unknown) => {
      options.log.error({ err: error }, "a request could not be answered");
      if (response.headersSent) response.destroy();
      else reply(response, 500, "internal error");
    });
  });
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: FrontOptions,
  bodies: BodyReader,
): Promise<void> {
  const path = (request.url ?? "/").split("?", 1)[0];
  if (path === options.webhookPath) {
    if (request.method !== "POST") return reply(response, 405, "POST only", { allow: "POST" });
    return takeDelivery(request, response, options, bodies);
  }
  if (request.method !== "GET" && request.method !== "HEAD") return reply(response, 404, "not found");
  switch (path) {
    case "/healthz":
      return reply(response, 200, "ok");
    case "/readyz":
      return options.checkReady().then(
        () => reply(response, 200, "ready"),
        () => reply(response, 503, "not ready: the database does not answer"),
      );
    case "/metrics": {
      await options.measure();
      const { registry } = options.metrics;
      response.writeHead(200, { "content-type": registry.contentType }).end(await registry.metrics());
      return;
    }
    default:
      return reply(response, 404, "not found");
  }
}

async function takeDelivery(
  request: IncomingMessage,
  response: ServerResponse,
  { secrets, store, metrics, log }: FrontOptions,
  bodies: BodyReader,
): Promise<void> {
  const receivedAt = new Date();
  const startedAt = performance.now();
  const refuse = (status: number, outcome: string, text: string): void => {
    metrics.deliveries.inc({ event: "refused", outcome });
    log.warn({ outcome, status }, "a delivery was refused");
    // What is still to come of it is not read.
    reply(response, status, text, { connection: "close" });
  };
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    return refuse(415, "content-type", "set the webhook's content type to application/json");
  }
  const body = await bodies.read(request);
  if (body.kind === "too-large") return refuse(413, "too-large", "larger than any event of GitHub's");
  if (body.kind === "busy") return refuse(503, "busy", "too much at once; deliver it again");
  if (body.kind === "cut") return refuse(400, "cut", "the body did not come to its end");
  const signature = request.headers["x-hub-signature-256"];
  if (!isSigned(body.bytes, typeof signature === "string" ? signature : undefined, secrets)) {
    return refuse(401, "signature", "the signature does not fit the body");
  }
  const reading = readDelivery(request.headers, body.bytes, receivedAt);
  if (reading.kind === "malformed") return refuse(400, "malformed", reading.why);
  const { delivery } = reading;
  const acceptance = await store(delivery);
  reply(response, acceptance === "stored" || acceptance === "again" ? 202 : 200, acceptance);
  metrics.acknowledgement.observe((performance.now() - startedAt) / 1000);
  metrics.deliveries.inc({ event: delivery.isIgnored ? "other" : delivery.event, outcome: acceptance });
  log.info(
    { delivery: delivery.guid, event: delivery.event, action: delivery.action, outcome: acceptance },
    "a delivery arrived",
  );
}

function reply(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...headers }).end(`${text}\n`);
}
