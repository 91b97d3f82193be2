/** Names and messages are whoever wrote the commit's: nothing of theirs may steer a terminal. */
/** Control characters, invisible marks, marks that turn the direction of text, and bytes that are not UTF-8. */
export declare const STEERING_CHARACTERS: RegExp;
/** The text with all of them as visible escapes. */
export declare function escapeForTerminal(text: string): string;
/**
 * For the log of a GitHub workflow, whose runner takes `##[` anywhere for a command, and `::` at the start of a line: a
 * line must not begin with such a text.
 */
export declare function escapeForWorkflow(text: string): string;
/** The text as a code span: nothing in it is Markdown, HTML, a mention or a link, in a paragraph, a list or a table. */
export declare function escapeForMarkdown(text: string): string;
/** For HTML and XML, as text and within quotes: nothing in it is markup, and nothing of it is a character that XML lacks. */
export declare function escapeForMarkup(text: string): string;
