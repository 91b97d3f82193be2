// What counts as brought in by the next commit: not the same token at the same path, or the rename's source, in a parent.
import { describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, expectIncomplete, expectNothing, onlyOccurrence } from "../support/report.ts";
import { makeToken, makeTokens, type MadeToken } from "../support/token.ts";

const FILLER = Array.from({ length: 40 }, (_, index) => `setting_${index} = value ${index}\n`).join("");

function repositoryWith(token: MadeToken, path = "old.env"): GitRepository {
  const repository = GitRepository.init();
  repository.commitFile(path, `${FILLER}KEY=${token.raw}\n`);
  return repository;
}

describe("scan --staged and what is news", () => {
  it("finds nothing when a file changes around a token that is already there", () => {
    const token = makeToken();
    const repository = repositoryWith(token);
    repository.write("old.env", `# new first line\n${FILLER}KEY="${token.raw}" # moved\n`).stage();
    expectNothing(scan(["--staged"], { cwd: repository.dir }));
  });

  it("finds nothing when a file with a token is renamed", () => {
    const repository = repositoryWith(makeToken());
    repository.git(["mv", "old.env", "new.env"]);
    expectNothing(scan(["--staged"], { cwd: repository.dir }));
  });

  it("finds nothing when a file with a token is renamed and edited a little", () => {
    const token = makeToken();
    const repository = repositoryWith(token);
    repository.git(["mv", "old.env", "new.env"]);
    repository.write("new.env", `${FILLER}KEY=${token.raw}\nMORE=1\n`).stage();
    expectNothing(scan(["--staged"], { cwd: repository.dir }));
  });

  it("finds nothing when a file with a token is deleted", () => {
    const repository = repositoryWith(makeToken());
    repository.remove("old.env").stage();
    expectNothing(scan(["--staged"], { cwd: repository.dir }));
  });

  it("finds the copy when a file with a token is copied elsewhere", () => {
    const token = makeToken();
    const repository = repositoryWith(token);
    repository.write("copy.env", `${FILLER}KEY=${token.raw}\n`).stage();
    const run = scan(["--staged"], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token).paths).toEqual(["copy.env"]);
  });

  it("finds the token when it moves to another file that has nothing else in common", () => {
    const token = makeToken();
    const repository = repositoryWith(token);
    repository.write("old.env", FILLER).write("other.yml", `a: b\nc: ${token.raw}\n`).stage();
    const run = scan(["--staged"], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token).paths).toEqual(["other.yml"]);
  });

  it("finds the second token when a line with a token gets another one", () => {
    const [old, added] = makeTokens(2);
    const repository = repositoryWith(old);
    repository.write("old.env", `${FILLER}KEY=${old.raw} ${added.raw}\n`).stage();
    expectFound(scan(["--staged"], { cwd: repository.dir }), [added]);
  });

  it("finds the new token when it differs from the old one in the secret alone", () => {
    const old = makeToken();
    const rotated = makeToken({ publicId: old.publicId });
    const repository = repositoryWith(old);
    repository.write("old.env", `${FILLER}KEY=${rotated.raw}\n`).stage();
    expectFound(scan(["--staged"], { cwd: repository.dir }), [rotated]);
  });

  it("finds the token that a placeholder became", () => {
    const placeholder = makeToken({ publicId: "a1b2c3d4", secret: "0".repeat(64) });
    const token = makeToken({ publicId: "a1b2c3d4" });
    const repository = repositoryWith(placeholder, ".env");
    repository.write(".env", `${FILLER}KEY=${token.raw}\n`).stage();
    expectFound(scan(["--staged"], { cwd: repository.dir }), [token]);
  });

  it("finds the token that a change of one character completes", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile(".env", `${FILLER}KEY=${token.raw.slice(0, -1)}\n`);
    repository.write(".env", `${FILLER}KEY=${token.raw}\n`).stage();
    expectFound(scan(["--staged"], { cwd: repository.dir }), [token]);
  });

  it("finds the token when it comes back after its removal was committed", () => {
    const token = makeToken();
    const repository = repositoryWith(token);
    repository.commitFile("old.env", FILLER);
    repository.write("old.env", `${FILLER}KEY=${token.raw}\n`).stage();
    expectFound(scan(["--staged"], { cwd: repository.dir }), [token]);
  });

  it("finds the token when a file becomes a symbolic link that holds one", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("link", "x\n");
    repository.remove("link").symlink("link", token.raw).stage();
    expectFound(scan(["--staged"], { cwd: repository.dir }), [token]);
  });

  it("finds the token in the new name when a file is renamed", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("plain.txt", FILLER);
    repository.git(["mv", "plain.txt", `${token.raw}.txt`]);
    const run = scan(["--staged"], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token).kind).toBe("path");
  });
});

describe("scan --staged while a merge is in progress", () => {
  function mergeInProgress(theirs: string): GitRepository {
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "base\n");
    repository.git(["checkout", "-q", "-b", "side"]);
    repository.commitFile("side.env", theirs);
    repository.git(["checkout", "-q", "main"]);
    repository.commitFile("b.txt", "main\n");
    repository.git(["merge", "-q", "--no-commit", "--no-ff", "side"]);
    return repository;
  }

  it("finds nothing when the token comes from the branch that is merged", () => {
    const repository = mergeInProgress(makeToken().raw);
    expectNothing(scan(["--staged"], { cwd: repository.dir }));
  });

  it("finds the token when the merge itself brings it in", () => {
    const [old, added] = makeTokens(2);
    const repository = mergeInProgress(old.raw);
    repository.write("b.txt", `main\n${added.raw}\n`).stage();
    expectFound(scan(["--staged"], { cwd: repository.dir }), [added]);
  });

  it("finds the token when it was resolved into a file of the other side", () => {
    const [old, added] = makeTokens(2);
    const repository = mergeInProgress(old.raw);
    repository.write("side.env", `${old.raw}\n${added.raw}\n`).stage();
    expectFound(scan(["--staged"], { cwd: repository.dir }), [added]);
  });

  it("tells what the index holds when there are conflicts that nobody has resolved", () => {
    const [ours, theirs, fresh] = makeTokens(3);
    const repository = GitRepository.init();
    repository.commitFile("a.env", "KEY=\n");
    repository.git(["checkout", "-q", "-b", "side"]);
    repository.commitFile("a.env", `KEY=${theirs.raw}\n`);
    repository.git(["checkout", "-q", "main"]);
    repository.commitFile("a.env", `KEY=${ours.raw}\n`);
    repository.git(["merge", "-q", "side"], { mayFail: true });
    repository.write("fresh.env", fresh.raw).stage("fresh.env");
    expectFound(scan(["--staged"], { cwd: repository.dir }), [fresh]);
  });

  it("names the object when a staged blob is missing", () => {
    const [lost, kept] = makeTokens(2);
    const repository = GitRepository.init();
    repository.write("lost.env", lost.raw).write("kept.env", kept.raw).stage();
    const object = repository.id(":lost.env");
    repository.remove(`.git/objects/${object.slice(0, 2)}/${object.slice(2)}`);
    expectIncomplete(scan(["--staged"], { cwd: repository.dir }), object, [kept]);
  });
});
