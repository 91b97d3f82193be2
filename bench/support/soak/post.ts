/** Brings GitHub's webhooks to the App as a network does: later, in another order, and more than once. */
import { createHash, randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { type Webhook, WebhookCatcher } from "../app-pushes.ts";
import { send } from "../app-run.ts";
import type { Treatment } from "./plan.ts";

export class Post {
  readonly catcher = new WebhookCatcher();
  /** What was brought, each content once, by the hash under which the App knows it. */
  readonly contents = new Map<string, string>();
  readonly counts = { planned: 0, sameDelivery: 0, sameContent: 0, late: 0, ofTheApp: 0 };
  readonly refused: string[] = [];
  readonly #underWay = new Set<Promise<void>>();
  readonly #botLogin: string;
  readonly #appUrl: string;

  constructor(appUrl: string, botLogin: string) {
    this.#appUrl = appUrl;
    this.#botLogin = botLogin;
  }

  /** Deliveries of what people did. */
  get sent(): number {
    const { planned, sameDelivery, sameContent } = this.counts;
    return planned + sameDelivery + sameContent;
  }

  /** Takes what GitHub has sent since the last time. What the App's own changes bring is delivered as it is. */
  deliver(treatment: () => Treatment): void {
    for (const webhook of this.catcher.take()) {
      this.contents.set(hashOf(webhook), webhook.event);
      if (this.#isOfTheApp(webhook)) {
        this.counts.ofTheApp += 1;
        this.#bring(webhook, 0);
        continue;
      }
      const { delayMs, again } = treatment();
      this.counts.planned += 1;
      if (delayMs > 0) this.counts.late += 1;
      this.#bring(webhook, delayMs);
      if (again?.as === "same-delivery") {
        this.counts.sameDelivery += 1;
        this.#bring(webhook, again.afterMs);
      }
      if (again?.as === "same-content") {
        this.counts.sameContent += 1;
        this.#bring({ ...webhook, headers: { ...webhook.headers, "x-github-delivery": randomUUID() } }, again.afterMs);
      }
    }
  }

  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #isOfTheApp({ body }: Webhook): boolean {
    const { sender } = JSON.parse(body.toString()) as { sender?: { login?: string } };
    return sender?.login === this.#botLogin;
  }

  async #send(webhook: Webhook, afterMs: number): Promise<void> {
    await wait(afterMs);
    try {
      await send(this.#appUrl, webhook);
    } catch (error) {
      this.refused.push(`${webhook.event}: ${String(error)}`);
    }
  }

  #bring(webhook: Webhook, afterMs: number): void {
    const bringing = this.#send(webhook, afterMs).finally(() => this.#underWay.delete(bringing));
    this.#underWay.add(bringing);
  }
}

function hashOf({ event, body }: Webhook): string {
  return createHash("sha256").update(`${event}\n`).update(body).digest("hex");
}
