/** Names and messages are whoever wrote the commit's: nothing of theirs may steer a terminal. */

/** Control characters, invisible marks, marks that turn the direction of text, and bytes that are not UTF-8. */
export const STEERING_CHARACTERS =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]/gu;

/** The text with all of them as visible escapes. */
export function escapeForTerminal(text: string): string {
  return text.replace(STEERING_CHARACTERS, (character) => {
    const code = character.charCodeAt(0);
    if (code >= 0xdc00 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16).padStart(2, "0")}`;
    if (character === "\n") return "\\n";
    if (character === "\r") return "\\r";
    if (character === "\t") return "\\t";
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/**
 * For the log of a GitHub workflow, whose runner takes `##[` anywhere for a command, and `::` at the start of a line: a
 * line must not begin with such a text.
 */
export function escapeForWorkflow(text: string): string {
  return escapeForTerminal(text).replaceAll("##[", "## [");
}

/** The text as a code span: nothing in it is Markdown, HTML, a mention or a link, in a paragraph, a list or a table. */
export function escapeForMarkdown(text: string): string {
  // A pipe ends a cell of a table even within a code span, and parsers differ about a backslash before it.
  const visible = escapeForTerminal(text).replaceAll("|", "\\x7c");
  // A code span has to hold something: two backticks alone would open one that ends wherever the next two stand.
  if (visible === "") return "` `";
  let longest = 0;
  for (const [run] of visible.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  // A blank at either end keeps a backtick of the text from becoming one of the fence.
  return longest === 0 ? `${fence}${visible}${fence}` : `${fence} ${visible} ${fence}`;
}

/** For HTML and XML, as text and within quotes: nothing in it is markup, and nothing of it is a character that XML lacks. */
export function escapeForMarkup(text: string): string {
  // Besides the characters that steer, XML 1.0 has no U+FFFE and U+FFFF.
  return escapeForTerminal(text)
    .replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
