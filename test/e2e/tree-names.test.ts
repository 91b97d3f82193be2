import { describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, expectNothing, occurrencesOf, onlyOccurrence } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens } from "../support/token.ts";

describe("scan of names and links in the working tree", () => {
  it("finds a token in a symbolic link's target when nothing is there", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.symlink("link", `somewhere/${token.raw}`);
    const run = scan([], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token)).toMatchObject({ kind: "file", paths: ["link"], line: 1, column: 11 });
  });

  it("does not follow a symbolic link out of the tree", () => {
    const outside = new GitRepository(makeTempDir()).write("sub/secret.env", makeToken().raw);
    const repository = GitRepository.init();
    repository.symlink("file", `${outside.dir}/sub/secret.env`).symlink("dir", outside.dir);
    repository.symlink("loop", "loop").symlink("up", "..");
    expectNothing(scan([], { cwd: repository.dir }));
    expectNothing(scan(["--no-ignore"], { cwd: repository.dir }));
  });

  it("does not follow symbolic links in a plain directory", () => {
    const token = makeToken();
    const outside = new GitRepository(makeTempDir()).write("secret.env", makeToken().raw);
    const dir = new GitRepository(makeTempDir());
    dir.symlink("out", outside.dir).symlink("loop", ".").symlink("text", `x/${token.raw}`);
    expectFound(scan([], { cwd: dir.dir }), [token]);
  });

  it("finds tokens in the names of files and directories", () => {
    const [inFile, inDirectory] = makeTokens(2);
    const repository = GitRepository.init();
    repository.write(`keys/my-${inFile.raw}.txt`, "x\n").write(`${inDirectory.raw}/a/b.txt`, "y\n");
    const run = scan([], { cwd: repository.dir });
    expectFound(run, [inFile, inDirectory]);
    expect(onlyOccurrence(run, inFile)).toMatchObject({ kind: "path", line: 1, column: 9 });
    expect(onlyOccurrence(run, inDirectory, "path").column).toBe(1);
  });

  it("finds a token in the name of an empty file and of a symbolic link", () => {
    const [empty, link] = makeTokens(2);
    const repository = GitRepository.init();
    repository.write(`empty-${empty.raw}`, "").symlink(`link-${link.raw}`, "nowhere");
    expectFound(scan([], { cwd: repository.dir }), [empty, link]);
  });

  it.each([
    ["a repository", () => GitRepository.init()],
    ["a plain directory", () => new GitRepository(makeTempDir())],
  ])("reads files whose names are not UTF-8 in %s", (_, make) => {
    const [inContent, inName] = makeTokens(2);
    const repository = make();
    const latin1 = Buffer.from("caf\xe9/d\xe9j\xe0.env", "latin1");
    repository.write(latin1, `KEY=${inContent.raw}`);
    repository.write(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(inName.raw)]), "x");
    const run = scan([], { cwd: repository.dir });
    expectFound(run, [inContent, inName]);
    expect(onlyOccurrence(run, inContent).paths).toEqual(["caf\udce9/d\udce9j\udce0.env"]);
    expect(onlyOccurrence(run, inName)).toMatchObject({ kind: "path", column: 3 });
  });

  it.each([
    "a b.env",
    "tab\there",
    'quote"d',
    "back\\slash",
    "new\nline",
    "-dash",
    "ünïcode",
    "*glob[1]?",
    "{a,b}",
    ":(top)x",
    "!bang",
    "#hash",
  ])("reads the file %j", (name) => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write(`dir/${name}`, token.raw).write(name, token.raw).stage();
    const run = scan([], { cwd: repository.dir });
    expectFound(run, [token]);
    const paths = occurrencesOf(run, token, "file").flatMap((occurrence) => occurrence.paths);
    expect(paths.toSorted()).toEqual([name, `dir/${name}`].toSorted());
  });
});
