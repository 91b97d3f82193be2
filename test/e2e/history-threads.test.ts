// A history that is large enough to be shared between threads gives what one thread gives.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runCli, scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, occurrencesOf } from "../support/report.ts";
import { makeTokens, randomHex } from "../support/token.ts";

const tokens = makeTokens(5);
let repository: GitRepository;

/** Above the number of objects below which one thread reads all of them. */
const FILES = 24_000;

beforeAll(() => {
  repository = GitRepository.init({ bare: true });
  const files = Array.from({ length: FILES }, (_, index) => {
    const token = index % 6000 === 17 ? `KEY=${tokens[Math.floor(index / 6000)]!.raw}\n` : "";
    const text = `${index} ${randomHex(index, 10)}\n${token}`;
    return `M 100644 inline d${index % 300}/f${index}.txt\ndata ${text.length}\n${text}\n`;
  });
  const message = `Found in a message: ${tokens[4].raw}\n`;
  const commit = `commit refs/heads/main\ncommitter A <a@example.org> 1770000000 +0000\ndata ${message.length}\n${message}`;
  repository.git(["fast-import", "--quiet"], { input: commit + files.join("") });
});

describe("scan --history of many objects", () => {
  it("finds the same with any number of threads", () => {
    const [one, two, three, unsaid] = [["--jobs", "1"], ["--jobs", "2"], ["--jobs", "3"], []].map((jobs) =>
      scan(["--history", "--no-cache", ...jobs], { cwd: repository.dir }),
    );
    expectFound(one!, tokens);
    for (const other of [two!, three!, unsaid!]) {
      expect(other.report.tokens).toEqual(one!.report.tokens);
      expect(other.report.scan.coverage).toEqual(one!.report.scan.coverage);
    }
    expect(one!.report.scan.coverage).toMatchObject({ blobs: FILES, trees: 301, commits: 1, fallback: 0 });
  });

  it("finds each token once where a second pack holds the same objects", () => {
    const double = GitRepository.init({ bare: true });
    double.git(["fetch", "-q", repository.dir, "main:main"]);
    double.git(
      [
        "-c",
        "pack.compression=0",
        "pack-objects",
        "-q",
        "--no-reuse-object",
        "--revs",
        join(double.gitDir, "objects/pack/pack"),
      ],
      { input: "main\n" },
    );
    const run = scan(["--history", "--jobs", "2"], { cwd: double.dir });
    expectFound(run, tokens);
    for (const token of tokens) expect(occurrencesOf(run, token)).toHaveLength(1);
    expect(run.report.scan.coverage).toMatchObject({ packs: 2, blobs: FILES, fallback: 0 });
    rmSync(double.dir, { recursive: true });
  });

  it("refuses what is no number of threads", () => {
    for (const jobs of ["0", "-1", "two", "1.5"]) {
      expect(runCli(["scan", "--history", "--jobs", jobs], { cwd: repository.dir }).status).toBe(2);
    }
  });
});
