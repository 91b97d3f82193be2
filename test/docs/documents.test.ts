import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { emitterEventNames } from "@octokit/webhooks";
import { describe, expect, it } from "vitest";
import { EVENTS, PERMISSIONS, UNASKED_EVENTS } from "../../app/github/requirements.ts";
import { readDelivery } from "../../app/intake/accept-delivery.ts";

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

describe("docs/security.md", () => {
  const rows = tablesOf("docs/security.md")
    .filter(([head = ""]) => head.endsWith("| test |"))
    .flatMap((table) => table.slice(2));

  it("names for what stops an attacker a test that exists, by the words in its name", () => {
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) {
      const cell = row.split("|").at(-2) ?? "";
      const named = [...cell.matchAll(/`([\w/.-]+\.test\.ts)`(?:: ([^,|]+))?/g)];
      expect(named, row).not.toHaveLength(0);
      for (const [, file = "", words] of named) {
        expect(existsSync(join(root, "test", file)), file).toBe(true);
        if (words === undefined) continue;
        const names = [...read(`test/${file}`).matchAll(/\b(?:it|describe)(?:\.each\([^)]*\))?\(\s*["'`]([^"`]*)/g)];
        expect(
          names.map(([, name]) => name).filter((name) => name?.includes(words.trim())),
          `${file}: ${words}`,
        ).not.toEqual([]);
      }
    }
  });

  it("has all the attackers that it is about", () => {
    const heads = [...read("docs/security.md").matchAll(/^### (.+)$/gm)].map(([, head]) => head);
    for (const word of ["pull request", "member", "database", "logs", "server"]) {
      expect(
        heads.filter((head) => head?.includes(word)),
        word,
      ).toHaveLength(1);
    }
  });
});

describe("docs/app-setup.md", () => {
  const [permissions = [], events = []] = tablesOf("docs/app-setup.md");
  const cells = (row: string) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.replaceAll("`", "").trim());

  it("names the permissions and events that the App asks for", () => {
    expect(permissions.slice(2).map(cells)).toEqual(
      PERMISSIONS.map(({ name, level, isEssential, purpose }) => [name, level, isEssential ? "yes" : "no", purpose]),
    );
    expect(events.slice(2).map(cells)).toEqual(
      EVENTS.map(({ name, permission, purpose }) => [name, permission, purpose]),
    );
    for (const name of UNASKED_EVENTS) expect(read("docs/app-setup.md")).toContain(`\`${name}\``);
  });

  it("and with them every event that something is done for", () => {
    const known = new Set(emitterEventNames.map((name) => name.split(".")[0] ?? ""));
    const subscribed = new Set([...EVENTS.map(({ name }) => name), ...UNASKED_EVENTS]);
    const granted = new Set(PERMISSIONS.map(({ name }) => name));
    for (const { name, permission } of EVENTS) {
      expect(known, name).toContain(name);
      expect(granted, name).toContain(permission);
    }
    const handled = [...known].filter((event) => {
      const headers = { "x-github-delivery": "00000000-0000-0000-0000-000000000000", "x-github-event": event };
      const reading = readDelivery(headers, Buffer.from("{}"), new Date());
      return reading.kind === "delivery" && !reading.delivery.isIgnored;
    });
    expect(handled).toContain("push");
    expect(handled.filter((event) => !subscribed.has(event))).toEqual([]);
  });

  it("names commands and files that exist, and settings that docs/app.md has", () => {
    const text = read("docs/app-setup.md");
    const settings = new Set([...read("docs/app.md").matchAll(/`([A-Z][A-Z_]{3,})`/g)].map(([, name]) => name));
    const named = [...text.matchAll(/`([A-Z]+_[A-Z_]+)`/g)].map(([, name]) => name);
    expect(named.filter((name) => !settings.has(name))).toEqual([]);
    for (const [, file = ""] of text.matchAll(/\b(app\/deploy\/[\w.-]+)/g))
      expect(existsSync(join(root, file))).toBe(true);
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
