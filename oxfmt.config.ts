import { defineConfig } from "oxfmt";

export default defineConfig({
  printWidth: 120,
  sortImports: { newlinesBetween: false },
  ignorePatterns: ["dist/**", "docs/schema/**", "rules/*.schema.json", "src/**/*.generated.ts", "package-lock.json"],
});
