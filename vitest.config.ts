import { defineConfig } from "vitest/config";

const minuteMs = 60_000;

export default defineConfig({
  test: {
    // One more than the cores of a small machine: the tests of the App mostly wait.
    maxWorkers: 3,
    pool: "forks",
    passWithNoTests: true,
    projects: [
      {
        extends: true,
        test: {
          name: "tier1",
          include: ["test/**/*.test.ts"],
          exclude: ["test/tier2/**"],
          // No test waits that long; a machine that is busy with others does.
          testTimeout: 4 * minuteMs,
          hookTimeout: 4 * minuteMs,
        },
      },
      {
        extends: true,
        test: {
          name: "tier2",
          include: ["test/tier2/**/*.test.ts"],
          testTimeout: 10 * minuteMs,
          hookTimeout: 10 * minuteMs,
        },
      },
    ],
  },
});
