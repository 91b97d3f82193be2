/** secretlint: the rule `@secretlint/secretlint-rule-pattern`, regular expressions of JavaScript. */
import { notesOf } from "./notes.ts";
import { harmlessTokens, type Shape, tokenByLook } from "./shape.ts";

export function exportSecretlint(shapes: readonly Shape[]): string {
  const configuration = {
    rules: [
      {
        id: "@secretlint/secretlint-rule-pattern",
        options: {
          patterns: shapes.map((shape) => ({ name: shape.rule.id, patterns: [`/${tokenByLook(shape)}/`] })),
          allows: shapes.flatMap(harmlessTokens).map((pattern) => `/${pattern}/`),
        },
      },
    ],
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}

export function secretlintNotes(): string[] {
  return notesOf({
    tool: "it",
    encodings: "found as it is written; the tool decodes nothing and reads text files only",
    rightContext: "",
    madeUp: "",
    more: [
      "before version 12 the tool prints what it finds unless it is told --maskSecrets; its JSON report holds the whole files even then",
    ],
  });
}
