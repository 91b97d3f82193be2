// Sends webhooks as GitHub does: signed, once, with ten seconds to answer, and on record for three days.
import { createHmac, randomUUID } from "node:crypto";
import type { Settings } from "../settings.ts";
import { problemsOfPayload } from "./contract.ts";

export interface Delivery {
  readonly id: number;
  /** The same for a delivery and for its repetitions. */
  readonly guid: string;
  readonly deliveredAt: Date;
  readonly isRedelivery: boolean;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly url: string;
  readonly body: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** `pending` while there is no answer. */
  status: string;
  statusCode: number;
  /** Seconds. */
  duration: number;
  responseHeaders: Readonly<Record<string, string>>;
  responseBody: string;
}

export interface DeliverOptions {
  /** Instead of a new one. */
  readonly guid?: string;
  /** Instead of the payload as JSON. */
  readonly rawBody?: string;
  /** Instead of the configured one; null leaves the signature out. */
  readonly secret?: string | null;
  /** More headers, or others. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the payload has to be as described. */
  readonly validate?: boolean;
}

type Payload = Readonly<Record<string, unknown>>;

const LARGEST_BYTES = 25 * 1024 * 1024;
const KEPT_MS = 3 * 24 * 60 * 60 * 1000;
const LONGEST_KEPT_ANSWER = 65_536;

export class WebhookSender {
  readonly deliveries: Delivery[] = [];
  /** Events whose payload was too large: GitHub never sends them, and says so nowhere. */
  readonly tooLarge: { readonly event: string; readonly bytes: number }[] = [];
  /** Holds back what would be sent; `release` sends it. */
  private held: (() => void)[] | undefined;
  private readonly stopped = new AbortController();
  private readonly running = new Set<Promise<void>>();
  private readonly app: { readonly id: number; readonly hookId: number };
  private readonly settings: () => Settings;
  private readonly complain: (problem: string) => void;
  private lastId = 70_000;

  constructor(
    app: { readonly id: number; readonly hookId: number },
    settings: () => Settings,
    complain: (problem: string) => void,
  ) {
    this.app = app;
    this.settings = settings;
    this.complain = complain;
  }

  /** Undefined where nothing is configured, or where the payload is too large. */
  deliver(event: string, payload: Payload, options: DeliverOptions = {}): Delivery | undefined {
    if (options.validate !== false) {
      for (const problem of problemsOfPayload(event, payload)) this.complain(`webhook ${event}: ${problem}`);
    }
    const body = options.rawBody ?? JSON.stringify(payload);
    const bytes = Buffer.byteLength(body);
    if (bytes > LARGEST_BYTES) {
      this.tooLarge.push({ event, bytes });
      return undefined;
    }
    const { webhookUrl, webhookSecret } = this.settings();
    if (webhookUrl === null) return undefined;
    const guid = options.guid ?? randomUUID();
    const delivery = this.record({
      guid,
      isRedelivery: false,
      event,
      action: typeof payload["action"] === "string" ? payload["action"] : null,
      installationId: idOf(payload["installation"]),
      repositoryId: idOf(payload["repository"]),
      url: webhookUrl,
      body,
      requestHeaders: {
        ...this.headers(event, guid, body, options.secret === undefined ? webhookSecret : options.secret),
        ...options.headers,
      },
    });
    this.send(delivery);
    return delivery;
  }

  /** Sends it once more, to where webhooks go now. */
  redeliver(original: Delivery): Delivery | undefined {
    const { webhookUrl, webhookSecret } = this.settings();
    if (webhookUrl === null) return undefined;
    const { guid, event, body } = original;
    const delivery = this.record({
      ...original,
      isRedelivery: true,
      url: webhookUrl,
      requestHeaders: this.headers(event, guid, body, webhookSecret),
    });
    this.send(delivery);
    return delivery;
  }

  /** What is over, newest first, as long as GitHub keeps it. */
  kept(): Delivery[] {
    const oldest = Date.now() - KEPT_MS;
    const isKept = ({ deliveredAt, status }: Delivery): boolean =>
      deliveredAt.getTime() > oldest && status !== "pending";
    return this.deliveries.filter((delivery) => isKept(delivery)).toReversed();
  }

  /** From now on nothing is sent until `release`, which sends in the given order. */
  hold(): void {
    this.held ??= [];
  }

  release(order: "as-is" | "reversed" = "as-is"): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const send of order === "reversed" ? held.toReversed() : held) send();
  }

  /** Gives up what is under way, and sends nothing any more. */
  stop(): void {
    this.held = [];
    this.stopped.abort();
  }

  /** Waits until nothing is under way. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private headers(event: string, guid: string, body: string, secret: string | null): Record<string, string> {
    const signature =
      secret === null || secret === "" ? undefined : createHmac("sha256", secret).update(body).digest("hex");
    return {
      accept: "*/*",
      "content-type": "application/json",
      "user-agent": "GitHub-Hookshot/0a1b2c3",
      "x-github-delivery": guid,
      "x-github-event": event,
      "x-github-hook-id": String(this.app.hookId),
      "x-github-hook-installation-target-id": String(this.app.id),
      "x-github-hook-installation-target-type": "integration",
      ...(signature === undefined ? {} : { "x-hub-signature-256": `sha256=${signature}` }),
    };
  }

  private record(
    facts: Omit<
      Delivery,
      "id" | "deliveredAt" | "status" | "statusCode" | "duration" | "responseHeaders" | "responseBody"
    >,
  ): Delivery {
    this.lastId += 1;
    const delivery: Delivery = {
      ...facts,
      id: this.lastId,
      deliveredAt: new Date(),
      status: "pending",
      statusCode: 0,
      duration: 0,
      responseHeaders: {},
      responseBody: "",
    };
    this.deliveries.push(delivery);
    return delivery;
  }

  private send(delivery: Delivery): void {
    const start = (): void => {
      const sending = this.post(delivery).finally(() => this.running.delete(sending));
      this.running.add(sending);
    };
    if (this.held === undefined) start();
    else this.held.push(start);
  }

  private async post(delivery: Delivery): Promise<void> {
    const startMs = performance.now();
    try {
      const response = await fetch(delivery.url, {
        method: "POST",
        // A redirect is an answer like another, and no success.
        redirect: "manual",
        // A connection that is kept open can be closed by the other side just when the next delivery begins.
        headers: { ...delivery.requestHeaders, connection: "close" },
        body: delivery.body,
        signal: AbortSignal.any([this.stopped.signal, AbortSignal.timeout(this.settings().webhookTimeoutMilliseconds)]),
      });
      delivery.responseBody = (await response.text()).slice(0, LONGEST_KEPT_ANSWER);
      delivery.responseHeaders = Object.fromEntries(response.headers);
      delivery.statusCode = response.status;
      delivery.status = response.ok ? "OK" : `Invalid HTTP Response: ${response.status}`;
    } catch (error) {
      const isTimeout = error instanceof Error && error.name === "TimeoutError";
      delivery.status = isTimeout ? "timed out" : "failed to connect to host";
    }
    delivery.duration = Math.round(performance.now() - startMs) / 1000;
  }
}

function idOf(value: unknown): number | null {
  const { id } = (value ?? {}) as { id?: unknown };
  return typeof id === "number" ? id : null;
}
