import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { commitIds, expectFound, expectNothing, occurrencesOf, onlyOccurrence } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens } from "../support/token.ts";

const FILLER = Array.from({ length: 40 }, (_, index) => `setting_${index} = value ${index}\n`).join("");

describe("scan --range", () => {
  it("finds a token that a commit of the range brings in", () => {
    const [before, inside, after] = makeTokens(3);
    const repository = GitRepository.init();
    repository.commitFile("before.env", before.raw);
    repository.git(["tag", "from"]);
    const commit = repository.commitFile("sub/inside.env", `A=1\nKEY=${inside.raw}\n`);
    repository.git(["tag", "to"]);
    repository.commitFile("after.env", after.raw);
    const run = scan(["--range", "from..to"], { cwd: repository.dir });
    expectFound(run, [inside]);
    const occurrence = onlyOccurrence(run, inside);
    expect(occurrence).toMatchObject({ kind: "blob", object: repository.id("to:sub/inside.env"), line: 2, column: 5 });
    expect(occurrence.paths).toEqual(["sub/inside.env"]);
    expect(commitIds(occurrence.introducedBy)).toEqual([commit]);
  });

  it("finds a token that is added and removed again inside the range", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const base = repository.commitFile("a.env", "KEY=\n");
    const added = repository.commitFile("a.env", `KEY=${token.raw}\n`);
    const removed = repository.commitFile("a.env", "KEY=\n");
    const run = scan(["--range", `${base}..HEAD`], { cwd: repository.dir });
    expectFound(run, [token]);
    const occurrence = onlyOccurrence(run, token);
    expect(commitIds(occurrence.introducedBy)).toEqual([added]);
    expect(commitIds(occurrence.removedBy)).toEqual([removed]);
  });

  it("finds a token in a file that is added and deleted again inside the range", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const base = repository.commitFile("a.txt", "1\n");
    repository.commitFile("b.env", token.raw);
    repository.remove("b.env").commit();
    expectFound(scan([`--range=${base}..HEAD`], { cwd: repository.dir }), [token]);
  });

  it("finds nothing when the range is empty, or turns back", () => {
    const repository = GitRepository.init();
    const first = repository.commitFile("a.env", "1\n");
    repository.commitFile("a.env", makeToken().raw);
    expectNothing(scan(["--range", "HEAD..HEAD"], { cwd: repository.dir }));
    expectNothing(scan(["--range", `HEAD..${first}`], { cwd: repository.dir }));
  });

  it("finds nothing when the range only edits around, renames or deletes what is there", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const base = repository.commitFile("old.env", `${FILLER}KEY=${token.raw}\n`);
    repository.commitFile("old.env", `# first\n${FILLER}KEY=${token.raw}\n`);
    repository.git(["mv", "old.env", "new.env"]);
    repository.commit();
    repository.git(["mv", "new.env", "newer.env"]);
    repository.write("newer.env", `# first\n${FILLER}KEY="${token.raw}"\n`).commit();
    repository.remove("newer.env").commit();
    expectNothing(scan(["--range", `${base}..HEAD`], { cwd: repository.dir }));
  });

  it("finds the copy when a file with a token is copied elsewhere", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const base = repository.commitFile("old.env", `${FILLER}KEY=${token.raw}\n`);
    const copied = repository.commitFile("copy.env", `${FILLER}KEY=${token.raw}\n`);
    const run = scan(["--range", `${base}..HEAD`], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token).paths).toEqual(["copy.env"]);
    expect(commitIds(onlyOccurrence(run, token).introducedBy)).toEqual([copied]);
  });

  it("finds a token that is taken out and put back inside the range", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const base = repository.commitFile("a.env", `${FILLER}KEY=${token.raw}\n`);
    repository.commitFile("a.env", FILLER);
    const back = repository.commitFile("a.env", `${FILLER}KEY=${token.raw}\n`);
    const run = scan(["--range", `${base}..HEAD`], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(commitIds(onlyOccurrence(run, token).introducedBy)).toEqual([back]);
  });

  it("finds the token that a placeholder became", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const base = repository.commitFile("a.env", `KEY=${token.prefix}${token.publicId}_...\n`);
    repository.commitFile("a.env", `KEY=${token.raw}\n`);
    expectFound(scan(["--range", `${base}..HEAD`], { cwd: repository.dir }), [token]);
  });

  it.each(["-diff", "binary", "diff=custom", "-text"])("finds a token when the attributes say %j", (attribute) => {
    const token = makeToken();
    const repository = GitRepository.init();
    const base = repository.commitFile(".gitattributes", `* ${attribute}\n`);
    repository.commitFile("a.env", token.raw);
    expectFound(scan(["--range", `${base}..HEAD`], { cwd: repository.dir }), [token]);
  });

  it("finds tokens in binary files, symbolic links and names that are not UTF-8", () => {
    const [inBinary, inLink, inOdd] = makeTokens(3);
    const repository = GitRepository.init();
    const base = repository.commitFile("a.txt", "1\n");
    repository.write("a.bin", Buffer.from(`\0\0${inBinary.raw}\0`)).symlink("link", inLink.raw);
    repository.write(Buffer.from("\xe9.env", "latin1"), inOdd.raw).commit();
    const run = scan(["--range", `${base}..HEAD`], { cwd: repository.dir });
    expectFound(run, [inBinary, inLink, inOdd]);
    expect(onlyOccurrence(run, inOdd).paths).toEqual(["\udce9.env"]);
  });

  it("finds tokens in messages, identities and file names of the range alone", () => {
    const [before, message, author, committer, name] = makeTokens(5);
    const repository = GitRepository.init();
    const base = repository.commitFile("a.txt", "1\n", `Before ${before.raw}`);
    const first = repository.commitFile("a.txt", "2\n", `Subject\n\nBody ${message.raw}\n`);
    repository.write("a.txt", "3\n");
    const second = repository.commit("x", { author: `A ${author.raw}`, committer: `C ${committer.raw}` });
    const third = repository.commitFile(`dir/${name.raw}`, "4\n");
    const run = scan(["--range", `${base}..HEAD`], { cwd: repository.dir });
    expectFound(run, [message, author, committer, name]);
    expect(onlyOccurrence(run, message)).toMatchObject({ kind: "commit-message", object: first, line: 3, column: 6 });
    expect(onlyOccurrence(run, author)).toMatchObject({ kind: "commit-identity", object: second, line: 1, column: 3 });
    expect(onlyOccurrence(run, committer)).toMatchObject({ kind: "commit-identity", object: second });
    expect(onlyOccurrence(run, name)).toMatchObject({ kind: "path", line: 1, column: 5 });
    expect(commitIds(onlyOccurrence(run, name).introducedBy)).toEqual([third]);
  });

  it("finds a token in the message of the tag that ends the range", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const base = repository.commitFile("a.txt", "1\n");
    repository.commitFile("a.txt", "2\n");
    repository.git(["tag", "-a", "-F", "-", "v1"], { input: `Release\n\n${token.raw}\n` });
    const run = scan(["--range", `${base}..v1`], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token).kind).toBe("tag-message");
  });

  it("counts every commit and tells all that brought the token in", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const base = repository.commitFile("a.txt", "1\n");
    const first = repository.commitFile("one.env", `A ${token.raw}\n`);
    const second = repository.commitFile("two.env", `B ${token.raw}\n`);
    const run = scan(["--range", `${base}..HEAD`], { cwd: repository.dir });
    expectFound(run, [token]);
    const introduced = occurrencesOf(run, token).flatMap(({ introducedBy }) => commitIds(introducedBy));
    expect(introduced.toSorted()).toEqual([first, second].toSorted());
  });

  it("works in a subdirectory, a bare repository, a SHA-256 repository and with a path", () => {
    const token = makeToken();
    const repository = GitRepository.init({ objectFormat: "sha256" });
    repository.commitFile("sub/a.txt", "1\n");
    repository.commitFile("sub/a.env", token.raw);
    const bare = repository.clone([], { bare: true });
    for (const [args, cwd] of [
      [[], join(repository.dir, "sub")],
      [[], bare.dir],
      [[repository.dir], makeTempDir()],
    ] as const) {
      const run = scan(["--range", "main~1..main", ...args], { cwd });
      expectFound(run, [token]);
      expect(onlyOccurrence(run, token).paths).toEqual(["sub/a.env"]);
    }
  });
});
