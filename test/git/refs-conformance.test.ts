// The reader of storage lists the refs and logs that git's own plumbing lists, however they are stored.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { IdBytes } from "../../src/git/storage/pack-index.ts";
import { parseLog, parsePackedRefs, parseRefFile } from "../../src/git/storage/ref-files.ts";
import { readRefStore, type RefStore } from "../../src/git/storage/ref-store.ts";
import { readRefStack } from "../../src/git/storage/reftable-stack.ts";
import { readReftable } from "../../src/git/storage/reftable.ts";
import { GitRepository, type InitOptions } from "../support/git-repository.ts";
import { expectNamedFaults } from "../support/mutations.ts";
import { reftable, type WrittenRef, writeTables } from "../support/reftable-file.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { randomHex } from "../support/token.ts";

const idBytesOf = (repository: GitRepository): IdBytes =>
  repository.git(["rev-parse", "--show-object-format"]) === "sha256" ? 32 : 20;

function storeOf(repository: GitRepository, gitDirectory = repository.gitDir): RefStore {
  return readRefStore(gitDirectory, repository.gitDir, idBytesOf(repository));
}

const named = ({ refs }: RefStore): string[] => refs.map(({ name, objectId }) => `${objectId} ${name.toString()}`);

function refsByGit(repository: GitRepository, cwd = repository.dir): string[] {
  return repository.git(["for-each-ref", "--format=%(objectname) %(refname)"], { cwd }).split("\n");
}

const LOG_FORMAT = "--format=%H %gs";

function logByGit(repository: GitRepository, ref: string): string[] {
  return repository.git(["log", "-g", LOG_FORMAT, ref]).split("\n");
}

function repositoryWithRefs(objectFormat: "sha1" | "sha256", options: InitOptions = {}): GitRepository {
  const repository = GitRepository.init({ objectFormat, ...options });
  for (let version = 0; version < 4; version++) {
    repository.commitFile("a.txt", `${version}\n`, `Version ${version}`);
    repository.git(["branch", `topic/number-${version}`]);
    repository.git(["tag", "-a", "-m", "Tag", `v${version}`]);
    repository.git(["tag", `light${version}`]);
  }
  repository.git(["tag", "-a", "-m", "Of a tag", "nested", "v1"]);
  repository.git(["symbolic-ref", "refs/heads/alias", "refs/heads/topic/number-2"]);
  repository.git(["symbolic-ref", "refs/heads/alias-of-alias", "refs/heads/alias"]);
  return repository;
}

const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(GitRepository.init().git(["--version"])) ?? [])
  .slice(1)
  .map(Number);
const writesTables = major > 2 || minor >= 45;

describe("refs in files", () => {
  it.each(["sha1", "sha256"] as const)("are those of git, loose, packed and both, with %s", (format) => {
    const repository = repositoryWithRefs(format);
    expect(named(storeOf(repository))).toEqual(refsByGit(repository));
    repository.git(["pack-refs", "--all"]);
    expect(named(storeOf(repository))).toEqual(refsByGit(repository));
    const packed = parsePackedRefs(readFileSync(join(repository.gitDir, "packed-refs")), idBytesOf(repository));
    for (const { name, value } of packed) {
      const peeled = repository.git(["rev-parse", `${name.toString()}^{}`]);
      expect("peeled" in value ? (value.peeled ?? value.objectId) : "").toBe(peeled);
    }
    repository.commitFile("a.txt", "newer\n");
    repository.git(["tag", "-d", "v2"]);
    repository.git(["branch", "-f", "topic/number-1", "HEAD"]);
    expect(named(storeOf(repository))).toEqual(refsByGit(repository));
    expect(storeOf(repository)).toMatchObject({ dangling: [], logs: null });
  });

  it("are those of each working tree", () => {
    const repository = repositoryWithRefs("sha1");
    const linked = join(makeTempDir("linked"), "tree");
    repository.git(["worktree", "add", "-q", "--detach", linked]);
    repository.git(["update-ref", "refs/worktree/mine", "HEAD"], { cwd: linked });
    repository.git(["update-ref", "refs/worktree/main", "HEAD~1"]);
    repository.git(["update-ref", "refs/bisect/bad", "HEAD~2"]);
    const [name = ""] = readdirSync(join(repository.gitDir, "worktrees"));
    const store = storeOf(repository, join(repository.gitDir, "worktrees", name));
    expect(named(store)).toEqual(refsByGit(repository, linked));
    expect(named(store).join()).toContain("refs/worktree/mine");
    expect(named(storeOf(repository))).toEqual(refsByGit(repository));
    expect(store.head).toEqual({ objectId: repository.id("HEAD"), peeled: null });
    expect(storeOf(repository).head).toEqual({ target: Buffer.from("refs/heads/main") });
  });

  it("leave out what leads nowhere, and say its name", () => {
    const repository = repositoryWithRefs("sha1");
    repository.git(["symbolic-ref", "refs/heads/nowhere", "refs/heads/none"]);
    repository.git(["symbolic-ref", "refs/heads/circle", "refs/heads/elcric"]);
    repository.git(["symbolic-ref", "refs/heads/elcric", "refs/heads/circle"]);
    const store = storeOf(repository);
    expect(store.dangling.map((name) => name.toString()).toSorted()).toEqual([
      "refs/heads/circle",
      "refs/heads/elcric",
      "refs/heads/nowhere",
    ]);
    expect(named(store).join()).not.toMatch(/nowhere|circle/);
  });

  it.each<[string, (repository: GitRepository) => void]>([
    ["a file that names no object", ({ gitDir }) => writeFileSync(join(gitDir, "refs/heads/odd"), "0123\n")],
    ["a name that is none", ({ gitDir }) => writeFileSync(join(gitDir, "refs/heads/a..b"), `${"1".repeat(40)}\n`)],
    ["a shared file with another line", ({ gitDir }) => writeFileSync(join(gitDir, "packed-refs"), "x\n")],
    [
      "a shared file that is not in the order that it says",
      ({ gitDir }) =>
        writeFileSync(
          join(gitDir, "packed-refs"),
          `# pack-refs with: peeled fully-peeled sorted \n${"1".repeat(40)} refs/heads/b\n${"1".repeat(40)} refs/heads/a\n`,
        ),
    ],
  ])("are not told where there is %s", (_, damage) => {
    const repository = repositoryWithRefs("sha1");
    damage(repository);
    expect(() => storeOf(repository)).toThrow(/ref|order/);
  });

  it("have the logs that git shows", () => {
    const repository = repositoryWithRefs("sha1");
    repository.git(["reset", "-q", "--hard", "HEAD~2"]);
    for (const ref of ["HEAD", "refs/heads/main"]) {
      const entries = parseLog(readFileSync(join(repository.gitDir, "logs", ref)), 20);
      expect(entries.toReversed().map(({ newId, message }) => `${newId} ${message.toString()}`)).toEqual(
        logByGit(repository, ref),
      );
      expect(entries[0]!.who.toString()).toMatch(/^Ada Example <ada@example.org> \d+ \+0000$/);
    }
  });

  it("are read or refused, whatever their bytes are", () => {
    const repository = repositoryWithRefs("sha1");
    repository.git(["pack-refs", "--all"]);
    const head = readFileSync(join(repository.gitDir, "HEAD"));
    const packed = readFileSync(join(repository.gitDir, "packed-refs"));
    const log = readFileSync(join(repository.gitDir, "logs/HEAD"));
    expectNamedFaults(head, (bytes) => parseRefFile(bytes, 20));
    expectNamedFaults(packed, (bytes) => parsePackedRefs(bytes, 20));
    expectNamedFaults(log, (bytes) => parseLog(bytes, 20));
  });
});

/** Three tables: the second deletes, moves and adds, the third deletes a line of a log. */
function tablesOf(idBytes: 20 | 32, blockBytes: number): Buffer[] {
  const id = (of: string): string => randomHex(of, idBytes);
  const many = Array.from({ length: 60 }, (_, number): WrittenRef => {
    const name = `refs/heads/topic/${String(number).padStart(3, "0")}`;
    return { name, value: number % 7 === 0 ? [id(name), id(`${name}^{}`)] : id(name) };
  });
  const zero = "0".repeat(idBytes * 2);
  const line = (from: string, to: string) => ({ oldId: from, newId: to, message: `to ${to.slice(0, 6)}`, zone: -130 });
  return [
    reftable({
      idBytes,
      blockBytes,
      updates: [1, 1],
      refs: [
        { name: "HEAD", value: { target: "refs/heads/main" } },
        { name: "refs/heads/main", value: id("1") },
        ...many,
      ],
      logs: [
        { name: "HEAD", update: 1, line: line(zero, id("1")) },
        { name: "refs/heads/main", update: 1, line: line(zero, id("1")) },
        ...many.map(({ name }) => ({ name, update: 1, line: line(zero, id(name)) })),
      ],
    }),
    reftable({
      idBytes,
      blockBytes,
      updates: [2, 3],
      refs: [
        { name: "refs/heads/main", value: id("2") },
        { name: "refs/heads/topic/010", value: null },
        { name: "refs/heads/zz", value: { target: "refs/heads/main" } },
      ],
      logs: [
        { name: "refs/heads/main", update: 2, line: line(id("1"), id("2")) },
        { name: "refs/heads/main", update: 3, line: line(id("2"), id("2")) },
      ],
    }),
    reftable({
      idBytes,
      blockBytes,
      updates: [4, 4],
      refs: [],
      logs: [
        { name: "refs/heads/main", update: 3, line: null },
        { name: "refs/heads/topic/003", update: 1, line: null },
      ],
    }),
  ];
}

describe("refs in tables", () => {
  it.each<[20 | 32, number]>([
    [20, 256],
    [32, 512],
    [20, 0],
    [32, 0],
  ])("are merged, with object names of %i bytes and blocks of %i", (idBytes, blockBytes) => {
    const directory = makeTempDir("tables");
    writeTables(directory, tablesOf(idBytes, blockBytes));
    const id = (of: string): string => randomHex(of, idBytes);
    const store = readRefStore(directory, directory, idBytes);
    const expected = Array.from({ length: 60 }, (_, number) => `refs/heads/topic/${String(number).padStart(3, "0")}`)
      .filter((name) => !name.endsWith("010"))
      .map((name) => `${id(name)} ${name}`);
    expect(named(store)).toEqual([`${id("2")} refs/heads/main`, ...expected, `${id("2")} refs/heads/zz`]);
    expect(store.head).toEqual({ target: Buffer.from("refs/heads/main") });
    const lines = (store.logs?.get("refs/heads/main") ?? []).map(({ oldId, newId }) => `${oldId} ${newId}`);
    expect(lines).toEqual([`${id("1")} ${id("2")}`, `${"0".repeat(idBytes * 2)} ${id("1")}`]);
    expect(store.logs?.has("refs/heads/topic/003")).toBe(false);
    const [first] = store.logs?.get("HEAD") ?? [];
    expect(first?.who.toString()).toBe("Ada Example <ada@example.org> 1767603600 -0130");
    expect(first?.message.toString()).toBe(`to ${id("1").slice(0, 6)}`);
    const { refs } = readReftable(tablesOf(idBytes, blockBytes)[0]!, idBytes);
    expect(refs.find(({ name }) => name.toString() === "refs/heads/topic/007")?.value).toEqual({
      objectId: id("refs/heads/topic/007"),
      peeled: id("refs/heads/topic/007^{}"),
    });
  });

  it.each(["sha1", "sha256"] as const)("are those of git with %s, where it writes tables", (objectFormat) => {
    const repository = repositoryWithRefs(objectFormat, writesTables ? { refFormat: "reftable" } : {});
    const newest = repository.id("HEAD");
    const many = Array.from({ length: 200 }, (_, number) => `create refs/heads/many/${number} ${newest}\n`);
    repository.git(["update-ref", "--stdin"], { input: many.join("") });
    repository.git(["update-ref", "-d", "refs/heads/many/7"]);
    const [refs, logs] = [refsByGit(repository), logByGit(repository, "HEAD")];
    if (!writesTables) moveIntoTables(repository);
    const store = storeOf(repository);
    expect(named(store)).toEqual(refs);
    expect(store.head).toEqual({ target: Buffer.from("refs/heads/main") });
    const lines = (store.logs?.get("HEAD") ?? []).map(({ newId, message }) => `${newId} ${message.toString()}`);
    expect(lines).toEqual(logs);
  });

  it("are not told where a table is damaged, lies elsewhere or is missing", () => {
    const directory = makeTempDir("tables");
    const tables = tablesOf(20, 256);
    const write = (change: (list: string) => string): void => {
      writeTables(directory, tables);
      const list = join(directory, "reftable/tables.list");
      writeFileSync(list, change(readFileSync(list, "utf8")));
    };
    write((list) => `../${list}`);
    expect(() => readRefStack(join(directory, "reftable"), 20)).toThrow(/as a table/);
    write((list) => `${list}0x1-0x2-other.ref\n`);
    expect(() => readRefStack(join(directory, "reftable"), 20)).toThrow(/ENOENT/);
    expect(() => readReftable(tables[0]!, 32)).toThrow(/another kind/);
  });

  it("are read or refused, whatever their bytes are", () => {
    for (const table of tablesOf(20, 256)) {
      expectNamedFaults(table, (bytes) => readReftable(bytes, 20), sealTable);
    }
    expectNamedFaults(tablesOf(32, 0)[0]!, (bytes) => readReftable(bytes, 32), sealTable);
  });
});

/** Makes header, footer and checksum of a changed table fit again. */
function sealTable(bytes: Buffer): Buffer {
  const headerBytes = bytes[4] === 2 ? 28 : 24;
  if (bytes.length < 2 * headerBytes + 44) return bytes;
  const end = bytes.length - headerBytes - 44;
  bytes.copy(bytes, end, 0, headerBytes);
  bytes.writeUInt32BE(crc32(bytes.subarray(end, bytes.length - 4)), bytes.length - 4);
  return bytes;
}

/** As git would, for one that cannot. */
function moveIntoTables(repository: GitRepository): void {
  const idBytes = idBytesOf(repository);
  const refs = storeOf(repository).refs.map(({ name, objectId }): WrittenRef => ({
    name: name.toString(),
    value: objectId,
  }));
  const entries = parseLog(readFileSync(join(repository.gitDir, "logs/HEAD")), idBytes);
  const logs = entries.map(({ oldId, newId, message }, number) => ({
    name: "HEAD",
    update: number + 1,
    line: { oldId, newId, message: message.toString() },
  }));
  const head: WrittenRef = { name: "HEAD", value: { target: "refs/heads/main" } };
  rmSync(join(repository.gitDir, "refs"), { recursive: true });
  mkdirSync(join(repository.gitDir, "refs"));
  const updates = [1, entries.length] as const;
  writeTables(repository.gitDir, [reftable({ idBytes, blockBytes: 512, updates, refs: [head, ...refs], logs })]);
}
