import {
  escapeForMarkdown,
  escapeForTerminal
} from "./chunk-WXEWRWTG.js";

// src/report/rotation.ts
var MAX_FILES = 20;
function rotationsOf(rules) {
  return new Map(rules.map(({ id, rotation }) => [id, rotation]));
}
function rotationText(guide) {
  const lines = guide.steps.flatMap(({ what, files = [] }, index) => [
    `  ${index + 1}. ${what}${files.length > 0 ? ":" : ""}`,
    ...files.slice(0, MAX_FILES).map(({ path, kind }) => `       ${escapeForTerminal(path)} (${kind})`),
    ...more(files, "       ")
  ]);
  return `${guide.title}
${lines.join("\n")}
`;
}
function rotationMarkdown(guide, level = 3) {
  const lines = guide.steps.flatMap(({ what, files = [] }, index) => [
    `${index + 1}. ${what}${files.length > 0 ? ":" : ""}`,
    ...files.slice(0, MAX_FILES).map(({ path, kind }) => `   - ${escapeForMarkdown(path)} (${kind})`),
    ...more(files, "   - ")
  ]);
  return `${"#".repeat(level)} ${guide.title}

${lines.join("\n")}
`;
}
function more(files, indent) {
  return files.length > MAX_FILES ? [`${indent}… and ${files.length - MAX_FILES} more`] : [];
}

export {
  rotationsOf,
  rotationText,
  rotationMarkdown
};
