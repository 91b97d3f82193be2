/** The milestones of an incident, from the commit to the dead token. */
import type { Incident } from "../incident.ts";

export interface Milestone {
  readonly what: string;
  /** Null while it has not happened. */
  readonly at: string | null;
}

export function milestones(incident: Incident): Milestone[] {
  const { times, occurrences, wasLive, verdict } = incident;
  const introduced = earliest(occurrences.map(({ committedAt }) => committedAt));
  return [
    ...(introduced === null ? [] : [{ what: "Introduced (by the clock of who committed it)", at: introduced }]),
    {
      what: cameBy(incident) === "pushed" ? "Pushed (the webhook arrived)" : "Posted (the webhook arrived)",
      at: times.receivedAt,
    },
    { what: "Found", at: times.foundAt },
    { what: wasLive ? "Verified live" : `Verified${verdict.state === "revoked" ? " dead" : ""}`, at: times.verifiedAt },
    ...revoked(incident),
    { what: "Confirmed dead", at: times.containedAt },
  ];
}

/** How it got to where others read it. */
export function cameBy({ occurrences }: Pick<Incident, "occurrences">): "pushed" | "posted" {
  return occurrences.length > 0 && occurrences.every(({ text = null }) => text !== null) ? "posted" : "pushed";
}

/** When people revoke is not known. */
function revoked({ times, wasLive, manualBecause }: Incident): Milestone[] {
  const { revokeRequestedAt, containedAt } = times;
  if (revokeRequestedAt !== null) return [{ what: "Revoked (asked for)", at: revokeRequestedAt }];
  if (!wasLive || containedAt !== null) return [];
  return [{ what: manualBecause === null ? "Revoked (asked for)" : "Revoked (by hand)", at: null }];
}

function earliest(times: readonly (string | null)[]): string | null {
  return times.reduce<string | null>((first, time) => {
    if (time === null || Number.isNaN(Date.parse(time))) return first;
    return first === null || Date.parse(time) < Date.parse(first) ? time : first;
  }, null);
}
