import { describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import type { GraphCommit } from "../support/commit-graph.ts";
import { GitRepository } from "../support/git-repository.ts";
import { commitIds, expectNothing, occurrencesOf } from "../support/report.ts";
import { makeToken } from "../support/token.ts";

const token = makeToken();
const LEAK = `KEY=${token.raw}\n`;
const CLEAN = "KEY=\n";

interface Shape {
  readonly name: string;
  readonly commits: readonly GraphCommit[];
  readonly introducedBy: readonly string[];
  readonly removedBy: readonly string[];
}

/** `main` is always the last commit. A merge starts from its first parent's files. */
const shapes: readonly Shape[] = [
  {
    name: "the side branch when the merge only takes over what it brings",
    commits: [
      { name: "base", files: { "b.txt": "1\n" } },
      { name: "side", parents: ["base"], files: { "a.env": LEAK } },
      { name: "main", parents: ["base"], files: { "b.txt": "2\n" } },
      { name: "merge", parents: ["main", "side"], files: { "a.env": LEAK } },
    ],
    introducedBy: ["side"],
    removedBy: [],
  },
  {
    name: "the side branch's removal when the merge takes it over",
    commits: [
      { name: "base", files: { "a.env": LEAK } },
      { name: "side", parents: ["base"], files: { "a.env": CLEAN } },
      { name: "main", parents: ["base"], files: { "b.txt": "2\n" } },
      { name: "merge", parents: ["main", "side"], files: { "a.env": CLEAN } },
    ],
    introducedBy: ["base"],
    removedBy: ["side"],
  },
  {
    name: "both removals when both sides take the token out",
    commits: [
      { name: "base", files: { "a.env": LEAK } },
      { name: "side", parents: ["base"], files: { "a.env": CLEAN } },
      { name: "main", parents: ["base"], files: { "a.env": "other\n" } },
      { name: "merge", parents: ["main", "side"], files: { "a.env": CLEAN } },
    ],
    introducedBy: ["base"],
    removedBy: ["main", "side"],
  },
  {
    name: "the merge when it takes out what both parents have",
    commits: [
      { name: "base", files: { "a.env": LEAK } },
      { name: "side", parents: ["base"], files: { "b.txt": "1\n" } },
      { name: "main", parents: ["base"], files: { "c.txt": "2\n" } },
      { name: "merge", parents: ["main", "side"], files: { "b.txt": "1\n", "a.env": CLEAN } },
    ],
    introducedBy: ["base"],
    removedBy: ["merge"],
  },
  {
    name: "the merge when neither parent has the token",
    commits: [
      { name: "base", files: { "a.env": CLEAN } },
      { name: "side", parents: ["base"], files: { "b.txt": "1\n" } },
      { name: "main", parents: ["base"], files: { "c.txt": "2\n" } },
      { name: "merge", parents: ["main", "side"], files: { "b.txt": "1\n", "a.env": LEAK } },
    ],
    introducedBy: ["merge"],
    removedBy: [],
  },
  {
    name: "the merge when it drops what a side branch had brought in",
    commits: [
      { name: "base", files: { "b.txt": "1\n" } },
      { name: "side", parents: ["base"], files: { "a.env": LEAK } },
      { name: "main", parents: ["base"], files: { "b.txt": "2\n" } },
      { name: "merge", parents: ["main", "side"] },
    ],
    introducedBy: ["side"],
    removedBy: ["merge"],
  },
  {
    name: "one commit and one removal in a criss-cross",
    commits: [
      { name: "base", files: { "b.txt": "1\n" } },
      { name: "left1", parents: ["base"], files: { "a.env": LEAK } },
      { name: "right1", parents: ["base"], files: { "b.txt": "2\n" } },
      { name: "left2", parents: ["left1", "right1"], files: { "b.txt": "2\n" } },
      { name: "right2", parents: ["right1", "left1"], files: { "a.env": LEAK } },
      { name: "left3", parents: ["left2"], files: { "l.txt": "1\n" } },
      { name: "right3", parents: ["right2"], files: { "a.env": CLEAN } },
      { name: "merge", parents: ["left3", "right3"], files: { "a.env": CLEAN } },
    ],
    introducedBy: ["left1"],
    removedBy: ["right3"],
  },
  {
    name: "each of two branches that add the same token",
    commits: [
      { name: "base", files: { "b.txt": "1\n" } },
      { name: "left", parents: ["base"], files: { "a.env": LEAK } },
      { name: "right", parents: ["base"], files: { "a.env": LEAK } },
      { name: "merge", parents: ["left", "right"] },
      { name: "after", parents: ["merge"], files: { "a.env": null } },
    ],
    introducedBy: ["left", "right"],
    removedBy: ["after"],
  },
  {
    name: "the commit before a rename on one side and a change on the other",
    commits: [
      { name: "base", files: { "a.env": `${"same line\n".repeat(20)}${LEAK}` } },
      {
        name: "left",
        parents: ["base"],
        files: { "a.env": null, "renamed.env": `${"same line\n".repeat(20)}${LEAK}` },
      },
      { name: "right", parents: ["base"], files: { "a.env": `${"same line\n".repeat(20)}${LEAK}more\n` } },
      {
        name: "merge",
        parents: ["left", "right"],
        files: { "renamed.env": `${"same line\n".repeat(20)}${LEAK}more\n` },
      },
    ],
    introducedBy: ["base"],
    removedBy: [],
  },
  {
    name: "the branch's commit in an octopus",
    commits: [
      { name: "base", files: { "b.txt": "1\n" } },
      { name: "one", parents: ["base"], files: { "1.txt": "1\n" } },
      { name: "two", parents: ["base"], files: { "a.env": LEAK } },
      { name: "three", parents: ["base"], files: { "3.txt": "1\n" } },
      { name: "merge", parents: ["one", "two", "three"], files: { "a.env": LEAK, "3.txt": "1\n" } },
    ],
    introducedBy: ["two"],
    removedBy: [],
  },
  {
    name: "the root of a history that was joined in later",
    commits: [
      { name: "base", files: { "b.txt": "1\n" } },
      { name: "root", files: { "a.env": LEAK } },
      { name: "clean", parents: ["root"], files: { "a.env": CLEAN } },
      { name: "merge", parents: ["base", "clean"], files: { "a.env": CLEAN } },
    ],
    introducedBy: ["root"],
    removedBy: ["clean"],
  },
];

describe("attribution across merges", () => {
  it.each(shapes)("names $name", ({ commits, introducedBy, removedBy }) => {
    const repository = GitRepository.init();
    const tip = commits.at(-1)?.name ?? "";
    const ids = repository.graph(commits, { main: tip });
    const run = scan(["--history"], { cwd: repository.dir });
    const names = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
    for (const occurrence of occurrencesOf(run, token)) {
      const where = `${occurrence.paths.join()} in ${occurrence.object}`;
      expect(namesOf(commitIds(occurrence.introducedBy), names), `introducedBy of ${where}`).toEqual(
        introducedBy.toSorted(),
      );
      expect(namesOf(commitIds(occurrence.removedBy), names), `removedBy of ${where}`).toEqual(removedBy.toSorted());
      expect(occurrence.refs).toEqual(["refs/heads/main"]);
    }
  });

  it("keeps two branches that never meet apart", () => {
    const repository = GitRepository.init();
    const ids = repository.graph(
      [
        { name: "base", files: { "b.txt": "1\n" } },
        { name: "one", parents: ["base"], files: { "a.env": LEAK } },
        { name: "two", parents: ["base"], files: { "a.env": `other\n${LEAK}` } },
        { name: "clean", parents: ["two"], files: { "a.env": CLEAN } },
      ],
      { main: "one", topic: "clean" },
    );
    const run = scan(["--history"], { cwd: repository.dir });
    const seen = occurrencesOf(run, token).map(({ line, introducedBy, removedBy, refs }) => ({
      line,
      introducedBy: commitIds(introducedBy),
      removedBy: commitIds(removedBy),
      refs,
    }));
    expect(seen.toSorted((a, b) => a.line - b.line)).toEqual([
      { line: 1, introducedBy: [ids["one"]], removedBy: [], refs: ["refs/heads/main"] },
      { line: 2, introducedBy: [ids["two"]], removedBy: [ids["clean"]], refs: ["refs/heads/topic"] },
    ]);
  });
});

describe("attribution of names", () => {
  it("says that a merge which drops a name has taken it out", () => {
    const named = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.git(["checkout", "-q", "-b", "side"]);
    const added = repository.commitFile(`x-${named.raw}/y-${named.raw}/f.txt`, "1\n");
    repository.git(["checkout", "-q", "main"]);
    repository.git(["merge", "-q", "-s", "ours", "-m", "Drop it", "side"]);
    const merge = repository.id("HEAD");
    const places = occurrencesOf(scan(["--history"], { cwd: repository.dir }), named, "path");
    expect(places.map(({ paths }) => paths)).toEqual([[`x-${named.masked}`], [`x-${named.masked}/y-${named.masked}`]]);
    for (const place of places) {
      expect(commitIds(place.introducedBy)).toEqual([added]);
      expect(commitIds(place.removedBy)).toEqual([merge]);
    }
  });

  it("does not take a directory's name for new when it ends in a carriage return", () => {
    const named = makeToken();
    const repository = GitRepository.init();
    repository.commitFile(`${named.raw}\r/a.txt`, "1\n");
    repository.commitFile(`${named.raw}\r/b.txt`, "2\n");
    expectNothing(scan(["--range", "HEAD~1..HEAD"], { cwd: repository.dir }));
  });
});

function namesOf(commits: readonly string[], names: ReadonlyMap<string, string>): string[] {
  return commits.map((commit) => names.get(commit) ?? commit).toSorted();
}
