import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Token } from "../../src/core/token.ts";
import { makeToken } from "../support/token.ts";

const facts = { rule: "a-rule", plane: "control", confidence: "certain", prefix: "ik_sdk_" } as const;

describe("Token", () => {
  it("shows nothing but its masked form in any conversion", () => {
    const made = makeToken();
    const token = new Token(made.raw, { ...facts, publicId: made.publicId, isGuessable: false });
    const shown = [
      String(token),
      `token ${String(token)}`,
      JSON.stringify({ token }),
      inspect(token),
      inspect({ nested: [token] }, { showHidden: true, depth: null }),
      JSON.stringify(Object.entries(token)),
      String(new Error("failed", { cause: token }).cause),
      inspect(structuredClone(Object.assign({}, token))),
    ].join("\n");
    expect(shown).not.toContain(made.secret);
    expect(shown).toContain(made.masked);
    expect(token.reveal()).toBe(made.raw);
    expect(token.fingerprint).toBe(made.fingerprint);
  });

  it("hides the public id when its secret could be guessed", () => {
    const token = new Token("ik_sdk_abcd_1234", { ...facts, publicId: "abcd", isGuessable: true });
    expect([token.masked, token.publicId]).toEqual(["ik_sdk_…", null]);
  });
});
