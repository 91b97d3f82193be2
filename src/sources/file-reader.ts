/** Reads single files into a sink: content, the text of links, and what cannot be read. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync } from "node:fs";
import { encodeByteText } from "../core/byte-text.ts";
import { messageOf, systemCodeOf } from "../core/errors.ts";
import type { Sink, StreamLook, UnitWriter } from "./sink.ts";

const NOT_A_FILE = "is not a regular file";

/** Files up to this size are read whole. */
const WHOLE_FILE_BYTES = 4 * 1024 * 1024;

/**
 * A large allocation begins 16 bytes into a page. Some processors copy from a whole page to there five times slower
 * than to any other place, and that copy is most of what reading a cached file costs (bench/tree).
 */
const BUFFER_OFFSET = 64;

export function makeFileBuffer(): Buffer {
  return Buffer.allocUnsafe(BUFFER_OFFSET + WHOLE_FILE_BYTES + 1).subarray(BUFFER_OFFSET);
}

interface FileReaderOptions {
  /** From {@link makeFileBuffer}, for readers that are used in turn. */
  readonly buffer?: Buffer;
  readonly signal?: AbortSignal | undefined;
  /** A large file that holds something is left to another reader. */
  readonly looksOnly?: boolean;
}

export class FileReader {
  readonly #root: string;
  readonly #sink: Sink;
  readonly #buffer: Buffer;
  readonly #signal: AbortSignal | undefined;
  readonly #looksOnly: boolean;

  constructor(
    root: string,
    sink: Sink,
    { buffer = makeFileBuffer(), signal, looksOnly = false }: FileReaderOptions = {},
  ) {
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
  read(file: string, { followsLink = false } = {}): "directory" | "done" | Promise<"done"> {
    const absolute = this.#absolute(file);
    let descriptor: number;
    try {
      const noFollow = followsLink ? 0 : (constants.O_NOFOLLOW ?? 0);
      // O_NONBLOCK: opening a named pipe must not wait for its writer.
      descriptor = openSync(absolute, constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0));
    } catch (error) {
      return this.#readUnopened(file, absolute, error);
    }
    let large: StreamLook | null = null;
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

  #readUnopened(file: string, absolute: string | Buffer, error: unknown): "directory" | "done" {
    const { coverage } = this.#sink;
    const code = systemCodeOf(error);
    // A tracked file that is not on disk has no bytes here; git keeps the ones that it had.
    if (code === "ENOENT" || code === "ENOTDIR") return "done";
    try {
      const stat = lstatSync(absolute);
      if (stat.isDirectory()) return "directory";
      if (stat.isSymbolicLink()) {
        // What git keeps of a link is the text of its target.
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
      // The first error says what stands in the way.
    }
    coverage.gap({ what: `file ${file}`, why: `cannot be read: ${messageOf(error)}` });
    return "done";
  }

  /**
   * Reads until the buffer is full or the file ends: a read may give less than there is.
   *
   * @param from null to go on where the last read ended
   */
  #fill(descriptor: number, from: number | null): number {
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
  #readBegin(file: string, descriptor: number): StreamLook | null {
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
  async #readRest(file: string, descriptor: number, look: StreamLook): Promise<"done"> {
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
  async #readPieces(
    file: string,
    descriptor: number,
    writer: UnitWriter,
    start: number,
    isEnough: () => boolean = () => false,
  ): Promise<number> {
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
      // What came before an error or an interruption has been read.
      writer.close();
    }
    return position;
  }

  #fail(file: string, descriptor: number, error: unknown): void {
    const { coverage } = this.#sink;
    // A pipe that somebody has open for writing is not empty but has nothing to read yet.
    if (systemCodeOf(error) === "EAGAIN" && !fstatSync(descriptor).isFile()) {
      coverage.skip({ what: file, why: NOT_A_FILE });
      return;
    }
    coverage.gap({ what: `file ${file}`, why: `cannot be read: ${messageOf(error)}` });
  }

  #absolute(file: string): string | Buffer {
    const joined = `${this.#root}/${file}`;
    return /[\udc00-\udcff]/.test(file) ? encodeByteText(joined) : joined;
  }
}
