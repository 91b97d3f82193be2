// The Node versions that are installed here: the one that runs the tests, and those that the packages of `scripts/platforms` brought.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fastGlob from "fast-glob";

export interface NodeBinary {
  readonly path: string;
  /** Such as `24.21.0`. */
  readonly version: string;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PLACES = ["node_modules/node/bin/node", "scripts/platforms/*/node_modules/node/bin/node"];

export function findNodeBinaries(): NodeBinary[] {
  const installed = fastGlob.sync(PLACES, { cwd: ROOT, absolute: true });
  const byVersion = new Map<string, NodeBinary>();
  for (const path of [process.execPath, ...installed]) {
    const version = spawnSync(path, ["--version"], { encoding: "utf8" }).stdout.trim().replace(/^v/, "");
    if (!byVersion.has(version)) byVersion.set(version, { path, version });
  }
  return [...byVersion.values()];
}
