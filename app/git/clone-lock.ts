/**
 * One user at a time for each clone, between the workers of a process and between processes, on one host or several that
 * share a directory. A process that is killed leaves its lock behind: on this host that shows at once, on another when
 * the lock is no longer touched.
 */
import { randomBytes } from "node:crypto";
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { systemCodeOf } from "keyrecall";

interface Owner {
  readonly host: string;
  readonly pid: number;
  /** When the process began, in the system's own counting: numbers of processes are used again. */
  readonly began: string;
  readonly nonce: string;
}

const TOUCH_EVERY_MS = 10_000;
const FOREIGN_STALE_AFTER_MS = 120_000;
/** Breaking a lock takes a moment; whoever takes longer was killed in it. */
const BREAKING_STALE_AFTER_MS = 10_000;
const POLL_MS = 25;
/** What {@link createWhole} leaves where it is killed. */
const DRAFT = /\.lock(\.breaking)?\.\d+\.[0-9a-f]{12}$/;

export type Release = () => void;

export class CloneLocks {
  readonly #directory: string;
  readonly #waiting = new Map<string, Promise<void>>();

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
    for (const name of readdirSync(directory)) {
      const file = path.join(directory, name);
      if (DRAFT.test(name) && ageOf(file) > FOREIGN_STALE_AFTER_MS) unlinkIfThere(file);
    }
  }

  /** Waits for its turn. */
  async acquire(name: string, signal?: AbortSignal): Promise<Release> {
    const before = this.#waiting.get(name) ?? Promise.resolve();
    let leave = (): void => {};
    const turn = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const queue = before.then(() => turn);
    this.#waiting.set(name, queue);
    const leaveQueue = (): void => {
      leave();
      if (this.#waiting.get(name) === queue) this.#waiting.delete(name);
    };
    try {
      await untilAborted(before, signal);
      for (;;) {
        signal?.throwIfAborted();
        const release = this.#take(name);
        if (release !== null) {
          return () => {
            release();
            leaveQueue();
          };
        }
        await delay(POLL_MS + Math.random() * POLL_MS);
      }
    } catch (error) {
      leaveQueue();
      throw error;
    }
  }

  /** @returns null where somebody has it */
  tryAcquire(name: string): Release | null {
    return this.#waiting.has(name) ? null : this.#take(name);
  }

  #take(name: string): Release | null {
    const file = path.join(this.#directory, `${name}.lock`);
    const text = JSON.stringify({ ...SELF, nonce: randomBytes(8).toString("hex") } satisfies Owner);
    if (!createWhole(file, text)) {
      if (!isStale(file) || !this.#breakStale(file) || !createWhole(file, text)) return null;
    }
    const touch = setInterval(() => touchIfThere(file), TOUCH_EVERY_MS).unref();
    return () => {
      clearInterval(touch);
      // Where it was held to be left behind, it is another's now.
      if (readIfThere(file) === text) unlinkIfThere(file);
    };
  }

  /** Only one at a time may break a lock: a second one would break the lock of the first. */
  #breakStale(file: string): boolean {
    const guard = `${file}.breaking`;
    if (!createWhole(guard, "")) {
      if (ageOf(guard) > BREAKING_STALE_AFTER_MS) unlinkIfThere(guard);
      return false;
    }
    try {
      if (isStale(file)) unlinkIfThere(file);
      return true;
    } finally {
      unlinkIfThere(guard);
    }
  }
}

async function untilAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** A file that appears with all of its content, or not because it is there already. */
function createWhole(file: string, text: string): boolean {
  const draft = `${file}.${process.pid}.${randomBytes(6).toString("hex")}`;
  writeFileSync(draft, text);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    unlinkIfThere(draft);
  }
}

function isStale(file: string): boolean {
  const text = readIfThere(file);
  if (text === null) return false;
  const owner = parseOwner(text);
  if (owner === null) return ageOf(file) > BREAKING_STALE_AFTER_MS;
  if (owner.host !== SELF.host) return ageOf(file) > FOREIGN_STALE_AFTER_MS;
  return beginOf(owner.pid) !== owner.began;
}

function parseOwner(text: string): Owner | null {
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return null;
  }
}

/** Containers count processes by themselves, and can share the name of their host. */
function hostIdentity(): string {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

/** Source: proc_pid_stat(5), fields 3 and 22; the name before them can hold anything, and ends at the last parenthesis. */
function beginOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? "ended" : (fields[19] ?? "");
  } catch {
    return isRunning(pid) ? "running" : "ended";
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === "EPERM";
  }
}

const SELF = { host: hostIdentity(), pid: process.pid, began: beginOf(process.pid) };

function ageOf(file: string): number {
  const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
  return Date.now() - mtimeMs;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return null;
    throw error;
  }
}

function touchIfThere(file: string): void {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // It was broken by another, who notices nothing of this one; whoever holds a lock looks at it when it lets go.
  }
}

function unlinkIfThere(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if (systemCodeOf(error) !== "ENOENT") throw error;
  }
}
