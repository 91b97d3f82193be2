// src/report/escape.ts
var STEERING_CHARACTERS = (
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]/gu
);
function escapeForTerminal(text) {
  return text.replace(STEERING_CHARACTERS, (character) => {
    const code = character.charCodeAt(0);
    if (code >= 56320 && code <= 56575) return `\\x${(code - 56320).toString(16).padStart(2, "0")}`;
    if (character === "\n") return "\\n";
    if (character === "\r") return "\\r";
    if (character === "	") return "\\t";
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
function escapeForWorkflow(text) {
  return escapeForTerminal(text).replaceAll("##[", "## [");
}
function escapeForMarkdown(text) {
  const visible = escapeForTerminal(text).replaceAll("|", "\\x7c");
  if (visible === "") return "` `";
  let longest = 0;
  for (const [run] of visible.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${visible}${fence}` : `${fence} ${visible} ${fence}`;
}
function escapeForMarkup(text) {
  return escapeForTerminal(text).replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export {
  STEERING_CHARACTERS,
  escapeForTerminal,
  escapeForWorkflow,
  escapeForMarkdown,
  escapeForMarkup
};
