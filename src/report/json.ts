/** The report as JSON: the contract, as it is. A terminal may show it, so control characters are escaped. */
import type { Report, ReportedToken } from "../scan/report.ts";
import { STEERING_CHARACTERS } from "./escape.ts";

/** In pieces, of which none ends within a value: a report can be longer than any one string. */
export function* formatJson(report: Report): Generator<string> {
  const { tokens, ...rest } = report;
  yield* withList(rest, "tokens", tokens, formatToken, "");
  yield "\n";
}

function* formatToken(token: ReportedToken, indent: string): Generator<string> {
  const { occurrences, ...rest } = token;
  yield* withList(rest, "occurrences", occurrences, formatValue, indent);
}

function* formatValue(value: object, indent: string): Generator<string> {
  yield toJson(value).replaceAll("\n", `\n${indent}`);
}

/** An object whose last field is a list, laid out as `JSON.stringify` with two blanks would. */
function* withList<Item>(
  fields: object,
  name: string,
  items: readonly Item[],
  format: (item: Item, indent: string) => Iterable<string>,
  indent: string,
): Generator<string> {
  const text = toJson(fields).replaceAll("\n", `\n${indent}`);
  yield text.slice(0, text.lastIndexOf("\n"));
  if (items.length === 0) {
    yield `,\n${indent}  "${name}": []\n${indent}}`;
    return;
  }
  yield `,\n${indent}  "${name}": [`;
  const itemIndent = `${indent}    `;
  for (const [position, item] of items.entries()) {
    yield position === 0 ? `\n${itemIndent}` : `,\n${itemIndent}`;
    yield* format(item, itemIndent);
  }
  yield `\n${indent}  ]\n${indent}}`;
}

/** With line feeds of the layout only: what steers a terminal is escaped. */
export function toJson(value: object): string {
  return JSON.stringify(value, null, 2).replace(STEERING_CHARACTERS, (character) =>
    character === "\n" ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
