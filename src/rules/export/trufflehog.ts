import { notesOf } from "./notes.ts";
/** TruffleHog: custom detectors in YAML, Go's regular expressions. */
import { comments, quoted } from "./quote.ts";
import { harmlessTokens, longerShape, type Shape, tokenOrLonger } from "./shape.ts";

export function exportTrufflehog(shapes: readonly Shape[]): string {
  const notes = notesOf({
    tool: "a verifier",
    encodings: "found as it is written; the tool decodes base64, UTF-16 and some escapes by itself",
    rightContext: "left out up to 192 characters more, also where they are a filler",
    madeUp: "",
    more: [
      "the tool looks at 1000 characters from the beginning of a token: what is longer is not found",
      "of one piece of a file (some ten KB) the tool reports the first hundred matches of a detector",
      "without a verifier every finding is unverified: run it with --results=verified,unknown,unverified",
    ],
  });
  return `${[...comments(notes), "detectors:", ...shapes.flatMap(detector)].join("\n")}\n`;
}

function detector(shape: Shape): string[] {
  const { rule } = shape;
  const excluded = [longerShape(shape) ?? [], harmlessTokens(shape)].flat();
  return [
    `  - name: ${quoted(rule.id)}`,
    `    description: ${quoted(`${rule.name}: whoever has it ${rule.blastRadius.summary}`)}`,
    "    keywords:",
    `      - ${quoted(rule.grammar.prefix)}`,
    "    regex:",
    `      token: ${quoted(tokenOrLonger(shape))}`,
    ...(excluded.length === 0 ? [] : ["    exclude_regexes_match:"]),
    ...excluded.map((pattern) => `      - ${quoted(pattern)}`),
  ];
}
