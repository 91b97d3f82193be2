// However git stores its objects, `--history` reads them all.
import { appendFileSync, cpSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, occurrencesOf, onlyOccurrence } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens, randomHex } from "../support/token.ts";

const history = (repository: GitRepository, env: Record<string, string> = {}) =>
  scan(["--history"], { cwd: repository.dir, env });
const packsOf = (repository: GitRepository) =>
  readdirSync(join(repository.gitDir, "objects/pack")).filter((name) => name.endsWith(".pack"));

describe("scan --history and how objects are stored", () => {
  it("finds tokens in one pack, in delta chains too", () => {
    const tokens = makeTokens(20);
    const repository = GitRepository.init();
    const filler = Array.from({ length: 200 }, (_, index) => `${index} ${randomHex(index, 16)}\n`);
    for (const [index, token] of tokens.entries())
      repository.commitFile("big.txt", filler.with(index * 9, `KEY=${token.raw}\n`).join(""));
    repository.git(["repack", "-q", "-a", "-d", "-f", "--depth=50", "--window=50"]);
    expect(packsOf(repository)).toHaveLength(1);
    const run = history(repository);
    expectFound(run, tokens);
    for (const [index, token] of tokens.entries())
      expect(onlyOccurrence(run, token)).toMatchObject({ line: index * 9 + 1, column: 5 });
  });

  it("finds the tokens that a delta puts together from copied pieces", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const filler = (seed: string) => randomHex(seed, 3000);
    const [left, right] = [token.raw.slice(0, 40), token.raw.slice(40)];
    repository.commitFile("a.txt", `${filler("a")}\n${left}\n${filler("b")}\n${right}\n${filler("c")}\n`);
    repository.commitFile("a.txt", `${filler("a")}\n${left}${right}\n${filler("c")}\n`);
    repository.git(["repack", "-q", "-a", "-d", "-f"]);
    const run = history(repository);
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token)).toMatchObject({ line: 2, column: 1 });
  });

  it("finds tokens in loose objects and several packs, with a multi-pack index and bitmaps or without", () => {
    const tokens = makeTokens(4);
    const repository = GitRepository.init();
    for (const [index, token] of tokens.entries()) {
      repository.commitFile(`f${index}.env`, token.raw);
      if (index < 3) repository.git(["repack", "-q", "-d"]);
    }
    expect(packsOf(repository)).toHaveLength(3);
    expectFound(history(repository), tokens);
    repository.git(["multi-pack-index", "write"]);
    expectFound(history(repository), tokens);
    repository.git(["repack", "-q", "-A", "-d", "--write-bitmap-index"]);
    repository.git(["commit-graph", "write", "--reachable", "--changed-paths"]);
    repository.git(["pack-refs", "--all"]);
    expectFound(history(repository), tokens);
  });

  it("finds a token in an object that stands in a cruft pack, or beside a .keep or .promisor file", () => {
    const [inCruft, kept] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.env", kept.raw);
    repository.writeBlob(inCruft.raw);
    repository.git(["repack", "-q", "--cruft", "-d"]);
    const [pack] = packsOf(repository);
    writeFileSync(join(repository.gitDir, "objects/pack", `${pack?.replace(/pack$/, "keep")}`), "");
    expectFound(history(repository), [inCruft, kept]);
  });

  it("reports an object once when it is stored twice", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.env", token.raw);
    repository.git(["repack", "-q"]);
    const run = history(repository);
    expectFound(run, [token]);
    expect(occurrencesOf(run, token)).toHaveLength(1);
  });

  it("finds tokens in objects that another repository lends", () => {
    const [lent, own] = makeTokens(2);
    const lender = GitRepository.init();
    lender.commitFile("a.env", lent.raw);
    const borrower = new GitRepository(join(makeTempDir(), "borrower"));
    lender.git(["clone", "-q", "--shared", lender.dir, borrower.dir]);
    borrower.commitFile("b.env", own.raw);
    expectFound(history(borrower), [lent, own]);
    lender.git(["repack", "-q", "-a", "-d"]);
    expectFound(history(borrower), [lent, own]);
  });

  it("finds tokens through GIT_DIR, GIT_OBJECT_DIRECTORY and GIT_ALTERNATE_OBJECT_DIRECTORIES", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.env", token.raw);
    const dir = makeTempDir();
    expectFound(scan(["--history"], { cwd: dir, env: { GIT_DIR: repository.gitDir } }), [token]);
    const moved = join(dir, "objects");
    cpSync(join(repository.gitDir, "objects"), moved, { recursive: true });
    rmSync(join(repository.gitDir, "objects"), { recursive: true });
    repository.write(".git/objects/info/empty", "");
    expectFound(history(repository, { GIT_OBJECT_DIRECTORY: moved }), [token]);
    expectFound(history(repository, { GIT_ALTERNATE_OBJECT_DIRECTORIES: moved }), [token]);
  });

  it("finds tokens in a SHA-256 repository, loose and packed", () => {
    const [inBlob, inMessage, unreachable] = makeTokens(3);
    const repository = GitRepository.init({ objectFormat: "sha256" });
    const commit = repository.commitFile("a.env", inBlob.raw, inMessage.raw);
    repository.writeBlob(unreachable.raw);
    repository.expireReflogs();
    const loose = history(repository);
    expectFound(loose, [inBlob, inMessage, unreachable]);
    expect(onlyOccurrence(loose, inBlob)).toMatchObject({
      object: repository.id("HEAD:a.env"),
      introducedBy: [{ commit }],
    });
    repository.git(["repack", "-q", "-A", "-d"]);
    expectFound(history(repository), [inBlob, inMessage, unreachable]);
  });

  it("finds tokens in a bare repository and in a linked worktree", () => {
    const [onMain, detached] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.env", onMain.raw);
    const bare = repository.clone([], { bare: true });
    const inBare = history(bare);
    expectFound(inBare, [onMain]);
    expect(onlyOccurrence(inBare, onMain).refs).toEqual(["refs/heads/main"]);
    const linked = new GitRepository(join(makeTempDir(), "linked"));
    repository.git(["worktree", "add", "-q", "--detach", linked.dir]);
    linked.commitFile("b.env", detached.raw);
    for (const cwd of [linked.dir, repository.dir]) expectFound(scan(["--history"], { cwd }), [onMain, detached]);
    expect(onlyOccurrence(history(linked), detached)).toMatchObject({ reachable: true });
    expect(onlyOccurrence(history(linked), detached).refs).toContain("HEAD");
  });

  it("finds tokens from a subdirectory, inside .git and with a path", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("sub/a.env", token.raw);
    for (const cwd of [join(repository.dir, "sub"), repository.gitDir]) {
      const run = scan(["--history"], { cwd });
      expectFound(run, [token]);
      expect(onlyOccurrence(run, token).paths).toEqual(["sub/a.env"]);
    }
    expectFound(scan(["--history", join(repository.dir, "sub")], { cwd: "/" }), [token]);
  });

  it("finds nothing before the first commit", () => {
    expectFound(history(GitRepository.init()), []);
    expectFound(history(GitRepository.init({ bare: true })), []);
  });

  it("finds what replace refs hide, and what they put in its place", () => {
    const [original, replacement, hiddenCommit] = makeTokens(3);
    const repository = GitRepository.init();
    repository.commitFile("a.env", original.raw);
    repository.git(["replace", repository.id("HEAD:a.env"), repository.writeBlob("clean\n")]);
    repository.commitFile("b.txt", "1\n");
    repository.git(["replace", repository.id("HEAD:b.txt"), repository.writeBlob(replacement.raw)]);
    const leak = repository.commitFile("c.env", hiddenCommit.raw);
    repository.commitFile("c.env", "clean\n");
    repository.git(["replace", "--graft", "HEAD", "HEAD~2"]);
    repository.expireReflogs();
    const run = history(repository);
    expectFound(run, [original, replacement, hiddenCommit]);
    expect(onlyOccurrence(run, original).paths).toEqual(["a.env"]);
    expect(onlyOccurrence(run, hiddenCommit)).toMatchObject({
      introducedBy: [{ commit: leak }],
      refs: ["refs/heads/main"],
    });
  });

  it("finds what grafts cut off", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const leak = repository.commitFile("a.env", token.raw);
    repository.commitFile("a.env", "clean\n");
    repository.write(".git/info/grafts", `${repository.id("HEAD")}\n`);
    repository.expireReflogs();
    const run = history(repository);
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token)).toMatchObject({ introducedBy: [{ commit: leak }], refs: ["refs/heads/main"] });
  });

  it("finds tokens in a mirror whose HEAD points to a branch that does not exist", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.env", token.raw);
    repository.git(["symbolic-ref", "HEAD", "refs/heads/unborn"]);
    expectFound(history(repository), [token]);
  });

  it("reads on when a reflog has a line that git never wrote", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.env", token.raw);
    appendFileSync(join(repository.gitDir, "logs/HEAD"), "garbage\n");
    const run = history(repository);
    expect(occurrencesOf(run, token).map(({ kind }) => kind)).toEqual(["blob"]);
    expect(run.status).toBe(1);
  });
});
