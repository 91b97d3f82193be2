// What is read next of a repository, without a server: the order of refs, and what counts as known.
import { describe, expect, it } from "vitest";
import { nextBatch, refHash, type RemoteRef } from "../../../app/backfill/plan.ts";

const id = (digit: string): string => digit.repeat(40);
const ref = (name: string, digit: string): RemoteRef => ({ name, id: id(digit) });
const now = { run: 2, defaultBranch: "main" };

function read(...tips: readonly (readonly [string, string | null, number?])[]) {
  return new Map(tips.map(([name, tip, run = 1]) => [refHash(name), { tip: tip === null ? null : id(tip), run }]));
}

describe("nextBatch", () => {
  it("begins with the default branch alone, then branches, tags and the rest", () => {
    const refs = [
      ref("refs/pull/1/head", "1"),
      ref("refs/tags/v1", "2"),
      ref("refs/heads/a", "3"),
      ref("refs/heads/main", "4"),
    ];
    expect(nextBatch(refs, read(), now)).toEqual({
      settled: [],
      fresh: [ref("refs/heads/main", "4")],
      known: [],
      left: 3,
    });
    const next = nextBatch(refs, read(["refs/heads/main", "4", 2]), now);
    expect(next?.fresh.map(({ name }) => name)).toEqual(["refs/heads/a", "refs/tags/v1", "refs/pull/1/head"]);
    expect(next?.known).toEqual([id("4")]);
    expect(next?.left).toBe(0);
  });

  it("leaves out what GitHub makes itself of pull requests", () => {
    expect(nextBatch([ref("refs/pull/1/merge", "1")], read(), now)).toBeNull();
  });

  it("reads nothing twice in one run, whatever was pushed meanwhile, and in the next run what moved", () => {
    const refs = [ref("refs/heads/main", "5")];
    expect(nextBatch(refs, read(["refs/heads/main", "4", 2]), now)).toBeNull();
    expect(nextBatch(refs, read(["refs/heads/main", "4", 1]), now)).toEqual({
      settled: [],
      fresh: refs,
      known: [id("4")],
      left: 0,
    });
  });

  it("settles at once whatever was read under another name", () => {
    const refs = [ref("refs/heads/main", "5"), ref("refs/heads/copy", "4"), ref("refs/tags/v1", "4")];
    const batch = nextBatch(refs, read(["refs/heads/main", "4"]), now);
    expect(batch?.settled.map(({ name }) => name)).toEqual(["refs/heads/copy", "refs/tags/v1"]);
    expect(batch?.fresh).toEqual([ref("refs/heads/main", "5")]);
  });

  it("takes nothing for known that was not read whole", () => {
    const refs = [ref("refs/heads/main", "4"), ref("refs/heads/a", "6")];
    expect(nextBatch(refs, read(["refs/heads/main", null, 2]), now)).toMatchObject({
      fresh: [ref("refs/heads/a", "6")],
      known: [],
    });
    expect(nextBatch(refs, read(["refs/heads/main", null, 1]), now)).toMatchObject({
      fresh: [ref("refs/heads/main", "4")],
      known: [],
    });
  });

  it("goes on in parts, each ref once, whatever order the server lists them in", () => {
    const refs = Array.from({ length: 1001 }, (_, index) => ({
      name: index === 0 ? "refs/heads/main" : `refs/heads/b${index}`,
      id: index.toString(16).padStart(40, "0"),
    })).toReversed();
    const remembered = new Map<string, { tip: string | null; run: number }>();
    const seen: string[] = [];
    let batches = 0;
    for (let batch = nextBatch(refs, remembered, now); batch !== null; batch = nextBatch(refs, remembered, now)) {
      batches += 1;
      expect(batch.known.length).toBeLessThanOrEqual(200);
      expect(batch.left).toBe(1001 - seen.length - batch.fresh.length);
      for (const { name, id: tip } of batch.fresh) {
        seen.push(name);
        remembered.set(refHash(name), { tip, run: now.run });
      }
    }
    expect(seen[0]).toBe("refs/heads/main");
    expect(new Set(seen).size).toBe(1001);
    expect(seen).toHaveLength(1001);
    expect(batches).toBe(6);
  });
});
