/**
 * The clones that the App keeps, so that a push costs what it brings and not what was there before. One for each
 * repository, used by one at a time; those that were not used for the longest time go when the disk budget is used up.
 */
import { mkdirSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { messageOf } from "keyrecall";
import { CloneDirectory, removeAll } from "./clone-directory.ts";
import { CloneLocks } from "./clone-lock.ts";
import { Clone } from "./clone.ts";
import { type Remote, requireRemote } from "./remote.ts";

export interface RepositoryCacheOptions {
  /** May be shared by several processes, also on several hosts. */
  readonly directory: string;
  /** What all clones together may take on disk. */
  readonly maxBytes: number;
  /** The origin of all clone URLs: credentials go nowhere else. */
  readonly serverUrl: string;
  /** For one run of git. */
  readonly gitTimeoutMs?: number;
  /** What one fetch may bring. */
  readonly maxFetchBytes?: number;
  /** A repository up to this size is fetched in one go, contents included. */
  readonly smallRepositoryBytes?: number;
  /** Told what goes wrong beside the work that was asked for, such as taking old clones away. */
  readonly onProblem?: (message: string) => void;
}

const MIB = 1024 * 1024;
const DEFAULTS = {
  gitTimeoutMs: 10 * 60_000,
  maxFetchBytes: 4096 * MIB,
  smallRepositoryBytes: 16 * MIB,
  onProblem: () => {},
};

/** How long the sum of all sizes is believed: other processes change it too. */
const SUM_IS_FRESH_MS = 30_000;
/** What is being made or taken away is not that old, unless its process was killed. */
const SCRATCH_IS_LEFT_BEHIND_MS = 60 * 60_000;

export class RepositoryCache {
  readonly #options: Required<RepositoryCacheOptions>;
  readonly #clones: string;
  readonly #scratch: string;
  readonly #locks: CloneLocks;
  #sumBytes = 0;
  #summedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: RepositoryCacheOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#clones = path.join(options.directory, "clones");
    this.#scratch = path.join(options.directory, "scratch");
    mkdirSync(this.#clones, { recursive: true, mode: 0o700 });
    mkdirSync(this.#scratch, { recursive: true, mode: 0o700 });
    this.#locks = new CloneLocks(path.join(options.directory, "locks"));
    this.#clearScratch();
  }

  /**
   * Gives the work the repository's clone for itself, and waits until nobody else has it.
   *
   * @throws what the work throws, the signal's reason, and an error where the URL is not on the App's server
   */
  async withClone<Result>(
    remote: Remote,
    work: (clone: Clone) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    requireRemote(remote, this.#options.serverUrl);
    const name = remote.isWiki === true ? wikiName(remote.id) : String(remote.id);
    const release = await this.#locks.acquire(name, signal);
    const directory = this.#directoryOf(name);
    const before = directory.lastUse()?.bytes ?? 0;
    try {
      return await work(
        new Clone(directory, remote, {
          timeoutMs: this.#options.gitTimeoutMs,
          maxBytes: this.maxCloneBytes,
          smallRepositoryBytes: this.#options.smallRepositoryBytes,
          signal,
        }),
      );
    } finally {
      try {
        directory.noteUse();
        this.#sumBytes += (directory.lastUse()?.bytes ?? 0) - before;
      } catch (error) {
        this.#options.onProblem(`the use of a clone cannot be noted: ${messageOf(error)}`);
      }
      release();
      this.#makeRoom();
    }
  }

  /** The largest clone that is made. */
  get maxCloneBytes(): number {
    return Math.min(this.#options.maxFetchBytes, this.#options.maxBytes);
  }

  /** Takes old clones away, so that one of this size finds room within the budget. */
  makeRoomFor(bytes: number): void {
    this.#makeRoom(bytes);
  }

  /** Takes away the clones of a repository and of its wiki, as when it is gone. Waits until nobody uses them. */
  async forget(repositoryId: number, signal?: AbortSignal): Promise<void> {
    for (const name of [String(repositoryId), wikiName(repositoryId)]) {
      const release = await this.#locks.acquire(name, signal);
      try {
        this.#directoryOf(name).discard();
      } finally {
        release();
      }
    }
  }

  /** Of which there are clones here. */
  repositoryIds(): number[] {
    return readdirSync(this.#clones)
      .map((file) => Number(/^(\d+)\.git$/.exec(file)?.[1]))
      .filter((id) => Number.isSafeInteger(id) && id > 0);
  }

  #directoryOf(name: string): CloneDirectory {
    return new CloneDirectory(path.join(this.#clones, `${name}.git`), this.#scratch);
  }

  /** The work is done by then: that old clones cannot be taken away does not undo it. */
  #makeRoom(bytes = 0): void {
    try {
      this.#evict(bytes);
    } catch (error) {
      this.#summedAtMs = Number.NEGATIVE_INFINITY;
      this.#options.onProblem(`old clones cannot be taken away: ${messageOf(error)}`);
    }
  }

  #evict(wantedBytes: number): void {
    const isFresh = performance.now() - this.#summedAtMs < SUM_IS_FRESH_MS;
    const maxBytes = Math.max(0, this.#options.maxBytes - wantedBytes);
    if (isFresh && this.#sumBytes <= maxBytes) return;
    const clones = readdirSync(this.#clones)
      .filter((name) => name.endsWith(".git"))
      .map((file) => file.slice(0, -".git".length))
      .map((name) => ({ name, use: this.#directoryOf(name).lastUse() ?? { timeMs: 0, bytes: 0 } }))
      .toSorted((a, b) => a.use.timeMs - b.use.timeMs);
    this.#sumBytes = clones.reduce((sum, { use }) => sum + use.bytes, 0);
    this.#summedAtMs = performance.now();
    for (const { name, use } of clones) {
      if (this.#sumBytes <= maxBytes) return;
      // Whoever has it will look again when it is done.
      const release = this.#locks.tryAcquire(name);
      if (release === null) continue;
      try {
        this.#directoryOf(name).discard();
        this.#sumBytes -= use.bytes;
      } finally {
        release();
      }
    }
  }

  #clearScratch(): void {
    for (const name of readdirSync(this.#scratch)) {
      const file = path.join(this.#scratch, name);
      const changedMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - changedMs > SCRATCH_IS_LEFT_BEHIND_MS) removeAll(file);
    }
  }
}

function wikiName(repositoryId: number): string {
  return `${repositoryId}.wiki`;
}
