// The lint rules, and with them the arrows of the house: which folder of src/ may import which.
// CONTRIBUTING.md shows how to prove that an arrow holds.

import { defineConfig } from "oxlint";

interface Arrow {
  /** Folders of src/ that a folder may import. */
  readonly imports: readonly string[];
  /** Folders of which it may import types, and nothing that exists at run time. */
  readonly types?: readonly string[];
  /** Restricted parts of Node that it may use. */
  readonly node?: readonly RestrictedModule[];
}

type RestrictedModule = "child_process" | "fs";

const engine = ["core", "rules", "detect", "git", "sources", "scan", "verify", "respond", "report", "config", "hooks"];
const folders = [...engine, "library", "cli", "action"];

const arrows: Readonly<Record<string, Arrow>> = {
  core: { imports: [] },
  rules: { imports: ["core"] },
  detect: { imports: ["core", "rules"] },
  git: { imports: ["core"], node: ["fs", "child_process"] },
  sources: { imports: ["core", "git"], node: ["fs"] },
  scan: { imports: ["core", "rules", "detect", "git", "sources"], types: ["config"] },
  verify: { imports: ["core"] },
  respond: { imports: ["core", "rules", "verify"] },
  report: { imports: ["core"], types: ["scan", "verify", "respond", "rules"] },
  config: { imports: ["core", "rules"], node: ["fs"] },
  hooks: { imports: ["core", "rules", "git"], node: ["fs", "child_process"] },
  library: { imports: engine },
  cli: { imports: engine, node: ["fs", "child_process"] },
  action: { imports: engine, node: ["fs"] },
};

const outsideOfApp = {
  regex: "^(\\.\\.?/)+(src|bench|dist|scripts|test)/",
  message: 'app/ knows the root as "keyrecall", its library, only',
};

const restrictedModules: Readonly<Record<RestrictedModule, string>> = {
  child_process: "Processes are started by src/git, src/hooks and src/cli",
  fs: "Files are read and written by src/git, src/sources, src/config, src/hooks and the surfaces",
};

/** Folders of app/, and which of its others each may import; files beside them are words and settings, open to all. */
const appArrows: Readonly<Record<string, readonly string[]>> = {
  store: [],
  queue: ["store"],
  intake: ["store"],
  issues: [],
  // Of issues only the texts and markers, which it writes and looks for.
  github: ["issues"],
  git: [],
  notify: [],
  jobs: ["store", "queue", "issues", "github", "git", "notify"],
  // The commands beside `start`.
  setup: ["github"],
  doctor: ["store", "github"],
};

export default defineConfig({
  plugins: ["typescript", "unicorn", "oxc", "import", "promise", "node"],
  options: { typeAware: true, reportUnusedDisableDirectives: "error" },
  categories: { correctness: "error", suspicious: "error", perf: "error" },
  ignorePatterns: ["dist/**"],
  rules: {
    "import/no-cycle": "error",
    "typescript/consistent-type-imports": ["error", { disallowTypeAnnotations: true }],
    "typescript/no-explicit-any": "error",
    // Ids, prefixes and alphabets are ASCII: spreading them is how their characters are listed.
    "typescript/no-misused-spread": ["error", { allow: [{ from: "lib", name: "string" }] }],
    "typescript/no-misused-promises": "error",
    "typescript/only-throw-error": "error",
    "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    // Objects, packs and families are read one after the other on purpose: order and memory are part of the contract.
    "eslint/no-await-in-loop": "off",
    // A copy with one more field reads better than a loop, and no such map runs for every byte or object.
    "oxc/no-map-spread": "off",
    // The compiler's noImplicitReturns says the same, and knows which functions return undefined by contract.
    "typescript/consistent-return": "off",
    // A small function beside its only use is easier to follow than one far above it.
    "unicorn/consistent-function-scoping": "off",
    // That is for windows of a browser; threads have no origin.
    "unicorn/require-post-message-target-origin": "off",
    // An assertion after a check that the compiler cannot follow is allowed, as `!` is.
    "typescript/no-unsafe-type-assertion": "off",
  },
  overrides: [
    {
      files: ["src/**/*.ts"],
      rules: { "import/no-default-export": "error", "unicorn/no-process-exit": "error" },
    },
    { files: ["src/cli/main.ts"], rules: { "unicorn/no-process-exit": "off" } },
    { files: ["src/*.ts"], rules: { "no-restricted-imports": importRule("src", { imports: [...engine, "library"] }) } },
    ...Object.entries(arrows).map(([folder, arrow]) => ({
      files: [`src/${folder}/**/*.ts`],
      rules: { "no-restricted-imports": importRule(folder, arrow) },
    })),
    ...Object.entries(appArrows).map(([folder, imports]) => ({
      files: [`app/${folder}/**/*.ts`],
      rules: { "no-restricted-imports": appImportRule(folder, imports) },
    })),
    {
      files: ["app/*.ts"],
      rules: { "no-restricted-imports": ["error" as const, { patterns: [outsideOfApp] }] },
    },
  ],
});

/** The App knows the root by its library only. */
function appImportRule(folder: string, imports: readonly string[]) {
  const foreign = Object.keys(appArrows).filter((other) => other !== folder && !imports.includes(other));
  return [
    "error" as const,
    {
      patterns: [
        {
          regex: `^(\\.\\.?/)+(${foreign.join("|")})/`,
          message: `app/${folder} does not know that folder`,
        },
        outsideOfApp,
      ],
    },
  ];
}

/** What a folder must not import: every other folder but those of its arrow, and the restricted parts of Node. */
function importRule(folder: string, { imports, types = [], node = [] }: Arrow) {
  const foreign = folders.filter((other) => other !== folder && !imports.includes(other));
  const forbidden = foreign.filter((other) => !types.includes(other));
  const restricted = (["child_process", "fs"] as const).filter((module) => !node.includes(module));
  return [
    "error" as const,
    {
      patterns: [
        ...pathsInto(forbidden, `src/${folder} does not know that folder`),
        ...pathsInto(types, `src/${folder} may import types of that folder only`, true),
        ...restricted.map((module) => ({
          regex: `^(node:)?${module}(/|$)`,
          message: restrictedModules[module],
        })),
        { regex: "^(\\.\\.?/)+(app|bench|dist|scripts|test)/", message: "src/ knows nothing outside itself" },
      ],
    },
  ];
}

function pathsInto(targets: readonly string[], message: string, allowTypeImports = false) {
  if (targets.length === 0) return [];
  return [{ regex: `^(\\.\\.?/)+(src/)?(${targets.join("|")})(/|$)`, message, allowTypeImports }];
}
