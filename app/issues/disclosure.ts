/** What may be said where: design.md's rule, in one place. */
import type { Incident } from "../incident.ts";

/** Out of service as far as anybody knows; whatever else is known, a live verdict is not. */
export function isContained({ state, verdict }: Pick<Incident, "state" | "verdict">): boolean {
  // What a person has closed as a false alarm while the API did not tell is not known to be dead.
  return state === "contained" ? verdict.state !== "live" : state === "resolved" && verdict.state === "revoked";
}

/** A person closed it by a command, and nothing was found since that says otherwise. */
export function isClosedByHand({
  state,
  verdict,
  resolution,
}: Pick<Incident, "state" | "verdict" | "resolution">): boolean {
  return state === "resolved" && resolution !== null && verdict.state !== "live";
}

/** Whether a place may carry the verdict, the public id, the places and the workloads. */
export function mayTellAll(
  incident: Pick<Incident, "state" | "verdict">,
  place: { readonly isPrivate: boolean },
): boolean {
  return place.isPrivate || isContained(incident);
}
