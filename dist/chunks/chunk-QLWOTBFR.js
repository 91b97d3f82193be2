import {
  STEERING_CHARACTERS
} from "./chunk-WXEWRWTG.js";

// src/report/json.ts
function* formatJson(report) {
  const { tokens, ...rest } = report;
  yield* withList(rest, "tokens", tokens, formatToken, "");
  yield "\n";
}
function* formatToken(token, indent) {
  const { occurrences, ...rest } = token;
  yield* withList(rest, "occurrences", occurrences, formatValue, indent);
}
function* formatValue(value, indent) {
  yield toJson(value).replaceAll("\n", `
${indent}`);
}
function* withList(fields, name, items, format, indent) {
  const text = toJson(fields).replaceAll("\n", `
${indent}`);
  yield text.slice(0, text.lastIndexOf("\n"));
  if (items.length === 0) {
    yield `,
${indent}  "${name}": []
${indent}}`;
    return;
  }
  yield `,
${indent}  "${name}": [`;
  const itemIndent = `${indent}    `;
  for (const [position, item] of items.entries()) {
    yield position === 0 ? `
${itemIndent}` : `,
${itemIndent}`;
    yield* format(item, itemIndent);
  }
  yield `
${indent}  ]
${indent}}`;
}
function toJson(value) {
  return JSON.stringify(value, null, 2).replace(
    STEERING_CHARACTERS,
    (character) => character === "\n" ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
  );
}

export {
  formatJson,
  toJson
};
