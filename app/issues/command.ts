/** Commands in comments of a rotation issue: how they are written, and what is answered. */
import { plain } from "./markdown.ts";

export type CommandName = "verify" | "resolve" | "false-alarm" | "approve";

export interface Command {
  readonly name: CommandName;
  /** Without tokens, in one line; empty where none was given. */
  readonly reason: string;
}

export type CommandReading =
  | { readonly kind: "none" }
  | { readonly kind: "unclear"; readonly why: string }
  | { readonly kind: "command"; readonly command: Command };

const NAMES: readonly CommandName[] = ["verify", "resolve", "false-alarm", "approve"];
const WITH_REASON: ReadonlySet<CommandName> = new Set(["resolve", "false-alarm"]);
const MAX_REASON = 300;
/** Further in it is code. */
const BEGIN = /^ {0,3}\/keyrecall(?=\s|$)/i;

/** Only where the comment begins with it: a quotation, an example in the middle and a line of code are none. */
export function readCommand(body: string): CommandReading {
  const lines = body
    .replace(/^(?:[ \t]*\r?\n)+/, "")
    .trimEnd()
    .split(/\r?\n/);
  const [first = "", ...rest] = lines;
  if (!BEGIN.test(first)) return { kind: "none" };
  if (rest.some((line) => BEGIN.test(line))) return { kind: "unclear", why: "one command in one comment" };
  const [, word = "", reason = ""] = /^ *\/\S+\s*(\S*)\s*(.*)$/u.exec(first) ?? [];
  const name = NAMES.find((one) => one === word.toLowerCase());
  if (name === undefined) {
    return {
      kind: "unclear",
      why: "the commands are `verify`, `resolve <reason>`, `false-alarm <reason>` and `approve`",
    };
  }
  if (WITH_REASON.has(name) && reason.trim() === "") {
    return { kind: "unclear", why: `say why: \`/keyrecall ${name} <reason>\`` };
  }
  return { kind: "command", command: { name, reason: plain(reason.trim(), MAX_REASON) } };
}
