// Tokens in archives, wherever Keyrecall reads: what is said of the place, what is named as unread, and what is no archive.
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { bzip2, gnuLongName, tar, zip } from "../support/archives.ts";
import { expectStatus, runCli, scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { attempt, expectPassed, expectStopped, install } from "../support/hooks.ts";
import {
  commitIds,
  expectFound,
  expectIncomplete,
  expectNothing,
  occurrencesOf,
  onlyOccurrence,
} from "../support/report.ts";
import { scanFiles } from "../support/scan-files.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens, type MadeToken } from "../support/token.ts";

/** The token on line 3, column 5. */
function settings(token: MadeToken): Buffer {
  return Buffer.from(`# settings\nA=1\nKEY=${token.raw}\n`);
}

const INNER = { line: 3, column: 5 };

function zipped(token: MadeToken, name = "deploy/.env"): Buffer {
  return zip([
    { name: "readme.txt", content: Buffer.from("nothing here") },
    { name, content: settings(token) },
  ]);
}

/** Larger than what is held at once, and packed to hardly less. */
function large(content: Buffer): { name: string; content: Buffer }[] {
  return [
    { name: "noise.bin", content: randomBytes(5 * 1024 * 1024) },
    { name: "deploy/.env", content },
  ];
}

describe("archives in files", () => {
  it("are opened by their content, and the place is told outside and inside", () => {
    const tokens = makeTokens(8);
    const [inGzip, inBzip2, inZip, inTar, inTgz, inJar, behind, inLong] = tokens;
    const jar = zip([{ name: "config/app.properties", content: settings(inJar) }]);
    const run = scanFiles({
      "a.gz": gzipSync(settings(inGzip)),
      "b.bin": bzip2(settings(inBzip2)),
      "no-ending": zipped(inZip),
      "d.tar": tar([
        { name: "one", content: Buffer.from("x\n") },
        { name: "etc/app.env", content: settings(inTar) },
      ]),
      "e.tgz": gzipSync(tar([{ name: "etc/app.env", content: settings(inTgz) }])),
      "f.docx": zip([{ name: "lib/app.tar.gz", content: gzipSync(tar([{ name: "app.jar", content: jar }])) }]),
      "g.pex": zip([{ name: "g.py", content: settings(behind) }], { prefix: Buffer.from("#!/usr/bin/python3\n") }),
      "h.tar": tar(gnuLongName(`${"deep/".repeat(40)}app.env`, settings(inLong)), "gnu"),
    });
    expectFound(run, tokens);
    const place = (token: MadeToken): object => {
      const { paths, line, column, container, inner } = onlyOccurrence(run, token, "file");
      return { paths, line, column, container, inner };
    };
    expect(place(inGzip)).toEqual({ paths: ["a.gz"], line: 1, column: 1, container: ["gzip"], inner: INNER });
    expect(place(inBzip2)).toEqual({ paths: ["b.bin"], line: 1, column: 1, container: ["bzip2"], inner: INNER });
    expect(place(inZip)).toMatchObject({ paths: ["no-ending"], container: ["zip:deploy/.env"], inner: INNER });
    expect(place(inTar)).toEqual({
      paths: ["d.tar"],
      line: 2,
      column: 1536 - 513,
      container: ["tar:etc/app.env"],
      inner: INNER,
    });
    expect(place(inTgz)).toMatchObject({ line: 1, column: 1, container: ["gzip", "tar:etc/app.env"], inner: INNER });
    expect(place(inJar)).toMatchObject({
      paths: ["f.docx"],
      container: ["zip:lib/app.tar.gz", "gzip", "tar:app.jar", "zip:config/app.properties"],
      inner: INNER,
    });
    expect(place(behind)).toMatchObject({
      paths: ["g.pex"],
      line: 2,
      column: 35,
      container: ["zip:g.py"],
      inner: INNER,
    });
    expect(place(inLong)).toMatchObject({ container: [`tar:${"deep/".repeat(40)}app.env`], inner: INNER });
  });

  it("are searched in their names and comments too, and no output shows a token of theirs", () => {
    const tokens = makeTokens(5);
    const [inName, inComment, inLink, inPath, inOwner] = tokens;
    const cwd = new GitRepository(makeTempDir("names"));
    cwd.write("name.zip", zip([{ name: `dir/${inName.raw}.env`, content: Buffer.from("x") }]));
    cwd.write("comment.zip", zip([{ name: "a", content: Buffer.from("x") }], { comment: `key: ${inComment.raw}` }));
    cwd.write("link.tgz", gzipSync(tar([{ name: "l", type: "2", link: `/x/${inLink.raw}` }])));
    cwd.write("nested.zip", zip([{ name: `${inPath.raw}.gz`, content: gzipSync(`again ${inPath.raw}\n`) }]));
    cwd.write("owner.tar", tar([{ name: "a", content: Buffer.from("x"), owner: "abcdef" }]));
    cwd.write("pax.tar", tar([{ name: "h", type: "x", content: Buffer.from(`103 comment=${inOwner.raw}\n`) }]));
    const run = scan([], { cwd: cwd.dir });
    expectFound(run, tokens);
    const name = onlyOccurrence(run, inName);
    expect(name.container).toEqual([`zip:dir/${inName.masked}.env`]);
    expect(name.inner).toBeUndefined();
    expect(onlyOccurrence(run, inComment).container).toEqual(["zip"]);
    expect(occurrencesOf(run, inPath).map(({ container }) => container)).toContainEqual([
      `zip:${inPath.masked}.gz`,
      "gzip",
    ]);
    const text = runCli(["scan"], { cwd: cwd.dir }).stdout;
    expect(text).toContain(`nested.zip!${inPath.masked}.gz:1:7`);
    expect(text).toContain(`name.zip!dir/${inName.masked}.env`);
  });

  it("are printed with the place inside", () => {
    const token = makeToken();
    const cwd = new GitRepository(makeTempDir("text")).write("backup.zip", zipped(token));
    expect(runCli(["scan"], { cwd: cwd.dir }).stdout).toContain("backup.zip!deploy/.env:3:5  zip");
  });

  it("have names that steer nothing", () => {
    const tokens = makeTokens(3);
    const names = ["../../etc/\u001b[31mpass\nwd", "/abs/\u202eolute\0rest", "a/../../b\r::error::x"];
    const cwd = new GitRepository(makeTempDir("hostile"));
    for (const [index, name] of names.entries()) cwd.write(`${index}.zip`, zipped(tokens[index]!, name));
    cwd.write(
      "broken.zip",
      zip([{ name: `\u001b[2J${"x".repeat(9000)}`, content: Buffer.from("secret"), encrypted: true }]),
    );
    const run = scan([], { cwd: cwd.dir });
    expectIncomplete(run, "is encrypted", tokens);
    expect(onlyOccurrence(run, tokens[0]).container).toEqual([`zip:${names[0]}`]);
    const { stdout } = runCli(["scan"], { cwd: cwd.dir });
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(stdout).toContain("0.zip!../../etc/\\x1b[31mpass\\nwd:3:5");
  });

  it("count an inline mark like files", () => {
    const token = makeToken();
    const content = Buffer.from(`KEY=${token.raw} # keyrecall:allow an example\n`);
    const run = scanFiles({ "a.zip": zip([{ name: "x", content }]) });
    expectStatus(run, 0);
    expect(run.report.tokens[0]?.allowed).toMatchObject({ by: "inline" });
  });

  it("are read however large they are", () => {
    const tokens = makeTokens(4);
    const [inZip, inTar, inGzip, behind] = tokens;
    const run = scanFiles({
      "a.zip": zip(large(settings(inZip))),
      "b.tar": tar(large(settings(inTar))),
      "c.tar.gz": gzipSync(tar(large(settings(inGzip)))),
      "d.bin": zip(large(settings(behind)), { prefix: randomBytes(100_000) }),
    });
    expectFound(run, tokens);
    expect(onlyOccurrence(run, inGzip).container).toEqual(["gzip", "tar:deploy/.env"]);
    for (const token of [inZip, inTar, behind]) expect(onlyOccurrence(run, token).inner).toEqual(INNER);
  });

  it("are named where something of them could not be read", () => {
    const token = makeToken();
    const cases: Record<string, [Buffer, string | RegExp]> = {
      "encrypted.zip": [
        zip([{ name: "a/b", content: settings(token), encrypted: true }]),
        "file encrypted.zip!a/b: is encrypted",
      ],
      "lzma.zip": [zip([{ name: "a", content: Buffer.from("x"), method: 14 }]), "file lzma.zip!a: is packed with LZMA"],
      "cut.gz": [gzipSync(randomBytes(5000)).subarray(0, 4000), "file cut.gz: is cut off"],
      "cut.zip": [zip(large(Buffer.from("x"))).subarray(0, 4_900_000), "file cut.zip: is cut off"],
      "cut.tar": [
        tar([{ name: "x", content: Buffer.alloc(9000, "x") }]).subarray(0, 4000),
        "file cut.tar!x: is cut off",
      ],
      "inside.tgz": [
        gzipSync(tar([{ name: "b.gz", content: gzipSync(randomBytes(5000)).subarray(0, 900) }])),
        "file inside.tgz!b.gz: is cut off",
      ],
      "checksum.zip": [zip([{ name: "a", content: Buffer.from("x"), checksum: 1 }]), "file checksum.zip!a: is damaged"],
    };
    for (const [name, [content, what]] of Object.entries(cases)) expectIncomplete(scanFiles({ [name]: content }), what);
  });

  it("are not seen in what merely looks like one", () => {
    const run = scanFiles({
      "text.txt": `PK\u0003\u0004 begins a zip archive, ustar a tar archive, BZh9 bzip2\n`.repeat(20),
      random: Buffer.concat([Buffer.from([0x1f, 0x8b]), randomBytes(4000)]),
      "picture.jpg": Buffer.concat([
        Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
        randomBytes(900),
        Buffer.from("PK\u0003\u0004\u0014\0\0\0\u0008\0PK\u0005\u0006"),
        randomBytes(300),
      ]),
      "ustar.txt": `${"x".repeat(257)}ustar${"y".repeat(900)}`,
      "a.zip": "this is no archive",
      "b.tar.gz": "nor is this",
      "empty.zip": zip([]),
    });
    expectNothing(run);
    expect(run.report.scan.coverage.skipped).toEqual([]);
  });

  it("of other formats are listed as left out", () => {
    const run = scanFiles({ "a.7z": Buffer.concat([Buffer.from("377abcaf271c", "hex"), randomBytes(600)]) });
    expectNothing(run);
    expect(run.report.scan.coverage.skipped).toEqual([
      { what: "file a.7z", why: "is packed with 7z, which is not read: unpack it and scan that" },
    ]);
  });

  it("that unpack to too much, or hold themselves, are named within bounds", () => {
    const zeros = Buffer.alloc(200 * 1024 * 1024);
    let bomb: Buffer = gzipSync(Buffer.concat([zeros, zeros]));
    bomb = zip(Array.from({ length: 16 }, (_, index) => ({ name: `lib ${index}.gz`, content: bomb })));
    expectIncomplete(
      scanFiles({ "bomb.zip": bomb }),
      /^file bomb\.zip!lib 0\.gz: unpacks to more than 250 times its archive/m,
    );
    let deep: Buffer = Buffer.from("nothing");
    for (let depth = 0; depth < 40; depth++) deep = zip([{ name: "r", content: deep, method: "stored" }]);
    expectIncomplete(scanFiles({ "deep.zip": deep }), /file deep\.zip!r!r!r!r!r!r!r!r: is an archive within 8 others/);
  });

  it("are found by the second thread too", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    for (let index = 0; index < 4200; index++) repository.write(`d${index % 40}/f${index}`, "x");
    repository.write("d7/zz.zip", zipped(token)).write("d20/cut.gz", gzipSync(randomBytes(900)).subarray(0, 500));
    repository.stage();
    expectIncomplete(scan([], { cwd: repository.dir }), "file d20/cut.gz: is cut off", [token]);
  });
});

describe("archives on standard input", () => {
  it("are opened as they come", () => {
    const token = makeToken();
    const cwd = makeTempDir("stdin");
    for (const input of [gzipSync(settings(token)), zipped(token), gzipSync(tar(large(settings(token))))]) {
      const run = scan(["--stdin"], { cwd, input });
      expectFound(run, [token]);
      expect(onlyOccurrence(run, token, "stdin").inner).toEqual(INNER);
    }
    expectIncomplete(scan(["--stdin"], { cwd, input: zipped(token).subarray(0, 80) }), "standard input: ");
    expect(runCli(["scan", "--stdin"], { cwd, input: zipped(token) }).stdout).toContain(
      "standard input!deploy/.env:3:5",
    );
  });
});

describe("archives in history", () => {
  function history(): {
    repository: GitRepository;
    token: MadeToken;
    commits: Record<"before" | "brought" | "kept" | "took", string>;
  } {
    const repository = GitRepository.init();
    const token = makeToken();
    const pack = (content: Buffer): Buffer =>
      gzipSync(
        tar([
          { name: "noise", content: Buffer.from("n") },
          { name: "app.env", content },
        ]),
      );
    repository.write("backup.tgz", pack(Buffer.from("KEY=\n")));
    const before = repository.commit();
    repository.write("backup.tgz", pack(settings(token)));
    const brought = repository.commit();
    repository.write("backup.tgz", pack(Buffer.concat([settings(token), Buffer.from("MORE=1\n")])));
    const kept = repository.commit();
    repository.write("backup.tgz", pack(Buffer.from("KEY=gone\n")));
    const took = repository.commit();
    return { repository, token, commits: { before, brought, kept, took } };
  }

  it("are found in every version, with the commits that brought the token in and took it out", () => {
    const { repository, token, commits } = history();
    const run = scan(["--history"], { cwd: repository.dir });
    expectFound(run, [token]);
    const occurrences = occurrencesOf(run, token, "blob");
    expect(occurrences).toHaveLength(2);
    for (const { paths, container, inner, introducedBy, removedBy, line, column } of occurrences) {
      expect({ paths, container, inner, line, column }).toEqual({
        paths: ["backup.tgz"],
        container: ["gzip", "tar:app.env"],
        inner: INNER,
        line: 1,
        column: 1,
      });
      expect(commitIds(introducedBy)).toEqual([commits.brought]);
      expect(commitIds(removedBy)).toEqual([commits.took]);
    }
    repository.git(["gc", "-q"]);
    expectFound(scan(["--history"], { cwd: repository.dir }), [token]);
  });

  it("are found in ranges where they are news, and not where they were there before", () => {
    const { repository, token, commits } = history();
    const inRange = scan(["--range", `${commits.before}..${commits.brought}`], { cwd: repository.dir });
    expectFound(inRange, [token]);
    expect(commitIds(onlyOccurrence(inRange, token).introducedBy)).toEqual([commits.brought]);
    expectNothing(scan(["--range", `${commits.brought}..${commits.kept}`], { cwd: repository.dir }));
    // The same content in another archive at the same path is the same token at the same place.
    repository.write("backup.tgz", zipped(token));
    expectFound(scan(["--range", `HEAD..${repository.commit()}`], { cwd: repository.dir }), []);
  });

  it("are found in blobs that come in pieces", () => {
    const tokens = makeTokens(2);
    const [inZip, inTar] = tokens;
    const repository = GitRepository.init();
    repository.write("a.zip", zip(large(settings(inZip)))).write("b.tar.gz", gzipSync(tar(large(settings(inTar)))));
    repository.commit();
    const run = scan(["--history"], { cwd: repository.dir });
    expectFound(run, tokens);
    expect(onlyOccurrence(run, inZip, "blob").container).toEqual(["zip:deploy/.env"]);
    expect(onlyOccurrence(run, inTar, "blob").container).toEqual(["gzip", "tar:deploy/.env"]);
  });

  it("are named by their object where something of them could not be read", () => {
    const repository = GitRepository.init();
    repository.write("a.zip", zip([{ name: "s", content: Buffer.from("x"), encrypted: true }]));
    repository.commit();
    expectIncomplete(scan(["--history"], { cwd: repository.dir }), /^object [0-9a-f]{40}!s: is encrypted/m);
  });
});

describe("archives and the index", () => {
  it("are found staged, and stopped by the hooks: new, changed, binary, of any name", () => {
    const repository = GitRepository.init();
    repository
      .write(".gitattributes", "*.jar binary\n* -text\n")
      .write("old.jar", zip([{ name: "a", content: Buffer.from("b") }]));
    repository.commit();
    install(repository, ["--stage", "pre-commit", "--stage", "pre-push"]);
    const archives: Record<string, (token: MadeToken) => Buffer> = {
      "new.zip": (token) => zipped(token),
      "no-ending": (token) => zipped(token),
      "plain-name": (token) => gzipSync(settings(token)),
      "of-tar": (token) => tar([{ name: "x", content: gzipSync(settings(token)) }]),
      "of-bzip2": (token) => bzip2(settings(token)),
      "tool.bin": (token) => zip([{ name: "x", content: settings(token) }], { prefix: Buffer.from("#!/bin/sh\n") }),
      "old.jar": (token) =>
        zip([
          { name: "a", content: Buffer.from("b") },
          { name: "c", content: settings(token) },
        ]),
    };
    for (const [path, make] of Object.entries(archives)) {
      const token = makeToken();
      repository.write(path, make(token)).stage();
      const run = scan(["--staged"], { cwd: repository.dir });
      expectFound(run, [token]);
      expect(onlyOccurrence(run, token, "index").container.length, path).toBeGreaterThan(0);
      expectStopped(attempt(repository, ["commit", "-q", "-m", "x"]), token.masked);
      repository.git(["reset", "-q", "--hard"]);
    }
    repository.write("clean.zip", zip([{ name: "a", content: Buffer.from("nothing") }])).stage();
    expectPassed(attempt(repository, ["commit", "-q", "-m", "x"]));
  });
});
