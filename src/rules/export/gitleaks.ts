import { notesOf } from "./notes.ts";
/** gitleaks and betterleaks: TOML, regular expressions of RE2. */
import { comments, literalToml, quoted } from "./quote.ts";
import { harmlessTokens, longerShape, type Shape, tokenOrLonger } from "./shape.ts";

const RIGHT_CONTEXT =
  "left out up to 192 characters more, also where they are a filler (Keyrecall takes 8 or more of the same for one)";
const ENCODINGS =
  "found as it is written; the tool decodes some forms by itself (base64, hex, percent, up to --max-decode-depth), and no UTF-16";

export function exportGitleaks(shapes: readonly Shape[]): string {
  const notes = notesOf({ tool: "a validator", encodings: ENCODINGS, rightContext: RIGHT_CONTEXT, madeUp: "" });
  const head = [
    ...comments(notes),
    "# To keep the rules of gitleaks as well, take the next two lines in:",
    "# [extend]",
    "# useDefault = true",
    "",
    'title = "Keyrecall"',
  ];
  return `${[...head, ...shapes.flatMap(gitleaksRule)].join("\n")}\n`;
}

function gitleaksRule(shape: Shape): string[] {
  const allowed = leftOut(shape);
  const allowlist = [
    "[[rules.allowlists]]",
    'description = "another shape, or made up"',
    'regexTarget = "match"',
    "regexes = [",
    ...allowed.map((pattern) => `  ${literalToml(pattern)},`),
    "]",
  ];
  return ["", ...ruleLines(shape), ...(allowed.length === 0 ? [] : allowlist)];
}

export function exportBetterleaks(shapes: readonly Shape[]): string {
  const notes = notesOf({ tool: "betterleaks", encodings: ENCODINGS, rightContext: RIGHT_CONTEXT, madeUp: "" });
  const head = [
    ...comments(notes),
    "# To keep the rules of betterleaks as well, take the next two lines in:",
    "# [extend]",
    "# useDefault = true",
    "",
    'title = "Keyrecall"',
  ];
  return `${[...head, ...shapes.flatMap(betterleaksRule)].join("\n")}\n`;
}

function betterleaksRule(shape: Shape): string[] {
  const allowed = leftOut(shape);
  if (allowed.length === 0) return ["", ...ruleLines(shape)];
  // The operator is Expr's own: the functions for this have other names in each version of betterleaks.
  const filter = allowed.map((pattern) => `finding["match"] matches ${quoted(pattern)}`).join(" ||\n");
  return ["", ...ruleLines(shape), `filter = ${filter.includes("'''") ? quoted(filter) : `'''\n${filter}\n'''`}`];
}

function ruleLines(shape: Shape): string[] {
  const { rule } = shape;
  return [
    "[[rules]]",
    `id = ${quoted(rule.id)}`,
    `description = ${quoted(`${rule.name}: whoever has it ${rule.blastRadius.summary}`)}`,
    `regex = ${literalToml(tokenOrLonger(shape))}`,
    `keywords = [${quoted(rule.grammar.prefix.toLowerCase())}]`,
  ];
}

function leftOut(shape: Shape): string[] {
  return [longerShape(shape) ?? [], harmlessTokens(shape)].flat();
}
