import * as fc from "fast-check";
// Over generated graphs of commits, what the App finds in its partial clones, push after push, is what a scan of the whole
// repository finds: whatever was fetched before, and however contents were moved, copied, kept and brought back.
import { builtinRules, scanForOccurrences as scan, type ScanResult } from "keyrecall";
import { describe, expect, it } from "vitest";
import { cacheOf, scanPush, serveRepository, startWorld } from "../app/git/served.ts";
import type { GraphCommit } from "../support/commit-graph.ts";
import { makeToken, randomHex } from "../support/token.ts";

const PATHS = ["a.env", "dir/b.env", "dir/c.txt", "d.env"];
const TOKENS = Array.from({ length: 3 }, () => makeToken());
const FILLERS = ["one", "two"].map((seed) => randomHex(seed, 600).replaceAll(/(.{50})/g, "$1\n"));

/** A file with other text around its tokens, of one of two kinds, so that renames are seen between files of a kind. */
interface Content {
  readonly filler: number;
  readonly line: number;
  readonly tokens: readonly number[];
}

interface Step {
  readonly parents: readonly number[];
  readonly edits: readonly (readonly [path: number, content: Content | null])[];
  /** A file that gets another name and, most often, another line and other tokens. */
  readonly move: readonly [from: number, to: number, edited: Pick<Content, "line" | "tokens"> | null] | null;
  readonly date: number;
}

const content: fc.Arbitrary<Content> = fc.record({
  filler: fc.nat(FILLERS.length - 1),
  line: fc.nat(3),
  tokens: fc.uniqueArray(fc.nat(TOKENS.length - 1), { maxLength: 2 }),
});

const pathIndex = fc.nat(PATHS.length - 1);

const step: fc.Arbitrary<Step> = fc.record({
  parents: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 2 }),
  edits: fc.array(fc.tuple(pathIndex, fc.option(content, { nil: null })), { maxLength: 2 }),
  move: fc.option(fc.tuple(pathIndex, pathIndex, fc.option(content, { nil: null })), { nil: null, freq: 1 }),
  date: fc.nat(1_000_000),
});

function textOf({ filler, line, tokens }: Content): string {
  return `# ${line}\n${FILLERS[filler]}${tokens.map((token) => `KEY=${TOKENS[token]?.raw}\n`).join("")}`;
}

function commitsOf(plan: readonly Step[]): GraphCommit[] {
  const trees: Record<string, Content>[] = [];
  return plan.map(({ parents: back, edits, move, date }, index): GraphCommit => {
    const parents = back.map((distance) => index - 1 - distance).filter((parent) => parent >= 0);
    const before = trees[parents[0] ?? -1] ?? {};
    const tree = { ...before };
    for (const [path, edited] of edits) {
      if (edited === null) delete tree[PATHS[path] ?? ""];
      else tree[PATHS[path] ?? ""] = edited;
    }
    const from = PATHS[move?.[0] ?? -1] ?? "";
    const moved = tree[from];
    if (move !== null && moved !== undefined) {
      delete tree[from];
      tree[PATHS[move[1]] ?? ""] = {
        ...moved,
        line: move[2]?.line ?? moved.line,
        tokens: move[2]?.tokens ?? moved.tokens,
      };
    }
    trees.push(tree);
    const gone = Object.keys(before).filter((path) => tree[path] === undefined);
    const kept = Object.entries(tree).map(([path, file]) => [path, textOf(file)] as const);
    const files = Object.fromEntries([...gone.map((path) => [path, null] as const), ...kept]);
    return {
      name: `c${index}`,
      parents: parents.map((parent) => `c${parent}`),
      files,
      message: `c${index}`,
      date: 1_700_000_000 + date,
    };
  });
}

function summary(result: ScanResult): string[] {
  expect(result.coverage.gaps).toEqual([]);
  return result.occurrences
    .map(({ token, object, paths, line, column, introducedBy, removedBy }) =>
      JSON.stringify([token.fingerprint, object, paths, line, column, introducedBy.toSorted(), removedBy.toSorted()]),
    )
    .toSorted();
}

describe("pushes into a partial clone", () => {
  it("bring in what they bring into the whole repository", { timeout: 300_000 }, async () => {
    const world = await startWorld();
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 4, maxLength: 12 }),
        fc.array(fc.tuple(fc.nat(), fc.option(fc.nat(), { freq: 8 }), fc.nat(3)), { minLength: 1, maxLength: 3 }),
        async (plan, pushes) => {
          const { repository, remote } = serveRepository(world);
          const ids = Object.values(repository.graph(commitsOf(plan), { main: `c${plan.length - 1}` }));
          const cache = cacheOf(world);
          for (const [tipIndex, knownIndex, size] of pushes) {
            const position = ids.length - 1 - (tipIndex % 4);
            const tip = ids[position] ?? "";
            const known = knownIndex === null ? [] : [ids[knownIndex % (position + 1)] ?? ""];
            const whole = await scan({
              source: { kind: "range", path: repository.dir, tips: [{ id: tip }], known },
              rules: builtinRules,
              minConfidence: "certain",
            });
            const sized = { ...remote, sizeBytes: size === 0 ? 1000 : null };
            const pushed = await cache.withClone(sized, (clone) => scanPush(clone, { tips: [tip], known }));
            expect(pushed.failed).toBeNull();
            expect(summary(pushed.result)).toEqual(summary(whole));
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
