import {
  encodeByteText
} from "./chunk-ARZHV6UX.js";
import {
  messageOf,
  systemCodeOf
} from "./chunk-U52VU3KD.js";

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
  constructor(root, sink, { buffer = makeFileBuffer(), signal } = {}) {
    this.#root = root;
    this.#sink = sink;
    this.#buffer = buffer;
    this.#signal = signal;
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
  /** Reads until the buffer is full or the file ends: a read may give less than there is. */
  #fill(descriptor) {
    let length = 0;
    while (length < this.#buffer.length) {
      const count = readSync(descriptor, this.#buffer, length, this.#buffer.length - length, null);
      if (count === 0) break;
      length += count;
    }
    return length;
  }
  /**
   * What is not a file shows by an error, by having nothing or by having no end; only then it is asked.
   *
   * @returns what takes the rest of a large file, of which the buffer holds the beginning
   */
  #readBegin(file, descriptor) {
    const { coverage } = this.#sink;
    const length = this.#fill(descriptor);
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
    const writer = this.#sink.open({ kind: "file", path: file });
    writer.write(this.#buffer);
    return writer;
  }
  /** Between two pieces others get their turn: an interruption, and readers with the same buffer. */
  async #readRest(file, descriptor, writer) {
    const { coverage } = this.#sink;
    try {
      for (; ; ) {
        coverage.onProgress?.();
        await new Promise(setImmediate);
        this.#signal?.throwIfAborted();
        const length = this.#fill(descriptor);
        if (length === 0) break;
        coverage.bytes += length;
        writer.write(this.#buffer.subarray(0, length));
      }
    } catch (error) {
      this.#signal?.throwIfAborted();
      this.#fail(file, descriptor, error);
    } finally {
      writer.close();
      closeSync(descriptor);
    }
    return "done";
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
  /** Things that hold no bytes of their own and were left out: sockets, submodules that are not checked out. */
  skipped = [];
  #gaps = /* @__PURE__ */ new Map();
  /** A commit or tag under the name of another object: its graph can lead in a circle, in which git would go on. */
  hasFalseCommits = false;
  /** Called now and then while a source reads. */
  onProgress = null;
  gap(gap) {
    this.#gaps.set(`${gap.what}\0${gap.why}`, gap);
  }
  get gaps() {
    return [...this.#gaps.values()];
  }
  get hasGaps() {
    return this.#gaps.size > 0;
  }
  skip(gap) {
    this.skipped.push(gap);
  }
};

export {
  makeFileBuffer,
  FileReader,
  Coverage
};
