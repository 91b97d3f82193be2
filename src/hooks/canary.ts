/**
 * Proves in a scratch clone that hooks stop a token: real commits and pushes, with the user's own set-up of git, and
 * nothing of them reaches the repository itself.
 */
import { spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { messageOf } from "../core/errors.ts";
import type { Repository } from "../git/repository.ts";
import type { Places } from "./places.ts";
import type { HookStage } from "./stages.ts";

export interface Canary {
  readonly raw: string;
  /** As reports show it. */
  readonly masked: string;
}

export interface Trial {
  readonly stage: HookStage;
  /** `broken`: the trial itself came to no end. */
  readonly result: "stopped" | "passed" | "stopped by another hook" | "broken";
  /** The end of what git and the hooks printed. */
  readonly output: string;
}

/** Above this many files a clone has only those at its top: hooks need no more, and a checkout takes its time. */
const MAX_FILES = 5000;
const TIME_LIMIT_MS = 180_000;
const KEPT_OUTPUT = 2000;
const BRANCH = "refs/heads/keyrecall-doctor";
const FILE = "keyrecall-doctor-canary.txt";

/** Files that hooks read and that need not be committed. */
const LOCAL_FILES = /^(\.keyrecall\.yml|\.?lefthook(-local)?\.\w+|\.pre-commit-config\.yaml)$/;

export async function tryHooks(
  repository: Repository,
  places: Places,
  canary: Canary,
  signal: AbortSignal,
): Promise<Trial[]> {
  const scratch = mkdtempSync(path.join(tmpdir(), "keyrecall-doctor-"));
  try {
    const trials = new Trials(repository, places, canary, scratch, signal);
    return repository.workTree === null ? [await trials.receive()] : [await trials.commit(), await trials.push()];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

class Trials {
  readonly #repository: Repository;
  readonly #places: Places;
  readonly #canary: Canary;
  readonly #scratch: string;
  readonly #signal: AbortSignal;

  constructor(repository: Repository, places: Places, canary: Canary, scratch: string, signal: AbortSignal) {
    this.#repository = repository;
    this.#places = places;
    this.#canary = canary;
    this.#scratch = scratch;
    this.#signal = signal;
  }

  commit(): Promise<Trial> {
    return this.#attempt("pre-commit", async () => {
      const clone = await this.#clone("commit", false);
      await this.#stageCanary(clone);
      await this.#useHooks(clone);
      return this.#git(clone, ["commit", "-q", "-m", "keyrecall doctor: this commit must not be made"]);
    });
  }

  push(): Promise<Trial> {
    return this.#attempt("pre-push", async () => {
      const clone = await this.#clone("push", false);
      await this.#commitCanary(clone);
      const other = await this.#clone("pushed-to", true);
      await this.#must(clone, ["remote", "add", "keyrecall-doctor", other]);
      await this.#useHooks(clone);
      return this.#git(clone, ["push", "-q", "keyrecall-doctor", `HEAD:${BRANCH}-pushed`]);
    });
  }

  receive(): Promise<Trial> {
    return this.#attempt("pre-receive", async () => {
      const clone = await this.#clone("push", false);
      await this.#commitCanary(clone);
      const server = await this.#clone("server", true);
      await this.#useHooks(server);
      return this.#git(clone, ["-c", "core.hooksPath=/dev/null", "push", "-q", server, `HEAD:${BRANCH}-pushed`]);
    });
  }

  async #attempt(stage: HookStage, run: () => Promise<GitRun>): Promise<Trial> {
    try {
      const { status, output } = await run();
      const end = output.trim().slice(-KEPT_OUTPUT);
      if (status === 0) return { stage, result: "passed", output: end };
      const isOurs = output.includes(this.#canary.masked);
      return { stage, result: isOurs ? "stopped" : "stopped by another hook", output: end };
    } catch (error) {
      this.#signal.throwIfAborted();
      return { stage, result: "broken", output: messageOf(error) };
    }
  }

  /** It borrows the objects, so it costs nothing. */
  async #clone(name: string, isBare: boolean): Promise<string> {
    const directory = path.join(this.#scratch, name);
    const format = this.#repository.objectIdLength === 64 ? ["--object-format=sha256"] : [];
    const initial = ["init", "-q", "--template=", ...format, ...(isBare ? ["--bare"] : []), directory];
    await this.#must(this.#scratch, initial);
    const gitDirectory = isBare ? directory : path.join(directory, ".git");
    mkdirSync(path.join(gitDirectory, "objects/info"), { recursive: true });
    writeFileSync(path.join(gitDirectory, "objects/info/alternates"), `${this.#repository.objectDirectory}\n`);
    const shallow = path.join(this.#repository.commonDirectory, "shallow");
    if (existsSync(shallow)) copyFileSync(shallow, path.join(gitDirectory, "shallow"));
    await this.#must(directory, ["symbolic-ref", "HEAD", BRANCH]);
    const head = await this.#git(this.#repository.git.directory, ["rev-parse", "--verify", "--quiet", "HEAD"]);
    if (head.status === 0) await this.#fill(directory, head.output.trim(), isBare);
    if (!isBare) this.#copyLocalFiles(directory);
    return directory;
  }

  async #fill(directory: string, commit: string, isBare: boolean): Promise<void> {
    await this.#must(directory, ["update-ref", BRANCH, commit]);
    // What is there already is no news to either side.
    await this.#must(directory, ["update-ref", "refs/remotes/keyrecall-doctor/base", commit]);
    if (isBare) return;
    const files = await this.#must(directory, ["ls-tree", "-r", "--name-only", "-z", "HEAD"]);
    const count = files.output.split("\0").length - 1;
    if (count > MAX_FILES) await this.#must(directory, ["sparse-checkout", "init", "--cone"]);
    await this.#must(directory, ["read-tree", "-m", "-u", "HEAD"]);
  }

  #copyLocalFiles(directory: string): void {
    const top = this.#repository.workTree;
    if (top === null) return;
    for (const folder of ["", ".config"]) {
      if (!existsSync(path.join(top, folder))) continue;
      for (const name of readdirSync(path.join(top, folder))) {
        if (!LOCAL_FILES.test(name)) continue;
        mkdirSync(path.join(directory, folder), { recursive: true });
        copyFileSync(path.join(top, folder, name), path.join(directory, folder, name));
      }
    }
    // Managers that come from npm look for themselves there.
    const modules = path.join(top, "node_modules");
    if (existsSync(modules) && !existsSync(path.join(directory, "node_modules"))) {
      symlinkSync(modules, path.join(directory, "node_modules"), "junction");
    }
  }

  async #stageCanary(clone: string): Promise<void> {
    writeFileSync(path.join(clone, FILE), `token = ${this.#canary.raw}\n`);
    // With sparse-checkout only what is named gets in.
    await this.#must(clone, ["add", "-f", "--", FILE]);
  }

  async #commitCanary(clone: string): Promise<void> {
    await this.#stageCanary(clone);
    await this.#must(clone, ["commit", "-q", "--no-verify", "-m", "keyrecall doctor: this commit must not leave"]);
  }

  async #useHooks(clone: string): Promise<void> {
    await this.#must(clone, ["config", "core.hooksPath", this.#places.hooksDirectory]);
  }

  /** Sets up, without any hook. */
  async #must(directory: string, args: readonly string[]): Promise<GitRun> {
    const run = await this.#git(directory, ["-c", "core.hooksPath=/dev/null", ...args]);
    if (run.status !== 0) throw new Error(`git ${args[0]} failed: ${run.output.trim().slice(-KEPT_OUTPUT)}`);
    return run;
  }

  /** As the user would: with their configuration, and whatever it runs. */
  #git(directory: string, args: readonly string[]): Promise<GitRun> {
    const settings = ["user.name=keyrecall", "user.email=keyrecall@localhost", "commit.gpgSign=false", "gc.auto=0"];
    const all = [...settings.flatMap((setting) => ["-c", setting]), ...args];
    return new Promise((resolve, reject) => {
      const child = spawn("git", all, {
        cwd: directory,
        env: userEnvironment(),
        stdio: ["ignore", "pipe", "pipe"],
        timeout: TIME_LIMIT_MS,
        killSignal: "SIGKILL",
        signal: this.#signal,
        windowsHide: true,
      });
      let output = "";
      const take = (piece: Buffer): void => {
        output += piece.toString("utf8");
      };
      child.stdout.on("data", take);
      child.stderr.on("data", take);
      child.on("error", reject);
      child.on("close", (status) => {
        if (status === null) reject(new Error(`git ${args[0]} took longer than ${TIME_LIMIT_MS / 1000} s`));
        else resolve({ status, output });
      });
    });
  }
}

interface GitRun {
  readonly status: number;
  /** Of both streams, as it came. */
  readonly output: string;
}

/** Variables that name a repository would lead out of the scratch clone. */
function userEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { GIT_LFS_SKIP_SMUDGE: "1", GIT_TERMINAL_PROMPT: "0" };
  for (const [name, value] of Object.entries(process.env)) {
    if (!name.startsWith("GIT_") || /^GIT_(CONFIG|EXEC_PATH|SSL|SSH)/.test(name)) environment[name] = value;
  }
  return environment;
}
