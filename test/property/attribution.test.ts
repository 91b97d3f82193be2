// Over generated graphs of commits, `--history` says of every content with a token which commits brought it in, which took
// it out and which refs reach it. The reference goes through the state of every commit, however often it is asked.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeRun, scan, type ScanRun } from "../support/cli.ts";
import type { GraphCommit } from "../support/commit-graph.ts";
import { GitRepository } from "../support/git-repository.ts";
import { findToken } from "../support/report.ts";
import { makeToken, randomHex } from "../support/token.ts";

const PATHS = ["a.env", "dir/b.env"];
const TOKENS = Array.from({ length: 2 }, () => makeToken());

/** What stands at a path; the same content can come, go and come again. Null where there is nothing. */
type Content = { readonly tokens: readonly number[]; readonly variant: number } | null;
type Files = Readonly<Record<string, Content>>;

interface Commit {
  readonly name: string;
  readonly parents: readonly string[];
  readonly files: Files;
}

type Edit =
  | { readonly path: number; readonly content: Content }
  /** The merge takes the path as this parent has it. */
  | { readonly path: number; readonly parent: number };

interface Step {
  readonly parents: readonly number[];
  readonly edits: readonly Edit[];
  readonly date: number;
}

const contents: fc.Arbitrary<Content> = fc.option(
  fc.record({ tokens: fc.uniqueArray(fc.nat(TOKENS.length - 1), { maxLength: 2 }), variant: fc.nat(1) }),
  { freq: 4 },
);
const path = fc.nat(PATHS.length - 1);
const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ path, content: contents }),
  fc.record({ path, parent: fc.nat(2) }),
);
const steps: fc.Arbitrary<Step> = fc.record({
  parents: fc.oneof(
    { weight: 2, arbitrary: fc.constant([0]) },
    { weight: 3, arbitrary: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 3 }) },
  ),
  edits: fc.array(edits, { maxLength: 2 }),
  date: fc.nat(1_000_000),
});

/** Every path has other text around its tokens, so that no rename is in sight. */
function textOf(name: string, { tokens, variant }: NonNullable<Content>): string {
  return `${randomHex(name, 400)}\nvariant ${variant}\n${tokens.map((token) => `${TOKENS[token]?.raw}\n`).join("")}`;
}

function keyOf(name: string, content: Content): string {
  return content === null ? "" : textOf(name, content);
}

function build(plan: readonly Step[]): { readonly commits: Commit[]; readonly graph: GraphCommit[] } {
  const commits: Commit[] = [];
  const graph: GraphCommit[] = [];
  for (const [index, step] of plan.entries()) {
    const parents = step.parents.map((back) => commits[index - 1 - back]).filter((commit) => commit !== undefined);
    const files: Record<string, Content> = { ...parents[0]?.files };
    const changes: Record<string, string | null> = {};
    for (const edit of step.edits) {
      const name = PATHS[edit.path] ?? "";
      const content =
        "content" in edit ? edit.content : (parents[edit.parent % Math.max(1, parents.length)]?.files[name] ?? null);
      files[name] = content;
      changes[name] = content === null ? null : textOf(name, content);
    }
    const names = parents.map((parent) => parent.name);
    commits.push({ name: `c${index}`, parents: names, files });
    // What is not there cannot be deleted.
    const known = Object.entries(changes).filter(
      ([name, text]) => text !== null || (parents[0]?.files[name] ?? null) !== null,
    );
    graph.push({
      name: `c${index}`,
      parents: names,
      files: Object.fromEntries(known),
      message: `c${index}`,
      date: 1_700_000_000 + step.date,
    });
  }
  return { commits, graph };
}

interface Attribution {
  readonly introducedBy: readonly string[];
  readonly removedBy: readonly string[];
  readonly refs: readonly string[];
}

class Reference {
  readonly #commits: ReadonlyMap<string, Commit>;
  readonly #path: string;
  readonly #token: number;

  constructor(commits: readonly Commit[], name: string, token: number) {
    this.#commits = new Map(commits.map((commit) => [commit.name, commit]));
    this.#path = name;
    this.#token = token;
  }

  attribute(key: string, branches: Readonly<Record<string, string>>): Attribution {
    const holders = [...this.#commits.keys()].filter((name) => this.#keyAt(name) === key);
    const introducedBy = new Set(holders.flatMap((name) => [...this.#introducers(name)]));
    const removedBy = new Set<string>();
    const reached = new Set(holders);
    for (const name of reached) {
      for (const child of this.#commits.values()) {
        if (!child.parents.includes(name)) continue;
        if (this.#holds(child.name)) {
          if (this.#origins(child.name).includes(name)) reached.add(child.name);
        } else if (!this.#isExcused(child, name)) removedBy.add(child.name);
      }
    }
    const refs = Object.keys(branches).filter((branch) => {
      const ancestors = this.#ancestors(branches[branch] ?? "");
      return holders.some((holder) => ancestors.has(holder));
    });
    const sorted = (names: Iterable<string>): string[] => [...names].toSorted();
    return { introducedBy: sorted(introducedBy), removedBy: sorted(removedBy), refs: sorted(refs) };
  }

  #parents(name: string): readonly string[] {
    return this.#commits.get(name)?.parents ?? [];
  }

  #keyAt(name: string): string {
    return keyOf(this.#path, this.#commits.get(name)?.files[this.#path] ?? null);
  }

  #holds(name: string): boolean {
    return this.#commits.get(name)?.files[this.#path]?.tokens.includes(this.#token) === true;
  }

  /** Parents that the commit has the token from: those with the same content, or else all that have the token. */
  #origins(name: string): readonly string[] {
    const same = this.#parents(name).filter((parent) => this.#keyAt(parent) === this.#keyAt(name));
    return same.length > 0 ? same : this.#parents(name).filter((parent) => this.#holds(parent));
  }

  #introducers(name: string): Set<string> {
    const origins = this.#origins(name);
    return origins.length === 0
      ? new Set([name])
      : new Set(origins.flatMap((origin) => [...this.#introducers(origin)]));
  }

  /** A merge that takes a side where the token has been is not the one that took it out. */
  #isExcused(merge: Commit, from: string): boolean {
    if (merge.parents.length < 2) return false;
    if (!merge.parents.some((parent) => this.#keyAt(parent) === this.#keyAt(merge.name))) return false;
    const introducers = this.#introducers(from);
    return merge.parents
      .filter((parent) => !this.#holds(parent))
      .some((parent) => [...this.#ancestors(parent)].some((ancestor) => introducers.has(ancestor)));
  }

  #ancestors(name: string): Set<string> {
    const seen = new Set([name]);
    for (const one of seen) for (const parent of this.#parents(one)) seen.add(parent);
    return seen;
  }
}

/** By token, path and content. */
function expected(commits: readonly Commit[], branches: Readonly<Record<string, string>>): Map<string, Attribution> {
  const all = new Map<string, Attribution>();
  for (const name of PATHS) {
    for (const content of commits.map(({ files }) => files[name] ?? null)) {
      for (const token of content?.tokens ?? []) {
        const key = keyOf(name, content);
        const id = `${token} ${name} ${content?.variant} ${content?.tokens.join()}`;
        if (!all.has(id)) all.set(id, new Reference(commits, name, token).attribute(key, branches));
      }
    }
  }
  return all;
}

function reportedBy(
  run: ScanRun,
  repository: GitRepository,
  ids: Readonly<Record<string, string>>,
): Map<string, Attribution> {
  const names = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
  const all = new Map<string, Attribution>();
  for (const [number, token] of TOKENS.entries()) {
    for (const occurrence of findToken(run.report, token)?.occurrences ?? []) {
      const text = repository.git(["cat-file", "blob", occurrence.object ?? ""]);
      const variant = /^variant (\d)$/m.exec(text)?.[1];
      const order = TOKENS.map(({ raw }) => text.indexOf(raw));
      const held = [0, 1]
        .filter((one) => (order[one] ?? -1) !== -1)
        .toSorted((a, b) => (order[a] ?? 0) - (order[b] ?? 0));
      const namesOf = (list: readonly { readonly commit: string }[]): string[] =>
        list.map(({ commit }) => names.get(commit) ?? commit).toSorted();
      all.set(`${number} ${occurrence.paths.join()} ${variant} ${held.join()}`, {
        introducedBy: namesOf(occurrence.introducedBy),
        removedBy: namesOf(occurrence.removedBy),
        refs: occurrence.refs.map((ref) => ref.replace("refs/heads/", "")).toSorted(),
      });
    }
  }
  return all;
}

describe("what the history says of a token's content", () => {
  it("is the same for the tool and for a plain walk over every state", () => {
    fc.assert(
      fc.property(
        fc.array(steps, { minLength: 3, maxLength: 14 }),
        fc.array(fc.nat(), { maxLength: 2 }),
        (plan, tips) => {
          const { commits, graph } = build(plan);
          const branches: Record<string, string> = { main: `c${commits.length - 1}` };
          for (const [index, tip] of tips.entries()) branches[`b${index}`] = `c${tip % commits.length}`;
          const repository = GitRepository.init();
          const ids = repository.graph(graph, branches);
          const run = scan(["--history"], { cwd: repository.dir });
          expect(run.report.scan.complete, describeRun(run)).toBe(true);
          expect(reportedBy(run, repository, ids)).toEqual(expected(commits, branches));
        },
      ),
      { numRuns: 25 },
    );
  });
});
