// Strangers' texts in Markdown: whatever they are, they are shown and do nothing.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundedLines, code, link, plain, prose, tableHead, tableRow } from "../../../app/issues/markdown.ts";
import { escapeForMarkdown } from "../../../src/report/escape.ts";
import { makeToken } from "../../support/token.ts";
import { hostile } from "../support/hostile-text.ts";
import { referencesIn, render } from "../support/rendered.ts";

const SURROUNDINGS: readonly [name: string, of: (text: string) => string][] = [
  ["a paragraph", (text) => `before ${text} after`],
  ["the begin of a paragraph", (text) => `${text} after`],
  ["a list", (text) => `- item ${text}, more\n- next`],
  ["a box", (text) => `- [ ] do ${text} then\n  - [x] sub ${text}`],
  ["a table", (text) => [...tableHead("A", "B"), tableRow(text, "x"), tableRow("y", text)].join("\n")],
];

describe.each([
  ["code", code],
  ["prose", prose],
  ["escapeForMarkdown", escapeForMarkdown],
] as const)("%s", (_, escape) => {
  it.each(SURROUNDINGS)("leaves nothing alive in %s", (_where, surround) => {
    const empty = render(surround("x"));
    fc.assert(
      fc.property(hostile, (text) => {
        const rendered = render(surround(escape(text)));
        expect(rendered.links).toEqual([]);
        expect(rendered.images).toEqual([]);
        expect(rendered.html).toEqual([]);
        expect(rendered.emphasis).toEqual([]);
        expect(rendered.headings).toEqual([]);
        expect(rendered.checkboxes).toBe(empty.checkboxes);
        expect(referencesIn(rendered.text)).toEqual([]);
        expect(rendered.tables.map(({ header, rows }) => [header.length, rows.map((row) => row.length)])).toEqual(
          empty.tables.map(({ header, rows }) => [header.length, rows.map((row) => row.length)]),
        );
        for (const { rows } of rendered.tables) expect(rows[0]?.[1]?.text).toBe("x");
      }),
      { numRuns: 400 },
    );
  });
});

describe("code", () => {
  it("shows the text, with what is invisible as escapes", () => {
    expect(code("deploy/.env")).toBe("`deploy/.env`");
    expect(code("a`b")).toBe("`` a`b ``");
    expect(code("a\n\u202eb")).toBe("`a\\n\\u202eb`");
    expect(code("a|b")).toBe("`a\\x7cb`");
    expect(code("")).toBe("` `");
  });

  it("takes no time over a text of nothing but backticks", () => {
    expect(code("` ".repeat(500_000)).length).toBeLessThan(1000);
    expect(escapeForMarkdown("` ".repeat(500_000))).toContain("` `");
  });

  it("masks tokens before it cuts", () => {
    const token = makeToken();
    for (let at = 0; at < 200; at += 7) {
      const shown = code(`${"x".repeat(at)}${token.raw}`, 120);
      expect(shown).not.toContain(token.secret.slice(0, 8));
    }
  });
});

describe("prose", () => {
  it("leaves sentences as they are", () => {
    const sentence = "Found in 3 places (live, since 12:00): InferenceKey's API said so - twice.";
    expect(prose(sentence)).toBe(sentence);
  });

  it("makes names code", () => {
    expect(prose("Pushed to refs/heads/main by @mallory.")).toBe("Pushed to `refs/heads/main` by `@mallory`.");
    expect(prose("change them (workload:write), or list them")).toBe("change them (`workload:write`), or list them");
  });

  it("masks tokens", () => {
    const token = makeToken({ plane: "data" });
    expect(prose(`found ${token.raw} there`)).toBe(`found \`${token.masked}\` there`);
  });
});

describe("plain", () => {
  it("is one line without tokens", () => {
    const token = makeToken();
    expect(plain(`a\n${token.raw}`)).toBe(`a\\n${token.masked}`);
  });
});

describe("link", () => {
  it("links only to addresses that nothing can be hidden in", () => {
    expect(link("a", "https://github.com/acme/billing/issues/3")).toBe(
      "[`a`](https://github.com/acme/billing/issues/3)",
    );
    for (const url of [
      "javascript:alert(1)",
      "https://x.example/a)b",
      "https://x.example/<b>",
      "//x.example/a",
      "https://u@x.example/a",
    ])
      expect(link("a", url)).toBe("`a`");
  });

  it("does not carry a token in the address", () => {
    const token = makeToken();
    expect(link("a", `https://github.com/acme/billing/blob/main/${token.raw}`)).toBe("`a`");
    expect(link("a", `https://github.com/acme/billing/blob/main/${token.raw.replace("_", "%5f")}`)).toBe("`a`");
  });
});

describe("boundedLines", () => {
  it("says how many are left", () => {
    expect(boundedLines([1, 2, 3], { items: 2, bytes: 100 }, String)).toEqual(["1", "2", "- … and 1 more"]);
    expect(boundedLines([1, 2], { items: 2, bytes: 100 }, String)).toEqual(["1", "2"]);
    expect(boundedLines(["aaaa", "bbbb"], { items: 9, bytes: 6 }, String)).toEqual(["aaaa", "- … and 1 more"]);
  });
});
