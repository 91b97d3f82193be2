/** Repositories of submodules that a git directory keeps. Source: gitrepository-layout, `modules`. */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { messageOf } from "../core/errors.ts";
import type { Gap } from "../core/gap.ts";
import type { Repository } from "./repository.ts";

/** Absolute paths. A submodule's name can have slashes in it, so its directory can stand some levels down. */
export function listSubmoduleRepositories({ commonDirectory }: Repository, onGap: (gap: Gap) => void): string[] {
  const found: string[] = [];
  const open = [path.join(commonDirectory, "modules")].filter((directory) => existsSync(directory));
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    try {
      for (const entry of readdirSync(directory, { withFileTypes: true })) {
        if (!entry.isDirectory()) continue;
        const inner = path.join(directory, entry.name);
        if (existsSync(path.join(inner, "objects"))) found.push(inner);
        else open.push(inner);
      }
    } catch (error) {
      onGap({ what: `directory ${directory}`, why: `cannot be read: ${messageOf(error)}` });
    }
  }
  return found.toSorted();
}
