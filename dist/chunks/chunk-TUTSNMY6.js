import {
  encodeByteText
<<<<<<<< HEAD:dist/chunks/chunk-V646VGFP.js
} from "./chunk-EAKL67WH.js";
========
} from "./chunk-Q6BRP5OL.js";
>>>>>>>> verify:dist/chunks/chunk-TUTSNMY6.js
import {
  messageOf,
  systemCodeOf
} from "./chunk-U52VU3KD.js";

// src/sources/file-reader.ts
import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync } from "node:fs";
var WHOLE_FILE_BYTES = 4 * 1024 * 1024;
var BUFFER_OFFSET = 64;
function makeFileBuffer() {
  return Buffer.allocUnsafe(BUFFER_OFFSET + WHOLE_FILE_BYTES + 1).subarray(BUFFER_OFFSET);
}
var FileReader = class {
  #root;
  #sink;
  #buffer;
  /** @param buffer from {@link makeFileBuffer}, for readers that are used in turn */
  constructor(root, sink, buffer = makeFileBuffer()) {
    this.#root = root;
    this.#sink = sink;
    this.#buffer = buffer;
  }
  /** @returns `directory` where the name stands for one, with nothing read */
  read(file) {
    const { coverage } = this.#sink;
    const absolute = this.#absolute(file);
    let descriptor;
    try {
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
        coverage.skip({ what: file, why: "is not a regular file" });
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
  /** What is not a file shows by an error, by having nothing or by having no end; only then it is asked. */
  #readContent(file, descriptor) {
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
