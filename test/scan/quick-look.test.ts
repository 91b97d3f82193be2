import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Detector } from "../../src/detect/detector.ts";
import { builtinRules } from "../../src/rules/builtin.generated.ts";
import { compileRules } from "../../src/rules/ruleset.ts";
import { QuickLook } from "../../src/scan/stream-search.ts";
import { makeToken } from "../support/token.ts";

const detector = new Detector(compileRules(builtinRules));
const ENCODINGS = {
  plain: (text: string) => Buffer.from(text, "latin1"),
  "utf-16le": (text: string) => Buffer.from(text, "utf16le"),
  "utf-16be": (text: string) => Buffer.from(text, "utf16le").swap16(),
};

const noise = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));

describe("QuickLook", () => {
  it("sees whatever a search of the whole sees, however it is cut", () => {
    fc.assert(
      fc.property(
        noise,
        noise,
        fc.constantFrom(...(Object.keys(ENCODINGS) as (keyof typeof ENCODINGS)[])),
        fc.constantFrom("control" as const, "data" as const),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 12 }),
        (before, after, encoding, plane, sizes) => {
          const token = ENCODINGS[encoding](` ${makeToken({ plane }).raw} `);
          const whole = Buffer.concat([before, token, after]);
          const look = new QuickLook(detector);
          let at = 0;
          for (let turn = 0; at < whole.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1;
            look.write(whole.subarray(at, at + size));
            at += size;
          }
          look.close();
          if (detector.find(whole).length > 0) expect(look.sawAnything()).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("sees nothing in what holds nothing", () => {
    const look = new QuickLook(detector);
    for (const piece of ["ik_sdk_", "a1b2c3d4_", "your_control_plane_token ", "ik_live_..."])
      look.write(Buffer.from(piece));
    look.close();
    expect(look.sawAnything()).toBe(false);
  });
});
