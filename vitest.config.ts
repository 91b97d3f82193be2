import { defineConfig } from "vitest/config";

const minuteMs = 60_000;

export default defineConfig({
  test: {
    maxWorkers: 2,
    pool: "forks",
    passWithNoTests: true,
    projects: [
      {
        extends: true,
        test: {
          name: "tier1",
          include: ["test/**/*.test.ts"],
          exclude: ["test/tier2/**"],
          testTimeout: minuteMs,
          hookTimeout: minuteMs,
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
