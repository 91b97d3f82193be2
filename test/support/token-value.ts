// A made token as the value object that the sources pass around.
import { Token } from "../../src/core/token.ts";
import type { MadeToken } from "./token.ts";

export function asToken(made: MadeToken, facts: { readonly isGuessable?: boolean; readonly raw?: string } = {}): Token {
  return new Token(facts.raw ?? made.raw, {
    rule: `inferencekey-${made.plane}-token`,
    plane: made.plane,
    confidence: "certain",
    prefix: made.prefix,
    publicId: made.publicId,
    isGuessable: facts.isGuessable ?? false,
  });
}
