// Over generated histories without merges, the commits that brought a token's content in or took it out are those that
// `git log --find-object` names.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import type { GraphCommit } from "../support/commit-graph.ts";
import { type Content, GitRepository } from "../support/git-repository.ts";
import { makeTokens, randomHex } from "../support/token.ts";

const PATHS = ["a.env", "dir/b.env", "c.env"] as const;
const TOKENS = makeTokens(3);

const steps = fc.record({
  /** How far back the parent is; 9 often means none, which makes a root. */
  back: fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, { weight: 2, arbitrary: fc.integer({ min: 1, max: 9 }) }),
  edits: fc.uniqueArray(
    fc.record({
      path: fc.constantFrom(...PATHS),
      content: fc.oneof(fc.constantFrom("clean", "gone"), fc.nat(TOKENS.length - 1)),
    }),
    { maxLength: 2, selector: ({ path }) => path },
  ),
});

/** Other text at every path, so that each content stands at one path only and no rename is in sight. */
function textOf(path: string, content: number | "clean"): string {
  return `${randomHex(path, 400)}\n${content === "clean" ? "" : TOKENS[content]!.raw}\n`;
}

function holdsToken(content: Content | null): boolean {
  return content !== null && content.includes("ik_");
}

describe("the commits that a content with a token is attributed to", () => {
  it("are those that git log --find-object names", () => {
    fc.assert(
      fc.property(fc.array(steps, { minLength: 4, maxLength: 16 }), (plan) => {
        const graph: GraphCommit[] = [];
        const present: Set<string>[] = [];
        for (const [index, { back, edits }] of plan.entries()) {
          const parent = index - back;
          const files: Record<string, string | null> = {};
          const paths = new Set(present[parent]);
          for (const { path, content } of edits) {
            if (content !== "gone") files[path] = textOf(path, content);
            // What is not there cannot be deleted.
            else if (paths.has(path)) files[path] = null;
            if (content === "gone") paths.delete(path);
            else paths.add(path);
          }
          present.push(paths);
          graph.push({ name: `c${index}`, parents: parent < 0 ? [] : [`c${parent}`], files });
        }
        const repository = GitRepository.init();
        repository.graph(graph, Object.fromEntries(graph.map(({ name }) => [name, name])));
        const { report } = scan(["--history"], { cwd: repository.dir });
        expect(report.scan.complete).toBe(true);
        const occurrences = report.tokens.flatMap((token) => token.occurrences);
        const contents = new Set(graph.flatMap(({ files }) => Object.values(files ?? {})).filter(holdsToken));
        expect(occurrences).toHaveLength(contents.size);
        for (const { object, introducedBy, removedBy } of occurrences) {
          const named = repository.git(["log", "--all", "--format=%H", `--find-object=${object}`]).split("\n");
          const attributed = new Set([...introducedBy, ...removedBy].map(({ commit }) => commit));
          expect([...attributed].toSorted()).toEqual(named.toSorted());
        }
      }),
      { numRuns: 20 },
    );
  });
});
