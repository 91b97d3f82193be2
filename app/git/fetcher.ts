/** Brings objects of one remote repository into a clone, by id, and only those that are missing. */
import type { CloneDirectory } from "./clone-directory.ts";
import { TIP_REFS } from "./clone-directory.ts";
import { complaintOf, type GitComplaint, GitFailure } from "./failure.ts";
import { type GitEnd, runGit } from "./git-process.ts";
import type { Remote } from "./remote.ts";

const REMOTE_NAME = "keyrecall";

/** Contents from this size on come one by one, where a scan asks for them. */
const LARGE_CONTENT = "100m";

/**
 * `contents`: all that is new, contents included: for a clone that knows what came before. `commits`: no contents,
 * which come in a second list: for a first fetch of which only the end is wanted.
 */
export type FetchFilter = "contents" | "commits";

export interface FetcherOptions {
  readonly timeoutMs: number;
  /** What one fetch may bring. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Lost {
  /** Objects that the server does not have, or does not give. */
  readonly objects: readonly string[];
  /** Names that the server does not have. */
  readonly refs: readonly string[];
}

/** Thrown where git fails for a reason that is not the server's: the clone may be damaged. */
export class CloneDamagedError extends Error {
  override readonly name = "CloneDamagedError";
}

export class Fetcher {
  readonly #clone: CloneDirectory;
  readonly #remote: Remote;
  readonly #options: FetcherOptions;
  #credential: string | null = null;
  #hasCredential = false;
  #isRenewed = false;
  /** Nothing is left out on purpose: of a shallow server git can fetch in no other way. */
  #isWhole: boolean;

  constructor(clone: CloneDirectory, remote: Remote, options: FetcherOptions) {
    this.#clone = clone;
    this.#isWhole = clone.isShallow;
    this.#remote = remote;
    this.#options = options;
  }

  /**
   * Fetches commits or tags, and keeps each under a ref of its id.
   *
   * @throws {GitFailure | CloneDamagedError}
   */
  async fetchTips(objectIds: readonly string[], filter: FetchFilter): Promise<Lost> {
    return this.#fetchAvailable(
      objectIds.map((id) => ({ id, ref: null, spec: `${id}:${TIP_REFS}/${id}` })),
      this.#historyOptions(filter),
    );
  }

  /** Fetches names; each arrives under the ref that stands beside it. */
  async fetchRefs(refs: ReadonlyMap<string, string>, filter: FetchFilter): Promise<Lost> {
    return this.#fetchAvailable(
      [...refs].map(([ref, target]) => ({ id: null, ref, spec: `+${ref}:${target}` })),
      this.#historyOptions(filter),
    );
  }

  #historyOptions(filter: FetchFilter): string[] {
    if (this.#isWhole) return ["--update-shallow"];
    return [filter === "contents" ? `--filter=blob:limit=${LARGE_CONTENT}` : "--filter=blob:none", "--update-shallow"];
  }

  /** Fetches contents that are missing, in one list. */
  async fetchContents(objectIds: readonly string[]): Promise<Lost> {
    return this.#fetchAvailable(
      objectIds.map((id) => ({ id, ref: null, spec: id })),
      this.#isWhole ? ["--update-shallow"] : ["--filter=blob:none"],
      // Nothing has to be found out about what both sides have.
      [["fetch.negotiationAlgorithm", "noop"]],
    );
  }

  /** One name or object that the server lacks makes it refuse them all: it is taken out, and the others asked for again. */
  async #fetchAvailable(
    wanted: readonly Wanted[],
    options: readonly string[],
    configuration: readonly (readonly [string, string])[] = [],
  ): Promise<Lost> {
    const objects: string[] = [];
    const refs: string[] = [];
    let open = [...wanted];
    while (open.length > 0) {
      const complaint = await this.#fetch(
        open.map(({ spec }) => spec),
        options,
        configuration,
      );
      if (complaint === null) break;
      const rest = open.filter(
        ({ id, ref }) =>
          !(complaint.kind === "object-gone" && id === complaint.objectId) &&
          !(complaint.kind === "ref-gone" && ref === complaint.ref),
      );
      if (rest.length === open.length) throw new CloneDamagedError(`git misses what was not asked for`);
      if (complaint.kind === "object-gone") objects.push(complaint.objectId);
      else refs.push(complaint.ref);
      open = rest;
    }
    return { objects, refs };
  }

  /** @returns what the server lacks, or null where everything has arrived */
  async #fetch(
    specs: readonly string[],
    options: readonly string[],
    configuration: readonly (readonly [string, string])[],
  ): Promise<(GitComplaint & { kind: "object-gone" | "ref-gone" }) | null> {
    const end = await this.#ask(
      [
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-write-fetch-head",
        "--no-recurse-submodules",
        "--no-auto-maintenance",
        "--no-show-forced-updates",
        ...options,
        "--stdin",
        REMOTE_NAME,
      ],
      specs.map((spec) => `${spec}\n`).join(""),
      configuration,
    );
    return end.complaint;
  }

  /** All refs that the server has, without what tags point to. @throws {GitFailure | CloneDamagedError} */
  async listRefs(): Promise<{ readonly name: string; readonly id: string }[]> {
    const { output } = await this.#ask(["ls-remote", "--quiet", "--refs", REMOTE_NAME], "", []);
    return output
      .toString("utf8")
      .split("\n")
      .flatMap((line) => {
        const [, id, name] = /^([0-9a-f]{40}|[0-9a-f]{64})\t(refs\/.+)$/s.exec(line) ?? [];
        return id === undefined || name === undefined ? [] : [{ name, id }];
      });
  }

  async #ask(
    args: readonly string[],
    input: string,
    configuration: readonly (readonly [string, string])[],
  ): Promise<{
    readonly output: Buffer;
    readonly complaint: (GitComplaint & { kind: "object-gone" | "ref-gone" }) | null;
  }> {
    for (;;) {
      const end = await runGit({
        args,
        directory: this.#clone.path,
        input,
        configuration: [...(await this.#remoteConfiguration()), ...configuration],
        timeoutMs: this.#options.timeoutMs,
        signal: this.#options.signal,
        isOverBudget: () => this.#clone.arrivingBytes > this.#options.maxBytes,
      });
      if (end.status === 0) return { output: end.output, complaint: null };
      const complaint = this.#judge(end);
      if (complaint !== "renew") return { output: end.output, complaint };
    }
  }

  #judge(end: GitEnd): (GitComplaint & { kind: "object-gone" | "ref-gone" }) | "renew" {
    const { host } = new URL(this.#remote.url);
    if (end.stopped === "timed-out") {
      const seconds = Math.round(this.#options.timeoutMs / 1000);
      throw new GitFailure("timed-out", `The fetch from ${host} was not done after ${seconds} s.`);
    }
    if (end.stopped === "runaway" && !this.#isWhole) {
      this.#isWhole = true;
      throw new CloneDamagedError("the server is shallow, and the clone is partial");
    }
    if (end.stopped === "over-budget") {
      const mib = Math.round(this.#options.maxBytes / 1024 / 1024);
      throw new GitFailure("too-large", `The fetch from ${host} brought more than ${mib} MiB.`);
    }
    const complaint = complaintOf(end.errorText);
    const lastLine = end.errorText.trim().split("\n").at(-1) ?? "";
    switch (complaint.kind) {
      case "object-gone":
      case "ref-gone":
        return complaint;
      case "unauthorized":
        if (!this.#isRenewed) {
          this.#isRenewed = true;
          this.#hasCredential = false;
          return "renew";
        }
        throw new GitFailure("unauthorized", `${host} refuses the App's credential, also a fresh one.`);
      case "not-found":
        throw new GitFailure("not-found", `${host} has no such repository, or does not show it to the App.`);
      case "disk-full":
        throw new GitFailure("too-large", `The disk of the App has no room for what ${host} sends.`);
      case "timed-out":
        throw new GitFailure("timed-out", `${host} was too slow: ${lastLine}`);
      case "server-error":
        throw new GitFailure("server-error", `${host} could not serve the repository: ${lastLine}`);
      case "unknown":
        throw new CloneDamagedError(lastLine === "" ? `git ended with ${end.status}` : lastLine);
    }
  }

  async #remoteConfiguration(): Promise<[string, string][]> {
    const { url } = this.#remote;
    if (!this.#hasCredential) {
      this.#credential = await this.#remote.credential(this.#isRenewed);
      this.#hasCredential = true;
    }
    const { origin, protocol } = new URL(url);
    return [
      [`remote.${REMOTE_NAME}.url`, url],
      // Deltas come against contents that are known to the other side to be here; those that are not, git fetches as well.
      ...(this.#isWhole
        ? []
        : ([
            [`remote.${REMOTE_NAME}.promisor`, "true"],
            [`remote.${REMOTE_NAME}.partialclonefilter`, "blob:none"],
          ] as [string, string][])),
      ...(protocol === "http:" ? ([["protocol.http.allow", "always"]] as [string, string][]) : []),
      ...(this.#credential === null
        ? []
        : ([
            [
              `http.${origin}/.extraHeader`,
              `Authorization: Basic ${Buffer.from(`x-access-token:${this.#credential}`).toString("base64")}`,
            ],
          ] as [string, string][])),
    ];
  }
}

interface Wanted {
  readonly id: string | null;
  readonly ref: string | null;
  readonly spec: string;
}
