import { notesOf } from "./notes.ts";
/** Kingfisher: YAML rules, no looks around. */
import { comments, quoted } from "./quote.ts";
import { endOf, type Shape } from "./shape.ts";

export function exportKingfisher(shapes: readonly Shape[]): string {
  const notes = notesOf({
    tool: "a validator",
    encodings: "found as it is written; the tool decodes base64 by itself, and no UTF-16",
    rightContext:
      "left out, also where it is a filler or goes on as a word; of two tokens without anything between only the first may be found",
    madeUp: "",
    more: ["give the file with --rules-path; --load-builtins=false leaves the tool's own rules out"],
  });
  return `${[...comments(notes), "rules:", ...shapes.flatMap(rule)].join("\n")}\n`;
}

function rule(shape: Shape): string[] {
  const { id, name } = shape.rule;
  const end = endOf(shape);
  const ignored = [...shape.placeholders, ...shape.madeUp.map(({ unit, count }) => unit.repeat(count))];
  return [
    `  - name: ${quoted(name)}`,
    `    id: ${quoted(`custom.${id}`)}`,
    `    pattern: ${quoted(end === null ? `(${shape.token})` : `(${shape.token})(?:\\z|${end})`)}`,
    "    min_entropy: 0.0",
    "    confidence: high",
    ...(ignored.length === 0 ? [] : ["    pattern_requirements:", "      ignore_if_contains:"]),
    ...ignored.map((text) => `        - ${quoted(text)}`),
  ];
}
