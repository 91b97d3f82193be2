/** Where in an archive a token stands, in words. */
import type { ReportedOccurrence } from "../scan/report.ts";

/** The names on the way in, as `!lib/app.jar!config/app.env`; empty outside of archives, and in formats that have no names. */
export function entryOf({ container }: ReportedOccurrence): string {
  return container.map((step) => (step.includes(":") ? `!${step.slice(step.indexOf(":") + 1)}` : "")).join("");
}

/** The formats on the way in. */
export function formatsOf({ container }: ReportedOccurrence): string[] {
  return container.map((step) => step.replace(/:.*$/s, ""));
}
