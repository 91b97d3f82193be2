import {
  readRegularFile
} from "./chunk-QBGYM6EC.js";
import {
  errorLines,
  runGit
} from "./chunk-65EHQVBC.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";

// src/git/repository.ts
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
async function openRepository(directory, signal, environment = {}) {
  const git = { directory, signal, environment };
  const [{ status, answers, errorText }, hasPromisorRemote] = await Promise.all([
    askRevParse(git),
    asksForPromisorRemote(git)
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
        GIT_WORK_TREE: status === 0 && workTree ? workTree : void 0,
        ...absoluteVariables(directory, environment, objectDirectory, indexFile ?? "")
      }
    },
    dispose: () => {
    }
  };
}
function idBytesOf({ objectIdLength }) {
  return objectIdLength === 64 ? 32 : 20;
}
function openOwnRepository(directory, { objectIdLength, isShallow }, signal) {
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
    dispose: () => {
    }
  };
}
var QUESTIONS = [
  ["--git-dir"],
  ["--git-common-dir"],
  ["--git-path", "objects"],
  ["--git-path", "index"],
  ["--show-object-format"],
  ["--is-shallow-repository"],
  ["--show-toplevel"]
];
async function askRevParse(git) {
  const ask = (questions) => runGit(git, ["rev-parse", "--path-format=absolute", ...questions]);
  const { status, output, errorText } = await ask(QUESTIONS.flat());
  const answers = output.toString("utf8").replace(/\n$/, "").split("\n");
  if (answers.length <= QUESTIONS.length) return { status, answers, errorText };
  const single = [];
  for (const question of QUESTIONS) single.push((await ask(question)).output.toString("utf8").replace(/\n$/, ""));
  return { status, answers: single, errorText };
}
function absoluteVariables(directory, environment, objectDirectory, indexFile) {
  const given = { ...process.env, ...environment };
  const alternates = given["GIT_ALTERNATE_OBJECT_DIRECTORIES"];
  return {
    ...given["GIT_OBJECT_DIRECTORY"] === void 0 ? {} : { GIT_OBJECT_DIRECTORY: path.resolve(directory, objectDirectory) },
    ...given["GIT_INDEX_FILE"] === void 0 ? {} : { GIT_INDEX_FILE: path.resolve(directory, indexFile) },
    ...alternates === void 0 ? {} : {
      GIT_ALTERNATE_OBJECT_DIRECTORIES: alternates.split(path.delimiter).map((one) => path.resolve(directory, one)).join(path.delimiter)
    }
  };
}
var WITHOUT_CALLERS_REPOSITORY = {
  GIT_DIR: void 0,
  GIT_WORK_TREE: void 0,
  GIT_INDEX_FILE: void 0,
  GIT_OBJECT_DIRECTORY: void 0,
  GIT_ALTERNATE_OBJECT_DIRECTORIES: void 0,
  GIT_COMMON_DIR: void 0,
  GIT_NAMESPACE: void 0,
  GIT_SHALLOW_FILE: void 0,
  GIT_PREFIX: void 0
};
function hasPromisorPack(objectDirectory) {
  const packDirectory = path.join(objectDirectory, "pack");
  try {
    return readdirSync(packDirectory).some((name) => name.endsWith(".promisor"));
  } catch {
    return false;
  }
}
async function asksForPromisorRemote(git) {
  const { status } = await runGit(git, [
    "config",
    "--get-regexp",
    "^(remote\\..*\\.promisor|extensions\\.partialclone)$"
  ]);
  return status === 0;
}
function openRefused(directory, refusal, signal, environment) {
  const { GIT_DIR: named, GIT_CEILING_DIRECTORIES: ceilings } = { ...process.env, ...environment };
  const gitDirectory = named === void 0 ? findGitDirectory(directory, ceilings) : path.resolve(directory, named);
  if (gitDirectory === null) return null;
  const objectDirectory = path.join(commonDirectoryOf(gitDirectory), "objects");
  if (!existsSync(objectDirectory)) {
    if (named !== void 0) {
      throw new KeyrecallError("not-a-repository", `GIT_DIR is not a git repository: ${named}`, {
        hint: "correct the variable GIT_DIR, or unset it"
      });
    }
    throw new KeyrecallError("not-a-repository", `not a git repository: ${directory}: ${refusal}`, {
      hint: "there is a .git, and it leads nowhere; correct it or clone again"
    });
  }
  const isSha256 = /^\s*objectformat\s*=\s*sha256\s*$/im.test(
    readOptional(path.join(commonDirectoryOf(gitDirectory), "config"))
  );
  const borrower = mkdtempSync(path.join(tmpdir(), "keyrecall-git-"));
  mkdirSync(path.join(borrower, "refs"));
  mkdirSync(path.join(borrower, "objects"));
  writeFileSync(path.join(borrower, "HEAD"), "ref: refs/heads/none\n");
  writeFileSync(
    path.join(borrower, "config"),
    isSha256 ? "[core]\n	repositoryformatversion = 1\n	bare = true\n[extensions]\n	objectformat = sha256\n" : "[core]\n	repositoryformatversion = 0\n	bare = true\n"
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
    dispose: () => rmSync(borrower, { recursive: true, force: true })
  };
}
function findGitDirectory(directory, ceilings = "") {
  if (!existsSync(directory)) return null;
  const limits = new Set(ceilings.split(path.delimiter).map((one) => path.resolve(one)));
  const start = realpathSync(directory);
  for (let current = start; ; current = path.dirname(current)) {
    if (current !== start && ceilings !== "" && limits.has(current)) return null;
    const candidate = path.join(current, ".git");
    if (existsSync(candidate)) {
      if (statSync(candidate).isDirectory()) return candidate;
      const target = /^gitdir: (.+)$/m.exec(readOptional(candidate))?.[1];
      return target === void 0 ? null : path.resolve(current, target);
    }
    if (existsSync(path.join(current, "objects", "pack")) && existsSync(path.join(current, "refs"))) return current;
    if (path.dirname(current) === current) return null;
  }
}
function commonDirectoryOf(gitDirectory) {
  const common = readOptional(path.join(gitDirectory, "commondir")).trim();
  return common === "" ? gitDirectory : path.resolve(gitDirectory, common);
}
function readOptional(file) {
  try {
    return readRegularFile(file).toString("utf8");
  } catch {
    return "";
  }
}

export {
  openRepository,
  idBytesOf,
  openOwnRepository,
  WITHOUT_CALLERS_REPOSITORY
};
