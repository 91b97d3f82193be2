/**
 * What is told outside of GitHub. A receiver is the operator's own, and yet who reads there is not known here: until a
 * token is contained nothing is said that could not be said in public.
 */
import type { Incident, NotificationEvent } from "../incident.ts";

export interface NotificationFacts {
  /** The same for every attempt. */
  readonly id: string;
  readonly event: NotificationEvent;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly incident: Incident;
  /** Whether it may be said what the token is and what the API answered. */
  readonly mayTellAll: boolean;
}

export function webhookMessage({ id, event, createdAt, incident, mayTellAll }: NotificationFacts): string {
  const { times, issue, verdict } = incident;
  return JSON.stringify({
    schema: 1,
    method: "notify",
    idempotency_key: id,
    event: `incident.${event}`,
    created_at: createdAt,
    incident: {
      id: incident.id,
      status: mayTellAll ? "contained" : "open",
      fingerprint: incident.fingerprint,
      plane: incident.plane,
      received_at: times.receivedAt,
      found_at: times.foundAt,
      places: incident.occurrences.length,
      repositories: repositoriesOf(incident).map(({ fullName, isPrivate }) => ({
        full_name: fullName,
        private: isPrivate,
      })),
      masked: mayTellAll ? incident.masked : null,
      public_id: mayTellAll ? incident.publicId : null,
      verdict: mayTellAll ? { state: verdict.state, reason: verdict.reason } : null,
      contained_at: mayTellAll ? times.containedAt : null,
      exposure_seconds: mayTellAll ? exposureSeconds(incident) : null,
    },
    issue: issue === null ? null : { repository: issue.repository, number: issue.number, url: issue.url },
  });
}

/** An incoming webhook of Slack, and of what takes the same: one field of text. */
export function slackMessage({ event, incident, mayTellAll }: NotificationFacts): string {
  const names = repositoriesOf(incident).map(({ fullName }) => fullName);
  const where = names.length === 1 ? names[0]! : `${names[0]} and ${names.length - 1} more`;
  const link = incident.issue === null ? "" : ` <${incident.issue.url}|Rotation issue>`;
  const token = `leaked InferenceKey token (${incident.plane} plane)`;
  return JSON.stringify({ text: `${sentence(event, token, escapeForSlack(where), incident, mayTellAll)}${link}` });
}

function sentence(
  event: NotificationEvent,
  token: string,
  where: string,
  incident: Incident,
  mayTellAll: boolean,
): string {
  switch (event) {
    case "opened":
      return `:rotating_light: A ${token} was found in ${where}; Keyrecall has opened an incident.`;
    case "overdue":
      return `:hourglass: A ${token} in ${where} is not out of service yet. Somebody has to act.`;
    case "contained": {
      const seconds = exposureSeconds(incident);
      const masked = mayTellAll ? ` \`${escapeForSlack(incident.masked)}\`` : "";
      const after = mayTellAll && seconds !== null ? `, ${seconds} s after it arrived` : "";
      return `:white_check_mark: The ${token}${masked} of ${where} is out of service${after}.`;
    }
    default:
      throw new Error("there is no such event");
  }
}

function exposureSeconds({ times: { receivedAt, containedAt } }: Incident): number | null {
  if (containedAt === null) return null;
  return Math.max(0, Math.round((Date.parse(containedAt) - Date.parse(receivedAt)) / 100) / 10);
}

function repositoriesOf({ occurrences }: Incident): { readonly fullName: string; readonly isPrivate: boolean }[] {
  return [...new Map(occurrences.map(({ repository }) => [repository.id, repository])).values()];
}

/** The three letters that have a meaning in Slack's text. */
function escapeForSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
