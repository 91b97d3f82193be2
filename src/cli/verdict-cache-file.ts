/** Verdicts between two runs: a file of the user's own, with fingerprints and no token. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { homeDirectory } from "../config/load.ts";
import { readOwnFile, replaceOwnFile } from "../git/own-file.ts";
import { type CachedVerdict, isWorthKeeping, type LastLive, type VerdictCache } from "../verify/verdict-cache.ts";

const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** Not below XDG_CACHE_HOME: what sets the environment must not bring verdicts of its own. */
export function defaultCacheFile(): string | null {
  const home = homeDirectory();
  return home === null ? null : path.join(home, ".cache", "keyrecall", "verdicts.json");
}

export class VerdictCacheFile implements VerdictCache {
  readonly #file: string;
  readonly #entries: Map<string, CachedVerdict>;
  readonly #changed = new Set<string>();

  constructor(file: string) {
    this.#file = file;
    this.#entries = readEntries(file);
  }

  get(api: string, fingerprint: string): CachedVerdict | null {
    return this.#entries.get(`${api} ${fingerprint}`) ?? null;
  }

  set(api: string, fingerprint: string, verdict: CachedVerdict): void {
    const key = `${api} ${fingerprint}`;
    this.#entries.set(key, verdict);
    this.#changed.add(key);
  }

  /** Writes what still holds. That this fails costs a question the next time, and nothing else. */
  save(): void {
    if (this.#changed.size === 0) return;
    // Another run may have written meanwhile; what it saw live is worth as much.
    const all = readEntries(this.#file);
    for (const key of this.#changed) all.set(key, this.#entries.get(key)!);
    const now = Date.now();
    const verdicts = [...all].filter(([, verdict]) => isWorthKeeping(verdict, now));
    const text = JSON.stringify({ schema: 1, verdicts: Object.fromEntries(verdicts) });
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      replaceOwnFile(this.#file, text);
    } catch {
      // A read-only home directory is no reason to fail.
    }
    this.#changed.clear();
  }
}

function readEntries(file: string): Map<string, CachedVerdict> {
  const entries = new Map<string, CachedVerdict>();
  try {
    // One that others may write could say that a live token is dead.
    const text = readOwnFile(file, MAX_FILE_BYTES).toString("utf8");
    const { schema, verdicts } = JSON.parse(text) as { schema: unknown; verdicts: object };
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
  return { state, reason, checkedAt, lastLive: readLastLive((lastLive ?? {}) as Record<string, unknown>) };
}

function readLastLive({ route, at, control }: Record<string, unknown>): LastLive | null {
  if (typeof route !== "string" || typeof at !== "string" || typeof control !== "string") return null;
  return { route, at, control };
}
