// Objects that no git would write, and parts of `.git` that nobody can read: no crash, nothing missed in silence.
import { chmodSync, copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { scan, type ScanRun } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, expectIncomplete, findToken, occurrencesOf, onlyOccurrence } from "../support/report.ts";
import { makeToken, makeTokens, type MadeToken } from "../support/token.ts";

const history = (repository: GitRepository, wrapper: readonly string[] = []) =>
  scan(["--history"], { cwd: repository.dir, wrapper });

/** Root reads every file whatever its mode, unless it gives that right away. */
const unprivileged = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : [];

function repositoryWithToken(): { repository: GitRepository; token: MadeToken } {
  const token = makeToken();
  const repository = GitRepository.init();
  repository.commitFile("a.env", token.raw);
  return { repository, token };
}

describe("scan --history and objects under another's name", () => {
  it("finds what they hold, and names them", () => {
    const [first, second] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.env", first.raw);
    repository.commitFile("a.env", second.raw);
    putInPlaceOf(repository, repository.id("HEAD~1:a.env"), repository.id("HEAD:a.env"));
    expectIncomplete(history(repository), /another than its name says/, [second]);
  });

  it("ends when a commit stands in the place of its own tree", () => {
    const { repository, token } = repositoryWithToken();
    putInPlaceOf(repository, repository.id("HEAD^{tree}"), repository.id("HEAD"));
    expectIncomplete(history(repository), /another than its name says/, [token]);
  });

  function putInPlaceOf(repository: GitRepository, target: string, source: string): void {
    const file = repository.looseObject(target);
    chmodSync(file, 0o644);
    copyFileSync(repository.looseObject(source), file);
  }
});

describe("scan --history and malformed objects", () => {
  const malformed: readonly [string, string, (token: string) => Buffer][] = [
    ["a commit of nothing but text", "commit", (token) => Buffer.from(`garbage ${token}\n`)],
    ["a commit without an author", "commit", (token) => Buffer.from(`tree ${"0".repeat(40)}\n\n${token}\n`)],
    [
      "a commit whose parent is no id",
      "commit",
      (token) => Buffer.from(`tree ${"1".repeat(40)}\nparent ${token}\n\nx\n`),
    ],
    ["a commit without an empty line", "commit", (token) => Buffer.from(`tree ${"1".repeat(40)}\nauthor ${token}`)],
    [
      "a commit with NULs",
      "commit",
      (token) => Buffer.from(`tree ${"1".repeat(40)}\nauthor A <a> 1 +0\ncommitter A <a> x\n\n\0\0${token}`),
    ],
    ["a tag of nothing but text", "tag", (token) => Buffer.from(`\0${token}`)],
    [
      "a tag that tags itself by name",
      "tag",
      (token) => Buffer.from(`object ${token}\ntype tag\ntag ${token}\ntagger\n\n`),
    ],
    ["a tree of nothing but text", "tree", (token) => Buffer.from(`no tree ${token}`)],
    ["a tree that ends in a name", "tree", (token) => Buffer.from(`100644 ${token}`)],
    [
      "a tree with an odd mode",
      "tree",
      (token) => Buffer.concat([Buffer.from(`777777 ${token}\0`), Buffer.alloc(20, 1)]),
    ],
    [
      "a tree with a path for a name",
      "tree",
      (token) => Buffer.concat([Buffer.from(`100644 ../../${token}\0`), Buffer.alloc(20, 1)]),
    ],
    [
      "an empty name in a tree",
      "tree",
      (token) =>
        Buffer.concat([
          Buffer.from("100644 \0"),
          Buffer.alloc(20, 1),
          Buffer.from(`100644 ${token}\0`),
          Buffer.alloc(20, 2),
        ]),
    ],
  ];
  const hidden = malformed.map(() => makeToken());
  let scanned: ScanRun;
  let objects: readonly string[];
  let good: MadeToken;
  beforeAll(() => {
    const made = repositoryWithToken();
    good = made.token;
    objects = malformed.map(([, type, contentOf], index) => {
      const input = contentOf(hidden[index]?.raw ?? "");
      return made.repository.git(["hash-object", "-w", "--literally", "-t", type, "--stdin"], { input });
    });
    scanned = history(made.repository);
  });

  it.each(malformed.map(([name], index) => [name, index] as const))("finds a token in %s", (_, index) => {
    const token = hidden[index];
    const places = token === undefined ? [] : occurrencesOf(scanned, token);
    expect(places.map((occurrence) => occurrence.object)).toContain(objects[index]);
  });

  it("finds the token of a sound commit beside them", () => {
    expect(onlyOccurrence(scanned, good).paths).toEqual(["a.env"]);
    expect(scanned.status).toBe(1);
  });

  it("names an object of a type that does not exist and reads on", () => {
    const { repository, token } = repositoryWithToken();
    const args = ["hash-object", "-w", "--literally", "-t", "strange", "--stdin"];
    const object = repository.git(args, { input: "x" });
    expectIncomplete(history(repository), object, [token]);
  });

  it("reads a tree that holds one file under a thousand names", () => {
    const { repository, token } = repositoryWithToken();
    const entry = repository.writeBlob(token.raw);
    const input = Array.from({ length: 1000 }, (_, index) => `100644 blob ${entry}\tf${index}\n`).join("");
    const commit = repository.git(["commit-tree", "-m", "wide", repository.git(["mktree"], { input })]);
    repository.git(["update-ref", "refs/heads/wide", commit]);
    const run = history(repository);
    expectFound(run, [token]);
    expect(occurrencesOf(run, token)[0]?.paths).toHaveLength(1001);
  });

  it("reads directories that are nested a thousand deep", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const path = `${"d/".repeat(1000)}deep.env`;
    repository.graph([{ name: "deep", files: { [path]: token.raw } }], { main: "deep" });
    const run = history(repository);
    expectFound(run, [token]);
    expect(occurrencesOf(run, token)[0]?.paths).toEqual([path]);
  });
});

describe("scan --history and unreadable parts of .git", () => {
  it.each([
    "objects/pack",
    "objects/info",
    "refs",
    "refs/heads",
    "logs",
    "logs/HEAD",
    "logs/refs/heads/main",
    "index",
    "packed-refs",
    "info",
  ])("is incomplete or finds everything when %s may not be read", (path) => {
    const { repository, token } = repositoryWithToken();
    repository.git(["tag", "old"]);
    repository.git(["pack-refs", "--all"]);
    repository.git(["repack", "-q", "-d"]);
    repository.commitFile("b.txt", "1\n");
    repository.git(["update-index", "--refresh"]);
    repository.git(["commit-graph", "write", "--reachable"]);
    repository.chmod(`.git/${path}`, 0o000);
    const run = history(repository, unprivileged);
    repository.chmod(`.git/${path}`, 0o700);
    if (findToken(run.report, token) === undefined) expectIncomplete(run, /./);
    else expect(run.status).toBe(1);
    const isNeeded = !["objects/info", "info"].includes(path);
    if (isNeeded) expect(run.report.scan.complete).toBe(false);
  });

  it.each([".git/index", ".git/packed-refs", ".git/logs/HEAD", ".git/HEAD"])(
    "does not end as clean when %s is garbage",
    (path) => {
      const { repository, token } = repositoryWithToken();
      repository.git(["pack-refs", "--all"]);
      writeFileSync(join(repository.dir, path), Buffer.from("\0garbage\n\xff\n", "latin1"));
      const run = history(repository);
      expect(run.status).not.toBe(0);
      expect(findToken(run.report, token)).toBeDefined();
    },
  );

  it("goes past what a crashed git left among the objects", () => {
    const { repository, token } = repositoryWithToken();
    repository.write(".git/objects/zz/nothing", "x").write(".git/objects/17/tmp_obj_AbCdEf", "x");
    repository.write(".git/objects/pack/tmp_pack_AbCdEf", "x").write(".git/objects/pack/notes.txt", "x");
    repository.write(".git/objects/pack/pack-1234.keep", "").write(".git/gc.log", "warning\n");
    expectFound(history(repository), [token]);
  });
});
