/** The lines that tokens stand on, once more: for columns in characters, and for the hash by which an alert is known again. */
import type { Report, ReportedOccurrence } from "../scan/report.ts";
import { lineHashes } from "./line-hash.ts";

/** What names the content of a place: an object of git, or a path below what was scanned. */
export type ContentName = { readonly object: string } | { readonly path: string };

export interface LineSpan {
  /** UTF-16 code units, from 1. */
  readonly startColumn: number;
  readonly endLine: number;
  /** Behind the last one, and never behind the end of the line. */
  readonly endColumn: number;
}

interface Line {
  readonly bytes: Buffer;
  readonly hash: string | null;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export class SourceLines {
  readonly #wanted = new Map<string, Set<number>>();
  readonly #hashable = new Set<ReportedOccurrence>();
  readonly #lines = new Map<string, ReadonlyMap<number, Line>>();

  /** @param isHashable whether a hash of the token may leave this machine */
  constructor(report: Report, isHashable: (fingerprint: string) => boolean) {
    for (const { fingerprint, occurrences } of report.tokens) {
      const mayBeHashed = isHashable(fingerprint);
      for (const occurrence of occurrences) {
        const name = contentOf(occurrence);
        if (name === null) continue;
        if (mayBeHashed) this.#hashable.add(occurrence);
        const key = keyOf(name);
        const wanted = (this.#wanted.get(key) ?? new Set()).add(occurrence.line);
        if (occurrence.end !== undefined) wanted.add(occurrence.end.line);
        this.#wanted.set(key, wanted);
      }
    }
  }

  /** What is to be read, each once. */
  get objects(): string[] {
    return [...this.#wanted.keys()].flatMap((key) => (key.startsWith(OBJECT) ? [key.slice(OBJECT.length)] : []));
  }

  get paths(): string[] {
    return [...this.#wanted.keys()].flatMap((key) => (key.startsWith(PATH) ? [key.slice(PATH.length)] : []));
  }

  take(name: ContentName, bytes: Buffer): void {
    const key = keyOf(name);
    const wanted = this.#wanted.get(key);
    if (wanted === undefined) return;
    const hashes = lineHashes(bytes.toString("utf8"), wanted);
    const lines = new Map<number, Line>();
    let start = 0;
    for (let line = 1; start <= bytes.length && lines.size < wanted.size; line++) {
      const feed = bytes.indexOf(LINE_FEED, start);
      const end = feed === -1 ? bytes.length : feed;
      if (wanted.has(line)) {
        // The bytes are lent.
        lines.set(line, { bytes: Buffer.from(bytes.subarray(start, end)), hash: hashes.get(line) ?? null });
      }
      if (feed === -1) break;
      start = feed + 1;
    }
    this.#lines.set(key, lines);
  }

  hashOf(occurrence: ReportedOccurrence): string | null {
    return this.#hashable.has(occurrence) ? (this.#lineOf(occurrence)?.hash ?? null) : null;
  }

  /** Where the content is not at hand, a byte is taken for a character. */
  spanOf(occurrence: ReportedOccurrence, length: number): LineSpan {
    const { line, column, encoding, container, end } = occurrence;
    // This is where the entry begins, whatever its length there.
    if (container.length > 0) return { startColumn: column, endLine: line, endColumn: column + 1 };
    if (encoding[0]?.startsWith("utf-16") === true) {
      const startColumn = charactersOfWide(column);
      return end === undefined
        ? { startColumn, endLine: line, endColumn: startColumn + length }
        : { startColumn, endLine: end.line, endColumn: charactersOfWide(end.column) };
    }
    const bytes = this.#lineOf(occurrence)?.bytes;
    const last = end === undefined ? bytes : this.#lineOf(occurrence, end.line)?.bytes;
    if (bytes === undefined || bytes.length < column || last === undefined) {
      return { startColumn: column, endLine: end?.line ?? line, endColumn: end?.column ?? column + length };
    }
    const startColumn = charactersOf(bytes.subarray(0, column - 1)) + 1;
    if (end !== undefined) {
      return { startColumn, endLine: end.line, endColumn: charactersOf(last.subarray(0, end.column - 1)) + 1 };
    }
    const isCut = bytes.at(-1) === CARRIAGE_RETURN;
    const lineEnd = startColumn + charactersOf(bytes.subarray(column - 1, isCut ? -1 : undefined));
    const endColumn = Math.max(startColumn + 1, Math.min(startColumn + length, lineEnd));
    return { startColumn, endLine: line, endColumn };
  }

  #lineOf(occurrence: ReportedOccurrence, line: number = occurrence.line): Line | undefined {
    const name = contentOf(occurrence);
    return name === null ? undefined : this.#lines.get(keyOf(name))?.get(line);
  }
}

const OBJECT = "object ";
const PATH = "path ";

function keyOf(name: ContentName): string {
  return "object" in name ? `${OBJECT}${name.object}` : `${PATH}${name.path}`;
}

function contentOf({ kind, object, paths, container }: ReportedOccurrence): ContentName | null {
  // An archive has no lines that mean something, and all its entries could be on the same.
  if (container.length > 0) return null;
  const [path] = paths;
  if ((kind === "blob" || kind === "index") && object !== null) return { object };
  return kind === "file" && path !== undefined ? { path } : null;
}

/** The character that a byte's column is in, where each has two. */
function charactersOfWide(column: number): number {
  return Math.floor((column - 1) / 2) + 1;
}

/** A line of megabytes is possible, and its text is not kept. */
function charactersOf(bytes: Buffer): number {
  return bytes.toString("utf8").length;
}
