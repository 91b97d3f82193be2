/** Which files a tree has: by git's rules, or all of them. */
import { lstatSync, readdir } from "node:fs";
import path from "node:path";
import { decodeByteText, encodeByteText } from "../core/byte-text.ts";
import { messageOf } from "../core/errors.ts";
import { checkIndex } from "../git/index-checksum.ts";
import { errorLines, type GitContext, runGit } from "../git/process.ts";
import type { Repository } from "../git/repository.ts";
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

/** Paths relative to the root, in lists that come one after the other. */
export async function* listFiles(options: TreeOptions, sink: Sink): AsyncGenerator<string[]> {
  const stat = lstatSync(encodeByteText(options.path));
  if (!stat.isDirectory()) {
    yield [relativeTo(options.root, options.path)];
    return;
  }
  if (options.repository === null) {
    yield await listAll(options, sink);
    return;
  }
  checkIndex(options.repository, (gap) => sink.coverage.gap(gap));
  // Untracked files take git a walk over all directories, which goes on while the tracked ones are read.
  const { git } = options.repository;
  const untracked = listByGit(git, options, sink, ["--others", "--exclude-standard"]);
  untracked.catch(() => {});
  const tracked = await listByGit(git, options, sink, ["--cached", "--deduplicate"]);
  if (tracked !== null) yield tracked;
  const others = await untracked;
  yield tracked !== null && others !== null ? others : await listAll(options, sink);
}

/** Null where git cannot tell, as with a damaged index. */
async function listByGit(
  git: GitContext,
  options: TreeOptions,
  sink: Sink,
  which: readonly string[],
): Promise<string[] | null> {
  const { status, output, errorText } = await runGit({ ...git, directory: options.path }, ["ls-files", "-z", ...which]);
  const problems = errorLines(errorText);
  if (status !== 0) {
    sink.coverage.gap({
      what: `index of ${options.path}`,
      why: `${problems.join("; ")}; every file was read, ignored ones too, and none that is tracked is known to be missing`,
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
      why: `${listed.length - names.length} of its names lead out of the tree; it is damaged: rebuild it with git read-tree HEAD`,
    });
  }
  const texts = names.map((name) => (/[\x80-\xff]/.test(name) ? decodeByteText(Buffer.from(name, "latin1")) : name));
  const base = relativeTo(options.root, options.path);
  return withoutLinkedDirectories(texts, options.path).map((name) => (base === "" ? name : `${base}/${name}`));
}

/** git does not check the names of an index that it reads. A repository inside of this one ends in a slash. */
function isPossibleName(name: string): boolean {
  return (
    !name.startsWith("/") &&
    !name
      .replace(/\/$/, "")
      .split("/")
      .some((part) => /^\.{0,2}$/.test(part))
  );
}

/**
 * A tracked file whose directory has become a link is not in the working tree any more, as git sees it too; what
 * the link leads to can be anywhere.
 */
function withoutLinkedDirectories(names: readonly string[], root: string): readonly string[] {
  const isLinked = new Map<string, boolean>([["", false]]);
  const check = (directory: string): boolean => {
    let answer = isLinked.get(directory);
    if (answer === undefined) {
      const parent = directory.slice(0, Math.max(0, directory.lastIndexOf("/")));
      answer = check(parent) || isLink(`${root}/${directory}`);
      isLinked.set(directory, answer);
    }
    return answer;
  };
  const directoryOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf("/")));
  return names.filter((name) => !check(directoryOf(name)));
}

function isLink(file: string): boolean {
  try {
    return lstatSync(encodeByteText(file), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  } catch {
    // What is in a directory that cannot be entered is named when it is read.
    return false;
  }
}

/** Every file below, without what git keeps for itself. */
async function listAll(options: TreeOptions, sink: Sink): Promise<string[]> {
  const base = relativeTo(options.root, options.path);
  // Loaded only here: most scans let git list the files, and start-up time counts.
  const { default: fastGlob } = await import("fast-glob");
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
    .filter((entry) => !entry.dirent.isDirectory() && isReadable(entry.dirent, entry.path, sink))
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

/** Sockets, pipes and devices have no content to scan. */
function isReadable(entry: { isFile(): boolean; isSymbolicLink(): boolean }, name: string, sink: Sink): boolean {
  if (entry.isFile() || entry.isSymbolicLink()) return true;
  sink.coverage.skip({ what: name, why: "is not a regular file" });
  return false;
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
