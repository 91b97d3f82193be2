/** Words that the reports for people have in common. */
import type { Allowance, Report } from "../scan/report.ts";

export function plural(count: number, noun: string): string {
  const plurals = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${count.toLocaleString("en")} ${count === 1 ? noun : plurals}`;
}

export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** How many of each kind were read; what there was none of is left out. */
export function countsOf({ coverage }: Report["scan"]): { noun: string; count: number }[] {
  return [
    { noun: "file", count: coverage.files },
    { noun: "commit", count: coverage.commits },
    { noun: "blob", count: coverage.blobs },
    { noun: "tree", count: coverage.trees },
    { noun: "tag", count: coverage.tags },
    { noun: "ref", count: coverage.refs },
  ].filter(({ count }) => count !== 0);
}

/** What was read, and how long it took. */
export function readingOf(scan: Report["scan"]): string {
  const counts = countsOf(scan).map(({ noun, count }) => plural(count, noun));
  return `${[...counts, formatBytes(scan.coverage.bytes)].join(", ")} in ${(scan.durationMs / 1000).toFixed(1)} s.`;
}

export const ALLOWED_BY: Readonly<Record<Allowance["by"], string>> = {
  fingerprint: "by its fingerprint",
  path: "by its path",
  inline: "by a mark on its line",
  baseline: "by the baseline",
};
