/** The report as JSON: the contract, as it is. */
import type { Report } from "../scan/report.ts";

export function formatJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
