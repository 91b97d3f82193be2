// A tree with thousands of files is shared with a second thread; what is found must not depend on which one read it.
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, onlyOccurrence } from "../support/report.ts";
import { makeTokens } from "../support/token.ts";

const FILES = 6000;
const EVERY = 149;

describe("scan of a tree with thousands of files", () => {
  const tokens = makeTokens(Math.ceil(FILES / EVERY));
  let repository: GitRepository;
  beforeAll(() => {
    repository = GitRepository.init();
    for (let index = 0; index < FILES; index += 1) {
      const token = index % EVERY === 0 ? tokens[index / EVERY] : undefined;
      repository.write(
        `d${index % 60}/f${index}.txt`,
        token === undefined ? `line ${index}\n` : `a\nkey ${token.raw}\n`,
      );
    }
    repository.stage();
  });

  it.each([[[]], [["--no-ignore"]], [["d0", "--no-ignore"]]])("finds every token once with %j", (args) => {
    const run = scan(args, { cwd: repository.dir });
    const expected = args.includes("d0") ? tokens.filter((_, index) => (index * EVERY) % 60 === 0) : tokens;
    expectFound(run, expected);
    for (const [index, token] of tokens.entries()) {
      if (!expected.includes(token)) continue;
      const file = `d${(index * EVERY) % 60}/f${index * EVERY}.txt`;
      expect(onlyOccurrence(run, token)).toMatchObject({ kind: "file", paths: [file], line: 2, column: 5 });
    }
  });

  it("counts every file once, and goes past links, large files and nested repositories", () => {
    const [inLink, inLarge, inNested] = makeTokens(3);
    symlinkSync(inLink.raw, join(repository.dir, "d1/link"));
    repository.write("d2/large.bin", Buffer.concat([Buffer.alloc(6 << 20, "x\n"), Buffer.from(inLarge.raw)]));
    mkdirSync(join(repository.dir, "d3/nested"));
    const nested = GitRepository.init({ dir: join(repository.dir, "d3/nested") });
    nested.write("n.env", inNested.raw);
    const run = scan([], { cwd: repository.dir });
    expectFound(run, [...tokens, inLink, inLarge, inNested]);
    expect(run.report.scan.coverage).toMatchObject({ files: FILES + 3 });
    expect(onlyOccurrence(run, inNested).paths).toEqual(["d3/nested/n.env"]);
  });
});
