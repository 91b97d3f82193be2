/** Reads single files into a sink: content, the text of links, and what cannot be read. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync } from "node:fs";
import { encodeByteText } from "../core/byte-text.ts";
import { messageOf, systemCodeOf } from "../core/errors.ts";
import type { Sink } from "./sink.ts";

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

export class FileReader {
  readonly #root: string;
  readonly #sink: Sink;
  readonly #buffer: Buffer;

  /** @param buffer from {@link makeFileBuffer}, for readers that are used in turn */
  constructor(root: string, sink: Sink, buffer: Buffer = makeFileBuffer()) {
    this.#root = root;
    this.#sink = sink;
    this.#buffer = buffer;
  }

  /** @returns `directory` where the name stands for one, with nothing read */
  read(file: string): "directory" | "done" {
    const { coverage } = this.#sink;
    const absolute = this.#absolute(file);
    let descriptor: number;
    try {
      // O_NONBLOCK: opening a named pipe must not wait for its writer.
      descriptor = openSync(absolute, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    } catch (error) {
      return this.#readUnopened(file, absolute, error);
    }
    try {
      return this.#readContent(file, descriptor);
    } catch (error) {
      if (systemCodeOf(error) === "EISDIR") return "directory";
      coverage.gap({ what: `file ${file}`, why: `cannot be read: ${messageOf(error)}` });
    } finally {
      closeSync(descriptor);
    }
    return "done";
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
        coverage.skip({ what: file, why: "is not a regular file" });
        return "done";
      }
    } catch {
      // The first error says what stands in the way.
    }
    coverage.gap({ what: `file ${file}`, why: `cannot be read: ${messageOf(error)}` });
    return "done";
  }

  /** Reads until the buffer is full or the file ends: a read may give less than there is. */
  #fill(descriptor: number): number {
    let length = 0;
    while (length < this.#buffer.length) {
      const count = readSync(descriptor, this.#buffer, length, this.#buffer.length - length, null);
      if (count === 0) break;
      length += count;
    }
    return length;
  }

  /** What is not a file shows by an error, by having nothing or by having no end; only then it is asked. */
  #readContent(file: string, descriptor: number): "done" {
    const { coverage } = this.#sink;
    let length = this.#fill(descriptor);
    if (length === 0 || length === this.#buffer.length) {
      if (!fstatSync(descriptor).isFile()) {
        coverage.skip({ what: file, why: "is not a regular file" });
        return "done";
      }
    }
    coverage.files += 1;
    if (length < this.#buffer.length) {
      coverage.bytes += length;
      this.#sink.scan({ kind: "file", path: file }, this.#buffer.subarray(0, length));
      return "done";
    }
    const writer = this.#sink.open({ kind: "file", path: file });
    for (; length > 0; length = this.#fill(descriptor)) {
      coverage.bytes += length;
      writer.write(this.#buffer.subarray(0, length));
      coverage.onProgress?.();
    }
    writer.close();
    return "done";
  }

  #absolute(file: string): string | Buffer {
    const joined = `${this.#root}/${file}`;
    return /[\udc00-\udcff]/.test(file) ? encodeByteText(joined) : joined;
  }
}
