import { describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { commitIds, expectFound, expectNothing, occurrencesOf, onlyOccurrence } from "../support/report.ts";
import { makeToken, makeTokens } from "../support/token.ts";

const LONG_AGO = Date.UTC(2015, 5, 1) / 1000;

describe("scan --range over merges", () => {
  it("finds a token of a side branch whose commits are older than the base", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const ids = repository.graph(
      [
        { name: "root", files: { "a.txt": "1\n" }, date: LONG_AGO - 1000 },
        { name: "side", parents: ["root"], files: { "side.env": token.raw }, date: LONG_AGO },
        { name: "base", parents: ["root"], files: { "a.txt": "2\n" } },
        { name: "merge", parents: ["base", "side"], files: { "side.env": token.raw } },
      ],
      { main: "merge" },
    );
    const run = scan(["--range", `${ids["base"]}..main`], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(commitIds(onlyOccurrence(run, token).introducedBy)).toEqual([ids["side"]]);
  });

  it("finds a token of a side branch when it is gone again before the merge", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const ids = repository.graph(
      [
        { name: "base", files: { "a.txt": "1\n" } },
        { name: "leak", parents: ["base"], files: { "a.env": token.raw } },
        { name: "clean", parents: ["leak"], files: { "a.env": null } },
        { name: "main", parents: ["base"], files: { "b.txt": "1\n" } },
        { name: "merge", parents: ["main", "clean"] },
      ],
      { main: "merge" },
    );
    const run = scan(["--range", `${ids["main"]}..main`], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(commitIds(onlyOccurrence(run, token).removedBy)).toEqual([ids["clean"]]);
  });

  it.each([
    ["a new file", "evil.env"],
    ["a file that both sides have", "a.txt"],
  ])("finds a token that only the merge commit holds, in %s", (_, path) => {
    const token = makeToken();
    const repository = GitRepository.init();
    const ids = repository.graph(
      [
        { name: "base", files: { "a.txt": "1\n" } },
        { name: "left", parents: ["base"], files: { "left.txt": "1\n" } },
        { name: "right", parents: ["base"], files: { "right.txt": "1\n" } },
        { name: "merge", parents: ["left", "right"], files: { "right.txt": "1\n", [path]: `1\n${token.raw}\n` } },
      ],
      { main: "merge" },
    );
    const run = scan(["--range", `${ids["base"]}..main`], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(commitIds(onlyOccurrence(run, token).introducedBy)).toEqual([ids["merge"]]);
  });

  it("finds a token that only an octopus merge holds", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const sides = ["one", "two", "three", "four"];
    const ids = repository.graph(
      [
        { name: "base", files: { "a.txt": "1\n" } },
        ...sides.map((name) => ({ name, parents: ["base"], files: { [`${name}.txt`]: "1\n" } })),
        { name: "merge", parents: sides, files: { "a.txt": `1\n${token.raw}\n` } },
      ],
      { main: "merge" },
    );
    const run = scan(["--range", `${ids["base"]}..main`], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(commitIds(onlyOccurrence(run, token).introducedBy)).toEqual([ids["merge"]]);
  });

  it("finds nothing when the merge brings the base's own token into the branch", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const ids = repository.graph(
      [
        { name: "root", files: { "a.txt": "1\n" } },
        { name: "topic", parents: ["root"], files: { "b.txt": "1\n" } },
        { name: "base", parents: ["root"], files: { "a.env": token.raw } },
        { name: "merge", parents: ["topic", "base"], files: { "a.env": token.raw } },
      ],
      { topic: "merge", main: "base" },
    );
    expect(ids["merge"]).toBe(repository.id("topic"));
    expectNothing(scan(["--range", "main..topic"], { cwd: repository.dir }));
  });

  it("finds nothing when the merge renames a file with a token of either side", () => {
    const token = makeToken();
    const content = `${"line of text\n".repeat(30)}${token.raw}\n`;
    const repository = GitRepository.init();
    repository.graph(
      [
        { name: "root", files: { "a.txt": "1\n", "old.env": content } },
        { name: "left", parents: ["root"], files: { "a.txt": "2\n" } },
        { name: "right", parents: ["root"], files: { "b.txt": "2\n" } },
        { name: "merge", parents: ["left", "right"], files: { "b.txt": "2\n", "old.env": null, "new.env": content } },
      ],
      { main: "merge" },
    );
    expectNothing(scan(["--range", "main~1..main"], { cwd: repository.dir }));
  });

  it("finds a token in the message of a merge and of an empty commit", () => {
    const [inMerge, inEmpty] = makeTokens(2);
    const repository = GitRepository.init();
    const ids = repository.graph(
      [
        { name: "base", files: { "a.txt": "1\n" } },
        { name: "side", parents: ["base"], message: `Empty ${inEmpty.raw}` },
        { name: "merge", parents: ["base", "side"], message: `Merge ${inMerge.raw}` },
      ],
      { main: "merge" },
    );
    const run = scan(["--range", `${ids["base"]}..main`], { cwd: repository.dir });
    expectFound(run, [inMerge, inEmpty]);
    expect(onlyOccurrence(run, inEmpty)).toMatchObject({ kind: "commit-message", object: ids["side"] });
    expect(onlyOccurrence(run, inMerge)).toMatchObject({ kind: "commit-message", object: ids["merge"] });
  });

  it("takes everything for news when the merged branch has a root of its own", () => {
    const [inRoot, inNext] = makeTokens(2);
    const repository = GitRepository.init();
    const ids = repository.graph(
      [
        { name: "base", files: { "a.txt": "1\n" } },
        { name: "root", files: { "r.env": inRoot.raw } },
        { name: "next", parents: ["root"], files: { "n.env": inNext.raw } },
        { name: "merge", parents: ["base", "next"], files: { "r.env": inRoot.raw, "n.env": inNext.raw } },
      ],
      { main: "merge" },
    );
    const run = scan(["--range", `${ids["base"]}..main`], { cwd: repository.dir });
    expectFound(run, [inRoot, inNext]);
    expect(commitIds(onlyOccurrence(run, inRoot).introducedBy)).toEqual([ids["root"]]);
  });

  it("finds each commit that brings the token in when two side branches add it", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const files = { "a.env": token.raw };
    const ids = repository.graph(
      [
        { name: "base", files: { "a.txt": "1\n" } },
        { name: "left", parents: ["base"], files },
        { name: "right", parents: ["base"], files },
        { name: "merge", parents: ["left", "right"] },
      ],
      { main: "merge" },
    );
    const run = scan(["--range", `${ids["base"]}..main`], { cwd: repository.dir });
    expectFound(run, [token]);
    const introduced = occurrencesOf(run, token).flatMap(({ introducedBy }) => commitIds(introducedBy));
    expect(new Set(introduced)).toEqual(new Set([ids["left"], ids["right"]]));
  });

  it("finds a token of a branch that is not the first parent's and never touches the merge result", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const ids = repository.graph(
      [
        { name: "base", files: { "a.txt": "1\n" } },
        { name: "side", parents: ["base"], files: { "a.txt": `1\n${token.raw}\n` } },
        { name: "ours", parents: ["base"], files: { "b.txt": "1\n" } },
        // As `git merge -s ours` does: the side branch is merged and its content dropped.
        { name: "merge", parents: ["ours", "side"] },
      ],
      { main: "merge" },
    );
    const run = scan(["--range", `${ids["ours"]}..main`], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(commitIds(onlyOccurrence(run, token).introducedBy)).toEqual([ids["side"]]);
  });
});
