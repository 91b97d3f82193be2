/** Webhooks that did not arrive: GitHub keeps them for days, and sends each again when asked. */
import type { GitHubClient } from "./client.ts";

export interface FailedDelivery {
  readonly guid: string;
  /** Of the latest try. Wider than a number of JavaScript. */
  readonly id: string;
  readonly event: string;
  readonly action: string | null;
  /** Of the first try that is listed. */
  readonly deliveredAt: string;
  /** Of the latest. */
  readonly triedAt: string;
  readonly tries: number;
  /** As GitHub words it: `Invalid HTTP Response: 503`, `timed out`. */
  readonly status: string;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
}

interface Delivery {
  readonly id: number | bigint;
  readonly guid: string;
  readonly delivered_at: string;
  readonly status: string;
  readonly status_code: number;
  readonly event: string;
  readonly action: string | null;
  readonly installation_id: number | bigint | null;
  readonly repository_id: number | bigint | null;
}

/**
 * Those of which no try succeeded, the oldest first. All are read and told apart here: GitHub's own filter for failures
 * leaves out what was never answered.
 *
 * @param app the client of the App itself
 * @param since tries from that time on are read
 * @param lost count as failed, whatever became of them
 */
export async function failedDeliveries(
  app: GitHubClient,
  since: Date,
  lost: ReadonlySet<string> = new Set(),
): Promise<FailedDelivery[]> {
  const byGuid = new Map<string, Delivery[]>();
  const pages = app.paginate.iterator(app.rest.apps.listWebhookDeliveries, { per_page: 100 });
  for await (const { data } of pages) {
    const tries = (data as readonly Delivery[]).filter(({ delivered_at: at }) => Date.parse(at) >= since.getTime());
    for (const one of tries) byGuid.set(one.guid, [...(byGuid.get(one.guid) ?? []), one]);
    // The newest come first.
    if (tries.length < data.length) break;
  }
  return [...byGuid.values()]
    .filter((tries) => tries.some(({ guid }) => lost.has(guid)) || !tries.some(isDelivered))
    .map(summary)
    .toSorted((a, b) => Date.parse(a.deliveredAt) - Date.parse(b.deliveredAt));
}

function isDelivered({ status, status_code: code }: Delivery): boolean {
  return status === "OK" || (code >= 200 && code < 300);
}

function summary(tries: readonly Delivery[]): FailedDelivery {
  const sorted = tries.toSorted((a, b) => Date.parse(a.delivered_at) - Date.parse(b.delivered_at));
  const first = sorted[0] as Delivery;
  const latest = sorted.at(-1) ?? first;
  return {
    guid: first.guid,
    id: String(latest.id),
    event: first.event,
    action: first.action,
    deliveredAt: first.delivered_at,
    triedAt: latest.delivered_at,
    tries: sorted.length,
    status: latest.status,
    installationId: numberOr(latest.installation_id),
    repositoryId: numberOr(latest.repository_id),
  };
}

function numberOr(value: number | bigint | null): number | null {
  return value === null ? null : Number(value);
}

/** @param app the client of the App itself */
export async function redeliver(app: GitHubClient, id: string): Promise<void> {
  await app.request("POST /app/hook/deliveries/{id}/attempts", { id });
}
