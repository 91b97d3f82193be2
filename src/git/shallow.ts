/** Where a shallow clone ends. Source: gitformat-shallow, `shallow` in the common directory: one commit a line. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Repository } from "./repository.ts";

/** The commits whose parents are not here. */
export function shallowCommits(repository: Repository): ReadonlySet<string> {
  const file = path.join(repository.commonDirectory, "shallow");
  if (!repository.isShallow || !existsSync(file)) return new Set();
  return new Set(
    readFileSync(file, "latin1")
      .split("\n")
      .filter((line) => line !== ""),
  );
}
