/** Asks about tokens, and of those that work what their holders reach. */
import type { BlastRadius } from "../core/blast-radius.ts";
import type { Token } from "../core/token.ts";
import type { Verdict } from "../core/verdict.ts";
import type { Rule } from "../rules/schema.ts";
import type { TokenToVerify, Verifier } from "../verify/verifier.ts";
import { blastRadiusNow, blastRadiusOf, type OwnThings } from "./blast-radius.ts";

export interface TokenAnswer {
  readonly token: Token;
  readonly verdict: Verdict;
  readonly blastRadius: BlastRadius;
  /** There was no answer to judge. */
  readonly isFailure: boolean;
}

/** Lists of workloads that are asked for at a time. */
const LISTS_AT_A_TIME = 8;

/** @returns by fingerprint; after an interruption with what was answered before it */
export async function verifyTokens(
  targets: readonly TokenToVerify[],
  { verifier, own }: { readonly verifier: Verifier; readonly own: OwnThings },
  rules: readonly Rule[],
  signal: AbortSignal,
): Promise<Map<string, TokenAnswer>> {
  const verified = await verifier.verifyUntilInterrupted(targets);
  const tokens = [...new Map(targets.map(({ token }) => [token.fingerprint, token])).values()];
  const answers = new Map<string, TokenAnswer>();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let token = tokens[next++]; token !== undefined; token = tokens[next++]) {
      const { verdict, isFailure } = verified.get(token.fingerprint)!;
      const { rule: ruleId } = token;
      const rule = rules.find(({ id }) => id === ruleId)!;
      let blastRadius = blastRadiusOf(rule);
      try {
        if (!signal.aborted) blastRadius = await blastRadiusNow(rule, token, verdict, verifier, own);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
      answers.set(token.fingerprint, { token, verdict, blastRadius, isFailure });
    }
  };
  await Promise.all(Array.from({ length: LISTS_AT_A_TIME }, work));
  return answers;
}
