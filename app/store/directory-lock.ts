/**
 * One process at a time in a data directory. PGlite has no lock of its own: of two processes that open one directory,
 * one loses what it wrote without a word.
 */
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { SettingsError } from "../settings-error.ts";

/** How often whoever has it shows that it lives, and after how long without that a holder elsewhere counts as gone. */
const SIGN_MS = 10_000;
const GONE_AFTER_MS = 60_000;

/** @returns what gives the directory free. @throws {SettingsError} where another process has it */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = path.join(directory, "lock");
  const mine = path.join(directory, `lock.${process.pid}`);
  const descriptor = openSync(mine, "w", 0o600);
  writeSync(descriptor, JSON.stringify({ pid: process.pid, host: hostname(), started: startOf(process.pid) }));
  closeSync(descriptor);
  try {
    // A link appears whole or not at all: nobody can read a lock that is half written.
    if (tryLink(mine, file)) return keep(file);
    const holder = readHolder(file);
    if (holder !== null && isAlive(holder, file)) {
      const elsewhere = holder.host === hostname() ? "" : "; if it is gone, wait a minute";
      throw new SettingsError(
        `${directory} is in use by process ${holder.pid} on ${holder.host}`,
        `end that process${elsewhere}, name another DATA_DIRECTORY, or use PostgreSQL (DATABASE_URL) for more than one process`,
      );
    }
    if (takeAway(file, holder) && tryLink(mine, file)) return keep(file);
    throw new SettingsError(`${directory} was taken by another process just now`, "start only one");
  } finally {
    rmSync(mine, { force: true });
  }
}

/** A process of another host or container cannot be looked for, so it shows that it lives. */
function keep(file: string): () => void {
  const signs = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // The directory went away, and what is wrong with that shows elsewhere.
    }
  }, SIGN_MS);
  signs.unref();
  return () => {
    clearInterval(signs);
    rmSync(file, { force: true });
  };
}

/** @returns false where it is another's by now: two that find one lock left behind do not both get it */
function takeAway(file: string, left: Holder | null): boolean {
  const aside = `${file}.${process.pid}.left`;
  try {
    renameSync(file, aside);
  } catch {
    return true;
  }
  try {
    if (JSON.stringify(readHolder(aside)) === JSON.stringify(left)) return true;
    tryLink(aside, file);
    return false;
  } finally {
    rmSync(aside, { force: true });
  }
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly started: string | null;
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function readHolder(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    return null;
  }
}

function isAlive({ pid, host, started }: Holder, file: string): boolean {
  if (host !== hostname()) {
    const shownMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return Date.now() - shownMs < GONE_AFTER_MS;
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  // The number can be another process's by now, as in a container that is started again.
  return pid !== process.pid && (started === null || started === startOf(pid));
}

/** When a process started, in the kernel's own count; null where that cannot be read. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
