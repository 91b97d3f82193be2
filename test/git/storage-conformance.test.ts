// The reader of git's storage gives the objects that git's own plumbing gives, however they are stored, and no other.
import { chmodSync, cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listObjectDirectories } from "../../src/git/storage/object-directories.ts";
import { Storage } from "../../src/git/storage/storage.ts";
import { GitRepository, type InitOptions } from "../support/git-repository.ts";
import { writeIndexFile } from "../support/pack-index-file.ts";
import { objectsByGit, objectsByName, walkPack } from "../support/stored-objects.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { randomHex } from "../support/token.ts";

let packable: GitRepository | undefined;

/** Built once, because it takes longest: a copy of it for each test that packs it in its own way. */
function copyOfHistory(): GitRepository {
  packable ??= makeHistory();
  const dir = makeTempDir("repo");
  cpSync(packable.dir, dir, { recursive: true });
  return new GitRepository(dir);
}

/** Versions of files that become deltas of each other, trees, merges, tags, empty files and binary ones. */
function makeHistory(options: InitOptions = {}, versions = 40): GitRepository {
  const repository = GitRepository.init(options);
  const lines = Array.from({ length: 300 }, (_, index) => `${index} ${randomHex(`line ${index}`, 12)}\n`);
  for (let version = 0; version < versions; version++) {
    lines[(version * 37) % lines.length] = `changed in ${version} ${randomHex(version, 20)}\n`;
    if (version % 3 === 0) lines.push(...lines.splice(version, 20));
    repository
      .write("text.txt", lines.join(""))
      .write(`dir${version % 5}/file${version}.txt`, lines.slice(version, version + 90).join(""))
      .write("binary.bin", Buffer.from(randomHex("binary", 4000) + randomHex(version, 60), "hex"))
      .write("empty", "");
    repository.commit(`Version ${version}`);
    if (version % 10 === 0) repository.git(["tag", "-a", "-m", `Tag ${version}`, `v${version}`]);
  }
  return repository;
}

async function open(repository: GitRepository, borrowed?: string, directory = join(repository.gitDir, "objects")) {
  const gaps: unknown[] = [];
  const directories = listObjectDirectories(directory, borrowed, (gap) => gaps.push(gap));
  const idBytes = repository.git(["rev-parse", "--show-object-format"]) === "sha256" ? 32 : 20;
  const opened = await Storage.open(directories, idBytes);
  expect(gaps).toEqual([]);
  expect(opened.damaged).toEqual([]);
  return opened.storage;
}

/** @returns how many entries of packs were deltas */
function expectTheSame(storage: Storage, expected: ReadonlyMap<string, string>): number {
  expect(objectsByName(storage)).toEqual(expected);
  const walked = new Map<string, string>();
  let deltas = 0;
  for (const pack of storage.packs) {
    const { digests, left, visits } = walkPack(pack);
    expect(left).toEqual(new Map());
    expect(pack.mapped).toMatchObject({ apart: [], hasRightChecksum: true });
    // Each entry once: by way of its family, and with no detour by name.
    expect(visits).toBe(pack.index.count);
    for (const [id, digest] of digests) walked.set(id, digest);
    deltas += pack.index.count - pack.mapped.map.roots.length;
  }
  expect(walked.size + storage.loose.length).toBe(expected.size);
  for (const [id, digest] of walked) expect(digest).toBe(expected.get(id));
  storage.close();
  return deltas;
}

const packDirectory = (repository: GitRepository): string => join(repository.gitDir, "objects/pack");
const filesOf = (repository: GitRepository, end: string): string[] =>
  readdirSync(packDirectory(repository)).filter((name) => name.endsWith(end));

describe("the reader of git's storage", () => {
  it.each<[string, readonly string[]]>([
    ["as git packs by default", ["repack", "-q", "-a", "-d"]],
    ["with long chains", ["repack", "-q", "-a", "-d", "-f", "--depth=500", "--window=50"]],
    ["with short chains", ["repack", "-q", "-a", "-d", "-f", "--depth=1", "--window=3"]],
    ["by one thread", ["repack", "-q", "-a", "-d", "-f", "--threads=1"]],
    ["by several threads", ["repack", "-q", "-a", "-d", "-f", "--threads=3"]],
    ["without deltas", ["repack", "-q", "-a", "-d", "-f", "--window=0"]],
    [
      "with bases named instead of counted",
      ["-c", "repack.useDeltaBaseOffset=false", "repack", "-q", "-a", "-d", "-f"],
    ],
    ["uncompressed", ["-c", "pack.compression=0", "repack", "-q", "-a", "-d", "-F"]],
    ["in islands", ["-c", "pack.island=refs/tags", "repack", "-q", "-a", "-d", "-f", "-i"]],
    ["with bitmaps", ["repack", "-q", "-a", "-d", "-b"]],
    ["by gc", ["gc", "-q", "--aggressive", "--prune=now"]],
  ])("reads one pack %s", async (name, command) => {
    const repository = copyOfHistory();
    repository.git(command);
    const deltas = expectTheSame(await open(repository), objectsByGit(repository));
    if (name === "without deltas") expect(deltas).toBe(0);
    else expect(deltas).toBeGreaterThan(40);
  });

  it("reads SHA-256 repositories, packed and loose", async () => {
    const repository = makeHistory({ objectFormat: "sha256" }, 20);
    expectTheSame(await open(repository), objectsByGit(repository));
    repository.git(["-c", "repack.useDeltaBaseOffset=false", "repack", "-q", "-a", "-d", "-f"]);
    expect(expectTheSame(await open(repository), objectsByGit(repository))).toBeGreaterThan(10);
  });

  it("reads loose objects", async () => {
    const repository = makeHistory({}, 10);
    const storage = await open(repository);
    expect(storage.packs).toEqual([]);
    expectTheSame(storage, objectsByGit(repository));
  });

  it("reads many packs beside loose objects, each object once", async () => {
    const repository = makeHistory({}, 5);
    for (let round = 0; round < 12; round++) {
      repository.commitFile("more.txt", `${randomHex("more", 500)}\n${randomHex(round, 20)}\n`);
      repository.git(["repack", "-q", ...(round % 4 === 0 ? ["-a"] : [])]);
    }
    repository.commitFile("loose.txt", "loose\n");
    expect(filesOf(repository, ".pack").length).toBeGreaterThan(10);
    expectTheSame(await open(repository), objectsByGit(repository));
    repository.git(["multi-pack-index", "write"]);
    expectTheSame(await open(repository), objectsByGit(repository));
  });

  it("reads packs that are split by size", async () => {
    const repository = makeHistory({}, 10);
    for (let file = 0; file < 6; file++)
      repository.write(`big${file}.bin`, Buffer.from(randomHex(file, 400_000), "hex"));
    repository.commit();
    repository.git(["-c", "pack.packSizeLimit=1m", "repack", "-q", "-a", "-d", "-f"]);
    expect(filesOf(repository, ".pack").length).toBeGreaterThan(1);
    expectTheSame(await open(repository), objectsByGit(repository));
  });

  it("reads an index of version 1", async () => {
    const repository = copyOfHistory();
    repository.git(["repack", "-q", "-a", "-d"]);
    const [pack = ""] = filesOf(repository, ".pack");
    const index = join(packDirectory(repository), pack.replace(/pack$/, "idx"));
    chmodSync(index, 0o644);
    rmSync(index);
    repository.git(["index-pack", "--index-version=1", join(packDirectory(repository), pack)]);
    expect(readFileSync(index).readUInt32BE(0)).not.toBe(0xff744f63);
    expectTheSame(await open(repository), objectsByGit(repository));
  });

  it("reads offsets that an index has in its table for large ones", async () => {
    const repository = copyOfHistory();
    repository.git(["repack", "-q", "-a", "-d"]);
    const [pack = ""] = filesOf(repository, ".pack");
    const index = join(packDirectory(repository), pack.replace(/pack$/, "idx"));
    chmodSync(index, 0o644);
    rmSync(index);
    repository.git(["index-pack", "--index-version=2,0x100", join(packDirectory(repository), pack)]);
    expectTheSame(await open(repository), objectsByGit(repository));
  });

  it("reads what a thin pack brought", async () => {
    const origin = makeHistory({}, 20);
    const base = origin.id("HEAD~5");
    const receiver = origin.clone(["--no-tags", "--bare", "-q"], { bare: true });
    receiver.git(["update-ref", "refs/heads/main", base]);
    const thin = origin.gitBytes(["pack-objects", "-q", "--thin", "--revs", "--stdout"], {
      input: `${origin.id("HEAD")}\n^${base}\n`,
    });
    receiver.git(["index-pack", "--stdin", "--fix-thin", "--keep"], { input: thin });
    expectTheSame(await open(receiver), objectsByGit(receiver));
  });

  it("reads a thin pack that was kept thin, whose bases are in another", async () => {
    const repository = makeHistory({}, 20);
    repository.git(["repack", "-q", "-a", "-d"]);
    const expected = objectsByGit(repository);
    const base = repository.id("HEAD~5");
    const thin = repository.gitBytes(["pack-objects", "-q", "--thin", "--revs", "--stdout"], {
      input: `${repository.id("HEAD")}\n^${base}\n`,
    });
    // Completed, it has the bases at its end; without them only the names still lead there.
    const receiver = GitRepository.init({ bare: true });
    for (const name of readdirSync(packDirectory(repository))) {
      writeFileSync(join(packDirectory(receiver), name), readFileSync(join(packDirectory(repository), name)));
    }
    writeFileSync(join(packDirectory(receiver), "pack-thin.pack"), thin);
    writeFileSync(join(packDirectory(receiver), "pack-thin.idx"), indexOfThin(receiver, thin));
    const { storage, damaged } = await Storage.open([join(receiver.gitDir, "objects")], 20);
    expect(damaged).toEqual([]);
    const pack = storage.packs.find(({ name }) => name === "pack-thin.pack")!;
    expect(pack.mapped.basesElsewhere.size).toBeGreaterThan(0);
    for (const entry of pack.mapped.apart) {
      const object = storage.readEntry(pack, entry);
      expect(expected.get(pack.nameOf(entry))).toContain(`${object.type} ${object.bytes.length} `);
    }
    expect(objectsByName(storage)).toEqual(expected);
    storage.close();
  });

  it("reads what is borrowed, by file and by variable, and what waits in quarantine", async () => {
    const lender = makeHistory({}, 10);
    lender.git(["repack", "-q", "-a", "-d"]);
    const borrower = GitRepository.init();
    writeFileSync(join(borrower.gitDir, "objects/info/alternates"), `# of another\n"${lender.gitDir}/objects"\n`);
    borrower.commitFile("own.txt", "own\n");
    expectTheSame(await open(borrower), objectsByGit(borrower));
    const reader = GitRepository.init();
    const quarantine = join(reader.dir, 'quo"ted');
    renameSync(join(borrower.gitDir, "objects"), quarantine);
    const list = `${join(reader.gitDir, "objects")}:"${quarantine.replaceAll('"', '\\"')}"`;
    const env = { GIT_OBJECT_DIRECTORY: quarantine, GIT_ALTERNATE_OBJECT_DIRECTORIES: list };
    expectTheSame(await open(reader, list, quarantine), objectsByGit(reader, env));
    expectTheSame(await open(reader, list), objectsByGit(reader, { GIT_ALTERNATE_OBJECT_DIRECTORIES: list }));
  });

  it("reads a pack whose own index is lost by the index over several packs", async () => {
    const repository = makeHistory({}, 10);
    repository.git(["repack", "-q", "-a", "-d"]);
    repository.commitFile("more.txt", "more\n");
    repository.git(["repack", "-q", "-d"]);
    const expected = objectsByGit(repository);
    repository.git(["multi-pack-index", "write"]);
    for (const index of filesOf(repository, ".idx")) rmSync(join(packDirectory(repository), index));
    expectTheSame(await open(repository), expected);
  });

  it("leaves objects of many megabytes to git, and says so", async () => {
    const repository = GitRepository.init();
    const big = Buffer.from(randomHex("big", 1000).repeat(20_000));
    repository.commitFile("big.txt", big);
    repository.commitFile("big.txt", Buffer.concat([big, Buffer.from("more")]));
    repository.git(["repack", "-q", "-a", "-d"]);
    const storage = await open(repository);
    const { left } = walkPack(storage.packs[0]!);
    expect(Array.from(left.values(), ({ name }) => name)).toContain("NotForUs");
    storage.close();
  });
});

/** An index for a pack that is not complete: git makes none, so its objects are found by git's own completion of it. */
function indexOfThin(receiver: GitRepository, thin: Buffer): Buffer {
  const completed = GitRepository.init({ bare: true });
  for (const name of readdirSync(packDirectory(receiver))) {
    writeFileSync(join(packDirectory(completed), name), readFileSync(join(packDirectory(receiver), name)));
  }
  completed.git(["index-pack", "--stdin", "--fix-thin"], { input: thin });
  const count = thin.readUInt32BE(8);
  const added = readdirSync(packDirectory(completed)).find(
    (name) => name.endsWith(".idx") && !readdirSync(packDirectory(receiver)).includes(name),
  )!;
  const listed = completed
    .git(["show-index"], { input: readFileSync(join(packDirectory(completed), added)) })
    .split("\n")
    .map((line): [number, string] => [Number(line.split(" ")[0]), line.split(" ")[1]!])
    .toSorted(([a], [b]) => a - b)
    .slice(0, count)
    .toSorted(([, a], [, b]) => (a < b ? -1 : 1));
  return writeIndexFile(listed, thin.subarray(-20));
}
