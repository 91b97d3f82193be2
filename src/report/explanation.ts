/** What `keyrecall explain` says: what a holder can do, and how to rotate. */
import type pc from "picocolors";
import type { BlastRadius } from "../core/blast-radius.ts";
import type { Plane, Token } from "../core/token.ts";
import type { Verdict, VerdictState } from "../core/verdict.ts";
import type { RotationGuide } from "../respond/rotation.ts";
import { escapeForMarkdown, escapeForTerminal } from "./escape.ts";
import { toJson } from "./json.ts";
import { rotationMarkdown, rotationText } from "./rotation.ts";
import { blastRadiusLines, identityOf, verdictWord, workloadLines } from "./verification.ts";

export interface Explanation {
  /** Of the rule. */
  readonly name: string;
  readonly rule: string;
  readonly plane: Plane | null;
  /** Null where a whole plane is explained. */
  readonly token: Token | null;
  readonly verdict: Verdict | null;
  readonly blastRadius: BlastRadius;
  readonly rotation: RotationGuide;
}

export function explanationText(
  explanations: readonly Explanation[],
  colors: ReturnType<typeof pc.createColors>,
): string {
  return explanations
    .map(({ name, token, verdict, blastRadius, rotation }) =>
      [
        colors.bold(token === null ? name : `${token.masked}  ${name}`),
        ...(verdict === null ? [] : [`  ${verdictWord(verdict, colors)}: ${escapeForTerminal(verdict.reason)}`]),
        ...(verdict?.state === "revoked" ? [`  ${NO_MORE}`] : []),
        ...blastRadiusLines(blastRadius),
        "",
        rotationText(rotation),
      ].join("\n"),
    )
    .join("\n");
}

const WORDS: Readonly<Record<VerdictState, string>> = {
  live: "live",
  revoked: "revoked",
  unknown: "unknown",
  unchecked: "not verified",
};

const NO_MORE = "Nobody can do anything with it any more; while it worked:";

export function explanationMarkdown(explanations: readonly Explanation[]): string {
  return explanations
    .map(({ name, token, verdict, blastRadius, rotation }) => {
      const { summary, can, cannot, workloads = [], notes = [] } = blastRadius;
      return [
        `## ${token === null ? name : `${name} ${escapeForMarkdown(token.masked)}`}`,
        "",
        ...(verdict === null ? [] : [`**${WORDS[verdict.state]}**: ${escapeForMarkdown(verdict.reason)}`, ""]),
        ...(verdict?.state === "revoked" ? [NO_MORE, ""] : []),
        `Whoever has it ${summary}.`,
        "",
        ...can.map((one) => `- can ${one}`),
        ...cannot.map((one) => `- cannot ${one}`),
        ...workloadLines(workloads).map((line) => `- at risk: ${escapeForMarkdown(line)}`),
        ...notes.map((note) => `- note: ${escapeForMarkdown(note)}`),
        "",
        rotationMarkdown(rotation),
      ].join("\n");
    })
    .join("\n");
}

/** The contract: `docs/schema/explanation.schema.json`. */
export function explanationJson(explanations: readonly Explanation[]): string {
  const tokens = explanations.map(({ name, rule, plane, token, verdict, blastRadius, rotation }) => ({
    name,
    ...(token === null ? { rule, plane } : identityOf(token)),
    ...(verdict === null ? {} : { verdict }),
    blastRadius,
    rotation,
  }));
  return `${toJson({ schema: 1, tokens })}\n`;
}
