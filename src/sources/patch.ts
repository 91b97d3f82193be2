/**
 * A patch on standard input: what `git diff`, `git log -p`, `git format-patch` and `diff -u` print. Lines that
 * it adds are news; lines that it keeps or takes away say what was there before; all outside of hunks is text.
 * Source: diff-format ("combined diff format") and the unified format of GNU diff.
 */
import type { Readable } from "node:stream";
import { decodeByteText, encodeByteText } from "../core/byte-text.ts";
import type { Sink } from "./sink.ts";
import { untilAborted } from "./stdin.ts";

const LINE_FEED = 0x0a;
/** A longer line is cut into pieces for the search of its end only; what belongs to it stays together. */
const MAX_RUN_BYTES = 4 * 1024 * 1024;

export async function readPatch(input: Readable, sink: Sink, signal?: AbortSignal): Promise<void> {
  const parser = new PatchParser(sink);
  let rest: Buffer[] = [];
  for await (const chunk of untilAborted(input, signal)) {
    sink.coverage.bytes += chunk.length;
    sink.coverage.onProgress?.();
    const lastFeed = chunk.lastIndexOf(LINE_FEED);
    if (lastFeed === -1) {
      rest.push(chunk);
      continue;
    }
    const lines = Buffer.concat([...rest, chunk.subarray(0, lastFeed + 1)]);
    rest = [chunk.subarray(lastFeed + 1)];
    for (let start = 0; start < lines.length;) {
      const end = lines.indexOf(LINE_FEED, start) + 1;
      parser.line(lines.subarray(start, end));
      start = end;
    }
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) parser.line(last);
  parser.end();
}

class PatchParser {
  readonly #sink: Sink;
  #path: string | null = null;
  /** Lines still to come in the hunk: of each old state, and of the new one. */
  #oldRemaining: number[] = [];
  #newRemaining = 0;
  #newLine = 0;
  #textLine = 0;
  #run: { side: "new" | "old"; line: number; path: string | null; pieces: Buffer[]; bytes: number } | null = null;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  line(line: Buffer): void {
    this.#textLine += 1;
    if (this.#isInHunk()) this.#hunkLine(line);
    else this.#outsideLine(line);
  }

  end(): void {
    this.#flush();
  }

  #isInHunk(): boolean {
    return this.#newRemaining > 0 || this.#oldRemaining.some((count) => count > 0);
  }

  #hunkLine(line: Buffer): void {
    const parents = this.#oldRemaining.length;
    // `\ No newline at end of file`
    if (line[0] === 0x5c) return;
    // Mailers strip trailing blanks, so an empty line is an empty line of context.
    const isEmpty = line.length === 0 || line[0] === LINE_FEED || line[0] === 0x0d;
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
    const isNews = isInNew && !signs.includes(" ");
    this.#add(isNews ? "new" : "old", this.#newLine, body);
    if (isInNew) {
      this.#newRemaining -= 1;
      this.#newLine += 1;
    }
  }

  #outsideLine(line: Buffer): void {
    const text = line.toString("latin1", 0, Math.min(line.length, 4096));
    const hunk = /^(@@+) ((?:-\d+(?:,\d+)? )+)\+(\d+)(?:,(\d+))? @@/.exec(text);
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
      this.#path = pathOfHeader(line);
      return;
    }
    if (text.startsWith("--- ")) {
      this.#flush();
      this.#scanNow("old", line);
      return;
    }
    if (text.startsWith("+++ ")) {
      this.#path = pathOfTarget(line.subarray(4));
      this.#scanName();
      return;
    }
    if (/^(rename|copy) from |^deleted file mode /.test(text)) {
      this.#scanNow("old", line);
      return;
    }
    if (/^(rename|copy) to /.test(text)) {
      this.#path = pathOfTarget(line.subarray(text.indexOf(" to ") + 4), false);
      this.#scanName();
      return;
    }
    if (text.startsWith("new file mode ")) {
      this.#scanName();
      return;
    }
    if (/^(Binary files .* differ|GIT binary patch)/.test(text)) {
      this.#sink.coverage.gap({
        what: `binary file ${this.#path ?? "in the patch"}`,
        why: "a patch does not carry its content as text; scan the repository itself",
      });
    }
    this.#add("new", this.#textLine, line, null);
  }

  /** Lines of one kind that follow each other are one text. */
  #add(side: "new" | "old", line: number, bytes: Buffer, path: string | null = this.#path): void {
    if (this.#run !== null && (this.#run.side !== side || this.#run.path !== path || this.#run.bytes > MAX_RUN_BYTES)) {
      this.#flush();
    }
    this.#run ??= { side, line, path, pieces: [], bytes: 0 };
    this.#run.pieces.push(bytes);
    this.#run.bytes += bytes.length;
  }

  #flush(): void {
    const run = this.#run;
    this.#run = null;
    if (run === null) return;
    this.#sink.scan({ kind: "patch", side: run.side, path: run.path, line: run.line }, Buffer.concat(run.pieces));
  }

  #scanNow(side: "new" | "old", bytes: Buffer): void {
    this.#sink.scan({ kind: "patch", side, path: this.#path, line: this.#textLine }, bytes);
  }

  #scanName(): void {
    if (this.#path !== null) this.#sink.scan({ kind: "path", path: this.#path }, encodeByteText(this.#path));
  }
}

/** `diff --git a/x b/x`: only where both names are the same is it clear where the second begins. */
function pathOfHeader(line: Buffer): string | null {
  const text = line
    .toString("latin1")
    .replace(/\r?\n$/, "")
    .replace(/^diff --git /, "");
  const middle = text.length >> 1;
  if (text[middle] !== " " || !text.startsWith("a/")) return null;
  return decodeByteText(Buffer.from(text.slice(middle + 3), "latin1"));
}

function pathOfTarget(line: Buffer, hasPrefix = true): string | null {
  // diff -u writes a tab and the time behind the name.
  const text = line
    .toString("latin1")
    .replace(/\r?\n$/, "")
    .replace(/\t.*$/, "");
  if (text === "/dev/null") return null;
  const name = text.startsWith('"') ? unquote(text) : text;
  return decodeByteText(Buffer.from(hasPrefix ? name.replace(/^b\//, "") : name, "latin1"));
}

/** git quotes names with special characters as C does. */
function unquote(text: string): string {
  const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };
  return text
    .slice(1, -1)
    .replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
    );
}
