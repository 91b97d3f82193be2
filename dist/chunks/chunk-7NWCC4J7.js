// src/core/exit-code.ts
var ExitCode = {
  clean: 0,
  found: 1,
  usage: 2,
  incomplete: 3,
  responseFailed: 4,
  stillLive: 5,
  bug: 70,
  interrupted: 130
};
var PRECEDENCE = [130, 70, 2, 5, 1, 4, 3, 0];
function strongestExitCode(codes) {
  const held = new Set(codes);
  return PRECEDENCE.find((code) => held.has(code)) ?? ExitCode.clean;
}

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
function escapeForMarkdown(text) {
  const visible = escapeForTerminal(text).replaceAll("|", "\\x7c");
  if (visible === "") return "` `";
  let longest = 0;
  for (const [run] of visible.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${visible}${fence}` : `${fence} ${visible} ${fence}`;
}

export {
  ExitCode,
  strongestExitCode,
  STEERING_CHARACTERS,
  escapeForTerminal,
  escapeForMarkdown
};
