/** The milestones of an incident, from the commit to the dead token. */
import type { Incident } from "../incident.ts";

export interface Milestone {
  readonly what: string;
  /** Null while it has not happened. */
  readonly at: string | null;
}

export function milestones({ times, occurrences, wasLive, verdict, manualBecause }: Incident): Milestone[] {
  const introduced = earliest(occurrences.map(({ committedAt }) => committedAt));
  return [
    ...(introduced === null ? [] : [{ what: "Introduced (by the clock of who committed it)", at: introduced }]),
    { what: "Pushed (the webhook arrived)", at: times.receivedAt },
    { what: "Found", at: times.foundAt },
    { what: wasLive ? "Verified live" : `Verified${verdict.state === "revoked" ? " dead" : ""}`, at: times.verifiedAt },
    ...(wasLive || times.revokeRequestedAt !== null
      ? [{ what: manualBecause === null ? "Revoked (asked for)" : "Revoked (by hand)", at: times.revokeRequestedAt }]
      : []),
    { what: "Confirmed dead", at: times.containedAt },
  ];
}

function earliest(times: readonly (string | null)[]): string | null {
  return times.reduce<string | null>((first, time) => {
    if (time === null || Number.isNaN(Date.parse(time))) return first;
    return first === null || Date.parse(time) < Date.parse(first) ? time : first;
  }, null);
}
