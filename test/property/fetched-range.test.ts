// What the Action fetches of a range is enough: over generated histories with merges, renames and copies it tells the same
// as a scan of the same range in the whole repository.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pullRequestPayload, runAction } from "../support/action.ts";
import { scan } from "../support/cli.ts";
import type { GraphCommit } from "../support/commit-graph.ts";
import { GitRepository } from "../support/git-repository.ts";
import type { Report } from "../support/report.ts";
import { makeTokens, randomHex } from "../support/token.ts";
import { startUpstream } from "../support/upstream.ts";

const PATHS = ["a.env", "dir/b.env", "dir/deep/c.txt", "d.txt"];
const TOKENS = makeTokens(3);

/** Each of the runs starts a server and three dozen processes. */
const PATIENCE_MS = 300_000;

interface Step {
  readonly parents: readonly number[];
  readonly edits: readonly (readonly [path: number, body: number, tokens: readonly number[] | null])[];
  readonly date: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  parents: fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 3 }),
  edits: fc.array(
    fc.tuple(
      fc.nat(PATHS.length - 1),
      fc.nat(1),
      fc.oneof(fc.constant(null), fc.uniqueArray(fc.nat(TOKENS.length - 1), { maxLength: 2 })),
    ),
    { maxLength: 3 },
  ),
  date: fc.nat(1_000_000),
});

/** Two bodies for all paths: a file that goes and one that comes can be the same one under another name. */
function contentOf(body: number, tokens: readonly number[]): string {
  const lines = Array.from({ length: 30 }, (_, line) => randomHex(`${body} ${line}`, 20));
  return `${lines.join("\n")}\n${tokens.map((token) => `${TOKENS[token]?.raw}\n`).join("")}`;
}

function graphOf(plan: readonly Step[]): GraphCommit[] {
  return plan.map(({ parents, edits, date }, index): GraphCommit => {
    const names = parents.map((back) => index - 1 - back).filter((parent) => parent >= 0);
    return {
      name: `c${index}`,
      parents: names.map((parent) => `c${parent}`),
      files: Object.fromEntries(
        edits.map(([path, body, tokens]) => [PATHS[path] ?? "", tokens === null ? null : contentOf(body, tokens)]),
      ),
      message: `c${index}`,
      date: 1_700_000_000 + date,
    };
  });
}

/** Refs differ, because the Action's repository has no other than the head's. */
function withoutRefs({ tokens, scan: { complete, incomplete, coverage } }: Report): unknown {
  return {
    complete,
    incomplete,
    commits: coverage["commits"],
    tokens: tokens.map(({ fingerprint, occurrences }) => ({
      fingerprint,
      occurrences: occurrences.map(({ refs: _refs, ...rest }) => rest),
    })),
  };
}

describe("what the Action fetches of a range", () => {
  it(
    "is enough to tell what a whole repository tells",
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), fc.nat(), async (plan, baseIndex) => {
          const commits = graphOf(plan);
          const repository = GitRepository.init();
          const ids = repository.graph(commits, { main: commits.at(-1)!.name });
          const base = ids[`c${baseIndex % commits.length}`]!;
          const head = repository.id("main");
          const { server } = await startUpstream({ repositories: { "acme/shop": repository.gitDir } });
          const run = await runAction({ event: "pull_request", payload: pullRequestPayload({ base, head }), server });
          await server.close();
          const whole = scan(["--range", `${base}..${head}`], { cwd: repository.dir });
          expect(withoutRefs(run.report)).toEqual(withoutRefs(whole.report));
          expect(run.status).toBe(whole.status);
        }),
        { numRuns: 12 },
      );
    },
    PATIENCE_MS,
  );
});
