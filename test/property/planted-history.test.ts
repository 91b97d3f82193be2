// A generated history with tokens in generated places, stored in a generated way: each one is found again.
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, occurrencesOf } from "../support/report.ts";
import { makeToken, randomHex, type MadeToken } from "../support/token.ts";

/** Puts a token somewhere into the repository, and says how the report calls that place. */
type Planting = (repository: GitRepository, token: MadeToken, index: number) => string;

const plantings: Readonly<Record<string, Planting>> = {
  "a committed file": (repository, token, index) => (
    repository.commitFile(`f${index}.env`, `KEY=${token.raw}\n`),
    "blob"
  ),
  "a file deleted again": (repository, token, index) => {
    repository.commitFile(`d${index}.env`, token.raw);
    repository.remove(`d${index}.env`).commit();
    return "blob";
  },
  "a big file that changes": (repository, token, index) => {
    const filler = Array.from({ length: 120 }, (_, line) => `${line} ${randomHex(`${index} ${line}`, 12)}\n`);
    repository.commitFile("big.txt", filler.join(""));
    repository.commitFile("big.txt", filler.with(index % 120, `${token.raw}\n`).join(""));
    repository.commitFile("big.txt", filler.join(""));
    return "blob";
  },
  "a binary in UTF-16": (repository, token, index) => (
    repository.commitFile(`b${index}.bin`, Buffer.from(`\0${token.raw}`, "utf16le")),
    "blob"
  ),
  "a symbolic link": (repository, token, index) => (repository.symlink(`l${index}`, token.raw).commit(), "blob"),
  "a file name": (repository, token, index) => (repository.commitFile(`n${index}/${token.raw}`, `${index}\n`), "path"),
  "a commit message": (repository, token, index) => (
    repository.commitFile("m.txt", `${index}\n`, `Subject\n\n${token.raw}\n`),
    "commit-message"
  ),
  "an author": (repository, token, index) => (
    repository.write("m.txt", `${index}\n`).commit("x", { author: token.raw }),
    "commit-identity"
  ),
  "a tag's message": (repository, token, index) => (
    repository.git(["tag", "-a", "-F", "-", `t${index}`], { input: token.raw }),
    "tag-message"
  ),
  "a ref's name": (repository, token) => (
    repository.git(["update-ref", `refs/heads/x/${token.raw}`, "HEAD"]),
    "ref-name"
  ),
  "a note": (repository, token, index) => (
    repository.git(["notes", `--ref=n${index}`, "add", "-f", "-F", "-"], { input: token.raw }),
    "blob"
  ),
  "a stash": (repository, token) => (repository.write("m.txt", token.raw).git(["stash", "-q"]), "blob"),
  "an unreachable blob": (repository, token) => (repository.writeBlob(token.raw), "blob"),
  "the index": (repository, token, index) => {
    const object = repository.writeBlob(token.raw);
    repository.git(["update-index", "--add", "--cacheinfo", `100644,${object},staged${index}.env`]);
    repository.write(`staged${index}.env`, token.raw);
    return "blob";
  },
  "an amended commit": (repository, token, index) => {
    repository.commitFile(`a${index}.env`, token.raw);
    repository.write(`a${index}.env`, "clean\n").stage().commitIndex("again", { amend: true });
    return "blob";
  },
  "a merge alone": (repository, token, index) => {
    const branch = `side${index}`;
    repository.git(["checkout", "-q", "-b", branch]);
    repository.commitFile(`s${index}.txt`, "side\n");
    repository.git(["checkout", "-q", "main"]);
    repository.commitFile(`o${index}.txt`, "ours\n");
    repository.git(["merge", "-q", "--no-ff", "--no-commit", branch]);
    repository.write(`e${index}.env`, token.raw).commit("Merge");
    return "blob";
  },
};

const storages: Readonly<Record<string, (repository: GitRepository) => void>> = {
  "loose objects": () => undefined,
  "one pack": (repository) => void repository.git(["repack", "-q", "-a", "-d", "-f", "-k"]),
  "packs and loose objects": (repository) => void repository.git(["repack", "-q", "-d"]),
  "a cruft pack": (repository) => void repository.git(["repack", "-q", "--cruft", "-d"]),
  "a multi-pack index": (repository) => {
    repository.git(["repack", "-q", "-d"]);
    repository.git(["pack-refs", "--all"]);
    repository.git(["commit", "-q", "--allow-empty", "-m", "more"]);
    repository.git(["repack", "-q", "-d"]);
    repository.git(["multi-pack-index", "write"]);
  },
};

const plans = fc.record({
  format: fc.constantFrom("sha1" as const, "sha1" as const, "sha256" as const),
  steps: fc.array(
    fc.tuple(fc.constantFrom(...Object.keys(plantings)), fc.constantFrom("control" as const, "data" as const)),
    { minLength: 1, maxLength: 7 },
  ),
  storage: fc.constantFrom(...Object.keys(storages)),
  inSubdirectory: fc.boolean(),
});

describe("tokens planted in a history", () => {
  it("are all found, each in the kind of place where it was planted", () => {
    fc.assert(
      fc.property(plans, ({ format, steps, storage, inSubdirectory }) => {
        const repository = GitRepository.init({ objectFormat: format });
        repository.write("sub/README", "hello\n").commitFile("m.txt", "start\n");
        const planted = steps.map(([where, plane], index) => {
          const token = makeToken({ plane });
          return { token, kind: plantings[where]?.(repository, token, index) ?? "" };
        });
        storages[storage]?.(repository);
        const run = scan(["--history"], { cwd: inSubdirectory ? join(repository.dir, "sub") : repository.dir });
        expectFound(
          run,
          planted.map(({ token }) => token),
        );
        for (const { token, kind } of planted) expect(occurrencesOf(run, token, kind)).toHaveLength(1);
      }),
      { numRuns: 20 },
    );
  });
});
