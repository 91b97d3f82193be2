// What cannot be read is named and makes the scan incomplete; everything else is still found.
import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import { snapshotDirectory } from "../support/directory-snapshot.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, expectIncomplete, occurrencesOf } from "../support/report.ts";
import { makeToken, makeTokens, randomHex, type MadeToken } from "../support/token.ts";

const history = (repository: GitRepository) => scan(["--history"], { cwd: repository.dir });

/** A file to be damaged, and one with a token that has to be found all the same. */
function repositoryWith(content: string): { repository: GitRepository; object: string; kept: MadeToken } {
  const kept = makeToken();
  const repository = GitRepository.init();
  repository.write("damaged.txt", content).write("kept.env", kept.raw).commit();
  return { repository, object: repository.id("HEAD:damaged.txt"), kept };
}

function packFile(repository: GitRepository, extension: string): string {
  const dir = join(repository.gitDir, "objects/pack");
  const name = readdirSync(dir).find((entry) => entry.endsWith(extension));
  if (name === undefined) throw new Error(`no ${extension} file in ${dir}`);
  chmodSync(join(dir, name), 0o644);
  return join(dir, name);
}

function damage(path: string, from: number, to: number): void {
  chmodSync(path, 0o644);
  const bytes = readFileSync(path);
  for (let at = from; at < to; at += 1) bytes[at] = (bytes[at] ?? 0) ^ 0x5a;
  writeFileSync(path, bytes);
}

describe("scan --history of a damaged repository", () => {
  it.each<[string, (path: string) => void]>([
    ["changed in the middle", (path) => damage(path, 40, 60)],
    ["garbage from the start", (path) => damage(path, 0, 20)],
    [
      "cut short",
      (path) => {
        chmodSync(path, 0o644);
        truncateSync(path, 100);
      },
    ],
    [
      "empty",
      (path) => {
        chmodSync(path, 0o644);
        truncateSync(path, 0);
      },
    ],
    ["missing", (path) => rmSync(path)],
  ])("names the loose object that is %s", (_, spoil) => {
    const { repository, object, kept } = repositoryWith(randomHex("content", 400));
    spoil(repository.looseObject(object));
    expectIncomplete(history(repository), object, [kept]);
  });

  it("ends with 3 when nothing is found beside the missing object", () => {
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    const object = repository.id("HEAD:a.txt");
    rmSync(repository.looseObject(object));
    expectIncomplete(history(repository), object);
  });

  it("names a missing tree and a missing commit", () => {
    const repository = GitRepository.init();
    repository.commitFile("dir/a.txt", "1\n");
    repository.commitFile("dir/a.txt", "2\n");
    repository.expireReflogs();
    const tree = repository.id("HEAD~1:dir");
    const commit = repository.id("HEAD~1");
    rmSync(repository.looseObject(tree));
    expectIncomplete(history(repository), tree);
    rmSync(repository.looseObject(commit));
    expectIncomplete(history(repository), commit);
  });

  it("names the ref that points to an object that is gone, or is no ref at all", () => {
    const { repository, kept } = repositoryWith("x\n");
    repository.write(".git/refs/heads/broken", `${randomHex("gone", 20)}\n`);
    expectIncomplete(history(repository), /refs\/heads\/broken|[0-9a-f]{40}/, [kept]);
    repository.write(".git/refs/heads/broken", "no object id\n");
    expectIncomplete(history(repository), "refs/heads/broken", [kept]);
  });

  it("names the object when the bytes of a pack are changed in one place", () => {
    const { repository, object, kept } = repositoryWith(randomHex("content", 40_000));
    repository.git(["repack", "-q", "-a", "-d"]);
    const idx = packFile(repository, ".idx");
    const offset = Number(
      repository
        .gitBytes(["show-index"], { input: readFileSync(idx) })
        .toString()
        .split("\n")
        .find((line) => line.includes(object))
        ?.split(" ")[0],
    );
    damage(packFile(repository, ".pack"), offset + 1000, offset + 1100);
    expectIncomplete(history(repository), new RegExp(`${object}|pack-[0-9a-f]+`), [kept]);
  });

  it("names the pack that is cut short and reads what is before the cut and outside", () => {
    const { repository } = repositoryWith(randomHex("content", 40_000));
    repository.git(["repack", "-q", "-a", "-d"]);
    const outside = makeToken();
    repository.commitFile("outside.env", outside.raw);
    const pack = packFile(repository, ".pack");
    truncateSync(pack, readFileSync(pack).length - 3000);
    const run = history(repository);
    expect(run.report.tokens.map(({ masked }) => masked)).toContain(outside.masked);
    expect(run.report.scan.complete).toBe(false);
    expect(JSON.stringify(run.report.scan.incomplete)).toMatch(/pack|[0-9a-f]{40}/);
    expect(run.status).toBe(1);
  });

  it.each([".idx", ".pack"])("is incomplete when a pack's %s file is gone or garbage", (extension) => {
    const { repository } = repositoryWith("x\n");
    repository.git(["repack", "-q", "-a", "-d"]);
    const outside = makeToken();
    repository.commitFile("outside.env", outside.raw);
    const path = packFile(repository, extension);
    damage(path, 0, 64);
    const garbage = history(repository);
    expect(garbage.report.scan.complete).toBe(false);
    expect(garbage.report.tokens.map(({ masked }) => masked)).toContain(outside.masked);
    rmSync(path);
    const gone = history(repository);
    expect(gone.report.scan.complete).toBe(false);
    expect(gone.report.tokens.map(({ masked }) => masked)).toContain(outside.masked);
  });

  it("finds everything when the commit-graph or the multi-pack index is garbage", () => {
    const { repository, kept } = repositoryWith("x\n");
    repository.git(["repack", "-q", "-a", "-d"]);
    repository.git(["commit-graph", "write", "--reachable"]);
    damage(join(repository.gitDir, "objects/info/commit-graph"), 20, 60);
    const run = history(repository);
    expect(run.report.tokens.map(({ masked }) => masked)).toEqual([kept.masked]);
    repository.git(["multi-pack-index", "write"]);
    damage(join(repository.gitDir, "objects/pack/multi-pack-index"), 0, 60);
    expect(history(repository).report.tokens.map(({ masked }) => masked)).toEqual([kept.masked]);
  });

  it("is incomplete when the repository that lends objects is gone", () => {
    const { repository } = repositoryWith("x\n");
    const own = makeToken();
    const borrower = repository.clone();
    rmSync(join(borrower.gitDir, "objects"), { recursive: true });
    borrower.write(".git/objects/info/alternates", `${join(repository.gitDir, "objects")}\n`);
    borrower.commitFile("own.env", own.raw);
    renameSync(repository.gitDir, `${repository.gitDir}-moved`);
    const run = history(borrower);
    expect(run.report.scan.complete).toBe(false);
    expect(run.report.tokens.map(({ masked }) => masked)).toEqual([own.masked]);
  });

  it("says that a shallow clone is not the whole history", () => {
    const [old, recent] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.env", old.raw);
    repository.commitFile("a.env", "clean\n");
    expectIncomplete(history(repository.clone(["--depth=1"])), /shallow/);
    repository.commitFile("a.env", recent.raw);
    expectIncomplete(history(repository.clone(["--depth=2"])), /shallow/, [recent]);
    expectFound(history(repository.clone()), [old, recent]);
  });

  it.each(["blob:none", "blob:limit=40", "tree:0"])(
    "says what a partial clone with %s lacks, and fetches nothing",
    (filter) => {
      const [inOld, inMessage] = makeTokens(2);
      const repository = GitRepository.init();
      repository.git(["config", "uploadpack.allowFilter", "true"]);
      repository.git(["config", "uploadpack.allowAnySHA1InWant", "true"]);
      repository.commitFile("a.env", inOld.raw, inMessage.raw);
      repository.commitFile("a.env", "clean\n");
      const clone = repository.clone([`--filter=${filter}`, "--no-checkout"]);
      const before = snapshotDirectory(join(clone.gitDir, "objects"));
      expectIncomplete(history(clone), /partial|promisor/, [inMessage]);
      expect(snapshotDirectory(join(clone.gitDir, "objects"))).toEqual(before);
    },
  );

  it("says of each blob that a range in a partial clone lacks that it was left out", () => {
    const repository = GitRepository.init();
    repository.git(["config", "uploadpack.allowFilter", "true"]);
    for (const name of ["a", "b", "c"]) repository.commitFile(name, makeToken().raw);
    const clone = repository.clone(["--filter=blob:none", "--no-checkout"]);
    const run = scan(["--range", "HEAD~2..HEAD"], { cwd: clone.dir });
    expectIncomplete(run, /left out of this partial clone/);
    expect(run.report.scan.incomplete.map(({ what }) => what).toSorted()).toEqual(
      ["b", "c"].map((name) => `object ${repository.git(["rev-parse", `HEAD:${name}`])}`).toSorted(),
    );
  });

  it("does not call a partial clone incomplete when it holds everything", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.git(["config", "uploadpack.allowFilter", "true"]);
    repository.commitFile("a.env", token.raw);
    expectFound(history(repository.clone(["--filter=blob:none"])), [token]);
  });

  it("is incomplete and names the extension when git cannot read the repository's format", () => {
    const { repository, kept } = repositoryWith("x\n");
    repository.git(["config", "core.repositoryFormatVersion", "1"]);
    repository.git(["config", "extensions.futureStorage", "true"]);
    expectIncomplete(history(repository), /futurestorage/i, [kept]);
  });

  it("reads a reftable repository, or says that git cannot", () => {
    const token = makeToken();
    const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(GitRepository.init().git(["--version"])) ?? [])
      .slice(1)
      .map(Number);
    const writesTables = major > 2 || minor >= 45;
    const repository = GitRepository.init(writesTables ? { refFormat: "reftable" } : {});
    repository.commitFile("a.env", token.raw);
    if (writesTables) {
      const logged = makeToken();
      repository.commitFile("a.env", "x", `With ${logged.raw}`);
      const run = history(repository);
      expectFound(run, [token, logged]);
      expect(occurrencesOf(run, logged, "reflog").length).toBeGreaterThan(0);
    } else {
      repository.git(["config", "core.repositoryFormatVersion", "1"]);
      repository.git(["config", "extensions.refStorage", "reftable"]);
      expectIncomplete(history(repository), /reftable|refstorage/i, [token]);
    }
  });
});
