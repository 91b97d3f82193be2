/** Masks in the log: the runner replaces them in everything that is printed later, by whatever step of the job. */
import { setSecret } from "@actions/core";
import type { Token } from "../core/token.ts";
import { splitParts } from "../detect/detector.ts";
import type { Ruleset } from "../rules/ruleset.ts";

/** Each token and its secret part, which can be printed without the rest. */
export function maskInLog(tokens: readonly Token[], ruleset: Ruleset): void {
  for (const token of tokens) {
    const raw = token.reveal();
    setSecret(raw);
    setSecret(secretPart(token, raw, ruleset));
  }
}

function secretPart({ rule: id, confidence }: Token, raw: string, ruleset: Ruleset): string {
  const rule = ruleset.rules.find((one) => one.rule.id === id)!;
  const secret = confidence === "certain" ? splitParts(raw, rule).secret : "";
  // Another shape than the documented one: all that follows the prefix.
  return secret === "" ? raw.slice(rule.prefix.length) : secret;
}
