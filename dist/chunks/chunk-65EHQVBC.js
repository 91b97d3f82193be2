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
    const isGroup = context.reachesNetwork === true && process.platform !== "win32";
    const child = spawn("git", [...PINNED_CONFIGURATION, ...args], {
      cwd: context.directory,
      env: gitEnvironment(context.environment),
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
      detached: isGroup
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
      if (isGroup) killGroup(child);
      else child.kill("SIGKILL");
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
function killGroup({ pid }) {
  try {
    if (pid !== void 0) process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (systemCodeOf(error) !== "ESRCH") throw error;
  }
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

export {
  runGit,
  streamGit,
  errorLines
};
