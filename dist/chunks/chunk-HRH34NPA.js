import {
  NO_HINTS
} from "./chunk-BNOIKOU6.js";
import {
  LineCounter,
  Tail,
  characterEncodingOf,
  eachLineFeed,
  formatByBeginning,
  mayEndAsContainer,
  unopenedFormat,
  unpackWhole
} from "./chunk-O7S4ABFV.js";
import {
  encodeByteText
} from "./chunk-QQ2TBE5L.js";
import {
  messageOf,
  systemCodeOf
} from "./chunk-U52VU3KD.js";
import {
  entryNamesOf
} from "./chunk-YV5PFDMU.js";

// src/sources/file-reader.ts
import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync } from "node:fs";
var NOT_A_FILE = "is not a regular file";
var WHOLE_FILE_BYTES = 4 * 1024 * 1024;
var BUFFER_OFFSET = 64;
function makeFileBuffer() {
  return Buffer.allocUnsafe(BUFFER_OFFSET + WHOLE_FILE_BYTES + 1).subarray(BUFFER_OFFSET);
}
var FileReader = class {
  #root;
  #sink;
  #buffer;
  #signal;
  #looksOnly;
  constructor(root, sink, { buffer = makeFileBuffer(), signal, looksOnly = false } = {}) {
    this.#root = root;
    this.#sink = sink;
    this.#buffer = buffer;
    this.#signal = signal;
    this.#looksOnly = looksOnly;
  }
  /**
   * Small files are read at once; a large one takes so long that it is waited for.
   *
   * @returns `directory` where the name stands for one, with nothing read
   */
  read(file, { followsLink = false } = {}) {
    const absolute = this.#absolute(file);
    let descriptor;
    try {
      const noFollow = followsLink ? 0 : constants.O_NOFOLLOW ?? 0;
      descriptor = openSync(absolute, constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0));
    } catch (error) {
      return this.#readUnopened(file, absolute, error);
    }
    let large = null;
    try {
      large = this.#readBegin(file, descriptor);
    } catch (error) {
      if (systemCodeOf(error) === "EISDIR") return "directory";
      this.#fail(file, descriptor, error);
    } finally {
      if (large === null) closeSync(descriptor);
    }
    return large === null ? "done" : this.#readRest(file, descriptor, large);
  }
  #readUnopened(file, absolute, error) {
    const { coverage } = this.#sink;
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return "done";
    try {
      const stat = lstatSync(absolute);
      if (stat.isDirectory()) return "directory";
      if (stat.isSymbolicLink()) {
        const target = readlinkSync(absolute, "buffer");
        coverage.files += 1;
        coverage.bytes += target.length;
        this.#sink.scan({ kind: "file", path: file }, target);
        return "done";
      }
      if (!stat.isFile()) {
        coverage.skip({ what: file, why: NOT_A_FILE });
        return "done";
      }
    } catch {
    }
    coverage.gap({ what: `file ${file}`, why: `cannot be read: ${messageOf(error)}` });
    return "done";
  }
  /**
   * Reads until the buffer is full or the file ends: a read may give less than there is.
   *
   * @param from null to go on where the last read ended
   */
  #fill(descriptor, from) {
    let length = 0;
    while (length < this.#buffer.length) {
      const position = from === null ? null : from + length;
      const count = readSync(descriptor, this.#buffer, length, this.#buffer.length - length, position);
      if (count === 0) break;
      length += count;
    }
    return length;
  }
  /**
   * What is not a file shows by an error, by having nothing or by having no end; only then it is asked.
   *
   * @returns what looks through a large file, of which the buffer holds the beginning
   */
  #readBegin(file, descriptor) {
    const { coverage } = this.#sink;
    const length = this.#fill(descriptor, null);
    if (length === 0 || length === this.#buffer.length) {
      if (!fstatSync(descriptor).isFile()) {
        coverage.skip({ what: file, why: NOT_A_FILE });
        return null;
      }
    }
    coverage.files += 1;
    coverage.bytes += length;
    if (length < this.#buffer.length) {
      this.#sink.scan({ kind: "file", path: file }, this.#buffer.subarray(0, length));
      return null;
    }
    const look = this.#sink.look();
    look.write(this.#buffer);
    return look;
  }
  /** Hardly any large file holds something: only one that does is read once more, and searched for places. */
  async #readRest(file, descriptor, look) {
    const { coverage } = this.#sink;
    const begin = this.#buffer.length;
    try {
      const looked = await this.#readPieces(file, descriptor, look, begin, () => look.sawAnything());
      if (!look.sawAnything() || this.#looksOnly) {
        coverage.bytes += looked - begin;
        return "done";
      }
      const end = await this.#readPieces(file, descriptor, this.#sink.open({ kind: "file", path: file }), 0);
      coverage.bytes += Math.max(0, end - begin);
    } finally {
      closeSync(descriptor);
    }
    return "done";
  }
  /**
   * Between two pieces others get their turn: an interruption, and readers with the same buffer.
   *
   * @returns where the reading ended
   */
  async #readPieces(file, descriptor, writer, start, isEnough = () => false) {
    let position = start;
    try {
      while (!isEnough()) {
        this.#sink.coverage.onProgress?.();
        await new Promise(setImmediate);
        this.#signal?.throwIfAborted();
        const length = this.#fill(descriptor, position);
        if (length === 0) break;
        position += length;
        writer.write(this.#buffer.subarray(0, length));
      }
    } catch (error) {
      this.#signal?.throwIfAborted();
      this.#fail(file, descriptor, error);
    } finally {
      writer.close();
    }
    return position;
  }
  #fail(file, descriptor, error) {
    const { coverage } = this.#sink;
    if (systemCodeOf(error) === "EAGAIN" && !fstatSync(descriptor).isFile()) {
      coverage.skip({ what: file, why: NOT_A_FILE });
      return;
    }
    coverage.gap({ what: `file ${file}`, why: `cannot be read: ${messageOf(error)}` });
  }
  #absolute(file) {
    const joined = `${this.#root}/${file}`;
    return /[\udc00-\udcff]/.test(file) ? encodeByteText(joined) : joined;
  }
};

// src/sources/sink.ts
var Coverage = class {
  refs = 0;
  packs = 0;
  commits = 0;
  trees = 0;
  blobs = 0;
  tags = 0;
  files = 0;
  bytes = 0;
  /** What git read because the reader of storage did not: objects, and lists of refs. */
  fallback = 0;
  /** Things that hold no bytes of their own and were left out: sockets, submodules that are not checked out. */
  skipped = [];
  /** Objects that an earlier scan has read, in packs that have not changed since. */
  reused = 0;
  #gaps = /* @__PURE__ */ new Map();
  /** Rises with everything that is found or cannot be read: whether a unit gave anything shows in the difference. */
  outcomes = 0;
  /** A commit or tag under the name of another object: its graph can lead in a circle, in which git would go on. */
  hasFalseCommits = false;
  /** Called now and then while a source reads. */
  onProgress = null;
  gap(gap) {
    this.outcomes += 1;
    this.#gaps.set(`${gap.what}\0${gap.why}`, gap);
  }
  get gaps() {
    return [...this.#gaps.values()];
  }
  get hasGaps() {
    return this.#gaps.size > 0;
  }
  skip(gap) {
    this.outcomes += 1;
    this.skipped.push(gap);
  }
};

// src/scan/line-counters.ts
var LineCounters = class {
  #offset = 0;
  #plain = new LineCounter("plain", 0);
  /** By encoding and parity; only where the text has zero bytes from its beginning on. */
  #wide = [];
  #all = [this.#plain];
  advance(bytes) {
    if (this.#offset === 0 && bytes.includes(0)) {
      this.#wide = ["utf-16le", "utf-16be"].flatMap(
        (encoding) => [0, 1].map((parity) => ({ encoding, parity, counter: new LineCounter(encoding, parity) }))
      );
      this.#all = [this.#plain, ...this.#wide.map(({ counter }) => counter)];
    }
    for (const counter of this.#all) counter.begin(bytes);
    eachLineFeed(bytes, (at) => {
      for (const counter of this.#all) counter.lineFeed(bytes, at);
    });
    for (const counter of this.#all) counter.end(bytes);
    this.#offset += bytes.length;
  }
  position(encoding) {
    const wide = this.#wide.find((entry) => entry.encoding === encoding && entry.parity === this.#offset % 2);
    return (wide?.counter ?? this.#plain).positionOf(this.#offset);
  }
};

// src/scan/inline-mark.ts
var MARK = /(?<![\w:-])keyrecall:allow(?![\w:-])/;
var LINE_END = /[\n\r]/;
var MARK_CONTEXT_BYTES = 4096;
function findInlineMark(bytes, start, end, encoding, signatures = []) {
  const before = decode(bytes.subarray(Math.max(0, start - MARK_CONTEXT_BYTES), start), encoding);
  const after = decode(bytes.subarray(end, end + MARK_CONTEXT_BYTES), encoding);
  const line = `${before.split(LINE_END).at(-1)} ${after.split(LINE_END, 1)[0]}`;
  const mark = MARK.exec(line);
  if (mark !== null) return reasonBehind(line, mark.index + mark[0].length);
  const signature = signatures.find((text) => line.includes(text));
  if (signature === void 0) return null;
  const reason = reasonBehind(line, line.indexOf(signature) + signature.length);
  return `${signature} on its line${reason === "" ? "" : `: ${reason}`}`;
}
function reasonBehind(line, position) {
  return line.slice(position).replace(/(\*\/|-->)\s*$/, "").trim();
}
function decode(bytes, encoding) {
  if (encoding === "plain") return bytes.toString("utf8");
  const even = bytes.subarray(bytes.length % 2);
  if (encoding === "utf-16le") return even.toString("utf16le");
  return Buffer.from(even).swap16().toString("utf16le");
}

// src/scan/near-token.ts
var NEAR_BYTES = 2048;
var ASSIGNMENT_BYTES = 160;
var MAX_HINTS = 8;
function findVariable(bytes, start, encoding, known) {
  if (encoding !== "plain") return null;
  const before = bytes.toString("latin1", Math.max(0, start - ASSIGNMENT_BYTES), start);
  const name = (ASSIGNMENT.exec(before) ?? KEY_AND_VALUE.exec(before))?.[1];
  return name !== void 0 && known.has(name) ? name : null;
}
var ASSIGNMENT = /([A-Z][A-Z0-9_]{3,63})["'`]?\]?(?:[ \t]{0,8}(?::=|=>|[:=])[ \t]{0,8}|[ \t]{1,8})(?:Bearer )?["'`]?$/;
var KEY_AND_VALUE = /name"?:[ \t]{0,8}["']?([A-Z][A-Z0-9_]{3,63})["']?,?\s{1,40}"?value"?:[ \t]{0,8}["']?$/;
function findHints(bytes, start, end, encoding) {
  if (encoding !== "plain") return NO_HINTS;
  const text = bytes.toString("latin1", Math.max(0, start - NEAR_BYTES), end + NEAR_BYTES);
  const projects = collect(text, PROJECT, (match) => match[1]);
  const endpoints = collect(text, ENDPOINT, (match) => `${match[1]}/${match[2]}`);
  const hosts = collect(
    text,
    API_ADDRESS,
    (match) => (match[1] ?? match[2]).toLowerCase().replace(/[0-9a-f]{16,}/g, "…")
  );
  if (projects.length + endpoints.length + hosts.length === 0) return NO_HINTS;
  return { projects, endpoints, hosts };
}
var SLUG = "(?![a-z0-9-]*[0-9a-f]{16})[a-z0-9](?:[a-z0-9-]{0,62})";
var TO_VALUE = `["'\`)]{0,2}\\]?(?:[ \\t]{0,8}(?::=|=>|\\?\\?|\\|\\||[:=,])[ \\t]{0,8}|[ \\t]{1,8}|,?\\s{1,40}["']?value["']?:[ \\t]{0,8})["'\`]?`;
var PROJECT = new RegExp(
  `(?:INFERENCEKEY_PROJECT${TO_VALUE}|\\bproject["']?[ \\t]{0,8}[:=][ \\t]{0,8}["'\`]?|--project[ =]["']?|/api/projects/)(${SLUG})(?![\\w-])`,
  "g"
);
var ENDPOINT = new RegExp(`/endpoint/(${SLUG})/(${SLUG})(?![\\w-])`, "g");
var API_ADDRESS = new RegExp(
  `(?:INFERENCEKEY_BASE_URL${TO_VALUE}|\\bbase[_-]?url["'\`]?[ \\t]{0,8}[ :=][ \\t]{0,8}["'\`]?)https?://([a-z0-9.-]{1,253}(?::\\d{1,5})?)|https?://([a-z0-9.-]{1,253}(?::\\d{1,5})?)(?=/(?:[\\w.-]{1,64}/){0,3}?(?:endpoint|api/projects|api/workloads)/)`,
  "gi"
);
function collect(text, pattern, read) {
  const found = /* @__PURE__ */ new Set();
  for (const match of text.matchAll(pattern)) {
    found.add(read(match));
    if (found.size === MAX_HINTS) break;
  }
  return [...found];
}
function mergeHints(all) {
  const unite = (read) => [...new Set(all.flatMap(read))].slice(0, MAX_HINTS);
  return {
    projects: unite((hints) => hints.projects),
    endpoints: unite((hints) => hints.endpoints),
    hosts: unite((hints) => hints.hosts)
  };
}

// src/scan/stream-search.ts
var StreamSearch = class {
  #detector;
  #events;
  #holdBackBytes;
  /** The last bytes that came: those before `#decided` as context, those behind it undecided. */
  #tail = Buffer.alloc(0);
  #decided = 0;
  /** Where `#tail` begins in the unit. */
  #base = 0;
  constructor(detector, events) {
    this.#detector = detector;
    this.#events = events;
    this.#holdBackBytes = Math.max(detector.windowBytes, MARK_CONTEXT_BYTES, NEAR_BYTES);
  }
  write(bytes) {
    this.#search(bytes, false);
  }
  close() {
    this.#search(Buffer.alloc(0), true);
  }
  #search(piece, isLast) {
    const bytes = Buffer.concat([this.#tail, piece]);
    const limit = isLast ? bytes.length : Math.max(this.#decided, bytes.length - this.#holdBackBytes);
    const listener = { isCut: !isLast, unread: (_start, why) => this.#events.unread(why) };
    const hits = this.#detector.find(bytes, this.#decided, limit, this.#base, listener).toSorted((a, b) => a.start - b.start);
    let passed = this.#decided;
    for (const hit of hits) {
      this.#events.passed(bytes.subarray(passed, hit.start));
      passed = hit.start;
      this.#events.hit(hit, bytes);
    }
    this.#events.passed(bytes.subarray(passed, limit));
    const keepFrom = Math.max(0, limit - this.#holdBackBytes);
    this.#tail = Buffer.from(bytes.subarray(keepFrom));
    this.#decided = limit - keepFrom;
    this.#base += keepFrom;
  }
};
var QuickLook = class {
  #detector;
  #tail = Buffer.alloc(0);
  /** Where the next piece begins in the unit. */
  #offset = 0;
  #hasHit = false;
  constructor(detector) {
    this.#detector = detector;
  }
  write(bytes) {
    const { windowBytes } = this.#detector;
    const border = Buffer.concat([this.#tail, bytes.subarray(0, windowBytes)]);
    this.#hasHit ||= this.#holds(border, this.#offset - this.#tail.length) || this.#holds(bytes, this.#offset);
    this.#offset += bytes.length;
    const end = bytes.length < windowBytes ? Buffer.concat([this.#tail, bytes]) : bytes;
    this.#tail = Buffer.from(end.subarray(Math.max(0, end.length - windowBytes)));
  }
  #holds(bytes, base) {
    return this.#detector.needsALook(bytes, base, true);
  }
  close() {
  }
  sawAnything() {
    return this.#hasHit;
  }
};

// src/scan/containers.ts
function archiveName(origin) {
  switch (origin.kind) {
    case "file":
      return `file ${origin.path}`;
    case "blob":
      return `object ${origin.objectId}`;
    case "stdin":
      return "standard input";
    default:
      return null;
  }
}
function unitName(origin) {
  return archiveName(origin) ?? ("objectId" in origin ? `object ${origin.objectId}` : "a name or a patch");
}
var ContentsSearch = class {
  #detector;
  #coverage;
  #name;
  #keep;
  /** A zip archive has each name twice. */
  #keptTexts = /* @__PURE__ */ new Set();
  /** @param name of the outermost archive */
  constructor(detector, coverage, name, keep) {
    this.#detector = detector;
    this.#coverage = coverage;
    this.#name = name;
    this.#keep = keep;
  }
  whole(place, bytes) {
    const unread = (_start, why) => this.unread(place.steps, why);
    const hits = this.#detector.find(bytes, 0, bytes.length, 0, { isCut: false, unread });
    if (hits.length === 0) return;
    const lines = new LineCounters();
    let passed = 0;
    for (const hit of hits.toSorted((a, b) => a.start - b.start)) {
      lines.advance(bytes.subarray(passed, hit.start));
      passed = hit.start;
      this.#keep(hit, bytes, { place, inner: lines.position(characterEncodingOf(hit.encoding)) });
    }
  }
  stream(place) {
    const lines = new LineCounters();
    return new StreamSearch(this.#detector, {
      passed: (bytes) => lines.advance(bytes),
      hit: (hit, bytes) => this.#keep(hit, bytes, { place, inner: lines.position(characterEncodingOf(hit.encoding)) }),
      unread: (why) => this.unread(place.steps, why)
    });
  }
  text(place, bytes) {
    for (const hit of this.#detector.find(bytes)) {
      const key = [hit.token.fingerprint, ...place.steps].join("\0");
      if (!this.#keptTexts.has(key)) this.#keep(hit, bytes, { place, inner: null });
      this.#keptTexts.add(key);
    }
  }
  unread(steps, why) {
    this.#coverage.gap({ what: this.#nameOf(steps), why });
  }
  leftOut(steps, why) {
    this.#coverage.skip({ what: this.#nameOf(steps), why });
  }
  #nameOf(steps) {
    return [this.#name, ...entryNamesOf(steps)].join("!");
  }
};
function tokensIn(detector, bytes) {
  const tokens = detector.find(bytes).map(({ token }) => token);
  const search = new ContentsSearch(detector, new Coverage(), "", (hit) => tokens.push(hit.token));
  unpackWhole(bytes, search);
  return tokens;
}
var ContainerLook = class {
  #look;
  #isContainer = false;
  #hasBegun = false;
  #tail = new Tail();
  constructor(detector) {
    this.#look = new QuickLook(detector);
  }
  write(bytes) {
    this.#look.write(bytes);
    if (!this.#hasBegun) this.#isContainer = formatByBeginning(bytes) !== null || unopenedFormat(bytes) !== null;
    this.#hasBegun = true;
    this.#tail.write(bytes);
  }
  close() {
    this.#look.close();
    this.#isContainer ||= mayEndAsContainer(this.#tail.bytes);
  }
  sawAnything() {
    return this.#isContainer || this.#look.sawAnything();
  }
};

export {
  makeFileBuffer,
  FileReader,
  Coverage,
  LineCounters,
  findInlineMark,
  findVariable,
  findHints,
  mergeHints,
  StreamSearch,
  archiveName,
  unitName,
  ContentsSearch,
  tokensIn,
  ContainerLook
};
