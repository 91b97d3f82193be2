/** What may be said where: design.md's rule, in one place. */
import type { Incident } from "../incident.ts";

/** Out of service as far as anybody knows; whatever else is known, a live verdict is not. */
export function isContained({ state, verdict }: Pick<Incident, "state" | "verdict">): boolean {
  return (state === "contained" || state === "resolved") && verdict.state !== "live";
}

/** Whether a place may carry the verdict, the public id, the places and the workloads. */
export function mayTellAll(
  incident: Pick<Incident, "state" | "verdict">,
  place: { readonly isPrivate: boolean },
): boolean {
  return place.isPrivate || isContained(incident);
}
