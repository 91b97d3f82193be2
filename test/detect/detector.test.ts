import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Detector, type Hit } from "../../src/detect/detector.ts";
import { builtinRules } from "../../src/rules/builtin.generated.ts";
import { compileRules } from "../../src/rules/ruleset.ts";
import { ENCODED_FORMS } from "../support/encoded-forms.ts";
import { makeToken } from "../support/token.ts";

const ruleset = compileRules(builtinRules);
const detector = new Detector(ruleset);
const withSuspects = new Detector(ruleset, { minConfidence: "suspect" });

function rawOf(hits: readonly Hit[]): string[] {
  return hits.map((hit) => hit.token.reveal());
}

const token = fc
  .record({ plane: fc.constantFrom("control" as const, "data" as const), seed: fc.integer(), upperCase: fc.boolean() })
  .map(makeToken);

/** Bytes as they come in source text, in binaries, and close to a token. */
const surroundings = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ maxLength: 200 }).map((text) => Buffer.from(text)),
  fc
    .array(fc.constantFrom("ik_", "ik_sdk_", "ik_live_", "k_", "\0", "i\0k\0_\0", "_", "a1b2c3d4_", "\n"), {
      maxLength: 40,
    })
    .map((pieces) => Buffer.from(pieces.join(""), "latin1")),
);

/** What must not touch a token from behind: a further hex digit in text makes it another shape. */
const terminator = fc
  .constantFrom("", "\n", '"', " ", "g", "_", "%", "\\n", "\0", "digit", "\u0000a")
  .map((text) => Buffer.from(text));

describe("Detector.find()", () => {
  it("finds a token in whatever bytes stand around it", () => {
    fc.assert(
      fc.property(surroundings, token, terminator, surroundings, (before, made, end, after) => {
        const rest = end.length === 0 ? Buffer.alloc(0) : after;
        const bytes = Buffer.concat([before, Buffer.from(made.raw), end, rest]);
        expect(rawOf(detector.find(bytes))).toContain(made.raw);
      }),
      { numRuns: 500 },
    );
  });

  it("finds a token when random bytes follow that happen to look like a hex digit", () => {
    const binary = Buffer.concat([Buffer.from("a"), Buffer.from([0x00, 0x1f, 0xff, 0x80])]);
    const made = makeToken();
    expect(rawOf(detector.find(Buffer.concat([Buffer.from(made.raw), binary])))).toEqual([made.raw]);
  });

  it("does not take a longer run of hex digits in text for a token", () => {
    const made = makeToken();
    for (const tail of ["0", "0\n", "abcdef'", "A, and so on", "0 – in a sentence", "0é", makeToken().secret, "0_1"]) {
      expect(detector.find(Buffer.from(made.raw + tail)), tail).toEqual([]);
    }
  });

  it("finds a token that is glued to a word, a filler or a dump", () => {
    const made = makeToken();
    const dump = Array.from({ length: 8 }, () => makeToken().secret).join("");
    for (const tail of ["digit", "define()", "a".repeat(1000), "0".repeat(20), dump]) {
      expect(rawOf(detector.find(Buffer.from(made.raw + tail))), tail).toEqual([made.raw]);
    }
  });

  it("finds a token in UTF-16 of either byte order at any offset", () => {
    fc.assert(
      fc.property(surroundings, token, fc.boolean(), (before, made, isBigEndian) => {
        const units = Buffer.from(`${made.raw}"`, "utf16le");
        if (isBigEndian) units.swap16();
        // Text in UTF-16 is aligned with the start of its file.
        const hits = detector.find(Buffer.concat([before, units]), 0, Infinity, before.length % 2);
        const expected = { start: before.length, encoding: [isBigEndian ? "utf-16be" : "utf-16le"] };
        expect(hits.map(({ start, encoding }) => ({ start, encoding }))).toContainEqual(expected);
        expect(rawOf(hits)).toContain(made.raw);
      }),
      { numRuns: 500 },
    );
  });

  it("agrees with a regular expression on text made of pieces of tokens", () => {
    const pieces = fc.array(
      fc.oneof(
        token.map((made) => made.raw),
        token.map((made) => made.raw.slice(0, -1)),
        fc.constantFrom("ik_sdk_", "ik_live_", "pik_live_", "x", "0", "_", "\n", " "),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join("");
        const expected = [
          ...text.matchAll(/(?=(ik_(?:sdk|live)_[0-9a-fA-F]{8}_[0-9a-fA-F]{64})(?![0-9a-fA-F]+(?:[^0-9a-zA-Z]|$)))/g),
        ];
        const found = [...detector.find(Buffer.from(text))].toSorted((a, b) => a.start - b.start);
        expect(rawOf(found)).toEqual(expected.map((match) => match[1]));
      }),
      { numRuns: 500 },
    );
  });

  it("reports only what starts between from and limit", () => {
    const [first, second] = [makeToken(), makeToken()];
    const bytes = Buffer.from(`${first.raw} ${second.raw} `);
    const start = first.raw.length + 1;
    expect(rawOf(detector.find(bytes, 0, start))).toEqual([first.raw]);
    expect(rawOf(detector.find(bytes, 1))).toEqual([second.raw]);
    expect(rawOf(detector.find(bytes, start, start + 1))).toEqual([second.raw]);
  });

  it("leaves the vendor's placeholders and other shapes alone", () => {
    const hex = makeToken().secret;
    const others = [
      "ik_sdk_...",
      "ik_live_…",
      `ik_sdk_${"x".repeat(24)}`,
      "ik_live_your_workload_key",
      "ik_sdk_your_control_plane_token",
      "ik_sdk_<8hex>_<64hex>",
      "ik_sdk_a1b2c3d4_...",
      "ik_sdk_a1b2c3d4…",
      "hik_live_worker",
      "mikrotik_live_snapshot",
      `ik_test_a1b2c3d4_${hex}`,
      `IK_SDK_a1b2c3d4_${hex}`,
      `ik_live_${hex.slice(0, 32)}`,
      `pik_live_${hex.slice(0, 40)}`,
      `ik_sdk_a1b2c3d_${hex}`,
      `ik_sdk_a1b2c3d4-${hex}`,
      `ik_sdk_a1b2c3d4_${hex.slice(0, 63)}g`,
    ];
    for (const text of others) expect(detector.find(Buffer.from(` ${text} `)), text).toEqual([]);
  });

  it("finds the full shape behind a longer prefix", () => {
    const made = makeToken({ plane: "data" });
    for (const prefix of ["p", "public_", "h", "\\n", "%3D"]) {
      expect(rawOf(detector.find(Buffer.from(`${prefix}${made.raw} `)))).toEqual([made.raw]);
    }
  });
});

describe("the suspect tier", () => {
  it("reports a random word of another shape, and only on request", () => {
    const word = `ik_live_proj1234_${makeToken().secret.slice(0, 40)}`;
    const bytes = Buffer.from(`key = ${word};`);
    expect(detector.find(bytes)).toEqual([]);
    const [hit] = withSuspects.find(bytes);
    expect(hit?.token.reveal()).toBe(word);
    expect(hit?.token.masked).toBe("ik_live_…");
    expect(hit?.token.isGuessable).toBe(true);
  });

  it("leaves placeholders and longer identifiers alone", () => {
    const secret = makeToken().secret.slice(0, 40);
    const others = [
      "ik_live_your_workload_key",
      "ik_sdk_your_control_plane_token",
      `ik_sdk_${"x".repeat(24)}`,
      `pik_live_${secret}`,
      `public_ik_live_${secret}`,
      "ik_live_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      "ik_live_0123456789abcdef0123456789abcdef",
      "ik_live_workload_for_the_support_team_in_europe",
    ];
    for (const text of others) expect(withSuspects.find(Buffer.from(` ${text} `)), text).toEqual([]);
  });
});

describe("Detector.mayHold()", () => {
  it("sees an anchor wherever there is a hit, by what stands around it alone", () => {
    fc.assert(
      fc.property(
        surroundings,
        token,
        fc.constantFrom(...Object.values(ENCODED_FORMS)),
        surroundings,
        (before, made, form, after) => {
          const bytes = Buffer.concat([before, Buffer.from("\n\n"), form.encode(made.raw), Buffer.from("\n\n"), after]);
          for (const one of [detector, withSuspects]) {
            for (const { start, end } of one.find(bytes)) {
              const around = bytes.subarray(Math.max(0, start - one.anchorContextBytes), end + one.anchorContextBytes);
              expect(one.mayHold(around)).toBe(true);
            }
            expect(one.mayHold(bytes)).toBe(true);
          }
        },
      ),
    );
  });

  it.each(Object.entries(ENCODED_FORMS))("sees an anchor in a token as %s", (_, form) => {
    for (const plane of ["control", "data"] as const) {
      expect(detector.mayHold(form.encode(makeToken({ plane }).raw))).toBe(true);
    }
  });

  it("sees none in text that merely has pieces of anchors in it", () => {
    const pieces = "link_sdk task_live Ik_ sdk_ k_l i\0k\0_\0 k_server %5B0%5D &#8217; 6c6976 aXQ= \\n\\t";
    expect(detector.mayHold(Buffer.from(pieces.repeat(50)))).toBe(false);
  });
});
