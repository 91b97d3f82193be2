import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const files = spawnSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).stdout.trim().split("\n");
const documents = files.filter((file) => file.endsWith(".md"));

/** The tables of a document, each as its rows with single spaces. */
function tablesOf(document: string): string[][] {
  const tables: string[][] = [[]];
  for (const line of read(document).split("\n")) {
    if (line.startsWith("|")) tables.at(-1)?.push(line.replaceAll(/\s+/g, " ").trim());
    else tables.push([]);
  }
  return tables.filter((rows) => rows.length > 0);
}

describe("the documents", () => {
  it.each(documents)("%s has each row of a table once, below one head", (document) => {
    for (const rows of tablesOf(document)) {
      expect(rows).toEqual([...new Set(rows)]);
      expect(rows.filter((row) => /^\|[ :|-]+\|$/.test(row))).toHaveLength(1);
    }
  });

  it.each(documents)("%s links to files that exist", (document) => {
    const targets = [...read(document).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target]) => target ?? "");
    expect(targets.filter((target) => !existsSync(join(root, document, "..", target)))).toEqual([]);
  });
});

describe("docs/architecture.md", () => {
  const code = files.filter((file) => /^(src|app|scripts|hooks)\/.*\.(ts|sh)$/.test(file));
  const sources = new Map(code.map((file) => [file, read(file)]));
  const names = [...read("docs/architecture.md").matchAll(/`([^`\n]+)`(?:\s*\(`([^`\n]+\.(?:ts|sh))`)?/g)];

  it("names files that exist", () => {
    const paths = names.flatMap(([, name = "", file]) => [name, ...(file === undefined ? [] : [file])]);
    const missing = paths
      .filter((path) => /^\w[\w./-]*$/.test(path) && (path.includes("/") || /\.(ts|sh|yaml|json)$/.test(path)))
      .filter((path) => !existsSync(join(root, path)) && !files.some((file) => file.endsWith(`/${path}`)));
    expect(missing).toEqual([]);
  });

  it("names functions and classes that exist, each in the file that stands behind it", () => {
    const missing = names.filter(([, name = "", file]) => {
      const last = /^(?:[A-Za-z_]\w*\.)?([A-Za-z_]\w*)$/.exec(name)?.[1];
      // A word in small letters alone is a folder, a package or a value as often as a function.
      if (last === undefined || (file === undefined && !/[a-z][A-Z]|^[A-Z][a-z]/.test(last))) return false;
      if (name === "keyrecall") return false;
      const places = [...sources].filter(([path]) => file === undefined || path === file || path.endsWith(`/${file}`));
      return !places.some(([, text]) => new RegExp(String.raw`\b${last}\b`).test(text));
    });
    expect(missing.map(([whole]) => whole)).toEqual([]);
  });
});

describe("docs/coverage.md", () => {
  const rows = tablesOf("docs/coverage.md").flatMap((table) => table.slice(2));

  it("names a test in every row, and only tests that exist", () => {
    for (const row of rows) {
      const named = [...row.matchAll(/`([\w-]+\/[\w./-]+\.ts)`/g)].map(([, file]) => file ?? "");
      expect(named, row).not.toHaveLength(0);
      expect(named.filter((file) => !existsSync(join(root, "test", file)))).toEqual([]);
    }
  });

  it("names every test of the command line, the Action, the App, and what is generated", () => {
    const tests = files.filter((file) =>
      /^test\/(e2e|action|app|property|verify|scan|config|report|respond)\/.*\.test\.ts$/.test(file),
    );
    const text = read("docs/coverage.md");
    expect(tests.filter((file) => !text.includes(`\`${file.slice("test/".length)}\``))).toEqual([]);
  });
});
