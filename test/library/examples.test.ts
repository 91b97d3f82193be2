// The examples of docs/library.md, type-checked and run against the package as npm installs it.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { GitRepository } from "../support/git-repository.ts";
import { isolatedEnv } from "../support/isolated-env.ts";
import { findNodeBinaries } from "../support/node-binaries.ts";
import { assertNoSecret } from "../support/secret-guard.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken } from "../support/token.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(join(root, "docs/library.md"), "utf8");
const examples = page.split(/^## /m).flatMap((section) =>
  [...section.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => ({
    title: section.slice(0, section.indexOf("\n")),
    code,
  })),
);

let project: string;
const env = isolatedEnv({ npm_config_cache: join(makeTempDir(), "npm"), npm_config_update_notifier: "false" });

beforeAll(() => {
  project = makeTempDir();
  const pack = ["pack", "--silent", "--ignore-scripts", "--pack-destination", project];
  const archive = execFileSync("npm", pack, { cwd: root, env, encoding: "utf8" }).trim();
  writeFileSync(join(project, "package.json"), '{ "name": "user", "private": true, "type": "module" }');
  const install = ["install", "--silent", "--offline", "--no-audit", "--no-fund", join(project, archive)];
  execFileSync("npm", install, { cwd: project, env });
  mkdirSync(join(project, "node_modules/@types"));
  symlinkSync(join(root, "node_modules/@types/node"), join(project, "node_modules/@types/node"));
  symlinkSync(join(root, "node_modules/undici-types"), join(project, "node_modules/undici-types"));
  for (const [index, { code }] of examples.entries()) writeFileSync(join(project, `example-${index}.ts`), code);
});

function typeCheck(options: object): { status: number | null; output: string } {
  const configuration = {
    compilerOptions: {
      noEmit: true,
      strict: true,
      target: "es2022",
      lib: ["es2022"],
      types: ["node"],
      skipLibCheck: false,
      exactOptionalPropertyTypes: true,
      ...options,
    },
    files: examples.map((_, index) => `example-${index}.ts`),
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(configuration));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [compiler, "--project", project, "--pretty", "false"], {
    encoding: "utf8",
  });
  // The types of Node are the user's own, and not what is checked here.
  const lines = stdout.split("\n").filter((line) => /error/.test(line) && !line.includes("@types/node"));
  return { status: lines.length === 0 ? 0 : status, output: lines.join("\n") };
}

describe("the published package", () => {
  it.each([
    ["nodenext", { module: "nodenext", moduleResolution: "nodenext" }],
    ["bundler", { module: "esnext", moduleResolution: "bundler" }],
  ])("has types for moduleResolution %s", (_, options) => {
    expect(typeCheck(options)).toEqual({ status: 0, output: "" });
  });

  it("would fail that where a type is wrong", () => {
    const file = join(project, "example-0.ts");
    const code = readFileSync(file, "utf8");
    writeFileSync(file, code.replace('kind: "tree"', 'kind: "trees"'));
    const { output } = typeCheck({ module: "nodenext", moduleResolution: "nodenext" });
    writeFileSync(file, code);
    expect(output).toContain("example-0.ts");
  });

  it("needs nothing beside itself", () => {
    const { dependencies } = JSON.parse(readFileSync(join(project, "node_modules/keyrecall/package.json"), "utf8")) as {
      dependencies?: unknown;
    };
    expect(dependencies).toBeUndefined();
  });
});

describe("docs/library.md", () => {
  const token = makeToken();
  const marked = makeToken();
  const repository = GitRepository.init();
  const commit = repository
    .write("deploy/a.env", `KEY=${token.raw}\n`)
    .write("b.py", `key = "${marked.raw}" # gitleaks:allow\n`)
    .commit();

  const outputs: Readonly<Record<string, (output: string) => void>> = {
    "A report": (output) => {
      expect(output).toContain("true 2\n");
      expect(output).toContain(`${token.masked} deploy/a.env:1\n`);
    },
    "Findings while they come": (output) => {
      expect(output).toContain(`${token.masked} in blob ${repository.id("HEAD:deploy/a.env")}, line 1\n`);
      expect(output).toContain(commit);
    },
    "A token is never shown": (output) => {
      expect(output).toContain(JSON.stringify([marked.masked, token.masked]));
      expect(output).toMatch(/ 80\n$/);
    },
    "What is scanned": (output) => expect(output).toBe("0\n"),
    "Ending a scan": (output) => expect(output).toMatch(/^AbortError interrupted (?:false|nothing was read)\n$/),
    "Progress, rules, and what is allowed": (output) => {
      expect(output).toMatch(/^true\n/);
      expect(output).toMatch(/reading \d+ \d+\n/);
      expect(output).toMatch(/1 \[\]\n$/);
    },
    "Does it still work?": (output) => {
      expect(output).toContain("usage");
      expect(output).toContain("not encrypted: http://elsewhere.example");
    },
  };

  it("has an example for each of these", () => {
    expect(examples.map(({ title }) => title)).toEqual(Object.keys(outputs));
    expect(page.match(/^```ts$/gm)).toHaveLength(examples.length);
  });

  it.each(examples.map(({ title }, index) => [title, index] as const))("runs: %s", (title, index) => {
    // Node 24 takes the types away by itself.
    const args = ["--no-warnings", join(project, `example-${index}.ts`)];
    const run = spawnSync(process.execPath, args, { cwd: repository.dir, env: isolatedEnv(), encoding: "utf8" });
    expect(run.stderr).toBe("");
    assertNoSecret(Buffer.from(run.stdout), "standard output");
    outputs[title]!(run.stdout);
  });

  it("works on the oldest Node", () => {
    const file = join(project, "oldest.mjs");
    const lines = [
      'import { scan } from "keyrecall";',
      'const report = await scan({ source: { kind: "history", path: process.argv[2] } }).report();',
      "console.log(report.tokens.length);",
    ];
    writeFileSync(file, lines.join("\n"));
    const [oldest] = findNodeBinaries().toSorted((a, b) => Number.parseInt(a.version) - Number.parseInt(b.version));
    expect(oldest?.version).toMatch(/^20\.19\./);
    const run = spawnSync(oldest!.path, [file, repository.dir], { env: isolatedEnv(), encoding: "utf8" });
    expect(run.stderr).toBe("");
    expect(run.stdout).toBe("2\n");
  });
});
