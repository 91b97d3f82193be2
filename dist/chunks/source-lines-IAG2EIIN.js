import "./chunk-SEWDMQ6Q.js";

// src/report/line-hash.ts
var BLOCK = 100;
var BASE = 37n;
var LEAVING_WEIGHT = BigInt.asUintN(64, BASE ** BigInt(BLOCK));
var END_OF_FILE = 65535;
var LINE_FEED = 10;
var CARRIAGE_RETURN = 13;
function lineHashes(text, lines) {
  const hashes = /* @__PURE__ */ new Map();
  const counts = /* @__PURE__ */ new Map();
  const block = Array.from({ length: BLOCK }, () => 0);
  const starts = Array.from({ length: BLOCK }, () => 0);
  let hash = 0n;
  let position = 0;
  let line = 0;
  let isLineStart = true;
  const endLine = () => {
    const started = starts[position];
    if (started === 0) return;
    starts[position] = 0;
    const value = hash.toString(16);
    const count = (counts.get(value) ?? 0) + 1;
    counts.set(value, count);
    if (lines.has(started)) hashes.set(started, `${value}:${count}`);
  };
  const take = (character) => {
    const leaving = block[position];
    block[position] = character;
    hash = BigInt.asUintN(64, BASE * hash + BigInt(character) - LEAVING_WEIGHT * BigInt(leaving));
    position = (position + 1) % BLOCK;
  };
  const read = (character) => {
    endLine();
    if (isLineStart) {
      isLineStart = false;
      line += 1;
      starts[position] = line;
    }
    if (character === LINE_FEED) isLineStart = true;
    take(character);
  };
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === 32 || character === 9) continue;
    if (character === LINE_FEED && text.charCodeAt(index - 1) === CARRIAGE_RETURN) continue;
    read(character === CARRIAGE_RETURN ? LINE_FEED : character);
  }
  read(END_OF_FILE);
  for (let rest = 0; rest < BLOCK; rest++) {
    endLine();
    take(0);
  }
  return hashes;
}

// src/report/source-lines.ts
var LINE_FEED2 = 10;
var CARRIAGE_RETURN2 = 13;
var SourceLines = class {
  #wanted = /* @__PURE__ */ new Map();
  #hashable = /* @__PURE__ */ new Set();
  #lines = /* @__PURE__ */ new Map();
  /** @param isHashable whether a hash of the token may leave this machine */
  constructor(report, isHashable) {
    for (const { fingerprint, occurrences } of report.tokens) {
      const mayBeHashed = isHashable(fingerprint);
      for (const occurrence of occurrences) {
        const name = contentOf(occurrence);
        if (name === null) continue;
        if (mayBeHashed) this.#hashable.add(occurrence);
        const key = keyOf(name);
        const wanted = (this.#wanted.get(key) ?? /* @__PURE__ */ new Set()).add(occurrence.line);
        if (occurrence.end !== void 0) wanted.add(occurrence.end.line);
        this.#wanted.set(key, wanted);
      }
    }
  }
  /** What is to be read, each once. */
  get objects() {
    return [...this.#wanted.keys()].flatMap((key) => key.startsWith(OBJECT) ? [key.slice(OBJECT.length)] : []);
  }
  get paths() {
    return [...this.#wanted.keys()].flatMap((key) => key.startsWith(PATH) ? [key.slice(PATH.length)] : []);
  }
  take(name, bytes) {
    const key = keyOf(name);
    const wanted = this.#wanted.get(key);
    if (wanted === void 0) return;
    const hashes = lineHashes(bytes.toString("utf8"), wanted);
    const lines = /* @__PURE__ */ new Map();
    let start = 0;
    for (let line = 1; start <= bytes.length && lines.size < wanted.size; line++) {
      const feed = bytes.indexOf(LINE_FEED2, start);
      const end = feed === -1 ? bytes.length : feed;
      if (wanted.has(line)) {
        lines.set(line, { bytes: Buffer.from(bytes.subarray(start, end)), hash: hashes.get(line) ?? null });
      }
      if (feed === -1) break;
      start = feed + 1;
    }
    this.#lines.set(key, lines);
  }
  hashOf(occurrence) {
    return this.#hashable.has(occurrence) ? this.#lineOf(occurrence)?.hash ?? null : null;
  }
  /** Where the content is not at hand, a byte is taken for a character. */
  spanOf(occurrence, length) {
    const { line, column, encoding, container, end } = occurrence;
    if (container.length > 0) return { startColumn: column, endLine: line, endColumn: column + 1 };
    if (encoding[0]?.startsWith("utf-16") === true) {
      const startColumn2 = charactersOfWide(column);
      return end === void 0 ? { startColumn: startColumn2, endLine: line, endColumn: startColumn2 + length } : { startColumn: startColumn2, endLine: end.line, endColumn: charactersOfWide(end.column) };
    }
    const bytes = this.#lineOf(occurrence)?.bytes;
    const last = end === void 0 ? bytes : this.#lineOf(occurrence, end.line)?.bytes;
    if (bytes === void 0 || bytes.length < column || last === void 0) {
      return { startColumn: column, endLine: end?.line ?? line, endColumn: end?.column ?? column + length };
    }
    const startColumn = charactersOf(bytes.subarray(0, column - 1)) + 1;
    if (end !== void 0) {
      return { startColumn, endLine: end.line, endColumn: charactersOf(last.subarray(0, end.column - 1)) + 1 };
    }
    const isCut = bytes.at(-1) === CARRIAGE_RETURN2;
    const lineEnd = startColumn + charactersOf(bytes.subarray(column - 1, isCut ? -1 : void 0));
    const endColumn = Math.max(startColumn + 1, Math.min(startColumn + length, lineEnd));
    return { startColumn, endLine: line, endColumn };
  }
  #lineOf(occurrence, line = occurrence.line) {
    const name = contentOf(occurrence);
    return name === null ? void 0 : this.#lines.get(keyOf(name))?.get(line);
  }
};
var OBJECT = "object ";
var PATH = "path ";
function keyOf(name) {
  return "object" in name ? `${OBJECT}${name.object}` : `${PATH}${name.path}`;
}
function contentOf({ kind, object, paths, container }) {
  if (container.length > 0) return null;
  const [path] = paths;
  if ((kind === "blob" || kind === "index") && object !== null) return { object };
  return kind === "file" && path !== void 0 ? { path } : null;
}
function charactersOfWide(column) {
  return Math.floor((column - 1) / 2) + 1;
}
function charactersOf(bytes) {
  return bytes.toString("utf8").length;
}
export {
  SourceLines
};
