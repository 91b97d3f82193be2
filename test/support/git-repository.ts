// Real git repositories for tests: isolated from the machine's configuration, with pinned identity and dates.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeGraph, type GraphCommit } from "./commit-graph.ts";
import { isolatedEnv } from "./isolated-env.ts";
import { makeTempDir } from "./temp-dir.ts";

export interface InitOptions {
  readonly bare?: boolean;
  readonly objectFormat?: "sha1" | "sha256";
  /** git 2.45 and later write tables. */
  readonly refFormat?: "files" | "reftable";
  readonly dir?: string;
}

export interface GitOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  /** For commands whose failure is what the test wants. */
  readonly mayFail?: boolean;
}

export interface CommitOptions {
  readonly author?: string;
  readonly committer?: string;
  readonly email?: string;
  /** Seconds since 1970; by default a minute after the commit before. */
  readonly date?: number;
  readonly amend?: boolean;
}

export type Content = string | Buffer;

/** A path is bytes; a Buffer is for names that are not UTF-8. */
export type Path = string | Buffer;

const FIRST_DATE = Date.UTC(2026, 0, 5, 9) / 1000;

export class GitRepository {
  readonly dir: string;
  readonly gitDir: string;
  private clock = FIRST_DATE;

  constructor(dir: string, gitDir: string = join(dir, ".git")) {
    this.dir = dir;
    this.gitDir = gitDir;
  }

  static init(options: InitOptions = {}): GitRepository {
    const dir = options.dir ?? makeTempDir("repo");
    const repository = new GitRepository(dir, options.bare === true ? dir : join(dir, ".git"));
    const format = options.objectFormat === undefined ? [] : [`--object-format=${options.objectFormat}`];
    if (options.refFormat !== undefined) format.push(`--ref-format=${options.refFormat}`);
    repository.git(["init", "-q", "-b", "main", ...format, ...(options.bare === true ? ["--bare"] : []), dir]);
    return repository;
  }

  /** A clone of this repository; `file://` makes git speak its protocol, as shallow and partial clones need. */
  clone(args: readonly string[] = [], options: { readonly bare?: boolean } = {}): GitRepository {
    const dir = makeTempDir("clone");
    this.git(["clone", "-q", ...args, ...(options.bare === true ? ["--bare"] : []), `file://${this.gitDir}`, dir]);
    return new GitRepository(dir, options.bare === true ? dir : join(dir, ".git"));
  }

  git(args: readonly string[], options: GitOptions = {}): string {
    return this.gitBytes(args, options).toString("utf8").replace(/\n$/, "");
  }

  gitBytes(args: readonly string[], options: GitOptions = {}): Buffer {
    this.clock += 60;
    const dates = { GIT_AUTHOR_DATE: `${this.clock} +0000`, GIT_COMMITTER_DATE: `${this.clock} +0000` };
    const names = { GIT_AUTHOR_NAME: "Ada Example", GIT_COMMITTER_NAME: "Ada Example" };
    const emails = { GIT_AUTHOR_EMAIL: "ada@example.org", GIT_COMMITTER_EMAIL: "ada@example.org" };
    const child = spawnSync("git", ["-c", "gc.auto=0", "-c", "maintenance.auto=false", ...args], {
      cwd: options.cwd ?? this.dir,
      env: isolatedEnv({ ...dates, ...names, ...emails, ...options.env }),
      input: options.input ?? "",
      maxBuffer: 1 << 28,
    });
    if (child.status !== 0 && options.mayFail !== true) {
      throw new Error(`git ${args.join(" ")} failed with ${child.status}: ${child.stderr.toString()}`);
    }
    return child.stdout;
  }

  /** Writes a file of the working tree, with the directories on the way to it. */
  write(path: Path, content: Content): this {
    const full = this.fullPath(path);
    mkdirSync(Buffer.from(dirname(full.toString("latin1")), "latin1"), { recursive: true });
    writeFileSync(full, content);
    return this;
  }

  symlink(path: Path, target: string | Buffer): this {
    symlinkSync(target, this.fullPath(path));
    return this;
  }

  chmod(path: Path, mode: number): this {
    chmodSync(this.fullPath(path), mode);
    return this;
  }

  remove(path: Path): this {
    rmSync(this.fullPath(path), { recursive: true });
    return this;
  }

  /** Puts paths into the index; without any, everything. */
  stage(...paths: readonly string[]): this {
    this.git(paths.length === 0 ? ["add", "-A"] : ["add", "-f", "--", ...paths]);
    return this;
  }

  /** Commits the whole working tree and returns the commit's id. */
  commit(message: Content = "Change things", options: CommitOptions = {}): string {
    this.stage();
    return this.commitIndex(message, options);
  }

  /** Commits what the index holds and returns the commit's id. */
  commitIndex(message: Content = "Change things", options: CommitOptions = {}): string {
    const env = {
      ...(options.author === undefined ? {} : { GIT_AUTHOR_NAME: options.author }),
      ...(options.committer === undefined ? {} : { GIT_COMMITTER_NAME: options.committer }),
      ...(options.email === undefined ? {} : { GIT_AUTHOR_EMAIL: options.email }),
      ...(options.date === undefined
        ? {}
        : { GIT_AUTHOR_DATE: `${options.date} +0000`, GIT_COMMITTER_DATE: `${options.date} +0000` }),
    };
    const flags = [
      "--allow-empty",
      "--allow-empty-message",
      "--cleanup=verbatim",
      ...(options.amend === true ? ["--amend"] : []),
    ];
    this.git(["commit", "-q", ...flags, "-F", "-"], { input: message, env });
    return this.id("HEAD");
  }

  /** Writes one file and commits it. */
  commitFile(path: Path, content: Content, message?: Content): string {
    return this.write(path, content).commit(message);
  }

  /** Commits a graph in one go; returns the id of each commit by its name. */
  graph(commits: readonly GraphCommit[], branches: Readonly<Record<string, string>>): Record<string, string> {
    return writeGraph(this, commits, branches);
  }

  id(revision: string): string {
    return this.git(["rev-parse", "--verify", revision]);
  }

  writeBlob(content: Content): string {
    return this.git(["hash-object", "-w", "--stdin"], { input: content });
  }

  /** Where a loose object's file is. */
  looseObject(objectId: string): string {
    return join(this.gitDir, "objects", objectId.slice(0, 2), objectId.slice(2));
  }

  /** Forgets everything that only reflogs remember, without deleting an object. */
  expireReflogs(): this {
    this.git(["reflog", "expire", "--expire=now", "--all"]);
    return this;
  }

  fullPath(path: Path): Buffer {
    return Buffer.concat([Buffer.from(`${this.dir}/`), Buffer.from(path)]);
  }
}
