/** Where a shallow clone ends. Source: gitformat-shallow, `shallow` in the common directory: one commit a line. */
import { existsSync } from "node:fs";
import path from "node:path";
import { readRegularFile } from "./regular-file.ts";
import type { Repository } from "./repository.ts";

/** The commits whose parents are not here. */
export function shallowCommits(repository: Repository): ReadonlySet<string> {
  const file = path.join(repository.commonDirectory, "shallow");
  if (!repository.isShallow || !existsSync(file)) return new Set();
  return new Set(
    readRegularFile(file)
      .toString("latin1")
      .split("\n")
      .filter((line) => line !== ""),
  );
}
