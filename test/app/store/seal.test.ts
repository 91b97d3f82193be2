import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Sealer, UnsealError } from "../../../app/store/seal.ts";

const makeKey = (): string => randomBytes(32).toString("base64");
const anyBytes = fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes));

describe("Sealer", () => {
  it("opens what it sealed, and nothing of it shows", () => {
    const sealer = new Sealer([makeKey()]);
    fc.assert(
      fc.property(anyBytes, fc.string(), (plain, purpose) => {
        const sealed = sealer.seal(plain, purpose);
        expect(sealer.open(sealed, purpose)).toEqual(plain);
        if (plain.length >= 8) expect(sealed.includes(plain)).toBe(false);
      }),
    );
  });

  it("opens with an older key what the older key sealed, and seals with the newest", () => {
    const [older, newer] = [makeKey(), makeKey()];
    const both = new Sealer([newer, older]);
    const old = new Sealer([older]).seal(Buffer.from("payload"), "delivery 1");
    expect(both.open(old, "delivery 1").toString()).toBe("payload");
    const fresh = both.seal(Buffer.from("payload"), "delivery 1");
    expect(new Sealer([newer]).open(fresh, "delivery 1").toString()).toBe("payload");
    expect(() => new Sealer([older]).open(fresh, "delivery 1")).toThrow(UnsealError);
  });

  it("refuses what was changed in any byte, and what was sealed for something else", () => {
    const sealer = new Sealer([makeKey()]);
    const sealed = sealer.seal(Buffer.from("a payload"), "delivery 1");
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      expect(() => sealer.open(changed, "delivery 1")).toThrow(UnsealError);
      expect(() => sealer.open(sealed.subarray(0, at), "delivery 1")).toThrow(UnsealError);
    }
    expect(() => sealer.open(sealed, "delivery 2")).toThrow(UnsealError);
  });

  it.each([[[]], [[""]], [["short"]], [[randomBytes(31).toString("base64")]], [[`${makeKey()}=`]]])(
    "is not made with %j",
    (keys) => {
      expect(() => new Sealer(keys)).toThrow(/KEYRECALL_SEAL_KEY/);
    },
  );
});
