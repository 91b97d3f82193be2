/** Finds the repository that a directory belongs to and says what kind it is. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { KeyrecallError } from "../core/errors.ts";
import { errorLines, type GitContext, type GitOutput, runGit } from "./process.ts";
import { readRegularFile } from "./regular-file.ts";
import type { IdBytes } from "./storage/pack-index.ts";

export interface Repository {
  /** The top of the working tree, or null in a bare repository. */
  readonly workTree: string | null;
  /** This working tree's own git directory. */
  readonly gitDirectory: string;
  /** The git directory that all linked working trees share. */
  readonly commonDirectory: string;
  readonly objectDirectory: string;
  readonly objectIdLength: 40 | 64;
  readonly isShallow: boolean;
  /** True where objects may be missing on purpose: a partial clone. */
  readonly isPartial: boolean;
  /** True where git itself tries to fetch what is missing: then it gives up at a missing object of a list. */
  readonly hasPromisorRemote: boolean;
  /** Why git refuses the repository, where it does; then only objects can be read. */
  readonly refusal: string | null;
  readonly git: GitContext;
  /** Removes what was made to read a refused repository. */
  readonly dispose: () => void;
}

/**
 * @param directory any directory in the repository
 * @returns null outside of a repository
 * @throws {KeyrecallError} `not-a-repository` where a `.git` leads nowhere
 */
export async function openRepository(
  directory: string,
  signal?: AbortSignal,
  environment: GitContext["environment"] = {},
): Promise<Repository | null> {
  const git: GitContext = { directory, signal, environment };
  const [{ status, answers, errorText }, hasPromisorRemote] = await Promise.all([
    askRevParse(git),
    asksForPromisorRemote(git),
  ]);
  const [gitDirectory, commonDirectory, objectDirectory, indexFile, objectFormat, isShallow, workTree] = answers;
  if (!gitDirectory || !commonDirectory || !objectDirectory || !isShallow) {
    const refusal = errorLines(errorText).join(" ") || `git ended with ${status}`;
    return openRefused(directory, refusal, signal, environment);
  }
  return {
    workTree: status === 0 && workTree ? workTree : null,
    gitDirectory,
    commonDirectory,
    objectDirectory,
    objectIdLength: objectFormat === "sha256" ? 64 : 40,
    isShallow: isShallow === "true",
    isPartial: hasPromisorRemote || hasPromisorPack(objectDirectory),
    hasPromisorRemote,
    refusal: null,
    git: {
      directory: status === 0 && workTree ? workTree : gitDirectory,
      signal,
      // Found once and then pinned: relative variables, core.worktree and another directory must not lead elsewhere.
      environment: {
        ...environment,
        GIT_DIR: gitDirectory,
        GIT_WORK_TREE: status === 0 && workTree ? workTree : undefined,
        ...absoluteVariables(directory, environment, objectDirectory, indexFile ?? ""),
      },
    },
    dispose: () => {},
  };
}

/** As the files of storage have names. */
export function idBytesOf({ objectIdLength }: Pick<Repository, "objectIdLength">): IdBytes {
  return objectIdLength === 64 ? 32 : 20;
}

/** What is known of a bare repository by whoever made it, and wrote all of its configuration. */
export interface OwnRepository {
  readonly objectIdLength: 40 | 64;
  readonly isShallow: boolean;
}

/** Git is not asked what it is: for a small scan the two questions are a third of all that git is run for. */
export function openOwnRepository(
  directory: string,
  { objectIdLength, isShallow }: OwnRepository,
  signal?: AbortSignal,
): Repository {
  const objectDirectory = path.join(directory, "objects");
  return {
    workTree: null,
    gitDirectory: directory,
    commonDirectory: directory,
    objectDirectory,
    objectIdLength,
    isShallow,
    isPartial: hasPromisorPack(objectDirectory),
    hasPromisorRemote: false,
    refusal: null,
    git: { directory, signal, environment: { ...WITHOUT_CALLERS_REPOSITORY, GIT_DIR: directory } },
    dispose: () => {},
  };
}

/** The last question comes last because it fails where there is no working tree. */
const QUESTIONS = [
  ["--git-dir"],
  ["--git-common-dir"],
  ["--git-path", "objects"],
  ["--git-path", "index"],
  ["--show-object-format"],
  ["--is-shallow-repository"],
  ["--show-toplevel"],
];

async function askRevParse(git: GitContext): Promise<{ status: number; answers: string[]; errorText: string }> {
  const ask = (questions: string[]): Promise<GitOutput> =>
    runGit(git, ["rev-parse", "--path-format=absolute", ...questions]);
  const { status, output, errorText } = await ask(QUESTIONS.flat());
  const answers = output.toString("utf8").replace(/\n$/, "").split("\n");
  if (answers.length <= QUESTIONS.length) return { status, answers, errorText };
  // A path with a line feed in it: each answer has to come by itself.
  const single: string[] = [];
  for (const question of QUESTIONS) single.push((await ask(question)).output.toString("utf8").replace(/\n$/, ""));
  return { status, answers: single, errorText };
}

/** Variables of a caller that name the store and the index, which git reads against the directory that it runs in. */
function absoluteVariables(
  directory: string,
  environment: GitContext["environment"],
  objectDirectory: string,
  indexFile: string,
): Record<string, string> {
  const given = { ...process.env, ...environment };
  const alternates = given["GIT_ALTERNATE_OBJECT_DIRECTORIES"];
  return {
    ...(given["GIT_OBJECT_DIRECTORY"] === undefined
      ? {}
      : { GIT_OBJECT_DIRECTORY: path.resolve(directory, objectDirectory) }),
    ...(given["GIT_INDEX_FILE"] === undefined ? {} : { GIT_INDEX_FILE: path.resolve(directory, indexFile) }),
    ...(alternates === undefined
      ? {}
      : {
          GIT_ALTERNATE_OBJECT_DIRECTORIES: alternates
            .split(path.delimiter)
            .map((one) => path.resolve(directory, one))
            .join(path.delimiter),
        }),
  };
}

/** For a repository inside of another: what names the outer one does not hold for it. */
export const WITHOUT_CALLERS_REPOSITORY: Readonly<Record<string, undefined>> = {
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_OBJECT_DIRECTORY: undefined,
  GIT_ALTERNATE_OBJECT_DIRECTORIES: undefined,
  GIT_COMMON_DIR: undefined,
  GIT_NAMESPACE: undefined,
  GIT_SHALLOW_FILE: undefined,
  GIT_PREFIX: undefined,
};

function hasPromisorPack(objectDirectory: string): boolean {
  const packDirectory = path.join(objectDirectory, "pack");
  try {
    return readdirSync(packDirectory).some((name) => name.endsWith(".promisor"));
  } catch {
    // A store that cannot be listed is named when it is read.
    return false;
  }
}

async function asksForPromisorRemote(git: GitContext): Promise<boolean> {
  const { status } = await runGit(git, [
    "config",
    "--get-regexp",
    "^(remote\\..*\\.promisor|extensions\\.partialclone)$",
  ]);
  return status === 0;
}

/**
 * A repository that this git does not open (an unknown extension, a damaged HEAD or configuration, another
 * owner) still has its objects: an empty git directory elsewhere, which borrows them, makes them readable.
 */
function openRefused(
  directory: string,
  refusal: string,
  signal: AbortSignal | undefined,
  environment: GitContext["environment"],
): Repository | null {
  const { GIT_DIR: named, GIT_CEILING_DIRECTORIES: ceilings } = { ...process.env, ...environment };
  const gitDirectory = named === undefined ? findGitDirectory(directory, ceilings) : path.resolve(directory, named);
  if (gitDirectory === null) return null;
  const objectDirectory = path.join(commonDirectoryOf(gitDirectory), "objects");
  if (!existsSync(objectDirectory)) {
    if (named !== undefined) {
      throw new KeyrecallError("not-a-repository", `GIT_DIR is not a git repository: ${named}`, {
        hint: "correct the variable GIT_DIR, or unset it",
      });
    }
    throw new KeyrecallError("not-a-repository", `not a git repository: ${directory}: ${refusal}`, {
      hint: "there is a .git, and it leads nowhere; correct it or clone again",
    });
  }
  const isSha256 = /^\s*objectformat\s*=\s*sha256\s*$/im.test(
    readOptional(path.join(commonDirectoryOf(gitDirectory), "config")),
  );
  const borrower = mkdtempSync(path.join(tmpdir(), "keyrecall-git-"));
  mkdirSync(path.join(borrower, "refs"));
  mkdirSync(path.join(borrower, "objects"));
  writeFileSync(path.join(borrower, "HEAD"), "ref: refs/heads/none\n");
  writeFileSync(
    path.join(borrower, "config"),
    isSha256
      ? "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n"
      : "[core]\n\trepositoryformatversion = 0\n\tbare = true\n",
  );
  const isDotGit = path.basename(gitDirectory) === ".git";
  return {
    workTree: isDotGit ? path.dirname(gitDirectory) : null,
    gitDirectory,
    commonDirectory: commonDirectoryOf(gitDirectory),
    objectDirectory,
    objectIdLength: isSha256 ? 64 : 40,
    isShallow: false,
    isPartial: false,
    hasPromisorRemote: false,
    refusal,
    git: { directory: borrower, environment: { GIT_DIR: borrower, GIT_OBJECT_DIRECTORY: objectDirectory }, signal },
    dispose: () => rmSync(borrower, { recursive: true, force: true }),
  };
}

/** @param ceilings directories that are not left upward: `GIT_CEILING_DIRECTORIES` */
function findGitDirectory(directory: string, ceilings: string = ""): string | null {
  if (!existsSync(directory)) return null;
  const limits = new Set(ceilings.split(path.delimiter).map((one) => path.resolve(one)));
  const start = realpathSync(directory);
  for (let current = start; ; current = path.dirname(current)) {
    if (current !== start && ceilings !== "" && limits.has(current)) return null;
    const candidate = path.join(current, ".git");
    if (existsSync(candidate)) {
      if (statSync(candidate).isDirectory()) return candidate;
      const target = /^gitdir: (.+)$/m.exec(readOptional(candidate))?.[1];
      return target === undefined ? null : path.resolve(current, target);
    }
    // A bare repository whose HEAD is damaged is no longer recognised by git; its layout still is.
    if (existsSync(path.join(current, "objects", "pack")) && existsSync(path.join(current, "refs"))) return current;
    if (path.dirname(current) === current) return null;
  }
}

function commonDirectoryOf(gitDirectory: string): string {
  const common = readOptional(path.join(gitDirectory, "commondir")).trim();
  return common === "" ? gitDirectory : path.resolve(gitDirectory, common);
}

function readOptional(file: string): string {
  try {
    return readRegularFile(file).toString("utf8");
  } catch {
    return "";
  }
}
