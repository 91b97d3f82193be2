// Over generated graphs of commits, `--range` and `--history` tell the same as a few lines that go through every commit.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scan, type ScanRun } from "../support/cli.ts";
import type { GraphCommit } from "../support/commit-graph.ts";
import { GitRepository } from "../support/git-repository.ts";
import { makeToken, randomHex } from "../support/token.ts";

const PATHS = ["a.env", "dir/b.env", "c.txt"];
const TOKENS = Array.from({ length: 3 }, () => makeToken());

/** What a file holds: the numbers of its tokens. Every file has other text around, so that no rename is in sight. */
type Files = Readonly<Record<string, readonly number[]>>;

interface Step {
  readonly parents: readonly number[];
  readonly edits: readonly (readonly [path: number, tokens: readonly number[]])[];
  readonly date: number;
}

const steps: fc.Arbitrary<Step> = fc.record({
  parents: fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 3 }),
  edits: fc.array(fc.tuple(fc.nat(PATHS.length - 1), fc.uniqueArray(fc.nat(TOKENS.length - 1), { maxLength: 2 })), {
    maxLength: 2,
  }),
  date: fc.nat(1_000_000),
});

interface Model {
  readonly name: string;
  readonly parents: readonly string[];
  readonly files: Files;
}

function contentOf(path: string, tokens: readonly number[]): string {
  return `${randomHex(path, 400)}\n${tokens.map((token) => `${TOKENS[token]?.raw}\n`).join("")}`;
}

/** Each step's parents are counted back from it; a step without any earlier commit is a root. */
function buildModels(plan: readonly Step[]): { readonly models: Model[]; readonly commits: GraphCommit[] } {
  const models: Model[] = [];
  const commits: GraphCommit[] = [];
  for (const [index, { parents: back, edits, date }] of plan.entries()) {
    const parents = back.map((distance) => models[index - 1 - distance]).filter((model) => model !== undefined);
    const files: Record<string, readonly number[]> = { ...parents[0]?.files };
    const changes: Record<string, string> = {};
    for (const [path, tokens] of edits) {
      const name = PATHS[path] ?? "";
      files[name] = tokens;
      changes[name] = contentOf(name, tokens);
    }
    const name = `c${index}`;
    models.push({ name, parents: parents.map((parent) => parent.name), files });
    commits.push({
      name,
      parents: parents.map((parent) => parent.name),
      files: changes,
      message: name,
      date: 1_700_000_000 + date,
    });
  }
  return { models, commits };
}

function ancestors(models: readonly Model[], name: string): Set<string> {
  const seen = new Set<string>();
  const queue = [name];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    queue.push(...(models.find((model) => model.name === next)?.parents ?? []));
  }
  return seen;
}

/** Token, path and commit of everything that no parent has at the same path. */
function news(models: readonly Model[], names: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  for (const model of models.filter(({ name }) => names.has(name))) {
    const parents = models.filter(({ name }) => model.parents.includes(name));
    for (const [path, tokens] of Object.entries(model.files)) {
      for (const token of tokens) {
        const isOld = parents.some((parent) => parent.files[path]?.includes(token) === true);
        if (!isOld) found.add(`${token} ${path} ${model.name}`);
      }
    }
  }
  return found;
}

function reportedNews(run: ScanRun, ids: Readonly<Record<string, string>>): Set<string> {
  const names = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
  const found = new Set<string>();
  for (const [number, { fingerprint }] of TOKENS.entries()) {
    const occurrences = run.report.tokens.find((token) => token.fingerprint === fingerprint)?.occurrences ?? [];
    for (const { paths, introducedBy } of occurrences) {
      for (const path of paths)
        for (const { commit } of introducedBy) found.add(`${number} ${path} ${names.get(commit)}`);
    }
  }
  return found;
}

describe("what a commit brings in", () => {
  it("is the same for the tool and for a plain walk over every commit", () => {
    fc.assert(
      fc.property(fc.array(steps, { minLength: 3, maxLength: 14 }), fc.nat(), (plan, baseIndex) => {
        const { models, commits } = buildModels(plan);
        const tip = models.at(-1)?.name ?? "";
        const base = models[baseIndex % models.length]?.name ?? "";
        const repository = GitRepository.init();
        const ids = repository.graph(commits, { main: tip });
        const reachable = ancestors(models, tip);
        const outside = ancestors(models, base);
        const inRange = new Set([...reachable].filter((name) => !outside.has(name)));
        const run = scan(["--range", `${ids[base]}..main`], { cwd: repository.dir });
        expect(reportedNews(run, ids)).toEqual(news(models, inRange));
        expect(run.report.scan.complete).toBe(true);
        const history = scan(["--history"], { cwd: repository.dir });
        expect(reportedTokens(history)).toEqual(everTokens(models, reachable));
        expect(introducers(reportedNews(history, ids), reachable)).toEqual(
          introducers(news(models, reachable), reachable),
        );
      }),
      { numRuns: 30 },
    );
  });
});

/** Token and commit: an occurrence of the history lists all paths of an object and all commits, not their pairs. */
function introducers(found: ReadonlySet<string>, reachable: ReadonlySet<string>): string[] {
  const pairs = [...found].map((entry) => entry.split(" ")).filter(([, , commit]) => reachable.has(commit ?? ""));
  return [...new Set(pairs.map(([token, , commit]) => `${token} ${commit}`))].toSorted();
}

function reportedTokens(run: ScanRun): number[] {
  return TOKENS.flatMap(({ fingerprint }, number) =>
    run.report.tokens.some((token) => token.fingerprint === fingerprint) ? [number] : [],
  );
}

/** Unreachable commits of the graph count as well: nothing has pruned them. */
function everTokens(models: readonly Model[], reachable: ReadonlySet<string>): number[] {
  expect(reachable.size).toBeGreaterThan(0);
  return [...new Set(models.flatMap(({ files }) => Object.values(files).flat()))].toSorted((a, b) => a - b);
}
