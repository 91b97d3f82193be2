/**
 * A bare repository of our own that objects are fetched into: the only place where git may reach the network. No
 * checkout is written to, none is believed, and credentials stand in the environment only, never in an argument or a file.
 */
import { mkdirSync, mkdtempSync } from "node:fs";
import path from "node:path";
import { KeyrecallError } from "../core/errors.ts";
import { sleep } from "../core/sleep.ts";
import { errorLines, type GitContext, type GitResult, runGit } from "./process.ts";
import { openRepository, type Repository, WITHOUT_CALLERS_REPOSITORY } from "./repository.ts";

export interface Remote {
  /** https; plain http is for this machine. */
  readonly url: URL;
  /** Null where there is none: public repositories can be fetched without. */
  readonly token: string | null;
}

/** What the server leaves out. `tree:0`: trees and blobs; `blob:none`: blobs. */
type Filter = "tree:0" | "blob:none";

export interface FetchOptions {
  readonly filter?: Filter;
  /** Do not tell the server what is here: it takes a commit for all that the commit reaches. */
  readonly withoutNegotiation?: boolean;
  /** So many commits from each tip on. */
  readonly depth?: number;
  /** Take refs too whose history the server does not have to its end; git passes them over without a word. */
  readonly takesShallow?: boolean;
}

const REMOTE = "origin";

/** Waits before a fetch is tried again. */
const RETRY_AFTER_MS = [1000, 4000];

const PASSING_TROUBLE =
  /HTTP (?:429|5\d\d)|error: (?:429|5\d\d)|timed out|timeout|early EOF|RPC failed|Could not resolve host|Connection reset|unexpected disconnect|hung up unexpectedly/i;
const REFUSED =
  /Authentication failed|could not read (?:Username|Password)|terminal prompts disabled|HTTP 40[13]|error: 40[13]/i;
const NOT_FOUND = /repository .* not found|error: 404/i;
const NO_FILTER = "filtering not recognized by server";
/** A server can allow some filters and not others. Source: git-config, uploadpackfilter. */
const FILTER_REFUSED = /filter '.*' not supported/;

export class ScratchRepository {
  readonly directory: string;
  /** The server has left nothing out although it was asked to. */
  hasEverything = false;
  readonly #remote: Remote;
  readonly #signal: AbortSignal | undefined;

  private constructor(directory: string, remote: Remote, signal: AbortSignal | undefined) {
    this.directory = directory;
    this.#remote = remote;
    this.#signal = signal;
  }

  /** @param parent a directory of ours */
  static async create(
    parent: string,
    remote: Remote,
    objectIdLength: number,
    signal?: AbortSignal,
  ): Promise<ScratchRepository> {
    const directory = mkdtempSync(path.join(parent, "fetched-"));
    mkdirSync(path.join(directory, "home"));
    const scratch = new ScratchRepository(path.join(directory, "objects.git"), remote, signal);
    const format = objectIdLength === 64 ? ["--object-format=sha256"] : [];
    const at = { directory, signal, environment: { ...scratch.#environment(), GIT_DIR: undefined } };
    const created = await runGit(at, ["init", "--quiet", "--bare", "--template=", ...format, scratch.directory]);
    requireDone(created, "cannot make a repository to fetch into");
    requireDone(await scratch.#run(["config", `remote.${REMOTE}.url`, remote.url.href]), "cannot configure it");
    return scratch;
  }

  /** For commands that read: without the network. */
  get local(): GitContext {
    return { directory: this.directory, signal: this.#signal, environment: this.#environment() };
  }

  /**
   * @param wants names of objects, or of refs as `refs/…`, each with `:refs/…` behind it where it is to be kept
   * @returns why the server did not give them, or null
   * @throws {KeyrecallError} where the server cannot be asked at all
   */
  async fetch(wants: readonly string[], options: FetchOptions = {}): Promise<string | null> {
    const { filter, depth, takesShallow } = options;
    const args = [
      ...(options.withoutNegotiation ? ["-c", "fetch.negotiationAlgorithm=noop"] : []),
      "fetch",
      "--quiet",
      "--no-tags",
      "--no-write-fetch-head",
      "--no-recurse-submodules",
      "--update-head-ok",
      // One that was asked for before stands in the configuration.
      ...(filter === undefined ? (this.hasEverything ? ["--no-filter"] : []) : [`--filter=${filter}`]),
      ...(depth === undefined ? [] : [`--depth=${depth}`]),
      ...(takesShallow ? ["--update-shallow"] : []),
      "--stdin",
      REMOTE,
    ];
    const result = await this.#ask(
      args,
      wants.map((want) => `${want}\n`),
    );
    if (filter !== undefined && result.status !== 0 && FILTER_REFUSED.test(result.errorText)) {
      const { filter: _, ...rest } = options;
      this.hasEverything = true;
      return this.fetch(wants, rest);
    }
    this.hasEverything ||= result.errorText.includes(NO_FILTER);
    return result.status === 0 ? null : reasonOf(result);
  }

  /** What the ref names on the server, or null where it has no such ref. @throws {KeyrecallError} */
  async lookUpRef(ref: string): Promise<string | null> {
    const result = await this.#ask(["ls-remote", "--quiet", "--refs", REMOTE, ref]);
    if (result.status !== 0) throw unreachable(this.#remote, reasonOf(result));
    // The pattern matches ends of names too.
    const line = result.output
      .toString("utf8")
      .split("\n")
      .find((one) => one.endsWith(`\t${ref}`));
    return line?.split("\t")[0] ?? null;
  }

  /** @throws {KeyrecallError} */
  async open(): Promise<Repository> {
    const { directory, signal, environment } = this.local;
    const repository = await openRepository(directory, signal, environment);
    if (repository === null) throw new KeyrecallError("not-a-repository", `not a git repository: ${directory}`);
    return repository;
  }

  /** The commit that a name stands for, or null. */
  async commitOf(name: string): Promise<string | null> {
    const { status, output } = await this.#run(["rev-parse", "--verify", "--quiet", `${name}^{commit}`]);
    return status === 0 ? output.toString("latin1").trim() : null;
  }

  async has(objectId: string): Promise<boolean> {
    return (await this.#run(["cat-file", "-e", objectId])).status === 0;
  }

  async hasRefs(): Promise<boolean> {
    return (await this.#run(["for-each-ref", "--count=1"])).output.length > 0;
  }

  /** @returns whether git takes the name */
  async setRef(ref: string, objectId: string): Promise<boolean> {
    return (await this.#run(["update-ref", ref, objectId])).status === 0;
  }

  /** A commit without files and without a history: to it, all commits are new. */
  async makeEmptyCommit(): Promise<string> {
    const tree = await this.#run(["hash-object", "-t", "tree", "-w", "--stdin"], []);
    requireDone(tree, "cannot write a tree");
    const who = { NAME: "keyrecall", EMAIL: "keyrecall@localhost", DATE: "@0 +0000" };
    const identity = Object.fromEntries(
      ["AUTHOR", "COMMITTER"].flatMap((role) =>
        Object.entries(who).map(([name, value]) => [`GIT_${role}_${name}`, value]),
      ),
    );
    const at = { ...this.local, environment: { ...this.local.environment, ...identity } };
    const commit = await runGit(at, ["commit-tree", tree.output.toString("latin1").trim()], []);
    requireDone(commit, "cannot write a commit");
    return commit.output.toString("latin1").trim();
  }

  #run(args: readonly string[], input?: Iterable<string>): ReturnType<typeof runGit> {
    return runGit(this.local, args, input);
  }

  /** Asks the server, again where its trouble may pass. @throws {KeyrecallError} where it refuses */
  async #ask(args: readonly string[], input?: readonly string[]): ReturnType<typeof runGit> {
    const environment = { ...this.#environment(), ...networkEnvironment(this.#remote) };
    const at = { ...this.local, environment, reachesNetwork: true };
    for (let attempt = 0; ; attempt++) {
      const result = await runGit(at, args, input);
      if (result.status === 0) return result;
      if (REFUSED.test(result.errorText)) throw refused(this.#remote, reasonOf(result));
      if (NOT_FOUND.test(result.errorText)) throw unreachable(this.#remote, reasonOf(result));
      const wait = RETRY_AFTER_MS[attempt];
      if (!PASSING_TROUBLE.test(result.errorText)) return result;
      if (wait === undefined) throw unreachable(this.#remote, reasonOf(result));
      await sleep(wait, this.#signal);
    }
  }

  #environment(): Record<string, string | undefined> {
    return {
      ...WITHOUT_CALLERS_REPOSITORY,
      GIT_DIR: this.directory,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_PARAMETERS: undefined,
      GIT_CONFIG_COUNT: undefined,
      // curl reads credentials from a file there.
      HOME: path.join(path.dirname(this.directory), "home"),
      XDG_CONFIG_HOME: undefined,
    };
  }
}

/** Configuration by the environment: arguments can be read by every user of the machine, files outlive the process. */
function networkEnvironment({ url, token }: Remote): Record<string, string | undefined> {
  const settings: [string, string][] = [
    ["http.followRedirects", "false"],
    ["http.sslVerify", "true"],
    ["http.lowSpeedLimit", "1000"],
    ["http.lowSpeedTime", "60"],
    ["protocol.version", "2"],
    ["protocol.allow", "never"],
    [`protocol.${url.protocol.replace(":", "")}.allow`, "always"],
    ["credential.helper", ""],
    ["maintenance.auto", "false"],
    ["fetch.writeCommitGraph", "false"],
    ["transfer.bundleURI", "false"],
    // A history that was pushed once has to be readable, however it was written.
    ["transfer.fsckObjects", "false"],
    ["fetch.fsckObjects", "false"],
  ];
  if (token !== null) {
    const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
    settings.push([`http.${url.origin}/.extraHeader`, `AUTHORIZATION: basic ${basic}`]);
  }
  return {
    GIT_ALLOW_PROTOCOL: url.protocol.replace(":", ""),
    GIT_ASKPASS: "",
    SSH_ASKPASS: undefined,
    // A server of one's own can have a certificate authority of one's own.
    GIT_SSL_CAINFO: process.env["GIT_SSL_CAINFO"],
    GIT_SSL_CAPATH: process.env["GIT_SSL_CAPATH"],
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([name, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, name],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

function reasonOf({ status, errorText }: GitResult): string {
  return errorLines(errorText).join("; ") || `git ended with ${status}`;
}

function requireDone(result: GitResult, what: string): void {
  if (result.status !== 0) throw new KeyrecallError("fetch-failed", `${what}: ${reasonOf(result)}`);
}

function refused({ url, token }: Remote, why: string): KeyrecallError {
  return new KeyrecallError("fetch-failed", `${url.href} refuses to be fetched from: ${why}`, {
    hint:
      token === null
        ? "give a token that may read the repository"
        : "the token has to be allowed to read the repository's contents",
  });
}

function unreachable({ url }: Remote, why: string): KeyrecallError {
  return new KeyrecallError("fetch-failed", `${url.href} cannot be fetched from: ${why}`, {
    hint: "check the address, the network and what the token may read",
  });
}
