/** How a token stands in its place, for the record: strangers' texts in it hold no token themselves. */
import { type Detector, mask, type Occurrence } from "keyrecall";
import type { FoundOccurrence } from "../store/incidents.ts";

export function formOf(
  detector: Detector,
  { line, column, encoding, container, inner, variable }: Occurrence,
): Pick<FoundOccurrence, "line" | "column" | "encoding" | "container" | "innerLine" | "variable"> {
  return {
    line,
    column,
    encoding: [...encoding],
    container: container.map((step) => mask(detector, step)),
    innerLine: inner?.line ?? null,
    variable,
  };
}
