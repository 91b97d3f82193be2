/** Where in an archive a token stands, in words. */
import { entryNamesOf } from "../core/container-steps.ts";
import type { ReportedOccurrence } from "../scan/report.ts";

/** As `!lib/app.jar!config/app.env`; empty outside of archives, and in formats that have no names. */
export function entryOf({ container }: ReportedOccurrence): string {
  return entryNamesOf(container)
    .map((name) => `!${name}`)
    .join("");
}
