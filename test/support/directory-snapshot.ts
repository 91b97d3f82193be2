// What a directory looks like, closely enough to notice that something in it was written, even if it was put back.
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Mode, size, modification time and hash for every path under `dir`, directories included. */
export function snapshotDirectory(dir: string): Record<string, string> {
  const entries: Record<string, string> = { ".": describeEntry(dir) };
  for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" }))
    entries[name] = describeEntry(join(dir, name));
  return entries;
}

function describeEntry(path: string): string {
  const stat = lstatSync(path, { bigint: true });
  const facts = `${stat.mode.toString(8)} ${stat.size} ${stat.mtimeNs}`;
  if (stat.isSymbolicLink()) return `${facts} -> ${readlinkSync(path)}`;
  if (!stat.isFile()) return facts;
  return `${facts} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
}
