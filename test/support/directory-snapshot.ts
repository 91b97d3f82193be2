// What a directory looks like, closely enough to notice that something in it was written, even if it was put back.
import { createHash } from "node:crypto";
import { type BigIntStats, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Mode, size, modification time and hash for every path under `dir`, directories included. */
export function snapshotDirectory(dir: string): Record<string, string> {
  return describeAll(dir, (stat) => `${stat.mode.toString(8)} ${stat.size} ${stat.mtimeNs}`);
}

/** As {@link snapshotDirectory}, without times: equal where everything was put back as it was. */
export function directoryContent(dir: string): Record<string, string> {
  return describeAll(dir, (stat) => stat.mode.toString(8));
}

function describeAll(dir: string, describe: (stat: BigIntStats) => string): Record<string, string> {
  const entries: Record<string, string> = { ".": describeEntry(dir, describe) };
  for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" }))
    entries[name] = describeEntry(join(dir, name), describe);
  return entries;
}

function describeEntry(path: string, describe: (stat: BigIntStats) => string): string {
  const stat = lstatSync(path, { bigint: true });
  const facts = describe(stat);
  if (stat.isSymbolicLink()) return `${facts} -> ${readlinkSync(path)}`;
  if (!stat.isFile()) return facts;
  return `${facts} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
}
