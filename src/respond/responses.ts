/** What is known of each found token: a verdict, and what its holder can do. */
import type { ApiHints } from "../core/api-hints.ts";
import type { BlastRadius } from "../core/blast-radius.ts";
import type { Token } from "../core/token.ts";
import type { Verdict } from "../core/verdict.ts";
import type { Rule } from "../rules/schema.ts";
import type { Verifier } from "../verify/verifier.ts";
import { blastRadiusNow } from "./blast-radius.ts";

export interface Responses {
  readonly byToken: ReadonlyMap<string, { readonly verdict: Verdict; readonly blastRadius: BlastRadius }>;
  /** A token could not be asked about. */
  readonly hasFailure: boolean;
}

/** Asks about each token once. @param projects of the operator, whose workloads may be listed */
export async function respondTo(
  tokens: readonly Token[],
  hintsOf: (fingerprint: string) => ApiHints,
  rules: readonly Rule[],
  verifier: Verifier,
  projects: readonly string[],
): Promise<Responses> {
  const verified = await verifier.verifyAll(tokens.map((token) => ({ token, hints: hintsOf(token.fingerprint) })));
  const byToken = new Map<string, { verdict: Verdict; blastRadius: BlastRadius }>();
  for (const token of tokens) {
    const { verdict } = verified.get(token.fingerprint)!;
    const rule = rules.find(({ id }) => id === token.rule)!;
    const blastRadius = await blastRadiusNow(rule, token, verdict, verifier, projects);
    byToken.set(token.fingerprint, { verdict, blastRadius });
  }
  return { byToken, hasFailure: [...verified.values()].some(({ isFailure }) => isFailure) };
}
