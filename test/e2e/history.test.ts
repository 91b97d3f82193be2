// What `--history` reads: every object that git keeps.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, expectNothing, onlyOccurrence } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens } from "../support/token.ts";

const history = (repository: GitRepository) => scan(["--history"], { cwd: repository.dir });

describe("scan --history and objects", () => {
  it("finds a token that was removed long ago", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const added = repository.commitFile("deploy/.env", `A=1\n\nKEY=${token.raw}\n`);
    const object = repository.id("HEAD:deploy/.env");
    const removed = repository.commitFile("deploy/.env", "A=1\n");
    const run = history(repository);
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token)).toMatchObject({
      kind: "blob",
      object,
      paths: ["deploy/.env"],
      line: 3,
      column: 5,
      introducedBy: [{ commit: added }],
      removedBy: [{ commit: removed }],
      refs: ["refs/heads/main"],
      reachable: true,
    });
  });

  it("finds nothing in a clean history and says what it read", () => {
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.commitFile("dir/b.txt", "2\n");
    const run = history(repository);
    expectNothing(run);
    expect(run.report.scan.source).toBe("history");
    expect(run.report.scan.coverage).toMatchObject({ commits: 2, blobs: 2, trees: 3 });
  });

  it("ignores what is only in the working tree", () => {
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.write("b.env", makeToken().raw).write("a.txt", makeToken().raw);
    expectNothing(history(repository));
  });

  it("finds tokens on every branch, tag, remote branch and ref of another name", () => {
    const tokens = makeTokens(4);
    const refs = ["refs/heads/topic/a", "refs/tags/v1", "refs/remotes/origin/x", "refs/pull/7/head"];
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    for (const [index, ref] of refs.entries()) {
      repository.git(["checkout", "-q", "--detach", "main"]);
      repository.commitFile("t.env", tokens[index]?.raw ?? "");
      repository.git(["update-ref", ref, "HEAD"]);
    }
    repository.git(["checkout", "-q", "main"]);
    repository.expireReflogs();
    const run = history(repository);
    expectFound(run, tokens);
    expect(tokens.map((token) => onlyOccurrence(run, token).refs)).toEqual(refs.map((ref) => [ref]));
  });

  it("finds tokens in refs that point to a blob or a tree, and in tags of tags", () => {
    const [inBlob, inTree, inTag] = makeTokens(3);
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.git(["update-ref", "refs/keys/blob", repository.writeBlob(inBlob.raw)]);
    const tree = repository.git(["mktree"], { input: `100644 blob ${repository.writeBlob(inTree.raw)}\tx.env\n` });
    repository.git(["tag", "-a", "-m", "a tree", "tree", tree]);
    repository.git(["tag", "-a", "-m", "inner", "inner"]);
    repository.git(["tag", "-a", "-F", "-", "outer", "inner"], { input: `Outer\n\n${inTag.raw}\n` });
    const run = history(repository);
    expectFound(run, [inBlob, inTree, inTag]);
    expect(onlyOccurrence(run, inBlob)).toMatchObject({ refs: ["refs/keys/blob"], reachable: true });
    expect(onlyOccurrence(run, inTree)).toMatchObject({ refs: ["refs/tags/tree"], paths: ["x.env"] });
    expect(onlyOccurrence(run, inTag)).toMatchObject({ kind: "tag-message", refs: ["refs/tags/outer"], line: 3 });
  });

  it("finds tokens in every stash, its index and its untracked files", () => {
    const [top, inIndex, untracked, older] = makeTokens(4);
    const repository = GitRepository.init();
    repository.commitFile("a.env", "1\n");
    repository.write("a.env", older.raw).git(["stash", "-q"]);
    repository.write("a.env", inIndex.raw).stage().write("a.env", top.raw).write("new.env", untracked.raw);
    repository.git(["stash", "-q", "-u"]);
    const run = history(repository);
    expectFound(run, [top, inIndex, untracked, older]);
    for (const token of [top, inIndex, untracked]) expect(onlyOccurrence(run, token).refs).toEqual(["refs/stash"]);
    expect(onlyOccurrence(run, older)).toMatchObject({ refs: ["refs/stash@{1}"], reachable: true });
  });

  it("finds tokens in notes, also of another namespace", () => {
    const [usual, review] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.git(["notes", "add", "-F", "-"], { input: usual.raw });
    repository.git(["notes", "--ref=review", "add", "-F", "-"], { input: review.raw });
    const run = history(repository);
    expectFound(run, [usual, review]);
    expect(onlyOccurrence(run, review).refs).toEqual(["refs/notes/review"]);
  });

  it("finds a token in a commit that was amended away, through the reflog that holds it", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.env", "1\n");
    repository.commitFile("a.env", token.raw);
    repository.write("a.env", "2\n").stage().commitIndex("again", { amend: true });
    const run = history(repository);
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token).reachable).toBe(true);
    expect(onlyOccurrence(run, token).refs.toSorted()).toEqual(["HEAD@{1}", "refs/heads/main@{1}"]);
  });

  it("finds tokens that nothing reaches any more", () => {
    const [inBlob, inTree, inCommit, inTag, dropped] = makeTokens(5);
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.writeBlob(inBlob.raw);
    repository.git(["mktree"], { input: `100644 blob ${repository.writeBlob("x")}\t${inTree.raw}\n` });
    const commit = repository.git(["commit-tree", "-F", "-", "HEAD^{tree}"], { input: inCommit.raw });
    repository.git(["mktag"], {
      input: `object ${commit}\ntype commit\ntag lost\ntagger A <a@example.org> 1 +0000\n\n${inTag.raw}\n`,
    });
    repository.git(["checkout", "-q", "-b", "gone"]);
    repository.commitFile("d.env", dropped.raw);
    repository.git(["checkout", "-q", "main"]);
    repository.git(["branch", "-q", "-D", "gone"]);
    repository.expireReflogs();
    const run = history(repository);
    expectFound(run, [inBlob, inTree, inCommit, inTag, dropped]);
    expect(onlyOccurrence(run, inTree).kind).toBe("path");
    for (const token of [inBlob, inTree, inCommit, inTag, dropped]) {
      expect(onlyOccurrence(run, token)).toMatchObject({ refs: [], reachable: false });
    }
    expect(onlyOccurrence(run, dropped).paths).toEqual(["d.env"]);
  });

  it("finds a token that is only staged, also in another worktree's index", () => {
    const [here, there] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.write("s.env", here.raw).stage();
    const linked = join(makeTempDir(), "linked");
    repository.git(["worktree", "add", "-q", "--detach", linked]);
    new GitRepository(linked).write("t.env", there.raw).stage();
    const run = history(repository);
    expectFound(run, [here, there]);
    expect(onlyOccurrence(run, here)).toMatchObject({ paths: ["s.env"], reachable: true });
    expect(onlyOccurrence(run, there)).toMatchObject({ paths: ["t.env"], reachable: true });
  });

  it("finds a token that was staged and never committed", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write("s.env", token.raw).stage().write("s.env", "clean\n").stage();
    const run = history(repository);
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token)).toMatchObject({ kind: "blob", reachable: false });
  });

  it("finds tokens that only a merge, or an octopus merge, holds", () => {
    const [inMerge, inOctopus] = makeTokens(2);
    const repository = GitRepository.init();
    const ids = repository.graph(
      [
        { name: "base", files: { "a.txt": "1\n" } },
        { name: "left", parents: ["base"], files: { "l.txt": "1\n" } },
        { name: "right", parents: ["base"], files: { "r.txt": "1\n" } },
        { name: "more", parents: ["base"], files: { "m.txt": "1\n" } },
        { name: "merge", parents: ["left", "right"], files: { "r.txt": "1\n", "a.txt": `${inMerge.raw}\n` } },
        { name: "octopus", parents: ["merge", "right", "more"], files: { "a.txt": "1\n", "o.env": inOctopus.raw } },
      ],
      { main: "octopus" },
    );
    const run = history(repository);
    expectFound(run, [inMerge, inOctopus]);
    expect(onlyOccurrence(run, inMerge)).toMatchObject({
      introducedBy: [{ commit: ids["merge"] }],
      removedBy: [{ commit: ids["octopus"] }],
    });
    expect(onlyOccurrence(run, inOctopus).introducedBy).toMatchObject([{ commit: ids["octopus"] }]);
  });

  it("finds a token whatever the attributes hide from diffs", () => {
    const tokens = makeTokens(3);
    const repository = GitRepository.init();
    repository.write(".gitattributes", "*.a -diff\n*.b binary\n*.c diff=nope filter=nope export-ignore\n");
    for (const [index, token] of tokens.entries()) repository.write(`x.${"abc"[index]}`, `\0${token.raw}`);
    repository.commit();
    expectFound(history(repository), tokens);
  });
});
