/** Tokens from standard input, one a line: an argument would stand in the list of processes and in the shell's history. */
import type { ReadStream } from "node:tty";
import { KeyrecallError } from "../core/errors.ts";
import type { Token } from "../core/token.ts";
import { Detector } from "../detect/detector.ts";
import { compileRules } from "../rules/ruleset.ts";
import type { Rule } from "../rules/schema.ts";

/** Of UTF-8, as single bytes: some shells put it in front of what they pipe. */
const BYTE_ORDER_MARK = /^\u00ef\u00bb\u00bf/;
const MAX_INPUT_BYTES = 16 * 1024 * 1024;

/** @throws {KeyrecallError} `usage` for a line that is no token; nothing of it is shown */
export async function readTokens(input: NodeJS.ReadStream, rules: readonly Rule[]): Promise<Token[]> {
  const text = (input.isTTY ? await readUnseen(input) : await readAll(input)).replace(BYTE_ORDER_MARK, "");
  const detector = new Detector(compileRules(rules), { minConfidence: "suspect" });
  const tokens = new Map<string, Token>();
  for (const [index, line] of text.split("\n").entries()) {
    const bytes = Buffer.from(line.trim());
    if (bytes.length === 0) continue;
    const hit = detector.find(bytes).find(({ start, end }) => start === 0 && end === bytes.length);
    if (hit === undefined) {
      throw new KeyrecallError("usage", `line ${index + 1} of standard input is no token`, {
        hint: "one token a line and nothing else; placeholders are no tokens",
      });
    }
    tokens.set(hit.token.fingerprint, hit.token);
  }
  if (tokens.size === 0) {
    throw new KeyrecallError("usage", "standard input holds no token", {
      hint: "give the tokens there, one a line, from a file: < tokens.txt",
    });
  }
  return [...tokens.values()];
}

async function readAll(input: NodeJS.ReadStream): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of input as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > MAX_INPUT_BYTES) {
      throw new KeyrecallError("usage", "standard input is larger than 16 MB", { hint: "give one token a line" });
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("latin1");
}

const INTERRUPT = "\u0003";
const END = "\u0004";
const BACKSPACES = new Set(["\u007f", "\b"]);

/** Reads from a terminal without showing what is typed or pasted, up to an empty line or Ctrl-D. */
function readUnseen(input: ReadStream): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const finish = (): void => {
      input.setRawMode(false);
      input.pause();
      input.removeListener("data", onData);
      resolve(text);
    };
    const onData = (bytes: Buffer): void => {
      for (const character of bytes.toString("latin1").replaceAll("\r", "\n")) {
        if (character === INTERRUPT) {
          finish();
          process.kill(process.pid, "SIGINT");
          return;
        }
        if (character === END || (character === "\n" && (text === "" || text.endsWith("\n")))) {
          finish();
          return;
        }
        text = BACKSPACES.has(character) ? text.slice(0, -1) : text + character;
      }
    };
    // First the terminal is told not to show anything: who is asked may answer at once.
    input.setRawMode(true);
    process.stderr.write("Paste tokens, one a line; they are not shown. An empty line or Ctrl-D ends.\r\n");
    input.on("data", onData);
    input.resume();
  });
}
