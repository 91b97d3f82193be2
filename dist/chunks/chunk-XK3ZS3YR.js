import {
  KeyrecallError,
  systemCodeOf
} from "./chunk-U52VU3KD.js";

// src/git/process.ts
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
var PINNED_CONFIGURATION = [
  "core.quotePath=false",
  "color.ui=false",
  // A repository can name a program here, and git would run it.
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  // Both repeat what stands elsewhere; one that lies or is damaged would hide commits or objects.
  "core.commitGraph=false",
  "core.multiPackIndex=false",
  // Blobs from this size on are streamed by git instead of held in its memory.
  "core.bigFileThreshold=16m",
  // Object names are printed through a format, and formats through this encoding.
  "i18n.logOutputEncoding=UTF-8",
  "advice.graftFileDeprecated=false",
  "diff.renameLimit=1000",
  "gc.auto=0"
].flatMap((setting) => ["-c", setting]);
var PINNED_ENVIRONMENT = {
  // Objects are read as they are: replacements and grafts hide the real ones.
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_GRAFT_FILE: "/dev/null",
  // A partial clone must not fetch what is missing. Before git 2.45 only the list of protocols stops it.
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_LITERAL_PATHSPECS: "1",
  // Configuration can turn these on too, and what git then prints would pass for warnings.
  GIT_TRACE2: "0",
  GIT_TRACE2_EVENT: "0",
  GIT_TRACE2_PERF: "0",
  LC_ALL: "C",
  LANGUAGE: ""
};
var KEPT_VARIABLES = new RegExp(
  `^GIT_(${[
    "DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|QUARANTINE_PATH",
    "CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM",
    "CONFIG|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|PARAMETERS|COUNT|KEY_\\d+|VALUE_\\d+)",
    "EXEC_PATH|TEMPLATE_DIR",
    // Makes git distrust every owner; it cannot make it trust one.
    "TEST_ASSUME_DIFFERENT_OWNER"
  ].join("|")})$`
);
var MAX_ERROR_TEXT = 16384;
async function runGit(context, args, input) {
  const pieces = [];
  const result = await streamGit(context, args, { input, onData: (bytes) => pieces.push(bytes) });
  return { ...result, output: Buffer.concat(pieces) };
}
function streamGit(context, args, options) {
  return new Promise((resolve, reject) => {
    context.signal?.throwIfAborted();
    const child = spawn("git", [...PINNED_CONFIGURATION, ...args], {
      cwd: context.directory,
      env: gitEnvironment(context.environment),
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true
    });
    child.on("error", (error) => {
      context.signal?.removeEventListener("abort", onAbort);
      reject(notStarted(error, context));
    });
    if (child.stdout === void 0) return;
    let errorText = "";
    let failure;
    const stop = (reason) => {
      failure ??= reason;
      child.stdout.removeAllListeners("data").resume();
      child.kill("SIGKILL");
    };
    const onAbort = () => stop(context.signal?.reason);
    context.signal?.addEventListener("abort", onAbort, { once: true });
    child.stdout.on("data", (bytes) => {
      try {
        options.onData(bytes);
      } catch (error) {
        stop(error ?? new Error("a reader of git's output failed"));
      }
    });
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (text) => {
      if (errorText.length < MAX_ERROR_TEXT) errorText += text;
    });
    feed(child, options.input);
    child.on("close", (status, signal) => {
      context.signal?.removeEventListener("abort", onAbort);
      if (failure !== void 0) reject(failure);
      else resolve({ status: status ?? 128, errorText: status === null ? `git was stopped by ${signal}` : errorText });
    });
  });
}
function gitEnvironment(extra = {}) {
  const environment = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!name.startsWith("GIT_") || KEPT_VARIABLES.test(name)) environment[name] = value;
  }
  return { ...environment, ...PINNED_ENVIRONMENT, ...extra };
}
function feed(child, input) {
  child.stdin.on("error", () => {
  });
  if (input === void 0) {
    child.stdin.end();
    return;
  }
  const iterator = input[Symbol.iterator]();
  const writeMore = () => {
    for (; ; ) {
      let batch = "";
      let next = iterator.next();
      while (!next.done && batch.length < 32768) {
        batch += next.value;
        if (batch.length < 32768) next = iterator.next();
      }
      if (batch !== "" && !child.stdin.write(batch, "latin1")) {
        if (!next.done) child.stdin.once("drain", writeMore);
        else child.stdin.end();
        return;
      }
      if (next.done) {
        child.stdin.end();
        return;
      }
    }
  };
  writeMore();
}
function notStarted(cause, { directory }) {
  const code = systemCodeOf(cause);
  if (code === "EMFILE" || code === "ENFILE" || code === "EAGAIN") {
    return new KeyrecallError("git-unavailable", `git cannot be started (${code}): too many files or processes`, {
      hint: "raise the limit: ulimit -n 1024",
      cause
    });
  }
  if (code !== "ENOENT") return cause;
  if (!existsSync(directory)) {
    return new KeyrecallError("path-not-found", `git cannot be started in ${directory}: no such directory`, {
      hint: "correct GIT_WORK_TREE or core.worktree",
      cause
    });
  }
  return new KeyrecallError("git-unavailable", "git was not found on the PATH", {
    hint: "install git 2.31 or newer",
    cause
  });
}
function errorLines(errorText) {
  return errorText.split("\n").filter((line) => line !== "" && !line.startsWith("hint:")).map((line) => line.replace(/^(?:fatal|error|warning): /, "").trim());
}

// src/git/repository.ts
import {
  existsSync as existsSync2,
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

// src/git/regular-file.ts
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
function readRegularFile(file) {
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error("is not a regular file");
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

// src/git/repository.ts
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
  if (!existsSync2(objectDirectory)) {
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
  if (!existsSync2(directory)) return null;
  const limits = new Set(ceilings.split(path.delimiter).map((one) => path.resolve(one)));
  const start = realpathSync(directory);
  for (let current = start; ; current = path.dirname(current)) {
    if (current !== start && ceilings !== "" && limits.has(current)) return null;
    const candidate = path.join(current, ".git");
    if (existsSync2(candidate)) {
      if (statSync(candidate).isDirectory()) return candidate;
      const target = /^gitdir: (.+)$/m.exec(readOptional(candidate))?.[1];
      return target === void 0 ? null : path.resolve(current, target);
    }
    if (existsSync2(path.join(current, "objects", "pack")) && existsSync2(path.join(current, "refs"))) return current;
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
  runGit,
  streamGit,
  errorLines,
  readRegularFile,
  openRepository,
  openOwnRepository,
  WITHOUT_CALLERS_REPOSITORY
};
