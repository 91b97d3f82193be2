// How long a backfill will take, from what it took so far.
import { describe, expect, it } from "vitest";
import { secondsLeft, takingTurns } from "../../../app/backfill/estimate.ts";

const MIB = 1024 * 1024;
const NOTHING = { repositories: 0, bytes: 0, ms: 0 };

describe("secondsLeft", () => {
  it("is not known before anything was read, and nothing when nothing is left", () => {
    expect(secondsLeft(NOTHING, { repositories: 3, bytes: MIB, ms: 0 })).toBeNull();
    expect(secondsLeft(NOTHING, NOTHING)).toBe(0);
  });

  it("grows with number and size of what is left", () => {
    const done = { repositories: 10, bytes: 90 * MIB, ms: 100_000 };
    expect(secondsLeft(done, { repositories: 10, bytes: 90 * MIB, ms: 0 })).toBeCloseTo(100);
    expect(secondsLeft(done, { repositories: 10, bytes: 0, ms: 0 })).toBeCloseTo(10);
    expect(secondsLeft(done, { repositories: 1, bytes: 999 * MIB, ms: 0 })).toBeCloseTo(1000);
  });
});

describe("takingTurns", () => {
  it("takes from each other installation no more time than that one needs", () => {
    expect(takingTurns(100, [100])).toBe(100);
    expect(takingTurns(100, [100, 10])).toBe(110);
    expect(takingTurns(10, [100, 10])).toBe(20);
    expect(takingTurns(10, [10, null])).toBe(20);
  });
});
