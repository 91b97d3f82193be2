import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Detector, type Hit } from "../../src/detect/detector.ts";
import { builtinRules } from "../../src/rules/builtin.generated.ts";
import { compileRules } from "../../src/rules/ruleset.ts";
import { Collector } from "../../src/scan/collector.ts";
import { QuickLook } from "../../src/scan/stream-search.ts";
import { ENCODED_FORMS, WIDE_FORMS } from "../support/encoded-forms.ts";
import { makeToken, randomHex } from "../support/token.ts";

const detector = new Detector(compileRules(builtinRules));
const forms = Object.entries(ENCODED_FORMS);
const anyForm = fc.constantFrom(...forms.map(([, form]) => form));
const anyToken = fc
  .record({ plane: fc.constantFrom("control" as const, "data" as const), seed: fc.integer(), upperCase: fc.boolean() })
  .map(makeToken);

function summary(hits: readonly Hit[]) {
  return hits.map(({ token, encoding }) => ({ raw: token.reveal(), encoding: [...encoding] }));
}

/** Lines of ordinary text, with what looks a little like the beginning of a token. */
const surroundings = fc
  .array(
    fc.oneof(
      fc.stringMatching(/^[a-zA-Z ,.;:(){}<>=+"'/-]{0,60}$/),
      fc.constantFrom(
        "ik_",
        'x = "ik_" +',
        "%69",
        "\\u0069",
        "&#105;",
        "k_s",
        "=5F",
        "aWtf",
        "0x6b, 0x5f",
        "YWJj\nYWJj",
      ),
    ),
    { maxLength: 12 },
  )
  .map((lines) => `${lines.join("\n")}\n\n`);

describe("encoded tokens", () => {
  it.each(forms)("are found in %s, at their place, once", (_, form) => {
    for (const plane of ["control", "data"] as const) {
      for (const before of ["", "first line\nkey = ", `${"x".repeat(37)} `]) {
        const made = makeToken({ plane });
        const bytes = Buffer.concat([Buffer.from(before), form.encode(made.raw), Buffer.from(" \n")]);
        const hits = detector.find(bytes);
        expect(summary(hits)).toEqual([{ raw: made.raw, encoding: form.encoding }]);
        const [hit] = hits as [Hit];
        expect(hit.start).toBeGreaterThanOrEqual(before.length);
        expect(hit.end).toBeLessThanOrEqual(bytes.length - 2);
        // Nothing of the form that matters stands outside of what the hit says.
        const without = Buffer.concat([bytes.subarray(0, hit.start), bytes.subarray(hit.end)]);
        expect(detector.find(without)).toEqual([]);
      }
    }
  });

  it.each(Object.entries(WIDE_FORMS))("are found in %s", (_, form) => {
    const made = makeToken();
    expect(summary(detector.find(form.encode(made.raw)))).toEqual([{ raw: made.raw, encoding: form.encoding }]);
  });

  it("are found in any surroundings", () => {
    fc.assert(
      fc.property(surroundings, anyToken, anyForm, surroundings, (before, made, form, after) => {
        const bytes = Buffer.concat([Buffer.from(before), form.encode(made.raw), Buffer.from(`\n\n${after}`)]);
        expect(summary(detector.find(bytes))).toContainEqual({ raw: made.raw, encoding: form.encoding });
      }),
      { numRuns: 600 },
    );
  });

  it("are found under any three layers", () => {
    fc.assert(
      fc.property(
        anyToken,
        fc.array(fc.constantFrom(...Object.keys(LAYERS)), { minLength: 1, maxLength: 3 }),
        (made, names) => {
          let text = made.raw;
          for (const name of names) text = LAYERS[name]!(text);
          if (text.length > 4000) return;
          const hits = summary(detector.find(Buffer.from(`value: ${text}\n`)));
          expect(hits).toEqual([{ raw: made.raw, encoding: names.toReversed() }]);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("are found however a stream is cut", () => {
    fc.assert(
      fc.property(
        surroundings,
        anyToken,
        anyForm,
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 9 }),
        (before, made, form, sizes) => {
          const bytes = Buffer.concat([Buffer.from(before), form.encode(made.raw), Buffer.from(`\n\n${before}`)]);
          expect(inPieces(bytes, sizes)).toEqual(inOnePiece(bytes));
          expect(inOnePiece(bytes).map(({ raw }) => raw)).toContain(made.raw);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("are found with the cut at every place", () => {
    for (const [, form] of forms.filter((_, index) => index % 6 === 0)) {
      const made = makeToken();
      const bytes = Buffer.concat([Buffer.from("a line\n"), form.encode(made.raw), Buffer.from("\nthe end\n")]);
      const whole = inOnePiece(bytes);
      expect(whole.map(({ raw }) => raw)).toEqual([made.raw]);
      for (let cut = 1; cut < bytes.length; cut += 3) expect(inPieces(bytes, [cut, bytes.length])).toEqual(whole);
    }
  });

  it("are found where the text is as long as detection reads, and not double at its border", () => {
    for (const padding of [3000, 4000, 5000, 9000, 33_000]) {
      const made = makeToken();
      const bytes = Buffer.from(
        Buffer.from(`${"all work and no play ".repeat(padding / 21)}${made.raw} `.repeat(1)).toString("base64"),
      );
      expect(summary(detector.find(bytes))).toEqual([{ raw: made.raw, encoding: ["base64"] }]);
    }
  });

  it("are not looked for deeper than five layers, and five are found", () => {
    const made = makeToken();
    const layers = (count: number): Buffer => {
      let text = made.raw;
      for (let layer = 0; layer < count; layer++) text = Buffer.from(text).toString("base64");
      return Buffer.from(text);
    };
    expect(summary(detector.find(layers(5)))).toEqual([{ raw: made.raw, encoding: Array(5).fill("base64") }]);
    expect(detector.find(layers(6))).toEqual([]);
  });

  it("are told from placeholders and from other shapes", () => {
    const hex = randomHex("shape", 32);
    const others = [
      "ik_sdk_your_control_plane_token",
      `ik_sdk_${"x".repeat(24)}`,
      `ik_live_a1b2c3d4_${"0123456789abcdef".repeat(4)}`,
      `ik_live_a1b2c3d4_${"a".repeat(64)}`,
      `ik_sdk_a1b2c3d4_${hex.slice(0, 62)}`,
      `ik_test_a1b2c3d4_${hex}`,
    ];
    for (const [name, form] of forms.filter(([, { encoding }]) => encoding.length > 0)) {
      for (const other of others)
        expect(detector.find(form.encode(other)), `${name}: ${other.slice(0, 20)}`).toEqual([]);
    }
  });

  it("are told from longer shapes", () => {
    const hex = randomHex("longer", 32);
    for (const name of [
      "base64 at the first alignment",
      "hex",
      "hex with blanks",
      "JSON escapes",
      "percent encoding",
      "base64 of base64",
    ]) {
      expect(detector.find(ENCODED_FORMS[name]!.encode(`ik_sdk_a1b2c3d4_${hex}${hex}`)), name).toEqual([]);
    }
  });

  it("are reported with the line and column behind their last byte", () => {
    const made = makeToken();
    const lines = Buffer.from(made.raw)
      .toString("base64")
      .replace(/=+$/, "")
      .match(/.{1,40}/g)!;
    const collector = new Collector(detector, new Set());
    collector.scan({ kind: "stdin" }, Buffer.from(`a\nkey: ${lines.join("\n")}\nend ${made.raw}\n`));
    expect(collector.finds.map(({ position, end }) => ({ position, end }))).toEqual([
      { position: { line: 2, column: 6 }, end: { line: 1 + lines.length, column: lines.at(-1)!.length + 1 } },
      { position: { line: 2 + lines.length, column: 5 }, end: null },
    ]);
  });

  it("end at the end of a literal, whatever the next one says", () => {
    const made = makeToken();
    const text = `["${made.raw.slice(0, 20)}", "${made.raw.slice(20)}", "deadbeef"]`;
    expect(summary(detector.find(Buffer.from(text)))).toEqual([{ raw: made.raw, encoding: ["concatenation"] }]);
  });
});

const LAYERS: Readonly<Record<string, (text: string) => string>> = {
  base64: (text) => Buffer.from(text).toString("base64"),
  hex: (text) => Buffer.from(text).toString("hex"),
  percent: (text) => Array.from(text, (one) => `%${one.charCodeAt(0).toString(16)}`).join(""),
  "unicode-escape": (text) => Array.from(text, (one) => `\\u00${one.charCodeAt(0).toString(16)}`).join(""),
  "html-entity": (text) => Array.from(text, (one) => `&#${one.charCodeAt(0)};`).join(""),
};

interface Found {
  readonly raw: string;
  readonly line: number;
  readonly column: number;
  readonly encoding: string;
}

function foundBy(collector: Collector): Found[] {
  return collector.finds
    .map(({ token, position, encoding }) => ({ raw: token.reveal(), ...position, encoding: encoding.join() }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function inOnePiece(bytes: Buffer): Found[] {
  const collector = new Collector(detector, new Set());
  collector.scan({ kind: "stdin" }, bytes);
  return foundBy(collector);
}

function inPieces(bytes: Buffer, sizes: readonly number[]): Found[] {
  const collector = new Collector(detector, new Set());
  const writer = collector.open({ kind: "stdin" });
  const look = new QuickLook(detector);
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    writer.write(bytes.subarray(at, at + size));
    look.write(bytes.subarray(at, at + size));
    at += size;
  }
  writer.close();
  look.close();
  const found = foundBy(collector);
  if (found.length > 0) expect(look.sawAnything()).toBe(true);
  return found;
}

describe("a rule whose prefix is as short as they come", () => {
  const [rule] = builtinRules;
  const short = new Detector(
    compileRules([
      { ...rule!, grammar: { prefix: "zq-", parts: [{ name: "secret", class: "hex", length: 40 }], secret: "secret" } },
    ]),
  );
  const raw = `zq-${randomHex(7, 20)}`;

  it.each([1, 2, 3, 4, 20, 42])("has its tokens found where source code cuts them behind character %s", (at) => {
    for (const between of ['" + "', '"\n  "', "' .\n'", "\\\n"]) {
      const text = Buffer.from(`x = "${raw.slice(0, at)}${between}${raw.slice(at)}"\n`);
      expect(short.find(text).map(({ token }) => token.reveal())).toEqual([raw]);
      expect(short.mayHold(text)).toBe(true);
    }
  });
});
