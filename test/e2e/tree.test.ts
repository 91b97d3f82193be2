import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, expectNothing, findToken, occurrencesOf, onlyOccurrence } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens } from "../support/token.ts";

describe("scan of the working tree", () => {
  it("finds tokens in tracked and untracked files when some files are ignored", () => {
    const [tracked, untracked, ignored] = makeTokens(3);
    const repository = GitRepository.init();
    repository.write(".gitignore", "secret.env\n").commitFile("deploy/.env", `A=1\nKEY=${tracked.raw}\n`);
    repository.write("notes.txt", `${untracked.raw}\n`).write("secret.env", `${ignored.raw}\n`);
    const run = scan([], { cwd: repository.dir });
    expectFound(run, [tracked, untracked]);
    expect(onlyOccurrence(run, tracked)).toMatchObject({ kind: "file", paths: ["deploy/.env"], line: 2, column: 5 });
    expect(onlyOccurrence(run, untracked)).toMatchObject({ kind: "file", paths: ["notes.txt"], line: 1, column: 1 });
  });

  it("reads ignored files too when --no-ignore is given", () => {
    const ignored = makeToken();
    const repository = GitRepository.init();
    repository.write(".gitignore", "*.env\n").commit();
    repository.write("deep/er/secret.env", ignored.raw);
    const run = scan(["--no-ignore"], { cwd: repository.dir });
    expectFound(run, [ignored]);
    expect(onlyOccurrence(run, ignored)).toMatchObject({ kind: "file", paths: ["deep/er/secret.env"] });
  });

  it("reads a file that is tracked although a pattern ignores it", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write(".gitignore", "*.env\n").write("forced.env", token.raw).stage("forced.env").commitIndex();
    expectFound(scan([], { cwd: repository.dir }), [token]);
  });

  it("reads what the working tree holds when the index holds something else", () => {
    const [committed, current] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.env", committed.raw);
    repository.write("a.env", current.raw);
    expectFound(scan([], { cwd: repository.dir }), [current]);
  });

  it("is complete when a tracked file is gone from the working tree", () => {
    const repository = GitRepository.init();
    repository.commitFile("a.env", makeToken().raw);
    repository.remove("a.env");
    expectNothing(scan([], { cwd: repository.dir }));
  });

  it("reads files where git expected a directory, and the other way round", () => {
    const [inFile, inDirectory] = makeTokens(2);
    const repository = GitRepository.init();
    repository.write("was-dir/a", "1\n").write("was-file", "2\n").commit();
    repository.remove("was-dir").write("was-dir", inFile.raw);
    repository.remove("was-file").write("was-file/a", inDirectory.raw);
    expectFound(scan([], { cwd: repository.dir }), [inFile, inDirectory]);
  });

  it("reads the whole working tree when it is started in a subdirectory", () => {
    const [top, below] = makeTokens(2);
    const repository = GitRepository.init();
    repository.write("top.env", top.raw).write("sub/dir/below.env", below.raw).commit();
    const run = scan([], { cwd: join(repository.dir, "sub/dir") });
    expectFound(run, [top, below]);
    expect(onlyOccurrence(run, below).paths).toEqual(["sub/dir/below.env"]);
  });

  it("reads only the directory or the file that is named", () => {
    const [inside, outside] = makeTokens(2);
    const repository = GitRepository.init();
    repository.write("sub/inside.env", inside.raw).write("outside.env", outside.raw).commit();
    const byDirectory = scan(["sub"], { cwd: repository.dir });
    expectFound(byDirectory, [inside]);
    expect(onlyOccurrence(byDirectory, inside).paths).toEqual(["sub/inside.env"]);
    const byFile = scan(["inside.env"], { cwd: join(repository.dir, "sub") });
    expectFound(byFile, [inside]);
    expect(onlyOccurrence(byFile, inside).paths).toEqual(["sub/inside.env"]);
    expectFound(scan([join(repository.dir, "outside.env")], { cwd: "/" }), [outside]);
  });

  it("reads an ignored file when the file itself is named", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write(".gitignore", "*.env\n").write("secret.env", token.raw);
    expectFound(scan(["secret.env"], { cwd: repository.dir }), [token]);
  });

  it("reads an ignored directory when it, or one in it, is named", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write(".gitignore", "build/\n").write("build/deep/secret.env", token.raw);
    for (const path of ["build", "build/deep"]) expectFound(scan([path], { cwd: repository.dir }), [token]);
  });

  it("reads what a link leads to when the link itself is named", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write("real.env", token.raw).symlink("link", "real.env");
    const run = scan(["link"], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token).paths).toEqual(["link"]);
  });

  it("reads another repository when its path is given", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a/b.env", token.raw);
    const run = scan([repository.dir], { cwd: makeTempDir() });
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token).paths).toEqual(["a/b.env"]);
  });

  it("reads a path that begins with a dash when it follows --", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write("--history", token.raw);
    expectFound(scan(["--", "--history"], { cwd: repository.dir }), [token]);
  });

  it("finds tokens before the first commit", () => {
    const [staged, untracked] = makeTokens(2);
    const repository = GitRepository.init();
    repository.write("staged.env", staged.raw).stage().write("untracked.env", untracked.raw);
    expectFound(scan([], { cwd: repository.dir }), [staged, untracked]);
  });

  it("reads a linked worktree, whose .git is a file", () => {
    const [main, linked] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.write("main.env", main.raw);
    const worktree = makeTempDir();
    repository.git(["worktree", "add", "-q", "--detach", join(worktree, "linked")]);
    const there = new GitRepository(join(worktree, "linked"));
    there.write("sub/linked.env", linked.raw);
    const run = scan([], { cwd: join(there.dir, "sub") });
    expectFound(run, [linked]);
    expect(onlyOccurrence(run, linked).paths).toEqual(["sub/linked.env"]);
  });

  it("finds tokens in a repository inside the repository", () => {
    const [nested, submodule] = makeTokens(2);
    const outer = GitRepository.init();
    outer.commitFile("a.txt", "1\n");
    GitRepository.init({ dir: join(outer.write("nested/README", "x\n").dir, "nested") }).commitFile(
      "n.env",
      nested.raw,
    );
    const module = GitRepository.init();
    module.commitFile("s.env", submodule.raw);
    outer.git(["-c", "protocol.file.allow=always", "submodule", "add", "-q", module.dir, "module"]);
    const run = scan([], { cwd: outer.dir });
    expectFound(run, [nested, submodule]);
    expect(onlyOccurrence(run, submodule).paths).toEqual(["module/s.env"]);
  });

  it("finds every place of a token that stands in several files and twice on a line", () => {
    const token = makeToken({ plane: "data" });
    const repository = GitRepository.init();
    repository.write("a.txt", `${token.raw} ${token.raw}\n`).write("b.txt", `\n\n  ${token.raw}`);
    const run = scan([], { cwd: repository.dir });
    expectFound(run, [token]);
    const places = occurrencesOf(run, token).map(({ paths, line, column }) => `${paths.join()}:${line}:${column}`);
    expect(places.toSorted()).toEqual(["a.txt:1:1", `a.txt:1:${token.raw.length + 2}`, "b.txt:3:3"]);
  });
});

describe("scan of a plain directory", () => {
  it("reads every file when there is no repository", () => {
    const [one, two] = makeTokens(2);
    const dir = new GitRepository(makeTempDir());
    dir.write("one.env", one.raw).write(".hidden/two.env", two.raw);
    const run = scan([], { cwd: dir.dir });
    expectFound(run, [one, two]);
    expect(onlyOccurrence(run, two)).toMatchObject({ kind: "file", paths: [".hidden/two.env"] });
  });

  it("gives paths relative to the directory that is named", () => {
    const token = makeToken();
    const dir = new GitRepository(makeTempDir());
    dir.write("inner/deep/one.env", token.raw);
    expect(onlyOccurrence(scan(["inner"], { cwd: dir.dir }), token).paths).toEqual(["deep/one.env"]);
  });

  it("says nothing and ends with 0 when the directory is empty", () => {
    expectNothing(scan([], { cwd: makeTempDir() }));
  });

  it("reads the directory behind a symbolic link when the link is what the user named", () => {
    const token = makeToken();
    const dir = new GitRepository(makeTempDir());
    dir.write("real/one.env", token.raw);
    symlinkSync("real", join(dir.dir, "link"));
    expect(findToken(scan([join(dir.dir, "link")], { cwd: dir.dir }).report, token)).toBeDefined();
  });
});
