/** Files as they are on disk: a working tree by git's rules, or any directory or file. */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdir,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import path from "node:path";
import fastGlob from "fast-glob";
import { decodeByteText, encodeByteText } from "../core/byte-text.ts";
import { KeyrecallError, messageOf, systemCodeOf } from "../core/errors.ts";
import { errorLines, type GitContext, runGit } from "../git/process.ts";
import { openRepository, type Repository } from "../git/repository.ts";
import type { Sink } from "./sink.ts";

export interface TreeOptions {
  /** A directory or file, absolute. */
  readonly path: string;
  /** What reported paths are relative to, absolute. */
  readonly root: string;
  /** The repository whose ignore rules hold, or null for every file. */
  readonly repository: Repository | null;
  readonly signal?: AbortSignal | undefined;
}

/** Files up to this size are read whole. */
const WHOLE_FILE_BYTES = 4 * 1024 * 1024;
const PROGRESS_EVERY_FILES = 256;

export async function readTree(options: TreeOptions, sink: Sink): Promise<void> {
  const reader = new FileReader(options.root, sink);
  let files = 0;
  for await (const batch of listFiles(options, sink)) {
    for (const file of batch) {
      if ((files += 1) % PROGRESS_EVERY_FILES === 0) sink.coverage.onProgress?.();
      options.signal?.throwIfAborted();
      const nested = reader.read(file);
      if (nested === "directory") await readNested(options, file, sink);
    }
    await new Promise(setImmediate);
  }
}

/** A submodule, or another repository inside of this one: its own rules say what is ignored. */
async function readNested(options: TreeOptions, directory: string, sink: Sink): Promise<void> {
  const absolute = path.join(options.root, directory);
  const repository = await openRepository(absolute, options.signal);
  if (
    repository === null ||
    repository.workTree === null ||
    realpathSync(repository.workTree) !== realpathSync(absolute)
  ) {
    const isEmpty = readdirSync(absolute).length === 0;
    if (isEmpty) sink.coverage.skip({ what: `submodule ${directory}`, why: "is not checked out" });
    else await readTree({ ...options, path: absolute, repository: null }, sink);
    return;
  }
  await readTree({ ...options, path: absolute, repository }, sink);
}

/** Relative paths in batches. */
async function* listFiles(options: TreeOptions, sink: Sink): AsyncGenerator<string[]> {
  const stat = lstatSync(encodeByteText(options.path));
  if (!stat.isDirectory()) {
    yield [relativeTo(options.root, options.path)];
    return;
  }
  if (options.repository !== null) {
    const listed = await listByGit(options.repository.git, options, sink);
    if (listed !== null) {
      yield* inBatches(listed);
      return;
    }
  }
  yield* inBatches(await listAll(options, sink));
}

function* inBatches(items: readonly string[]): Generator<string[]> {
  for (let start = 0; start < items.length; start += 1024) yield items.slice(start, start + 1024);
}

/** Tracked files, and untracked ones that are not ignored. Null where the index cannot be read. */
async function listByGit(git: GitContext, options: TreeOptions, sink: Sink): Promise<string[] | null> {
  const { status, output, errorText } = await runGit({ ...git, directory: options.path }, [
    "ls-files",
    "-z",
    "--cached",
    "--others",
    "--exclude-standard",
    "--deduplicate",
  ]);
  const problems = errorLines(errorText);
  if (status !== 0) {
    sink.coverage.gap({
      what: `index of ${options.path}`,
      why: `${problems.join("; ")}; every file was read, ignored ones too, and none that is tracked is known to be missing`,
    });
    return null;
  }
  for (const line of problems) sink.coverage.gap({ what: "working tree", why: line });
  const base = relativeTo(options.root, options.path);
  const names = output.toString("latin1").split("\0");
  names.pop();
  return names.map((name) => {
    const text = /[\x80-\xff]/.test(name) ? decodeByteText(Buffer.from(name, "latin1")) : name;
    return base === "" ? text : `${base}/${text}`;
  });
}

/** Every file below, without what git keeps for itself. */
async function listAll(options: TreeOptions, sink: Sink): Promise<string[]> {
  const base = relativeTo(options.root, options.path);
  const names = await fastGlob.glob("**", {
    cwd: options.path,
    dot: true,
    onlyFiles: false,
    markDirectories: false,
    followSymbolicLinks: false,
    ignore: ["**/.git"],
    objectMode: true,
    stats: false,
    fs: { readdir: readdirOrGap(options, sink) },
  });
  return names
    .filter((entry) => !entry.dirent.isDirectory())
    .map((entry) => {
      const name = decodeByteText(encodeByteText(entry.path));
      return base === "" ? name : `${base}/${name}`;
    });
}

/** Globs take a line terminator for no character at all, and would pass over a name that has one. */
function nameForGlob(name: Buffer): string {
  return decodeByteText(name).replace(/[\n\r\u2028\u2029]/g, (character) =>
    Array.from(Buffer.from(character), (byte) => String.fromCharCode(0xdc00 + byte)).join(""),
  );
}

/** fast-glob either ends at the first directory that it cannot read or passes over it in silence; neither will do. */
function readdirOrGap(options: TreeOptions, sink: Sink): typeof readdir {
  const read = (
    directory: string,
    settings: { withFileTypes: true },
    done: (error: null, entries: unknown) => void,
  ) => {
    readdir(encodeByteText(directory), { ...settings, encoding: "buffer" }, (error, entries) => {
      if (error === null) {
        for (const entry of entries) Object.assign(entry, { name: nameForGlob(entry.name as unknown as Buffer) });
        done(null, entries);
        return;
      }
      const name = path.relative(options.root, directory) || ".";
      sink.coverage.gap({ what: `directory ${name}`, why: `cannot be read: ${messageOf(error)}` });
      done(null, []);
    });
  };
  return read as unknown as typeof readdir;
}

function relativeTo(root: string, target: string): string {
  return path.relative(root, target).split(path.sep).join("/");
}

class FileReader {
  readonly #root: string;
  readonly #sink: Sink;
  readonly #buffer = Buffer.allocUnsafe(WHOLE_FILE_BYTES + 1);

  constructor(root: string, sink: Sink) {
    this.#root = root;
    this.#sink = sink;
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
      const stat = fstatSync(descriptor);
      if (stat.isDirectory()) return "directory";
      this.#scanName(file);
      if (!stat.isFile()) {
        coverage.skip({ what: file, why: "is not a regular file" });
        return "done";
      }
      this.#readContent(file, descriptor);
    } catch (error) {
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
      this.#scanName(file);
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

  #readContent(file: string, descriptor: number): void {
    const { coverage } = this.#sink;
    coverage.files += 1;
    let length = 0;
    for (;;) {
      const count = readSync(descriptor, this.#buffer, length, this.#buffer.length - length, null);
      length += count;
      if (count === 0) {
        coverage.bytes += length;
        this.#sink.scan({ kind: "file", path: file }, this.#buffer.subarray(0, length));
        return;
      }
      if (length === this.#buffer.length) break;
    }
    const writer = this.#sink.open({ kind: "file", path: file });
    for (let count = length; count > 0; count = readSync(descriptor, this.#buffer, 0, this.#buffer.length, null)) {
      coverage.bytes += count;
      writer.write(this.#buffer.subarray(0, count));
      coverage.onProgress?.();
    }
    writer.close();
  }

  #scanName(file: string): void {
    this.#sink.scan({ kind: "path", path: file }, encodeByteText(file));
  }

  #absolute(file: string): string | Buffer {
    const joined = `${this.#root}/${file}`;
    return /[\udc00-\udcff]/.test(file) ? encodeByteText(joined) : joined;
  }
}

/** What a path on the command line names. */
export interface Target {
  /** Links in the way resolved; a link that is named itself and leads to a file is read as a link. */
  readonly path: string;
  readonly isDirectory: boolean;
  /** The directory itself, or the one that the file is in. */
  readonly directory: string;
}

/** @throws {KeyrecallError} `path-not-found` */
export function resolveTarget(target: string): Target {
  try {
    lstatSync(target);
    const isDirectory = statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? false;
    if (isDirectory) {
      const real = realpathSync(target);
      return { path: real, isDirectory, directory: real };
    }
    const directory = realpathSync(path.dirname(target));
    return { path: path.join(directory, path.basename(target)), isDirectory, directory };
  } catch (error) {
    const why = systemCodeOf(error) === "ENOENT" ? "no such file or directory" : messageOf(error);
    throw new KeyrecallError("path-not-found", `cannot scan ${target}: ${why}`, {
      hint: "give a path that exists, or none for the current repository",
      cause: error,
    });
  }
}
