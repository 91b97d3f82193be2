/** Files as they are on disk: a working tree by git's rules, or any directory or file. */
import { readdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { encodeByteText } from "../core/byte-text.ts";
import { messageOf } from "../core/errors.ts";
import { openRepository, type Repository, WITHOUT_CALLERS_REPOSITORY } from "../git/repository.ts";
import { FileReader } from "./file-reader.ts";
import type { Sink } from "./sink.ts";
import { listFiles, type TreeOptions } from "./tree-listing.ts";

/** Looks through files on another thread, and leaves to this one whatever needs more than a look. */
export interface FileScreen {
  screen(root: string, files: readonly string[]): Promise<ScreenedFiles>;
}

export interface ScreenedFiles {
  /** Files with something in them, unreadable ones, and everything that is not a small regular file. */
  readonly remaining: readonly string[];
  /** How many of the others were read, and their bytes. */
  readonly files: number;
  readonly bytes: number;
}

const BATCH_FILES = 256;
/** Below this many files a second thread takes longer to start than it saves. */
const MIN_FILES_TO_SHARE = 4000;

/** @param startScreen starts the other thread, where there are enough files for it */
export async function readTree(
  options: TreeOptions,
  sink: Sink,
  startScreen: (() => FileScreen) | null,
): Promise<void> {
  const reader = new FileReader(options.root, sink, { signal: options.signal });
  const directories: string[] = [];
  for await (const files of listFiles(options, sink)) {
    scanNames(files, sink);
    const screen = startScreen !== null && files.length >= MIN_FILES_TO_SHARE ? startScreen() : null;
    directories.push(...(await readFiles(files, options, reader, sink, screen)));
  }
  for (const directory of directories) await readNested(options, directory, sink, startScreen);
}

/** @returns those of the files that are directories: repositories inside of this one */
async function readFiles(
  files: readonly string[],
  { root, signal }: TreeOptions,
  reader: FileReader,
  sink: Sink,
  screen: FileScreen | null,
): Promise<string[]> {
  const directories: string[] = [];
  const readHere = async (batch: readonly string[]): Promise<void> => {
    for (const file of batch) {
      const outcome = reader.read(file);
      if (outcome === "directory") directories.push(file);
      else if (outcome !== "done") await outcome;
    }
    sink.coverage.onProgress?.();
  };
  let position = 0;
  const nextBatch = (): readonly string[] => {
    signal?.throwIfAborted();
    const batch = files.slice(position, position + BATCH_FILES);
    position += batch.length;
    return batch;
  };
  const readThere = async (thread: FileScreen): Promise<void> => {
    for (let batch = nextBatch(); batch.length > 0; batch = nextBatch()) {
      const screened = await thread.screen(root, batch);
      sink.coverage.files += screened.files;
      sink.coverage.bytes += screened.bytes;
      await readHere(screened.remaining);
    }
  };
  const readRest = async (): Promise<void> => {
    for (let batch = nextBatch(); batch.length > 0; batch = nextBatch()) {
      await readHere(batch);
      await new Promise(setImmediate);
    }
  };
  // Two batches are under way to the other thread, so that it has the next one when it is done with one.
  await Promise.all(screen === null ? [readRest()] : [readThere(screen), readThere(screen), readRest()]);
  return directories;
}

/** What a link leads to that the user has named; the link itself is read as one. */
export async function readLinkedFile(options: Omit<TreeOptions, "repository">, sink: Sink): Promise<void> {
  const reader = new FileReader(options.root, sink, { signal: options.signal });
  await reader.read(path.relative(options.root, options.path), { followsLink: true });
}

/** Names are searched together first: hardly any tree has a token in one. */
function scanNames(files: readonly string[], sink: Sink): void {
  const all = Buffer.from(files.join("\n"));
  if (!sink.holdsAnything(all)) return;
  for (const file of files) sink.scan({ kind: "path", path: file }, encodeByteText(file));
}

/** A submodule, or another repository inside of this one: its own rules say what is ignored. */
async function readNested(
  options: TreeOptions,
  directory: string,
  sink: Sink,
  startScreen: (() => FileScreen) | null,
): Promise<void> {
  const absolute = path.join(options.root, directory);
  let repository: Repository | null = null;
  try {
    repository = await openRepository(absolute, options.signal, WITHOUT_CALLERS_REPOSITORY);
  } catch (error) {
    sink.coverage.gap({ what: `repository ${directory}`, why: `${messageOf(error)}; every file in it was read` });
  }
  try {
    const workTree = repository?.refusal === null ? repository.workTree : null;
    if (workTree !== null && realpathSync(workTree) === realpathSync(absolute)) {
      await readTree({ ...options, path: absolute, repository }, sink, startScreen);
    } else if (readdirSync(absolute).length === 0) {
      sink.coverage.skip({ what: `submodule ${directory}`, why: "is not checked out" });
    } else {
      await readTree({ ...options, path: absolute, repository: null }, sink, startScreen);
    }
  } finally {
    repository?.dispose();
  }
}
