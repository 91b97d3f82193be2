import {
  WITHOUT_CALLERS_REPOSITORY,
  idBytesOf,
  openOwnRepository,
  openRepository
} from "./chunk-PEBQGXPO.js";
import {
  findMissingObjects,
  gapOfMissing,
  listCommitIds,
  listObjectIds,
  missingObjects,
  objectDirectoriesOf,
  readLooseObject,
  readObjects,
  surveyStore,
  typesOf
} from "./chunk-K6UY2E7L.js";
import {
  readRegularFile
} from "./chunk-QBGYM6EC.js";
import {
  errorLines,
  runGit,
  streamGit
} from "./chunk-65EHQVBC.js";
import {
  replaceOwnFile
} from "./chunk-HWHZQRO4.js";
import {
  VERSION
} from "./chunk-6Q7DFGK3.js";
import {
  ContainerLook,
  ContentsSearch,
  Coverage,
  FileReader,
  LineCounters,
  StreamSearch,
  archiveName,
  findHints,
  findInlineMark,
  findVariable,
  mergeHints,
  unitName
} from "./chunk-HRH34NPA.js";
import {
  ANY,
  BLOB,
  COMMIT,
  Delta,
  Inflater,
  MAX_OBJECT_BYTES,
  NO_ENTRY,
  PackThreads,
  RandomAccessFile,
  ReferenceReader,
  TAG,
  TREE,
  descendantsOf,
  entryAt,
  inflateEntry,
  mapPack,
  shareNames,
  workerUrl
} from "./chunk-W4QFXAZX.js";
import {
  Damage,
  EntryHeader,
  NotForUs,
  OBJECT_TYPES,
  PackIndex,
  hashName,
  hashOf,
  inflate
} from "./chunk-KTHQ3RLY.js";
import {
  Detector,
  LineCounter,
  UNPACK_LIMITS,
  Unpacking,
  characterEncodingOf,
  isContainer,
  positionBehind,
  unpackWhole
} from "./chunk-O7S4ABFV.js";
import {
  compileRules
} from "./chunk-LCFWLN64.js";
import {
  decodeByteText,
  encodeByteText
} from "./chunk-QQ2TBE5L.js";
import {
  KeyrecallError,
  messageOf,
  systemCodeOf
} from "./chunk-U52VU3KD.js";

// src/scan/scan.ts
import { createHash as createHash4 } from "node:crypto";
import { availableParallelism } from "node:os";

// src/git/object-text.ts
var LINE_FEED = 10;
function fieldAt(bytes, offset) {
  let start = 0;
  while (start < bytes.length) {
    const lineEnd = bytes.indexOf(LINE_FEED, start);
    const end = lineEnd === -1 ? bytes.length : lineEnd;
    if (end === start) return { kind: "message", start: start + 1, end: bytes.length };
    if (offset < end) {
      const header = /^(?:author|committer|tagger) /.exec(bytes.toString("latin1", start, Math.min(end, start + 16)));
      if (header === null) return { kind: "message", start, end };
      return { kind: "identity", start: start + header[0].length, end };
    }
    start = end + 1;
  }
  return { kind: "message", start: 0, end: bytes.length };
}
function authorOf(commit) {
  const start = commit.indexOf("\nauthor ");
  const headersEnd = commit.indexOf("\n\n");
  if (start === -1 || headersEnd !== -1 && start > headersEnd) return null;
  const lineEnd = commit.indexOf(LINE_FEED, start + 1);
  const line = commit.subarray(start + "\nauthor ".length, lineEnd === -1 ? commit.length : lineEnd);
  const time = / (-?\d{1,18}) ([+-])(\d\d)(\d\d)$/.exec(line.toString("latin1"));
  if (time === null) return { text: line, date: null };
  const [whole, seconds, sign, hours, minutes] = time;
  const offsetMinutes = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return { text: line.subarray(0, line.length - whole.length), date: isoDate(Number(seconds), offsetMinutes) };
}
function isoDate(seconds, offsetMinutes) {
  const local = new Date((seconds + offsetMinutes * 60) * 1e3);
  if (Number.isNaN(local.getTime())) return null;
  if (offsetMinutes === 0) return local.toISOString().replace(".000Z", "Z");
  const absolute = Math.abs(offsetMinutes);
  const pad = (value) => String(value).padStart(2, "0");
  const offset = `${offsetMinutes < 0 ? "-" : "+"}${pad(Math.floor(absolute / 60))}:${pad(absolute % 60)}`;
  return local.toISOString().replace(".000Z", offset);
}
function entryNameAt(tree, offset, objectIdLength) {
  let position = 0;
  while (position < tree.length) {
    const space = tree.indexOf(32, position);
    const zero = space === -1 ? -1 : tree.indexOf(0, space);
    if (zero === -1) return null;
    const next = zero + 1 + objectIdLength / 2;
    if (offset < next) {
      return offset > space && offset < zero ? { name: tree.subarray(space + 1, zero), start: space + 1 } : null;
    }
    position = next;
  }
  return null;
}

// src/sources/pack-memory.ts
import { createHmac, timingSafeEqual } from "node:crypto";
import { closeSync as closeSync2, constants as constants2, fstatSync as fstatSync2, openSync as openSync2, readFileSync, statSync } from "node:fs";
import path2 from "node:path";

// src/git/storage/pack-files.ts
import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import path from "node:path";
import { setImmediate as setImmediate2 } from "node:timers/promises";
var READ_BYTES = 1 << 20;
var PAUSE_BYTES = 16 * READ_BYTES;
function listPackFiles(directories, idBytes) {
  return directories.flatMap((directory) => {
    const inside = path.join(directory, "pack");
    return listDirectory(inside).filter((name) => name.endsWith(".pack")).map((name) => describePack(path.join(inside, name), idBytes));
  });
}
async function hasRightChecksums(pack, idBytes, signal) {
  try {
    for (const file of [pack.path, indexOf(pack.path)]) {
      if (!await endsInItsChecksum(file, idBytes, signal)) return false;
    }
    return true;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}
function indexOf(pack) {
  return pack.replace(/\.pack$/, ".idx");
}
function describePack(pack, idBytes) {
  try {
    const [inPack, inIndex] = [describeFile(pack, idBytes), describeFile(indexOf(pack), idBytes)];
    return { path: pack, content: `${inPack.content} ${inIndex.content}`, stamp: `${inPack.stamp} ${inIndex.stamp}` };
  } catch {
    return { path: pack, content: null, stamp: "" };
  }
}
function describeFile(file, idBytes) {
  return withFile(file, (descriptor) => {
    const stat = fstatSync(descriptor, { bigint: true });
    if (!stat.isFile() || stat.size < idBytes) throw new Error("is no pack");
    const checksum = Buffer.alloc(idBytes);
    readSync(descriptor, checksum, 0, idBytes, Number(stat.size) - idBytes);
    return {
      content: `${checksum.toString("hex")}:${stat.size}`,
      // The time of change is the system's: whoever writes into the file cannot set it back.
      stamp: `${stat.ino}:${stat.mtimeNs}:${stat.ctimeNs}`
    };
  });
}
async function endsInItsChecksum(file, idBytes, signal) {
  const descriptor = openSync(file, OPEN_FLAGS);
  try {
    const end = fstatSync(descriptor).size - idBytes;
    const hash = createHash(hashName(idBytes));
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (let start = 0; start < end; ) {
      if (start % PAUSE_BYTES === 0) {
        await setImmediate2();
        signal?.throwIfAborted();
      }
      const length = readSync(descriptor, buffer, 0, Math.min(READ_BYTES, end - start), start);
      if (length === 0) return false;
      hash.update(buffer.subarray(0, length));
      start += length;
    }
    const checksum = Buffer.alloc(idBytes);
    readSync(descriptor, checksum, 0, idBytes, end);
    return hash.digest().equals(checksum);
  } finally {
    closeSync(descriptor);
  }
}
var OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
function withFile(file, use) {
  const descriptor = openSync(file, OPEN_FLAGS);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
function listDirectory(directory) {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

// src/sources/pack-memory.ts
var FILE_NAME = "keyrecall.packs";
var SEAL_BYTES = 32;
var MAX_FILE_BYTES = 64 * 1024 * 1024;
var MAX_NAMES = 2e5;
var NOTHING = { packs: [], references: null, walk: null };
var PackMemory = class _PackMemory {
  #file;
  #options;
  #recorded;
  constructor(file, options) {
    this.#file = file;
    this.#options = options;
    this.#recorded = this.#read() ?? NOTHING;
  }
  /** @returns null where the repository is not the caller's to write to, or its store is another one's for now */
  static open(repository, options) {
    const environment = { ...process.env, ...repository.git.environment };
    const hasOtherStore = ["GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_INDEX_FILE"].some(
      (name) => environment[name] !== void 0
    );
    if (repository.refusal !== null || hasOtherStore || !isOwn(repository.commonDirectory)) return null;
    return new _PackMemory(path2.join(repository.commonDirectory, FILE_NAME), options);
  }
  /** Which of the packs need not be read again, in the order in which they were. */
  async reuse(files, idBytes, signal) {
    const open = new Set(files);
    const reused = [];
    for (const { content, stamp, counts, noted } of this.#recorded.packs) {
      const same = [...open].filter((file) => file.content === content);
      const untouched = same.find((file) => file.stamp === stamp);
      const found = untouched ?? same[0];
      if (found === void 0) break;
      if (untouched === void 0 && !await hasRightChecksums(found, idBytes, signal)) break;
      open.delete(found);
      reused.push({ path: found.path, counts, noted });
    }
    return reused;
  }
  /** @returns what the packs name that is in none of them; null where that is not known of exactly these */
  referencesOf(packs) {
    const { references, packs: recorded } = this.#recorded;
    if (references === null || packs.length !== recorded.length) return null;
    return references.map((text) => ({ type: Number(text[0]), objectId: text.slice(1), holder: null }));
  }
  walkOf(state) {
    return this.#recorded.walk?.state === state ? this.#recorded.walk : null;
  }
  /**
   * That this fails costs time in the next scan, and nothing else.
   *
   * @param before the packs as they were before they were read
   * @param after the same, now
   * @param references what the packs name that is in none of them; null where that is not known
   */
  save(read, before, after, references, walk) {
    const fileAt = new Map(before.map((file) => [file.path, file]));
    const stampAt = new Map(after.map(({ path: at, stamp }) => [at, stamp]));
    const packs = [];
    for (const { path: at, counts, noted } of read) {
      const { content, stamp } = fileAt.get(at) ?? { content: null, stamp: "" };
      if (content === null || stampAt.get(at) !== stamp) break;
      packs.push({ content, stamp, counts, noted });
    }
    const names = packs.reduce((sum, { noted }) => sum + noted.length, walk?.missing.length ?? 0);
    if (packs.length === 0 || names > MAX_NAMES) return;
    const isAllKnown = references !== null && packs.length === read.length && references.length <= MAX_NAMES;
    const named = isAllKnown ? references.map(({ objectId, type }) => `${type}${objectId}`) : null;
    const text = JSON.stringify({ digest: this.#options.digest, packs, references: named, walk });
    if (text === JSON.stringify({ digest: this.#options.digest, ...this.#recorded })) return;
    try {
      replaceOwnFile(this.#file, `${this.#seal(text).toString("hex")}
${text}`);
    } catch {
    }
  }
  #read() {
    try {
      const bytes = readRecord(this.#file);
      const text = bytes.toString("utf8", 2 * SEAL_BYTES + 1);
      const seal = Buffer.from(bytes.toString("latin1", 0, 2 * SEAL_BYTES), "hex");
      if (seal.length !== SEAL_BYTES || !timingSafeEqual(seal, this.#seal(text))) return null;
      const { digest, packs, references, walk } = JSON.parse(text);
      return digest === this.#options.digest ? { packs, references, walk } : null;
    } catch {
      return null;
    }
  }
  #seal(text) {
    return createHmac("sha256", this.#options.key).update(this.#file).update("\0").update(text).digest();
  }
};
function readRecord(file) {
  const descriptor = openSync2(file, constants2.O_RDONLY | (constants2.O_NONBLOCK ?? 0) | (constants2.O_NOFOLLOW ?? 0));
  try {
    const stat = fstatSync2(descriptor);
    if (!stat.isFile() || stat.size > MAX_FILE_BYTES) throw new Error("is no record");
    return readFileSync(descriptor);
  } finally {
    closeSync2(descriptor);
  }
}
function isOwn(directory) {
  try {
    return process.getuid === void 0 || statSync(directory).uid === process.getuid();
  } catch {
    return false;
  }
}

// src/sources/stdin.ts
async function readStdin(input, sink, signal) {
  const writer = sink.open({ kind: "stdin" });
  try {
    for await (const chunk of untilAborted(input, signal)) {
      sink.coverage.bytes += chunk.length;
      writer.write(chunk);
      sink.coverage.onProgress?.();
    }
  } catch (error) {
    if (systemCodeOf(error) === void 0) throw error;
    sink.coverage.gap({ what: "standard input", why: `cannot be read: ${messageOf(error)}` });
  } finally {
    writer.close();
  }
}
async function* untilAborted(input, signal) {
  const stop = () => {
    input.destroy();
  };
  signal?.throwIfAborted();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    for await (const chunk of input) yield chunk;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  signal?.throwIfAborted();
}

// src/sources/patch.ts
var LINE_FEED2 = 10;
var MAX_RUN_BYTES = 4 * 1024 * 1024;
var MAX_LINE_BYTES = 1024 * 1024;
async function readPatch(input, sink, signal) {
  const parser = new PatchParser(sink);
  const line = new LineCutter((bytes, isBegin) => {
    if (isBegin) parser.line(withoutColors(bytes));
    else parser.continueLine(bytes);
  });
  for await (const chunk of untilAborted(input, signal)) {
    sink.coverage.bytes += chunk.length;
    sink.coverage.onProgress?.();
    line.push(chunk);
  }
  line.end();
  parser.end();
}
var ESCAPE = 27;
function withoutColors(line) {
  if (line[0] !== ESCAPE) return line;
  return Buffer.from(line.toString("latin1").replace(/\u001b\[[\d;]*[mK]/g, ""), "latin1");
}
var LineCutter = class {
  #onPiece;
  #rest = [];
  #restBytes = 0;
  #isInLine = false;
  constructor(onPiece) {
    this.#onPiece = onPiece;
  }
  push(chunk) {
    const firstFeed = chunk.indexOf(LINE_FEED2);
    if (firstFeed === -1) {
      this.#hold(chunk);
      return;
    }
    this.#hold(chunk.subarray(0, firstFeed + 1));
    this.end();
    let start = firstFeed + 1;
    for (let feed = chunk.indexOf(LINE_FEED2, start); feed !== -1; feed = chunk.indexOf(LINE_FEED2, start)) {
      this.#onPiece(chunk.subarray(start, feed + 1), true);
      start = feed + 1;
    }
    this.#hold(chunk.subarray(start));
  }
  /** Hands on what is held: the end of a line. */
  end() {
    if (this.#restBytes > 0) this.#handOn();
    this.#isInLine = false;
  }
  #hold(bytes) {
    if (bytes.length === 0) return;
    this.#rest.push(bytes);
    this.#restBytes += bytes.length;
    if (this.#restBytes >= MAX_LINE_BYTES) this.#handOn();
  }
  #handOn() {
    const bytes = this.#rest.length === 1 ? this.#rest[0] : Buffer.concat(this.#rest);
    this.#rest = [];
    this.#restBytes = 0;
    this.#onPiece(bytes, !this.#isInLine);
    this.#isInLine = true;
  }
};
var EMPTY_LINE = /^\r?\n?$/;
var PatchParser = class {
  #sink;
  #path = null;
  /** Lines still to come in the hunk: of each old state, and of the new one. */
  #oldRemaining = [];
  #newRemaining = 0;
  #newLine = 0;
  #textLine = 0;
  #run = null;
  #section = 0;
  /** A line that begins with `--- `: the name of an old file if one of a new file follows, else text. */
  #pendingOldName = null;
  #isAfterOldName = false;
  #hasPrefixes = true;
  #isInGitSection = false;
  /** Between the names of a file and text that is no part of a patch: only there a hunk can begin. */
  #isInFile = false;
  /** The file is a copy: nothing of it was at its path before, and only its changes are in the patch. */
  #isCopy = false;
  /** The line that came last is the end of the run. */
  #isLineInRun = false;
  constructor(sink) {
    this.#sink = sink;
  }
  line(line) {
    this.#textLine += 1;
    this.#isLineInRun = false;
    if (this.#isInHunk()) {
      this.#hunkLine(line);
      return;
    }
    const pending = this.#pendingOldName;
    this.#pendingOldName = null;
    if (pending !== null) this.#oldNameLine(pending, line);
    this.#isAfterOldName = pending !== null;
    if (line.toString("latin1", 0, 4) === "--- " && line.length < MAX_LINE_BYTES)
      this.#pendingOldName = Buffer.from(line);
    else this.#outsideLine(line);
  }
  /** More of the line that came last. */
  continueLine(bytes) {
    if (this.#isLineInRun && this.#run !== null) this.#append(this.#run, bytes);
    else this.#add("new", this.#textLine, bytes, null);
  }
  end() {
    if (this.#pendingOldName !== null) this.#add("new", this.#textLine, this.#pendingOldName, null);
    this.#flush();
    if (this.#isInHunk()) {
      this.#sink.coverage.gap({
        what: `patch line ${this.#textLine}`,
        why: "the patch ends inside of a hunk; what should follow was not read"
      });
    }
  }
  #oldNameLine(line, next) {
    if (next.toString("latin1", 0, 4) !== "+++ ") {
      this.#add("new", this.#textLine - 1, line, null);
      return;
    }
    this.#flush();
    if (!this.#isInGitSection) this.#section += 1;
    if (!this.#isInGitSection) this.#isCopy = false;
    this.#hasPrefixes = !this.#isInGitSection ? /^--- (a\/|\/dev\/null)/.test(line.toString("latin1")) : this.#hasPrefixes;
    this.#scanNow("old", line);
  }
  #isInHunk() {
    return this.#newRemaining > 0 || this.#oldRemaining.some((count) => count > 0);
  }
  #hunkLine(line) {
    const parents = this.#oldRemaining.length;
    if (line[0] === 92 && line[1] === 32) {
      this.#scanNow("new", line);
      return;
    }
    const isEmpty = EMPTY_LINE.test(line.toString("latin1", 0, 3));
    const signs = isEmpty ? " ".repeat(parents) : line.toString("latin1", 0, parents);
    if (!/^[ +-]*$/.test(signs)) {
      this.#sink.coverage.gap({
        what: `patch line ${this.#textLine}`,
        why: "does not fit its hunk; the patch is damaged"
      });
      this.#oldRemaining = [];
      this.#newRemaining = 0;
      this.#outsideLine(line);
      return;
    }
    const isInNew = !signs.includes("-");
    const body = isEmpty ? line : line.subarray(parents);
    for (let parent = 0; parent < parents; parent++) {
      const isInOld = isInNew ? signs[parent] === " " : signs[parent] === "-";
      if (isInOld) this.#oldRemaining[parent] -= 1;
    }
    const isNews = isInNew && (this.#isCopy || !signs.includes(" "));
    if (isNews || !this.#isCopy) this.#add(isNews ? "new" : "old", this.#newLine, body);
    else this.#flush();
    if (isInNew) {
      this.#newRemaining -= 1;
      this.#newLine += 1;
    }
  }
  #outsideLine(line) {
    const text = line.toString("latin1", 0, Math.min(line.length, 4096));
    const hunk = !this.#isInFile ? null : /^(@@+) ((?:-\d+(?:,\d+)? )+)\+(\d+)(?:,(\d+))? @@/.exec(text);
    if (hunk !== null) {
      this.#flush();
      this.#oldRemaining = (hunk[2] ?? "").trim().split(" ").map((range) => Number(range.split(",")[1] ?? 1));
      this.#newLine = Number(hunk[3]);
      this.#newRemaining = Number(hunk[4] ?? 1);
      this.#scanNow("old", line);
      return;
    }
    if (text.startsWith("diff --git ") || text.startsWith("diff --c") || text.startsWith("Index: ")) {
      this.#flush();
      this.#section += 1;
      this.#isCopy = false;
      this.#isInGitSection = text.startsWith("diff --");
      const header = parseHeader(line);
      this.#path = header.path;
      this.#hasPrefixes = header.hasPrefixes;
      if (!this.#isInGitSection) this.#add("new", this.#textLine, line, null);
      return;
    }
    if (this.#isAfterOldName && text.startsWith("+++ ")) {
      this.#isInFile = true;
      this.#path = pathOfTarget(line.subarray(4), this.#hasPrefixes);
      this.#scanName();
      return;
    }
    if (this.#isInGitSection && /^(rename|copy) from |^deleted file mode /.test(text)) {
      this.#scanNow("old", line);
      return;
    }
    if (this.#isInGitSection && /^(rename|copy) to /.test(text)) {
      this.#path = pathOfTarget(line.subarray(text.indexOf(" to ") + 4), false);
      this.#isCopy = text.startsWith("copy");
      if (this.#isCopy) {
        this.#sink.coverage.gap({
          what: `copied file ${this.#path ?? ""}`,
          why: "only its changes are in the patch, not what it copies; make it with git diff --no-renames"
        });
      }
      this.#scanName();
      return;
    }
    if (this.#isInGitSection && text.startsWith("new file mode ")) {
      this.#scanName();
      return;
    }
    if (/^(Binary files .* differ|GIT binary patch)/.test(text)) {
      this.#sink.coverage.gap({
        what: `binary file ${this.#path ?? "in the patch"}`,
        why: "a patch does not carry its content as text; scan the repository itself"
      });
    }
    if (/^Only in .*: ./.test(text)) {
      this.#sink.coverage.gap({
        what: `file that stands on one side only (patch line ${this.#textLine})`,
        why: "its content is not in the patch; make it with diff -N, or scan the directory itself"
      });
    }
    if (!EXTENDED_HEADER.test(text)) {
      this.#isInGitSection = false;
      this.#isInFile = false;
    }
    this.#add("new", this.#textLine, line, null);
  }
  /** Lines of one kind that follow each other are one text. */
  #add(side, line, bytes, path15 = this.#path) {
    if (this.#run !== null && (this.#run.side !== side || this.#run.path !== path15)) this.#flush();
    this.#run ??= { side, line, path: path15, section: this.#section, pieces: [], bytes: 0, writer: null };
    this.#append(this.#run, bytes);
    this.#isLineInRun = true;
  }
  #append(run, bytes) {
    run.pieces.push(bytes);
    run.bytes += bytes.length;
    if (run.bytes <= (run.writer === null ? MAX_RUN_BYTES : MAX_LINE_BYTES)) return;
    run.writer ??= this.#sink.open(originOf(run));
    run.writer.write(takePieces(run));
  }
  #flush() {
    const run = this.#run;
    this.#run = null;
    if (run === null) return;
    if (run.writer === null) {
      this.#sink.scan(originOf(run), takePieces(run));
      return;
    }
    run.writer.write(takePieces(run));
    run.writer.close();
  }
  #scanNow(side, bytes) {
    this.#sink.scan({ kind: "patch", side, path: this.#path, section: this.#section, line: this.#textLine }, bytes);
  }
  #scanName() {
    if (this.#path !== null) this.#sink.scan({ kind: "path", path: this.#path }, encodeByteText(this.#path));
  }
};
function takePieces(run) {
  const bytes = Buffer.concat(run.pieces);
  run.pieces = [];
  run.bytes = 0;
  return bytes;
}
function originOf({ side, path: path15, section, line }) {
  return { kind: "patch", side, path: path15, section, line };
}
function parseHeader(line) {
  const text = line.toString("latin1").replace(/\r?\n$/, "").replace(/^diff --git /, "");
  const middle = text.length >> 1;
  const [left, right] = [text.slice(0, middle), text.slice(middle + 1)];
  if (text[middle] !== " ") return { path: null, hasPrefixes: true };
  const decode = (name) => decodeByteText(Buffer.from(unquote(name), "latin1"));
  if (left === right) return { path: decode(left), hasPrefixes: false };
  const isPrefixed = PREFIX.test(left) && PREFIX.test(right) && left.replace(PREFIX, "$1") === right.replace(PREFIX, "$1");
  return isPrefixed ? { path: decode(right.replace(PREFIX, "$1")), hasPrefixes: true } : { path: null, hasPrefixes: true };
}
var EXTENDED_HEADER = /^(index|old mode|new mode|similarity index|dissimilarity index|Binary files|GIT binary patch) /;
var PREFIX = /^("?)[a-z12]\//;
function pathOfTarget(line, hasPrefix) {
  const text = line.toString("latin1").replace(/\r?\n$/, "").replace(/\t.*$/, "");
  if (text === "/dev/null") return null;
  const name = unquote(text);
  return decodeByteText(Buffer.from(hasPrefix ? name.replace(/^[a-z12]\//, "") : name, "latin1"));
}
function unquote(text) {
  if (!text.startsWith('"')) return text;
  const escapes = { n: "\n", t: "	", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };
  return text.slice(1, -1).replace(
    /\\([0-7]{3}|.)/g,
    (_, code) => code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : escapes[code] ?? code
  );
}

// src/sources/target.ts
import { lstatSync, realpathSync, statSync as statSync2 } from "node:fs";
import path3 from "node:path";
function resolveTarget(target) {
  try {
    const isLink2 = lstatSync(target).isSymbolicLink();
    const stat = statSync2(target, { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      const real = realpathSync(target);
      return { path: real, isDirectory: true, isLinkToFile: false, directory: real };
    }
    if (stat !== void 0 && !stat.isFile()) throw notAFile(target);
    const directory = realpathSync(path3.dirname(target));
    const isLinkToFile = isLink2 && stat !== void 0;
    return { path: path3.join(directory, path3.basename(target)), isDirectory: false, isLinkToFile, directory };
  } catch (error) {
    if (error instanceof KeyrecallError) throw error;
    const why = systemCodeOf(error) === "ENOENT" ? "no such file or directory" : messageOf(error);
    throw new KeyrecallError("path-not-found", `cannot scan ${target}: ${why}`, {
      hint: "give a path that exists, or none for the current repository",
      cause: error
    });
  }
}
function notAFile(target) {
  return new KeyrecallError("usage", `cannot scan ${target}: it is a pipe, a socket or a device`, {
    hint: `hand over what comes out of it: keyrecall scan --stdin < ${target}`
  });
}

// src/sources/tree.ts
import { readdirSync as readdirSync2, realpathSync as realpathSync2 } from "node:fs";
import path6 from "node:path";

// src/sources/tree-listing.ts
import { lstatSync as lstatSync2, readdir } from "node:fs";
import path5 from "node:path";

// src/git/index-checksum.ts
import { createHash as createHash2 } from "node:crypto";
import { closeSync as closeSync3, constants as constants3, fstatSync as fstatSync3, openSync as openSync3, readSync as readSync2 } from "node:fs";
import path4 from "node:path";
var PIECE_BYTES = 1024 * 1024;
function indexFileOf({ git, gitDirectory }) {
  return git.environment?.["GIT_INDEX_FILE"] ?? path4.join(gitDirectory, "index");
}
function checkIndex(repository, onGap) {
  const file = indexFileOf(repository);
  let descriptor;
  try {
    descriptor = openSync3(file, constants3.O_RDONLY | (constants3.O_NONBLOCK ?? 0));
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return;
    onGap({ what: `index ${file}`, why: "cannot be read" });
    return;
  }
  try {
    if (fstatSync3(descriptor).isFile() && !hasRightChecksum(descriptor, repository.objectIdLength)) {
      onGap({
        what: `index ${file}`,
        why: "is damaged: its checksum is another; rebuild it with git read-tree HEAD"
      });
    }
  } finally {
    closeSync3(descriptor);
  }
}
function hasRightChecksum(descriptor, objectIdLength) {
  const hash = createHash2(objectIdLength === 64 ? "sha256" : "sha1");
  const checksumBytes = objectIdLength / 2;
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  let held = 0;
  for (; ; ) {
    const count = readSync2(descriptor, buffer, held, buffer.length - held, null);
    if (count === 0) break;
    const length = held + count;
    const hashed = Math.max(0, length - checksumBytes);
    hash.update(buffer.subarray(0, hashed));
    buffer.copyWithin(0, hashed, length);
    held = length - hashed;
  }
  const checksum = buffer.subarray(0, held);
  return checksum.every((byte) => byte === 0) || checksum.equals(hash.digest());
}

// src/sources/tree-listing.ts
async function* listFiles(options, sink) {
  const stat = lstatSync2(encodeByteText(options.path));
  if (!stat.isDirectory()) {
    yield [relativeTo(options.root, options.path)];
    return;
  }
  if (options.repository === null) {
    yield await listAll(options, sink);
    return;
  }
  checkIndex(options.repository, (gap) => sink.coverage.gap(gap));
  const { git } = options.repository;
  const untracked = listByGit(git, options, sink, ["--others", "--exclude-standard"]);
  untracked.catch(() => {
  });
  const tracked = await listByGit(git, options, sink, ["--cached", "--deduplicate"]);
  if (tracked !== null) yield tracked;
  const others = await untracked;
  yield tracked !== null && others !== null ? others : await listAll(options, sink);
}
async function listByGit(git, options, sink, which) {
  const { status, output, errorText } = await runGit({ ...git, directory: options.path }, ["ls-files", "-z", ...which]);
  const problems = errorLines(errorText);
  if (status !== 0) {
    sink.coverage.gap({
      what: `index of ${options.path}`,
      why: `${problems.join("; ")}; every file was read, ignored ones too, and none that is tracked is known to be missing`
    });
    return null;
  }
  for (const line of problems) sink.coverage.gap({ what: "working tree", why: line });
  const listed = output.toString("latin1").split("\0");
  listed.pop();
  const names = listed.filter(isPossibleName);
  if (names.length < listed.length) {
    sink.coverage.gap({
      what: `index of ${options.path}`,
      why: `${listed.length - names.length} of its names lead out of the tree; it is damaged: rebuild it with git read-tree HEAD`
    });
  }
  const texts = names.map((name) => /[\x80-\xff]/.test(name) ? decodeByteText(Buffer.from(name, "latin1")) : name);
  const base = relativeTo(options.root, options.path);
  return withoutLinkedDirectories(texts, options.path).map((name) => base === "" ? name : `${base}/${name}`);
}
function isPossibleName(name) {
  return !name.startsWith("/") && !name.replace(/\/$/, "").split("/").some((part) => /^\.{0,2}$/.test(part));
}
function withoutLinkedDirectories(names, root) {
  const isLinked = /* @__PURE__ */ new Map([["", false]]);
  const check = (directory) => {
    let answer = isLinked.get(directory);
    if (answer === void 0) {
      const parent = directory.slice(0, Math.max(0, directory.lastIndexOf("/")));
      answer = check(parent) || isLink(`${root}/${directory}`);
      isLinked.set(directory, answer);
    }
    return answer;
  };
  const directoryOf = (name) => name.slice(0, Math.max(0, name.lastIndexOf("/")));
  return names.filter((name) => !check(directoryOf(name)));
}
function isLink(file) {
  try {
    return lstatSync2(encodeByteText(file), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  } catch {
    return false;
  }
}
async function listAll(options, sink) {
  const base = relativeTo(options.root, options.path);
  const { default: fastGlob } = await import("./out-FOYO5WP2.js");
  const names = await fastGlob.glob("**", {
    cwd: options.path,
    dot: true,
    onlyFiles: false,
    markDirectories: false,
    followSymbolicLinks: false,
    ignore: ["**/.git"],
    objectMode: true,
    stats: false,
    fs: { readdir: readdirOrGap(options, sink) }
  });
  return names.filter((entry) => !entry.dirent.isDirectory() && isReadable(entry.dirent, entry.path, sink)).map((entry) => {
    const name = decodeByteText(encodeByteText(entry.path));
    return base === "" ? name : `${base}/${name}`;
  });
}
function nameForGlob(name) {
  return decodeByteText(name).replace(
    /[\n\r\u2028\u2029]/g,
    (character) => Array.from(Buffer.from(character), (byte) => String.fromCharCode(56320 + byte)).join("")
  );
}
function isReadable(entry, name, sink) {
  if (entry.isFile() || entry.isSymbolicLink()) return true;
  sink.coverage.skip({ what: name, why: "is not a regular file" });
  return false;
}
function readdirOrGap(options, sink) {
  const read = (directory, settings, done) => {
    readdir(encodeByteText(directory), { ...settings, encoding: "buffer" }, (error, entries) => {
      if (error === null) {
        for (const entry of entries) Object.assign(entry, { name: nameForGlob(entry.name) });
        done(null, entries);
        return;
      }
      const name = path5.relative(options.root, directory) || ".";
      sink.coverage.gap({ what: `directory ${name}`, why: `cannot be read: ${messageOf(error)}` });
      done(null, []);
    });
  };
  return read;
}
function relativeTo(root, target) {
  return path5.relative(root, target).split(path5.sep).join("/");
}

// src/sources/tree.ts
var BATCH_FILES = 256;
var MIN_FILES_TO_SHARE = 4e3;
async function readTree(options, sink, startScreen) {
  const reader = new FileReader(options.root, sink, { signal: options.signal });
  const directories = [];
  for await (const files of listFiles(options, sink)) {
    scanNames(files, sink);
    const screen = startScreen !== null && files.length >= MIN_FILES_TO_SHARE ? startScreen() : null;
    directories.push(...await readFiles(files, options, reader, sink, screen));
  }
  for (const directory of directories) await readNested(options, directory, sink, startScreen);
}
async function readFiles(files, { root, signal }, reader, sink, screen) {
  const directories = [];
  const readHere = async (batch) => {
    for (const file of batch) {
      const outcome = reader.read(file);
      if (outcome === "directory") directories.push(file);
      else if (outcome !== "done") await outcome;
    }
    sink.coverage.onProgress?.();
  };
  let position = 0;
  const nextBatch = () => {
    signal?.throwIfAborted();
    const batch = files.slice(position, position + BATCH_FILES);
    position += batch.length;
    return batch;
  };
  const readThere = async (thread) => {
    for (let batch = nextBatch(); batch.length > 0; batch = nextBatch()) {
      const screened = await thread.screen(root, batch);
      sink.coverage.files += screened.files;
      sink.coverage.bytes += screened.bytes;
      await readHere(screened.remaining);
    }
  };
  const readRest = async () => {
    for (let batch = nextBatch(); batch.length > 0; batch = nextBatch()) {
      await readHere(batch);
      await new Promise(setImmediate);
    }
  };
  await Promise.all(screen === null ? [readRest()] : [readThere(screen), readThere(screen), readRest()]);
  return directories;
}
async function readLinkedFile(options, sink) {
  const reader = new FileReader(options.root, sink, { signal: options.signal });
  await reader.read(path6.relative(options.root, options.path), { followsLink: true });
}
function scanNames(files, sink) {
  const all = Buffer.from(files.join("\n"));
  if (!sink.holdsAnything(all)) return;
  for (const file of files) sink.scan({ kind: "path", path: file }, encodeByteText(file));
}
async function readNested(options, directory, sink, startScreen) {
  const absolute = path6.join(options.root, directory);
  let repository = null;
  try {
    repository = await openRepository(absolute, options.signal, WITHOUT_CALLERS_REPOSITORY);
  } catch (error) {
    sink.coverage.gap({ what: `repository ${directory}`, why: `${messageOf(error)}; every file in it was read` });
  }
  try {
    const workTree = repository?.refusal === null ? repository.workTree : null;
    if (workTree !== null && realpathSync2(workTree) === realpathSync2(absolute)) {
      await readTree({ ...options, path: absolute, repository }, sink, startScreen);
    } else if (readdirSync2(absolute).length === 0) {
      sink.coverage.skip({ what: `submodule ${directory}`, why: "is not checked out" });
    } else {
      await readTree({ ...options, path: absolute, repository: null }, sink, startScreen);
    }
  } finally {
    repository?.dispose();
  }
}

// src/scan/collector.ts
var MAX_PLACES_WITH_HINTS = 32;
var MAX_AUTHORS = 256;
var Collector = class {
  coverage = new Coverage();
  finds = [];
  /** By commit: of those that were read first. */
  authors = /* @__PURE__ */ new Map();
  #detector;
  /** By fingerprint. One token for each value: it can stand in a hundred thousand places. */
  #known = /* @__PURE__ */ new Map();
  #variables;
  #signatures;
  objectIdLength = 40;
  /**
   * @param variables names of environment variables that are told where they are given a token
   * @param signatures marks of other tools that count as `keyrecall:allow` does
   */
  constructor(detector, variables, signatures = []) {
    this.#detector = detector;
    this.#variables = variables;
    this.#signatures = signatures;
  }
  scan(origin, bytes) {
    const before = this.finds.length;
    this.#search(origin, bytes);
    if (archiveName(origin) === null || !isContainer(bytes)) return;
    unpackWhole(
      bytes,
      this.#contents(origin, () => {
      })
    );
    this.#dropRepeats(this.finds.slice(before));
  }
  #search(origin, bytes) {
    if (origin.kind === "commit" && this.authors.size < MAX_AUTHORS) {
      const author = authorOf(bytes);
      this.authors.set(origin.objectId, author && { ...author, text: Buffer.from(author.text) });
    }
    const unread = (_start, why) => this.#unread(origin, why);
    const hits = this.#detector.find(bytes, 0, bytes.length, 0, { isCut: false, unread });
    if (hits.length === 0) return;
    const positions = new Positions(bytes);
    const whole = placeOfUnit(origin);
    for (const hit of hits.toSorted((a, b) => a.start - b.start)) {
      const located = whole ?? placeInFields(origin, bytes, hit.start, this.objectIdLength);
      const position = positions.of(located.start, hit.start, characterEncodingOf(hit.encoding));
      this.#keep(origin, located.place, bytes, hit, position);
    }
  }
  holdsAnything(bytes) {
    return this.#detector.needsALook(bytes);
  }
  #unread(origin, why) {
    this.coverage.gap({ what: unitName(origin), why });
  }
  open(origin) {
    const place = placeInStream(origin);
    const lines = new LineCounters();
    const finds = [];
    const search = new StreamSearch(this.#detector, {
      passed: (bytes) => lines.advance(bytes),
      hit: (hit, bytes) => finds.push(this.#keep(origin, place, bytes, hit, lines.position(characterEncodingOf(hit.encoding)))),
      unread: (why) => this.#unread(origin, why)
    });
    if (archiveName(origin) === null) return search;
    const unpacking = new Unpacking(this.#contents(origin, (find) => finds.push(find)));
    return {
      write: (bytes) => {
        search.write(bytes);
        unpacking.write(bytes);
      },
      close: () => {
        search.close();
        unpacking.close();
        this.#dropRepeats(finds);
      }
    };
  }
  look() {
    return new ContainerLook(this.#detector);
  }
  #contents(origin, onFind) {
    const place = placeInStream(origin);
    return new ContentsSearch(
      this.#detector,
      this.coverage,
      archiveName(origin) ?? "",
      (hit, bytes, inside) => onFind(this.#keep(origin, place, bytes, hit, inside.place.outer, inside))
    );
  }
  /** What is not packed stands in its archive as it is, and was found there as well; the innermost place says most. */
  #dropRepeats(finds) {
    const deeper = new Set(finds.flatMap(waysBefore));
    if (deeper.size === 0) return;
    const repeats = new Set(finds.filter((find) => !isInName(find) && deeper.has(wayTo(find, find.container.length))));
    if (repeats.size === 0) return;
    const kept = this.finds.filter((find) => !repeats.has(find));
    this.finds.splice(0, this.finds.length);
    for (const find of kept) this.finds.push(find);
  }
  /** What stands near the places of a token. */
  hintsOf(fingerprint) {
    return mergeHints(this.#known.get(fingerprint)?.hints ?? []);
  }
  #keep(origin, place, bytes, hit, { line, column }, inside = null) {
    let known = this.#known.get(hit.token.fingerprint);
    if (known === void 0) {
      known = { token: hit.token, hints: [], places: 0 };
      this.#known.set(hit.token.fingerprint, known);
    }
    known.places += 1;
    const encoding = characterEncodingOf(hit.encoding);
    if (known.places <= MAX_PLACES_WITH_HINTS) known.hints.push(findHints(bytes, hit.start, hit.end, encoding));
    const position = { line: line + linesBefore(origin), column };
    const isDecoded = hit.encoding.length > (encoding === "plain" ? 0 : 1);
    const find = {
      token: known.token,
      place,
      position,
      end: isDecoded && inside === null ? positionBehind(bytes.subarray(hit.start, hit.end), position, encoding) : null,
      encoding: hit.encoding,
      container: inside?.place.steps ?? NO_STEPS,
      inner: inside?.inner ?? null,
      inlineMark: IS_NAME.has(place.kind) || inside !== null && inside.inner === null ? null : findInlineMark(bytes, hit.start, hit.end, encoding, this.#signatures),
      variable: findVariable(bytes, hit.start, encoding, this.#variables)
    };
    this.finds.push(find);
    this.coverage.outcomes += 1;
    return find;
  }
};
var NO_STEPS = [];
function isInName({ container, inner }) {
  return container.length > 0 && inner === null;
}
function wayTo({ token, container }, steps) {
  return [token.fingerprint, ...container.slice(0, steps)].join("\0");
}
function waysBefore(find) {
  return Array.from({ length: find.container.length }, (_, steps) => wayTo(find, steps));
}
function linesBefore(origin) {
  return origin.kind === "patch" ? origin.line - 1 : 0;
}
var Positions = class {
  #bytes;
  #counters = /* @__PURE__ */ new Map();
  constructor(bytes) {
    this.#bytes = bytes;
  }
  /** @param start where the text begins that lines and columns count from */
  of(start, offset, encoding) {
    const parity = encoding === "plain" ? 0 : (offset - start) % 2;
    const key = `${start} ${encoding} ${parity}`;
    let entry = this.#counters.get(key);
    if (entry === void 0) {
      entry = { counter: new LineCounter(encoding, parity), counted: start };
      this.#counters.set(key, entry);
    }
    entry.counter.advance(this.#bytes.subarray(entry.counted, offset));
    entry.counted = offset;
    return entry.counter.positionOf(offset - start);
  }
};
var IS_NAME = /* @__PURE__ */ new Set(["tree-entry", "ref-name", "path"]);
function placeOfUnit(origin) {
  return HAS_FIELDS.has(origin.kind) ? null : { place: placeInStream(origin), start: 0 };
}
var HAS_FIELDS = /* @__PURE__ */ new Set(["commit", "tag", "tree"]);
function placeInFields(origin, bytes, offset, objectIdLength) {
  switch (origin.kind) {
    case "commit":
    case "tag": {
      const field = fieldAt(bytes, offset);
      return { place: { kind: `${origin.kind}-${field.kind}`, objectId: origin.objectId }, start: field.start };
    }
    case "tree": {
      const entry = entryNameAt(bytes, offset, objectIdLength);
      const name = Buffer.from(entry?.name ?? bytes.subarray(0, 0));
      return { place: { kind: "tree-entry", objectId: origin.objectId, name }, start: entry?.start ?? 0 };
    }
    default:
      return { place: placeInStream(origin), start: 0 };
  }
}
function placeInStream(origin) {
  switch (origin.kind) {
    case "blob":
    case "commit":
    case "tag":
    case "tree":
      return { kind: "blob", objectId: origin.objectId };
    case "ref-name":
    case "reflog":
      return { kind: origin.kind, ref: origin.ref };
    case "file":
    case "path":
      return { kind: origin.kind, path: origin.path };
    case "stdin":
      return { kind: "stdin", path: null, section: 0 };
    case "patch":
      return { kind: origin.side === "new" ? "stdin" : "patch-old", path: origin.path, section: origin.section };
  }
}

// src/git/changes.ts
import { join } from "node:path";
var MAX_FAILURES = 50;
async function visitChanges(repository, commits, visitor, onGap) {
  let position = 0;
  for (let failures = 0; position < commits.length; failures++) {
    if (failures === MAX_FAILURES) {
      const rest = commits.length - position;
      onGap({ what: `changes of ${rest} more commits`, why: `${MAX_FAILURES} others cannot be compared; see there` });
      return;
    }
    const batch = position === 0 ? commits : commits.slice(position);
    const { last, result } = await runDiffTree(repository, batch, visitor);
    if (result.status === 0) return;
    const failed = last ?? batch[0];
    onGap({ what: `changes of commit ${failed}`, why: `${errorLines(result.errorText).join("; ")}; run git fsck` });
    position = Math.max(position, commits.indexOf(failed, position)) + 1;
  }
}
async function visitMerges(repository, merges, paths, visitor, onGap) {
  if (merges.length === 0) return;
  const pairs = merges.flatMap((merge2) => merge2.parents.map((parent) => `${merge2.id} ${parent}`));
  const isPassable = paths.length <= MAX_PATH_ARGUMENTS && paths.join("").length <= MAX_PATH_BYTES && paths.every((path15) => !/[\udc00-\udcff]/.test(path15));
  const limited = isPassable ? paths : [];
  const { result } = await runDiffTree(repository, pairs, visitor, limited);
  if (result.status !== 0) onGap({ what: "merges", why: `${errorLines(result.errorText).join("; ")}; run git fsck` });
}
var MAX_PATH_ARGUMENTS = 500;
var MAX_PATH_BYTES = 32768;
async function runDiffTree(repository, commits, visitor, paths = []) {
  const parser = new DiffTreeParser(visitor);
  const result = await streamGit(
    withoutIndex(repository),
    [
      "diff-tree",
      "--stdin",
      "-r",
      "-c",
      "--root",
      "--raw",
      "-z",
      "--no-renames",
      "--no-abbrev",
      "--no-relative",
      "--ignore-submodules=none",
      "--always",
      "--format=commit %H %P",
      "--",
      ...paths
    ],
    { input: withLineFeeds(commits), onData: (bytes) => parser.push(bytes) }
  );
  return { last: parser.last, result };
}
function* withLineFeeds(items) {
  for (const item of items) yield `${item}
`;
}
function withoutIndex({ git, gitDirectory }) {
  return { ...git, environment: { ...git.environment, GIT_INDEX_FILE: join(gitDirectory, "keyrecall.no-index") } };
}
var DiffTreeParser = class {
  #visitor;
  /** The commit that came last. */
  last = null;
  #rest = "";
  #commit = { id: "", parents: [] };
  #pending = null;
  constructor(visitor) {
    this.#visitor = visitor;
  }
  push(bytes) {
    const text = this.#rest + bytes.toString("latin1");
    let start = 0;
    for (let end = text.indexOf("\0"); end !== -1; end = text.indexOf("\0", start)) {
      this.#field(text.slice(start, end));
      start = end + 1;
    }
    this.#rest = text.slice(start);
  }
  #field(field) {
    if (this.#pending !== null) {
      const header = this.#pending;
      this.#pending = null;
      this.#change(header, field);
      return;
    }
    const text = field.startsWith("\n") ? field.slice(1) : field;
    if (text.startsWith(":")) this.#pending = text;
    else if (text.startsWith("commit ")) {
      const [, id = "", ...parents] = text.split(" ");
      this.#commit = { id: ownCopy(id), parents: parents.filter((parent) => parent !== "").map(ownCopy) };
      this.last = this.#commit.id;
      this.#visitor.commit(this.#commit);
    }
  }
  /** `:<old mode>… <new mode> <old id>… <new id> <status>`, with as many colons as parents. */
  #change(header, rawPath) {
    const change = parseChange(header, header.lastIndexOf(":") + 1);
    if (!this.#visitor.wants(change.newId, change.oldIds, rawPath)) return;
    this.#visitor.change({
      ...change,
      commit: this.#commit.id,
      path: textOf(rawPath)
    });
  }
};
function ownCopy(text) {
  return Buffer.from(text, "latin1").toString("latin1");
}
function parseChange(header, parents) {
  const fields = header.slice(parents).split(" ");
  const modes = fields.slice(0, parents + 1);
  const ids = fields.slice(parents + 1, 2 * parents + 2).map((id, index) => blobId(modes[index], id));
  return {
    newId: ids[parents] ?? null,
    oldIds: ids.slice(0, parents),
    isAdded: modes.slice(0, parents).every((mode) => mode === ABSENT_MODE),
    isDeleted: modes[parents] === ABSENT_MODE
  };
}
var ABSENT_MODE = "000000";
var SUBMODULE_MODE = "160000";
function blobId(mode, id) {
  return mode === ABSENT_MODE || mode === SUBMODULE_MODE ? null : ownCopy(id);
}
var MAX_RENAMES = 1e3;
var FIND_RENAMES = [
  "--raw",
  "-z",
  "--no-abbrev",
  "--no-relative",
  "--find-renames",
  `-l${MAX_RENAMES}`,
  "--diff-filter=R"
];
async function findRenames(repository, pairs, onRename, onGap) {
  if (pairs.length === 0) return;
  const { status, output, errorText } = await runGit(
    withoutIndex(repository),
    ["diff-tree", "--stdin", "-r", "--always", "--format=commit %H", ...FIND_RENAMES, "--"],
    pairs.map(({ commit: commit2, parent }) => `${commit2} ${parent}
`)
  );
  if (status !== 0) onGap({ what: "renames", why: `${errorLines(errorText).join("; ")}; run git fsck` });
  let commit = "";
  eachRename(
    output,
    (rename) => onRename(commit, rename),
    (line) => {
      commit = line.slice("commit ".length);
    }
  );
}
async function contentsOfRenames(repository, pairs, onGap) {
  const blobs = [];
  let gone = [];
  let added = [];
  const endPair = () => {
    if (gone.length * added.length <= MAX_RENAMES ** 2) blobs.push(...gone, ...added);
    gone = [];
    added = [];
  };
  const { result } = await runDiffTree(
    repository,
    pairs.map(({ commit, parent }) => `${commit} ${parent}`),
    {
      commit: endPair,
      wants(newId, [oldId = null]) {
        if (newId === null && oldId !== null) gone.push(oldId);
        if (newId !== null && oldId === null) added.push(newId);
        return false;
      },
      change: () => {
      }
    }
  );
  endPair();
  if (result.status !== 0) onGap({ what: "renames", why: `${errorLines(result.errorText).join("; ")}; run git fsck` });
  return blobs;
}
async function findStagedRenames(repository, against, onRename, onGap) {
  const { status, output, errorText } = await runGit(repository.git, [
    "diff-index",
    "--cached",
    ...FIND_RENAMES,
    against,
    "--"
  ]);
  if (status !== 0) onGap({ what: "renames in the index", why: errorLines(errorText).join("; ") });
  eachRename(output, onRename, () => {
  });
}
function eachRename(output, onRename, onHeading) {
  const fields = output.toString("latin1").split("\0");
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index].replace(/^\n/, "");
    if (!field.startsWith(":")) {
      if (field !== "") onHeading(field);
      continue;
    }
    const [, , sourceId = ""] = field.split(" ");
    onRename({ source: textOf(fields[index + 1] ?? ""), target: textOf(fields[index + 2] ?? ""), sourceId });
    index += 2;
  }
}
function textOf(rawPath) {
  return decodeByteText(Buffer.from(rawPath, "latin1"));
}
async function indexChanges(repository, against, onUnmerged) {
  const { status, output, errorText } = await runGit(repository.git, [
    "diff-index",
    "--cached",
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-relative",
    "--no-renames",
    "--ignore-submodules=none",
    // The next commit will not have what is only announced.
    "--ita-invisible-in-index",
    against,
    "--"
  ]);
  if (status !== 0) throw new IndexUnreadableError(errorLines(errorText).join("; "));
  const fields = output.toString("latin1").split("\0");
  const changes = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const header = fields[index];
    if (header.endsWith(" U")) {
      onUnmerged(textOf(fields[index + 1]));
      continue;
    }
    changes.push({ ...parseChange(header, 1), path: textOf(fields[index + 1]) });
  }
  return changes;
}
var IndexUnreadableError = class extends Error {
  name = "IndexUnreadableError";
};

// src/git/tags.ts
async function tagTargets(repository, tagIds, onGap) {
  const targets = /* @__PURE__ */ new Map();
  await readObjects(
    repository,
    tagIds,
    {
      object(objectId, _type, bytes) {
        const target = /^object ([0-9a-f]+)$/m.exec(bytes.toString("latin1", 0, 128))?.[1];
        if (target !== void 0) targets.set(objectId, target);
      },
      largeObject: () => ({ write: () => {
      }, close: () => {
      } }),
      missing: () => {
      }
    },
    onGap
  );
  return targets;
}

// src/git/outgoing.ts
async function outgoing(repository, updates, known, onGap) {
  const tips = await sortTips(repository, updates, onGap);
  const oldIds = new Set(updates.flatMap(({ oldId }) => oldId ?? []));
  const here = await typesOf(repository, [...oldIds], onGap);
  const exclude = [...here.keys()];
  const commits = await list(repository, tips.commits, exclude, known, [], onGap);
  const others = await list(repository, tips.others, [], "nothing", ["--objects", "--no-object-names"], onGap);
  return { commits, tags: tips.tags, others };
}
async function sortTips(repository, updates, onGap) {
  const [commits, tags, others] = [/* @__PURE__ */ new Set(), /* @__PURE__ */ new Set(), /* @__PURE__ */ new Set()];
  for (let open = [...new Set(updates.map(({ newId }) => newId))]; open.length > 0; ) {
    const types = await typesOf(repository, open, onGap);
    const found = [];
    for (const objectId of open) {
      const type = types.get(objectId);
      if (type === "commit") commits.add(objectId);
      else if (type === "tag") found.push(objectId);
      else if (type !== void 0) others.add(objectId);
      else onGap({ what: `object ${objectId}`, why: "missing from the repository; run git fsck" });
    }
    for (const tag of found) tags.add(tag);
    open = [...(await tagTargets(repository, found, onGap)).values()].filter((objectId) => !tags.has(objectId));
  }
  return { commits: [...commits], tags: [...tags], others: [...others] };
}
async function list(repository, include, exclude, known, options, onGap) {
  if (include.length === 0) return [];
  const input = [...include.map((id) => `${id}
`), ...exclude.map((id) => `^${id}
`)];
  const args = ["rev-list", ...options, "--stdin", ...await argumentsOf(repository, known)];
  const { status, output, errorText } = await runGit(repository.git, args, input);
  if (status !== 0) onGap({ what: "what is pushed", why: `${errorLines(errorText).join("; ")}; run git fsck` });
  return output.toString("latin1").split("\n").filter((line) => line !== "");
}
async function argumentsOf(repository, known) {
  if (known === "nothing") return [];
  if (known === "all-refs") return ["--not", "--all"];
  const { output } = await runGit(repository.git, ["remote"]);
  const within = output.toString("utf8").split("\n").filter((name) => name.startsWith(`${known.remote}/`));
  return [
    "--not",
    ...within.map((name) => `--exclude=${escapePattern(name)}/*`),
    `--remotes=${escapePattern(known.remote)}/*`
  ];
}
function escapePattern(name) {
  return name.replace(/[*?[\]\\]/g, "\\$&");
}

// src/git/refs.ts
import { existsSync as existsSync2, readdirSync as readdirSync4 } from "node:fs";
import path9 from "node:path";

// src/git/storage/ref-files.ts
import { readdirSync as readdirSync3 } from "node:fs";
var MAX_REF_FILE_BYTES = 64 * 1024;
function parseRefFile(bytes, idBytes) {
  if (bytes.length > MAX_REF_FILE_BYTES) throw new NotForUs(`takes ${bytes.length} bytes`);
  const text = bytes.toString("latin1");
  if (text.startsWith("ref:")) {
    const target = /^ref:\s*([^\s](?:.*[^\s])?)\s*$/s.exec(text)?.[1];
    if (target === void 0) throw new Damage("leads to a ref without a name");
    return { target: Buffer.from(target, "latin1") };
  }
  const objectId = text.slice(0, idBytes * 2);
  if (!isObjectId(objectId, idBytes) || !/^(\s|$)/.test(text.slice(idBytes * 2))) throw new Damage("names no object");
  return { objectId: objectId.toLowerCase(), peeled: null };
}
function isObjectId(text, idBytes) {
  return text.length === idBytes * 2 && /^[0-9a-f]+$/i.test(text);
}
function parsePackedRefs(bytes, idBytes) {
  const refs = [];
  let isSaidToBeSorted = false;
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(10, start);
    if (end === -1) throw new Damage("ends in a line");
    const line = bytes.subarray(start, end);
    const isFirst = start === 0;
    start = end + 1;
    const head = line.toString("latin1", 0, idBytes * 2 + 1);
    if (head.startsWith("#")) {
      if (isFirst) isSaidToBeSorted = / sorted( |$)/.test(line.toString("latin1"));
      continue;
    }
    if (head.startsWith("^")) {
      const last = refs.at(-1);
      const peeled = line.toString("latin1", 1);
      if (last === void 0 || !("objectId" in last.value) || !isObjectId(peeled, idBytes)) {
        throw new Damage("says what a tag leads to, and of which");
      }
      refs[refs.length - 1] = { name: last.name, value: { objectId: last.value.objectId, peeled } };
      continue;
    }
    const name = line.subarray(idBytes * 2 + 1);
    if (!isObjectId(head.slice(0, -1), idBytes) || !/\s$/.test(head) || name.length === 0) {
      throw new Damage("has a line that is no ref");
    }
    const before = refs.at(-1);
    if (isSaidToBeSorted && before !== void 0 && before.name.compare(name) >= 0) {
      throw new Damage("has refs that are not in the order that it says");
    }
    refs.push({ name, value: { objectId: head.slice(0, -1), peeled: null } });
  }
  return refs;
}
function parseLog(bytes, idBytes) {
  const entries = [];
  const hex = idBytes * 2;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(10, start);
    const end = found === -1 ? bytes.length : found;
    const line = bytes.subarray(start, end);
    start = end + 1;
    const ids = line.toString("latin1", 0, 2 * hex + 2);
    const [oldId, newId] = [ids.slice(0, hex), ids.slice(hex + 1, 2 * hex + 1)];
    const areIds = isObjectId(oldId, idBytes) && isObjectId(newId, idBytes) && ids[hex] === " ";
    if (!areIds || !/^ ?$/.test(ids.slice(2 * hex + 1))) continue;
    const rest = line.subarray(2 * hex + 2);
    const tab = rest.indexOf(9);
    entries.push({
      oldId,
      newId,
      who: tab === -1 ? rest : rest.subarray(0, tab),
      message: tab === -1 ? rest.subarray(rest.length) : rest.subarray(tab + 1)
    });
  }
  return entries;
}
function readLooseRefs(directory, below, idBytes) {
  const refs = [];
  const unread = /* @__PURE__ */ new Map();
  const open = [Buffer.from(below)];
  for (let name = open.pop(); name !== void 0; name = open.pop()) {
    for (const entry of listEntries(directory, name)) {
      const full = Buffer.concat([name, SLASH, entry.name]);
      if (entry.isDirectory()) {
        open.push(full);
        continue;
      }
      if (entry.name.toString("latin1").endsWith(".lock")) continue;
      try {
        refs.push({ name: full, value: parseRefFile(readRegularFile(pathOf(directory, full)), idBytes) });
      } catch (error) {
        if (systemCodeOf(error) === "ENOENT" && !entry.isSymbolicLink()) continue;
        unread.set(full.toString("latin1"), messageOf(error));
      }
    }
  }
  return { refs: refs.toSorted((a, b) => a.name.compare(b.name)), unread };
}
var SLASH = Buffer.from("/");
function pathOf(directory, name) {
  return Buffer.concat([encodeByteText(directory), SLASH, name]);
}
function listEntries(directory, name) {
  try {
    return readdirSync3(pathOf(directory, name), { withFileTypes: true, encoding: "buffer" });
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return [];
    throw error;
  }
}

// src/git/storage/ref-store.ts
import { existsSync } from "node:fs";
import path8 from "node:path";

// src/git/storage/reftable-stack.ts
import path7 from "node:path";

// src/git/storage/reftable.ts
import { crc32 } from "node:zlib";

// src/git/storage/byte-cursor.ts
var ByteCursor = class {
  bytes;
  end;
  position;
  constructor(bytes, position = 0, end = bytes.length) {
    if (position > end || end > bytes.length) throw new Damage("leads out of itself");
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }
  get isAtEnd() {
    return this.position >= this.end;
  }
  uint8() {
    return this.bytes[this.#take(1)];
  }
  uint16() {
    return this.bytes.readUInt16BE(this.#take(2));
  }
  uint24() {
    return this.bytes.readUIntBE(this.#take(3), 3);
  }
  uint32() {
    return this.bytes.readUInt32BE(this.#take(4));
  }
  uint64() {
    const at = this.#take(8);
    const value = this.bytes.readUInt32BE(at) * 2 ** 32 + this.bytes.readUInt32BE(at + 4);
    if (value > Number.MAX_SAFE_INTEGER) throw new Damage("has an impossible number");
    return value;
  }
  /** As an offset delta in a pack writes the distance of its base. */
  varint() {
    let byte = this.uint8();
    let value = byte & 127;
    while (byte >= 128) {
      byte = this.uint8();
      value = (value + 1) * 128 + (byte & 127);
      if (value > Number.MAX_SAFE_INTEGER) throw new Damage("has an impossible number");
    }
    return value;
  }
  /** Valid as long as the bytes that are read. */
  take(length) {
    const at = this.#take(length);
    return this.bytes.subarray(at, at + length);
  }
  id(length) {
    const at = this.#take(length);
    return this.bytes.toString("hex", at, at + length);
  }
  /** Up to the next byte of this value, which is read too and left out. */
  until(byte) {
    const at = this.bytes.indexOf(byte, this.position);
    if (at === -1 || at >= this.end) throw new Damage("ends in a name");
    const taken = this.bytes.subarray(this.position, at);
    this.position = at + 1;
    return taken;
  }
  #take(length) {
    const at = this.position;
    if (at + length > this.end) throw new Damage("ends too early");
    this.position = at + length;
    return at;
  }
};

// src/git/storage/reftable.ts
var SIGNATURE = "REFT";
var SHA1 = "sha1";
var SHA256 = "s256";
var FOOTER_REST_BYTES = 5 * 8 + 4;
var BLOCK_HEADER_BYTES = 4;
var RESTART_BYTES = 3;
var RESTART_COUNT_BYTES = 2;
var MAX_TOTAL_BYTES = 256 * 1024 * 1024;
function readReftable(bytes, idBytes) {
  const layout = readEnds(bytes, idBytes);
  const refs = [];
  const logs = [];
  readSection(bytes, layout, "r", 0, (key, kind, cursor) => refs.push(readRef(key, kind, cursor, idBytes)));
  const firstType = layout.end > layout.headerBytes ? String.fromCharCode(bytes[layout.headerBytes]) : "";
  if (layout.logsAt > 0 || firstType === "g") {
    readSection(
      bytes,
      layout,
      "g",
      layout.logsAt,
      (key, kind, cursor) => logs.push(readLog(key, kind, cursor, idBytes))
    );
  }
  return { refs, logs };
}
function readEnds(bytes, idBytes) {
  const header = new ByteCursor(bytes);
  if (header.take(4).toString("latin1") !== SIGNATURE) throw new Damage("does not begin as a table of refs");
  const version = header.uint8();
  if (version !== 1 && version !== 2) throw new NotForUs(`has version ${version}`);
  const blockBytes = header.uint24();
  const [first, last] = [header.uint64(), header.uint64()];
  if (first > last) throw new Damage("has updates that do not rise");
  const hash = version === 1 ? SHA1 : header.take(4).toString("latin1");
  if (hash !== SHA1 && hash !== SHA256) throw new NotForUs("has another kind of object names");
  if ((hash === SHA1 ? 20 : 32) !== idBytes) throw new Damage("is for another kind of object names");
  const headerBytes = header.position;
  const end = bytes.length - headerBytes - FOOTER_REST_BYTES;
  if (end < headerBytes) throw new Damage("is too short");
  if (!bytes.subarray(0, headerBytes).equals(bytes.subarray(end, end + headerBytes))) {
    throw new Damage("ends in another footer than its header");
  }
  const checksumAt = bytes.length - 4;
  if (crc32(bytes.subarray(end, checksumAt)) !== bytes.readUInt32BE(checksumAt)) {
    throw new Damage("has a wrong checksum");
  }
  const footer = new ByteCursor(bytes, end + headerBytes, checksumAt);
  footer.take(3 * 8);
  const logsAt = footer.uint64();
  if (logsAt > end || logsAt > 0 && logsAt < headerBytes) throw new Damage("has logs outside of it");
  return { headerBytes, blockBytes, logsAt, end };
}
function readSection(bytes, layout, type, start, onRecord) {
  let before = null;
  let total = 0;
  const count = (key, kind, cursor) => {
    total += key.length;
    onRecord(key, kind, cursor);
  };
  for (let offset = start; offset < layout.end; ) {
    const skipped = offset === 0 ? layout.headerBytes : 0;
    if (offset + skipped >= layout.end || bytes[offset + skipped] !== type.charCodeAt(0)) return;
    const { block, next } = type === "r" ? plainBlock(bytes, layout, offset) : logBlock(bytes, layout, offset);
    before = readRecords(block, skipped + BLOCK_HEADER_BYTES, before, count);
    total += block.length;
    if (total > MAX_TOTAL_BYTES) throw new NotForUs("has more in it than is kept");
    offset = next;
  }
}
function plainBlock(bytes, { blockBytes, headerBytes, end }, offset) {
  const length = lengthOfBlock(bytes, headerBytes, offset, end);
  if (offset + length > end) throw new Damage(`has a block at ${offset} that leads out of it`);
  const isPadded = length < blockBytes && bytes[offset + length] === 0 && offset + length < end;
  return { block: bytes.subarray(offset, offset + length), next: offset + (isPadded ? blockBytes : length) };
}
function logBlock(bytes, { headerBytes, end }, offset) {
  const length = lengthOfBlock(bytes, headerBytes, offset, end);
  const plainBytes = (offset === 0 ? headerBytes : 0) + BLOCK_HEADER_BYTES;
  const packed = bytes.subarray(offset + plainBytes, end);
  const { buffer, consumed } = inflateWithin(packed, length - plainBytes, offset);
  const block = Buffer.concat([bytes.subarray(offset, offset + plainBytes), buffer]);
  return { block, next: offset + plainBytes + consumed };
}
function inflateWithin(packed, size, offset) {
  try {
    const inflated = inflate(packed, size);
    if (inflated.buffer.length === size) return inflated;
  } catch (error) {
    if (!(error instanceof Damage || error instanceof NotForUs)) throw error;
  }
  throw new Damage(`has a block at ${offset} that cannot be inflated to the length that it says`);
}
function lengthOfBlock(bytes, headerBytes, offset, end) {
  const skipped = offset === 0 ? headerBytes : 0;
  const length = new ByteCursor(bytes, offset + skipped + 1, end).uint24();
  if (length < skipped + BLOCK_HEADER_BYTES + RESTART_COUNT_BYTES)
    throw new Damage(`has a block at ${offset} without room`);
  return length;
}
function readRecords(block, start, before, onRecord) {
  const restartCount = block.readUInt16BE(block.length - RESTART_COUNT_BYTES);
  const restartsAt = block.length - RESTART_COUNT_BYTES - restartCount * RESTART_BYTES;
  if (restartsAt < start) throw new Damage("has a block of restarts only");
  const restarts = /* @__PURE__ */ new Set();
  for (let at = restartsAt; at < restartsAt + restartCount * RESTART_BYTES; at += RESTART_BYTES) {
    restarts.add(block.readUIntBE(at, RESTART_BYTES));
  }
  const cursor = new ByteCursor(block, start, restartsAt);
  let last = before;
  let inBlock = Buffer.alloc(0);
  while (!cursor.isAtEnd) {
    const isRestart = restarts.delete(cursor.position);
    const shared = cursor.varint();
    const written = cursor.varint();
    if (shared > inBlock.length || isRestart && shared > 0)
      throw new Damage("has a name that begins as none before it");
    const suffix = cursor.take(Math.floor(written / 8));
    const key = Buffer.concat([inBlock.subarray(0, shared), suffix]);
    if (key.length === 0 || last !== null && last.compare(key) >= 0)
      throw new Damage("has names that are not in order");
    onRecord(key, written % 8, cursor);
    last = key;
    inBlock = key;
  }
  if (restarts.size > 0) throw new Damage("has a restart where no record begins");
  return last;
}
function readRef(name, kind, cursor, idBytes) {
  cursor.varint();
  switch (kind) {
    case 0:
      return { name, value: null };
    case 1:
      return { name, value: { objectId: cursor.id(idBytes), peeled: null } };
    case 2:
      return { name, value: { objectId: cursor.id(idBytes), peeled: cursor.id(idBytes) } };
    case 3:
      return { name, value: { target: cursor.take(cursor.varint()) } };
    default:
      throw new NotForUs(`has a ref of kind ${kind}`);
  }
}
var UPDATE_BYTES = 8;
function readLog(key, kind, cursor, idBytes) {
  const nameEnd = key.length - UPDATE_BYTES - 1;
  if (nameEnd < 1 || key[nameEnd] !== 0) throw new Damage("has a line of a log that belongs to no ref");
  const update = Number(0xffffffffffffffffn - key.readBigUInt64BE(nameEnd + 1));
  if (!Number.isSafeInteger(update)) throw new Damage("has an impossible number");
  const name = key.subarray(0, nameEnd);
  if (kind === 0) return { name, update, entry: null };
  if (kind !== 1) throw new NotForUs(`has a line of a log of kind ${kind}`);
  const oldId = cursor.id(idBytes);
  const newId = cursor.id(idBytes);
  const [person, address] = [cursor.take(cursor.varint()), cursor.take(cursor.varint())];
  const seconds = cursor.varint();
  const zone = formatZone(cursor.take(2).readInt16BE());
  const message = cursor.take(cursor.varint());
  const who = Buffer.concat([person, Buffer.from(" <"), address, Buffer.from(`> ${seconds} ${zone}`)]);
  return { name, update, entry: { oldId, newId, who, message: withoutLineFeed(message) } };
}
function formatZone(zone) {
  return `${zone < 0 ? "-" : "+"}${String(Math.abs(zone)).padStart(4, "0")}`;
}
function withoutLineFeed(message) {
  return message.at(-1) === 10 ? message.subarray(0, -1) : message;
}

// src/git/storage/reftable-stack.ts
var ATTEMPTS = 5;
function readRefStack(directory, idBytes) {
  for (let attempt = 1; ; attempt++) {
    try {
      return mergeTables(listTables(directory).map((name) => readTable(path7.join(directory, name), name, idBytes)));
    } catch (error) {
      if (systemCodeOf(error) !== "ENOENT" || attempt === ATTEMPTS) throw error;
    }
  }
}
function listTables(directory) {
  const lines = readRegularFile(path7.join(directory, "tables.list")).toString("latin1").split("\n");
  const names = lines.filter((line) => line !== "");
  for (const name of names)
    if (!/^[\w.-]+\.ref$/.test(name)) throw new Damage(`lists ${JSON.stringify(name)} as a table`);
  return names;
}
function readTable(file, name, idBytes) {
  try {
    return readReftable(readRegularFile(file), idBytes);
  } catch (error) {
    throw error instanceof Damage ? new Damage(`table ${name} ${error.message}`, { cause: error }) : error;
  }
}
function mergeTables(tables) {
  const refs = /* @__PURE__ */ new Map();
  const logs = /* @__PURE__ */ new Map();
  for (const table of tables) {
    for (const ref of table.refs) refs.set(ref.name.toString("latin1"), ref);
    for (const log of table.logs) {
      const name = log.name.toString("latin1");
      const lines = logs.get(name) ?? /* @__PURE__ */ new Map();
      lines.set(log.update, log);
      logs.set(name, lines);
    }
  }
  const held = [...refs.values()].flatMap(({ name, value }) => value === null ? [] : [{ name, value }]);
  return { refs: held.toSorted((a, b) => a.name.compare(b.name)), logs: new Map(linesOf(logs)) };
}
function* linesOf(logs) {
  for (const [name, lines] of logs) {
    const latestFirst = [...lines.values()].toSorted((a, b) => b.update - a.update);
    const entries = latestFirst.flatMap(({ entry }) => entry === null ? [] : [entry]);
    const real = entries.filter(({ oldId, newId }) => !/^0+$/.test(oldId) || !/^0+$/.test(newId));
    if (real.length > 0) yield [name, real];
  }
}

// src/git/storage/ref-store.ts
var OWN_REFS = ["refs/bisect", "refs/rewritten", "refs/worktree"];
var IS_OWN = /^refs\/(?:bisect|rewritten|worktree)\//;
var MAX_LINKS = 5;
function readRefStore(gitDirectory, commonDirectory, idBytes) {
  const { refs, head, logs } = isReftable(commonDirectory) ? readTables(gitDirectory, commonDirectory, idBytes) : readFiles2(gitDirectory, commonDirectory, idBytes);
  const values = /* @__PURE__ */ new Map();
  for (const ref of refs) {
    const name = ref.name.toString("latin1");
    if (!isRefName(name)) throw new NotForUs("has a ref of which the name is none");
    values.set(name, ref);
  }
  const resolved = [];
  const dangling = [];
  for (const { name, value } of values.values()) {
    const objectId = resolve(value, values);
    if (objectId === null) dangling.push(name);
    else resolved.push({ name, objectId });
  }
  return { refs: resolved.toSorted((a, b) => a.name.compare(b.name)), dangling, head, logs };
}
function isReftable(commonDirectory) {
  return existsSync(path8.join(commonDirectory, "reftable", "tables.list"));
}
function readFiles2(gitDirectory, commonDirectory, idBytes) {
  const isLinked = gitDirectory !== commonDirectory;
  const loose = [readLooseRefs(commonDirectory, "refs", idBytes)];
  const own = isLinked ? OWN_REFS.map((below) => readLooseRefs(gitDirectory, below, idBytes)) : [];
  for (const { unread } of [...loose, ...own]) {
    for (const [name, why] of unread) throw new NotForUs(`has a ref ${name} that ${why}`);
  }
  const shared = loose.flatMap(({ refs: refs2 }) => refs2).filter(({ name }) => !isLinked || !isOwn2(name));
  const packed = readOptional(path8.join(commonDirectory, "packed-refs"));
  const refs = [
    ...packed === null ? [] : parsePackedRefs(packed, idBytes),
    ...shared,
    ...own.flatMap((one) => one.refs)
  ];
  const head = readOptional(path8.join(gitDirectory, "HEAD"));
  return { refs, head: head === null ? null : parseRefFile(head, idBytes), logs: null };
}
function readTables(gitDirectory, commonDirectory, idBytes) {
  const shared = readRefStack(path8.join(commonDirectory, "reftable"), idBytes);
  const isLinked = gitDirectory !== commonDirectory;
  const own = isLinked ? readRefStack(path8.join(gitDirectory, "reftable"), idBytes) : shared;
  const isShared = (name) => name.startsWith("refs/") && !IS_OWN.test(name);
  const refs = isLinked ? [...shared.refs.filter(({ name }) => isShared(name.toString("latin1"))), ...own.refs] : shared.refs;
  const head = own.refs.find(({ name }) => name.toString("latin1") === "HEAD")?.value ?? null;
  const logs = isLinked ? new Map([...[...shared.logs].filter(([name]) => isShared(name)), ...own.logs]) : shared.logs;
  return { refs: refs.filter(({ name }) => name.toString("latin1", 0, 5) === "refs/"), head, logs };
}
function isOwn2(name) {
  return IS_OWN.test(name.toString("latin1"));
}
function readOptional(file) {
  try {
    return readRegularFile(file);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return null;
    throw error;
  }
}
function resolve(value, refs) {
  let current = value;
  for (let links = 0; current !== void 0 && links <= MAX_LINKS; links++) {
    if ("objectId" in current) return current.objectId;
    current = refs.get(current.target.toString("latin1"))?.value;
  }
  return null;
}
function isRefName(name) {
  return !/[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\.$/.test(name) && name.split("/").every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"));
}

// src/git/refs.ts
function listDanglingNames(repository, refs) {
  const known = new Set(refs.map((ref) => ref.name));
  const heads = [
    repository.gitDirectory,
    ...linkedWorkTrees(repository).map((name) => workTreeDirectory(repository, name))
  ];
  const loose = listFiles2(path9.join(repository.commonDirectory, "refs"), () => {
  }).map((name) => `refs/${name}`);
  const unknown = loose.filter((name) => !known.has(name));
  const files = [
    ...heads.map((directory) => `${directory}/HEAD`),
    ...unknown.map((name) => `${repository.commonDirectory}/${name}`)
  ];
  const targets = files.flatMap((file) => symbolicTarget(file) ?? []);
  return [.../* @__PURE__ */ new Set([...unknown, ...targets])].filter((name) => !known.has(name));
}
function symbolicTarget(file) {
  try {
    const text = decodeByteText(readRegularFile(encodeByteText(file)).subarray(0, MAX_REF_FILE_BYTES2));
    return /^ref: *(.+?)\s*$/.exec(text)?.[1] ?? null;
  } catch {
    return null;
  }
}
var MAX_REF_FILE_BYTES2 = 8192;
function workTreeDirectory(repository, name) {
  return path9.join(repository.commonDirectory, "worktrees", name);
}
async function listRefs(repository, onGap, onFallback = () => {
}) {
  const workTrees = path9.join(repository.commonDirectory, "worktrees");
  if (existsSync2(workTrees)) listFiles2(workTrees, onGap);
  const stored = readStoredRefs(repository);
  if (stored !== null) return stored;
  onFallback();
  return listRefsByGit(repository, onGap);
}
function readStoredRefs(repository) {
  try {
    const refs = [];
    const heads = [];
    for (const { directory, prefix } of allWorkTrees(repository)) {
      const store = readRefStore(directory, repository.commonDirectory, idBytesOf(repository));
      if (store.dangling.length > 0) return null;
      const isHere = directory === repository.gitDirectory;
      for (const { name, objectId } of store.refs) {
        const text = decodeByteText(name);
        if (isHere) refs.push({ name: text, objectId });
        else if (OWN_REFS.some((own) => text.startsWith(`${own}/`))) refs.push({ name: prefix + text, objectId });
      }
      const { head } = store;
      if (head !== null && "objectId" in head && !heads.some(({ objectId }) => objectId === head.objectId)) {
        heads.push({ name: isHere ? "HEAD" : `${prefix}HEAD`, objectId: head.objectId });
      }
    }
    return [...refs, ...heads];
  } catch (error) {
    requireUnreadable(error);
    return null;
  }
}
function allWorkTrees(repository) {
  const others = [
    { directory: repository.commonDirectory, prefix: "main-worktree/" },
    ...linkedWorkTrees(repository).map((name) => ({
      directory: workTreeDirectory(repository, name),
      prefix: `worktrees/${name}/`
    }))
  ].filter(({ directory }) => directory !== repository.gitDirectory);
  return [{ directory: repository.gitDirectory, prefix: "" }, ...others];
}
async function listRefsByGit(repository, onGap) {
  const { status, output, errorText } = await runGit(repository.git, [
    "for-each-ref",
    "--format=%(refname) %(objectname)"
  ]);
  for (const line of errorLines(errorText)) onGap({ what: "refs", why: `${line}; correct or delete the ref` });
  if (status !== 0 && errorText === "") onGap({ what: "refs", why: `git for-each-ref ended with ${status}` });
  const refDirectory = path9.join(repository.commonDirectory, "refs");
  if (existsSync2(refDirectory)) listFiles2(refDirectory, onGap);
  const refs = readRefs(output);
  return [...refs, ...await listRefsOfOtherWorkTrees(repository, onGap), ...await listDetachedHeads(repository)];
}
async function listRefsOfOtherWorkTrees(repository, onGap) {
  const refs = [];
  for (const { directory, prefix } of allWorkTrees(repository).slice(1)) {
    if (!OWN_REFS.some((name) => existsSync2(path9.join(directory, name)))) continue;
    const environment = { ...repository.git.environment, GIT_DIR: directory, GIT_WORK_TREE: void 0 };
    const git = { ...repository.git, directory, environment };
    const { output, errorText } = await runGit(git, ["for-each-ref", "--format=%(refname) %(objectname)", ...OWN_REFS]);
    for (const line of errorLines(errorText)) {
      onGap({ what: `refs of ${prefix}`, why: `${line}; correct or delete the ref` });
    }
    for (const ref of readRefs(output)) refs.push({ name: prefix + ref.name, objectId: ref.objectId });
  }
  return refs;
}
function readRefs(output) {
  return splitLines(output).map((line) => {
    const space = line.lastIndexOf(32);
    return { name: decodeByteText(line.subarray(0, space)), objectId: line.toString("latin1", space + 1) };
  });
}
async function listDetachedHeads(repository) {
  const names = ["HEAD", "main-worktree/HEAD", ...linkedWorkTrees(repository).map((name) => `worktrees/${name}/HEAD`)];
  const heads = [];
  for (const name of names) {
    const symbolic = await runGit(repository.git, ["symbolic-ref", "--quiet", name]);
    if (symbolic.status === 0) continue;
    const { status, output } = await runGit(repository.git, ["rev-parse", "--verify", "--quiet", name]);
    const objectId = output.toString("latin1").trim();
    if (status === 0 && !heads.some((head) => head.objectId === objectId)) heads.push({ name, objectId });
  }
  return heads;
}
function linkedWorkTrees(repository) {
  try {
    return readdirSync4(path9.join(repository.commonDirectory, "worktrees"));
  } catch {
    return [];
  }
}
function listReflogs(repository, onGap) {
  if (isReftable(repository.commonDirectory)) return listReflogsInTables(repository, onGap);
  const roots = [...gitDirectoriesOf(repository)].map((directory) => path9.join(directory, "logs"));
  const logs = [];
  for (const root of roots) {
    if (!existsSync2(root)) continue;
    const prefix = refPrefix(repository, root);
    for (const name of listFiles2(root, onGap)) {
      try {
        logs.push({ ref: prefix + name, bytes: readRegularFile(encodeByteText(`${root}/${name}`)) });
      } catch (error) {
        onGap({ what: `reflog ${prefix}${name}`, why: `cannot be read: ${messageOf(error)}` });
      }
    }
  }
  return logs;
}
function listReflogsInTables(repository, onGap) {
  const reflogs = [];
  for (const directory of gitDirectoriesOf(repository)) {
    const prefix = refPrefix(repository, path9.join(directory, "logs"));
    const tables = path9.join(directory, "reftable");
    try {
      const { logs } = readRefStack(tables, idBytesOf(repository));
      for (const [name, entries] of logs) {
        const ref = prefix + decodeByteText(Buffer.from(name, "latin1"));
        reflogs.push({ ref, bytes: Buffer.concat(entries.toReversed().flatMap(lineOf)) });
      }
    } catch (error) {
      requireUnreadable(error);
      onGap({ what: `reflogs of ${tables}`, why: `cannot be read: ${messageOf(error)}; run git fsck` });
    }
  }
  return reflogs;
}
function lineOf({ oldId, newId, who, message }) {
  return [Buffer.from(`${oldId} ${newId} `), who, Buffer.from("	"), message, Buffer.from("\n")];
}
function gitDirectoriesOf(repository) {
  const linked = linkedWorkTrees(repository).map((name) => workTreeDirectory(repository, name));
  return /* @__PURE__ */ new Set([repository.commonDirectory, repository.gitDirectory, ...linked]);
}
function requireUnreadable(error) {
  if (error instanceof Damage || error instanceof NotForUs || systemCodeOf(error) !== void 0) return;
  throw error;
}
function filesOfRoots(repository) {
  const files = [];
  for (const directory of gitDirectoriesOf(repository)) {
    const names = readdirSync4(directory).filter((name) => /^(index|sharedindex\..*|shallow)$/.test(name));
    for (const name of names.toSorted()) files.push(path9.join(directory, name));
  }
  return files;
}
function refPrefix(repository, root) {
  const relative = path9.relative(repository.commonDirectory, path9.dirname(root));
  return relative === "" || relative.startsWith("..") ? "" : `${relative.split(path9.sep).join("/")}/`;
}
function listFiles2(root, onGap, below = "") {
  const directory = below === "" ? root : `${root}/${below}`;
  let entries;
  try {
    entries = readdirSync4(encodeByteText(directory), { withFileTypes: true, encoding: "buffer" });
  } catch (error) {
    onGap({ what: `directory ${directory}`, why: `cannot be read: ${messageOf(error)}` });
    return [];
  }
  return entries.flatMap((entry) => {
    const name = below === "" ? decodeByteText(entry.name) : `${below}/${decodeByteText(entry.name)}`;
    return entry.isDirectory() ? listFiles2(root, onGap, name) : [name];
  });
}
function reflogEntries(reflog, objectIdLength) {
  const entries = parseLog(reflog.bytes, idBytesOf({ objectIdLength }));
  return entries.flatMap(
    ({ newId }, index) => /^0+$/.test(newId) ? [] : [{ name: `${reflog.ref}@{${entries.length - 1 - index}}`, objectId: newId }]
  );
}
function loggedObjects(reflog, objectIdLength) {
  const entries = parseLog(reflog.bytes, idBytesOf({ objectIdLength }));
  return [...new Set(entries.flatMap(({ oldId, newId }) => [oldId, newId]))];
}
function splitLines(bytes) {
  const lines = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(10, start);
    lines.push(bytes.subarray(start, end === -1 ? bytes.length : end));
    start = end === -1 ? bytes.length : end + 1;
  }
  return lines;
}

// src/git/revisions.ts
import { existsSync as existsSync3 } from "node:fs";
import path10 from "node:path";
async function resolveRange(repository, range) {
  if (!range.includes("..") || range.startsWith("-") || range.startsWith("..")) {
    throw new KeyrecallError("usage", `--range ${range}: not a range`, {
      hint: "write it as A..B, for example main..HEAD"
    });
  }
  const parsed = await runGit(repository.git, ["rev-parse", "--revs-only", range]);
  const ends = textLines(parsed.output).map((line) => line.replace(/^\^/, ""));
  for (const end of ends) {
    const peeled = await runGit(repository.git, ["rev-parse", "--verify", "--quiet", `${end}^{commit}`]);
    if (peeled.status !== 0 && await exists(repository, end)) throw unresolvable(range, `${end} is not a commit`);
  }
  const listed = await runGit(repository.git, ["rev-list", range, "--"]);
  if (listed.status !== 0) throw unresolvable(range, errorLines(listed.errorText)[0] ?? "git cannot resolve it");
  const tips = textLines(parsed.output).filter((line) => !line.startsWith("^"));
  return { commits: textLines(listed.output), tips };
}
async function newCommits(repository, tips, known) {
  const { status, output, errorText } = await runGit(
    repository.git,
    ["rev-list", "--ignore-missing", "--stdin"],
    [...tips.map((id) => `${id}
`), ...known.map((id) => `^${id}
`)]
  );
  if (status === 0) return textLines(output);
  throw new KeyrecallError(
    "unresolvable-range",
    `cannot list what is new: ${errorLines(errorText)[0] ?? `git rev-list ended with ${status}`}`,
    { hint: "run git fsck; fetch what is missing from another copy" }
  );
}
async function exists(repository, objectId) {
  return (await runGit(repository.git, ["cat-file", "-e", objectId])).status === 0;
}
function unresolvable(range, why) {
  return new KeyrecallError("unresolvable-range", `cannot resolve --range ${range}: ${why}`, {
    hint: "check both names; in a shallow or single-branch clone fetch them first (git fetch --unshallow, git fetch origin <name>)"
  });
}
async function headCommit(repository) {
  const { status, output } = await runGit(repository.git, ["rev-parse", "--verify", "--quiet", "HEAD"]);
  if (status === 0) return output.toString("latin1").trim();
  const branch = (await runGit(repository.git, ["symbolic-ref", "--quiet", "HEAD"])).output.toString("utf8").trim();
  if (branch !== "" && existsSync3(path10.join(repository.commonDirectory, branch))) {
    throw new KeyrecallError("unresolvable-range", `HEAD names ${branch}, which is no readable ref`, {
      hint: "correct the ref; git fsck and git reflog say what it was"
    });
  }
  return null;
}
async function reachableCommits(repository, tips, onGap) {
  if (tips.length === 0) return [];
  const { status, output, errorText } = await runGit(
    repository.git,
    ["rev-list", "--parents", "--stdin"],
    tips.map((tip) => `${tip}
`)
  );
  if (status !== 0) onGap({ what: "reachable history", why: `${errorLines(errorText).join("; ")}; run git fsck` });
  return textLines(output).map((line) => {
    const [id = "", ...parents] = line.split(" ");
    return { id, parents };
  });
}
function mergeHeads(repository) {
  const file = path10.join(repository.gitDirectory, "MERGE_HEAD");
  return existsSync3(file) ? textLines(readRegularFile(file)) : [];
}
async function emptyTree(repository) {
  const { output } = await runGit(repository.git, ["hash-object", "-t", "tree", "--stdin"], []);
  return output.toString("latin1").trim();
}
async function pathsOfCommit(repository, commit, onGap) {
  const { status, output, errorText } = await runGit(repository.git, [
    "ls-tree",
    "-r",
    "-t",
    "-z",
    "--full-tree",
    commit
  ]);
  if (status !== 0) onGap({ what: `tree of ${commit}`, why: `${errorLines(errorText).join("; ")}; run git fsck` });
  return output.toString("latin1").split("\0").map((record) => record.slice(record.indexOf("	") + 1));
}
async function existingPaths(repository, paths, onGap) {
  const nameOf = ({ commit, path: file }) => `${commit}:${encodeByteText(file).toString("latin1")}`;
  const names = [...new Set(paths.map(nameOf))];
  const existing = /* @__PURE__ */ new Set();
  const isUnaskable = (name) => repository.isPartial || /[\n\r]/.test(name);
  const listed = names.filter((name) => !isUnaskable(name));
  for (const commit of new Set(names.filter(isUnaskable).map((name) => name.slice(0, name.indexOf(":"))))) {
    for (const file of await pathsOfCommit(repository, commit, onGap)) existing.add(`${commit}:${file}`);
  }
  if (listed.length === 0) return (one) => existing.has(nameOf(one));
  const input = listed.map((name) => `${name}
`);
  const { status, output, errorText } = await runGit(repository.git, ["cat-file", "--batch-check"], input);
  const answers = textLines(output);
  if (status !== 0 || answers.length !== listed.length) {
    onGap({ what: "names in history", why: `${errorLines(errorText).join("; ")}; run git fsck` });
  }
  for (const [position, answer] of answers.entries()) {
    if (!answer.endsWith(" missing")) existing.add(listed[position] ?? "");
  }
  return (one) => existing.has(nameOf(one));
}
function textLines(output) {
  return output.toString("latin1").split("\n").filter((line) => line !== "");
}

// src/git/shallow.ts
import { existsSync as existsSync4 } from "node:fs";
import path11 from "node:path";
function shallowCommits(repository) {
  const file = path11.join(repository.commonDirectory, "shallow");
  if (!repository.isShallow || !existsSync4(file)) return /* @__PURE__ */ new Set();
  return new Set(
    readRegularFile(file).toString("latin1").split("\n").filter((line) => line !== "")
  );
}

// src/sources/objects.ts
var PROGRESS_EVERY_OBJECTS = 1024;
var NONE = /* @__PURE__ */ new Set();
function objectReceiver(sink, { whyMissing, checked = NONE }) {
  const { coverage } = sink;
  let objects = 0;
  let lastType = "blob";
  const count = (type, bytes) => {
    if (type === "blob") coverage.blobs += 1;
    else if (type === "tree") coverage.trees += 1;
    else if (type === "commit") coverage.commits += 1;
    else coverage.tags += 1;
    coverage.bytes += bytes;
    lastType = type;
    objects += 1;
    if (objects % PROGRESS_EVERY_OBJECTS === 0) coverage.onProgress?.();
  };
  return {
    object(objectId, type, bytes) {
      count(type, bytes.length);
      sink.scan({ kind: type, objectId }, bytes);
    },
    largeObject(objectId, type) {
      if (type !== "blob") {
        coverage.gap({
          what: `${type} ${objectId}`,
          why: "is too large to be told apart by its fields; only its bytes were searched"
        });
      }
      const writer = sink.open({ kind: "blob", objectId });
      let length = 0;
      return {
        write(bytes) {
          length += bytes.length;
          writer.write(bytes);
          coverage.onProgress?.();
        },
        close() {
          count("blob", length);
          writer.close();
        }
      };
    },
    misshapen(objectId) {
      coverage.gap({
        what: `object ${objectId}`,
        why: "damaged: it is not as long as it says; only the bytes behind it were searched; fetch it again from another copy"
      });
    },
    isChecked: (objectId) => checked.has(objectId),
    misnamed(objectId) {
      if (lastType === "commit" || lastType === "tag") coverage.hasFalseCommits = true;
      coverage.gap({
        what: `object ${objectId}`,
        why: "damaged: its content is another than its name says; fetch it again from another copy"
      });
    },
    missing(objectId) {
      coverage.gap({ what: `object ${objectId}`, why: whyMissing });
    }
  };
}
async function readListed(repository, objectIds, sink, obtain = null) {
  const receiver = objectReceiver(sink, { whyMissing: missingReason(repository) });
  const onGap = (gap) => sink.coverage.gap(gap);
  if (obtain === null) {
    await readObjects(repository, objectIds, receiver, onGap);
    return;
  }
  const missing = [];
  await readObjects(repository, objectIds, { ...receiver, missing: (objectId) => missing.push(objectId) }, onGap);
  if (missing.length === 0) return;
  await obtain(missing);
  await readObjects(repository, missing, receiver, onGap);
}
function missingReason(repository) {
  if (repository.isPartial)
    return "left out of this partial clone; run git fetch --refetch in it, or scan a full clone";
  return "missing or damaged; run git fsck and fetch it again from another copy";
}

// src/scan/occurrence.ts
var NONE2 = [];
function plainOccurrence(kind, find, fields = {}) {
  return {
    token: find.token,
    kind,
    object: null,
    paths: NONE2,
    line: find.position.line,
    column: find.position.column,
    end: find.end,
    encoding: find.encoding,
    container: find.container,
    inner: find.inner,
    introducedBy: NONE2,
    removedBy: NONE2,
    refs: NONE2,
    reachable: true,
    inlineMark: find.inlineMark,
    variable: find.variable,
    ...fields
  };
}

// src/scan/renames.ts
var Renames = class {
  #byTarget = /* @__PURE__ */ new Map();
  #bySource = /* @__PURE__ */ new Map();
  add(rename) {
    append(this.#byTarget, rename.target, rename);
    append(this.#bySource, rename.source, rename);
  }
  to(target) {
    return this.#byTarget.get(target) ?? NONE3;
  }
  from(source) {
    return this.#bySource.get(source) ?? NONE3;
  }
  all() {
    return [...this.#byTarget.values()].flat();
  }
};
var NO_RENAMES = new Renames();
var NONE3 = [];
function append(map, key, rename) {
  const known = map.get(key);
  if (known === void 0) map.set(key, [rename]);
  else known.push(rename);
}
async function renamesOf(commits, isMarked, history) {
  const pairs = [];
  for (const [commit, changes] of commits) {
    const parents = history.parentsOf(commit);
    if (parents.length <= 1 && !changes.some((change) => change.isDeleted)) continue;
    for (const [position, parent] of parents.entries()) {
      const isNew = (change) => isMarked(change) && !change.isDeleted && (change.oldIds[position] ?? null) === null;
      if (changes.some(isNew)) pairs.push({ commit, parent });
    }
  }
  const renames = /* @__PURE__ */ new Map();
  await history.findRenames(pairs, (commit, rename) => {
    const known = renames.get(commit) ?? new Renames();
    known.add(rename);
    renames.set(commit, known);
  });
  return renames;
}

// src/scan/token-index.ts
var NONE4 = /* @__PURE__ */ new Set();
var TokenIndex = class {
  #detector;
  blobFinds = /* @__PURE__ */ new Map();
  #inBlob = /* @__PURE__ */ new Map();
  #inPath = /* @__PURE__ */ new Map();
  constructor(detector, finds) {
    this.#detector = detector;
    for (const find of finds) {
      if (find.place.kind !== "blob") continue;
      const { objectId } = find.place;
      const known = this.blobFinds.get(objectId);
      if (known === void 0) this.blobFinds.set(objectId, [find]);
      else known.push(find);
      const fingerprints = this.#inBlob.get(objectId) ?? /* @__PURE__ */ new Set();
      this.#inBlob.set(objectId, fingerprints.add(find.token.fingerprint));
    }
  }
  inBlob(objectId) {
    return this.#inBlob.get(objectId) ?? NONE4;
  }
  inPath(path15) {
    let fingerprints = this.#inPath.get(path15);
    if (fingerprints === void 0) {
      const hits = this.#detector.find(encodeByteText(path15));
      fingerprints = hits.length === 0 ? NONE4 : new Set(hits.map((hit) => hit.token.fingerprint));
      if (this.#inPath.size < 1e4) this.#inPath.set(path15, fingerprints);
    }
    return fingerprints;
  }
  /** Whether the raw bytes of a path, one character each, hold a token. */
  isInRawPath(rawPath) {
    return this.#detector.find(Buffer.from(rawPath, "latin1")).length > 0;
  }
};

// src/scan/lineage.ts
var Lineage = class {
  #versions = /* @__PURE__ */ new Map();
  #version(key) {
    let version = this.#versions.get(key);
    if (version === void 0) {
      version = {
        commits: /* @__PURE__ */ new Set(),
        news: /* @__PURE__ */ new Set(),
        introducedBy: /* @__PURE__ */ new Set(),
        removedBy: /* @__PURE__ */ new Set(),
        next: /* @__PURE__ */ new Set(),
        previous: /* @__PURE__ */ new Set()
      };
      this.#versions.set(key, version);
    }
    return version;
  }
  /**
   * A commit puts the version in place; `from` are its parents' versions that hold the token already. Those of commits
   * outside of a range are not known, so there may be none although the token is no news.
   */
  appear(key, commit, from, isNews = from.length === 0) {
    const version = this.#version(key);
    version.commits.add(commit);
    if (isNews) {
      version.news.add(commit);
      version.introducedBy.add(commit);
    }
    for (const previousKey of from) {
      if (previousKey === key) continue;
      const previous = this.#version(previousKey);
      previous.next.add(version);
      version.previous.add(previous);
    }
  }
  disappear(key, commit) {
    this.#version(key).removedBy.add(commit);
  }
  /** Carries introductions forward and removals backward along each line of history, until nothing changes. */
  settle() {
    spread(
      this.#versions.values(),
      (version) => version.introducedBy,
      (version) => version.next
    );
    spread(
      this.#versions.values(),
      (version) => version.removedBy,
      (version) => version.previous
    );
  }
  entries() {
    return this.#versions.entries();
  }
  get(key) {
    return this.#versions.get(key);
  }
};
function spread(versions, values, targets) {
  const queue = new Set(versions);
  for (const version of queue) {
    queue.delete(version);
    for (const target of targets(version)) {
      const before = values(target).size;
      for (const value of values(version)) values(target).add(value);
      if (values(target).size > before) queue.add(target);
    }
  }
}

// src/scan/version-finder.ts
function contentKey(objectId, path15) {
  return `${objectId}\0${path15}`;
}
function placeKey(commit, path15) {
  return `${commit}\0${path15}`;
}
var VersionFinder = class {
  #history;
  /** By {@link contentKey} the commits that put the content at the path. */
  #putBy = /* @__PURE__ */ new Map();
  #oldest = /* @__PURE__ */ new Map();
  /** Where a commit makes a path differ from all of its parents, as {@link placeKey}. */
  #changed = /* @__PURE__ */ new Set();
  /** Paths that a merge has not as a parent has them. */
  #differing = /* @__PURE__ */ new Set();
  /** Contents that more than one commit has put somewhere: only for these the way back has to be gone. */
  #ambiguous = /* @__PURE__ */ new Set();
  constructor(commits, history) {
    this.#history = history;
    for (const { commit, path: path15, newId } of [...commits.values()].flat()) {
      this.#changed.add(placeKey(commit, path15));
      if (newId === null) continue;
      const key = contentKey(newId, path15);
      const known = this.#putBy.get(key);
      if (known === void 0) this.#putBy.set(key, /* @__PURE__ */ new Set([commit]));
      else known.add(commit);
      if (known !== void 0 || !history.isWhole) this.#ambiguous.add(newId);
    }
  }
  isAmbiguous(objectId) {
    return this.#ambiguous.has(objectId);
  }
  addDifference(merge2, parent, path15) {
    this.#differing.add(`${placeKey(merge2, path15)}\0${parent}`);
  }
  /** All commits that have put the content at the path. */
  all(objectId, path15) {
    return this.#putBy.get(contentKey(objectId, path15)) ?? NONE5;
  }
  /** The place of the first of them in the order of history. */
  #oldestOf(objectId, path15) {
    const key = contentKey(objectId, path15);
    let oldest = this.#oldest.get(key);
    if (oldest === void 0) {
      oldest = Infinity;
      for (const commit of this.all(objectId, path15)) oldest = Math.min(oldest, this.#history.orderOf(commit));
      this.#oldest.set(key, oldest);
    }
    return oldest;
  }
  /**
   * Those of them that `commit`, which has the content at the path, has it from: the same content can be put there,
   * taken out and put there again.
   */
  behind(commit, objectId, path15) {
    const candidates = this.all(objectId, path15);
    if (candidates.size === 0 || candidates.size === 1 && this.#history.isWhole) return [...candidates];
    const oldest = this.#oldestOf(objectId, path15);
    const found = [];
    const seen = /* @__PURE__ */ new Set([commit]);
    for (let open = [commit]; open.length > 0; ) {
      const next = [];
      for (const id of open) {
        if (candidates.has(id)) found.push(id);
        if (this.#changed.has(placeKey(id, path15))) continue;
        for (const parent of this.#history.parentsOf(id)) {
          const isOut = seen.has(parent) || this.#history.orderOf(parent) < oldest;
          if (isOut || this.#differing.has(`${placeKey(id, path15)}\0${parent}`)) continue;
          seen.add(parent);
          next.push(parent);
        }
      }
      open = next;
    }
    return found;
  }
};
var NONE5 = /* @__PURE__ */ new Set();

// src/scan/trace.ts
function tokenPaths(path15, fingerprint, tokens) {
  const components = path15.split("/");
  return components.flatMap(
    (component, index) => tokens.inPath(component).has(fingerprint) ? [components.slice(0, index + 1).join("/")] : []
  );
}
function byCommit(changes) {
  const groups = /* @__PURE__ */ new Map();
  for (const change of changes) {
    const group = groups.get(change.commit);
    if (group === void 0) groups.set(change.commit, [change]);
    else group.push(change);
  }
  return groups;
}
async function traceTokens(repository, commits, tokens, history, renames, onGap) {
  const pathsOfBlob = pathsOfBlobs(commits, tokens);
  const names = await traceNames(commits, tokens, history, renames);
  for (const lineage of names.values()) lineage.settle();
  const finder = new VersionFinder(commits, history);
  const drops = await dropsOfMerges(repository, tokens, history, pathsOfBlob, names, finder, onGap);
  const contents = traceContents(commits, tokens, history, renames, finder);
  for (const lineage of contents.values()) lineage.settle();
  const isMoved = ({ commit, path: path15 }, fingerprint) => new CommitSteps(commits.get(commit) ?? [], renames.get(commit) ?? NO_RENAMES, tokens).isMoved(path15, fingerprint);
  const isNameMoved = ({ commit, path: path15 }, fingerprint) => (renames.get(commit) ?? NO_RENAMES).from(path15).some(({ target }) => tokens.inPath(target).has(fingerprint));
  traceDroppedContents(drops, tokens, history, contents, finder, isMoved);
  await traceDroppedNames(drops, tokens, history, names, isNameMoved);
  for (const lineage of [...contents.values(), ...names.values()]) lineage.settle();
  const versionsOf = (fingerprint, objectId, path15) => [...finder.all(objectId, path15)].flatMap((commit) => contents.get(fingerprint)?.get(placeKey(commit, path15)) ?? []);
  return { versionsOf, names, pathsOfBlob };
}
function pathsOfBlobs(commits, tokens) {
  const paths = /* @__PURE__ */ new Map();
  for (const { newId, path: path15 } of [...commits.values()].flat()) {
    if (newId !== null && tokens.inBlob(newId).size > 0) getOrCreate(paths, newId, () => /* @__PURE__ */ new Set()).add(path15);
  }
  return paths;
}
function traceContents(commits, tokens, history, renames, finder) {
  const contents = /* @__PURE__ */ new Map();
  for (const [commit, changes] of commits) {
    const steps = new CommitSteps(changes, renames.get(commit) ?? NO_RENAMES, tokens);
    const parents = history.parentsOf(commit);
    for (const change of changes) {
      const before = changesBefore(change, parents, steps);
      traceContent(change, before, tokens, finder, contents);
      traceRemoval(change, before, tokens, steps, finder, contents);
    }
  }
  return contents;
}
var CommitSteps = class {
  #changes;
  #renames;
  #tokens;
  #byPath = null;
  constructor(changes, renames, tokens) {
    this.#changes = changes;
    this.#renames = renames;
    this.#tokens = tokens;
  }
  renamesTo(path15) {
    return this.#renames.to(path15);
  }
  /** Whether the path was renamed to another that holds the token. */
  isMoved(path15, fingerprint) {
    const moves = this.#renames.from(path15);
    if (moves.length === 0) return false;
    this.#byPath ??= new Map(this.#changes.map((change) => [change.path, change]));
    return moves.some(({ target }) => {
      const newId = this.#byPath?.get(target)?.newId ?? null;
      return newId !== null && this.#tokens.inBlob(newId).has(fingerprint);
    });
  }
};
function changesBefore(change, parents, steps) {
  const samePath = change.oldIds.flatMap(
    (objectId, position) => objectId === null ? [] : [{ parent: parents[position] ?? "", objectId, path: change.path, isRenamed: false }]
  );
  const renamed = steps.renamesTo(change.path).flatMap(
    ({ source, sourceId }) => parents.map((parent) => ({ parent, objectId: sourceId, path: source, isRenamed: true }))
  );
  return [...samePath, ...renamed];
}
function traceContent({ newId, path: path15, commit }, before, tokens, finder, contents) {
  if (newId === null) return;
  for (const fingerprint of tokens.inBlob(newId)) {
    const known = before.filter(({ objectId }) => tokens.inBlob(objectId).has(fingerprint));
    const from = known.flatMap((one) => keysBehind(one, finder));
    const lineage = getOrCreate(contents, fingerprint, () => new Lineage());
    lineage.appear(placeKey(commit, path15), commit, from, known.length === 0);
  }
}
function keysBehind({ parent, objectId, path: path15 }, finder) {
  return finder.behind(parent, objectId, path15).map((commit) => placeKey(commit, path15));
}
function traceRemoval(change, before, tokens, steps, finder, contents) {
  for (const one of before) {
    if (one.isRenamed) continue;
    for (const fingerprint of tokens.inBlob(one.objectId)) {
      const isKept = change.newId !== null && tokens.inBlob(change.newId).has(fingerprint);
      if (isKept || steps.isMoved(change.path, fingerprint)) continue;
      const lineage = getOrCreate(contents, fingerprint, () => new Lineage());
      for (const key of keysBehind(one, finder)) lineage.disappear(key, change.commit);
    }
  }
}
async function dropsOfMerges(repository, tokens, history, pathsOfBlob, names, finder, onGap) {
  const namePaths = [...names.values()].flatMap((lineage) => [...lineage.entries()].map(([path15]) => path15));
  const paths = /* @__PURE__ */ new Set([...[...pathsOfBlob.values()].flatMap((known) => [...known]), ...namePaths]);
  if (paths.size === 0) return [];
  const drops = [];
  let parent = "";
  const holdsToken = (id) => id !== null && tokens.inBlob(id).size > 0;
  await visitMerges(
    repository,
    history.merges(),
    [...paths],
    {
      commit: (node) => {
        parent = node.parents[0] ?? "";
      },
      wants: (newId, oldIds) => namePaths.length > 0 || oldIds.some(holdsToken) || newId !== null && finder.isAmbiguous(newId),
      change: (change) => {
        finder.addDifference(change.commit, parent, change.path);
        const isName = change.isDeleted && namePaths.length > 0 && tokens.inPath(change.path).size > 0;
        if (isName || change.oldIds.some(holdsToken)) drops.push({ change, parent });
      }
    },
    onGap
  );
  return drops;
}
function traceDroppedContents(drops, tokens, history, contents, finder, isMoved) {
  const parentsWithToken = /* @__PURE__ */ new Map();
  const keyOf3 = (change, fingerprint) => `${placeKey(change.commit, change.path)}\0${fingerprint}`;
  const lost = [];
  for (const drop of drops) {
    const { change, parent } = drop;
    const [objectId = null] = change.oldIds;
    if (objectId === null) continue;
    for (const fingerprint of tokens.inBlob(objectId)) {
      getOrCreate(parentsWithToken, keyOf3(change, fingerprint), () => /* @__PURE__ */ new Set()).add(parent);
      const isKept = change.newId !== null && tokens.inBlob(change.newId).has(fingerprint);
      if (!isKept && !isMoved(change, fingerprint)) lost.push({ drop, objectId, fingerprint });
    }
  }
  for (const { drop, objectId, fingerprint } of lost) {
    const { change, parent } = drop;
    const withToken = parentsWithToken.get(keyOf3(change, fingerprint));
    const others = history.parentsOf(change.commit).filter((other) => !withToken?.has(other));
    const lineage = contents.get(fingerprint);
    const keys = finder.behind(parent, objectId, change.path).map((commit) => placeKey(commit, change.path));
    const introducedBy = new Set(keys.flatMap((key) => [...lineage?.get(key)?.introducedBy ?? []]));
    if (others.some((other) => history.isReachedBy(other, introducedBy))) continue;
    for (const key of keys) lineage?.disappear(key, change.commit);
  }
}
async function traceDroppedNames(drops, tokens, history, names, isMoved) {
  const dropped = drops.flatMap(
    ({ change }) => (change.isDeleted ? [...tokens.inPath(change.path)] : []).filter((fingerprint) => !isMoved(change, fingerprint)).flatMap(
      (fingerprint) => tokenPaths(change.path, fingerprint, tokens).map((path15) => ({ commit: change.commit, fingerprint, path: path15 }))
    )
  );
  const exists2 = await history.existing(
    dropped.flatMap(
      ({ commit, path: path15 }) => [commit, ...history.parentsOf(commit)].map((state) => ({ commit: state, path: path15 }))
    )
  );
  for (const { commit, fingerprint, path: path15 } of dropped) {
    const lineage = names.get(fingerprint);
    const version = lineage?.get(path15);
    if (version === void 0 || exists2({ commit, path: path15 })) continue;
    const others = history.parentsOf(commit).filter((parent) => !exists2({ commit: parent, path: path15 }));
    if (!others.some((other) => history.isReachedBy(other, version.introducedBy))) lineage?.disappear(path15, commit);
  }
}
async function traceNames(commits, tokens, history, renames) {
  const steps = [];
  for (const change of [...commits.values()].flat()) {
    if (!change.isAdded && !change.isDeleted) continue;
    for (const fingerprint of tokens.inPath(change.path)) {
      for (const path15 of tokenPaths(change.path, fingerprint, tokens)) steps.push({ change, fingerprint, path: path15 });
    }
  }
  const exists2 = await history.existing(steps.flatMap((step) => statesToAsk(step, history)));
  const names = /* @__PURE__ */ new Map();
  for (const step of steps) {
    const { change, fingerprint, path: path15 } = step;
    const isThere = statesToAsk(step, history).some(exists2);
    const lineage = getOrCreate(names, fingerprint, () => new Lineage());
    if (change.isAdded) {
      const renamed = (renames.get(change.commit) ?? NO_RENAMES).to(change.path).flatMap(({ source }) => tokenPaths(source, fingerprint, tokens));
      lineage.appear(path15, change.commit, isThere ? [path15, ...renamed] : renamed);
    } else if (!isThere) {
      lineage.disappear(path15, change.commit);
    }
  }
  return names;
}
function statesToAsk({ change, path: path15 }, history) {
  const states = change.isAdded ? history.parentsOf(change.commit) : [change.commit];
  return states.map((commit) => ({ commit, path: path15 }));
}
function getOrCreate(map, key, create) {
  let value = map.get(key);
  if (value === void 0) {
    value = create();
    map.set(key, value);
  }
  return value;
}

// src/scan/changes.ts
async function scanChanges(repository, { visit, besides, obtain }, history, kind, detector, collector) {
  const newIds = /* @__PURE__ */ new Set();
  let hasNames = false;
  const inNames = new TokenIndex(detector, []);
  await visit({
    wants(newId, _oldIds, rawPath) {
      if (newId !== null) newIds.add(newId);
      hasNames ||= inNames.isInRawPath(rawPath);
      return false;
    },
    change: () => {
    }
  });
  await readListed(repository, [...besides, ...newIds], collector, obtain);
  const findsInNew = new TokenIndex(detector, collector.finds);
  if (!hasNames && findsInNew.blobFinds.size === 0) return [];
  const isTouched = (change) => findsInNew.inPath(change.path).size > 0 || [change.newId, ...change.oldIds].some((id) => id !== null && findsInNew.inBlob(id).size > 0);
  const related = await changesOfTouchedCommits(visit, isTouched);
  const commits = byCommit(related);
  const renames = await renamesOf(commits, isTouched, history);
  const oldIds = /* @__PURE__ */ new Set([
    ...related.flatMap((change) => change.oldIds).filter((id) => id !== null),
    ...[...renames.values()].flatMap((ofCommit) => ofCommit.all().map((rename) => rename.sourceId))
  ]);
  await readListed(
    repository,
    [...oldIds].filter((id) => !newIds.has(id)),
    collector,
    obtain
  );
  const index = new TokenIndex(detector, collector.finds);
  const traces = await traceTokens(repository, commits, index, history, renames, (gap) => collector.coverage.gap(gap));
  return [...contentOccurrences(index, traces, newIds, kind), ...nameOccurrences(related, detector, traces)];
}
async function changesOfTouchedCommits(visit, isTouched) {
  const related = [];
  let commit = [];
  let isKept = false;
  const endCommit = () => {
    if (isKept) for (const change of commit) related.push(change);
    commit = [];
    isKept = false;
  };
  await visit({
    wants: () => true,
    change(change) {
      if (commit.length > 0 && commit[0].commit !== change.commit) endCommit();
      const isPart = isTouched(change);
      if (isPart || change.isDeleted) commit.push(change);
      isKept ||= isPart;
    }
  });
  endCommit();
  return related;
}
function contentOccurrences(index, traces, newIds, kind) {
  return [...index.blobFinds].flatMap(
    ([objectId, finds]) => finds.flatMap(
      (find) => [...traces.pathsOfBlob.get(objectId) ?? []].flatMap((path15) => {
        const versions = traces.versionsOf(find.token.fingerprint, objectId, path15).filter(({ news }) => news.size > 0);
        if (versions.length === 0 || !newIds.has(objectId)) return [];
        return [
          plainOccurrence(kind, find, {
            object: objectId,
            paths: [path15],
            introducedBy: [...new Set(versions.flatMap(({ news }) => [...news]))],
            removedBy: [...new Set(versions.flatMap(({ removedBy }) => [...removedBy]))]
          })
        ];
      })
    )
  );
}
function nameOccurrences(changes, detector, traces) {
  const occurrences = /* @__PURE__ */ new Map();
  for (const change of changes) {
    if (!change.isAdded) continue;
    const bytes = encodeByteText(change.path);
    for (const hit of detector.find(bytes)) {
      const { fingerprint } = hit.token;
      const end = bytes.indexOf("/", hit.start);
      const path15 = decodeByteText(end === -1 ? bytes : bytes.subarray(0, end));
      const version = traces.names.get(fingerprint)?.get(path15);
      if (version === void 0 || version.news.size === 0) continue;
      const find = {
        token: hit.token,
        position: { line: 1, column: hit.start + 1 },
        end: hit.encoding.length === 0 ? null : { line: 1, column: hit.end + 1 },
        encoding: hit.encoding,
        container: [],
        inner: null,
        inlineMark: null,
        variable: null
      };
      occurrences.set(
        `${fingerprint}\0${path15}`,
        plainOccurrence("path", find, {
          paths: [path15],
          introducedBy: [...version.news],
          removedBy: [...version.removedBy]
        })
      );
    }
  }
  return [...occurrences.values()];
}

// src/scan/commit-graph.ts
var SETS_PER_WALK = 31;
var MAX_REMEMBERED = 16;
function keyOf(commits) {
  return commits.size === 1 ? [...commits][0] : [...commits].toSorted().join(" ");
}
var CommitGraph = class {
  #index = /* @__PURE__ */ new Map();
  #nodes = [];
  #order = null;
  /** The other way round: where each node stands in the order. */
  #positions = null;
  /** The last answers, by the names of the ancestors. */
  #reachedBy = /* @__PURE__ */ new Map();
  add(node) {
    if (this.#index.has(node.id)) return;
    this.#index.set(node.id, this.#nodes.length);
    this.#nodes.push(node);
    this.#order = null;
    this.#positions = null;
  }
  parentsOf(id) {
    return this.#nodes[this.#index.get(id) ?? -1]?.parents ?? [];
  }
  merges() {
    return this.#nodes.filter((node) => node.parents.length > 1);
  }
  /** Rises from ancestors to descendants; -1 for a commit that is not in the graph. */
  orderOf(id) {
    if (this.#positions === null) {
      const positions = new Int32Array(this.#nodes.length);
      this.#order ??= this.#parentsFirst();
      for (const [position, index2] of this.#order.entries()) positions[index2] = position;
      this.#positions = positions;
    }
    const index = this.#index.get(id);
    return index === void 0 ? -1 : this.#positions[index];
  }
  /** Whether one of `ancestors`, a set that no longer changes, is the commit itself or stands in its history. */
  isReachedBy(commit, ancestors) {
    const key = keyOf(ancestors);
    let reached = this.#reachedBy.get(key);
    if (reached === void 0) {
      if (this.#reachedBy.size === MAX_REMEMBERED) this.#reachedBy.clear();
      reached = this.#reachFrom([ancestors]);
      this.#reachedBy.set(key, reached);
    }
    return reached[this.#index.get(commit) ?? -1] === 1;
  }
  /**
   * Which refs have one of the commits of a set in their history.
   *
   * @param refs with `objectId` peeled to a commit
   * @param onReached is called with the position of the set, for each ref in turn
   * @returns for each set the position whose answer it shares: a thousand files of one commit are one set
   */
  refsReaching(sets, refs, onReached) {
    const firstOf = /* @__PURE__ */ new Map();
    const shared = sets.map((set, position) => {
      const key = keyOf(set);
      if (!firstOf.has(key)) firstOf.set(key, position);
      return firstOf.get(key);
    });
    const distinct = [...firstOf.values()].filter((position) => sets[position].size > 0);
    for (let first = 0; first < distinct.length; first += SETS_PER_WALK) {
      const group = distinct.slice(first, first + SETS_PER_WALK);
      const reached = this.#reachFrom(group.map((position) => sets[position]));
      for (const ref of refs) {
        const bits = reached[this.#index.get(ref.objectId) ?? -1] ?? 0;
        for (let bit = 0; bits >>> bit !== 0; bit++) if (bits >>> bit & 1) onReached(group[bit], ref);
      }
    }
    return shared;
  }
  /** For each commit the sets, as bits, that have a commit in its history or the commit itself. */
  #reachFrom(sets) {
    const reached = new Int32Array(this.#nodes.length);
    for (const [bit, set] of sets.entries()) {
      for (const id of set) {
        const index = this.#index.get(id);
        if (index !== void 0) reached[index] |= 1 << bit;
      }
    }
    this.#order ??= this.#parentsFirst();
    for (const index of this.#order) {
      for (const parent of this.#nodes[index].parents) {
        const parentIndex = this.#index.get(parent);
        if (parentIndex !== void 0) reached[index] |= reached[parentIndex];
      }
    }
    return reached;
  }
  /** Every commit behind its parents. Walked with an own stack: histories are deeper than any call stack. */
  #parentsFirst() {
    const order = new Int32Array(this.#nodes.length);
    const state = new Uint8Array(this.#nodes.length);
    let length = 0;
    const stack = [];
    for (let root = 0; root < this.#nodes.length; root++) {
      stack.push(root);
      while (stack.length > 0) {
        const index = stack[stack.length - 1];
        if (state[index] === 0) {
          state[index] = 1;
          for (const parent of this.#nodes[index].parents) {
            const parentIndex = this.#index.get(parent);
            if (parentIndex !== void 0 && state[parentIndex] === 0) stack.push(parentIndex);
          }
        } else {
          stack.pop();
          if (state[index] === 1) {
            state[index] = 2;
            order[length++] = index;
          }
        }
      }
    }
    return order;
  }
};

// src/scan/history-lookup.ts
function lookupInGraph(repository, graph, isWhole, onGap, obtain = null) {
  return {
    isWhole,
    orderOf: (commit) => graph.orderOf(commit),
    parentsOf: (commit) => graph.parentsOf(commit),
    merges: () => graph.merges(),
    isReachedBy: (commit, ancestors) => graph.isReachedBy(commit, ancestors),
    async findRenames(pairs, onRename) {
      if (obtain !== null && pairs.length > 0) {
        const missing = await missingObjects(repository, await contentsOfRenames(repository, pairs, onGap), onGap);
        if (missing.length > 0) await obtain(missing);
      }
      await findRenames(repository, pairs, onRename, onGap);
    },
    existing: (paths) => existingPaths(repository, paths, onGap)
  };
}
function lookupInIndex(repository, commit, parents, onGap) {
  return {
    parentsOf: () => parents,
    merges: () => [],
    isWhole: false,
    orderOf: () => -1,
    isReachedBy: () => false,
    async findRenames(pairs, onRename) {
      for (const { parent } of pairs) {
        await findStagedRenames(repository, parent, (rename) => onRename(commit, rename), onGap);
      }
    },
    existing: (paths) => existingPaths(
      repository,
      paths.filter((path15) => path15.commit !== commit),
      onGap
    )
  };
}

// src/scan/holders.ts
async function holdersOf(repository, refs, onGap) {
  const byObject = /* @__PURE__ */ new Map();
  const paths = /* @__PURE__ */ new Map();
  const hold = (objectId, name) => {
    const names = byObject.get(objectId);
    if (names === void 0) byObject.set(objectId, [name]);
    else if (!names.includes(name)) names.push(name);
  };
  const commits = [];
  let open = [...refs];
  while (open.length > 0) {
    const ids = [...new Set(open.map((ref) => ref.objectId))];
    const types = await typesOf(repository, ids, onGap);
    const targets = await tagTargets(
      repository,
      ids.filter((id) => types.get(id) === "tag"),
      onGap
    );
    const next = [];
    for (const ref of open) {
      const type = types.get(ref.objectId);
      if (type === "commit") commits.push(ref);
      else if (type !== void 0) hold(ref.objectId, ref.name);
      const target = targets.get(ref.objectId);
      if (target !== void 0) next.push({ name: ref.name, objectId: target });
      if (type === "tree") {
        for (const entry of await entriesOfTree(repository, ref.objectId, onGap)) {
          hold(entry.objectId, ref.name);
          paths.set(entry.objectId, [.../* @__PURE__ */ new Set([...paths.get(entry.objectId) ?? [], entry.path])]);
        }
      }
    }
    open = next;
  }
  return { commits, byObject, paths };
}
function holdersOfCommits(refs) {
  return { commits: refs, byObject: /* @__PURE__ */ new Map(), paths: /* @__PURE__ */ new Map() };
}
async function entriesOfTree(repository, treeId, onGap) {
  const { status, output, errorText } = await runGit(repository.git, [
    "ls-tree",
    "-r",
    "-t",
    "-z",
    "--full-tree",
    treeId
  ]);
  if (status !== 0) onGap({ what: `tree ${treeId}`, why: `${errorLines(errorText).join("; ")}; run git fsck` });
  return output.toString("latin1").split("\0").filter((record) => record !== "").flatMap((record) => {
    const tab = record.indexOf("	");
    const [, type, objectId = ""] = record.slice(0, tab).split(" ");
    if (type === "commit") return [];
    return [{ objectId, path: decodeByteText(Buffer.from(record.slice(tab + 1), "latin1")) }];
  });
}
function namesOfHolders(graph, holders, sets) {
  const refs = holders.commits.filter(({ name }) => !isReflogEntry(name));
  const names = /* @__PURE__ */ new Map();
  const shared = graph.refsReaching(sets, refs, (position, { name }) => {
    const known = names.get(position);
    if (known === void 0) names.set(position, [name]);
    else known.push(name);
  });
  const unreached = sets.map((set, position) => names.has(shared[position]) ? NONE6 : set);
  const latest = latestReflogEntries(graph, holders, unreached);
  return shared.map((position) => names.get(position) ?? latest.get(position) ?? []);
}
var NONE6 = /* @__PURE__ */ new Set();
function latestReflogEntries(graph, holders, sets) {
  const byLog = /* @__PURE__ */ new Map();
  const entries = holders.commits.filter(({ name }) => isReflogEntry(name));
  graph.refsReaching(sets, entries, (position, { name }) => {
    const latest = byLog.get(position) ?? /* @__PURE__ */ new Map();
    const log = name.slice(0, name.lastIndexOf("@{"));
    const other = latest.get(log);
    if (other === void 0 || entryNumber(name) < entryNumber(other)) latest.set(log, name);
    byLog.set(position, latest);
  });
  return new Map([...byLog].map(([position, latest]) => [position, [...latest.values()]]));
}
function uniteNames(...lists) {
  const filled = lists.filter((list2) => list2.length > 0);
  return filled.length === 1 ? filled[0] : [...new Set(filled.flat())];
}
function isReflogEntry(name) {
  return name.includes("@{");
}
function entryNumber(name) {
  return Number.parseInt(name.slice(name.lastIndexOf("@{") + 2), 10);
}

// src/scan/visit-changes.ts
function visitList(changes) {
  return (visitor) => {
    for (const change of changes) {
      const rawPath = encodeByteText(change.path).toString("latin1");
      if (visitor.wants(change.newId, change.oldIds, rawPath)) visitor.change(change);
    }
    return Promise.resolve();
  };
}
var MAX_REMEMBERED_CHANGES = 2e4;
function rememberFew(visit) {
  let remembered = null;
  return async (visitor) => {
    if (remembered !== null) {
      await visitList(remembered)(visitor);
      return;
    }
    let changes = [];
    let isWanted = false;
    await visit({
      wants(newId, oldIds, rawPath) {
        isWanted = visitor.wants(newId, oldIds, rawPath);
        return isWanted || changes !== null;
      },
      change(change) {
        if (changes !== null && changes.push(change) > MAX_REMEMBERED_CHANGES) changes = null;
        if (isWanted) visitor.change(change);
      }
    });
    remembered = changes;
  };
}

// src/scan/commits.ts
async function scanRange(repository, range, detector, collector) {
  const { commits, tips } = await resolveRange(repository, range);
  const { tags } = await peel(repository, tips, (gap) => collector.coverage.gap(gap));
  noteBoundary(repository, commits, collector);
  return withRefs(repository, await scanCommits(repository, commits, tags, detector, collector), collector);
}
async function scanTips(repository, range, detector, collector) {
  const { tips, known } = range;
  const obtain = range.obtain ?? null;
  const onGap = (gap) => collector.coverage.gap(gap);
  const ids = [...new Set(tips.map(({ id }) => id))];
  for (const id of [...ids, ...known]) {
    if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) throw new KeyrecallError("usage", `not an object id: ${id}`);
  }
  const commits = await newCommits(repository, ids, known);
  const { tags, ends } = await peel(repository, ids, onGap, new Set(commits));
  const lost = ids.find((id) => !ends.has(id));
  if (lost !== void 0) {
    throw new KeyrecallError("unresolvable-range", `cannot scan ${lost}: it is not in ${repository.gitDirectory}`, {
      hint: "fetch it first"
    });
  }
  const knownObjects = new Set(known);
  const newTags = tags.filter((id) => !knownObjects.has(id));
  noteBoundary(repository, commits, collector);
  const graph = new CommitGraph();
  const occurrences = await scanCommits(repository, commits, newTags, detector, collector, { graph, obtain });
  const bare = [...ends.values()].flatMap(({ id, type }) => type === "commit" || knownObjects.has(id) ? [] : [id]);
  if (occurrences.length === 0 && bare.length === 0) return [];
  const refs = tips.map(({ id, ref = id }) => ({ name: ref, objectId: id }));
  const isPlain = tags.length === 0 && bare.length === 0;
  const holders = isPlain ? holdersOfCommits(refs) : await holdersOf(repository, refs, onGap);
  const inBare = bare.length === 0 ? [] : await scanWithoutCommits(repository, bare, holders, obtain, collector);
  const named = new Set(tips.flatMap(({ ref }) => ref ?? []));
  return withHolders([...occurrences, ...inBare], graph, holders).map((occurrence) => ({
    ...occurrence,
    refs: occurrence.refs.filter((name) => named.has(name))
  }));
}
async function scanWithoutCommits(repository, bare, holders, obtain, collector) {
  const before = collector.finds.length;
  await readListed(repository, [.../* @__PURE__ */ new Set([...bare, ...holders.paths.keys()])], collector, obtain);
  return collector.finds.slice(before).flatMap((find) => {
    const { place } = find;
    if (place.kind === "tree-entry") {
      return [plainOccurrence("path", find, { object: place.objectId, paths: [decodeByteText(place.name)] })];
    }
    if (place.kind !== "blob") return [];
    return [
      plainOccurrence("blob", find, { object: place.objectId, paths: [...holders.paths.get(place.objectId) ?? []] })
    ];
  });
}
function noteBoundary(repository, commits, collector) {
  const boundary = shallowCommits(repository);
  for (const commit of commits) {
    if (boundary.has(commit)) {
      collector.coverage.gap({
        what: `commit ${commit}`,
        why: "the clone is shallow and ends here, inside of the range; run git fetch --unshallow, or fetch deeper"
      });
    }
  }
}
async function scanPush(repository, updates, known, detector, collector) {
  const { coverage } = collector;
  const onGap = (gap) => coverage.gap(gap);
  const named = updates === "local-refs" ? await localRefs(repository, onGap) : updates;
  coverage.refs = named.length;
  for (const { ref } of named) collector.scan({ kind: "ref-name", ref }, encodeByteText(ref));
  const { commits, tags, others } = await outgoing(repository, named, known, onGap);
  const found = await scanCommits(repository, commits, tags, detector, collector);
  await readListed(repository, others, collector);
  const loose = new Set(others);
  const names = collector.finds.flatMap((find) => {
    const { place } = find;
    if (place.kind === "ref-name") return [plainOccurrence("ref-name", find, { refs: [place.ref] })];
    if (place.kind === "blob" && loose.has(place.objectId))
      return [plainOccurrence("blob", find, { object: place.objectId })];
    if (place.kind === "tree-entry" && loose.has(place.objectId))
      return [plainOccurrence("path", find, { object: place.objectId, paths: [decodeByteText(place.name)] })];
    return [];
  });
  return [...found, ...names];
}
async function localRefs(repository, onGap) {
  const refs = await listRefs(repository, onGap);
  return refs.filter(({ name }) => name.startsWith("refs/heads/") || name.startsWith("refs/tags/") || name === "HEAD").map(({ name, objectId }) => ({ ref: name, oldId: null, newId: objectId }));
}
async function scanCommits(repository, commits, tags, detector, collector, { graph = new CommitGraph(), obtain = null } = {}) {
  const onGap = (gap) => collector.coverage.gap(gap);
  const visit = async (visitor) => {
    if (commits.length === 0) return;
    await visitChanges(repository, commits, { ...visitor, commit: (node) => graph.add(node) }, onGap);
  };
  const lookup = lookupInGraph(repository, graph, false, onGap, obtain);
  const changes = { visit: rememberFew(visit), besides: [...commits, ...tags], obtain };
  const found = await scanChanges(repository, changes, lookup, "blob", detector, collector);
  return [...found, ...collector.finds.flatMap((find) => messageOccurrence(find))];
}
async function peel(repository, ids, onGap, commits = /* @__PURE__ */ new Set()) {
  const tags = [];
  const ends = /* @__PURE__ */ new Map();
  for (const id of ids) if (commits.has(id)) ends.set(id, { id, type: "commit" });
  for (let open = new Map(ids.flatMap((id) => ends.has(id) ? [] : [[id, id]])); open.size > 0; ) {
    const types = await typesOf(repository, [...new Set(open.values())], onGap);
    const found = [...new Set(open.values())].filter((objectId) => types.get(objectId) === "tag");
    const targets = await tagTargets(repository, found, onGap);
    tags.push(...found);
    const next = /* @__PURE__ */ new Map();
    for (const [id, objectId] of open) {
      const type = types.get(objectId);
      const target = targets.get(objectId);
      if (target !== void 0) next.set(id, target);
      else if (type !== void 0) ends.set(id, { id: objectId, type });
    }
    open = next;
  }
  return { tags, ends };
}
function messageOccurrence(find) {
  const { place } = find;
  if (place.kind === "commit-message" || place.kind === "commit-identity") {
    return [plainOccurrence(place.kind, find, { object: place.objectId, introducedBy: [place.objectId] })];
  }
  if (place.kind === "tag-message" || place.kind === "tag-identity") {
    return [plainOccurrence(place.kind, find, { object: place.objectId })];
  }
  return [];
}
async function withRefs(repository, occurrences, collector) {
  if (occurrences.length === 0) return [];
  const { coverage } = collector;
  const onGap = (gap) => coverage.gap(gap);
  const refs = await listRefs(repository, onGap);
  const holders = await holdersOf(repository, refs, onGap);
  const graph = new CommitGraph();
  const tips = [...new Set(holders.commits.map((ref) => ref.objectId))];
  for (const node of await reachableCommits(repository, tips, onGap)) graph.add(node);
  return withHolders(occurrences, graph, holders);
}
function withHolders(occurrences, graph, holders) {
  const names = namesOfHolders(
    graph,
    holders,
    occurrences.map(({ introducedBy }) => new Set(introducedBy))
  );
  return occurrences.map((occurrence, position) => {
    const held = occurrence.object === null ? [] : holders.byObject.get(occurrence.object) ?? [];
    const reached = uniteNames(names[position], held);
    return { ...occurrence, refs: reached, reachable: reached.length > 0 };
  });
}

// src/git/index-entries.ts
import { existsSync as existsSync5 } from "node:fs";
import path12 from "node:path";

// src/git/storage/ewah.ts
function readEwah(cursor, limit) {
  cursor.uint32();
  const words = cursor.uint32();
  const body = cursor.take(words * 8);
  cursor.uint32();
  const numbers = [];
  let first = 0;
  for (let word = 0; word < words; ) {
    const high = body.readUInt32BE(word * 8);
    const low = body.readUInt32BE(word * 8 + 4);
    word += 1;
    const equalWords = (low >>> 1) + (high & 1) * 2 ** 31;
    const plainWords = high >>> 1;
    const next = first + equalWords * 64;
    if ((low & 1) === 1) {
      if (next > limit + 63) throw new Damage("has a set of more than there is");
      for (let number = first; number < next; number++) addNumber(numbers, number, limit);
    }
    if (word + plainWords > words) throw new Damage("has a set that ends too early");
    first = next;
    for (const stop = word + plainWords; word < stop; word++, first += 64) {
      addBits(numbers, body.readUInt32BE(word * 8 + 4), first, limit);
      addBits(numbers, body.readUInt32BE(word * 8), first + 32, limit);
    }
  }
  return numbers;
}
function addBits(numbers, bits, first, limit) {
  for (let rest = bits; rest !== 0; ) {
    const bit = 31 - Math.clz32(rest & -rest);
    addNumber(numbers, first + bit, limit);
    rest &= rest - 1;
  }
}
function addNumber(numbers, number, limit) {
  if (number >= limit) throw new Damage("has a set of more than there is");
  numbers.push(number);
}

// src/git/storage/index-file.ts
var SIGNATURE2 = 1145655875;
var STAT_BYTES = 40;
var MODE_AT = 24;
var NAME_LENGTH_MASK = 4095;
var IS_EXTENDED = 16384;
var KNOWN_EXTENDED = 24576;
var DIRECTORY_MODE = 16384;
var SUBMODULE_MODE2 = 57344;
var MAX_NAME_BYTES = 256 * 1024 * 1024;
function readIndexFile(bytes, idBytes, readShared) {
  const { shared, ...own } = readPart(bytes, idBytes);
  if (shared === null) {
    for (const { path: path15 } of own.entries) if (path15.length === 0) throw new Damage("has an entry without a name");
    return own;
  }
  if (/^0+$/.test(shared.checksum)) return merge([], own, shared.cursor);
  const sharedBytes = readShared(`sharedindex.${shared.checksum}`);
  const checksum = sharedBytes.subarray(Math.max(0, sharedBytes.length - idBytes)).toString("hex");
  if (checksum !== shared.checksum) throw new Damage("shares entries with another file than it says");
  const base = readPart(sharedBytes, idBytes);
  if (base.shared !== null) throw new Damage("shares entries with a file that shares them in turn");
  return merge(base.entries, own, shared.cursor);
}
function readPart(bytes, idBytes) {
  const end = bytes.length - idBytes;
  const cursor = new ByteCursor(bytes, 0, Math.max(0, end));
  if (cursor.uint32() !== SIGNATURE2) throw new Damage("does not begin as an index");
  const version = cursor.uint32();
  if (version < 2 || version > 4) throw new NotForUs(`has version ${version}`);
  const checksum = bytes.subarray(end);
  if (!checksum.every((byte) => byte === 0) && !checksum.equals(hashOf(bytes.subarray(0, end), idBytes))) {
    throw new Damage("has a wrong checksum");
  }
  const count = cursor.uint32();
  const entries = [];
  let before = Buffer.alloc(0);
  let nameBytes = 0;
  for (let number = 0; number < count; number++) {
    const entry = readEntry(cursor, version, idBytes, before);
    before = entry.path;
    nameBytes += before.length;
    if (nameBytes > MAX_NAME_BYTES) throw new NotForUs("has too many long names");
    entries.push(entry);
  }
  return { entries, ...readExtensions(cursor, idBytes) };
}
function readEntry(cursor, version, idBytes, before) {
  const start = cursor.position;
  const mode = cursor.take(STAT_BYTES).readUInt32BE(MODE_AT);
  const objectId = cursor.id(idBytes);
  const flags = cursor.uint16();
  if ((flags & IS_EXTENDED) !== 0) {
    if (version < 3) throw new Damage("has flags that its version does not have");
    if ((cursor.uint16() & ~KNOWN_EXTENDED) !== 0) throw new NotForUs("has flags that are not known");
  }
  const path15 = version === 4 ? readShortenedName(cursor, before) : readPaddedName(cursor, start);
  const said = flags & NAME_LENGTH_MASK;
  if (said === NAME_LENGTH_MASK ? path15.length < said : path15.length !== said) {
    throw new Damage(`has a name of ${path15.length} bytes that says ${said}`);
  }
  return { path: path15, mode, objectId, stage: flags >> 12 & 3 };
}
function readPaddedName(cursor, start) {
  const path15 = cursor.until(0);
  const padding = (8 - (cursor.position - start) % 8) % 8;
  if (cursor.take(padding).some((byte) => byte !== 0)) throw new Damage("has bytes between entries");
  return path15;
}
function readShortenedName(cursor, before) {
  const dropped = cursor.varint();
  if (dropped > before.length) throw new Damage("shortens a name by more than there is");
  const rest = cursor.until(0);
  return Buffer.concat([before.subarray(0, before.length - dropped), rest]);
}
function readExtensions(cursor, idBytes) {
  let shared = null;
  let cachedTrees = [];
  let resolved = [];
  while (!cursor.isAtEnd) {
    const name = cursor.take(4).toString("latin1");
    const body = new ByteCursor(cursor.take(cursor.uint32()));
    if (name === "link") shared = { checksum: body.id(idBytes), cursor: body };
    else if (name === "TREE") cachedTrees = readCachedTrees(body, idBytes);
    else if (name === "REUC") resolved = readResolved(body, idBytes);
    else if (name !== "sdir" && !/^[A-Z]/.test(name)) throw new NotForUs(`has an extension ${JSON.stringify(name)}`);
  }
  return { shared, cachedTrees, resolved };
}
function readCachedTrees(cursor, idBytes) {
  const trees = [];
  while (!cursor.isAtEnd) {
    cursor.until(0);
    const entries = readDecimal(cursor.until(32));
    readDecimal(cursor.until(10));
    if (entries >= 0) trees.push(cursor.id(idBytes));
  }
  return trees;
}
function readDecimal(digits) {
  const text = digits.toString("latin1");
  if (!/^(-1|\d{1,10})$/.test(text)) throw new Damage("has a number that is none");
  return Number(text);
}
function readResolved(cursor, idBytes) {
  const objects = [];
  while (!cursor.isAtEnd) {
    cursor.until(0);
    const modes = [cursor.until(0), cursor.until(0), cursor.until(0)].map((mode) => mode.toString("latin1"));
    for (const mode of modes) if (!/^[0-7]{1,7}$/.test(mode)) throw new Damage("has a mode that is none");
    for (const mode of modes) if (!/^0+$/.test(mode)) objects.push(cursor.id(idBytes));
  }
  return objects;
}
function merge(base, own, cursor) {
  const deleted = cursor.isAtEnd ? [] : readEwah(cursor, base.length);
  const replaced = cursor.isAtEnd ? [] : readEwah(cursor, base.length);
  if (!cursor.isAtEnd) throw new Damage("has bytes behind what it shares");
  const kept = [...base];
  for (const [number, place] of replaced.entries()) {
    const entry = own.entries[number];
    if (entry === void 0 || entry.path.length > 0) throw new Damage("replaces an entry by none");
    kept[place] = { ...entry, path: base[place].path };
  }
  for (const place of deleted) kept[place] = null;
  const added = own.entries.slice(replaced.length);
  if (added.some(({ path: path15 }) => path15.length === 0)) throw new Damage("has an entry without a name");
  const isNew = new Set(added.map(sideOf));
  const isReplaced = (entry) => isNew.has(sideOf(entry)) || isNew.has(sideOf({ ...entry, stage: 0 }));
  const remaining = kept.filter((entry) => entry !== null && !isReplaced(entry));
  const entries = [...remaining, ...added].toSorted((a, b) => a.path.compare(b.path) || a.stage - b.stage);
  return { ...own, entries };
}
function sideOf({ path: path15, stage }) {
  return `${stage} ${path15.toString("latin1")}`;
}

// src/git/index-entries.ts
async function readIndex(git, options = []) {
  const { status, output, errorText } = await runGit(git, ["ls-files", "--stage", "-z", "--full-name", ...options]);
  if (status !== 0) throw new IndexUnreadableError(errorLines(errorText).join("; "));
  return output.toString("latin1").split("\0").filter((record) => record !== "").map((record) => {
    const tab = record.indexOf("	");
    const [, objectId = "", stage = "0"] = record.slice(0, tab).split(" ");
    return { objectId, stage: Number(stage), path: decodeByteText(Buffer.from(record.slice(tab + 1), "latin1")) };
  });
}
async function readAllIndexes(repository) {
  if (repository.refusal !== null) return [];
  const entries = [];
  for (const file of indexFiles(repository)) {
    const environment = { ...repository.git.environment, GIT_INDEX_FILE: file };
    const found = storedEntries(readStoredIndex(file, repository)) ?? await readIndex({ ...repository.git, environment });
    for (const entry of found) entries.push(entry);
  }
  return entries;
}
function storedEntries(staged) {
  if (staged === null || staged.entries.some(({ mode }) => mode === DIRECTORY_MODE)) return null;
  return staged.entries.map(({ objectId, stage, path: name }) => ({ objectId, stage, path: decodeByteText(name) }));
}
function indexFiles(repository) {
  const named = repository.git.environment?.["GIT_INDEX_FILE"];
  return [
    ...named === void 0 ? [] : [named],
    path12.join(repository.commonDirectory, "index"),
    ...linkedWorkTrees(repository).map((name) => path12.join(repository.commonDirectory, "worktrees", name, "index"))
  ].filter((file) => existsSync5(file));
}
function readStoredIndex(file, repository) {
  try {
    return readIndexFile(
      readRegularFile(file),
      idBytesOf(repository),
      (name) => readRegularFile(path12.join(path12.dirname(file), name))
    );
  } catch (error) {
    if (error instanceof Damage || error instanceof NotForUs || systemCodeOf(error) !== void 0) return null;
    throw error;
  }
}

// src/sources/history.ts
import { createHash as createHash3 } from "node:crypto";

// src/git/submodules.ts
import { existsSync as existsSync6, readdirSync as readdirSync5 } from "node:fs";
import path13 from "node:path";
function listSubmoduleRepositories({ commonDirectory }, onGap) {
  const found = [];
  const open = [path13.join(commonDirectory, "modules")].filter((directory) => existsSync6(directory));
  for (let directory = open.pop(); directory !== void 0; directory = open.pop()) {
    try {
      for (const entry of readdirSync5(directory, { withFileTypes: true })) {
        if (!entry.isDirectory()) continue;
        const inner = path13.join(directory, entry.name);
        if (existsSync6(path13.join(inner, "objects"))) found.push(inner);
        else open.push(inner);
      }
    } catch (error) {
      onGap({ what: `directory ${directory}`, why: `cannot be read: ${messageOf(error)}` });
    }
  }
  return found.toSorted();
}

// src/sources/stored-objects.ts
import { setImmediate as setImmediate3 } from "node:timers/promises";

// src/git/storage/storage.ts
import { readdirSync as readdirSync6 } from "node:fs";
import path14 from "node:path";

// src/git/storage/bytes-cache.ts
var BytesCache = class {
  #limit;
  #objects = /* @__PURE__ */ new Map();
  #bytes = 0;
  constructor(limit) {
    this.#limit = limit;
  }
  get(key) {
    const object = this.#objects.get(key);
    if (object === void 0) return void 0;
    this.#objects.delete(key);
    this.#objects.set(key, object);
    return object;
  }
  set(key, object) {
    this.#bytes += object.bytes.length;
    this.#objects.set(key, object);
    for (const [oldest, { bytes }] of this.#objects) {
      if (this.#bytes <= this.#limit) break;
      this.#bytes -= bytes.length;
      this.#objects.delete(oldest);
    }
  }
};

// src/git/storage/index-from-multi.ts
import { closeSync as closeSync4, constants as constants4, fstatSync as fstatSync4, openSync as openSync4, readSync as readSync3 } from "node:fs";
function indexFromMulti(multi, indexName, pack, idBytes) {
  const number = multi.packs.indexOf(indexName);
  if (number === -1) return null;
  const places = [];
  for (let position = 0; position < multi.count; position++) {
    const place = multi.at(position);
    if (place.pack === number) places.push(place);
  }
  return new PackIndex(writeIndex(places, lastBytes(pack, idBytes), idBytes), idBytes);
}
function writeIndex(places, packChecksum, idBytes) {
  const head = Buffer.alloc(8 + 256 * 4);
  head.writeUInt32BE(4285812579, 0);
  head.writeUInt32BE(2, 4);
  let counted = 0;
  for (let byte = 0; byte < 256; byte++) {
    while (counted < places.length && places[counted].name[0] <= byte) counted += 1;
    head.writeUInt32BE(counted, 8 + byte * 4);
  }
  const checksums = Buffer.alloc(places.length * 4);
  const rows = Buffer.alloc(places.length * 4);
  const offsets = Buffer.alloc(places.length * 8);
  for (const [position, { offset }] of places.entries()) {
    rows.writeUInt32BE(2147483648 + position, position * 4);
    offsets.writeUInt32BE(Math.floor(offset / 2 ** 32), position * 8);
    offsets.writeUInt32BE(offset % 2 ** 32, position * 8 + 4);
  }
  const bytes = Buffer.concat([head, ...places.map(({ name }) => name), checksums, rows, offsets, packChecksum]);
  return Buffer.concat([bytes, hashOf(bytes, idBytes)]);
}
function lastBytes(file, count) {
  const descriptor = openSync4(file, constants4.O_RDONLY | (constants4.O_NONBLOCK ?? 0));
  try {
    const bytes = Buffer.alloc(count);
    const { size } = fstatSync4(descriptor);
    if (size < count || readSync3(descriptor, bytes, 0, count, size - count) < count) throw new Damage("is too short");
    return bytes;
  } finally {
    closeSync4(descriptor);
  }
}

// src/git/storage/multi-pack-index.ts
var HEADER_BYTES = 12;
var CHUNK_ROW_BYTES = 12;
var FAN_OUT_BYTES = 256 * 4;
var SIGNATURE3 = "MIDX";
var IS_LARGE_OFFSET = 2147483648;
var MultiPackIndex = class {
  count;
  /** Names of the packs' indexes, `pack-….idx`. */
  packs;
  #bytes;
  #idBytes;
  #names;
  #places;
  #largeOffsets;
  /**
   * @param bytes the whole file, kept
   * @throws {Damage}
   */
  constructor(bytes, idBytes) {
    this.#bytes = bytes;
    this.#idBytes = idBytes;
    if (bytes.length < HEADER_BYTES + CHUNK_ROW_BYTES + idBytes) throw new Damage("is too short");
    if (bytes.toString("latin1", 0, 4) !== SIGNATURE3) throw new Damage("does not begin as one");
    if (bytes[4] !== 1) throw new Damage(`has version ${bytes[4]}`);
    if (bytes[5] !== (idBytes === 20 ? 1 : 2)) throw new Damage("is for another kind of object names");
    if (bytes[7] !== 0) throw new Damage("is based on another one");
    const end = bytes.length - idBytes;
    if (!hashOf(bytes.subarray(0, end), idBytes).equals(bytes.subarray(end))) throw new Damage("has a wrong checksum");
    const chunks = this.#readChunks(bytes[6], end);
    const fanOut = requireChunk(chunks, "OIDF", FAN_OUT_BYTES);
    for (let byte = 1; byte < 256; byte++) {
      if (fanOut.readUInt32BE(byte * 4) < fanOut.readUInt32BE(byte * 4 - 4)) {
        throw new Damage("has a fan-out table that does not rise");
      }
    }
    this.count = fanOut.readUInt32BE(FAN_OUT_BYTES - 4);
    this.#names = requireChunk(chunks, "OIDL", this.count * idBytes);
    this.#places = requireChunk(chunks, "OOFF", this.count * 8);
    this.#largeOffsets = chunks.get("LOFF") ?? Buffer.alloc(0);
    const packCount = bytes.readUInt32BE(8);
    const names = (chunks.get("PNAM") ?? Buffer.alloc(0)).toString("latin1").split("\0");
    if (names.length < packCount) throw new Damage(`does not name its ${packCount} packs`);
    this.packs = names.slice(0, packCount);
  }
  /** @throws {Damage} */
  at(position) {
    const pack = this.#places.readUInt32BE(position * 8);
    if (pack >= this.packs.length) throw new Damage(`names pack ${pack} of ${this.packs.length}`);
    const name = this.#names.subarray(position * this.#idBytes, (position + 1) * this.#idBytes);
    return { name, pack, offset: this.#offsetOf(this.#places.readUInt32BE(position * 8 + 4)) };
  }
  #offsetOf(written) {
    if (written < IS_LARGE_OFFSET || this.#largeOffsets.length === 0) return written;
    const at = (written - IS_LARGE_OFFSET) * 8;
    if (at + 8 > this.#largeOffsets.length) throw new Damage("has an offset outside of its table");
    const high = this.#largeOffsets.readUInt32BE(at);
    if (high >= 2 ** 21) throw new Damage("has an impossible offset");
    return high * 2 ** 32 + this.#largeOffsets.readUInt32BE(at + 4);
  }
  #readChunks(count, end) {
    const chunks = /* @__PURE__ */ new Map();
    if (HEADER_BYTES + (count + 1) * CHUNK_ROW_BYTES > end) throw new Damage("is too short for its table of contents");
    for (let chunk = 0; chunk < count; chunk++) {
      const row = HEADER_BYTES + chunk * CHUNK_ROW_BYTES;
      const from = this.#chunkOffset(row);
      const to = this.#chunkOffset(row + CHUNK_ROW_BYTES);
      if (from > to || to > end) throw new Damage("has a table of contents that leads out of it");
      chunks.set(this.#bytes.toString("latin1", row, row + 4), this.#bytes.subarray(from, to));
    }
    return chunks;
  }
  #chunkOffset(row) {
    return this.#bytes.readUInt32BE(row + 4) * 2 ** 32 + this.#bytes.readUInt32BE(row + 8);
  }
};
function requireChunk(chunks, id, length) {
  const chunk = chunks.get(id);
  if (chunk === void 0 || chunk.length < length) throw new Damage(`lacks part of its table ${id}`);
  return chunk.subarray(0, length);
}

// src/git/storage/name-table.ts
var FREE = 0;
var NameTable = class {
  /** Numbers from 1 on; that of a name is the sum of its position and its index's beginning. */
  #slots;
  #mask;
  #begins = [];
  #next = 1;
  /** @param capacity how many names there can be */
  constructor(capacity) {
    let size = 16;
    while (size < 2 * capacity) size *= 2;
    this.#slots = new Uint32Array(size);
    this.#mask = size - 1;
  }
  /** @returns false where the name is there already */
  add(index, position) {
    const first = this.#beginOf(index);
    const name = index.nameAt(position);
    for (let slot = name.readUInt32LE(0) & this.#mask; ; slot = slot + 1 & this.#mask) {
      const number = this.#slots[slot];
      if (number === FREE) {
        this.#slots[slot] = first + position;
        return true;
      }
      if (this.#nameOf(number).equals(name)) return false;
    }
  }
  #beginOf(index) {
    const last = this.#begins.at(-1);
    if (last?.index === index) return last.first;
    const first = this.#next;
    this.#begins.push({ index, first });
    this.#next += index.count;
    return first;
  }
  #nameOf(number) {
    let low = 0;
    let high = this.#begins.length - 1;
    while (low < high) {
      const middle = low + high + 1 >>> 1;
      if (this.#begins[middle].first <= number) low = middle;
      else high = middle - 1;
    }
    const { index, first } = this.#begins[low];
    return index.nameAt(number - first);
  }
};

// src/git/storage/storage.ts
var MAX_OPEN_FILES = 4;
var MAX_CACHED_BYTES = 32 * 1024 * 1024;
var StoredPack = class {
  /** `pack-….pack` */
  name;
  path;
  index;
  mapped;
  /** Entries whose object another pack, or another entry, stands for. */
  doubles;
  #positions = null;
  constructor(file, index, mapped) {
    this.name = path14.basename(file);
    this.path = file;
    this.index = index;
    this.mapped = mapped;
    this.doubles = new Uint8Array(new SharedArrayBuffer(index.count));
  }
  nameOf(entry) {
    return this.index.nameAt(this.positions[entry]).toString("hex");
  }
  /** Of each entry its place in the index. */
  get positions() {
    this.#positions ??= positionsOf(this.index);
    return this.#positions;
  }
  entryOf(position) {
    return entryAt(this.mapped.map, this.index.offsetAt(position));
  }
};
function positionsOf(index) {
  const { count } = index;
  const offsets = Float64Array.from({ length: count }, (_, position) => index.offsetAt(position));
  const places = Math.max(1, count);
  const byOffset = offsets.map((offset, position) => offset * places + position).toSorted();
  if (Number.isSafeInteger(byOffset.at(-1) ?? 0)) return Uint32Array.from(byOffset, (key) => key % places);
  return Uint32Array.from(offsets.keys()).toSorted((a, b) => offsets[a] - offsets[b]);
}
var Storage = class _Storage {
  packs;
  /** One for each name, and none that a pack has as well. */
  loose;
  idBytes;
  #looseByName;
  #passedOver;
  #files = /* @__PURE__ */ new Map();
  #cache = new BytesCache(MAX_CACHED_BYTES);
  #header = new EntryHeader();
  #delta = new Delta();
  #inflater = new Inflater();
  constructor(packs, passedOver, loose, idBytes) {
    this.packs = packs;
    this.#passedOver = passedOver;
    this.loose = [...loose.values()];
    this.#looseByName = loose;
    this.idBytes = idBytes;
  }
  /**
   * @param directories a repository's own object directory and those that it borrows from
   * @param passOver paths of packs that are not opened; their objects stand for those of all others
   * @throws the signal's reason when it is aborted
   */
  static async open(directories, idBytes, signal, passOver = []) {
    const damaged = [];
    const packs = [];
    for (const directory of directories) {
      packs.push(...await openPacks(path14.join(directory, "pack"), idBytes, damaged, passOver, signal));
    }
    packs.sort((a, b) => b.index.count - a.index.count);
    const looseFiles = directories.flatMap((directory) => listLoose(directory, idBytes));
    const isIndexNeeded = packs.length > 0 || looseFiles.length > 0;
    const passedOver = isIndexNeeded ? openIndexes(passOver, idBytes, damaged) : [];
    markDoubles(packs);
    for (const pack of passedOver.length === 0 ? [] : packs) markDoublesOf(passedOver, pack);
    const loose = /* @__PURE__ */ new Map();
    const indexes = [...packs.map(({ index }) => index), ...passedOver];
    for (const file of looseFiles) {
      const name = Buffer.from(file.objectId, "hex");
      if (!loose.has(file.objectId) && !indexes.some((index) => index.find(name) !== -1)) {
        loose.set(file.objectId, file);
      }
    }
    return { storage: new _Storage(packs, passedOver, loose, idBytes), damaged };
  }
  /** Whether the object is here, or in a pack that is not opened. */
  has(objectId) {
    const name = Buffer.from(objectId, "hex");
    return this.#looseByName.has(objectId) || this.packs.some(({ index }) => index.find(name) !== -1) || this.isPassedOver(objectId);
  }
  get hasPassedOver() {
    return this.#passedOver.length > 0;
  }
  /** Whether the object is in a pack that is not opened. */
  isPassedOver(objectId) {
    const name = Buffer.from(objectId, "hex");
    return this.#passedOver.some((index) => index.find(name) !== -1);
  }
  /**
   * @returns the object; its bytes are the caller's to read and not to change
   * @throws {Damage | NotForUs} where it cannot be read here
   */
  read(objectId) {
    const place = this.#find(objectId);
    if (place === null) return null;
    return place.pack === null ? readLooseObject(place.file.path, objectId) : this.readEntry(place.pack, place.entry);
  }
  /** As {@link read}, for an object of a pack. */
  readEntry(pack, entry) {
    const chain = [];
    const seen = /* @__PURE__ */ new Set();
    let at = { pack, entry };
    let object;
    for (; ; ) {
      const key = keyOf2(at);
      if (seen.has(key)) throw new Damage("is a delta of itself, by way of others");
      seen.add(key);
      object = this.#cache.get(key);
      if (object !== void 0) break;
      const { mapped } = at.pack;
      const why = mapped.damage.get(at.entry);
      if (why !== void 0) throw new Damage(why);
      const elsewhere = mapped.basesElsewhere.get(at.entry);
      const base = mapped.map.bases[at.entry];
      if (base === NO_ENTRY && elsewhere === void 0) {
        object = this.#readRoot(at.pack, at.entry);
        this.#cache.set(key, object);
        break;
      }
      chain.push(at);
      if (elsewhere === void 0) {
        at = { pack: at.pack, entry: base };
        continue;
      }
      const place = this.#find(elsewhere);
      if (place === null) throw new Damage(`is a delta of ${elsewhere}, which is missing`);
      if (place.pack === null) {
        object = readLooseObject(place.file.path, elsewhere);
        break;
      }
      at = { pack: place.pack, entry: place.entry };
    }
    for (const link of chain.toReversed()) {
      object = this.#readDelta(link.pack, link.entry, object);
      this.#cache.set(keyOf2(link), object);
    }
    return object;
  }
  close() {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
  }
  #find(objectId) {
    const name = Buffer.from(objectId, "hex");
    for (const pack of this.packs) {
      const position = pack.index.find(name);
      if (position !== -1) return { pack, entry: pack.entryOf(position) };
    }
    const file = this.#looseByName.get(objectId);
    if (file !== void 0) return { pack: null, file };
    if (this.#passedOver.some((index) => index.find(name) !== -1))
      throw new NotForUs("is in a pack that is not opened");
    return null;
  }
  #readRoot(pack, entry) {
    const bytes = Buffer.from(this.#inflate(pack, entry));
    return { type: OBJECT_TYPES[this.#header.type], bytes };
  }
  #readDelta(pack, entry, base) {
    this.#delta.open(this.#inflate(pack, entry));
    if (this.#delta.resultSize > MAX_OBJECT_BYTES) throw new Damage(`is ${this.#delta.resultSize} bytes long`);
    const bytes = Buffer.allocUnsafe(this.#delta.resultSize);
    this.#delta.apply(base.bytes, bytes);
    return { type: base.type, bytes };
  }
  #inflate(pack, entry) {
    return inflateEntry(this.#file(pack), pack.mapped.map, entry, this.idBytes, this.#header, this.#inflater);
  }
  #file(pack) {
    let file = this.#files.get(pack);
    this.#files.delete(pack);
    if (file === void 0) {
      if (this.#files.size >= MAX_OPEN_FILES) {
        const [oldest, oldestFile] = this.#files.entries().next().value;
        oldestFile.close();
        this.#files.delete(oldest);
      }
      file = new RandomAccessFile(pack.path);
    }
    this.#files.set(pack, file);
    return file;
  }
};
function keyOf2({ pack, entry }) {
  return `${pack.path}:${entry}`;
}
async function openPacks(directory, idBytes, damaged, passOver, signal) {
  const names = new Set(listDirectory2(directory));
  const packs = [];
  for (const name of names) {
    if (!name.endsWith(".pack")) continue;
    const file = path14.join(directory, name);
    if (passOver.includes(file)) continue;
    const indexName = name.replace(/\.pack$/, ".idx");
    let what = `pack index ${indexName}`;
    try {
      const index = names.has(indexName) ? new PackIndex(readRegularFile(path14.join(directory, indexName)), idBytes) : indexBesides(directory, names, indexName, file, idBytes);
      if (index === null) continue;
      what = `pack ${name}`;
      packs.push(await openPack(file, index, signal));
    } catch (error) {
      if (!(error instanceof Damage) && systemCodeOf(error) === void 0) throw error;
      damaged.push({ what, why: `${messageOf(error)}; run git fsck` });
    }
  }
  return packs;
}
function openIndexes(packs, idBytes, damaged) {
  return packs.flatMap((pack) => {
    const file = pack.replace(/\.pack$/, ".idx");
    try {
      return [new PackIndex(readRegularFile(file), idBytes)];
    } catch (error) {
      if (!(error instanceof Damage) && systemCodeOf(error) === void 0) throw error;
      damaged.push({ what: `pack index ${path14.basename(file)}`, why: `${messageOf(error)}; run git fsck` });
      return [];
    }
  });
}
async function openPack(packPath, index, signal) {
  const file = new RandomAccessFile(packPath);
  try {
    return new StoredPack(packPath, index, await mapPack(file, index, signal));
  } finally {
    file.close();
  }
}
function indexBesides(directory, names, indexName, pack, idBytes) {
  if (!names.has("multi-pack-index")) return null;
  const multi = new MultiPackIndex(readRegularFile(path14.join(directory, "multi-pack-index")), idBytes);
  return indexFromMulti(multi, indexName, pack, idBytes);
}
function markDoubles(packs) {
  const [largest, ...others] = packs;
  if (largest === void 0) return;
  if (largest.index.hasDoubles) markDoublesWithin(largest);
  if (others.length === 0) return;
  const table = new NameTable(others.reduce((sum, { index }) => sum + index.count, 0));
  for (const pack of others) {
    const { index } = pack;
    for (let position = 0; position < index.count; position++) {
      const name = index.nameAt(position);
      if (largest.index.find(name) !== -1 || !table.add(index, position)) pack.doubles[pack.entryOf(position)] = 1;
    }
  }
}
function markDoublesOf(indexes, pack) {
  for (let position = 0; position < pack.index.count; position++) {
    const name = pack.index.nameAt(position);
    if (indexes.some((index) => index.find(name) !== -1)) pack.doubles[pack.entryOf(position)] = 1;
  }
}
function markDoublesWithin(pack) {
  for (let position = 1; position < pack.index.count; position++) {
    if (pack.index.nameAt(position).equals(pack.index.nameAt(position - 1))) pack.doubles[pack.entryOf(position)] = 1;
  }
}
function listLoose(directory, idBytes) {
  const files = [];
  for (const fan of listDirectory2(directory)) {
    if (!/^[0-9a-f]{2}$/.test(fan)) continue;
    for (const name of listDirectory2(path14.join(directory, fan))) {
      const objectId = fan + name;
      if (/^[0-9a-f]+$/.test(name) && objectId.length === idBytes * 2) {
        files.push({ objectId, path: path14.join(directory, fan, name) });
      }
    }
  }
  return files;
}
function listDirectory2(directory) {
  try {
    return readdirSync6(directory);
  } catch {
    return [];
  }
}

// src/git/storage/reachability.ts
var MAX_READS = 2e4;
var NONE7 = -1;
var Reachability = class {
  #storage;
  #pack;
  #holders;
  #targets;
  /** Of each place in the index the link to it that came last; of each link the one before. */
  #lastTo;
  #before;
  #isReached;
  #reads = 0;
  /** @param parts as in `References.links`: of all objects of the only pack, and -1 for holders that can be reached */
  constructor(storage, pack, parts) {
    this.#storage = storage;
    this.#pack = pack;
    const count = parts.reduce((sum, { length }) => sum + length / 2, 0);
    this.#holders = new Int32Array(count);
    this.#targets = new Int32Array(count);
    this.#lastTo = new Int32Array(pack.index.count).fill(NONE7);
    this.#before = new Int32Array(count);
    let link = 0;
    for (const part of parts) {
      for (let at = 0; at < part.length; at += 2, link++) {
        const target = part[at + 1];
        this.#holders[link] = part[at];
        this.#targets[link] = target;
        this.#before[link] = this.#lastTo[target];
        this.#lastTo[target] = link;
      }
    }
    this.#isReached = this.#reach();
  }
  /** @returns false where one of them may be named by what can be reached */
  areOutOfReach(references) {
    try {
      return references.every((reference) => this.#isOutOfReach(reference));
    } catch (error) {
      if (error instanceof Damage || error instanceof NotForUs) return false;
      throw error;
    }
  }
  #isOutOfReach({ objectId, holder }) {
    if (typeof holder !== "number") return false;
    const open = this.#withCopiesOf(holder, Buffer.from(objectId, "hex"));
    const seen = new Set(open);
    for (let entry = open.pop(); entry !== void 0; entry = open.pop()) {
      const type = this.#pack.mapped.map.types[entry];
      const position = this.#pack.positions[entry];
      if (this.#isReached[position] === 1) return false;
      if (type === COMMIT) continue;
      if (type !== TREE) return false;
      const name = this.#pack.index.nameAt(position);
      for (let link = this.#lastTo[position]; link !== NONE7; link = this.#before[link]) {
        for (const copy of this.#withCopiesOf(this.#holders[link], name)) {
          if (!seen.has(copy)) open.push(copy);
          seen.add(copy);
        }
      }
    }
    return true;
  }
  /** The object, and of all that is made from it what has these bytes as well. */
  #withCopiesOf(entry, name) {
    const { map } = this.#pack.mapped;
    if (map.types[entry] !== TREE) return [entry];
    return descendantsOf(map, [entry]).filter((one) => {
      this.#reads += 1;
      if (this.#reads > MAX_READS) throw new NotForUs("has too many copies");
      return this.#storage.readEntry(this.#pack, one).bytes.includes(name);
    });
  }
  /** Marks what is named by no entry, and from there on what commits and tags name. */
  #reach() {
    const { index, positions, mapped } = this.#pack;
    const lastOf = new Int32Array(index.count).fill(NONE7);
    const before = new Int32Array(this.#holders.length);
    const isReached = new Uint8Array(index.count);
    const open = [];
    const reach = (position) => {
      if (isReached[position] === 0) open.push(position);
      isReached[position] = 1;
    };
    for (const [link, holder] of this.#holders.entries()) {
      if (holder === NONE7) {
        reach(this.#targets[link]);
        continue;
      }
      const type = mapped.map.types[holder];
      if (type !== COMMIT && type !== TAG) continue;
      before[link] = lastOf[positions[holder]];
      lastOf[positions[holder]] = link;
    }
    for (let position = open.pop(); position !== void 0; position = open.pop()) {
      for (let link = lastOf[position]; link !== NONE7; link = before[link]) reach(this.#targets[link]);
    }
    return isReached;
  }
};

// src/sources/reference-check.ts
var MAX_SEEN = 2e5;
var ReferenceCheck = class {
  #repository;
  #storage;
  #links = [];
  /** Of what is read here. */
  #reader;
  /** Types of what was read here. */
  #seen = /* @__PURE__ */ new Map();
  /** Named by objects of packs, and in none that was read. */
  #fromPacks = /* @__PURE__ */ new Map();
  /** Where a shallow clone ends. */
  #ends;
  #isDoubtful = false;
  /** @param names of the objects of all packs that are read */
  constructor(repository, storage, names, idBytes) {
    this.#repository = repository;
    this.#storage = storage;
    this.#ends = shallowCommits(repository);
    this.#reader = new ReferenceReader(names, idBytes);
  }
  /** What objects of packs name that lies in none of those that are read. */
  get fromPacks() {
    return [...this.#fromPacks.values()];
  }
  /** Something of which it is not known what it names. */
  doubt() {
    this.#isDoubtful = true;
  }
  takePart(pack, { absent, links, isDoubtful }) {
    if (isDoubtful) this.#isDoubtful = true;
    this.#links.push(links);
    const ends = this.#ends;
    for (const reference of absent) {
      const { holder } = reference;
      const isEnd = ends.size > 0 && typeof holder === "number" && ends.has(pack.nameOf(holder));
      if (!isEnd || reference.type !== COMMIT) this.addFromPacks(reference);
    }
  }
  addFromPacks(reference) {
    const { objectId, type, holder } = reference;
    this.#fromPacks.set(`${objectId} ${type} ${holder}`, reference);
  }
  /** @returns a receiver that looks at what comes before it is handed on */
  watch(receiver) {
    const note = (objectId, type) => {
      const number = OBJECT_TYPES.indexOf(type);
      if (this.#seen.size < MAX_SEEN) this.#seen.set(objectId, number);
      return number;
    };
    return {
      ...receiver,
      object: (objectId, type, bytes) => {
        this.#reader.read(note(objectId, type), objectId, bytes);
        receiver.object(objectId, type, bytes);
      },
      largeObject: (objectId, type) => {
        note(objectId, type);
        if (type !== "blob") this.doubt();
        return receiver.largeObject(objectId, type);
      },
      missing: (objectId) => {
        this.doubt();
        receiver.missing(objectId);
      },
      misshapen: (objectId) => {
        this.doubt();
        receiver.misshapen?.(objectId);
      },
      misnamed: (objectId) => {
        this.doubt();
        receiver.misnamed?.(objectId);
      }
    };
  }
  /**
   * @param roots what refs and indexes name
   * @param logged what logs name; it may be gone
   * @returns whether nothing that can be reached is lacking; false also where that is not known
   */
  async holds(roots, logged) {
    for (const { objectId, type } of roots) this.#reader.refer(objectId, type);
    const { absent, links, isDoubtful } = this.#reader.take();
    if (isDoubtful || this.#isDoubtful) return false;
    const own = absent.filter(({ type, holder }) => type !== COMMIT || !this.#ends.has(String(holder)));
    const open = [...own, ...this.#fromPacks.values()].filter(({ objectId, type }) => {
      const seen = this.#seen.get(objectId);
      return seen === void 0 || !isOfType(seen, type);
    });
    if (open.length === 0) return true;
    let isTold = true;
    const ids = new Set(open.map(({ objectId }) => objectId));
    const types = await typesOf(this.#repository, [...ids], () => isTold = false);
    const lacking = open.filter(({ objectId, type }) => !isOfType(numberOf(types.get(objectId)), type));
    if (!isTold || lacking.length === 0) return isTold;
    const [pack, ...others] = this.#storage.packs;
    if (pack === void 0 || others.length > 0 || this.#storage.hasPassedOver) return false;
    for (const objectId of logged) this.#reader.refer(objectId, ANY);
    const reachability = new Reachability(this.#storage, pack, [...this.#links, links, this.#reader.take().links]);
    try {
      return reachability.areOutOfReach(lacking);
    } finally {
      this.#storage.close();
    }
  }
};
function isOfType(found, wanted) {
  return wanted === ANY ? found > 0 : found === wanted;
}
function numberOf(type) {
  return type === void 0 ? -1 : OBJECT_TYPES.indexOf(type);
}

// src/sources/stored-objects.ts
var LOOSE_AT_A_TIME = 64;
async function readStoredObjects(repository, objects, screen, coverage, known, knownReferences, readsReferences) {
  const { storage, damaged } = await Storage.open(
    objectDirectoriesOf(repository),
    idBytesOf(repository),
    repository.git.signal,
    known.map(({ path: path15 }) => path15)
  );
  const names = readsReferences ? storage.packs.map((pack) => shareNames(pack)) : [];
  const check = new ReferenceCheck(repository, storage, names, idBytesOf(repository));
  const receiver = check.watch(objects);
  const onGap = (gap) => {
    check.doubt();
    coverage.gap(gap);
  };
  try {
    for (const gap of damaged) onGap(gap);
    if (!readsReferences || known.length > 0 && knownReferences === null) check.doubt();
    for (const reference of knownReferences ?? []) check.addFromPacks(reference);
    for (const { counts } of known) {
      countObjects(coverage, counts);
      coverage.reused += counts.slice(1).reduce((sum, count) => sum + count, 0);
    }
    await readObjects(
      repository,
      known.flatMap(({ noted }) => noted),
      receiver,
      onGap
    );
    const reading = new StorageReading(repository, storage, receiver, coverage, check);
    const read = await reading.read(screen, names);
    if (damaged.length === 0) {
      const isAllKnown = readsReferences && read.length === storage.packs.length && !reading.hasLeftNames;
      const references = check.fromPacks.filter(({ objectId }) => !storage.isPassedOver(objectId));
      return { read: [...known, ...read], references: isAllKnown ? references : null, check };
    }
    await readElsewhere(repository, storage, countFallback(receiver, coverage), onGap);
    return { read: [], references: null, check };
  } finally {
    storage.close();
  }
}
async function readElsewhere(repository, storage, receiver, onGap) {
  const objectIds = await listObjectIds(repository, onGap);
  const others = objectIds.filter((objectId) => !storage.has(objectId));
  await readObjects(repository, others, receiver, onGap);
}
function countObjects(coverage, counts) {
  coverage.bytes += counts[0];
  coverage.commits += counts[1];
  coverage.trees += counts[2];
  coverage.blobs += counts[3];
  coverage.tags += counts[4];
}
var PackTally = class {
  counts = [0, 0, 0, 0, 0];
  noted = [];
  isWhole;
  constructor({ mapped }) {
    this.isWhole = mapped.hasRightChecksum && mapped.apart.length === 0 && mapped.damage.size === 0;
  }
  add(counts) {
    for (let kind = 0; kind < this.counts.length; kind++) this.counts[kind] += counts[kind];
  }
  /** @param hasOutcome whether something was found in it, or something of it could not be read */
  addObject(objectId, type, length, hasOutcome) {
    if (hasOutcome) {
      this.noted.push(objectId);
      return;
    }
    this.counts[0] += length;
    this.counts[OBJECT_TYPES.indexOf(type)] += 1;
  }
};
var StorageReading = class {
  #repository;
  #storage;
  #receiver;
  #coverage;
  /** Names of what is left to git, with what is wrong with it where that is known. */
  #left = /* @__PURE__ */ new Map();
  #tallies;
  /** The pack of what is left to git. */
  #packOfLeft = /* @__PURE__ */ new Map();
  #check;
  /** Whether git reads something of packs that names other objects. */
  hasLeftNames = false;
  constructor(repository, storage, receiver, coverage, check) {
    this.#repository = repository;
    this.#storage = storage;
    this.#receiver = receiver;
    this.#coverage = coverage;
    this.#check = check;
    this.#tallies = new Map(storage.packs.map((pack) => [pack, new PackTally(pack)]));
  }
  /** @returns the first packs up to one that was not read to its end: the others' doubles are left to them */
  async read(screen, names) {
    for (const pack of this.#storage.packs) {
      if (pack.mapped.hasRightChecksum) continue;
      this.#check.doubt();
      this.#coverage.gap({
        what: `pack ${pack.name}`,
        why: "damaged: its checksum is not that of its bytes; run git fsck and fetch its objects from another copy"
      });
    }
    const packs = screen.screen(this.#storage.packs, names, (pack, part) => this.#takePart(pack, part));
    const loose = this.#readLoose();
    await Promise.allSettled([packs, loose]);
    await packs;
    await loose;
    for (const pack of this.#storage.packs) this.#readApart(pack);
    await this.#readLeft();
    const whole = [];
    for (const pack of this.#storage.packs) {
      const { isWhole, counts, noted } = this.#tallies.get(pack);
      if (!isWhole) break;
      whole.push({ path: pack.path, counts, noted });
    }
    return whole;
  }
  #takePart(pack, { counts, flagged, left, damage, references }) {
    countObjects(this.#coverage, counts);
    this.#check.takePart(pack, references);
    this.#tallies.get(pack).add(counts);
    for (const entry of flagged) this.#readEntry(pack, entry);
    for (const entry of left) {
      if (pack.mapped.map.types[entry] !== BLOB) this.hasLeftNames = true;
      this.#leave(pack.nameOf(entry), pack);
    }
    for (const [entry, why] of damage) this.#leaveDamaged(pack, entry, why);
    this.#coverage.onProgress?.();
  }
  async #readLoose() {
    for (const [position, { objectId, path: path15 }] of this.#storage.loose.entries()) {
      if (position % LOOSE_AT_A_TIME === 0) {
        await setImmediate3();
        this.#repository.git.signal?.throwIfAborted();
      }
      try {
        const { type, bytes } = readLooseObject(path15, objectId);
        this.#receiver.object(objectId, type, bytes);
      } catch (error) {
        requireUnreadable2(error);
        this.#leave(objectId, null);
      }
    }
  }
  #readApart(pack) {
    for (const entry of pack.mapped.apart) {
      if (pack.doubles[entry] === 0) this.#readEntry(pack, entry);
    }
  }
  #readEntry(pack, entry) {
    try {
      const { type, bytes } = this.#storage.readEntry(pack, entry);
      const objectId = pack.nameOf(entry);
      const before = this.#coverage.outcomes;
      this.#receiver.object(objectId, type, bytes);
      this.#tallies.get(pack).addObject(objectId, type, bytes.length, this.#coverage.outcomes > before);
    } catch (error) {
      requireUnreadable2(error);
      if (error instanceof NotForUs) this.#leave(pack.nameOf(entry), pack);
      else this.#leaveDamaged(pack, entry, messageOf(error));
    }
  }
  #leave(objectId, pack) {
    if (pack !== null) this.#packOfLeft.set(objectId, pack);
    if (!this.#left.has(objectId)) this.#left.set(objectId, null);
  }
  #leaveDamaged(pack, entry, why) {
    const objectId = pack.nameOf(entry);
    this.#tallies.get(pack).isWhole = false;
    this.#check.doubt();
    const offset = pack.mapped.map.offsets[entry];
    const gap = {
      what: `object ${objectId}`,
      why: `damaged in ${pack.name} at ${offset}: it ${why}; another copy was read; run git fsck`
    };
    if (pack.doubles[entry] === 1) this.#coverage.gap(gap);
    else this.#left.set(objectId, gap);
  }
  /** Notes of what git reads for a pack what came of it. */
  #tallied(receiver) {
    const settle = (objectId, type, length, hasOutcome) => {
      const pack = this.#packOfLeft.get(objectId);
      if (pack === void 0) return;
      this.#packOfLeft.delete(objectId);
      this.#tallies.get(pack).addObject(objectId, type, length, hasOutcome);
    };
    return {
      ...receiver,
      object: (objectId, type, bytes) => {
        const before = this.#coverage.outcomes;
        receiver.object(objectId, type, bytes);
        settle(objectId, type, bytes.length, this.#coverage.outcomes > before);
      },
      largeObject: (objectId, type) => {
        const before = this.#coverage.outcomes;
        const writer = receiver.largeObject(objectId, type);
        let length = 0;
        return {
          write: (bytes) => {
            length += bytes.length;
            writer.write(bytes);
          },
          close: () => {
            writer.close();
            settle(objectId, "blob", length, this.#coverage.outcomes > before);
          }
        };
      },
      misshapen: (objectId) => {
        receiver.misshapen?.(objectId);
        for (const tally of this.#tallies.values()) tally.isWhole = false;
      }
    };
  }
  /** git names what it cannot read either. What it reads from another copy is damaged all the same. */
  async #readLeft() {
    const receiver = countFallback(this.#tallied(this.#receiver), this.#coverage);
    await readObjects(this.#repository, [...this.#left.keys()], receiver, (gap) => {
      this.#check.doubt();
      this.#coverage.gap(gap);
    });
    for (const pack of this.#packOfLeft.values()) this.#tallies.get(pack).isWhole = false;
    const named = new Set(this.#coverage.gaps.map(({ what }) => what));
    for (const gap of this.#left.values()) if (gap !== null && !named.has(gap.what)) this.#coverage.gap(gap);
  }
};
function requireUnreadable2(error) {
  if (error instanceof Damage || error instanceof NotForUs || systemCodeOf(error) !== void 0) return;
  throw error;
}
function countFallback(receiver, coverage) {
  return {
    ...receiver,
    object(objectId, type, bytes) {
      coverage.fallback += 1;
      receiver.object(objectId, type, bytes);
    },
    largeObject(objectId, type) {
      coverage.fallback += 1;
      return receiver.largeObject(objectId, type);
    }
  };
}

// src/sources/history.ts
async function readHistory(repository, sink, screen, memory) {
  const { coverage } = sink;
  if (repository.refusal !== null) {
    coverage.gap({
      what: `refs, reflogs and index of ${repository.gitDirectory}`,
      why: `the installed git does not open this repository (${repository.refusal}); only its objects were read`
    });
  }
  if (repository.isShallow) {
    coverage.gap({
      what: "history",
      why: "this is a shallow clone: older commits are not here; run git fetch --unshallow"
    });
  }
  const survey = surveyStore(repository.objectDirectory);
  coverage.packs = survey.packs;
  for (const gap of survey.gaps) coverage.gap(gap);
  const onGap = (gap) => coverage.gap(gap);
  for (const submodule of listSubmoduleRepositories(repository, onGap)) {
    coverage.skip({
      what: `repository of a submodule ${submodule}`,
      why: `has a history of its own; scan it with keyrecall scan --history ${submodule}`
    });
  }
  const packsBefore = memory === null ? [] : packFilesOf(repository);
  const known = await memory?.reuse(packsBefore, idBytesOf(repository), repository.git.signal) ?? [];
  const store = readStoredObjects(
    repository,
    objectReceiver(sink, { whyMissing: missingReason(repository), checked: survey.loose }),
    screen,
    coverage,
    known,
    memory?.referencesOf(known) ?? null,
    !lacksOnPurpose(repository)
  );
  const names = repository.refusal === null ? readNames(repository, sink) : Promise.resolve(NO_NAMES);
  const stateWith = (read2, { holders, reflogs }) => stateOfRoots(repository, [storedState(packsBefore, read2), [...survey.loose].toSorted(), holders, reflogs]);
  const walk = names.then((found2) => {
    const state = memory === null ? null : stateWith(known, found2);
    return findMissing(repository, store, found2, state === null ? null : memory.walkOf(state));
  });
  await Promise.allSettled([store, walk, names]);
  const { read, references } = await store;
  const { objectIds, failure } = await walk;
  const found = await names;
  for (const objectId of objectIds) coverage.gap(gapOfMissing(repository, objectId));
  if (failure !== null) coverage.gap(failure);
  if (memory !== null) {
    const state = failure === null ? stateWith(read, found) : null;
    const walked = state === null ? null : { state, missing: objectIds };
    memory.save(read, packsBefore, packFilesOf(repository), repository.isShallow ? null : references, walked);
  }
  return found.holders;
}
function packFilesOf(repository) {
  return listPackFiles(objectDirectoriesOf(repository), idBytesOf(repository));
}
function storedState(packs, read) {
  const whole = new Set(read.map(({ path: path15 }) => path15));
  return packs.map(({ path: path15, content, stamp }) => [path15, content, whole.has(path15) ? "" : stamp]);
}
var NOTHING_MISSING = { objectIds: [], failure: null };
async function findMissing(repository, store, { roots, logged }, known) {
  if (repository.refusal !== null) return NOTHING_MISSING;
  if (known !== null) return { objectIds: known.missing, failure: null };
  if (lacksOnPurpose(repository) || roots === null) return findMissingObjects(repository);
  const staged = stagedRoots(repository);
  if (staged === null) return findMissingObjects(repository);
  const { check } = await store;
  return await check.holds([...roots, ...staged], logged()) ? NOTHING_MISSING : findMissingObjects(repository);
}
function lacksOnPurpose({ hasPromisorRemote }) {
  return hasPromisorRemote;
}
function stagedRoots(repository) {
  const roots = [];
  for (const file of indexFiles(repository)) {
    const staged = readStoredIndex(file, repository);
    if (staged === null) return null;
    for (const { mode, objectId } of staged.entries) {
      if (mode !== SUBMODULE_MODE2) roots.push({ objectId, type: mode === DIRECTORY_MODE ? TREE : BLOB });
    }
    for (const objectId of staged.cachedTrees) roots.push({ objectId, type: TREE });
    for (const objectId of staged.resolved) roots.push({ objectId, type: BLOB });
  }
  return roots;
}
function stateOfRoots(repository, facts) {
  const hash = createHash3("sha256").update(JSON.stringify(facts));
  try {
    for (const file of filesOfRoots(repository)) hash.update(`\0${file}\0`).update(readRegularFile(file));
  } catch {
    return null;
  }
  return hash.digest("hex");
}
var NO_NAMES = { holders: [], reflogs: [], roots: null, logged: () => [] };
async function readNames(repository, sink) {
  const { coverage } = sink;
  let areAllTold = true;
  const onGap = (gap) => {
    areAllTold = false;
    coverage.gap(gap);
  };
  const refs = await listRefs(repository, onGap, () => coverage.fallback += 1);
  coverage.refs = refs.length;
  for (const ref of refs) sink.scan({ kind: "ref-name", ref: ref.name }, encodeByteText(ref.name));
  const dangling = listDanglingNames(repository, refs);
  const known = /* @__PURE__ */ new Set([...refs.map((ref) => ref.name), ...dangling]);
  for (const name of dangling) {
    sink.scan({ kind: "ref-name", ref: name }, encodeByteText(name));
  }
  const reflogs = listReflogs(repository, (gap) => coverage.gap(gap));
  for (const reflog of reflogs) {
    coverage.bytes += reflog.bytes.length;
    if (!known.has(reflog.ref)) sink.scan({ kind: "ref-name", ref: reflog.ref }, encodeByteText(reflog.ref));
    sink.scan({ kind: "reflog", ref: reflog.ref }, reflog.bytes);
  }
  return {
    holders: [...refs, ...reflogs.flatMap((reflog) => reflogEntries(reflog, repository.objectIdLength))],
    reflogs: reflogs.map(({ ref, bytes }) => `${ref} ${createHash3("sha256").update(bytes).digest("hex")}`),
    logged: () => reflogs.flatMap((reflog) => loggedObjects(reflog, repository.objectIdLength)),
    roots: areAllTold ? refs.map(({ objectId }) => ({ objectId, type: ANY })) : null
  };
}

// src/scan/history.ts
async function scanHistory(repository, detector, collector, screen, memory) {
  const refs = await readHistory(repository, collector, screen, memory);
  if (collector.finds.length === 0) return [];
  return attribute(repository, detector, collector, refs);
}
async function attribute(repository, detector, collector, refs) {
  const { finds, coverage } = collector;
  const index = new TokenIndex(detector, finds);
  const hasNames = finds.some((find) => find.place.kind === "tree-entry");
  const graph = new CommitGraph();
  const changes = [];
  if (coverage.hasFalseCommits) {
    coverage.gap({
      what: "commits",
      why: "one stands under another object's name, so it was not worked out which ones brought a token in; run git fsck"
    });
  }
  const commits = coverage.hasFalseCommits ? [] : await listCommitIds(repository, (gap) => coverage.gap(gap));
  await visitChanges(
    repository,
    commits,
    {
      commit: (node) => graph.add(node),
      wants: (newId, oldIds, rawPath) => newId !== null && index.inBlob(newId).size > 0 || oldIds.some((id) => id !== null && index.inBlob(id).size > 0) || hasNames && index.isInRawPath(rawPath),
      change: (change) => {
        changes.push(change);
      }
    },
    (gap) => coverage.gap(gap)
  );
  const onGap = (gap) => coverage.gap(gap);
  const history = lookupInGraph(repository, graph, true, onGap);
  const touched = byCommit(changes);
  const renames = await renamesOf(touched, () => true, history);
  const traces = await traceTokens(repository, touched, index, history, renames, onGap);
  const holders = await holdersOf(repository, refs, (gap) => coverage.gap(gap));
  const drafts = finds.map((find) => draftOf(find, traces));
  const withNames = mergeNames(drafts, finds, traces);
  return complete(repository, withNames, graph, holders);
}
function draftOf(find, traces) {
  const { place } = find;
  switch (place.kind) {
    case "blob": {
      const paths = Array.from(traces.pathsOfBlob.get(place.objectId) ?? []).toSorted();
      const versions = paths.flatMap((path15) => traces.versionsOf(find.token.fingerprint, place.objectId, path15));
      return draft(find, "blob", place.objectId, paths, versions);
    }
    case "commit-message":
    case "commit-identity": {
      const commit = place.objectId;
      const occurrence = plainOccurrence(place.kind, find, { object: commit, introducedBy: [commit] });
      return { occurrence, commits: /* @__PURE__ */ new Set([commit]) };
    }
    case "tag-message":
    case "tag-identity":
      return { occurrence: plainOccurrence(place.kind, find, { object: place.objectId }), commits: NONE8 };
    case "ref-name":
    case "reflog":
      return { occurrence: plainOccurrence(place.kind, find, { refs: [place.ref] }), commits: NONE8 };
    case "tree-entry":
      return {
        occurrence: plainOccurrence("path", find, { object: place.objectId, paths: [place.name.toString("utf8")] }),
        commits: NONE8
      };
    default:
      throw new Error(`history has no ${place.kind}`);
  }
}
var NONE8 = /* @__PURE__ */ new Set();
function draft(find, kind, object, paths, versions) {
  const occurrence = plainOccurrence(kind, find, {
    object,
    paths,
    introducedBy: union(versions.map((version) => version.introducedBy)),
    removedBy: union(versions.map((version) => version.removedBy))
  });
  return { occurrence, commits: new Set(union(versions.map((version) => version.commits))) };
}
function union(sets) {
  return [...new Set(sets.flatMap((set) => [...set]))];
}
function mergeNames(drafts, finds, traces) {
  const merged = [];
  const done = /* @__PURE__ */ new Set();
  for (const [position, find] of finds.entries()) {
    if (find.place.kind !== "tree-entry") {
      merged.push(drafts[position]);
      continue;
    }
    const name = find.place.name;
    const { fingerprint } = find.token;
    const entries = [...traces.names.get(fingerprint)?.entries() ?? []].filter(
      ([path15]) => encodeByteText(path15.slice(path15.lastIndexOf("/") + 1)).equals(name)
    );
    if (entries.length === 0) {
      const key = `${fingerprint}\0${name.toString("latin1")}`;
      if (!done.has(key)) merged.push(drafts[position]);
      done.add(key);
    }
    for (const [path15, version] of entries) {
      const key = `${fingerprint}\0\0${path15}`;
      if (done.has(key)) continue;
      done.add(key);
      const base = encodeByteText(path15).length - name.length;
      const inPath = { line: 1, column: find.position.column + base };
      const end = find.end && { line: 1, column: find.end.column + base };
      merged.push(draft({ ...find, position: inPath, end }, "path", find.place.objectId, [path15], [version]));
    }
  }
  return merged;
}
async function complete(repository, drafts, graph, holders) {
  const boundary = shallowCommits(repository);
  const staged = await stagedPaths(repository);
  const names = namesOfHolders(
    graph,
    holders,
    drafts.map((entry) => entry.commits)
  );
  return drafts.map(({ occurrence }, position) => {
    const held = occurrence.object === null ? [] : holders.byObject.get(occurrence.object) ?? [];
    const refs = uniteNames(occurrence.refs, names[position], held);
    const inIndex = occurrence.kind === "blob" ? staged.get(occurrence.object ?? "") ?? [] : [];
    const inTree = occurrence.kind === "blob" ? holders.paths.get(occurrence.object ?? "") ?? [] : [];
    return {
      ...occurrence,
      paths: uniteNames(occurrence.paths, inIndex, inTree),
      // At the edge of a shallow clone everything looks new.
      introducedBy: occurrence.introducedBy.filter((commit) => !boundary.has(commit)),
      refs,
      reachable: refs.length > 0 || inIndex.length > 0
    };
  });
}
async function stagedPaths(repository) {
  const paths = /* @__PURE__ */ new Map();
  for (const entry of await readAllIndexes(repository).catch(() => [])) {
    const known = paths.get(entry.objectId);
    if (known === void 0) paths.set(entry.objectId, [entry.path]);
    else known.push(entry.path);
  }
  return paths;
}

// src/scan/screen-thread.ts
import { Worker } from "node:worker_threads";
var ScreenThread = class {
  #worker;
  #waiting = [];
  #hasFailed = false;
  constructor(setup) {
    this.#worker = new Worker(workerUrl("screen-worker"), { workerData: setup });
    this.#worker.on("message", (answer) => {
      const request = this.#waiting.shift();
      request?.resolve({
        remaining: Array.from(answer.subarray(2), (position) => request.files[position]),
        files: answer[0],
        bytes: answer[1]
      });
    });
    this.#worker.on("error", () => this.#fail());
    this.#worker.on("exit", () => this.#fail());
  }
  screen(root, files) {
    if (this.#hasFailed) return Promise.resolve({ remaining: files, files: 0, bytes: 0 });
    return new Promise((resolve2) => {
      this.#waiting.push({ files, resolve: resolve2 });
      this.#worker.postMessage({ root, files });
    });
  }
  async stop() {
    await this.#worker.terminate();
  }
  /** Whatever the thread did not answer for is read here. */
  #fail() {
    this.#hasFailed = true;
    for (const { files, resolve: resolve2 } of this.#waiting.splice(0)) resolve2({ remaining: files, files: 0, bytes: 0 });
  }
};

// src/scan/staged.ts
var INDEX = "index";
async function scanStaged(repository, unwrittenMergeHeads, detector, collector) {
  checkIndex(repository, (gap) => collector.coverage.gap(gap));
  const head = await headCommit(repository);
  const parents = head === null ? [] : [head, ...unwrittenMergeHeads, ...mergeHeads(repository)];
  const unmerged = /* @__PURE__ */ new Set();
  let changes;
  try {
    const against = head === null ? [await emptyTree(repository)] : parents;
    changes = await changesAgainstAll(repository, against, (path15) => unmerged.add(path15));
  } catch (error) {
    if (!(error instanceof IndexUnreadableError)) throw error;
    collector.coverage.gap({
      what: "index",
      why: `${error.message}; run git status, and rebuild it with git read-tree HEAD`
    });
    return [];
  }
  for (const what of unmerged) {
    collector.coverage.skip({ what, why: "is in conflict: nothing can be committed before that is resolved" });
  }
  const lookup = lookupInIndex(repository, INDEX, parents, (gap) => collector.coverage.gap(gap));
  const toScan = { visit: visitList(changes), besides: [], obtain: null };
  const found = await scanChanges(repository, toScan, lookup, "index", detector, collector);
  return found.map((occurrence) => ({ ...occurrence, introducedBy: [], removedBy: [] }));
}
async function changesAgainstAll(repository, parents, onUnmerged) {
  const [first = [], ...others] = await Promise.all(
    parents.map((parent) => indexChanges(repository, parent, onUnmerged))
  );
  const byPath = others.map((changes) => new Map(changes.map((change) => [change.path, change])));
  return first.flatMap((change) => {
    const same = byPath.map((changes) => changes.get(change.path));
    if (same.includes(void 0)) return [];
    const all = [change, ...same];
    return [
      {
        commit: INDEX,
        path: change.path,
        newId: change.newId,
        oldIds: all.flatMap((one) => one.oldIds),
        isAdded: all.every((one) => one.isAdded),
        isDeleted: change.isDeleted
      }
    ];
  });
}

// src/scan/scan.ts
async function scan(options) {
  const startedAt = performance.now();
  const { source, signal } = options;
  const setup = {
    rules: options.rules,
    minConfidence: options.minConfidence,
    jobs: options.jobs ?? availableParallelism(),
    memoryKey: options.memoryKey ?? null
  };
  const detector = new Detector(compileRules(options.rules), { minConfidence: options.minConfidence });
  const variables = new Set(options.rules.flatMap((rule) => rule.variable ?? []));
  const collector = new Collector(detector, variables, options.allowSignatures);
  const { coverage } = collector;
  const countsAtOnce = source.kind === "history" || source.kind === "tree" || source.kind === "stdin" && !source.isPatch;
  let passedOn = 0;
  const passOn = () => {
    if (!countsAtOnce || options.onOccurrences === void 0 || passedOn === collector.finds.length) return;
    const news = collector.finds.slice(passedOn).flatMap(findWithoutContext);
    passedOn = collector.finds.length;
    options.onOccurrences(news, detector);
  };
  if (options.onProgress ?? options.onOccurrences) {
    coverage.onProgress = () => {
      passOn();
      options.onProgress?.(coverage);
    };
  }
  let opened = { repository: null, target: null, root: null };
  let occurrences = [];
  let commits = /* @__PURE__ */ new Map();
  let isInterrupted = false;
  try {
    opened = await openSource(source, signal);
    if (opened.repository !== null) collector.objectIdLength = opened.repository.objectIdLength;
    await options.onOpened?.(opened.root);
    occurrences = await readSource(source, opened, setup, detector, collector, signal);
    passOn();
    if (!countsAtOnce && occurrences.length > 0) options.onOccurrences?.(occurrences, detector);
    commits = await readCommitFacts(opened.repository, occurrences, collector);
  } catch (error) {
    if (!signal?.aborted) throw error;
    isInterrupted = true;
    coverage.gap({ what: "scan", why: "was interrupted" });
    if (occurrences.length === 0) occurrences = collector.finds.flatMap(findWithoutContext);
  } finally {
    opened.repository?.dispose();
  }
  return {
    // A push is the range of commits that the other side does not have.
    source: source.kind === "push" ? "range" : source.kind,
    range: source.kind === "range" && "range" in source ? source.range : null,
    root: opened.root,
    occurrences,
    commits,
    coverage,
    detector,
    hintsOf: (fingerprint) => collector.hintsOf(fingerprint),
    isInterrupted,
    durationMs: Math.round(performance.now() - startedAt)
  };
}
function targetOf(source) {
  return resolveTarget(source.kind === "tree" ? source.path ?? source.directory : source.path);
}
async function openSource(source, signal) {
  if (source.kind === "stdin") return { repository: null, target: null, root: null };
  const target = targetOf(source);
  if (source.kind === "range" && "own" in source && source.own !== void 0) {
    const own = openOwnRepository(target.path, source.own, signal);
    return { repository: own, target, root: own.gitDirectory };
  }
  const repository = await openRepositoryOrNone(target.directory, source.kind === "tree", signal);
  if (source.kind === "tree") {
    if (repository !== null && repository.workTree === null && source.path === null) {
      throw new KeyrecallError(
        "usage",
        `${target.path} is in a bare repository or a .git directory, which has no working tree`,
        {
          hint: "scan what it keeps: keyrecall scan --history"
        }
      );
    }
    return { repository, target, root: repository?.workTree ?? target.directory };
  }
  if (repository === null) {
    throw new KeyrecallError("not-a-repository", `not a git repository: ${target.path}`, {
      hint: "run this in a repository or name one; a plain directory is scanned with keyrecall scan PATH"
    });
  }
  return { repository, target, root: repository.workTree ?? repository.gitDirectory };
}
async function openRepositoryOrNone(directory, isOptional, signal) {
  try {
    return await openRepository(directory, signal);
  } catch (error) {
    if (isOptional && error instanceof KeyrecallError) return null;
    throw error;
  }
}
async function readSource(source, opened, setup, detector, collector, signal) {
  try {
    return await runSource(source, opened, setup, detector, collector, signal);
  } catch (error) {
    if (signal?.aborted || systemCodeOf(error) === void 0 || error instanceof KeyrecallError) throw error;
    collector.coverage.gap({ what: source.kind, why: `cannot be read to its end: ${messageOf(error)}` });
    return collector.finds.flatMap(findWithoutContext);
  }
}
async function runSource(source, { repository, target }, setup, detector, collector, signal) {
  switch (source.kind) {
    case "stdin":
      await (source.isPatch ? readPatch : readStdin)(source.input, collector, signal);
      return source.isPatch ? newsOfPatch(collector.finds) : collector.finds.flatMap(findWithoutContext);
    case "tree":
      await scanTree(source, setup, repository, target, collector, signal);
      return collector.finds.flatMap(findWithoutContext);
    case "history":
      return scanHistory(
        repository,
        detector,
        collector,
        new PackThreads({ ...setup, signal }),
        openMemory(repository, setup)
      );
    case "range":
      if (!requireReadable(repository, collector)) return [];
      return "range" in source ? scanRange(repository, source.range, detector, collector) : scanTips(repository, source, detector, collector);
    case "push":
      return requireReadable(repository, collector) ? scanPush(repository, source.updates, source.known, detector, collector) : [];
    case "index":
      return requireReadable(repository, collector) ? scanStaged(repository, source.mergeHeads ?? [], detector, collector) : [];
  }
}
function openMemory(repository, { memoryKey, rules, minConfidence }) {
  if (memoryKey === null) return null;
  const decisive = [VERSION, RECORD_FORMAT, rules, minConfidence, UNPACK_LIMITS, MAX_OBJECT_BYTES];
  const digest = createHash4("sha256").update(JSON.stringify(decisive)).digest("hex");
  return PackMemory.open(repository, { key: memoryKey, digest });
}
var RECORD_FORMAT = 2;
function requireReadable(repository, collector) {
  if (repository.refusal === null) return true;
  collector.coverage.gap({
    what: `repository ${repository.gitDirectory}`,
    why: `the installed git does not open it: ${repository.refusal}`
  });
  return false;
}
async function scanTree(source, setup, repository, target, collector, signal) {
  const workTree = repository?.workTree ?? null;
  const root = workTree === null ? target.directory : resolveTarget(workTree).path;
  const isRefused = repository !== null && repository.refusal !== null;
  if (isRefused) {
    collector.coverage.gap({
      what: `repository ${repository.gitDirectory}`,
      why: `the installed git does not open it (${repository.refusal}); its ignore rules were not applied`
    });
  }
  const isNamedIgnored = source.path !== null && repository !== null && await isIgnored(repository, target.path);
  const byRules = source.useIgnoreRules && workTree !== null && !isRefused && !isNamedIgnored;
  const path15 = source.path === null ? root : target.path;
  let screen = null;
  const startScreen = () => screen ??= new ScreenThread(setup);
  try {
    await readTree({ path: path15, root, repository: byRules ? repository : null, signal }, collector, startScreen);
    if (target.isLinkToFile) await readLinkedFile({ path: path15, root, signal }, collector);
  } finally {
    await screen?.stop();
  }
}
async function isIgnored({ git }, path15) {
  const environment = { ...git.environment, GIT_LITERAL_PATHSPECS: void 0 };
  return (await runGit({ ...git, environment }, ["check-ignore", "--quiet", "--no-index", "--", path15])).status === 0;
}
function findWithoutContext(find) {
  const { place } = find;
  switch (place.kind) {
    case "file":
    case "path":
      return [plainOccurrence(place.kind, find, { paths: [place.path] })];
    case "stdin":
      return [plainOccurrence("stdin", find, { paths: place.path === null ? [] : [place.path] })];
    case "ref-name":
    case "reflog":
      return [plainOccurrence(place.kind, find, { refs: [place.ref] })];
    case "tree-entry":
      return [
        plainOccurrence("path", find, {
          object: place.objectId,
          paths: [decodeByteText(place.name)],
          reachable: false
        })
      ];
    case "patch-old":
      return [];
    default:
      return [plainOccurrence(place.kind, find, { object: place.objectId, reachable: false })];
  }
}
function newsOfPatch(finds) {
  const key = (find, section) => `${find.token.fingerprint}\0${section}`;
  const old = new Set(
    finds.flatMap((find) => find.place.kind === "patch-old" ? [key(find, find.place.section)] : [])
  );
  return finds.flatMap((find) => {
    const { place } = find;
    const isKept = place.kind === "stdin" && place.path !== null && old.has(key(find, place.section));
    return isKept ? [] : findWithoutContext(find);
  });
}
async function readCommitFacts(repository, occurrences, { authors, coverage }) {
  const ids = new Set(occurrences.flatMap((occurrence) => [...occurrence.introducedBy, ...occurrence.removedBy]));
  const facts = /* @__PURE__ */ new Map();
  if (repository === null) return facts;
  const keep = (commit, author) => {
    facts.set(commit, { commit, author: author && decodeByteText(author.text), date: author?.date ?? null });
  };
  for (const [commit, author] of authors) if (ids.delete(commit)) keep(commit, author);
  if (ids.size === 0) return facts;
  await readObjects(
    repository,
    [...ids],
    {
      object: (commit, _type, bytes) => keep(commit, authorOf(bytes)),
      largeObject: () => ({ write: () => {
      }, close: () => {
      } }),
      missing: () => {
      }
    },
    (gap) => coverage.gap(gap)
  );
  return facts;
}

export {
  scan,
  targetOf
};
