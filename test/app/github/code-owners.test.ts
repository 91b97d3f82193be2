// Code owners: as GitHub reads the file, of the base, and in linear time.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownersOf, parseCodeOwners, readCodeOwners } from "../../../app/github/code-owners.ts";
import { type Setup, setUpGitHub } from "../support/github.ts";

const owns = (pattern: string, path: string): boolean =>
  ownersOf(parseCodeOwners(`${pattern} @ada`), [path]).users.length > 0;

describe("patterns", () => {
  it.each([
    ["*", "a/b/c.txt", true],
    ["*.js", "a/b.js", true],
    ["*.js", "a/b.jsx", false],
    ["/build/logs/", "build/logs/a/b", true],
    ["/build/logs/", "x/build/logs/a", false],
    ["/build/logs/", "build/logs", false],
    ["docs/*", "docs/getting-started.md", true],
    ["docs/*", "docs/build-app/troubleshooting.md", false],
    ["docs/*", "x/docs/a.md", false],
    ["apps/", "x/apps/y/z", true],
    ["apps/", "apps", false],
    ["apps", "x/apps", true],
    ["/docs/", "docs/x", true],
    ["/docs", "docs/x/y", true],
    ["**/logs", "a/b/logs/c", true],
    ["**/logs", "logs/c", true],
    ["a/**/b", "a/b", true],
    ["a/**/b", "a/x/y/b/z", true],
    ["a/**", "a/b/c", true],
    ["a/**", "a", false],
    ["src/?.ts", "src/a.ts", true],
    ["src/?.ts", "src/ab.ts", false],
    ["/a\\ b/", "a b/c", true],
    ["*.env", ".env", true],
    ["Deploy/*", "deploy/.env", false],
    [".env", "deploy/.env", true],
    ["[ab].ts", "a.ts", false],
    ["!a.ts", "a.ts", false],
    ["/deploy/*.env", "deploy/prod.env", true],
    ["/deploy/p*.env", "deploy/prod.env", true],
  ])("%s and %s: %s", (pattern, path, expected) => {
    expect(owns(pattern, path)).toBe(expected);
  });

  it("take no time that grows with what is written to take long", () => {
    const star = "a*".repeat(500);
    const deep = "**/a/".repeat(200);
    expect(owns(`${star}b`, "a".repeat(5000))).toBe(false);
    expect(owns(`${deep}b`, "a/".repeat(400))).toBe(false);
  });
});

describe("the file", () => {
  it("lets the last match win, one without owners too", () => {
    const rules = parseCodeOwners(
      [
        "# all",
        "* @acme/everybody",
        "*.env @ada @acme/sre mail@acme.example # why",
        "/public.env",
        "bad @@x",
        "\t/x\t@grace\r",
      ].join("\n"),
    );
    expect(ownersOf(rules, ["a.ts"])).toEqual({ users: [], teams: ["@acme/everybody"] });
    expect(ownersOf(rules, ["deploy/.env"])).toEqual({ users: ["ada"], teams: ["@acme/sre"] });
    expect(ownersOf(rules, ["public.env"])).toEqual({ users: [], teams: [] });
    expect(ownersOf(rules, ["x/y", "deploy/.env"])).toEqual({ users: ["grace", "ada"], teams: ["@acme/sre"] });
    expect(ownersOf(rules, ["bad"])).toEqual({ users: [], teams: ["@acme/everybody"] });
  });
});

describe("on GitHub", () => {
  let all: Setup;
  beforeAll(async () => {
    all = await setUpGitHub();
  });
  afterAll(() => all.close());

  it("is read from .github, then the root, then docs, of the base", async () => {
    const name = "acme/billing";
    const read = async () => ownersOf(await readCodeOwners(all.client, name), ["a.ts"]).users;
    await all.emulator.commit(name, { files: { "a.ts": "x" } });
    expect(await read()).toEqual([]);
    await all.emulator.commit(name, { files: { "docs/CODEOWNERS": "* @in-docs" } });
    expect(await read()).toEqual(["in-docs"]);
    await all.emulator.commit(name, { files: { CODEOWNERS: "* @in-root" } });
    expect(await read()).toEqual(["in-root"]);
    await all.emulator.commit(name, { files: { ".github/CODEOWNERS": "* @in-github" } });
    expect(await read()).toEqual(["in-github"]);
    await all.emulator.commit(name, { branch: "head", files: { ".github/CODEOWNERS": "* @mallory" } });
    expect(await read()).toEqual(["in-github"]);
  });

  it("is nobody where the file is a directory, or the repository is gone", async () => {
    await all.emulator.commit("acme/website", { files: { ".github/CODEOWNERS/x": "* @ada" } });
    expect(await readCodeOwners(all.client, "acme/website")).toEqual([]);
    expect(await readCodeOwners(all.client, "acme/none")).toEqual([]);
  });
});
