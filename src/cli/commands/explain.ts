/** `keyrecall explain` */
import { loadRules } from "../../config/load.ts";
import { KeyrecallError } from "../../core/errors.ts";
import { ExitCode } from "../../core/exit-code.ts";
import type { Plane } from "../../core/token.ts";
import type { Verdict } from "../../core/verdict.ts";
import { type Explanation, explanationJson, explanationMarkdown, explanationText } from "../../report/explanation.ts";
import { blastRadiusNow, blastRadiusOf } from "../../respond/blast-radius.ts";
import { rotationGuide } from "../../respond/rotation.ts";
import type { Rule } from "../../rules/schema.ts";
import { colorsFor } from "../colors.ts";
import { MaskedOutput } from "../masked-output.ts";
import { readTokens } from "../token-input.ts";
import { consumersOf } from "./consumers.ts";
import { startVerification, type VerificationFlags } from "./verification-options.ts";

export interface ExplainFlags extends VerificationFlags {
  readonly verify?: boolean;
  readonly rules?: string[];
  readonly format: "text" | "json" | "markdown";
  readonly color: boolean;
}

export async function runExplain(
  plane: Plane | undefined,
  flags: ExplainFlags,
  signal: AbortSignal,
): Promise<ExitCode> {
  const rules = await loadRules(flags.rules ?? []);
  if (plane !== undefined && flags.verify === true) {
    throw new KeyrecallError("usage", "--verify is for tokens on standard input, not for a plane", {
      hint: "leave the plane out and give the token there",
    });
  }
  const { explanations, hasFailure } =
    plane === undefined
      ? await explainTokens(rules, flags, signal)
      : { explanations: await explainPlane(plane, rules, signal), hasFailure: false };
  const format = { text: explanationText, json: explanationJson, markdown: explanationMarkdown }[flags.format];
  new MaskedOutput(rules).write(format(explanations, colorsFor(flags.color)));
  return hasFailure ? ExitCode.responseFailed : ExitCode.clean;
}

const NOT_ASKED: Verdict = { state: "unchecked", reason: "--verify asks the API whether it works" };

async function explainPlane(plane: Plane, rules: readonly Rule[], signal: AbortSignal): Promise<Explanation[]> {
  const ofPlane = rules.filter((rule) => rule.plane === plane);
  const explanations: Explanation[] = [];
  for (const rule of ofPlane) {
    const rotation = rotationGuide(rule, await consumersOf(rule, signal));
    explanations.push({ ...namesOf(rule), token: null, verdict: null, blastRadius: blastRadiusOf(rule), rotation });
  }
  return explanations;
}

async function explainTokens(
  rules: readonly Rule[],
  flags: ExplainFlags,
  signal: AbortSignal,
): Promise<{ explanations: Explanation[]; hasFailure: boolean }> {
  const tokens = await readTokens(process.stdin, rules);
  const verification = flags.verify === true ? await startVerification(flags, { signal }) : null;
  try {
    const verified = await verification?.verifier.verifyAll(tokens.map((token) => ({ token })));
    const explanations: Explanation[] = [];
    for (const token of tokens) {
      const rule = rules.find(({ id }) => id === token.rule)!;
      const verdict = verified?.get(token.fingerprint)?.verdict ?? NOT_ASKED;
      const blastRadius =
        verification === null
          ? blastRadiusOf(rule)
          : await blastRadiusNow(rule, token, verdict, verification.verifier, verification.own);
      const rotation = rotationGuide(rule, await consumersOf(rule, signal));
      explanations.push({ ...namesOf(rule), token, verdict, blastRadius, rotation });
    }
    return { explanations, hasFailure: [...(verified?.values() ?? [])].some(({ isFailure }) => isFailure) };
  } finally {
    await verification?.close();
  }
}

function namesOf({ id, name, plane }: Rule): Pick<Explanation, "name" | "rule" | "plane"> {
  return { name, rule: id, plane: plane ?? null };
}
