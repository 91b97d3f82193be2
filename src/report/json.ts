import type { Report } from "../scan/report.ts";
/** The report as JSON: the contract, as it is. A terminal may show it, so control characters are escaped. */
import { STEERING_CHARACTERS } from "./escape.ts";

export function formatJson(report: Report): string {
  const text = JSON.stringify(report, null, 2).replace(STEERING_CHARACTERS, (character) =>
    character === "\n" ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${text}\n`;
}
