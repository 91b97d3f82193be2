/** Verdicts between two runs: a file of the user's own, with fingerprints and no token. */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { homeDirectory } from "../config/load.ts";
import { type CachedVerdict, isWorthKeeping, type VerdictCache } from "../verify/verdict-cache.ts";

const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** Not below XDG_CACHE_HOME: what sets the environment must not bring verdicts of its own. */
export function defaultCacheFile(): string | null {
  const home = homeDirectory();
  return home === null ? null : path.join(home, ".cache", "keyrecall", "verdicts.json");
}

export class VerdictCacheFile implements VerdictCache {
  readonly #file: string;
  readonly #entries: Map<string, CachedVerdict>;
  #isChanged = false;

  constructor(file: string) {
    this.#file = file;
    this.#entries = readEntries(file);
  }

  get(api: string, fingerprint: string): CachedVerdict | null {
    return this.#entries.get(`${api} ${fingerprint}`) ?? null;
  }

  set(api: string, fingerprint: string, verdict: CachedVerdict): void {
    this.#entries.set(`${api} ${fingerprint}`, verdict);
    this.#isChanged = true;
  }

  /** Writes what still holds. That this fails costs a question the next time, and nothing else. */
  save(): void {
    if (!this.#isChanged) return;
    const now = Date.now();
    const verdicts = [...this.#entries].filter(([, verdict]) => isWorthKeeping(verdict, now));
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      const temporary = `${this.#file}.${process.pid}`;
      writeFileSync(temporary, JSON.stringify({ schema: 1, verdicts: Object.fromEntries(verdicts) }), { mode: 0o600 });
      renameSync(temporary, this.#file);
    } catch {
      // A read-only home directory is no reason to fail.
    }
  }
}

function readEntries(file: string): Map<string, CachedVerdict> {
  const entries = new Map<string, CachedVerdict>();
  try {
    const stat = statSync(file);
    // A file that others may write could say that a live token is dead.
    const isOwn = process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0);
    if (!isOwn || stat.size > MAX_FILE_BYTES) return entries;
    const { schema, verdicts } = JSON.parse(readFileSync(file, "utf8")) as { schema: unknown; verdicts: object };
    if (schema !== 1) return entries;
    for (const [key, value] of Object.entries(verdicts)) {
      const verdict = readVerdict(value as Record<string, unknown>);
      if (verdict !== null) entries.set(key, verdict);
    }
  } catch {
    // No file yet, or none that can be used: every token is asked about.
  }
  return entries;
}

function readVerdict({ state, reason, checkedAt, lastLive }: Record<string, unknown>): CachedVerdict | null {
  if (state !== "live" && state !== "revoked") return null;
  if (typeof reason !== "string" || typeof checkedAt !== "string") return null;
  const { route, at } = (lastLive ?? {}) as Record<string, unknown>;
  const evidence = typeof route === "string" && typeof at === "string" ? { route, at } : null;
  return { state, reason, checkedAt, lastLive: evidence };
}
