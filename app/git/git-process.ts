/**
 * Runs git for the App: with a credential that stands in the environment only, and with nothing of the machine's or the
 * operator's configuration, so that a run reaches one server by one protocol and starts no program.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";

export interface GitRun {
  readonly args: readonly string[];
  /** The bare repository. */
  readonly directory: string;
  readonly input?: string;
  /** Configuration beside the pinned one. Values can be secret: they stand in the environment only. */
  readonly configuration?: readonly (readonly [name: string, value: string])[];
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Output beyond it ends the run. */
  readonly maxOutputBytes?: number;
  /** Asked again and again while git runs: true ends the run. */
  readonly isOverBudget?: () => boolean;
}

export interface GitEnd {
  readonly status: number | null;
  readonly output: Buffer;
  readonly errorText: string;
  /** Why git was ended before its time; null where it came to its own end. `runaway`: it called itself without end. */
  readonly stopped: "timed-out" | "over-budget" | "runaway" | null;
}

/** Of the App's own environment: where git is, how the network is reached, and which certificates are trusted. */
const PASSED_ON = [
  "PATH",
  "TMPDIR",
  "GIT_EXEC_PATH",
  "GIT_SSL_CAINFO",
  "GIT_SSL_CAPATH",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "HTTPS_PROXY",
  "https_proxy",
  "NO_PROXY",
  "no_proxy",
];

const PINNED: readonly (readonly [string, string])[] = [
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["core.commitGraph", "false"],
  ["core.multiPackIndex", "false"],
  ["protocol.allow", "never"],
  ["protocol.https.allow", "always"],
  // A redirect could lead to a host that nobody named.
  ["http.followRedirects", "false"],
  ["http.sslVerify", "true"],
  ["http.lowSpeedLimit", "1000"],
  ["http.lowSpeedTime", "30"],
  ["credential.helper", ""],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  // Everything arrives in packs: those are checked byte by byte, and a pack is there whole or not at all.
  ["fetch.unpackLimit", "1"],
  // Old histories hold objects that git would no longer make. They are read as bytes here, and nothing is checked out.
  ["transfer.fsckObjects", "false"],
  ["fetch.fsckObjects", "false"],
  ["submodule.recurse", "false"],
];

const CHECK_EVERY_MS = 100;

/**
 * A fetch into a partial clone can call git for what it misses, and that fetch its helpers: half of this depth. From a
 * shallow server git 2.39 fetches the commit at the border in order to learn whether it has it, and in that fetch again.
 */
const MAX_PROCESS_DEPTH = 12;
const MAX_ERROR_TEXT = 16_384;

/** @throws the signal's reason when it is aborted, and a system error where git cannot be started */
export function runGit(run: GitRun): Promise<GitEnd> {
  return new Promise((resolve, reject) => {
    run.signal?.throwIfAborted();
    const child = spawn("git", run.args, {
      cwd: run.directory,
      env: environmentOf(run),
      stdio: ["pipe", "pipe", "pipe"],
      // git's helpers hold the connection: all of them have to end together.
      detached: true,
    });
    let stopped: GitEnd["stopped"] = null;
    const stop = (why: GitEnd["stopped"]): void => {
      stopped ??= why;
      killGroup(child);
    };
    const onAbort = (): void => killGroup(child);
    const deadline = setTimeout(() => stop("timed-out"), run.timeoutMs);
    const watch = setInterval(() => {
      if (run.isOverBudget?.() === true) stop("over-budget");
      if (depthOf(child.pid) > MAX_PROCESS_DEPTH) stop("runaway");
    }, CHECK_EVERY_MS);
    run.signal?.addEventListener("abort", onAbort, { once: true });
    const finish = (): void => {
      clearTimeout(deadline);
      clearInterval(watch);
      run.signal?.removeEventListener("abort", onAbort);
    };
    child.on("error", (error) => {
      finish();
      reject(error);
    });
    const pieces: Buffer[] = [];
    let outputBytes = 0;
    child.stdout.on("data", (piece: Buffer) => {
      outputBytes += piece.length;
      if (outputBytes > (run.maxOutputBytes ?? Number.POSITIVE_INFINITY)) stop("over-budget");
      else pieces.push(piece);
    });
    let errorText = "";
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (text: string) => {
      if (errorText.length < MAX_ERROR_TEXT) errorText += text;
    });
    // git may end before it has read everything; its status says so.
    child.stdin.on("error", () => {});
    child.stdin.end(run.input ?? "");
    child.on("close", (status) => {
      finish();
      if (run.signal?.aborted) reject(run.signal.reason as Error);
      else resolve({ status, output: Buffer.concat(pieces), errorText: withoutUserInfo(errorText), stopped });
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended by itself in the meantime.
  }
}

/** How many processes stand in a line from this one down. Zero where the system does not say. */
function depthOf(pid: number | string | undefined): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim();
    return 1 + (children === "" ? 0 : Math.max(...children.split(" ").map(depthOf)));
  } catch {
    return 0;
  }
}

function environmentOf(run: GitRun): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    // Whatever git looks for in a home, it finds nothing.
    HOME: run.directory,
    XDG_CONFIG_HOME: run.directory,
    LC_ALL: "C",
    GIT_DIR: run.directory,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "",
    SSH_ASKPASS: "",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_LFS_SKIP_SMUDGE: "1",
  };
  for (const name of PASSED_ON) if (process.env[name] !== undefined) environment[name] = process.env[name];
  const settings = [...PINNED, ...(run.configuration ?? [])];
  environment["GIT_CONFIG_COUNT"] = String(settings.length);
  for (const [position, [name, value]] of settings.entries()) {
    environment[`GIT_CONFIG_KEY_${position}`] = name;
    environment[`GIT_CONFIG_VALUE_${position}`] = value;
  }
  return environment;
}

/** git repeats URLs in its messages. */
function withoutUserInfo(text: string): string {
  return text.replaceAll(/([a-z]+:\/\/)[^/\s@]*@/gi, "$1");
}
