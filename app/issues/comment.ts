/** What is said below the rotation issue when its state changes, so that whoever follows it is told. */
import type { Incident } from "../incident.ts";
import { mayTellAll } from "./disclosure.ts";
import { code } from "./markdown.ts";
import { formatDuration } from "./times.ts";

/** Null where nothing has to be said, or may be. */
export function stateComment(incident: Incident, place: { readonly isPrivate: boolean }): string | null {
  if (!mayTellAll(incident, place)) return null;
  const token = code(incident.masked);
  const { receivedAt, containedAt } = incident.times;
  switch (incident.state) {
    case "contained": {
      const window = containedAt === null ? null : formatDuration(receivedAt, containedAt);
      const after = window === null ? "" : ` It could be used for ${window} after it was leaked.`;
      return `${token} is out of service.${incident.wasLive ? after : " It was dead when the API was first asked."}`;
    }
    case "resolved":
      // Whoever closed it has been answered.
      if (incident.resolution !== null) return null;
      return `${token} is out of service and the rotation is complete. This issue opens again if the token turns up or works again.`;
    case "reopened":
      return `${token} has turned up again or works again, so this is open again. The text above says where and what.`;
    case "unverifiable":
      return `Whether ${token} works cannot be told. Treat it as live and revoke it in the dashboard.`;
    case "found":
    case "verified":
    case "revoking":
      return null;
  }
}
