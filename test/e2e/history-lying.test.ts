// Loose objects that are longer than they say: what git prints of them must not pass for something else.
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectIncomplete } from "../support/report.ts";
import { makeToken, makeTokens } from "../support/token.ts";

/** A loose blob whose header gives another length. @returns its name */
function writeLyingBlob(repository: GitRepository, content: Buffer, saidLength: number): string {
  const name = createHash("sha1").update(randomBytes(16)).digest("hex");
  const file = join(repository.gitDir, "objects", name.slice(0, 2), name.slice(2));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, deflateSync(Buffer.concat([Buffer.from(`blob ${saidLength}\0`), content])));
  return name;
}

const history = (repository: GitRepository) => scan(["--history"], { cwd: repository.dir });
const ZEROS = "0".repeat(40);

describe("scan --history and a blob that is longer than it says", () => {
  const contents: readonly [string, (token: string) => string][] = [
    ["holds a token right behind its false end", (token) => `AAAAA${token}\n`],
    ["holds a token across its false end", (token) => `AAAA${token}\n`],
    ["looks like a header with the token for a type", (token) => `AAAAA\n${ZEROS} ${token} 0\n`],
    ["looks like a header and swallows the token as content", (token) => `AAAAA\n${ZEROS} blob 400\n${token}\n`],
    ["says that another is missing", (token) => `AAAAA\n${ZEROS} missing\n${token}\n`],
  ];

  it.each(contents)("that %s", (_, contentOf) => {
    const [lied, kept] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.env", kept.raw);
    const name = writeLyingBlob(repository, Buffer.from(contentOf(lied.raw)), 5);
    expectIncomplete(history(repository), name, [kept, lied]);
  });

  it("of many megabytes", () => {
    const [lied, kept] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.env", kept.raw);
    const content = Buffer.concat([Buffer.alloc(9_000_000, "filler\n"), Buffer.from(lied.raw)]);
    const name = writeLyingBlob(repository, content, 5_000_000);
    expectIncomplete(history(repository), name, [kept, lied]);
  });

  it("shows nothing of a secret that stands where a name would", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    const name = writeLyingBlob(repository, Buffer.from(`AAAAA\n${token.secret.slice(0, 40)} missing\n`), 5);
    const run = history(repository);
    expect(run.status).toBe(3);
    expect(run.report.scan.complete).toBe(false);
    expect(name).toHaveLength(40);
  });
});
