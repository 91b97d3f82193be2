// For each token of the history: which commits brought it in and took it out, and which refs reach it.
import { describe, expect, it } from "vitest";
import { scan, type ScanRun } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { commitIds, expectFound, occurrencesOf, onlyOccurrence } from "../support/report.ts";
import { makeToken, makeTokens, type MadeToken } from "../support/token.ts";

const FILLER = Array.from({ length: 40 }, (_, index) => `setting_${index} = value ${index}\n`).join("");

const history = (repository: GitRepository) => scan(["--history"], { cwd: repository.expireReflogs().dir });

/** What every occurrence of the token says, which has to be the same for all of them. */
function lineage(run: ScanRun, token: MadeToken): { introducedBy: string[]; removedBy: string[] } {
  const all = occurrencesOf(run, token).map((occurrence) => ({
    introducedBy: commitIds(occurrence.introducedBy),
    removedBy: commitIds(occurrence.removedBy),
  }));
  const [first] = all;
  expect(all, "all occurrences tell the same").toEqual(all.map(() => first));
  return first as { introducedBy: string[]; removedBy: string[] };
}

describe("attribution on one line of history", () => {
  it("names author and date of the commit that brought the token in", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write("a.env", token.raw);
    const date = Date.UTC(2024, 2, 29, 12, 30, 15) / 1000;
    const commit = repository.commit("x", { author: "Grace Hopper", email: "grace@example.org", date });
    const run = history(repository);
    const [introduced] = onlyOccurrence(run, token).introducedBy;
    expect(introduced?.commit).toBe(commit);
    expect(introduced?.author).toContain("Grace Hopper");
    expect(Date.parse(introduced?.date ?? "")).toBe(date * 1000);
  });

  it("tells for every version of a file who brought the token in and who took it out", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.env", FILLER);
    const added = repository.commitFile("a.env", `${FILLER}KEY=${token.raw}\n`);
    repository.commitFile("a.env", `# moved down\n${FILLER}KEY=${token.raw}\n`);
    repository.commitFile("a.env", `# moved down\n${FILLER}KEY="${token.raw}"\nMORE=1\n`);
    const removed = repository.commitFile("a.env", FILLER);
    const run = history(repository);
    expectFound(run, [token]);
    expect(occurrencesOf(run, token)).toHaveLength(3);
    expect(lineage(run, token)).toEqual({ introducedBy: [added], removedBy: [removed] });
  });

  it("follows an exact rename", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const added = repository.commitFile("old.env", `${FILLER}KEY=${token.raw}\n`);
    repository.git(["mv", "old.env", "new.env"]);
    repository.commit();
    const removed = repository.commitFile("new.env", FILLER);
    const run = history(repository);
    const occurrence = onlyOccurrence(run, token);
    expect(occurrence.paths.toSorted()).toEqual(["new.env", "old.env"]);
    expect(lineage(run, token)).toEqual({ introducedBy: [added], removedBy: [removed] });
  });

  it("follows a rename that edits the file", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const added = repository.commitFile("old.env", `${FILLER}KEY=${token.raw}\n`);
    repository.git(["mv", "old.env", "sub-new.env"]);
    repository.commitFile("sub-new.env", `${FILLER}KEY=${token.raw}\nMORE=1\n`);
    const run = history(repository);
    expectFound(run, [token]);
    expect(
      occurrencesOf(run, token)
        .flatMap(({ paths }) => paths)
        .toSorted(),
    ).toEqual(["old.env", "sub-new.env"]);
    expect(lineage(run, token)).toEqual({ introducedBy: [added], removedBy: [] });
  });

  it("tells of each coming and going when a token is put back", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const first = repository.commitFile("a.env", `KEY=${token.raw}\n`);
    const out = repository.commitFile("a.env", "KEY=\n");
    const again = repository.commitFile("a.env", `KEY=${token.raw}\n`);
    const run = history(repository);
    expect(onlyOccurrence(run, token).object).toBe(repository.id("HEAD:a.env"));
    expect(lineage(run, token)).toEqual({ introducedBy: [first, again].toSorted(), removedBy: [out] });
  });

  it("does not mix the lines of history of a content that was put back and went on from there", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const contents = [`KEY=${token.raw}\n`, `# two\nKEY=${token.raw}\n`, "clean\n"];
    const [first, , out] = contents.map((content) => repository.commitFile("a.env", content));
    const back = repository.git(["revert", "--no-edit", "HEAD"]) && repository.id("HEAD");
    repository.commitFile("a.env", `# three\nKEY=${token.raw}\n`);
    const last = repository.commitFile("a.env", "clean again\n");
    const run = history(repository);
    const commitsOf = (revision: string) => {
      const object = repository.id(`${revision}:a.env`);
      const occurrence = occurrencesOf(run, token).find((one) => one.object === object);
      const idsOf = (list: readonly { commit: string }[] = []) => list.map(({ commit }) => commit);
      return { introducedBy: idsOf(occurrence?.introducedBy), removedBy: idsOf(occurrence?.removedBy) };
    };
    expect(commitsOf(first ?? "")).toEqual({ introducedBy: [first], removedBy: [out] });
    expect(commitsOf(back)).toEqual({ introducedBy: [first, back], removedBy: [out, last] });
    expect(commitsOf("HEAD~1")).toEqual({ introducedBy: [back], removedBy: [last] });
  });

  it("takes the deletion of the file for the removal", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const added = repository.commitFile("dir/a.env", token.raw);
    const removed = repository.remove("dir").commit();
    expect(lineage(history(repository), token)).toEqual({ introducedBy: [added], removedBy: [removed] });
  });

  it("tells the paths and the commits of a token that stands in two files", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const one = repository.commitFile("one.env", `${token.raw}\n`);
    const two = repository.commitFile("two.env", `${token.raw}\n`);
    const occurrence = onlyOccurrence(history(repository), token);
    expect(occurrence.paths.toSorted()).toEqual(["one.env", "two.env"]);
    expect(commitIds(occurrence.introducedBy)).toEqual([one, two].toSorted());
  });

  it("tells both places of a token that stands twice in a file", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const added = repository.commitFile("a.env", `A=${token.raw}\n\nB=${token.raw}\n`);
    const run = history(repository);
    const places = occurrencesOf(run, token).map(({ line, column }) => `${line}:${column}`);
    expect(places.toSorted()).toEqual(["1:3", "3:3"]);
    expect(lineage(run, token)).toEqual({ introducedBy: [added], removedBy: [] });
  });

  it("tells of a token in a symbolic link and in a file name who brought it in and took it out", () => {
    const [link, name] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    const added = repository.symlink("link", link.raw).write(`dir/${name.raw}`, "x\n").commit();
    const removed = repository.remove("link").remove("dir").commit();
    const run = history(repository);
    expect(lineage(run, link)).toEqual({ introducedBy: [added], removedBy: [removed] });
    expect(lineage(run, name)).toEqual({ introducedBy: [added], removedBy: [removed] });
  });
});

describe("attribution and refs", () => {
  it("names every ref that reaches the token, and only those", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.git(["tag", "before"]);
    repository.git(["branch", "elsewhere"]);
    repository.commitFile("a.env", token.raw);
    repository.git(["tag", "-a", "-m", "leaky", "v1"]);
    repository.remove("a.env").commit();
    repository.git(["branch", "release/1.0"]);
    const run = history(repository);
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token).refs.toSorted()).toEqual([
      "refs/heads/main",
      "refs/heads/release/1.0",
      "refs/tags/v1",
    ]);
  });

  it("names HEAD when it is detached", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.git(["checkout", "-q", "--detach"]);
    repository.commitFile("a.env", token.raw);
    expect(onlyOccurrence(history(repository), token)).toMatchObject({ refs: ["HEAD"], reachable: true });
  });

  it("names the reflog entry of a deleted branch", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.git(["checkout", "-q", "-b", "gone"]);
    const added = repository.commitFile("a.env", token.raw);
    repository.git(["checkout", "-q", "main"]);
    repository.git(["branch", "-q", "-D", "gone"]);
    const occurrence = onlyOccurrence(scan(["--history"], { cwd: repository.dir }), token);
    expect(occurrence).toMatchObject({ paths: ["a.env"], refs: ["HEAD@{1}"], reachable: true });
    expect(commitIds(occurrence.introducedBy)).toEqual([added]);
  });
});
