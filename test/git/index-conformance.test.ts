// The reader of storage tells what git's own plumbing tells of an index and of a commit-graph, however they are written.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CommitGraphFile } from "../../src/git/storage/commit-graph-file.ts";
import { DIRECTORY_MODE, readIndexFile, type StagedFiles } from "../../src/git/storage/index-file.ts";
import type { IdBytes } from "../../src/git/storage/pack-index.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectNamedFaults } from "../support/mutations.ts";

const idBytesOf = (repository: GitRepository): IdBytes =>
  repository.git(["rev-parse", "--show-object-format"]) === "sha256" ? 32 : 20;
const indexOf = (repository: GitRepository): Buffer => readFileSync(join(repository.gitDir, "index"));

function read(repository: GitRepository, bytes: Buffer = indexOf(repository)): StagedFiles {
  return readIndexFile(bytes, idBytesOf(repository), (name) => readFileSync(join(repository.gitDir, name)));
}

function expectSameAsGit(repository: GitRepository, options: readonly string[] = []): StagedFiles {
  const staged = read(repository);
  const lines = staged.entries.map(
    ({ mode, objectId, stage, path }) =>
      `${mode.toString(8).padStart(6, "0")} ${objectId} ${stage}\t${path.toString("latin1")}`,
  );
  const listed = repository.gitBytes(["ls-files", "--stage", "-z", ...options]).toString("latin1");
  expect(lines).toEqual(listed.split("\0").filter((line) => line !== ""));
  return staged;
}

function repositoryWithFiles(objectFormat: "sha1" | "sha256" = "sha1"): GitRepository {
  const repository = GitRepository.init({ objectFormat });
  for (let file = 0; file < 60; file++) {
    repository.write(`dir${file % 4}/sub${file % 3}/file${"long".repeat(file % 9)}${file}.txt`, `${file}\n`);
  }
  repository.write(`${"deep/".repeat(60)}${"n".repeat(200)}/${"m".repeat(240)}`, "far\n");
  repository.write(Buffer.from("odd\xff name", "latin1"), "odd\n").write("run.sh", "#!\n").chmod("run.sh", 0o755);
  repository.symlink("link", "run.sh");
  repository.commit();
  return repository;
}

describe("an index", () => {
  it.each(["sha1", "sha256"] as const)("is read in every version, with %s", (objectFormat) => {
    const repository = repositoryWithFiles(objectFormat);
    for (const version of [2, 3, 4]) {
      repository.git(["update-index", "--index-version", String(version)]);
      expectSameAsGit(repository);
    }
    repository.write("intended", "x\n").git(["add", "-N", "intended"]);
    repository.git(["update-index", "--skip-worktree", "run.sh"]);
    for (const version of [3, 4]) {
      repository.git(["update-index", "--index-version", String(version)]);
      expect(indexOf(repository).readUInt32BE(4)).toBe(version);
      expectSameAsGit(repository);
    }
  });

  it("has the trees that stand for directories, and what stood in resolved conflicts", () => {
    const repository = repositoryWithFiles();
    repository.commitFile("both.txt", "base\n");
    repository.git(["checkout", "-q", "-b", "other"]);
    const theirs = repository.commitFile("both.txt", "theirs\n");
    repository.git(["checkout", "-q", "main"]);
    repository.commitFile("both.txt", "ours\n");
    repository.git(["merge", "-q", theirs], { mayFail: true });
    const conflict = expectSameAsGit(repository);
    expect(conflict.entries.filter(({ stage }) => stage > 0)).toHaveLength(3);
    repository.write("both.txt", "resolved\n").stage("both.txt");
    const resolved = expectSameAsGit(repository).resolved.toSorted();
    expect(resolved).toEqual(
      conflict.entries
        .filter(({ stage }) => stage > 0)
        .map(({ objectId }) => objectId)
        .toSorted(),
    );
    repository.git(["read-tree", "HEAD"]);
    expect(read(repository).cachedTrees).toContain(repository.id("HEAD^{tree}"));
  });

  it.each(["sha1", "sha256"] as const)("is put together where it is split, with %s", (objectFormat) => {
    const repository = repositoryWithFiles(objectFormat);
    repository.git(["config", "splitIndex.maxPercentChange", "100"]);
    repository.git(["update-index", "--split-index"]);
    expect(readdirSync(repository.gitDir).filter((name) => name.startsWith("sharedindex."))).toHaveLength(1);
    expectSameAsGit(repository);
    repository.write("run.sh", "changed\n").write("new.txt", "new\n").write("dir1/a", "a\n");
    repository.remove("dir0/sub0/file0.txt").stage();
    repository.git(["rm", "-q", "--cached", "link"]);
    const bytes = indexOf(repository);
    expect(bytes.includes("link")).toBe(true);
    expectSameAsGit(repository);
    repository.git(["update-index", "--index-version", "4"]);
    expectSameAsGit(repository);
  });

  it("is put together where it is split and large runs of it are gone", () => {
    const repository = GitRepository.init();
    for (let file = 0; file < 400; file++) repository.write(`f${String(file).padStart(4, "0")}`, `${file}\n`);
    repository.commit();
    repository.git(["config", "splitIndex.maxPercentChange", "100"]);
    repository.git(["update-index", "--split-index"]);
    for (let file = 30; file < 300; file++) repository.remove(`f${String(file).padStart(4, "0")}`);
    for (let file = 310; file < 400; file += 3)
      repository.write(`f${String(file).padStart(4, "0")}`, `again ${file}\n`);
    repository.stage();
    expect(expectSameAsGit(repository).entries).toHaveLength(130);
  });

  it("may have directories that stand for their files", () => {
    const repository = repositoryWithFiles();
    repository.git(["sparse-checkout", "set", "--cone", "--sparse-index", "dir1"]);
    const staged = expectSameAsGit(repository, ["--sparse"]);
    const directories = staged.entries.filter(({ mode }) => mode === DIRECTORY_MODE);
    expect(directories.map(({ path }) => path.toString())).toContain("dir2/");
    for (const { path, objectId } of directories) {
      expect(objectId).toBe(repository.id(`HEAD:${path.toString().slice(0, -1)}`));
    }
  });

  it("may lack its checksum, and have what only makes reading faster", () => {
    const repository = repositoryWithFiles();
    const bytes = indexOf(repository);
    const plain = bytes.subarray(0, -20);
    const unhashed = Buffer.concat([plain, Buffer.alloc(20)]);
    expect(read(repository, unhashed)).toEqual(read(repository));
    const further = (name: string): Buffer =>
      withChecksum(Buffer.concat([plain, Buffer.from(`${name}\0\0\0\x04abcd`, "latin1")]));
    expect(read(repository, further("EOIE"))).toEqual(read(repository));
    expect(read(repository, further("IEOT"))).toEqual(read(repository));
    expect(() => read(repository, further("what"))).toThrow(/extension "what"/);
    expect(() => read(repository, Buffer.concat([plain, Buffer.alloc(20, 1)]))).toThrow(/checksum/);
  });

  it("is read or refused, whatever its bytes are", () => {
    const repository = repositoryWithFiles();
    repository.write("new", "x\n").git(["add", "-N", "new"]);
    const shared = new Map<string, Buffer>();
    for (const prepare of [["--index-version", "2"], ["--index-version", "4"], ["--split-index"]]) {
      repository.git(["update-index", ...prepare]);
      for (const name of readdirSync(repository.gitDir)) {
        if (name.startsWith("sharedindex.")) shared.set(name, readFileSync(join(repository.gitDir, name)));
      }
      const none = Buffer.alloc(0);
      expectNamedFaults(
        indexOf(repository),
        (bytes) => readIndexFile(bytes, 20, (name) => shared.get(name) ?? none),
        resealed,
      );
    }
  });
});

describe("a commit-graph", () => {
  /** Merges of several parents, and several roots. */
  function history(objectFormat: "sha1" | "sha256"): GitRepository {
    const repository = GitRepository.init({ objectFormat });
    const tree = repository.git(["mktree"]);
    const commits: string[] = [];
    for (let number = 0; number < 60; number++) {
      const count = number % 11 === 0 ? 0 : number % 13 === 0 ? 4 : number % 5 === 0 ? 2 : 1;
      const parents = commits.slice(-count || commits.length).flatMap((id) => ["-p", id]);
      commits.push(repository.git(["commit-tree", tree, ...parents, "-m", `Commit ${number}`]));
    }
    for (const [number, id] of commits.entries()) repository.git(["update-ref", `refs/heads/b${number}`, id]);
    return repository;
  }

  function expectSame(repository: GitRepository, layers: number): void {
    repository.git(["commit-graph", "verify"]);
    const idBytes = idBytesOf(repository);
    const graph = CommitGraphFile.open(join(repository.gitDir, "objects"), idBytes)!;
    const listed = repository.git(["log", "--all", "--format=%H %T %ct %P"]).split("\n");
    const told = [...graph].map(({ id, tree, date, parents }) => [id, tree, date, ...parents].join(" "));
    expect(told.toSorted()).toEqual(listed.map((line) => line.trimEnd()).toSorted());
    for (const commit of graph) {
      expect(graph.get(commit.id)).toEqual(commit);
      const highest = Math.max(0, ...commit.parents.map((parent) => graph.get(parent)!.generation));
      expect(commit.generation).toBe(highest + 1);
    }
    expect(graph.get("12".repeat(idBytes))).toBeNull();
    expect(existsSync(join(repository.gitDir, "objects/info/commit-graphs"))).toBe(layers > 1);
  }

  it.each(["sha1", "sha256"] as const)("is read from one file and from a chain, with %s", (objectFormat) => {
    const repository = history(objectFormat);
    repository.git(["commit-graph", "write", "--reachable", "--changed-paths"]);
    expectSame(repository, 1);
    const chained = history(objectFormat);
    const half = chained.git(["rev-list", "b30"]);
    chained.git(["commit-graph", "write", "--split=no-merge", "--stdin-commits"], { input: `${half}\n` });
    chained.git(["commit-graph", "write", "--split=no-merge", "--reachable"]);
    const chain = readFileSync(join(chained.gitDir, "objects/info/commit-graphs/commit-graph-chain"), "utf8");
    expect(chain.trim().split("\n")).toHaveLength(2);
    expectSame(chained, 2);
  });

  it("is refused where it is another one than its chain or its name says", () => {
    const repository = history("sha1");
    const objects = join(repository.gitDir, "objects");
    repository.git(["commit-graph", "write", "--split=no-merge", "--stdin-commits"], {
      input: `${repository.git(["rev-list", "b30"])}\n`,
    });
    repository.git(["commit-graph", "write", "--split=no-merge", "--reachable"]);
    const chain = join(objects, "info/commit-graphs/commit-graph-chain");
    const [lower = "", upper = ""] = readFileSync(chain, "utf8").trim().split("\n");
    writeFileSync(chain, `${upper}\n`);
    expect(() => CommitGraphFile.open(objects, 20)).toThrow(/layers/);
    writeFileSync(chain, `../${lower}\n`);
    expect(() => CommitGraphFile.open(objects, 20)).toThrow(/no names/);
    expect(() => CommitGraphFile.open(objects, 32)).toThrow(/no names|another kind/);
    expect(CommitGraphFile.open(GitRepository.init().gitDir, 20)).toBeNull();
  });

  it("is read or refused, whatever its bytes are", () => {
    const repository = history("sha1");
    repository.git(["commit-graph", "write", "--reachable"]);
    const bytes = readFileSync(join(repository.gitDir, "objects/info/commit-graph"));
    expectNamedFaults(bytes, (changed) => [...new CommitGraphFile([changed], 20)], resealed);
  });
});

function withChecksum(body: Buffer): Buffer {
  return Buffer.concat([body, createHash("sha1").update(body).digest()]);
}

/** With the checksum that its bytes have now. */
function resealed(bytes: Buffer): Buffer {
  return withChecksum(bytes.subarray(0, Math.max(0, bytes.length - 20)));
}
