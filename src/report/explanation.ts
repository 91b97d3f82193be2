/** What `keyrecall explain` says: what a holder can do, and how to rotate. */
import type pc from "picocolors";
import type { BlastRadius } from "../core/blast-radius.ts";
import type { Token } from "../core/token.ts";
import type { Verdict } from "../core/verdict.ts";
import type { RotationGuide } from "../respond/rotation.ts";
import { escapeForMarkdown, escapeForTerminal } from "./escape.ts";
import { toJson } from "./json.ts";
import { rotationMarkdown, rotationText } from "./rotation.ts";
import { blastRadiusLines, verdictWord } from "./verification.ts";

export interface Explanation {
  readonly name: string;
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
        ...(verdict === null || verdict.state === "unchecked"
          ? []
          : [`  ${verdictWord(verdict, colors)}: ${escapeForTerminal(verdict.reason)}`]),
        ...blastRadiusLines(blastRadius),
        "",
        rotationText(rotation),
      ].join("\n"),
    )
    .join("\n");
}

export function explanationMarkdown(explanations: readonly Explanation[]): string {
  return explanations
    .map(({ name, token, verdict, blastRadius, rotation }) => {
      const { summary, can, cannot, workloads = [], notes = [] } = blastRadius;
      return [
        `## ${token === null ? name : `${name} ${escapeForMarkdown(token.masked)}`}`,
        "",
        ...(verdict === null || verdict.state === "unchecked"
          ? []
          : [`**${verdict.state}**: ${escapeForMarkdown(verdict.reason)}`, ""]),
        `Whoever has it ${summary}.`,
        "",
        ...can.map((one) => `- can ${one}`),
        ...cannot.map((one) => `- cannot ${one}`),
        ...workloads.map(
          ({ project, slug, gpu }) =>
            `- at risk: ${escapeForMarkdown(`${project}/${slug}`)}${gpu ? ", GPUs provisioned" : ""}`,
        ),
        ...notes.map((note) => `- note: ${escapeForMarkdown(note)}`),
        "",
        rotationMarkdown(rotation),
      ].join("\n");
    })
    .join("\n");
}

export function explanationJson(explanations: readonly Explanation[]): string {
  const tokens = explanations.map(({ name, token, verdict, blastRadius, rotation }) => ({
    name,
    ...(token === null ? {} : { fingerprint: token.fingerprint, masked: token.masked }),
    ...(verdict === null ? {} : { verdict }),
    blastRadius,
    rotation,
  }));
  return `${toJson({ schema: 1, tokens })}\n`;
}
