/** From a signed body to a stored delivery: it reads what the queue needs to know and nothing else. */
import type { IncomingHttpHeaders } from "node:http";
import type { IncomingDelivery } from "../store/deliveries.ts";

/** Events that something is done for. All others are counted, and their bodies dropped. */
const HANDLED: ReadonlySet<string> = new Set([
  "push",
  "pull_request",
  "installation",
  "installation_repositories",
  "installation_target",
  "check_run",
  "check_suite",
  "issues",
  "issue_comment",
  "pull_request_review",
  "pull_request_review_comment",
  "discussion",
  "discussion_comment",
  "release",
  "commit_comment",
  "gollum",
  "repository",
  "public",
  "merge_group",
  "secret_scanning_alert",
  "secret_scanning_alert_location",
]);

/** Of these GitHub tells with every push, and of every check run that the App itself writes; only these actions ask for something. */
const HANDLED_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  check_run: ["rerequested", "requested_action"],
  check_suite: ["rerequested"],
};

/** These ask for a look, whenever it is: with nothing changed in between GitHub says it in the same bytes. */
function asksForALook(event: string, { action, requested_action: pressed }: Record<string, unknown>): boolean {
  if (event !== "check_run" && event !== "check_suite") return false;
  const button =
    typeof pressed === "object" && pressed !== null ? (pressed as { identifier?: unknown }).identifier : null;
  return action === "rerequested" || (action === "requested_action" && button === "verify");
}

export type Reading =
  | { readonly kind: "delivery"; readonly delivery: IncomingDelivery }
  | { readonly kind: "malformed"; readonly why: string };

export function readDelivery(headers: IncomingHttpHeaders, body: Buffer, receivedAt: Date): Reading {
  const guid = single(headers["x-github-delivery"]);
  const event = single(headers["x-github-event"]);
  // No underscore: what could be a token is not written down.
  if (guid === null || !/^[0-9a-z-]{1,64}$/i.test(guid)) return malformed("no X-GitHub-Delivery");
  if (event === null || !/^[a-z_]{1,64}$/.test(event)) return malformed("no X-GitHub-Event");
  const payload = parse(body);
  if (payload === null) return malformed("the body is no JSON object");
  const { action } = payload;
  return {
    kind: "delivery",
    delivery: {
      guid,
      event,
      action: typeof action === "string" ? action.slice(0, 64) : null,
      installationId: idOf(payload["installation"]),
      repositoryId: idOf(payload["repository"]),
      payload: body,
      receivedAt,
      isRepeatable: asksForALook(event, payload),
      isIgnored: !HANDLED.has(event) || HANDLED_ACTIONS[event]?.includes(String(action)) === false,
    },
  };
}

function malformed(why: string): Reading {
  return { kind: "malformed", why };
}

function single(value: string | string[] | undefined): string | null {
  return typeof value === "string" ? value : null;
}

function parse(body: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function idOf(value: unknown): number | null {
  const id = typeof value === "object" && value !== null ? (value as { id?: unknown }).id : undefined;
  return typeof id === "number" && Number.isSafeInteger(id) ? id : null;
}
