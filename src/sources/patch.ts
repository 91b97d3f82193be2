/**
 * A patch on standard input: what `git diff`, `git log -p`, `git format-patch` and `diff -u` print. Lines that
 * it adds are news; lines that it keeps or takes away say what was there before; all outside of hunks is text.
 * Source: diff-format ("combined diff format") and the unified format of GNU diff.
 */
import type { Readable } from "node:stream";
import { decodeByteText, encodeByteText } from "../core/byte-text.ts";
import type { Origin, Sink, UnitWriter } from "./sink.ts";
import { untilAborted } from "./stdin.ts";

const LINE_FEED = 0x0a;
/** Lines of one kind are held together up to this size and searched as a stream behind it. */
const MAX_RUN_BYTES = 4 * 1024 * 1024;
/** A longer line is handed on in pieces; what it is shows in the first one. */
const MAX_LINE_BYTES = 1024 * 1024;

export async function readPatch(input: Readable, sink: Sink, signal?: AbortSignal): Promise<void> {
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

const ESCAPE = 0x1b;

/** With color.ui=always git colours what it prints into a pipe: then a line begins with the colour and not its sign. */
function withoutColors(line: Buffer): Buffer {
  if (line[0] !== ESCAPE) return line;
  // oxlint-disable-next-line no-control-regex
  return Buffer.from(line.toString("latin1").replace(/\u001b\[[\d;]*[mK]/g, ""), "latin1");
}

/** Cuts bytes into lines, each with its line feed; long ones into a beginning and pieces that follow it. */
class LineCutter {
  readonly #onPiece: (bytes: Buffer, isBegin: boolean) => void;
  #rest: Buffer[] = [];
  #restBytes = 0;
  #isInLine = false;

  constructor(onPiece: (bytes: Buffer, isBegin: boolean) => void) {
    this.#onPiece = onPiece;
  }

  push(chunk: Buffer): void {
    const firstFeed = chunk.indexOf(LINE_FEED);
    if (firstFeed === -1) {
      this.#hold(chunk);
      return;
    }
    this.#hold(chunk.subarray(0, firstFeed + 1));
    this.end();
    let start = firstFeed + 1;
    for (let feed = chunk.indexOf(LINE_FEED, start); feed !== -1; feed = chunk.indexOf(LINE_FEED, start)) {
      this.#onPiece(chunk.subarray(start, feed + 1), true);
      start = feed + 1;
    }
    this.#hold(chunk.subarray(start));
  }

  /** Hands on what is held: the end of a line. */
  end(): void {
    if (this.#restBytes > 0) this.#handOn();
    this.#isInLine = false;
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#rest.push(bytes);
    this.#restBytes += bytes.length;
    if (this.#restBytes >= MAX_LINE_BYTES) this.#handOn();
  }

  #handOn(): void {
    const bytes = this.#rest.length === 1 ? this.#rest[0]! : Buffer.concat(this.#rest);
    this.#rest = [];
    this.#restBytes = 0;
    this.#onPiece(bytes, !this.#isInLine);
    this.#isInLine = true;
  }
}

interface Run {
  readonly side: "new" | "old";
  readonly line: number;
  readonly path: string | null;
  readonly section: number;
  pieces: Buffer[];
  bytes: number;
  /** Takes what is too large to be held. */
  writer: UnitWriter | null;
}

const EMPTY_LINE = /^\r?\n?$/;

class PatchParser {
  readonly #sink: Sink;
  #path: string | null = null;
  /** Lines still to come in the hunk: of each old state, and of the new one. */
  #oldRemaining: number[] = [];
  #newRemaining = 0;
  #newLine = 0;
  #textLine = 0;
  #run: Run | null = null;
  #section = 0;
  /** A line that begins with `--- `: the name of an old file if one of a new file follows, else text. */
  #pendingOldName: Buffer | null = null;
  #isAfterOldName = false;
  #hasPrefixes = true;
  #isInGitSection = false;
  /** Between the names of a file and text that is no part of a patch: only there a hunk can begin. */
  #isInFile = false;
  /** The file is a copy: nothing of it was at its path before, and only its changes are in the patch. */
  #isCopy = false;
  /** The line that came last is the end of the run. */
  #isLineInRun = false;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  line(line: Buffer): void {
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
  continueLine(bytes: Buffer): void {
    if (this.#isLineInRun && this.#run !== null) this.#append(this.#run, bytes);
    else this.#add("new", this.#textLine, bytes, null);
  }

  end(): void {
    if (this.#pendingOldName !== null) this.#add("new", this.#textLine, this.#pendingOldName, null);
    this.#flush();
    if (this.#isInHunk()) {
      this.#sink.coverage.gap({
        what: `patch line ${this.#textLine}`,
        why: "the patch ends inside of a hunk; what should follow was not read",
      });
    }
  }

  #oldNameLine(line: Buffer, next: Buffer): void {
    if (next.toString("latin1", 0, 4) !== "+++ ") {
      this.#add("new", this.#textLine - 1, line, null);
      return;
    }
    this.#flush();
    // Without a line of git's own each pair of names begins a file.
    if (!this.#isInGitSection) this.#section += 1;
    if (!this.#isInGitSection) this.#isCopy = false;
    this.#hasPrefixes = !this.#isInGitSection
      ? /^--- (a\/|\/dev\/null)/.test(line.toString("latin1"))
      : this.#hasPrefixes;
    this.#scanNow("old", line);
  }

  #isInHunk(): boolean {
    return this.#newRemaining > 0 || this.#oldRemaining.some((count) => count > 0);
  }

  #hunkLine(line: Buffer): void {
    const parents = this.#oldRemaining.length;
    // `\ No newline at end of file`, in whatever language
    if (line[0] === 0x5c && line[1] === 0x20) {
      this.#scanNow("new", line);
      return;
    }
    // Mailers strip trailing blanks, so an empty line is an empty line of context.
    const isEmpty = EMPTY_LINE.test(line.toString("latin1", 0, 3));
    const signs = isEmpty ? " ".repeat(parents) : line.toString("latin1", 0, parents);
    if (!/^[ +-]*$/.test(signs)) {
      this.#sink.coverage.gap({
        what: `patch line ${this.#textLine}`,
        why: "does not fit its hunk; the patch is damaged",
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
      if (isInOld) this.#oldRemaining[parent]! -= 1;
    }
    // A line that any old state has is not news.
    const isNews = isInNew && (this.#isCopy || !signs.includes(" "));
    if (isNews || !this.#isCopy) this.#add(isNews ? "new" : "old", this.#newLine, body);
    else this.#flush();
    if (isInNew) {
      this.#newRemaining -= 1;
      this.#newLine += 1;
    }
  }

  #outsideLine(line: Buffer): void {
    const text = line.toString("latin1", 0, Math.min(line.length, 4096));
    const hunk = !this.#isInFile ? null : /^(@@+) ((?:-\d+(?:,\d+)? )+)\+(\d+)(?:,(\d+))? @@/.exec(text);
    if (hunk !== null) {
      this.#flush();
      this.#oldRemaining = (hunk[2] ?? "")
        .trim()
        .split(" ")
        .map((range) => Number(range.split(",")[1] ?? 1));
      this.#newLine = Number(hunk[3]);
      this.#newRemaining = Number(hunk[4] ?? 1);
      // git repeats a line of the old state behind the second @@.
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
          why: "only its changes are in the patch, not what it copies; make it with git diff --no-renames",
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
        why: "a patch does not carry its content as text; scan the repository itself",
      });
    }
    if (/^Only in .*: ./.test(text)) {
      this.#sink.coverage.gap({
        what: `file that stands on one side only (patch line ${this.#textLine})`,
        why: "its content is not in the patch; make it with diff -N, or scan the directory itself",
      });
    }
    if (!EXTENDED_HEADER.test(text)) {
      this.#isInGitSection = false;
      this.#isInFile = false;
    }
    this.#add("new", this.#textLine, line, null);
  }

  /** Lines of one kind that follow each other are one text. */
  #add(side: "new" | "old", line: number, bytes: Buffer, path: string | null = this.#path): void {
    if (this.#run !== null && (this.#run.side !== side || this.#run.path !== path)) this.#flush();
    this.#run ??= { side, line, path, section: this.#section, pieces: [], bytes: 0, writer: null };
    this.#append(this.#run, bytes);
    this.#isLineInRun = true;
  }

  #append(run: Run, bytes: Buffer): void {
    run.pieces.push(bytes);
    run.bytes += bytes.length;
    if (run.bytes <= (run.writer === null ? MAX_RUN_BYTES : MAX_LINE_BYTES)) return;
    run.writer ??= this.#sink.open(originOf(run));
    run.writer.write(takePieces(run));
  }

  #flush(): void {
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

  #scanNow(side: "new" | "old", bytes: Buffer): void {
    this.#sink.scan({ kind: "patch", side, path: this.#path, section: this.#section, line: this.#textLine }, bytes);
  }

  #scanName(): void {
    if (this.#path !== null) this.#sink.scan({ kind: "path", path: this.#path }, encodeByteText(this.#path));
  }
}

function takePieces(run: Run): Buffer {
  const bytes = Buffer.concat(run.pieces);
  run.pieces = [];
  run.bytes = 0;
  return bytes;
}

function originOf({ side, path, section, line }: Run): Origin {
  return { kind: "patch", side, path, section, line };
}

/**
 * `diff --git a/x b/x`: only where both names are the same is it clear where the second begins. The prefixes
 * are a/ and b/, others with diff.mnemonicPrefix (i/, w/, c/, o/, 1/, 2/), and none with diff.noprefix.
 */
function parseHeader(line: Buffer): { path: string | null; hasPrefixes: boolean } {
  const text = line
    .toString("latin1")
    .replace(/\r?\n$/, "")
    .replace(/^diff --git /, "");
  const middle = text.length >> 1;
  const [left, right] = [text.slice(0, middle), text.slice(middle + 1)];
  if (text[middle] !== " ") return { path: null, hasPrefixes: true };
  const decode = (name: string): string => decodeByteText(Buffer.from(unquote(name), "latin1"));
  if (left === right) return { path: decode(left), hasPrefixes: false };
  const isPrefixed =
    PREFIX.test(left) && PREFIX.test(right) && left.replace(PREFIX, "$1") === right.replace(PREFIX, "$1");
  return isPrefixed
    ? { path: decode(right.replace(PREFIX, "$1")), hasPrefixes: true }
    : { path: null, hasPrefixes: true };
}

/** Source: git-diff, "extended header lines". */
const EXTENDED_HEADER =
  /^(index|old mode|new mode|similarity index|dissimilarity index|Binary files|GIT binary patch) /;

/** A quoted name keeps its quote in front. */
const PREFIX = /^("?)[a-z12]\//;

function pathOfTarget(line: Buffer, hasPrefix: boolean): string | null {
  // diff -u writes a tab and the time behind the name.
  const text = line
    .toString("latin1")
    .replace(/\r?\n$/, "")
    .replace(/\t.*$/, "");
  if (text === "/dev/null") return null;
  const name = unquote(text);
  return decodeByteText(Buffer.from(hasPrefix ? name.replace(/^[a-z12]\//, "") : name, "latin1"));
}

/** git quotes names with special characters as C does. */
function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };
  return text
    .slice(1, -1)
    .replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
    );
}
