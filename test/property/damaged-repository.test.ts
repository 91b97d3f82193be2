// Whatever one damages in `.git`: either every token is found, or the scan says that it is not complete.
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeRun, runCli, withReport } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { findToken } from "../support/report.ts";
import { makeTokens, type MadeToken } from "../support/token.ts";

type Damage = (bytes: Buffer, at: number) => Buffer | undefined;

const damages: Readonly<Record<string, Damage>> = {
  "one bit": (bytes, at) => {
    const copy = Buffer.from(bytes);
    const index = at % Math.max(1, copy.length);
    if (copy.length > 0) copy[index] = (copy[index] ?? 0) ^ (1 << (at % 8));
    return copy;
  },
  "a cut": (bytes, at) => bytes.subarray(0, at % Math.max(1, bytes.length)),
  "garbage in the middle": (bytes, at) => {
    const from = at % Math.max(1, bytes.length);
    return Buffer.concat([bytes.subarray(0, from), Buffer.from("\0garbage\n"), bytes.subarray(from + 9)]);
  },
  emptiness: () => Buffer.alloc(0),
  "its absence": () => undefined,
};

const storages = ["loose", "packed", "both"] as const;

/** All that stands in this repository is reached by a branch: a lost object that nothing names could not be missed. */
function makeRepository(storage: (typeof storages)[number]): {
  repository: GitRepository;
  tokens: readonly MadeToken[];
} {
  const tokens = makeTokens(4);
  const repository = GitRepository.init();
  for (const [index, { raw }] of tokens.entries()) {
    repository
      .write(`f${index}.txt`, `${"same text\n".repeat(50)}${raw}\n`)
      .write("changing.txt", `${raw}\n`.repeat(3))
      .commit();
    if (storage === "both" && index === 1) repository.git(["repack", "-q", "-a", "-d"]);
  }
  if (storage === "packed") {
    repository.git(["repack", "-q", "-a", "-d", "-f"]);
    repository.git(["pack-refs", "--all"]);
    repository.git(["commit-graph", "write", "--reachable"]);
  }
  return { repository, tokens };
}

describe("damage to one file of .git", () => {
  it("is named, or does no harm; it is never taken for a clean repository", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...storages),
        fc.constantFrom(...Object.keys(damages)),
        fc.nat(),
        fc.nat(),
        (storage, damage, file, at) => {
          const { repository, tokens } = makeRepository(storage);
          const files = readdirSync(repository.gitDir, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile() && !entry.parentPath.endsWith("/hooks"))
            .map((entry) => join(entry.parentPath, entry.name))
            .toSorted();
          const path = files[file % files.length] ?? "";
          chmodSync(path, 0o644);
          const damaged = damages[damage]?.(readFileSync(path), at);
          if (damaged === undefined) rmSync(path);
          else writeFileSync(path, damaged);
          const run = runCli(["scan", "--history", "--format", "json"], { cwd: repository.dir });
          const context = `${damage} of ${path} at ${at}\n${describeRun(run)}`;
          expect([1, 2, 3], context).toContain(run.status);
          if (run.status === 2) return;
          const { report } = withReport(run);
          const missed = tokens.filter((token) => findToken(report, token) === undefined);
          if (missed.length > 0) expect(report.scan.complete, `${missed.length} tokens missed; ${context}`).toBe(false);
        },
      ),
      { numRuns: 40 },
    );
  });
});
