/**
 * Runs git's plumbing. Configuration is pinned so that nothing a user or a repository has set changes what
 * is found, runs a program, reaches the network or writes into the repository.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { KeyrecallError, systemCodeOf } from "../core/errors.ts";

const PINNED_CONFIGURATION = [
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
  "gc.auto=0",
].flatMap((setting) => ["-c", setting]);

const PINNED_ENVIRONMENT = {
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
  LANGUAGE: "",
};

/**
 * Of git's own variables those that say which repository is meant, which configuration holds and where git is. All
 * others change what is read (GIT_SHALLOW_FILE, GIT_ATTR_SOURCE, GIT_EXTERNAL_DIFF), or where git writes (GIT_TRACE).
 */
const KEPT_VARIABLES = new RegExp(
  `^GIT_(${[
    "DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|QUARANTINE_PATH",
    "CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM",
    "CONFIG|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|PARAMETERS|COUNT|KEY_\\d+|VALUE_\\d+)",
    "EXEC_PATH|TEMPLATE_DIR",
    // Makes git distrust every owner; it cannot make it trust one.
    "TEST_ASSUME_DIFFERENT_OWNER",
  ].join("|")})$`,
);

/** What git printed on standard error is kept up to this length: it can be a line for each object. */
const MAX_ERROR_TEXT = 16_384;

export interface GitContext {
  /** The directory that git runs in. */
  readonly directory: string;
  /** Added to the environment; undefined takes a variable out of it. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  /** git starts programs that reach the network, which do not end with it: all of them are stopped together. */
  readonly reachesNetwork?: boolean;
}

export interface GitResult {
  readonly status: number;
  readonly errorText: string;
}

export interface GitOutput extends GitResult {
  readonly output: Buffer;
}

export interface RunOptions {
  /** Written to standard input as git takes it in, a character for a byte. */
  readonly input?: Iterable<string> | undefined;
  /** Called with each piece of standard output; the bytes are the callee's to keep. */
  readonly onData: (bytes: Buffer) => void;
}

/** Runs git to its end and gives all that it printed. */
export async function runGit(
  context: GitContext,
  args: readonly string[],
  input?: Iterable<string>,
): Promise<GitOutput> {
  const pieces: Buffer[] = [];
  const result = await streamGit(context, args, { input, onData: (bytes) => pieces.push(bytes) });
  return { ...result, output: Buffer.concat(pieces) };
}

/**
 * Runs git and hands over its output piece by piece.
 *
 * @throws {KeyrecallError} `git-unavailable` when git is not installed
 * @throws the signal's reason when it is aborted, or what `onData` threw
 */
export function streamGit(context: GitContext, args: readonly string[], options: RunOptions): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    context.signal?.throwIfAborted();
    const isGroup = context.reachesNetwork === true && process.platform !== "win32";
    const child = spawn("git", [...PINNED_CONFIGURATION, ...args], {
      cwd: context.directory,
      env: gitEnvironment(context.environment),
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
      detached: isGroup,
    });
    child.on("error", (error) => {
      context.signal?.removeEventListener("abort", onAbort);
      reject(notStarted(error, context));
    });
    // Without a process there are no streams either; the event above says why.
    if ((child.stdout as unknown) === undefined) return;
    let errorText = "";
    let failure: unknown;
    const stop = (reason: unknown): void => {
      failure ??= reason;
      child.stdout.removeAllListeners("data").resume();
      if (isGroup) killGroup(child);
      else child.kill("SIGKILL");
    };
    const onAbort = (): void => stop(context.signal?.reason);
    context.signal?.addEventListener("abort", onAbort, { once: true });
    child.stdout.on("data", (bytes: Buffer) => {
      try {
        options.onData(bytes);
      } catch (error) {
        stop(error ?? new Error("a reader of git's output failed"));
      }
    });
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (text: string) => {
      if (errorText.length < MAX_ERROR_TEXT) errorText += text;
    });
    feed(child, options.input);
    child.on("close", (status, signal) => {
      context.signal?.removeEventListener("abort", onAbort);
      if (failure !== undefined) reject(failure);
      else resolve({ status: status ?? 128, errorText: status === null ? `git was stopped by ${signal}` : errorText });
    });
  });
}

function killGroup({ pid }: ChildProcessWithoutNullStreams): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch (error) {
    // It has ended by itself.
    if (systemCodeOf(error) !== "ESRCH") throw error;
  }
}

function gitEnvironment(extra: Readonly<Record<string, string | undefined>> = {}): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!name.startsWith("GIT_") || KEPT_VARIABLES.test(name)) environment[name] = value;
  }
  return { ...environment, ...PINNED_ENVIRONMENT, ...extra };
}

/** Writes the input as fast as git takes it, and never more than a little ahead. */
function feed(child: ChildProcessWithoutNullStreams, input: Iterable<string> | undefined): void {
  // git may end before it has read everything; that shows in its status, not here.
  child.stdin.on("error", () => {});
  if (input === undefined) {
    child.stdin.end();
    return;
  }
  const iterator = input[Symbol.iterator]();
  const writeMore = (): void => {
    for (;;) {
      let batch = "";
      let next = iterator.next();
      while (!next.done && batch.length < 32_768) {
        batch += next.value;
        if (batch.length < 32_768) next = iterator.next();
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

function notStarted(cause: unknown, { directory }: GitContext): unknown {
  const code = systemCodeOf(cause);
  if (code === "EMFILE" || code === "ENFILE" || code === "EAGAIN") {
    return new KeyrecallError("git-unavailable", `git cannot be started (${code}): too many files or processes`, {
      hint: "raise the limit: ulimit -n 1024",
      cause,
    });
  }
  if (code !== "ENOENT") return cause;
  if (!existsSync(directory)) {
    return new KeyrecallError("path-not-found", `git cannot be started in ${directory}: no such directory`, {
      hint: "correct GIT_WORK_TREE or core.worktree",
      cause,
    });
  }
  return new KeyrecallError("git-unavailable", "git was not found on the PATH", {
    hint: "install git 2.31 or newer",
    cause,
  });
}

/** The lines that git printed on standard error, without its `fatal:`, `error:` and `warning:`. */
export function errorLines(errorText: string): string[] {
  return errorText
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("hint:"))
    .map((line) => line.replace(/^(?:fatal|error|warning): /, "").trim());
}
