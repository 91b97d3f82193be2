// Of an object that is there twice one copy is damaged: what it holds is found, and the damage is named all the same.
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { occurrencesOf } from "../support/report.ts";
import { makeToken, randomHex } from "../support/token.ts";

/** A repository with the same objects in two packs, in one of which bytes of the file are changed. */
function makeDamagedDouble(text: string): { repository: GitRepository; pack: string; blob: string } {
  const repository = GitRepository.init();
  repository.commitFile("file.txt", text);
  const blob = repository.id("HEAD:file.txt");
  repository.git(["repack", "-q", "-a", "-d"]);
  const directory = join(repository.gitDir, "objects/pack");
  const first = readdirSync(directory).find((name) => name.endsWith(".pack"));
  repository.git([
    "-c",
    "pack.compression=0",
    "pack-objects",
    "-q",
    "--no-reuse-object",
    "--all",
    join(directory, "pack"),
  ]);
  const pack = readdirSync(directory).find((name) => name.endsWith(".pack") && name !== first)!;
  const bytes = readFileSync(join(directory, pack));
  const at = bytes.indexOf("somewhere in the middle");
  expect(at).toBeGreaterThan(0);
  bytes.write("S", at, "latin1");
  chmodSync(join(directory, pack), 0o644);
  writeFileSync(join(directory, pack), bytes);
  return { repository, pack, blob };
}

const textWith = (line: string): string =>
  `${randomHex("a", 40)}\nsomewhere in the middle\n${line}\n${randomHex("b", 40)}\n`;

describe("scan --history of an object with a damaged copy", () => {
  it("finds its token once, and names the copy and its pack", () => {
    const token = makeToken();
    const { repository, pack, blob } = makeDamagedDouble(textWith(token.raw));
    const run = scan(["--history"], { cwd: repository.dir });
    expect(run.status).toBe(1);
    expect(occurrencesOf(run, token)).toHaveLength(1);
    expect(run.report.scan.complete).toBe(false);
    const named = run.report.scan.incomplete.map(({ what }) => what);
    expect(named).toContain(`pack ${pack}`);
    expect(named).toContain(`object ${blob}`);
    expect(run.report.scan.coverage).toMatchObject({ packs: 2, blobs: 1, trees: 1, commits: 1 });
  });

  it("ends in 3 where nothing is found", () => {
    const { repository, pack } = makeDamagedDouble(textWith("no token"));
    const run = scan(["--history"], { cwd: repository.dir });
    expect(run.status).toBe(3);
    expect(run.report.scan.incomplete.map(({ what }) => what)).toContain(`pack ${pack}`);
  });
});
