/** How to rotate: the guide, for a terminal and for Markdown, and what the rules say of it. */
import type { Consumer, RotationGuide } from "../respond/rotation.ts";
import type { Rule } from "../rules/schema.ts";
import { escapeForMarkdown, escapeForTerminal } from "./escape.ts";

const MAX_FILES = 20;

/** What rules say of it, by rule. */
export function rotationsOf(rules: readonly Rule[]): ReadonlyMap<string, Rule["rotation"]> {
  return new Map(rules.map(({ id, rotation }) => [id, rotation]));
}

export function rotationText(guide: RotationGuide): string {
  const lines = guide.steps.flatMap(({ what, files = [] }, index) => [
    `  ${index + 1}. ${what}${files.length > 0 ? ":" : ""}`,
    ...files.slice(0, MAX_FILES).map(({ path, kind }) => `       ${escapeForTerminal(path)} (${kind})`),
    ...more(files, "       "),
  ]);
  return `${guide.title}\n${lines.join("\n")}\n`;
}

/** @param level of the heading */
export function rotationMarkdown(guide: RotationGuide, level: number = 3): string {
  const lines = guide.steps.flatMap(({ what, files = [] }, index) => [
    `${index + 1}. ${what}${files.length > 0 ? ":" : ""}`,
    ...files.slice(0, MAX_FILES).map(({ path, kind }) => `   - ${escapeForMarkdown(path)} (${kind})`),
    ...more(files, "   - "),
  ]);
  return `${"#".repeat(level)} ${guide.title}\n\n${lines.join("\n")}\n`;
}

function more(files: readonly Consumer[], indent: string): string[] {
  return files.length > MAX_FILES ? [`${indent}… and ${files.length - MAX_FILES} more`] : [];
}
