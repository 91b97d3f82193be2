import {
  Detector
} from "./chunk-O7S4ABFV.js";
import {
  compileRules
} from "./chunk-LCFWLN64.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";

// src/cli/token-input.ts
var BYTE_ORDER_MARK = /^\u00ef\u00bb\u00bf/;
var MAX_INPUT_BYTES = 16 * 1024 * 1024;
async function readTokens(input, rules) {
  const text = (input.isTTY ? await readUnseen(input) : await readAll(input)).replace(BYTE_ORDER_MARK, "");
  const detector = new Detector(compileRules(rules), { minConfidence: "suspect" });
  const tokens = /* @__PURE__ */ new Map();
  for (const [index, line] of text.split("\n").entries()) {
    const bytes = Buffer.from(line.trim());
    if (bytes.length === 0) continue;
    const hit = detector.find(bytes).find(({ start, end }) => start === 0 && end === bytes.length);
    if (hit === void 0) {
      throw new KeyrecallError("usage", `line ${index + 1} of standard input is no token`, {
        hint: "one token a line and nothing else; placeholders are no tokens"
      });
    }
    tokens.set(hit.token.fingerprint, hit.token);
  }
  if (tokens.size === 0) {
    throw new KeyrecallError("usage", "standard input holds no token", {
      hint: "give the tokens there, one a line, from a file: < tokens.txt"
    });
  }
  return [...tokens.values()];
}
async function readAll(input) {
  const pieces = [];
  let length = 0;
  for await (const piece of input) {
    length += piece.length;
    if (length > MAX_INPUT_BYTES) {
      throw new KeyrecallError("usage", "standard input is larger than 16 MB", { hint: "give one token a line" });
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("latin1");
}
var INTERRUPT = "";
var END = "";
var BACKSPACES = /* @__PURE__ */ new Set(["", "\b"]);
function readUnseen(input) {
  return new Promise((resolve) => {
    let text = "";
    const finish = () => {
      input.setRawMode(false);
      input.pause();
      input.removeListener("data", onData);
      resolve(text);
    };
    const onData = (bytes) => {
      for (const character of bytes.toString("latin1").replaceAll("\r", "\n")) {
        if (character === INTERRUPT) {
          finish();
          process.kill(process.pid, "SIGINT");
          return;
        }
        if (character === END || character === "\n" && (text === "" || text.endsWith("\n"))) {
          finish();
          return;
        }
        text = BACKSPACES.has(character) ? text.slice(0, -1) : text + character;
      }
    };
    input.setRawMode(true);
    process.stderr.write("Paste tokens, one a line; they are not shown. An empty line or Ctrl-D ends.\r\n");
    input.on("data", onData);
    input.resume();
  });
}

export {
  readTokens
};
