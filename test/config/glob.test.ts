import * as fc from "fast-check";
import picomatch from "picomatch";
import { describe, expect, it } from "vitest";
import { compileGlob } from "../../src/config/glob.ts";

describe("compileGlob()", () => {
  it.each([
    ["test/fixtures/**", "test/fixtures/a/b.txt", true],
    ["test/fixtures/**", "test/other/b.txt", false],
    ["test/*/**", "test/a", true],
    ["**/*.env", ".env", true],
    ["**/*.env", "a/b/.env", true],
    ["*.env", "a/.env", false],
    ["docs/*.{md,txt}", "docs/a.txt", true],
    ["docs/*.{md,txt}", "docs/a.rst", false],
    ["log-[0-9][!a].txt", "log-7b.txt", true],
    ["log-[0-9][!a].txt", "log-7a.txt", false],
    ["a?c", "a\u{1f600}c", true],
    ["a?c", "a/c", false],
  ])("%s on %j is %s", (glob, path, expected) => {
    expect(compileGlob(glob)(path)).toBe(expected);
  });

  it("agrees with picomatch on ordinary globs", () => {
    const segment = fc
      .array(fc.constantFrom("a", "b", "*", "?"), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join(""));
    const name = fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
    const glob = fc.array(fc.oneof(segment, fc.constant("**")), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(glob, fc.array(name, { minLength: 1, maxLength: 4 }), (parts, names) => {
        // Where `**` is a part of a segment, and in rows of wildcards, the dialects of globs differ.
        fc.pre(!parts.some((part) => part !== "**" && part.includes("**")));
        fc.pre(!parts.some((part, index) => part === "**" && parts[index + 1] === "**"));
        // What `**` at the end means behind a wildcard differs too; the examples above say what it means here.
        fc.pre(parts.at(-1) !== "**");
        const [pattern, path] = [parts.join("/"), names.join("/")];
        expect(compileGlob(pattern)(path)).toBe(picomatch(pattern, { dot: true })(path));
      }),
      { numRuns: 1000 },
    );
  });

  it("ends at once on a glob that is made to take long", () => {
    expect(compileGlob("*a".repeat(500) + "b")("a".repeat(20_000))).toBe(false);
    expect(compileGlob("**/a/".repeat(500) + "b")("a/".repeat(5000))).toBe(false);
  });
});
