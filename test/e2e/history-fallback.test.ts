// A pack that cannot be read without git costs the others nothing.
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectIncomplete } from "../support/report.ts";
import { makeTokens } from "../support/token.ts";

const packsOf = (repository: GitRepository) =>
  readdirSync(join(repository.gitDir, "objects/pack")).filter((name) => name.endsWith(".pack"));

describe("a damaged pack among others", () => {
  it.each(["idx", "pack"] as const)("alone is left to git when its .%s is damaged", (ending) => {
    const [inFirst, inSecond, loose] = makeTokens(3);
    const repository = GitRepository.init();
    for (let index = 0; index < 20; index++) repository.commitFile(`f${index}.txt`, `${index}\n`);
    repository.commitFile("first.env", inFirst.raw);
    repository.git(["repack", "-q", "-d"]);
    const first = packsOf(repository);
    repository.commitFile("second.env", inSecond.raw);
    repository.git(["repack", "-q", "-d"]);
    repository.commitFile("loose.env", loose.raw);
    const packed = Number(repository.git(["rev-list", "--objects", "--count", "HEAD~2"]));
    const second = packsOf(repository).find((name) => !first.includes(name))!;
    const file = join(repository.gitDir, "objects/pack", second.replace(/pack$/, ending));
    chmodSync(file, 0o600);
    const bytes = readFileSync(file);
    // The checksum of an index, which git does not look at; the number of objects, which it does.
    bytes[ending === "idx" ? bytes.length - 1 : 11]! ^= 1;
    writeFileSync(file, bytes);
    const run = scan(["--history"], { cwd: repository.dir });
    const all = run.report.scan.coverage as Record<string, number>;
    const read = all["commits"]! + all["trees"]! + all["blobs"]!;
    if (ending === "idx") {
      expectIncomplete(run, /index/, [inFirst, inSecond, loose]);
      expect(all["fallback"]).toBe(3);
      expect(read).toBe(packed + 6);
    } else {
      expectIncomplete(run, /pack/, [inFirst, loose]);
      expect(read).toBe(packed + 3);
    }
  });
});
